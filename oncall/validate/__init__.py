"""Is this inventory right? All rules, in one explicit tuple; each is a function from a `Context` to its faults.

`validate` collects every fault at once. `error` always stops; `reason` stops unless the inventory accepts it, and then
becomes a notice saying why; `notice` is only told, and vanishes when accepted.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime

from oncall.errors import Finding
from oncall.model import Inventory
from oncall.validate import (
    coverage,
    dates,
    escalation,
    exceptions,
    extras,
    formerly,
    holidays,
    leave,
    leaving,
    limits,
    people,
    references,
    schedules,
    servers,
    steps,
    tiers,
    twice,
)
from oncall.validate.accept import ACCEPT_RULES, settle
from oncall.validate.base import Context, Rule

Audit = Callable[[Inventory, datetime], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    *references.RULES,
    *formerly.RULES,
    *people.RULES,
    *schedules.RULES,
    *dates.RULES,
    *escalation.RULES,
    *tiers.RULES,
    *servers.RULES,
    *extras.RULES,
    *leaving.RULES,
    *coverage.RULES,
    *steps.RULES,
    *leave.RULES,
    *twice.RULES,
    *limits.RULES,
    *exceptions.RULES,
    *holidays.RULES,
)
_RESOLVE = frozenset(rule.id for rule in references.RULES)
RULE_IDS: frozenset[str] = frozenset(rule.id for rule in RULES) | frozenset(ACCEPT_RULES)


def validate(
    inventory: Inventory,
    now: datetime,
    audits: Sequence[Audit] = (),
    audit_rules: Collection[str] | None = None,
) -> list[Finding]:
    """Return everything that is wrong with an inventory at an aware instant `now`, accepted things judged.

    `audits` are the targets' own checks; they run where every reference resolves. `audit_rules` are all rule ids of
    theirs: with them, an `accept` of a rule that nobody has is an error. Without them, an `accept` of a rule
    that is none of ours is left alone.
    """
    context = Context(inventory, now.astimezone(UTC))
    found: list[Finding] = []
    for rule in RULES:  # those of names come first
        found += rule.findings(context)
        context.names_resolve &= rule.id not in _RESOLVE or not any(finding.rule == rule.id for finding in found)
    if context.names_resolve:
        found += [finding for audit in audits for finding in audit(inventory, now)]
        judged = RULE_IDS | frozenset(audit_rules or ())
    else:
        judged = RULE_IDS - {rule.id for rule in RULES if rule.needs_names}
    known = RULE_IDS | frozenset(audit_rules) if audit_rules is not None else frozenset()
    return list(settle(context, found, known, judged))


def unresolved(inventory: Inventory, now: datetime) -> list[Finding]:
    """Return the names that lead nowhere, and nothing else."""
    context = Context(inventory, now.astimezone(UTC))
    return [finding for rule in references.RULES for finding in rule.findings(context)]


__all__ = ["RULES", "RULE_IDS", "Audit", "Context", "Rule", "unresolved", "validate"]

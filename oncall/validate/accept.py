"""What the inventory accepts: findings it knows about and lives with, on the noun they were found on or above it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from oncall.errors import Finding, Path
from oncall.model import Accept, Inventory
from oncall.validate.base import Context
from oncall.validate.gaps import COVERAGE_GAP, GAP_RULES, coverage, daily_hours


@dataclass(frozen=True, slots=True)
class Accepted:
    """An `accept`, where it stands, and the path below which it counts."""

    accept: Accept
    path: Path
    scope: Path

    def speaks_of(self, finding: Finding) -> bool:
        """Whether this names the finding's rule and stands on its noun, one it is about as well, or above."""
        if finding.rule != self.accept.rule:
            return False
        return any(path[: len(self.scope)] == self.scope for path in (finding.path, *finding.nouns))


def settle(
    context: Context, findings: Iterable[Finding], known: Collection[str], judged: Collection[str]
) -> Iterator[Finding]:
    """Give the findings as the inventory judges them, and what is wrong with its `accept`s.

    An accepted reason becomes a notice that says why, an accepted notice vanishes, an error stays. `known` are all rule
    ids there are (none: other rules than the judged may exist), `judged` those that were really checked.
    """
    accepts = tuple(accepted(context.inventory))
    used: set[Path] = {place for gap in context.once(coverage) for place, _ in gap.accepts}
    refused: set[Path] = set()
    for finding in findings:
        speaking = [one for one in accepts if one.speaks_of(finding)] if finding.rule not in GAP_RULES else []
        if finding.severity == "error":
            refused.update(one.path for one in speaking)
        else:
            used.update(one.path for one in speaking)
        if not speaking or finding.severity == "error":
            yield finding
        elif finding.severity == "reason":
            yield replace(finding, severity="notice", hint=f"accepted: {speaking[0].accept.why}")
    for one in accepts:
        rule = one.accept.rule
        if known and rule not in known:
            hint = context.hint(rule, known)
            yield Finding("unknown-rule", f"no rule `{rule}`", (*one.path, "rule"), "error", hint)
        elif one.path in refused:
            message = f"`{rule}` is an error here, and errors can't be accepted"
            yield Finding("cannot-accept", message, (*one.path, "rule"))
        elif rule in judged and one.path not in used:
            message = f"nothing of `{rule}` is found here: this can go"
            yield Finding("accept-unused", message, one.path, "notice")
        yield from _misplaced(one)


def accepted(inventory: Inventory) -> Iterator[Accepted]:
    """Give every `accept` of an inventory."""
    for n, accept in enumerate(inventory.accept):
        yield Accepted(accept, ("accept", n), ())
    for key, team in inventory.teams.items():
        top: Path = ("teams", key)
        for prefix, accepts in (((*top, "accept"), team.accept), ((*top, "coverage", "accept"), team.coverage.accept)):
            for n, accept in enumerate(accepts):
                scope = (*top, "schedules", accept.schedule) if accept.schedule is not None else top
                yield Accepted(accept, (*prefix, n), scope)
        for name, schedule in team.schedules.items():
            for n, accept in enumerate(schedule.accept):
                yield Accepted(accept, (*top, "schedules", name, "accept", n), (*top, "schedules", name))
    for key, person in inventory.people.items():
        for n, accept in enumerate(person.accept):
            yield Accepted(accept, ("people", key, "accept", n), ("people", key))
    for slug, server in inventory.servers.items():
        for n, accept in enumerate(server.accept):
            yield Accepted(accept, ("servers", slug, "accept", n), ("servers", slug))


def _misplaced(one: Accepted) -> Iterator[Finding]:
    if one.accept.daily is not None and one.accept.rule not in GAP_RULES:
        message = f"`daily` narrows {COVERAGE_GAP} only"
        yield Finding("accept-scope", message, (*one.path, "daily"))
    elif one.accept.daily is not None and not daily_hours(one.accept):
        message = f"`{one.accept.daily}` are no hours of a day"
        yield Finding("accept-scope", message, (*one.path, "daily"), "error", "like `22:00-09:00`")
    of_team = one.path[0] == "teams" and one.path[2] != "schedules"
    if one.accept.schedule is not None and not of_team:
        message = "`schedule` narrows what a team accepts; here it says nothing"
        yield Finding("accept-scope", message, (*one.path, "schedule"))


ACCEPT_RULES = {
    "unknown-rule": "An `accept` names a rule.",
    "cannot-accept": "Errors are not accepted.",
    "accept-scope": "`schedule` and `daily` stand where they narrow something.",
    "accept-unused": "An `accept` speaks of something that is found (notice).",
}

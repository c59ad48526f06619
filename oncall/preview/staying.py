"""Settings that stay at a vendor when their word is taken out of the inventory, as nothing is sent that would end them.

The official PagerDuty plugin leaves out what is empty, and takes what is left out for the service's own choice;
OpsGenie's defaults of these are the account's, which nobody tells.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from oncall.errors import Finding
from oncall.model import Inventory
from oncall.plan import Change, FieldChange
from oncall.resource import Value
from oncall.targets.asked import asked_at

RULE = "setting-stays"
ABOUT = "A word that is taken out takes its setting along; some stay at the vendor (`oncall preview`)."
STRATEGY = "escalation_rule_assignment_strategy"
_WRITE = "write `{}` instead of taking it out"
_BY_HAND = "change it at PagerDuty by hand"
STAYING: Mapping[tuple[str, str], tuple[str, str]] = {
    ("pagerduty:User", "job_title"): ("the `job_title`", _BY_HAND),
    ("pagerduty:BusinessService", "point_of_contact"): ("the `point_of_contact`", _BY_HAND),
    ("pagerduty:Team", "default_role"): ("the `default_role`", _WRITE.format("default_role: manager")),
    ("pagerduty:Service", "auto_pause_notifications_parameters"): ("`auto_pause`", _WRITE.format("auto_pause: off")),
    ("pagerduty:Service", "alert_grouping_parameters"): ("`alert_grouping`", _BY_HAND),
    ("pagerduty:EscalationPolicy", "rules"): ("`round_robin`", _WRITE.format("round_robin: false")),
    ("opsgenie:User", "locale"): ("the `locale`", "write the one that is wanted"),
    ("opsgenie:Service", "visibility"): ("`visible_to`", _WRITE.format("visible_to: team")),
}
"""Kind and property -> the inventory's word, and the way to another setting."""


def without_staying(
    changes: Iterable[Change], inventory: Inventory, title: str
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Return the changes that something is sent for, and a notice for every setting that stays instead.

    `inventory` is the edited one, `title` what people call the vendor.
    """
    left, found = [], []
    for change in changes:
        stay = tuple(each for each in change.fields if _stays(change, each))
        if not stay:
            left.append(change)
            continue
        fields = tuple(each for each in change.fields if each not in stay)
        if fields or change.action == "rekey":
            left.append(replace(change, fields=fields))
        found += [_finding(change, each.name, inventory, title) for each in stay]
    return tuple(left), tuple(found)


def _finding(change: Change, name: str, inventory: Inventory, title: str) -> Finding:
    resource = change.resource
    word, way = STAYING[resource.kind, name]
    what = resource.properties.get("name", resource.key)
    return Finding(RULE, f"{title} keeps {word} of {what}", asked_at(inventory, resource), "notice", way)


def _stays(change: Change, field: FieldChange) -> bool:
    if (change.resource.kind, field.name) not in STAYING or field.before is None:
        return False
    return field.after is None or (field.name == "rules" and _same_but_for_turns(field.before, field.after))


def _same_but_for_turns(before: Value, after: Value) -> bool:
    """Tell whether escalation rules differ only in that the later ones don't say how one of several is chosen."""
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return False
    said: Collection[Value] = [each for each in after if isinstance(each, Mapping) and STRATEGY in each]
    return not said and tuple(map(_plain, before)) == after


def _plain(rule: Value) -> Value:
    return {name: value for name, value in rule.items() if name != STRATEGY} if isinstance(rule, Mapping) else rule

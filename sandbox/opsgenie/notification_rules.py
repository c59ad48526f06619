"""Users' notification rules: of those for an event the first that matches is the only one applied.

A user's rules for one action type are ordered among themselves (docs.opsgenie.com/v1.0/docs/new-user-profile). The
Go SDK leaves `order` out where it is 0; where a rule without an order goes is not documented (switch
`new_rules_first`), and where it is last, a new user's match-all rule stands above it. Shapes: opsgenie-oas
`NotificationRule`. Some versions of the SDK write `steps` as `step`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.contacts import METHODS, Contact
from sandbox.opsgenie.criteria import EVERYTHING, Criteria, Facts, read_criteria
from sandbox.opsgenie.durations import read_minutes, span_wire
from sandbox.opsgenie.errors import invalid, not_found
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.recipients import Recipient, find_recipient, recipient_wire
from sandbox.opsgenie.restrictions import Restriction, read_restriction

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account
    from sandbox.opsgenie.users import User

NEW_ALERT = "create-alert"
ON_CALL_CHANGES = ("schedule-start", "schedule-end")
ACTION_TYPES = (
    *(NEW_ALERT, "acknowledged-alert", "closed-alert", "renotified-alert", "assigned-alert", "add-note"),
    *ON_CALL_CHANGES,
    "incoming-call-routing",
)
TIMES = ("just-before", "15-minutes-ago", "1-hour-ago", "1-day-ago")
NAME_LIMIT = 512
# "You can delay receiving notifications up to 1 day" (docs.opsgenie.com/v1.0/docs/profile).
LONGEST_WAIT = timedelta(days=1)
# How often a rule's steps are repeated at most: ours, so that moving the clock far ends.
MOST_REPEATS = 20


@dataclass(frozen=True)
class Step:
    """One message of a rule to one of the user's contacts, so long after the rule starts."""

    id: str
    method: str
    to: str
    after: timedelta = timedelta(0)
    enabled: bool = True

    def wire(self) -> dict[str, Any]:
        """Return the step as the API writes it."""
        contact = {"method": self.method, "to": self.to}
        return {"id": self.id, "contact": contact, "sendAfter": span_wire(self.after), "enabled": self.enabled}


@dataclass
class NotificationRule:
    """One rule of a user; its place among the user's rules of its action type is its order."""

    id: str
    name: str
    action_type: str = NEW_ALERT
    steps: list[Step] = field(default_factory=list)
    criteria: Criteria = EVERYTHING
    restriction: Restriction | None = None
    times: list[str] = field(default_factory=list)
    schedules: list[Recipient] = field(default_factory=list)
    loop_after: timedelta = timedelta(0)
    loops: bool = False
    enabled: bool = True

    def applies(self, facts: Facts, at: datetime, zone_of: "Account", time_zone: str) -> bool:
        """Tell whether the rule is for an alert at an instant; its hours are in the user's zone."""
        in_hours = self.restriction is None or self.restriction.covers(at, zone_of.zone(time_zone))
        return self.enabled and in_hours and self.criteria.match(facts)

    def rounds(self) -> Iterator[timedelta]:
        """Give how long after the rule starts each round of its steps begins; a repeat counts from the last step."""
        yield timedelta(0)
        if self.loops and self.loop_after:
            last = max((step.after for step in self.steps), default=timedelta(0))
            for turn in range(1, MOST_REPEATS + 1):
                yield turn * (last + self.loop_after)

    def meta(self, order: int) -> dict[str, Any]:
        """Return the short form of lists and of the answers to writes."""
        names = {"id": self.id, "name": self.name, "actionType": self.action_type}
        return names | {"order": order, "enabled": self.enabled}


class NotificationRules:
    """The notification rules of all users; each user holds their own, in order."""

    def __init__(self, account: "Account") -> None:
        self._account = account

    def first(self, contacts: list[Contact]) -> list[NotificationRule]:
        """Return the rules of a new user: every new alert to all of their first contacts at once (inferred)."""
        steps = [Step(self._account.ids.uuid(), each.method, each.to) for each in contacts]
        return [NotificationRule(self._account.ids.uuid(), "New Alert", steps=steps)]

    def match(self, user: "User", action_type: str, facts: Facts, at: datetime) -> NotificationRule | None:
        """Return the rule that says how a user is told of an event."""
        for rule in user.rules:
            if rule.action_type == action_type and rule.applies(facts, at, self._account, user.time_zone):
                return rule
        return None

    def find(self, user: "User", identifier: str) -> NotificationRule:
        """Return a user's rule by id; 404 if there is none."""
        for rule in user.rules:
            if rule.id == identifier:
                return rule
        raise not_found("notification rule", identifier)

    def create(self, user: "User", fields: Fields) -> NotificationRule:
        """Add a rule at `order` among those of its action type."""
        if "enabled" not in fields.raw:
            raise invalid("enabled", "is required")
        rule = NotificationRule(
            id=self._account.ids.uuid(),
            name=fields.text("name", required=True, limit=NAME_LIMIT, cut=False),
            action_type=fields.choice("actionType", ACTION_TYPES),
        )
        rule = self._changed(user, rule, fields)
        if rule.action_type in ON_CALL_CHANGES and not rule.times:
            raise invalid("notificationTime", "is required for rules about going on and off call")
        user.rules.append(rule)
        if fields.has("order") or self._account.switches.new_rules_first:
            self.move(user, rule, fields.number("order", 0))
        return rule

    def update(self, user: "User", rule: NotificationRule, fields: Fields) -> NotificationRule:
        """Change the fields given; a list of steps replaces the steps, the action type stays."""
        changed = self._changed(user, rule, fields)
        user.rules[user.rules.index(rule)] = changed
        if fields.has("order"):
            self.move(user, changed, fields.number("order"))
        return changed

    def move(self, user: "User", rule: NotificationRule, order: int) -> None:
        """Give a rule another place among those of its action type; a large number means the last."""
        user.rules.remove(rule)
        kin = [i for i, each in enumerate(user.rules) if each.action_type == rule.action_type]
        user.rules.insert(kin[order] if order < len(kin) else len(user.rules), rule)

    def order(self, user: "User", rule: NotificationRule) -> int:
        """Return a rule's place among those of its action type, from 0."""
        return [each.id for each in user.rules if each.action_type == rule.action_type].index(rule.id)

    def wire(self, user: "User", rule: NotificationRule) -> dict[str, Any]:
        """Return a rule as the API writes it."""
        wire = rule.meta(self.order(user, rule)) | {
            "criteria": rule.criteria.wire(),
            "notificationTime": rule.times,
            "steps": [step.wire() for step in rule.steps],
            "schedules": [recipient_wire(self._account, each) for each in rule.schedules],
        }
        if rule.loop_after:
            minutes = int(rule.loop_after.total_seconds() // 60)
            wire["repeat"] = {"loopAfter": minutes, "enabled": rule.loops}
        return wire | ({"timeRestriction": rule.restriction.wire()} if rule.restriction else {})

    # --- steps ----------------------------------------------------------------------------------------------------

    def find_step(self, rule: NotificationRule, identifier: str) -> Step:
        """Return a rule's step by id; 404 if there is none."""
        for step in rule.steps:
            if step.id == identifier:
                return step
        raise not_found("notification rule step", identifier)

    def add_step(self, user: "User", rule: NotificationRule, fields: Fields) -> Step:
        """Add a step at the end."""
        step = self._read_step(user, fields)
        rule.steps.append(step)
        return step

    def update_step(self, user: "User", rule: NotificationRule, step: Step, fields: Fields) -> Step:
        """Change the fields given."""
        changed = self._read_step(user, fields, step)
        rule.steps[rule.steps.index(step)] = changed
        return changed

    def contact_moved(self, user: "User", method: str, old: str, new: str) -> None:
        """Let the steps to an address follow its contact to another one."""
        for rule in user.rules:
            rule.steps = [replace(s, to=new) if (s.method, s.to) == (method, old) else s for s in rule.steps]

    def _changed(self, user: "User", rule: NotificationRule, fields: Fields) -> NotificationRule:
        steps = "steps" if fields.has("steps") else "step"
        repeat = fields.inner("repeat")
        minutes = repeat.number("loopAfter", low=1, high=1440) if repeat else rule.loop_after.total_seconds() // 60
        restriction = read_restriction(fields.inner("timeRestriction")) or rule.restriction
        return replace(
            rule,
            name=fields.text("name", limit=NAME_LIMIT, cut=False) or rule.name,
            steps=[self._read_step(user, each) for each in fields.items(steps)] if fields.has(steps) else rule.steps,
            criteria=read_criteria(fields.inner("criteria")) if fields.inner("criteria") else rule.criteria,
            restriction=None if fields.cleared("timeRestriction") else restriction,
            times=fields.words("notificationTime", TIMES) if fields.has("notificationTime") else rule.times,
            schedules=self._read_schedules(fields) if fields.has("schedules") else rule.schedules,
            loop_after=timedelta(minutes=minutes),
            loops=repeat.flag("enabled", default=True) if repeat else rule.loops,
            enabled=fields.flag("enabled", rule.enabled),
        )

    def _read_step(self, user: "User", fields: Fields, old: Step | None = None) -> Step:
        contact = fields.inner("contact")
        if contact is None and old is None:
            raise invalid(fields.name_of("contact"), "is required")
        if old is None or contact is not None:
            method, to = self._read_contact(user, contact or fields)
        else:
            method, to = old.method, old.to
        after = timedelta(minutes=read_minutes(fields.inner("sendAfter")))
        if after > LONGEST_WAIT:
            raise invalid(fields.name_of("sendAfter"), "must not be longer than one day")
        return Step(
            id=old.id if old else self._account.ids.uuid(),
            method=method,
            to=to,
            after=after if old is None or fields.has("sendAfter") else old.after,
            enabled=fields.flag("enabled", old.enabled if old else True),
        )

    def _read_contact(self, user: "User", fields: Fields) -> tuple[str, str]:
        method, to = fields.choice("method", tuple(METHODS)), fields.text("to", required=True)
        found = self._account.contacts.at(user, method, to)
        if found is None and self._account.switches.steps_need_contact:
            raise invalid(fields.name_of("to"), f"is no {method} contact of user [{user.username}]")
        return method, found.to if found else to

    def _read_schedules(self, fields: Fields) -> list[Recipient]:
        found = []
        for each in fields.items("schedules"):
            each.choice("type", ("schedule",), "schedule")
            schedule = find_recipient(self._account, each, "schedule")
            if schedule is None:
                raise invalid(each.name_of("id"), "names no schedule of this account")
            found.append(schedule)
        return found

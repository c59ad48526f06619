"""oncall:opsgenie:NotificationRule: how a person is told of what, and after how long."""

from __future__ import annotations

from collections.abc import Iterator

from oncall.clients.opsgenie import segment
from oncall.provider.diff import Change
from oncall.provider.fields import Field, Flag, Items, Problem, Record, Text, Whole
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.conditions import CRITERIA, MATCH_ALL, criteria_body, criteria_of, criteria_problems
from oncall.provider.kinds.contact import CONTACT, contact_problems
from oncall.provider.kinds.named import ChildKind
from oncall.provider.kinds.places import Siblings, put_in_place
from oncall.provider.kinds.times import DURATION, RESTRICTION, duration_of, restriction_of, restriction_problems
from oncall.provider.session import Call

# https://docs.opsgenie.com/docs/notification-rule-api#create-notification-rule
NAME_LENGTH = 512
ACTION_TYPES = (
    "create-alert",
    "acknowledged-alert",
    "closed-alert",
    "renotified-alert",
    "assigned-alert",
    "add-note",
    "schedule-start",
    "schedule-end",
    "incoming-call-routing",
)
TIMES = ("just-before", "15-minutes-ago", "1-hour-ago", "1-day-ago")
NO_REPEAT = {"loopAfter": 1, "enabled": False}
"""What takes a repeat away: it can only be switched off."""
# No request of that API is documented to take this away from a rule.
CAN_NOT_BE_CLEARED = ("timeRestriction",)

STEP = Record(
    "oncall:opsgenie:NotificationStep",
    "One way the person is told, and when.",
    (
        Field("contact", CONTACT, "One of the person's contacts.", required=True),
        Field("sendAfter", DURATION, "How long after the event.", default={"timeAmount": 0, "timeUnit": "minutes"}),
        Field("enabled", Flag(), "Whether it counts.", default=True),
    ),
)
REPEAT = Record(
    "oncall:opsgenie:NotificationRepeat",
    "Go through the steps again.",
    (
        Field("loopAfter", Whole(1), "Minutes after the last step.", required=True),
        Field("enabled", Flag(), "Whether it counts.", default=True),
    ),
)
SCHEDULE = Record(
    "oncall:opsgenie:ScheduleReference",
    "A schedule.",
    (
        Field("type", Text(choices=("schedule",)), "It is one.", default="schedule"),
        Field("id", Text(), "Its id.", required=True),
    ),
)


class NotificationRule(ChildKind):
    """Of a person's rules with one action type the first that matches an alert decides."""

    token = "oncall:opsgenie:NotificationRule"  # noqa: S105 - a type token
    noun = "notification rule"
    parent = "username"
    doc = 'How a person is told of what. Its id is "username/ruleId".'
    inputs = (
        Field("username", Text(any_case=True), "The person's e-mail address.", required=True, replace=True),
        Field("name", Text(NAME_LENGTH), "Its name among the person's rules.", required=True),
        Field("actionType", Text(choices=ACTION_TYPES), "What the person is told of.", required=True, replace=True),
        Field("criteria", CRITERIA, "Of which alerts; of every one if not given.", absent=MATCH_ALL),
        Field(
            "notificationTime",
            Items(Text(choices=TIMES), ordered=False),
            "How long before a schedule's start or end.",
            absent=[],
        ),
        Field("order", Whole(0), "Its place among the rules of its action type.", given_by_vendor=True),
        Field("enabled", Flag(), "Whether it counts.", default=True),
        Field("schedules", Items(SCHEDULE, ordered=False), "Of which schedules' starts and ends.", absent=[]),
        Field("timeRestriction", RESTRICTION, "When it counts; always if not given."),
        Field("steps", Items(STEP, ordered=False), "How the person is told.", required=True),
        Field("repeat", REPEAT, "Whether it starts over; never if not given."),
    )

    def label(self, inputs: Values) -> str:
        """The person's name belongs to it: people have rules of the same names."""
        return f'{self.noun} "{inputs.get("name", "")}" of "{inputs.get("username", "")}"'

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """Contacts that fit their methods, conditions that fit the type, one form of restriction."""
        yield from criteria_problems(values.get("criteria"), "criteria")
        yield from restriction_problems(values.get("timeRestriction"))
        if isinstance(values["steps"], list):
            for index, each in enumerate(values["steps"]):
                if isinstance(each, dict):
                    yield from contact_problems(each.get("contact"), f"steps[{index}].contact.")

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """A restriction can't be taken away in place."""
        return [
            Change(each.path, each.kind, each.replace or (each.kind == "delete" and each.path in CAN_NOT_BE_CLEARED))
            for each in super().diff(state, inputs)
        ]

    def under(self, parent_id: str) -> str:
        """A person's rules."""
        return f"/v2/users/{segment(parent_id)}/notification-rules"

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/notification-rule-api#update-notification-rule: what is left out stays, so
        everything that can be emptied is said.
        """
        body = {
            "name": inputs["name"],
            "criteria": criteria_body(inputs.get("criteria") or MATCH_ALL),
            "notificationTime": inputs.get("notificationTime") or [],
            "schedules": inputs.get("schedules") or [],
            "enabled": inputs["enabled"],
            "steps": inputs["steps"],
            "repeat": inputs.get("repeat") or NO_REPEAT,
        }
        return body | ({"timeRestriction": inputs["timeRestriction"]} if "timeRestriction" in inputs else {})

    def first_body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/notification-rule-api#create-notification-rule: nothing empty."""
        given = {name: value for name, value in self.body(inputs).items() if value not in ([], NO_REPEAT)}
        order = {"order": inputs["order"]} if "order" in inputs else {}
        return given | order | {"actionType": inputs["actionType"], "steps": inputs["steps"]}

    def inputs_of(self, found: Values, inputs: Values) -> Values:
        """Steps and schedules come with more than was said; a repeat that is switched off is none."""
        repeat = found.get("repeat") or {}
        repeats = bool(repeat.get("loopAfter")) and (bool(repeat.get("enabled")) or "repeat" in inputs)
        return {
            "name": found.get("name"),
            "actionType": found.get("actionType"),
            "criteria": criteria_of(found.get("criteria")),
            "notificationTime": found.get("notificationTime") or [],
            "order": found.get("order"),
            "enabled": found.get("enabled"),
            "schedules": [{"type": "schedule", "id": each.get("id")} for each in found.get("schedules") or []],
            "timeRestriction": restriction_of(found.get("timeRestriction")),
            "steps": [_step_of(each) for each in found.get("steps") or []],
            "repeat": {name: repeat.get(name) for name in NO_REPEAT} if repeats else None,
        }

    def unread(self) -> tuple[str, ...]:
        """Places shift while the person's other rules are still being made."""
        return ("order",)

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By name and action type among the person's rules."""
        person, wanted = inputs["username"], _key(inputs)
        listing = self.under(person)

        def load() -> Iterator[tuple[str, str]]:
            return ((_key(row), str(row["id"])) for row in call.opsgenie.rows(listing))

        known = dict(load()).get(wanted) if fresh else call.ledger.known(listing, wanted, load)
        return None if known is None else self.fetch(call, f"{person}/{known}")

    def after_create(self, call: Call, resource_id: str, inputs: Values, answer: Values, *, adopted: bool) -> None:
        """A found rule is written; a made one only needs its place."""
        if adopted:
            self.write(call, resource_id, inputs)
        elif "order" in inputs:
            put_in_place(call, self._siblings(call, inputs), self.split(resource_id)[1], inputs["order"], answer)

    def write(self, call: Call, resource_id: str, inputs: Values) -> None:
        """Everything but the place, then the place."""
        super().write(call, resource_id, inputs)
        if "order" in inputs:
            put_in_place(call, self._siblings(call, inputs), self.split(resource_id)[1], inputs["order"], {})

    def _siblings(self, call: Call, inputs: Values) -> Siblings:
        listing, action = self.under(inputs["username"]), inputs["actionType"]

        def rows() -> list[Values]:
            same = [row for row in call.opsgenie.rows(listing) if row.get("actionType") == action]
            return sorted(same, key=lambda row: int(row.get("order") or 0))

        def move(rule: str, order: int) -> None:
            call.opsgenie.act(f"{listing}/{rule}/change-order", {"order": order})

        return Siblings(f"{listing} {action}", rows, move)


def _key(rule: Values) -> str:
    return f"{rule.get('actionType')} {rule.get('name')}"


def _step_of(found: Values) -> Values:
    contact = found.get("contact") or {}
    return {
        "contact": {"method": contact.get("method"), "to": contact.get("to")},
        "sendAfter": duration_of(found.get("sendAfter")) or {"timeAmount": 0, "timeUnit": "minutes"},
        "enabled": found.get("enabled"),
    }

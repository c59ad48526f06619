"""oncall:opsgenie:Escalation: who is told how many minutes after an alert began."""

from __future__ import annotations

from collections.abc import Iterator

from oncall.provider.fields import Field, Flag, Items, Problem, Record, Text, Whole
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.named import NamedKind
from oncall.provider.kinds.recipients import recipient, recipient_of, recipient_problems
from oncall.provider.session import MARK, Call

# https://docs.opsgenie.com/docs/escalation-api#create-escalation
NAME_LENGTH = 100
CONDITIONS = ("if-not-acked", "if-not-closed")
NOTIFY_TYPES = ("default", "next", "previous", "users", "admins", "random", "all")
MOST_REPEATS = 20
NO_REPEAT = {"waitInterval": 0, "count": 1, "resetRecipientStates": False, "closeAlertAfterAll": False}
"""What the API holds where nothing repeats: it always holds a `repeat`, and a wait of 0 is none."""

RULE = Record(
    "oncall:opsgenie:EscalationRule",
    "One recipient and when it is told.",
    (
        Field("condition", Text(choices=CONDITIONS), "The state of the alert it needs.", default="if-not-acked"),
        Field("notifyType", Text(choices=NOTIFY_TYPES), "Whom of a schedule or team.", default="default"),
        Field("delay", Whole(0), "Minutes since the alert began.", required=True),
        Field(
            "recipient",
            recipient("EscalationRecipient", ("user", "schedule", "team"), "Who is told."),
            "Who is told.",
            required=True,
        ),
    ),
)
REPEAT = Record(
    "oncall:opsgenie:EscalationRepeat",
    "Go through the rules again.",
    (
        Field("waitInterval", Whole(1), "Minutes after the last rule.", required=True),
        Field("count", Whole(1, MOST_REPEATS), "How many times.", default=1),
        Field("resetRecipientStates", Flag(), "Tell those again who have seen it.", default=False),
        Field("closeAlertAfterAll", Flag(), "Close the alert after the last time.", default=False),
    ),
)


class Escalation(NamedKind):
    """Rules are ordered by their delays, so their place in the list has no meaning."""

    token = "oncall:opsgenie:Escalation"  # noqa: S105 - a type token
    noun = "escalation"
    collection = "/v2/escalations"
    marked = True
    doc = "An escalation: who is told how many minutes after an alert began. Imported by id or name."
    inputs = (
        Field("name", Text(NAME_LENGTH), "Unique in the account.", required=True),
        Field("description", Text(empty=True), "Says that it is managed, unless given.", default=MARK, absent=""),
        Field("ownerTeamId", Text(), "The team it belongs to.", required=True),
        Field("rules", Items(RULE, ordered=False, fewest=1), "Who is told when.", required=True),
        Field("repeat", REPEAT, "Whether it starts over; never if not given."),
    )

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """Recipients named as their type asks."""
        if isinstance(values["rules"], list):
            for index, each in enumerate(values["rules"]):
                if isinstance(each, dict):
                    yield from recipient_problems(each["recipient"], f"rules[{index}].recipient")

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/escalation-api#create-escalation; `repeat` is always sent, so that an update
        can take it away.
        """
        ordered = sorted(inputs["rules"], key=lambda rule: int(rule["delay"]))
        return {
            "name": inputs["name"],
            "description": inputs["description"],
            "ownerTeam": {"id": inputs["ownerTeamId"]},
            "rules": [{**rule, "delay": {"timeAmount": rule["delay"], "timeUnit": "minutes"}} for rule in ordered],
            "repeat": inputs.get("repeat") or NO_REPEAT,
        }

    def read_again(self, call: Call, resource_id: str) -> tuple[Values | None, bool]:
        """The list of all escalations has their rules."""

        def everything() -> dict[str, Values]:
            return {str(row["id"]): row for row in call.opsgenie.rows(self.collection)}

        return call.ledger.reads.read(self.collection, resource_id, lambda: self.fetch(call, resource_id), everything)

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """Delays come as an amount of minutes, recipients with id and name both."""
        repeat = found.get("repeat") or {}
        return {
            "name": found.get("name"),
            "description": found.get("description"),
            "ownerTeamId": (found.get("ownerTeam") or {}).get("id"),
            "rules": [_rule_of(each) for each in found.get("rules") or []],
            "repeat": {name: repeat.get(name) for name in NO_REPEAT} if repeat.get("waitInterval") else None,
        }


MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}


def _rule_of(found: Values) -> Values:
    delay = found.get("delay") or {}
    return {
        "condition": found.get("condition"),
        "notifyType": found.get("notifyType"),
        "delay": delay.get("timeAmount", 0) * MINUTES.get(delay.get("timeUnit", "minutes"), 1),
        "recipient": recipient_of(found.get("recipient") or {}),
    }

"""oncall:opsgenie:Heartbeat: an alert when pings stop."""

from __future__ import annotations

from collections.abc import Iterator

from oncall.provider.fields import Field, Flag, Items, Problem, Text, Whole
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.opsgenie import OpsgenieKind
from oncall.provider.session import MARK, Call

# https://docs.opsgenie.com/docs/heartbeat-api#add-heartbeat-request
NAME_LENGTH = 100
NAME_SHAPE = r"[A-Za-z0-9._\-]+"
DESCRIPTION_LENGTH = 10_000
MESSAGE_LENGTH = 130
TAG_LENGTH = 50
MOST_TAGS = 20
UNITS = ("minutes", "hours", "days")
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")


class Heartbeat(OpsgenieKind):
    """Its name is its id, so another name is another heartbeat."""

    token = "oncall:opsgenie:Heartbeat"  # noqa: S105 - a type token
    noun = "heartbeat"
    collection = "/v2/heartbeats"
    marked = True
    doc = "A heartbeat: an alert for its owner when no ping came for longer than the interval. Its id is its name."
    inputs = (
        Field(
            "name",
            Text(NAME_LENGTH, NAME_SHAPE, "made of letters, digits, _ . and - only"),
            "Unique in the account; part of the ping address.",
            required=True,
            replace=True,
        ),
        Field(
            "description",
            Text(DESCRIPTION_LENGTH, empty=True),
            "Says that it is managed, unless given.",
            default=MARK,
            absent="",
        ),
        Field("interval", Whole(1), "The longest time between two pings.", required=True),
        Field("intervalUnit", Text(choices=UNITS), "minutes, hours or days.", required=True),
        Field("enabled", Flag(), "Whether it counts.", default=True),
        Field("ownerTeamId", Text(empty=True), "The team to be told; nobody in particular if not given.", absent=""),
        Field("alertMessage", Text(MESSAGE_LENGTH), "The alert's message.", given_by_vendor=True),
        Field("alertTags", Items(Text(TAG_LENGTH), ordered=False, most=MOST_TAGS), "The alert's tags.", default=[]),
        Field("alertPriority", Text(choices=PRIORITIES), "P1 to P5; P3 if not given.", given_by_vendor=True),
    )

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/heartbeat-api#add-heartbeat-request."""
        names = (
            "name",
            "description",
            "interval",
            "intervalUnit",
            "enabled",
            "alertMessage",
            "alertTags",
            "alertPriority",
        )
        owner = {"id": inputs["ownerTeamId"]} if inputs.get("ownerTeamId") else {}
        return {name: inputs[name] for name in names if name in inputs} | {"ownerTeam": owner}

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """The owner comes as an object."""
        names = ("name", "description", "interval", "intervalUnit", "enabled", "alertMessage", "alertPriority")
        plain = {name: found.get(name) for name in names}
        owner = (found.get("ownerTeam") or {}).get("id")
        return plain | {"ownerTeamId": owner, "alertTags": list(found.get("alertTags") or [])}

    def id_of(self, found: Values, inputs: Values) -> str:  # noqa: ARG002
        """The name."""
        return str(found["name"])

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By name."""
        name = inputs["name"]
        if not fresh and call.ledger.known(self.collection, name, lambda: self._names(call)) is None:
            return None
        return self.fetch(call, name)

    def _names(self, call: Call) -> Iterator[tuple[str, str]]:
        return ((str(row["name"]), str(row["name"])) for row in call.opsgenie.rows(self.collection))

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """A tag twice is one tag."""
        tags = values["alertTags"]
        if isinstance(tags, list) and len({str(tag) for tag in tags}) < len(tags):
            yield Problem("alertTags", "has the same tag twice")

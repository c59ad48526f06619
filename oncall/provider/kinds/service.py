"""oncall:opsgenie:Service: a thing that is watched, for incidents and status pages."""

from __future__ import annotations

from oncall.provider.fields import Field, Items, Text
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.named import known_id
from oncall.provider.kinds.opsgenie import OpsgenieKind
from oncall.provider.session import MARK, Call

# https://docs.opsgenie.com/docs/service-api#create-service says 100 and 10,000; the vendor's own provider takes less:
# https://github.com/opsgenie/terraform-provider-opsgenie/blob/master/opsgenie/resource_opsgenie_service.go
NAME_LENGTH = 99
DESCRIPTION_LENGTH = 9_999
MOST_TAGS, TAG_LENGTH = 20, 50
VISIBILITIES = ("TEAM_MEMBERS", "OPSGENIE_USERS")


class Service(OpsgenieKind):
    """A service can't be given to another team."""

    token = "oncall:opsgenie:Service"  # noqa: S105 - a type token
    noun = "service"
    collection = "/v1/services"
    marked = True
    doc = "A service of a team (Standard and Enterprise plans). Imported by id."
    inputs = (
        Field("name", Text(NAME_LENGTH), "Its name.", required=True),
        Field("teamId", Text(), "The team it belongs to.", required=True, replace=True),
        Field(
            "description",
            Text(DESCRIPTION_LENGTH, empty=True),
            "Says that it is managed, unless given.",
            default=MARK,
            absent="",
        ),
        Field("visibility", Text(choices=VISIBILITIES), "Who sees it.", given_by_vendor=True),
        Field("tags", Items(Text(TAG_LENGTH), ordered=False, most=MOST_TAGS), "Its tags.", default=[]),
    )

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/service-api#update-service: the team is not among the fields."""
        plain = {name: inputs[name] for name in ("name", "description", "tags")}
        return plain | ({"visibility": inputs["visibility"]} if "visibility" in inputs else {})

    def first_body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/service-api#create-service."""
        return self.body(inputs) | {"teamId": inputs["teamId"]}

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """Plainly."""
        plain = {name: found.get(name) for name in ("name", "teamId", "description", "visibility")}
        return plain | {"tags": found.get("tags") or []}

    def owner_differs(self, found: Values, inputs: Values) -> bool:
        """The team is a plain id here."""
        return str(found.get("teamId")) != str(inputs["teamId"])

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By name."""
        known = known_id(call, self.collection, inputs["name"], fresh=fresh)
        return None if known is None else self.fetch(call, known)

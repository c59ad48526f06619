"""What OpsGenie's two kinds of policies share: https://docs.opsgenie.com/docs/policy-api."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping

from oncall.clients.opsgenie import segment
from oncall.provider.faults import ProviderError
from oncall.provider.fields import Field, Flag, Problem, Text, Whole
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.conditions import CRITERIA, criteria_body, criteria_of, criteria_problems
from oncall.provider.kinds.opsgenie import OpsgenieKind
from oncall.provider.kinds.places import Siblings, put_in_place
from oncall.provider.kinds.times import RESTRICTION, restriction_of, restriction_problems
from oncall.provider.session import MARK, Call

# https://docs.opsgenie.com/docs/policy-api#create-alert-policy
NAME_LENGTH = 512
DESCRIPTION_LENGTH = 512


def team_field(*, required: bool, doc: str) -> Field:
    """The team a policy belongs to; a policy can't be given to another."""
    return Field("teamId", Text(empty=not required), doc, required=required, replace=True, absent="")


SHARED = (
    Field("name", Text(NAME_LENGTH), "Its name among the team's policies.", required=True),
    Field(
        "policyDescription",
        Text(DESCRIPTION_LENGTH, empty=True),
        "Says that it is managed, unless given.",
        default=MARK,
        absent="",
    ),
    Field("enabled", Flag(), "Whether it counts.", default=True),
    Field("filter", CRITERIA, "Which alerts it is for.", required=True),
    Field("timeRestriction", RESTRICTION, "When it counts; always if not given."),
    Field("order", Whole(0), "Its place among the team's policies of its kind, from 0.", given_by_vendor=True),
)


class Policy(OpsgenieKind):
    """A policy of a team, "teamId/policyId", or of the account, "policyId"."""

    collection = "/v2/policies"
    marked = True
    type: str
    """alert or notification."""

    @abstractmethod
    def more_body(self, inputs: Values) -> Values:
        """The inputs of this type in the API's words; the API replaces the whole policy."""

    @abstractmethod
    def more_inputs_of(self, found: Values) -> Values:
        """The inputs of this type, from the API's object."""

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """Conditions that fit the type, one form of restriction."""
        yield from criteria_problems(values["filter"], "filter")
        yield from restriction_problems(values.get("timeRestriction"))

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/policy-api#create-alert-policy; the restriction's name is a plural there."""
        plain = {name: inputs[name] for name in ("name", "policyDescription", "enabled")}
        restriction = {"timeRestrictions": inputs["timeRestriction"]} if "timeRestriction" in inputs else {}
        common = {"type": self.type, **plain, "filter": criteria_body(inputs["filter"]), **restriction}
        return common | self.more_body(inputs)

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """An empty restriction is none."""
        if found.get("type", self.type) != self.type:
            raise ProviderError(f"it is a policy of type {found['type']}, not {self.type}")
        plain = {name: found.get(name) for name in ("name", "policyDescription", "enabled", "order")}
        return plain | {
            "filter": criteria_of(found.get("filter")),
            "timeRestriction": restriction_of(found.get("timeRestrictions") or found.get("timeRestriction")),
            **self.more_inputs_of(found),
        }

    def unread(self) -> tuple[str, ...]:
        """A policy does not say its place."""
        return ("order",)

    def mark_in(self, found: Values) -> str:
        """Its description has a name of its own."""
        return str(found.get("policyDescription") or "")

    def owner_differs(self, found: Values, inputs: Values) -> bool:  # noqa: ARG002
        """It is looked for under its owner only."""
        return False

    # Ids and addresses

    def split(self, resource_id: str) -> tuple[str, str]:
        """The team's id, "" for the account's, and the policy's own."""
        team, slash, own = resource_id.rpartition("/")
        if not own or "/" in team or bool(slash) != bool(team):
            raise ProviderError(f'"{resource_id}" is no id of a policy: it must be teamId/policyId, or policyId')
        return team, own

    def id_of(self, found: Values, inputs: Values) -> str:
        """ "teamId/policyId" or "policyId"."""
        team = inputs.get("teamId")
        return f"{team}/{found['id']}" if team else str(found["id"])

    def parents_of(self, resource_id: str) -> Mapping[str, str]:
        """The team as an input."""
        team = self.split(resource_id)[0]
        return {"teamId": team} if team else {}

    def path(self, resource_id: str) -> str:
        """By the policy's own id."""
        return f"{self.collection}/{segment(self.split(resource_id)[1])}"

    def query_of(self, resource_id: str) -> dict[str, str]:
        """The team, without which its policies can't be seen."""
        team = self.split(resource_id)[0]
        return {"teamId": team} if team else {}

    def create_query(self, inputs: Values) -> dict[str, str]:
        """The team."""
        return {"teamId": inputs["teamId"]} if inputs.get("teamId") else {}

    # Requests

    def write(self, call: Call, resource_id: str, inputs: Values) -> None:
        """Replace the whole policy, then bring it to its place."""
        call.opsgenie.put(self.path(resource_id), self.body(inputs), **self.query_of(resource_id))
        self._place(call, resource_id, inputs, {})

    def after_create(self, call: Call, resource_id: str, inputs: Values, answer: Values, *, adopted: bool) -> None:
        """A found policy is written; a made one stands last until it is moved."""
        if adopted:
            self.write(call, resource_id, inputs)
        else:
            self._place(call, resource_id, inputs, answer)

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By name among the team's of this type; a team this run made has none yet."""
        team = inputs.get("teamId") or ""
        if team and not fresh and call.ledger.made(team):
            return None

        def load() -> Iterator[tuple[str, str]]:
            return ((str(row.get("name")), str(row["id"])) for row in self._rows(call, team))

        known = call.ledger.known(f"{self.type} policies of {team}", inputs["name"], load)
        own = dict(load()).get(inputs["name"]) if fresh else known
        return None if own is None else self.fetch(call, self.id_of({"id": own}, inputs))

    def _rows(self, call: Call, team: str) -> list[Values]:
        return call.opsgenie.rows(f"{self.collection}/{self.type}", **({"teamId": team} if team else {}))

    def _place(self, call: Call, resource_id: str, inputs: Values, answer: Values) -> None:
        if "order" not in inputs:
            return
        team, own = self.split(resource_id)
        query = self.query_of(resource_id)

        def move(policy: str, order: int) -> None:
            call.opsgenie.act(f"{self.collection}/{policy}/change-order", {"targetIndex": order}, **query)

        siblings = Siblings(f"{self.type} policies of {team}", lambda: self._rows(call, team), move)
        put_in_place(call, siblings, own, inputs["order"], answer)

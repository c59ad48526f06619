"""oncall:opsgenie:TeamMember: one person in a team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oncall.clients.errors import Refused
from oncall.clients.opsgenie import segment
from oncall.provider.faults import ProviderError
from oncall.provider.fields import Field, Text
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.opsgenie import OpsgenieKind
from oncall.provider.session import Call

ROLES = ("user", "admin")
TEAMS = "/v2/teams"


class TeamMember(OpsgenieKind):
    """A resource of its own, and no list in the team: the engine deletes last, so a person who leaves is out of
    rotations and escalations before the membership goes.

    No call is documented to change a role, but the team's own, which takes the whole list of members.
    """

    token = "oncall:opsgenie:TeamMember"  # noqa: S105 - a type token
    noun = "member"
    owner = (TEAMS, "teamId")
    doc = 'A person in a team. Its id is "teamId/username".'
    inputs = (
        Field("teamId", Text(), "The team.", required=True, replace=True),
        Field("username", Text(any_case=True), "The user's e-mail address.", required=True, replace=True),
        Field("role", Text(choices=ROLES), "user or admin.", default="user"),
    )

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/team-member-api#add-team-member."""
        return {"user": {"username": inputs["username"]}, "role": inputs["role"]}

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """The person is told by the id."""
        return {"role": found.get("role")}

    def owner_differs(self, found: Values, inputs: Values) -> bool:  # noqa: ARG002
        """It is looked for in its team only."""
        return False

    def label(self, inputs: Values) -> str:
        """By the person."""
        return f'member "{inputs.get("username", inputs.get("name", ""))}"'

    def id_of(self, found: Values, inputs: Values) -> str:  # noqa: ARG002
        """ "teamId/username": the name and not the user's id, which a person with a new address keeps."""
        return f"{inputs['teamId']}/{inputs['username']}"

    def split(self, resource_id: str) -> tuple[str, str]:
        """The team's id and the username."""
        team, _, username = resource_id.partition("/")
        if not (team and username):
            raise ProviderError(f'"{resource_id}" is no id of a member: it must be teamId/username')
        return team, username

    def parents_of(self, resource_id: str) -> Mapping[str, str]:
        """Team and person."""
        team, username = self.split(resource_id)
        return {"teamId": team, "username": username}

    def path(self, resource_id: str) -> str:
        """The address that a delete takes."""
        team, username = self.split(resource_id)
        return f"{_team(team)}/members/{segment(username)}"

    def create_path(self, inputs: Values) -> str:
        """The team's members."""
        return f"{_team(inputs['teamId'])}/members"

    def query(self) -> dict[str, str]:
        """Teams by id, not by name."""
        return {"teamIdentifierType": "id"}

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """Among the team's members; a team this run made has none yet."""
        team, username = inputs["teamId"], str(inputs["username"]).casefold()
        if fresh:
            return self._members(call, team).get(username)
        if call.ledger.made(team):
            return None

        def load() -> Iterator[tuple[str, str]]:
            return ((name, str(each.get("role"))) for name, each in self._members(call, team).items())

        role = call.ledger.known(self.create_path(inputs), username, load)
        return None if role is None else {"role": role}

    def fetch(self, call: Call, resource_id: str) -> Values | None:
        """There is no call for one member: the team names them all."""
        team, username = self.split(resource_id)
        return self._members(call, team).get(username.casefold())

    def read_again(self, call: Call, resource_id: str) -> tuple[Values | None, bool]:
        """One read of the team for all members that wait for it."""
        team, username = self.split(resource_id)
        name = username.casefold()
        return call.ledger.reads.read(
            _team(team), name, lambda: self.fetch(call, resource_id), lambda: self._members(call, team)
        )

    def write(self, call: Call, resource_id: str, inputs: Values) -> None:
        """Give the role, by the list of all members; nothing is sent where the member has it."""
        team, username = self.split(resource_id)
        with call.ledger.busy(_team(team)):
            members = self._members(call, team)
            mine = members.get(username.casefold())
            if mine is not None and mine.get("role") == inputs["role"]:
                return
            others = [
                {"user": {"username": each["user"]["username"]}, "role": each["role"]}
                for name, each in members.items()
                if name != username.casefold()
            ]
            body = {"members": [*others, self.body(inputs)]}
            call.opsgenie.patch(_team(team), body, identifierType="id")

    def remove(self, call: Call, resource_id: str, state: Values) -> None:
        """One at a time in a team, as all that changes its members. Who is out already may be refused."""
        with call.ledger.busy(_team(self.split(resource_id)[0])):
            try:
                super().remove(call, resource_id, state)
            except Refused:
                if self.fetch(call, resource_id) is not None:
                    raise

    def _post(self, call: Call, inputs: Values) -> tuple[Values, bool]:
        with call.ledger.busy(_team(inputs["teamId"])):
            return super()._post(call, inputs)

    def _members(self, call: Call, team_id: str) -> dict[str, Any]:
        """By username, in lower case; none where the team is gone. https://docs.opsgenie.com/docs/team-api#get-team."""
        team = call.opsgenie.find(_team(team_id), identifierType="id") or {}
        rows = [each for each in team.get("members") or [] if (each.get("user") or {}).get("username")]
        return {str(each["user"]["username"]).casefold(): each for each in rows}


def _team(team_id: str) -> str:
    return f"{TEAMS}/{segment(team_id)}"

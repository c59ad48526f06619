"""Team memberships: no object of their own in the API, but a row in a team's list of members.

The list of a team is read once and kept until a membership of that team changes, as upstream keeps it: without that a
refresh of a team of fifty would read the list fifty times.
"""

import asyncio
from collections import defaultdict
from datetime import timedelta
from typing import Any, Final, NoReturn
from urllib.parse import urlencode

from sandbox.plugin.api import TRIES, Again, Api
from sandbox.plugin.errors import ApiError, PluginError
from sandbox.plugin.handler import Clock, Handler, Kind
from sandbox.plugin.values import Values

IN_POLICY: Final = "User cannot be removed as they belong to an escalation policy on this team"
REMOVAL_TRIES: Final = 5
PAGE: Final = 100


class TeamMembershipHandler(Handler):
    """The id is `user:team`; a write is PUT /teams/{team}/users/{user}, then reads until the role is there."""

    def __init__(self, kind: Kind, api: Api, now: Clock) -> None:
        super().__init__(kind, api, now)
        self._members: dict[str, list[Values]] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def create(self, values: Values) -> tuple[str, Values]:
        """Adds the user to the team."""
        resource_id = f"{values['userId']}:{values['teamId']}"
        return resource_id, await self.update(resource_id, {}, values)

    async def put(self, resource_id: str, old: Values, planned: Values) -> None:  # noqa: ARG002 (same for create)
        """Sets the role; it makes the membership where there is none."""
        user, team = _split(resource_id)
        await self.send("PUT", f"/teams/{team}/users/{user}", self.body(planned), again=self.kind.tries.update)
        self._members.pop(team, None)

    async def fetch(self, resource_id: str, prior: Values, again: Again) -> Values:
        """The row of the user, read again until it is there with the wanted role (unless `again` bars 404)."""
        user, team = _split(resource_id)
        wanted = prior.get("role") if again.covers(404) else None
        for tries_left in reversed(range(TRIES)):
            role = next((row["role"] for row in await self._rows(team, again) if row["user"]["id"] == user), None)
            if role is not None and wanted in (None, role):
                return {"teamId": team, "userId": user, "role": role}
            if not tries_left or not again.covers(404):
                break
            self._members.pop(team, None)
            await self.api.rest()
        found = f"has the role {role}, not {wanted}" if role else "is no member"
        raise ApiError("GET", f"/teams/{team}/members", 404, f"user {user} {found}")

    async def _rows(self, team: str, again: Again) -> list[Values]:
        async with self._locks[team]:
            if team not in self._members:
                self._members[team] = await self._all_rows(team, again)
            return self._members[team]

    async def _all_rows(self, team: str, again: Again) -> list[Values]:
        rows: list[Values] = []
        offset = 0
        while True:
            query = urlencode({"limit": PAGE, **({"offset": offset} if offset else {})})
            answer: Any = await self.send("GET", f"/teams/{team}/members", query=query, again=again)
            rows += answer["members"]
            if not answer.get("more"):
                return rows
            offset += answer.get("limit") or PAGE

    async def delete(self, resource_id: str, state: Values) -> None:  # noqa: ARG002 (the id says it all)
        """Removes the user from the team; the policies that forbid it are named in the error."""
        user, team = _split(resource_id)
        for tries_left in reversed(range(REMOVAL_TRIES)):
            try:
                await self.send("DELETE", f"/teams/{team}/users/{user}", again=Again.ALL_BUT_BAD_OR_MISSING)
            except ApiError as error:
                if error.status == 404:
                    break
                if not any(IN_POLICY in text for text in (error.message, *error.details)):
                    raise
                if not tries_left:
                    await self._explain(error, user, team)
                await self.api.rest()
            else:
                break
        self._members.pop(team, None)

    async def _explain(self, refusal: ApiError, user: str, team: str) -> NoReturn:
        policies = await self._policies(user)
        if not policies:
            raise refusal
        raise PluginError(
            f"user {user} can't be removed from team {team}: remove them first from the escalation "
            f"policies {', '.join(policies)}"
        ) from refusal

    async def _policies(self, user: str) -> list[str]:
        now = self.now()
        query = urlencode(
            {
                "limit": PAGE,
                "since": f"{now:%Y-%m-%dT%H:%M:%SZ}",
                "until": f"{now + timedelta(days=90):%Y-%m-%dT%H:%M:%SZ}",
                "user_ids[]": user,
            }
        )
        answer = await self.send("GET", "/oncalls", query=query, again=Again.ALL_BUT_BAD_REQUEST)
        policies = [turn["escalation_policy"] for turn in answer.get("oncalls", [])]
        return list(dict.fromkeys(str(policy.get("html_url") or policy["id"]) for policy in policies))


def _split(resource_id: str) -> tuple[str, str]:
    user, colon, team = resource_id.partition(":")
    if not colon:
        raise PluginError(f"{resource_id!r}: a team membership's id is USER_ID:TEAM_ID")
    return user, team

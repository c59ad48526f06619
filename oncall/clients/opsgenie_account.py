"""Everything of an OpsGenie account that the inventory is compared with, by as few reads as there are lists for it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from oncall.clients.errors import Forbidden, NotFound
from oncall.clients.opsgenie import Opsgenie, segment

Row = dict[str, Any]
ALWAYS = ("/v2/users", "/v2/teams", "/v2/schedules", "/v2/escalations", "/v2/integrations", "/v2/heartbeats")
_WITH: Mapping[str, Mapping[str, str]] = {
    "/v2/schedules": {"expand": "rotation"},
    "/v1/maintenance": {"type": "non-expired"},
}
"""What is asked of a list besides itself."""
MOST_POLICIES = 90
"""Policies that are read one by one: with 50 teams and 100 schedules that makes 450 calls at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the inventory wants of an account.

    `names` are those of teams, schedules, integrations and policies, by the list they stand in (`/v2/policies/alert`),
    without regard to case; `also` are lists besides those that are always read; `people` have contacts and rules of
    ours, by e-mail address.
    """

    names: Mapping[str, Collection[str]]
    also: Collection[str] = ()
    people: Collection[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Read:
    """Rows by path, and what could not be read: the path and why, in words. `heads_only` is how many policies were
    read as their list has them: name, place, on or off.
    """

    lists: Mapping[str, list[Row]]
    refused: Mapping[str, str]
    heads_only: int = 0


def read_account(account: Opsgenie, asked: Asked, on_progress: Callable[[str], None] = lambda path: None) -> Read:  # noqa: ARG005
    """Read an account: lists, and for what has none a call each: members, routing rules and policies of our teams, our
    policies and integrations, the overrides of our schedules. A key that may not read something leaves it out;
    `refused` says so.

    Raises ClientError where the account can't be read at all.
    """
    lists: dict[str, list[Row]] = {}
    refused: dict[str, str] = {}

    def rows(path: str, at: str = "", **params: str) -> list[Row]:
        on_progress(path)
        try:
            lists[path] = account.rows(at or path, **params)
        except Forbidden as fault:
            if path in ALWAYS:
                raise  # everything else refers to these
            refused[path] = str(fault)
        except NotFound:
            lists[path] = []  # it went while we read
        return lists.get(path, [])

    def one(path: str, at: str = "", **params: str) -> None:
        on_progress(path)
        found = account.find(at or path, **params)
        lists[path] = [found] if found else []

    for path in (*ALWAYS, *asked.also):
        rows(path, **_WITH.get(path, {}))
    policies: list[tuple[str, str]] = []
    for team in _ours(lists, asked, "/v2/teams"):
        path = f"/v2/teams/{team}"
        one(path, identifierType="id")
        rows(f"{path}/routing-rules", teamIdentifierType="id")
        for kind in ("/v2/policies/alert", "/v2/policies/notification"):
            if not asked.names.get(kind):
                continue
            heads = rows(f"{kind}?teamId={team}", kind, teamId=team)
            wanted = asked.names[kind]
            policies += [(team, segment(str(row.get("id")))) for row in heads if row.get("name") in wanted]
    for team, own in policies[:MOST_POLICIES]:
        one(f"/v2/policies/{own}?teamId={team}", f"/v2/policies/{own}", teamId=team)
    for schedule in _ours(lists, asked, "/v2/schedules"):
        rows(f"/v2/schedules/{schedule}/overrides", scheduleIdentifierType="id")
    for integration in _ours(lists, asked, "/v2/integrations"):
        one(f"/v2/integrations/{integration}")
    for row in lists.get("/v1/maintenance", ()):
        if str(row.get("description")) in asked.names.get("/v1/maintenance", ()):
            one(f"/v1/maintenance/{segment(str(row.get('id')))}")
    for person in sorted(asked.people):
        for what in ("contacts", "notification-rules"):
            rows(f"/v2/users/{person}/{what}", f"/v2/users/{segment(person)}/{what}")
    return Read(lists, refused, max(0, len(policies) - MOST_POLICIES))


def _ours(lists: Mapping[str, list[Row]], asked: Asked, path: str) -> list[str]:
    """Return the ids of the rows whose name is wanted."""
    names = {name.casefold() for name in asked.names.get(path, ())}
    return [segment(str(row.get("id"))) for row in lists.get(path, ()) if str(row.get("name")).casefold() in names]

"""The PagerDuty vendor: credentials, hosts, seed and reset around the account."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from sandbox.core import Core, Timers, json_answer
from sandbox.pagerduty.account import DEFAULT_TOKEN, ROLES, Account
from sandbox.pagerduty.errors import PagerDutyError
from sandbox.pagerduty.state import state_of
from sandbox.pagerduty.times import zone_of
from sandbox.pagerduty.urls import EVENT_PATHS, routes

_TOKEN = re.compile(r"(?:Token token=|Bearer )\s*(\S+)", re.IGNORECASE)


class PagerDuty:
    """One PagerDuty account behind its two APIs."""

    name = "pagerduty"
    hosts = ("api.pagerduty.com", "api.eu.pagerduty.com", "events.pagerduty.com", "events.eu.pagerduty.com")

    def __init__(self, core: Core, token: str = DEFAULT_TOKEN) -> None:
        self.account = Account(core, Timers(core.clock))
        self._token = token

    def routes(self) -> list[BaseRoute]:
        """Return the routes of both APIs."""
        return routes(self.account)

    def authorize(self, request: Request) -> Response | None:
        """Return the 401 for a call of the REST API without the account's token, else None.

        Under the vendor's own host names each API is found at its own host only, as in the world.
        """
        host = request.headers.get("host", "").partition(":")[0]
        of_events = request.url.path in EVENT_PATHS
        if host in self.hosts and host.startswith("events.") != of_events:
            return self.refuse(request, 404, f"{request.url.path} is not served at {host}")
        if of_events:
            return None
        match = _TOKEN.fullmatch(request.headers.get("authorization", "").strip().strip('"'))
        if match and match[1].strip('"') == self._token:
            return None
        error = PagerDutyError(401, 2006, "Authentication failed", "The token is missing or unknown")
        return json_answer(error.body, error.status)

    def refuse(self, _request: Request, status: int, message: str) -> Response:
        """Return the answer to what is not built, and to a fault of the sandbox.

        Always a 400: clients retry a 404 or a 5xx for minutes, and on a refresh drop what answers 404 from the state.
        """
        code = 2000 if status >= 500 else 2015
        error = PagerDutyError(400, code, "Invalid operation", message)
        return json_answer(error.body, error.status)

    def reset(self) -> None:
        """Empty the account and set every switch back."""
        fresh = Account(self.account.core, Timers(self.account.core.clock))
        vars(self.account).update(vars(fresh))

    def seed(self, data: Mapping[str, Any]) -> None:
        """Add {"users": [{name, email, time_zone?, role?}]}, known e-mails left as they are, and set {"switches"}."""
        unknown = set(data) - {"users", "switches"}
        if unknown:
            raise ValueError(f"pagerduty: unknown {', '.join(sorted(unknown))}; there are: users, switches")
        self.account.switches.turn(dict(data.get("switches") or {}))
        for schedule in self.account.schedules.values():
            schedule.present = None
        known = {user.email.casefold() for user in self.account.users.values()}
        rows = [_seeded_user(row) for row in data.get("users") or []]
        for row in rows:
            if row["email"].casefold() not in known:
                self.account.add_user(row, push=True, rules=True)
                known.add(row["email"].casefold())

    def advance(self, now: datetime) -> None:
        """Run escalations, notifications and timeouts that are due."""
        self.account.timers.run(now)

    def state(self) -> dict[str, Any]:
        """Return what the page shows."""
        return state_of(self.account)


def _seeded_user(row: Any) -> dict[str, Any]:
    allowed = {"name", "email", "time_zone", "role"}
    if not isinstance(row, Mapping) or set(row) - allowed or not all(isinstance(value, str) for value in row.values()):
        raise ValueError(f"pagerduty: a user is {{name, email, time_zone?, role?}} of texts, not {row!r}")
    if not row.get("name") or "@" not in row.get("email", ""):
        raise ValueError(f"pagerduty: a user needs a name and an e-mail: {row!r}")
    if row.get("role", "user") not in ROLES:
        raise ValueError(f"pagerduty: no role {row['role']!r}; there are: {', '.join(sorted(ROLES))}")
    try:
        zone_of(row.get("time_zone", "UTC"))
    except (KeyError, ValueError, OSError):
        raise ValueError(f"pagerduty: no time zone {row['time_zone']!r}") from None
    return dict(row)

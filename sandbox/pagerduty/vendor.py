"""The PagerDuty vendor: credentials, hosts, seed and reset around the account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from sandbox.core import Core, Timers, json_answer
from sandbox.pagerduty import deliveries
from sandbox.pagerduty.access import Access, Token
from sandbox.pagerduty.account import DEFAULT_TOKEN, ROLES, Account
from sandbox.pagerduty.errors import EventError, PagerDutyError
from sandbox.pagerduty.limits import Limits, too_many, too_many_events
from sandbox.pagerduty.state import state_of
from sandbox.pagerduty.times import zone_of
from sandbox.pagerduty.urls import EVENT_PATHS, routes


class PagerDuty:
    """One PagerDuty account behind its two APIs."""

    name = "pagerduty"
    hosts = ("api.pagerduty.com", "api.eu.pagerduty.com", "events.pagerduty.com", "events.eu.pagerduty.com")

    def __init__(self, core: Core, token: str = DEFAULT_TOKEN) -> None:
        self._token = token
        self.account = self._new_account(core)
        self.limits = Limits(EVENT_PATHS)

    def routes(self) -> list[BaseRoute]:
        """Return the routes of both APIs."""
        return routes(self.account)

    def authorize(self, request: Request, body: Any) -> Response | None:
        """Return the refusal of a call of the REST API that token (401, 403) or plan (402) don't allow, else None.

        Under the vendor's own host names each API is found at its own host only, as in the world.
        """
        host = request.headers.get("host", "").partition(":")[0]
        of_events = request.url.path in EVENT_PATHS
        if host in self.hosts and host.startswith("events.") != of_events:
            return self.refuse(request, 404, f"{request.url.path} is not served at {host}")
        if of_events:
            return None
        error = self.account.access.check(request, body)
        return None if error is None else json_answer(error.body, error.status)

    def refuse(self, _request: Request, status: int, message: str) -> Response:
        """Return the answer to what is not built, and to a fault of the sandbox.

        Always a 400: clients retry a 404 or a 5xx for minutes, and on a refresh drop what answers 404 from the state.
        """
        code = 2000 if status >= 500 else 2015
        error = PagerDutyError(400, code, "Invalid operation", message)
        return json_answer(error.body, error.status)

    def failure(self, request: Request, status: int) -> Response:
        """Return an error of this status in the form of the API that is called."""
        error: PagerDutyError | EventError
        if request.url.path in EVENT_PATHS:
            error = too_many_events() if status == 429 else EventError("An error was ordered", status=status)
        else:
            error = too_many() if status == 429 else PagerDutyError(status, 2000, "Internal Error")
        return json_answer(error.body, status)

    def reset(self) -> None:
        """Empty the account, set every switch back and turn the limits off; the first token stays the only one."""
        courier = self.account.courier
        vars(self.account).update(vars(self._new_account(self.account.core)))
        self.account.courier = courier
        self.limits.turn(False)

    def _new_account(self, core: Core) -> Account:
        return Account(core, Timers(core.clock), Access({self._token: Token(self._token)}))

    def seed(self, data: Mapping[str, Any]) -> None:
        """Add {"users": [{name, email, time_zone?, role?, invitation_sent?}]}, known e-mails left as they are, set
        {"switches"}, and hand {"tokens", "abilities"} to `Access.seed`."""
        allowed = ("users", "switches", "tokens", "abilities")
        if unknown := set(data) - set(allowed):
            raise ValueError(f"pagerduty: unknown {', '.join(sorted(unknown))}; there are: {', '.join(allowed)}")
        self.account.access.seed(data)
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
        """Run escalations, notifications, timeouts and retries that are due; take what came of webhooks sent."""
        deliveries.collect(self.account)
        self.account.timers.run(now)

    def state(self) -> dict[str, Any]:
        """Return what the page shows."""
        return state_of(self.account)


def _seeded_user(row: Any) -> dict[str, Any]:
    allowed = {"name": str, "email": str, "time_zone": str, "role": str, "invitation_sent": bool}
    if not isinstance(row, Mapping) or not all(isinstance(row[name], allowed.get(name, ())) for name in row):
        raise ValueError(f"pagerduty: a user is {{name, email, time_zone?, role?, invitation_sent?}}, not {row!r}")
    if not row.get("name") or "@" not in row.get("email", ""):
        raise ValueError(f"pagerduty: a user needs a name and an e-mail: {row!r}")
    if row.get("role", "user") not in ROLES:
        raise ValueError(f"pagerduty: no role {row['role']!r}; there are: {', '.join(sorted(ROLES))}")
    try:
        zone_of(row.get("time_zone", "UTC"))
    except (KeyError, ValueError, OSError):
        raise ValueError(f"pagerduty: no time zone {row['time_zone']!r}") from None
    return dict(row)

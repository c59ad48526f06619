"""The OpsGenie vendor of the sandbox: one account, its key, its routes, seeding and reset."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from sandbox.core import Core, Timers
from sandbox.opsgenie.access import Access
from sandbox.opsgenie.courier import Courier, ThreadCourier
from sandbox.opsgenie.errors import ApiError, unauthorized
from sandbox.opsgenie.limits import Limits, too_many
from sandbox.opsgenie.models import Account
from sandbox.opsgenie.responses import refused
from sandbox.opsgenie.state import account_state
from sandbox.opsgenie.switches import Switches
from sandbox.opsgenie.urls import make_routes

ACCOUNT_KEY = "11111111-2222-3333-4444-555555555555"


class OpsGenie:
    """One OpsGenie account; `key` is the key of its default API integration, which may do everything."""

    name = "opsgenie"
    hosts = ("api.opsgenie.com", "api.eu.opsgenie.com")

    def __init__(
        self,
        core: Core,
        switches: Switches | None = None,
        key: str = ACCOUNT_KEY,
        courier: Courier | None = None,
    ) -> None:
        self._core = core
        self._courier = courier or ThreadCourier()
        self._timers = Timers(core.clock)
        self._switches = switches or Switches()
        self._key = key
        self.account = self._new_account(self._switches)
        self.limits = Limits(core.ids)
        self._access = Access()

    def routes(self) -> list[BaseRoute]:
        """Return the routes of /v2."""
        return make_routes(lambda: self.account)

    def authorize(self, request: Request, _body: Any) -> Response | None:
        """Find whose key the request bears and keep it for the endpoint; 401 for none, an unknown or disabled one,
        402 and 403 for what plan and kind of key don't allow."""
        key = self.account.integrations.by_key(_key_of(request))
        if key is None:
            return refused(self._core.ids, unauthorized())
        request.state.key = key
        refusal = self._access.check(key, request.method, request.url.path)
        return None if refusal is None else refused(self._core.ids, refusal)

    def refuse(self, _request: Request, status: int, message: str) -> Response:
        """Return 400 for what is not built; 501 for a fault of ours, the one 5xx that the Go SDK does not retry."""
        return refused(self._core.ids, ApiError(501 if status >= 500 else 400, message))

    def failure(self, _request: Request, status: int) -> Response:
        """Return an error of this status in the vendor's envelope."""
        error = too_many() if status == 429 else ApiError(status, "An error was ordered")
        return refused(self._core.ids, error)

    def reset(self) -> None:
        """Empty the account, give the switches back their first positions, turn the limits off."""
        self._timers.clear()
        self.limits.turn(False)
        self._access = Access()
        self.account = self._new_account(self._switches)

    def seed(self, data: Mapping[str, Any]) -> None:
        """Add {"users": [{"username", "fullName", "role"?, "timeZone"?, "contacts"?, "notificationRules"?}]} where not
        there yet, set {"switches": {name: value}} until the next reset, and hand {"keys", "left_out"} to `Access.seed`;
        ValueError for anything else."""
        allowed = ("users", "switches", "keys", "left_out")
        if unknown := set(data) - set(allowed):
            raise ValueError(f"opsgenie: unknown: {', '.join(sorted(unknown))}; there are {', '.join(allowed)}")
        self._access.seed(self.account, data)
        self.account.switches = _changed(self.account.switches, data.get("switches", {}))
        for user in data.get("users", []):
            if not isinstance(user, Mapping):
                raise ValueError(f"opsgenie: a user must be an object, not {user!r}")
            try:
                self.account.users.seed(user)
            except ApiError as error:
                raise ValueError(f"opsgenie: user {user.get('username')!r}: {error.body['message']}") from None

    def advance(self, now: datetime) -> None:
        """Run what is due by now: alert requests, escalations, notification rules, heartbeats, webhooks' next tries."""
        self.account.webhooks.settle()
        self._timers.run(now)

    def state(self) -> dict[str, Any]:
        """Return what the page shows."""
        return account_state(self.account)

    def _new_account(self, switches: Switches) -> Account:
        return Account(self._core.clock.now, self._core.ids, self._timers, switches, self._key, self._courier)


def _key_of(request: Request) -> str:
    """Return the key of a request: GenieKey, HTTP Basic (as user or as password), or the apiKey parameter."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "geniekey":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(rest, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return password or user
    return request.query_params.get("apiKey", "")


def _changed(switches: Switches, values: Any) -> Switches:
    if not isinstance(values, Mapping):
        raise ValueError("opsgenie: switches must be an object")
    kinds = {each.name: type(getattr(switches, each.name)) for each in dataclass_fields(switches)}
    for name, value in values.items():
        if name not in kinds:
            raise ValueError(f"opsgenie: no switch {name!r}; there are: {', '.join(kinds)}")
        if type(value) is not kinds[name] and not (kinds[name] is float and type(value) is int):
            raise ValueError(f"opsgenie: switch {name!r} must be a {kinds[name].__name__}")
    changed = replace(switches, **values)
    if changed.account_time_zone not in available_timezones():
        raise ValueError(f"opsgenie: switch 'account_time_zone': no zone {changed.account_time_zone!r}")
    return changed

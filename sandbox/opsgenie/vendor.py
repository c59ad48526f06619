"""The OpsGenie vendor of the sandbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from sandbox.core import Core, Timers, json_answer


class OpsGenie:
    """One OpsGenie account."""

    name = "opsgenie"
    hosts = ("api.opsgenie.com", "api.eu.opsgenie.com")

    def __init__(self, core: Core) -> None:
        self.core = core
        self.timers = Timers(core.clock)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return []

    def authorize(self, _request: Request) -> Response | None:
        """Return a 401 for an unknown key."""
        return None

    def refuse(self, _request: Request, _status: int, message: str) -> Response:
        """Return a 400 with an error body."""
        return json_answer({"message": message, "took": 0.001, "requestId": self.core.ids.uuid()}, 400)

    def reset(self) -> None:
        """Empty the account."""
        self.timers.clear()

    def seed(self, data: Mapping[str, Any]) -> None:
        """Add users."""

    def advance(self, now: datetime) -> None:
        """Run what is due."""
        self.timers.run(now)

    def state(self) -> dict[str, Any]:
        """Return what the page shows."""
        return {"title": "OpsGenie", "account": {}, "users": [], "on_call": [], "alerts": [], "notifications": []}

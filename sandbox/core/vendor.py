"""What a vendor of the sandbox is given (`Core`) and what it must have (`Vendor`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from sandbox.core.clock import Clock
from sandbox.core.faults import Faults
from sandbox.core.ids import Ids
from sandbox.core.journal import Journal
from sandbox.core.limits import RateLimits


@dataclass
class Core:
    """What all vendors of one sandbox share."""

    clock: Clock = field(default_factory=Clock)
    ids: Ids = field(default_factory=Ids)
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)


class Vendor(Protocol):
    """A stand-in for one vendor: its account in memory, its rules and its routes (see `sandbox.core`)."""

    @property
    def name(self) -> str:
        """The key of the vendor in admin bodies and in the state: "pagerduty"."""
        ...

    @property
    def hosts(self) -> tuple[str, ...]:
        """The real host names the vendor stands in for."""
        ...

    def routes(self) -> list[BaseRoute]:
        """Return the routes, paths from the root of the vendor's host."""
        ...

    @property
    def limits(self) -> RateLimits:
        """The vendor's rate limits."""
        ...

    def authorize(self, request: Request, body: Any, /) -> Response | None:
        """Return None where credentials and plan allow the request (`body`: its JSON), else the refusal to answer."""
        ...

    def failure(self, request: Request, status: int, /) -> Response:
        """Return an answer of this status as the vendor would give it, for a fault that was ordered."""
        ...

    def refuse(self, request: Request, status: int, message: str, /) -> Response:
        """Return the vendor's answer to an unbuilt path (404), a wrong method (405) or a fault of ours (500).

        The status is what an ordinary server would say; the vendor answers what its real clients take best.
        """
        ...

    def reset(self) -> None:
        """Empty the account."""
        ...

    def seed(self, data: Mapping[str, Any]) -> None:
        """Add the given users and other data to the account; ValueError for data that can't be used."""
        ...

    def advance(self, now: datetime) -> None:
        """Run every timer due by `now`."""
        ...

    def state(self) -> dict[str, Any]:
        """Return what the page shows of the account, in the shape described in `sandbox.core`."""
        ...

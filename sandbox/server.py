"""The sandbox: its vendors, the page with the admin API, and which of them a request is for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from sandbox.core import Clock, Core, Gate, Vendor, json_answer
from sandbox.opsgenie import OpsGenie
from sandbox.page.app import page_app
from sandbox.pagerduty import PagerDuty

VENDORS: tuple[Callable[[Core], Vendor], ...] = (PagerDuty, OpsGenie)

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})


class Sandbox:
    """One sandbox: shared clock and journal, a fresh account at each vendor, and their ASGI applications."""

    def __init__(self, now: datetime | None = None, core: Core | None = None) -> None:
        self.core = core or Core(clock=Clock(now))
        self.vendors: dict[str, Vendor] = {vendor.name: vendor for vendor in (new(self.core) for new in VENDORS)}
        self.gates = {name: Gate(vendor, self.core) for name, vendor in self.vendors.items()}
        self.page = page_app(self)
        self._by_host = {host: self.gates[name] for name, vendor in self.vendors.items() for host in vendor.hosts}

    def advance(self) -> None:
        """Run at every vendor what is due by now."""
        now = self.core.clock.now()
        for vendor in self.vendors.values():
            vendor.advance(now)

    def reset(self) -> None:
        """Empty all accounts, the journal and the ordered faults, and give the clock back its first offset."""
        self.core.clock.reset()
        self.core.journal.clear()
        self.core.faults.clear()
        for vendor in self.vendors.values():
            vendor.reset()

    def seed(self, data: Mapping[str, Any]) -> None:
        """Seed each vendor with its part of `data`; ValueError for an unknown vendor or unusable data."""
        for name, part in data.items():
            if name not in self.vendors:
                raise ValueError(f"no vendor {name!r}; there are: {', '.join(self.vendors)}")
            if not isinstance(part, Mapping):
                raise ValueError(f"{name}: an object is needed")
            self.vendors[name].seed(part)

    def state(self) -> dict[str, Any]:
        """Return all that the page shows: {"now", and each vendor's state by its name}."""
        self.advance()
        now = self.core.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"now": now} | {name: vendor.state() for name, vendor in self.vendors.items()}

    def app(self, entry: str = "page") -> "Entry":
        """Return the ASGI application of one port: "page", or a vendor's name."""
        return Entry(self, entry, self._by_host)


class Entry:
    """What listens on one port: it refuses foreign Host and Origin headers, and splits by Host on the page's port.

    A stranger's web page can make a browser send requests to loopback, under its own host name too, hence the checks.
    The bridge's traffic arrives at the page's port under the vendors' real host names.
    """

    def __init__(self, sandbox: Sandbox, entry: str, by_host: Mapping[str, Gate]) -> None:
        self._own = sandbox.page if entry == "page" else sandbox.gates[entry]
        self._by_host = by_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the page or to a vendor."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "").partition(":")[0].lower()
        target = self._own if host in LOCAL_NAMES else self._by_host.get(host)
        origin = headers.get("origin")
        if target is None:
            refusal = json_answer({"error": f"the sandbox answers on loopback only, not as {host!r}"}, 421)
            await refusal(scope, receive, send)
        elif origin is not None and urlsplit(origin).hostname not in LOCAL_NAMES:
            refusal = json_answer({"error": f"the sandbox takes no requests from pages of {origin!r}"}, 403)
            await refusal(scope, receive, send)
        else:
            await target(scope, receive, send)

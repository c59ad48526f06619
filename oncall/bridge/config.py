"""BridgeConfig: everything a deployed bridge knows, as one frozen value without a single key in it.

It names keys by id ("pagerduty/platform/internal"); the keys themselves reach the Worker as secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Vendor = Literal["pagerduty", "opsgenie"]
Region = Literal["us", "eu"]
Severity = Literal["critical", "high", "medium", "low"]
SignatureScheme = Literal["alivemcp", "standard", "either"]

# https://support.pagerduty.com/docs/service-regions and https://docs.opsgenie.com/docs/opsgenie-eu-service-region
HOSTS: Mapping[tuple[Vendor, Region], str] = {
    ("pagerduty", "us"): "events.pagerduty.com",
    ("pagerduty", "eu"): "events.eu.pagerduty.com",
    ("opsgenie", "us"): "api.opsgenie.com",
    ("opsgenie", "eu"): "api.eu.opsgenie.com",
}

Positive = Annotated[int, Field(gt=0)]
_SECOND = 1000
_HOUR = 3600 * _SECOND
_DAY = 24 * _HOUR


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Target(_Frozen):
    """A vendor account that pages: which vendor, and in which of its service regions."""

    vendor: Vendor
    region: Region = "us"

    @property
    def host(self) -> str:
        """The host that takes the account's events."""
        return HOSTS[self.vendor, self.region]


class Delivery(_Frozen):
    """One place a route pages through: a target, the id of the key used there, OpsGenie's team by name."""

    target: str
    key: str
    responder: str | None = None


class Raise(_Frozen):
    """After how long without recovery a second incident is opened, and through which route."""

    after_seconds: Positive
    route: str


class Route(_Frozen):
    """Where a team's incidents of one tier go: new ones to the first delivery, the next where that one refuses.

    `notice` is the route of the notice that no recovery was seen for a day (the team's least severe one).
    """

    team: str
    tier: str
    severity: Severity
    deliveries: tuple[Delivery, ...]
    raised: Raise | None = None
    notice: str | None = None


class Limits(_Frozen):
    """Sizes and times of the running bridge; `_ms` are milliseconds. Tests shorten them, nobody else should."""

    body_bytes: Positive = 64 * 1024
    call_timeout_ms: Positive = 5 * _SECOND
    retry_first_ms: Positive = 1 * _SECOND
    retry_cap_ms: Positive = 60 * _SECOND
    # A vendor that asks for a longer wait than this is asked again after this: a page is at stake.
    retry_after_cap_ms: Positive = 300 * _SECOND
    confirm_after_ms: Positive = 2 * _SECOND
    confirm_within_ms: Positive = 60 * _SECOND
    test_resolve_ms: Positive = 60 * _SECOND
    repeat_ms: Positive = 15 * 60 * _SECOND
    stop_ms: Positive = 1 * _DAY
    seen_ms: Positive = 26 * _HOUR  # AliveMCP's last retry comes after 24.35 h
    history_ms: Positive = 30 * _DAY
    calls_per_run: Positive = 40  # https://developers.cloudflare.com/workers/platform/limits/: 50 on the free plan


class BridgeConfig(_Frozen):
    """The route table and settings of one bridge. All mappings are by key; routes by an id of their own."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = "alivemcp-bridge"
    targets: dict[str, Target]
    tiers: dict[str, Severity]
    routes: dict[str, Route]
    teams: dict[str, dict[str, str]]  # team -> tier in use -> route
    servers: dict[str, str]  # slug -> route
    fallback: str
    signature: SignatureScheme = "alivemcp"
    limits: Limits = Limits()
    # Key id of before -> that of now, where a team's key was changed: open incidents go by the one of their beginning.
    former_keys: dict[str, str] = Field(default_factory=dict)
    key_slots: Positive = 1  # how many secrets KEYS_0, KEYS_1, ... the keys may need

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> BridgeConfig:
        named = [("a server", route) for route in self.servers.values()]
        named += [("a team", route) for tiers in self.teams.values() for route in tiers.values()]
        for route in self.routes.values():
            named += [("a raise", route.raised.route)] if route.raised else []
            named += [("a notice", route.notice)] if route.notice else []
            for delivery in route.deliveries:
                if delivery.target not in self.targets:
                    raise ValueError(f"a delivery names the unknown target {delivery.target!r}")
        for owner, name in named:
            if name not in self.routes:
                raise ValueError(f"{owner} names the unknown route {name!r}")
        used = {route.tier for route in self.routes.values()} | {
            tier for tiers in self.teams.values() for tier in tiers
        }
        if unknown := sorted(used - self.tiers.keys()):
            raise ValueError(f"unknown tiers {unknown}")
        rescue = self.teams.get(self.fallback, {})
        if not rescue or not all(self.routes[route].deliveries for route in rescue.values()):
            raise ValueError(f"the fallback team {self.fallback!r} has a route that pages nobody, or none at all")
        return self

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys the routes use, sorted."""
        return tuple(sorted({delivery.key for route in self.routes.values() for delivery in route.deliveries}))

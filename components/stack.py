"""A whole stack: the accounts of the targets in use, the bridge, and what the program gives out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pulumi

from components.account import Account
from components.bridge import Bridge
from components.failures import Where, nowhere, telling
from components.opsgenie import opsgenie_account
from components.pagerduty import pagerduty_account
from oncall.bridge.config import BridgeConfig, Region, SignatureScheme, Vendor
from oncall.bridge.render import render
from oncall.bridge.routes import bridge_config
from oncall.clients.pagerduty import DEFAULT_URL, EU_URL
from oncall.model import Inventory
from oncall.resource import Ref
from oncall.targets import TARGETS

KEYS = (("pagerduty:ServiceIntegration", "integration_key"), ("opsgenie:ApiIntegration", "api_key"))
"""Where keys come from: the kinds whose resource key is a key id of the bridge, and the output that is the key."""

WEBHOOK = "pagerduty:WebhookSubscription"
"""The kind whose secrets are given out: who receives what it tells checks the signature with them."""

PAGERDUTY_URLS: Mapping[Region, str] = {"us": DEFAULT_URL, "eu": EU_URL}

BUNDLES = "dist"
"""Where the bundles of the stacks go, each into a folder of its own: one's keys must not replace another's."""

SIGNED_BY_ALIVEMCP = ("x-alivemcp-signature", "hex HMAC-SHA256 of the body")
SIGNATURES: Mapping[SignatureScheme, tuple[str, str]] = {
    "alivemcp": SIGNED_BY_ALIVEMCP,
    "standard": ("webhook-signature", "v1, and base64 HMAC-SHA256 of id.timestamp.body (Standard Webhooks)"),
    "either": SIGNED_BY_ALIVEMCP,
}
"""The header the bridge looks at, and what stands in it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a stack. README.md says what each is; tokens are secret outputs."""

    bridge_directory: str
    pagerduty_token: pulumi.Output[str] | None = None
    pagerduty_api_url: str | None = None
    pagerduty_region: Region = "us"
    opsgenie_api_key: pulumi.Output[str] | None = None
    opsgenie_api_url: str | None = None
    bridge_url: str | None = None
    webhook_secret: pulumi.Output[str] | None = None

    @classmethod
    def of(cls, config: pulumi.Config) -> "Settings":
        """Read them from the stack's configuration."""
        return cls(
            pagerduty_token=config.get_secret("pagerdutyToken"),
            pagerduty_api_url=config.get("pagerdutyApiUrl"),
            pagerduty_region=_region(config.get("pagerdutyRegion")),
            opsgenie_api_key=config.get_secret("opsgenieApiKey"),
            opsgenie_api_url=config.get("opsgenieApiUrl"),
            bridge_directory=config.get("bridgeDirectory") or f"{BUNDLES}/{pulumi.get_stack()}",
            bridge_url=config.get("bridgeUrl"),
            webhook_secret=config.get_secret("webhookSecret"),
        )

    @property
    def pagerduty_url(self) -> str:
        """Where PagerDuty's REST API is."""
        return self.pagerduty_api_url or PAGERDUTY_URLS[self.pagerduty_region]

    @property
    def opsgenie_region(self) -> Region:
        """The region the OpsGenie address belongs to."""
        return "eu" if self.opsgenie_api_url and "api.eu.opsgenie.com" in self.opsgenie_api_url else "us"


def typed_now(config: pulumi.Config) -> datetime | None:
    """Return the instant of the setting `now`, in UTC where it names no zone; None where it is not set."""
    text = config.get("now")
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise pulumi.RunError(f"the setting now is no instant: {text!r}; write it like 2026-11-21T09:00Z") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _region(text: str | None) -> Region:
    match text or "us":
        case "us" | "eu" as region:
            return region
        case other:
            raise pulumi.RunError(f"the setting pagerdutyRegion is us or eu, not {other!r}")


def declare(inventory: Inventory, settings: Settings, now: datetime, where: Where = nowhere) -> None:
    """Register everything the inventory asks for and export what people need next.

    `now` is an aware instant; `where` tells the file, line and column of a path of the inventory.
    """
    keys: dict[str, pulumi.Output[str]] = {}
    webhooks: dict[str, pulumi.Output[str]] = {}
    former_teams = {key: team.formerly for key, team in inventory.teams.items() if team.formerly}
    wanted = {target.name: target.desired(inventory, now) for target in TARGETS}
    resources = [each for found in wanted.values() for each in found]
    hooks = telling(inventory, where, settings.pagerduty_url, resources, settings.pagerduty_token)
    for name, desired in wanted.items():
        if not desired:
            continue
        account = ACCOUNTS[name](settings, where)
        account.declare(desired, former_teams, hooks)
        for kind, output in KEYS:
            keys |= {key: account.output(Ref(kind, key, output)) for key in account.keys(kind)}
        webhooks |= {key: account.output(Ref(WEBHOOK, key, "signing_secret")) for key in account.keys(WEBHOOK)}
    regions: dict[Vendor, Region] = {"pagerduty": settings.pagerduty_region, "opsgenie": settings.opsgenie_region}
    config = bridge_config(inventory, regions, worker_name(pulumi.get_stack()))
    bridge = Bridge(
        "bridge",
        directory=settings.bridge_directory,
        files=render(config),
        keys={
            **{key: keys[key] for key in config.key_ids},
            **{former: keys[key] for former, key in config.former_keys.items()},
        },
        webhook_secret=settings.webhook_secret,
    )
    pulumi.export("routes", routes(config))
    pulumi.export("keys", pulumi.Output.secret(keys))
    if webhooks:
        pulumi.export("webhooks", pulumi.Output.secret(webhooks))
    pulumi.export("alivemcp", alivemcp(settings, config, bridge))


def worker_name(stack: str) -> str:
    """Return what the stack's Worker is called at Cloudflare: its own, so that none replaces another."""
    return f"alivemcp-bridge-{re.sub('[^a-z0-9]+', '-', stack.lower()).strip('-')}"[:63].rstrip("-")


def routes(config: BridgeConfig) -> dict[str, Any]:
    """Return who is paged for each server, by names and key ids only."""
    return {
        slug: {
            "team": config.routes[route].team,
            "tier": config.routes[route].tier,
            "severity": config.routes[route].severity,
            "pages_through": [delivery.key for delivery in config.routes[route].deliveries],
        }
        for slug, route in config.servers.items()
    }


def alivemcp(settings: Settings, config: BridgeConfig, bridge: Bridge) -> dict[str, pulumi.Input[str]]:
    """Return what has to be set at AliveMCP."""
    url = settings.bridge_url or f"https://{config.name}.<your subdomain>.workers.dev"
    header, content = SIGNATURES[config.signature]
    return {
        "webhook_url": f"{url.rstrip('/')}/alivemcp",
        "signature_header": header,
        "signature": content,
        "secret": bridge.webhook_secret,
    }


def _pagerduty(settings: Settings, where: Where) -> Account:
    if settings.pagerduty_token is None:
        raise pulumi.RunError("teams page through PagerDuty: set its token, pulumi config set --secret pagerdutyToken")
    return pagerduty_account(settings.pagerduty_token, settings.pagerduty_url, settings.pagerduty_region, where)


def _opsgenie(settings: Settings, where: Where) -> Account:  # noqa: ARG001 - nobody is looked up there
    if settings.opsgenie_api_key is None:
        raise pulumi.RunError("teams page through OpsGenie: set its key, pulumi config set --secret opsgenieApiKey")
    return opsgenie_account(settings.opsgenie_api_key, settings.opsgenie_api_url)


ACCOUNTS: Mapping[str, Callable[[Settings, Where], Account]] = {"pagerduty": _pagerduty, "opsgenie": _opsgenie}

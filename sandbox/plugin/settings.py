"""What the provider is told: its configuration at the engine, the environment, the stand-in's own switch."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.plugin.errors import PluginError
from sandbox.plugin.instants import parse_instant
from sandbox.plugin.values import Value

PAUSE_VARIABLE = "SANDBOX_PLUGIN_PAUSE"
"""Environment variable: seconds between two tries, where the official plugin waits 2 s."""

DEFAULT_PAUSE = 0.05

NOW_VARIABLE = "SANDBOX_PLUGIN_NOW"
"""Environment variable: the instant (RFC 3339) the plugin takes for now, where the official plugin knows only the real
clock."""


@dataclass(frozen=True)
class Settings:
    """Where PagerDuty is and how to speak to it; `pause` is in seconds, `now` None for the real clock."""

    base_url: str
    token: str = field(repr=False)
    check_credentials: bool = True
    pause: float = DEFAULT_PAUSE
    now: datetime | None = None


def settings_of(config: Mapping[str, Value], environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings from the provider's configuration (names as in the SDK; booleans may be JSON text)."""
    if config.get("useAppOauthScopedToken"):
        raise PluginError("the stand-in plugin does not know useAppOauthScopedToken: give a token")
    token = config.get("token") or environ.get("PAGERDUTY_TOKEN")
    if not token:
        raise PluginError("no PagerDuty token: set the provider's token or PAGERDUTY_TOKEN")
    region = str(config.get("serviceRegion") or environ.get("PAGERDUTY_SERVICE_REGION") or "us").lower()
    host = "api.pagerduty.com" if region == "us" else f"api.{region}.pagerduty.com"
    try:
        pause = float(environ.get(PAUSE_VARIABLE, DEFAULT_PAUSE))
    except ValueError:
        raise PluginError(f"{PAUSE_VARIABLE} must be a number of seconds") from None
    text = environ.get(NOW_VARIABLE)
    try:
        now = parse_instant(text) if text else None
    except ValueError as error:
        raise PluginError(f"{NOW_VARIABLE}: {error}") from None
    return Settings(
        # Joined with paths as plain text, like upstream: a trailing slash gives `//`.
        base_url=str(config.get("apiUrlOverride") or f"https://{host}"),
        token=str(token),
        check_credentials=config.get("skipCredentialsValidation") not in (True, "true"),
        pause=pause,
        now=now,
    )

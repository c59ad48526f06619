"""What makes an integration an outgoing webhook: where it posts to, with which headers, of which alerts.

OpsGenie signs nothing: who receives its webhooks tells them by a header of their own, set here. Shapes: opsgenie-oas
`WebhookIntegration`, `BaseWebhookCallback`, `AlertFilter`; docs.opsgenie.com/v1.0/docs/webhook-integration.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.opsgenie.criteria import EVERYTHING, Criteria, read_criteria
from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.fields import Fields

WEBHOOK = "Webhook"
URL_LIMIT = 2_048
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Outgoing:
    """The settings of one outgoing webhook; headers may hold a secret."""

    url: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    with_details: bool = False
    with_description: bool = False
    criteria: Criteria = EVERYTHING

    def on_loopback(self) -> bool:
        """Tell whether it posts to this machine."""
        return urlsplit(self.url).hostname in LOOPBACK

    def wire(self) -> dict[str, Any]:
        """Return the settings as the API writes them in an integration."""
        return {
            "url": self.url,
            "headers": self.headers,
            "addAlertDetails": self.with_details,
            "addAlertDescription": self.with_description,
            "alertFilter": self.criteria.wire("conditionMatchType"),
        }


def read_outgoing(fields: Fields) -> Outgoing:
    """Return the webhook settings of an integration's request; 422 without a usable `url`."""
    url = fields.text("url", required=True, limit=URL_LIMIT, cut=False)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    headers = fields.table("headers")
    if not usable:
        raise invalid("url", "must be an http or https address")
    if not all(name.isascii() and text.isascii() and (name + text).isprintable() for name, text in headers.items()):
        raise invalid("headers", "must be printable ASCII")
    return Outgoing(
        url=url,
        headers=headers,
        with_details=fields.flag("addAlertDetails", default=False),
        with_description=fields.flag("addAlertDescription", default=False),
        criteria=read_criteria(fields.inner("alertFilter"), "conditionMatchType"),
    )

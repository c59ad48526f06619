"""What stands around services: maintenance windows, webhook subscriptions and event orchestrations."""

import zlib
from typing import Final

from sandbox.plugin.api import Again, Half
from sandbox.plugin.codecs import ONLY_ITEM, Codec, references
from sandbox.plugin.common import DESCRIPTION, FLAG, NAME, TEXT
from sandbox.plugin.errors import ApiError
from sandbox.plugin.fields import Field
from sandbox.plugin.handler import After, Handler, Kind, Tries
from sandbox.plugin.instants import same_instant
from sandbox.plugin.rules import full_minute, one_of
from sandbox.plugin.values import Value, Values

REDACTED: Final = "-- redacted --"
"""What PagerDuty answers in place of a custom header's value."""


def _in_set_order(ids: list[str]) -> list[str]:
    """Ids in the order upstream sends a set's members in: by their checksums, compared as text."""
    return sorted(ids, key=lambda one: str(zlib.crc32(one.encode())))


_services = references("service_reference")
SERVICES: Final = Codec(
    encode=lambda value: _services.encode(_in_set_order(value)),
    decode=lambda raw: _in_set_order(_services.decode(raw)),
)
"""Service ids whose order means nothing."""


class MaintenanceWindowHandler(Handler):
    """A window that is over cannot be deleted (405): it counts as gone."""

    async def delete(self, resource_id: str, state: Values) -> None:
        """Removes a window that is to come, ends one that is under way."""
        try:
            await super().delete(resource_id, state)
        except ApiError as error:
            if error.status != 405:
                raise


def _instant(name: str) -> Field:
    return Field(name, required=True, replaces=True, rule=full_minute, same=lambda old, new, _: same_instant(old, new))


MAINTENANCE_WINDOW: Final = Kind(
    token="pagerduty:index/maintenanceWindow:MaintenanceWindow",  # noqa: S106 (a type, no secret)
    half=Half.SDK,
    collection="/maintenance_windows",
    wrapper="maintenance_window",
    handler=MaintenanceWindowHandler,
    created=After.PLAN,
    updated=After.PLAN,
    fields=(
        _instant("startTime"),
        _instant("endTime"),
        Field("services", "strings", required=True, unordered=True, codec=SERVICES),
        DESCRIPTION,
    ),
)

WEBHOOK_SUBSCRIPTION: Final = Kind(
    token="pagerduty:index/webhookSubscription:WebhookSubscription",  # noqa: S106
    half=Half.SDK,
    collection="/webhook_subscriptions",
    wrapper="webhook_subscription",
    handler=Handler,
    ask={},
    updated=After.ANSWER,
    tries=Tries(create=Again.BAD_REQUEST),
    fields=(
        Field("type", default="webhook_subscription", rule=one_of("webhook_subscription")),
        Field("active", "boolean", computed=True, blank=False, codec=FLAG),
        Field("description"),
        Field(
            "deliveryMethods",
            "object",
            wire="delivery_method",
            required=True,
            many=True,
            codec=ONLY_ITEM,
            fields=(
                Field("type", default="http_delivery_method", rule=one_of("http_delivery_method")),
                Field("url"),
                Field("temporarilyDisabled", "boolean", computed=True, codec=FLAG),
                # The secret that signs deliveries stands in the answer to the POST only, and upstream drops it.
                Field(
                    "customHeaders",
                    "object",
                    many=True,
                    blank=None,
                    fields=(
                        Field("name", required=True),
                        Field("value", required=True, replaces=True, same=lambda old, *_: old == REDACTED),
                    ),
                ),
            ),
        ),
        Field("events", "strings", required=True),
        Field(
            "filters",
            "object",
            wire="filter",
            required=True,
            many=True,
            codec=ONLY_ITEM,
            fields=(
                Field("id"),
                Field("type", required=True, rule=one_of("service_reference", "team_reference", "account_reference")),
            ),
        ),
    ),
)


def _team_id(raw: Value) -> Value:
    return raw.get("id") if raw else None


EVENT_ORCHESTRATION: Final = Kind(
    token="pagerduty:index/eventOrchestration:EventOrchestration",  # noqa: S106
    half=Half.SDK,
    collection="/event_orchestrations",
    wrapper="orchestration",
    handler=Handler,
    ask={},
    created=After.ANSWER,
    updated=After.PLAN,
    tries=Tries(create=Again.BAD_REQUEST, update=Again.BAD_REQUEST),
    fields=(
        NAME,
        Field("description", blank="", codec=TEXT),
        Field("team", blank={"id": None}, sticky=True, codec=Codec(lambda value: {"id": value}, _team_id)),
        Field("routes", "integer", output=True, codec=Codec(decode=lambda raw: raw or 0)),
        Field(
            "integrations",
            "object",
            output=True,
            many=True,
            sticky=True,
            fields=(
                Field("id", output=True),
                Field("label", output=True, codec=TEXT),
                Field(
                    "parameters",
                    "object",
                    output=True,
                    many=True,
                    codec=ONLY_ITEM,
                    fields=(Field("routingKey", output=True), Field("type", output=True)),
                ),
            ),
        ),
    ),
)

"""How people are reached: their contact methods and notification rules, both below the user."""

from typing import Any, Final

from sandbox.plugin.api import Half
from sandbox.plugin.common import FLAG
from sandbox.plugin.errors import ApiError, PluginError
from sandbox.plugin.fields import Field
from sandbox.plugin.handler import Handler, Kind
from sandbox.plugin.rules import between, one_of
from sandbox.plugin.values import Values, is_unknown

NOT_UNIQUE: Final = "User Contact method must be unique"

_PHONES: Final = ("phone_contact_method", "sms_contact_method")
_TYPES: Final = ("email_contact_method", *_PHONES, "push_notification_contact_method")
_MAX_PHONE: Final = 40
_MEXICO: Final = 52
_TRUNK_PREFIXES: Final = {1: "1", 33: "0", 40: "0", 44: "0", 45: "0", 49: "0", 61: "0", 66: "0", 91: "0"}
"""Country code -> the digit that leads a number at home, and not from abroad: upstream refuses it before any call."""


class ContactMethodHandler(Handler):
    """A method that is there already is taken over; one that stands in an update's way is deleted first."""

    async def post(self, values: Values) -> Values:
        """The new method, or the present one of the same type, address and country."""
        try:
            return await super().post(values)
        except ApiError as error:
            if NOT_UNIQUE not in str(error):
                raise
            return await self._same(values, error)

    async def put(self, resource_id: str, old: Values, planned: Values) -> Any:  # noqa: ARG002
        """The PUT, twice where another method of the user had to make way."""
        path, body = self.item(resource_id, planned), {"contact_method": {**self.body(planned), "id": resource_id}}
        try:
            return await self.send("PUT", path, body)
        except ApiError as error:
            if NOT_UNIQUE not in str(error):
                raise
            other = await self._same(planned, error)
            await self.send("DELETE", self.item(str(other["id"]), planned))
            answer = await self.send("PUT", path, body)
            await self._same(planned, error)
            return answer

    async def _same(self, values: Values, refusal: ApiError) -> Values:
        """The user's method that is the same as the wanted one; the refusal itself where there is none."""
        wanted = self.body(values)
        answer = await self.send("GET", self.collection(values))
        for method in answer.get("contact_methods", []):
            if all(_plain(method, key) == _plain(wanted, key) for key in ("type", "address", "country_code")):
                return self.unwrap(await self.send("GET", self.item(str(method["id"]), values)))
        raise PluginError(f"{refusal} (and none of the user's methods is the same)") from refusal


def _plain(method: Values, key: str) -> Any:
    return method.get(key) or None


def phone_problems(values: Values) -> list[tuple[str, str]]:
    """What upstream refuses in a contact method's number or device, as (property path, reason) pairs."""
    sort, address, country = values.get("type"), values.get("address"), values.get("countryCode")
    if sort == "push_notification_contact_method" and values.get("deviceType") not in ("android", "ios"):
        return [("deviceType", "a push method needs android or ios")]
    if sort not in _PHONES or not isinstance(address, str) or is_unknown(address):
        return []
    if len(address) > _MAX_PHONE:
        return [("address", f"phone numbers may not exceed {_MAX_PHONE} characters")]
    if set(address) - set("0123456789,*#"):
        return [("address", "phone numbers hold only digits, comma, asterisk and pound sign")]
    if sort == "sms_contact_method" and country == _MEXICO and address.startswith("1"):
        return [("address", "Mexican numbers for SMS have no leading 1")]
    prefix = _TRUNK_PREFIXES.get(country) if isinstance(country, int) else None
    if prefix and address.startswith(prefix):
        return [("address", f"numbers of country {country} are written without the leading {prefix}")]
    return []


USER_CONTACT_METHOD: Final = Kind(
    token="pagerduty:index/userContactMethod:UserContactMethod",  # noqa: S106 (a type, no secret)
    half=Half.FRAMEWORK,
    collection="/users/{userId}/contact_methods",
    wrapper="contact_method",
    handler=ContactMethodHandler,
    absence_is_deletion=True,
    above="userId",
    rule=phone_problems,
    fields=(
        Field("userId", wire=None, required=True),
        Field("type", required=True, rule=one_of(*_TYPES)),
        Field("label", required=True, blank=""),
        Field("address", required=True, blank=""),
        Field("countryCode", "integer", computed=True, unsettled=True),
        Field("deviceType", sticky=True),
        Field("sendShortEmail", "boolean", default=False, codec=FLAG),
        Field("enabled", "boolean", output=True, codec=FLAG),
        Field("blacklisted", "boolean", output=True, codec=FLAG),
    ),
)


class NotificationRuleHandler(Handler):
    """Bodies hold what the client's structs hold, empty texts included."""

    def body(self, values: Values) -> Values:
        """The rule, with its reference to the contact method as a method without label and address."""
        body = super().body(values)
        method = {**body.get("contact_method", {}), "label": "", "address": ""}
        return {**body, "type": "assignment_notification_rule", "created_at": "", "contact_method": method}

    async def put(self, resource_id: str, old: Values, planned: Values) -> Any:  # noqa: ARG002
        """The PUT; its body names the rule too."""
        body = {"notification_rule": {**self.body(planned), "id": resource_id}}
        return await self.send("PUT", self.item(resource_id, planned), body)


USER_NOTIFICATION_RULE: Final = Kind(
    token="pagerduty:index/userNotificationRule:UserNotificationRule",  # noqa: S106
    half=Half.FRAMEWORK,
    collection="/users/{userId}/notification_rules",
    wrapper="notification_rule",
    handler=NotificationRuleHandler,
    absence_is_deletion=True,
    above="userId",
    fields=(
        Field("userId", wire=None, required=True),
        Field("startDelayInMinutes", "integer", required=True, blank=0, rule=between(0, 1_000_000)),
        Field("urgency", required=True, rule=one_of("high", "low")),
        Field(
            "contactMethod",
            "object",
            fields=(
                Field("id", required=True),
                Field("type", required=True, rule=one_of(*_TYPES, "whatsapp_contact_method")),
            ),
        ),
    ),
)

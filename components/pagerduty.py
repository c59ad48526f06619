"""The PagerDuty account: official SDK classes, people found by one list call, integration keys kept secret."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_pagerduty as pagerduty

from components.account import Account, Kinds
from components.failures import Where, nowhere, way_out
from components.parents import letting_go
from oncall import sdk
from oncall.clients.pagerduty import DEFAULT_URL, EU_URL


class PagerDutyTeam(pulumi.ComponentResource):
    """Everything of one team at PagerDuty."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("oncall:components:PagerDutyTeam", name, None, opts)


def _service_integration(
    resource: str, /, *, opts: pulumi.ResourceOptions, **properties: Any
) -> pagerduty.ServiceIntegration:
    # The SDK does not mark the key, so without this it would stand in the state in clear.
    secret = pulumi.ResourceOptions(additional_secret_outputs=["integrationKey"])
    return pagerduty.ServiceIntegration(resource, **properties, opts=pulumi.ResourceOptions.merge(opts, secret))


def _user(resource: str, /, *, opts: pulumi.ResourceOptions, **properties: Any) -> pagerduty.User:
    return pagerduty.User(resource, **properties, opts=_settled(opts, properties, "job_title", "jobTitle"))


def _business_service(
    resource: str, /, *, opts: pulumi.ResourceOptions, **properties: Any
) -> pagerduty.BusinessService:
    settled = _settled(opts, properties, "point_of_contact", "pointOfContact")
    return pagerduty.BusinessService(resource, **properties, opts=settled)


def _settled(
    opts: pulumi.ResourceOptions, properties: Mapping[str, Any], ours: str, name: str
) -> pulumi.ResourceOptions:
    # The plugin sends nothing for a text that is taken out: it would stay there, and every `up` try again.
    kept = None if ours in properties else [name]
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=kept))


KINDS: Kinds = {
    "pagerduty:User": _user,
    "pagerduty:ContactMethod": sdk.PagerdutyContactMethod,
    "pagerduty:NotificationRule": sdk.PagerdutyNotificationRule,
    "pagerduty:Team": pagerduty.Team,
    "pagerduty:TeamMembership": pagerduty.TeamMembership,
    "pagerduty:Schedule": pagerduty.Schedule,
    "pagerduty:Schedulev2": pagerduty.Schedulev2,
    "pagerduty:ScheduleOverride": sdk.PagerdutyScheduleOverride,
    "pagerduty:ShiftOverride": sdk.PagerdutyShiftOverride,
    "pagerduty:CustomShift": sdk.PagerdutyCustomShift,
    "pagerduty:EscalationPolicy": pagerduty.EscalationPolicy,
    "pagerduty:Service": pagerduty.Service,
    "pagerduty:ServiceIntegration": _service_integration,
    "pagerduty:MaintenanceWindow": sdk.PagerdutyMaintenanceWindow,
    "pagerduty:Tag": pagerduty.Tag,
    "pagerduty:TagAssignment": pagerduty.TagAssignment,
    "pagerduty:BusinessService": _business_service,
    "pagerduty:ServiceDependency": pagerduty.ServiceDependency,
    "pagerduty:WebhookSubscription": sdk.PagerdutyWebhookSubscription,
}

OWN_KINDS = (
    "pagerduty:ContactMethod",
    "pagerduty:NotificationRule",
    "pagerduty:ScheduleOverride",
    "pagerduty:ShiftOverride",
    "pagerduty:CustomShift",
    "pagerduty:MaintenanceWindow",
    "pagerduty:WebhookSubscription",
)
"""The kinds of our own provider: the official one has no overrides, can't take over what a person has already, asks for
the deletion of windows that are over, and throws a webhook's secret away."""


def pagerduty_account(
    token: pulumi.Input[str], url: str = DEFAULT_URL, region: str | None = None, where: Where = nowhere
) -> Account:
    """Return the account the token opens at `url`; `where` tells where a path of the inventory stands."""
    provider = pagerduty.Provider(
        "pagerduty",
        token=pulumi.Output.secret(token),
        api_url_override=url if url not in (DEFAULT_URL, EU_URL) else None,
        service_region=region,
        opts=pulumi.ResourceOptions(additional_secret_outputs=["token"]),
    )

    def people(found_by: Mapping[str, Mapping[str, Any]]) -> Mapping[str, pulumi.Output[str]]:
        wanted = {key: str(properties["email"]) for key, properties in found_by.items()}
        ids: pulumi.Output[dict[str, str]] = pulumi.Output.from_input(_ids(provider, wanted, url, where))
        return {key: ids[key] for key in wanted}

    def devices(found_by: Mapping[str, Mapping[str, Any]]) -> Mapping[str, pulumi.Output[str]]:
        return {
            key: pulumi.Output.all(**properties).apply(lambda wanted: _device(provider, wanted))
            for key, properties in found_by.items()
        }

    hooks = pulumi.ResourceHookBinding(before_update=[*letting_go(url, pulumi.Output.secret(token))])

    def team(resource: str, /, *, opts: pulumi.ResourceOptions, **properties: Any) -> pagerduty.Team:
        merged = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(hooks=hooks))
        return pagerduty.Team(resource, **properties, opts=merged)

    finders = {"pagerduty:User": people, "pagerduty:ContactMethod": devices}

    # Always there: made for what needs it, it would go with the last override that is over.
    own = sdk.Provider("pagerduty-rest", pagerduty_token=token, pagerduty_api_url=url)
    kinds = {**KINDS, "pagerduty:Team": team}
    return Account(kinds, PagerDutyTeam, provider, finders, dict.fromkeys(OWN_KINDS, own))


async def _device(provider: pagerduty.Provider, wanted: Mapping[str, Any]) -> str:
    """Return the id of the contact method that the app registered for a user under this label."""
    given = {"userId": wanted["user_id"], "type": wanted["type"], "label": wanted["label"]}
    options = pulumi.InvokeOptions(provider=provider)
    function = "pagerduty:index/getUserContactMethod:getUserContactMethod"
    try:
        answer = await pulumi.runtime.invoke_async(function, given, options)
    except Exception as fault:  # noqa: BLE001 - the SDK raises no class of its own; its text ends in what PagerDuty said
        what = str(fault).rpartition("error: ")[2]
        raise pulumi.RunError(
            f"PagerDuty knows no device {wanted['label']!r}: log in to the app on it, or mend `device` ({what})"
        ) from None
    return str(answer["id"])


async def _ids(provider: pagerduty.Provider, wanted: Mapping[str, str], url: str, where: Where) -> dict[str, str]:
    """Return the vendor's id for each key of `wanted` (key -> e-mail), by one list call."""
    options = pulumi.InvokeOptions(provider=provider)
    try:
        answer = await pulumi.runtime.invoke_async("pagerduty:index/getUsers:getUsers", {}, options)
    except Exception as fault:  # noqa: BLE001 - the SDK raises no class of its own; its text ends in what PagerDuty said
        said = str(fault).rpartition("error: ")[2]
        way = way_out(said, url)
        raise pulumi.RunError(f"PagerDuty's people can't be listed: {said}{f'; {way}' if way else ''}") from None
    return matched(wanted, {user["email"].lower(): user["id"] for user in answer["users"]}, where)


def matched(wanted: Mapping[str, str], known: Mapping[str, str], where: Where = nowhere) -> dict[str, str]:
    """Return the id for each key of `wanted` (key -> e-mail) from `known` (lower-case e-mail -> id).

    Raises RunError naming everybody who is not known, and where they stand.
    """
    missing = [
        f"{key} <{email}>" + (f" ({place})" if (place := where(("people", key))) else "")
        for key, email in wanted.items()
        if email.lower() not in known
    ]
    if missing:
        raise pulumi.RunError(
            f"PagerDuty has no user for {', '.join(missing)}: invite them there, mend the e-mail in the inventory, "
            "or write `manage: all` on the person to have the user made"
        )
    return {key: known[email.lower()] for key, email in wanted.items()}

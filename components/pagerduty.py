"""The PagerDuty account: official SDK classes, people found by one list call, integration keys kept secret."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_pagerduty as pagerduty

from components.account import Account, Kinds
from oncall.resource import Resource


class PagerDutyTeam(pulumi.ComponentResource):
    """Everything of one team at PagerDuty."""

    def __init__(self, name: str) -> None:
        super().__init__("oncall:components:PagerDutyTeam", name)


def _service_integration(
    resource: str, /, *, opts: pulumi.ResourceOptions, **properties: Any
) -> pagerduty.ServiceIntegration:
    # The SDK does not mark the key, so without this it would stand in the state in clear.
    secret = pulumi.ResourceOptions(additional_secret_outputs=["integrationKey"])
    return pagerduty.ServiceIntegration(resource, **properties, opts=pulumi.ResourceOptions.merge(opts, secret))


KINDS: Kinds = {
    "pagerduty:User": pagerduty.User,
    "pagerduty:Team": pagerduty.Team,
    "pagerduty:TeamMembership": pagerduty.TeamMembership,
    "pagerduty:Schedule": pagerduty.Schedule,
    "pagerduty:EscalationPolicy": pagerduty.EscalationPolicy,
    "pagerduty:Service": pagerduty.Service,
    "pagerduty:ServiceIntegration": _service_integration,
}


def pagerduty_account(token: pulumi.Input[str], api_url: str | None = None, region: str | None = None) -> Account:
    """Return the account the token opens; `api_url` only where it is not PagerDuty's own."""
    provider = pagerduty.Provider(
        "pagerduty",
        token=pulumi.Output.secret(token),
        api_url_override=api_url,
        service_region=region,
        opts=pulumi.ResourceOptions(additional_secret_outputs=["token"]),
    )

    def find(people: Sequence[Resource]) -> Mapping[str, pulumi.Output[str]]:
        wanted = {person.key: str(person.properties["email"]) for person in people}
        if not wanted:
            return {}
        ids: pulumi.Output[dict[str, str]] = pulumi.Output.from_input(_ids(provider, wanted))
        return {key: ids[key] for key in wanted}

    return Account(KINDS, PagerDutyTeam, provider, find)


async def _ids(provider: pagerduty.Provider, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the vendor's id for each key of `wanted` (key -> e-mail), by one list call."""
    options = pulumi.InvokeOptions(provider=provider)
    try:
        answer = await pulumi.runtime.invoke_async("pagerduty:index/getUsers:getUsers", {}, options)
    except Exception as fault:  # noqa: BLE001 - the SDK raises no class of its own; its text ends in what PagerDuty said
        raise pulumi.RunError(f"PagerDuty's people can't be listed: {str(fault).rpartition('error: ')[2]}") from None
    return matched(wanted, {user["email"].lower(): user["id"] for user in answer["users"]})


def matched(wanted: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the id for each key of `wanted` (key -> e-mail) from `known` (lower-case e-mail -> id).

    Raises RunError naming everybody who is not known.
    """
    missing = [f"{key} <{email}>" for key, email in wanted.items() if email.lower() not in known]
    if missing:
        raise pulumi.RunError(
            f"PagerDuty has no user for {', '.join(missing)}: invite them there, mend the e-mail in the inventory, "
            "or write `manage: all` on the person to have the user made"
        )
    return {key: known[email.lower()] for key, email in wanted.items()}

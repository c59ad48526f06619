"""The OpsGenie account: classes of our own provider; people are named by e-mail, so nothing is looked up."""

import pulumi

from components.account import Account, Kinds
from oncall import sdk


class OpsGenieTeam(pulumi.ComponentResource):
    """Everything of one team at OpsGenie."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("oncall:components:OpsGenieTeam", name, None, opts)


KINDS: Kinds = {
    "opsgenie:User": sdk.User,
    "opsgenie:Contact": sdk.Contact,
    "opsgenie:NotificationRule": sdk.NotificationRule,
    "opsgenie:Team": sdk.Team,
    "opsgenie:TeamMember": sdk.TeamMember,
    "opsgenie:Schedule": sdk.Schedule,
    "opsgenie:Rotation": sdk.Rotation,
    "opsgenie:ScheduleOverride": sdk.ScheduleOverride,
    "opsgenie:Escalation": sdk.Escalation,
    "opsgenie:RoutingRule": sdk.RoutingRule,
    "opsgenie:AlertPolicy": sdk.AlertPolicy,
    "opsgenie:NotificationPolicy": sdk.NotificationPolicy,
    "opsgenie:ApiIntegration": sdk.ApiIntegration,
    "opsgenie:Heartbeat": sdk.Heartbeat,
    "opsgenie:Maintenance": sdk.Maintenance,
    "opsgenie:Service": sdk.Service,
}


def opsgenie_account(api_key: pulumi.Input[str], api_url: str | None = None) -> Account:
    """Return the account the key opens; `api_url` is https://api.eu.opsgenie.com for EU accounts."""
    provider = sdk.Provider("opsgenie", opsgenie_api_key=api_key, opsgenie_api_url=api_url)
    return Account(KINDS, OpsGenieTeam, provider, {})

"""The OpsGenie account: classes of our own provider; people are named by e-mail, so nothing is looked up."""

from collections.abc import Mapping, Sequence

import pulumi

from components.account import Account, Kinds
from oncall import sdk
from oncall.resource import Resource


class OpsGenieTeam(pulumi.ComponentResource):
    """Everything of one team at OpsGenie."""

    def __init__(self, name: str) -> None:
        super().__init__("oncall:components:OpsGenieTeam", name)


KINDS: Kinds = {
    "opsgenie:User": sdk.User,
    "opsgenie:Team": sdk.Team,
    "opsgenie:Schedule": sdk.Schedule,
    "opsgenie:Rotation": sdk.Rotation,
    "opsgenie:Escalation": sdk.Escalation,
    "opsgenie:RoutingRule": sdk.RoutingRule,
    "opsgenie:ApiIntegration": sdk.ApiIntegration,
    "opsgenie:Heartbeat": sdk.Heartbeat,
}


def opsgenie_account(api_key: pulumi.Input[str], api_url: str | None = None) -> Account:
    """Return the account the key opens; `api_url` is https://api.eu.opsgenie.com for EU accounts."""
    provider = sdk.Provider("opsgenie", opsgenie_api_key=api_key, opsgenie_api_url=api_url)
    return Account(KINDS, OpsGenieTeam, provider, _nobody)


def _nobody(people: Sequence[Resource]) -> Mapping[str, pulumi.Output[str]]:
    assert not people, "OpsGenie's resources name people by e-mail"  # noqa: S101 - a promise of targets.opsgenie
    return {}

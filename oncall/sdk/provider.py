"""The provider as a resource: an account at OpsGenie, one at PagerDuty, or both."""

from __future__ import annotations

import pulumi


class Provider(pulumi.ProviderResource):
    """The vendors' accounts. Resources without one use the stack's `oncall:opsgenieApiKey` and `oncall:pagerdutyToken`.

    The PagerDuty account is for what its own plugin lacks: overrides.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        opsgenie_api_key: pulumi.Input[str] | None = None,
        opsgenie_api_url: pulumi.Input[str] | None = None,
        pagerduty_token: pulumi.Input[str] | None = None,
        pagerduty_api_url: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        marked = pulumi.ResourceOptions(additional_secret_outputs=["opsgenieApiKey", "pagerdutyToken"])
        props = {
            "opsgenieApiKey": None if opsgenie_api_key is None else pulumi.Output.secret(opsgenie_api_key),
            "opsgenieApiUrl": opsgenie_api_url,
            "pagerdutyToken": None if pagerduty_token is None else pulumi.Output.secret(pagerduty_token),
            "pagerdutyApiUrl": pagerduty_api_url,
        }
        super().__init__("oncall", resource_name, props, pulumi.ResourceOptions.merge(opts, marked))

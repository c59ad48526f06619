"""The provider as a resource: one account at OpsGenie."""

from __future__ import annotations

import pulumi


class Provider(pulumi.ProviderResource):
    """An OpsGenie account. Resources without one use the stack's `oncall:opsgenieApiKey` setting."""

    def __init__(
        self,
        resource_name: str,
        *,
        opsgenie_api_key: pulumi.Input[str] | None = None,
        opsgenie_api_url: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        marked = pulumi.ResourceOptions(additional_secret_outputs=["opsgenieApiKey"])
        key = None if opsgenie_api_key is None else pulumi.Output.secret(opsgenie_api_key)
        props = {"opsgenieApiKey": key, "opsgenieApiUrl": opsgenie_api_url}
        super().__init__("oncall", resource_name, props, pulumi.ResourceOptions.merge(opts, marked))

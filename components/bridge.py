"""The bridge as a component: the Worker's files and, in one file of mode 0600, the keys this very run created."""

from collections.abc import Mapping

import pulumi

from oncall import sdk


class Bridge(pulumi.ComponentResource):
    """The bundle in a directory, ready for `wrangler deploy` or for workerd.

    `files` is what `oncall.bridge.render` made, `keys` maps key ids to the keys as the vendors gave them.
    """

    webhook_secret: pulumi.Output[str]
    """What AliveMCP must sign with: the given secret, else one that was made once and is kept."""

    def __init__(
        self,
        name: str,
        *,
        directory: str,
        files: Mapping[str, str],
        keys: Mapping[str, pulumi.Output[str]],
        webhook_secret: pulumi.Input[str] | None = None,
    ) -> None:
        super().__init__("oncall:components:Bridge", name)
        bundle = sdk.Bundle(
            name,
            directory=directory,
            files=files,
            keys=pulumi.Output.secret(keys),
            webhook_secret=webhook_secret,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.webhook_secret = pulumi.Output.secret(bundle.webhook_secret)
        self.register_outputs({})

"""Program-side classes of the bridge module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi import Input, Output

from oncall.sdk._resource import OncallResource


class Bundle(OncallResource):
    """The bridge as files in a directory, with one file that holds its secrets (mode 0600).

    `files` maps a relative path to its text; `keys` maps a key id to the key. Without `webhook_secret` one is made
    and kept.
    """

    token = "oncall:bridge:Bundle"  # noqa: S105 - a type token
    wire_names = {"webhook_secret": "webhookSecret", "secret_names": "secretNames"}  # noqa: RUF012
    computed = ("secret_names", "written")
    secret = ("keys", "webhook_secret")

    directory: Output[str]
    files: Output[Mapping[str, str]]
    keys: Output[Mapping[str, str]]
    webhook_secret: Output[str]
    secret_names: Output[Sequence[str]]
    written: Output[Mapping[str, str]]

    def __init__(
        self,
        resource_name: str,
        *,
        directory: Input[str],
        files: Input[Mapping[str, Input[str]]],
        keys: Input[Mapping[str, Input[str]]],
        webhook_secret: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "directory": directory,
            "files": files,
            "keys": pulumi.Output.secret(keys),
            "webhook_secret": None if webhook_secret is None else pulumi.Output.secret(webhook_secret),
        }
        super().__init__(resource_name, inputs, opts)

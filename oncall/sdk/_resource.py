"""What all our program-side classes share: names, secret outputs, reading an existing object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import pulumi


class OncallResource(pulumi.CustomResource):
    """A resource of the `oncall` plugin.

    Top-level names are snake_case in Python and camelCase at the wire; a nested mapping is given, and comes back,
    as the wire has it (`{"startHour": 9}`), so that a plain `Resource` value can be passed on unchanged.
    """

    token: ClassVar[str]
    wire_names: ClassVar[Mapping[str, str]] = {}
    """Python name -> wire name, for the names of this class that differ."""
    computed: ClassVar[tuple[str, ...]] = ()
    """Python names of outputs that are no inputs."""
    secret: ClassVar[tuple[str, ...]] = ()
    """Python names of the properties the engine must keep encrypted, whatever the plugin says."""

    def __init__(
        self, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        marked = pulumi.ResourceOptions(additional_secret_outputs=[*self.secret]) if self.secret else None
        props = {**inputs, **dict.fromkeys(self.computed)}
        super().__init__(self.token, resource_name, props, pulumi.ResourceOptions.merge(opts, marked))

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002 - the word every Pulumi SDK uses here
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Look at an object that exists already, without managing it. `id` as `pulumi import` takes it."""
        found = cls.__new__(cls)
        named = dict.fromkeys(name for name in cls.__annotations__ if not name.startswith("_"))
        OncallResource.__init__(
            found, resource_name, named, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        )
        return found

    def translate_input_property(self, prop: str) -> str:
        """The wire's name of a Python name."""
        return self.wire_names.get(prop, prop)

    def translate_output_property(self, prop: str) -> str:
        """The Python name of a wire name."""
        return {wire: name for name, wire in self.wire_names.items()}.get(prop, prop)

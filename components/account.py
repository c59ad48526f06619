"""From plain resources to the engine's: one vendor account, its resources grouped under a component per team."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi

from oncall.resource import Ref, Resource, Value

Finder = Callable[[Sequence[Resource]], Mapping[str, pulumi.Output[str]]]
"""Takes the look-ups of a run and returns the vendor id of each, by key; one list call, however many there are."""

Kinds = Mapping[str, Callable[..., pulumi.CustomResource]]
"""Resource kind -> SDK class."""


class Account:
    """One vendor account during a run of the program.

    `declare` registers the resources of one target; afterwards `output` gives a value of any of them.
    """

    def __init__(
        self,
        kinds: Kinds,
        team: Callable[[str], pulumi.ComponentResource],
        provider: pulumi.ProviderResource,
        find: Finder,
    ) -> None:
        self._kinds = kinds
        self._team = team
        self._provider = provider
        self._find = find
        self._wanted: dict[tuple[str, str], Resource] = {}
        self._made: dict[tuple[str, str], pulumi.CustomResource] = {}
        self._found: Mapping[str, pulumi.Output[str]] = {}
        self._teams: dict[str, pulumi.ComponentResource] = {}

    def declare(self, resources: Sequence[Resource]) -> None:
        """Register every resource, those it refers to first; finish the teams' components."""
        self._wanted = {(resource.kind, resource.key): resource for resource in resources}
        self._found = self._find([resource for resource in resources if resource.lookup])
        for resource in resources:
            if not resource.lookup:
                self._make(resource)
        for component in self._teams.values():
            component.register_outputs({})

    def output(self, ref: Ref) -> pulumi.Output[Any]:
        """Return a value of a declared resource, making that resource first where its turn has not come yet."""
        resource = self._wanted[ref.kind, ref.key]
        if resource.lookup:
            return self._found[ref.key]
        output: pulumi.Output[Any] = getattr(self._make(resource), ref.field)
        return output

    def keys(self, kind: str) -> list[str]:
        """Return the keys of all declared resources of a kind."""
        return [key for (each, key) in self._wanted if each == kind]

    def _make(self, resource: Resource) -> pulumi.CustomResource:
        place = (resource.kind, resource.key)
        if place not in self._made:
            options = pulumi.ResourceOptions(
                provider=self._provider,
                parent=self._component(resource.team) if resource.team else None,
                depends_on=[
                    self._make(self._wanted[ref.kind, ref.key])
                    for ref in resource.after
                    if not self._wanted[ref.kind, ref.key].lookup
                ],
            )
            properties = {name: self._plain(value) for name, value in resource.properties.items()}
            self._made[place] = self._kinds[resource.kind](resource.key, **properties, opts=options)
        return self._made[place]

    def _component(self, team: str) -> pulumi.ComponentResource:
        if team not in self._teams:
            self._teams[team] = self._team(team)
        return self._teams[team]

    def _plain(self, value: Value) -> Any:
        if isinstance(value, Ref):
            return self.output(value)
        if isinstance(value, Mapping):
            return {name: self._plain(inner) for name, inner in value.items()}
        if isinstance(value, tuple):
            return [self._plain(inner) for inner in value]
        return value

"""From plain resources to the engine's: one vendor account, its resources grouped under a component per team."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi

from oncall.resource import Ref, Resource, Value

Finder = Callable[[Mapping[str, Mapping[str, Any]]], Mapping[str, pulumi.Output[str]]]
"""Takes the look-ups of one kind, key -> what each is found by, and returns the vendor's id of each."""

Finders = Mapping[str, Finder]
"""Resource kind -> how those that are looked up are found."""

Kinds = Mapping[str, Callable[..., pulumi.CustomResource]]
"""Resource kind -> SDK class."""

_ROW = re.compile(r"(?P<rows>\w+)\[(?P<place>\d+)\]\.(?P<field>\w+)")
"""A field of a row in a list of outputs: `rotations[0].id`."""


class Account:
    """One vendor account during a run of the program.

    `declare` registers the resources of one target; afterwards `output` gives a value of any of them.
    """

    def __init__(
        self,
        kinds: Kinds,
        team: Callable[..., pulumi.ComponentResource],
        provider: pulumi.ProviderResource,
        finders: Finders,
        others: Mapping[str, pulumi.ProviderResource] | None = None,
    ) -> None:
        """`others` has the provider of the kinds that are not `provider`'s."""
        self._kinds = kinds
        self._team = team
        self._provider = provider
        self._finders = finders
        self._others = others or {}
        self._wanted: dict[tuple[str, str], Resource] = {}
        self._made: dict[tuple[str, str], pulumi.CustomResource] = {}
        self._found: dict[tuple[str, str], pulumi.Output[str]] = {}
        self._teams: dict[str, pulumi.ComponentResource] = {}
        self._former_teams: Mapping[str, Sequence[str]] = {}
        self._hooks: pulumi.ResourceHookBinding | None = None

    def declare(
        self,
        resources: Sequence[Resource],
        former_teams: Mapping[str, Sequence[str]] | None = None,
        on_error: Sequence[pulumi.ErrorHook] = (),
    ) -> None:
        """Register every resource, those it refers to first; finish the teams' components.

        `former_teams` has the keys that teams had before, by the key of now; `on_error` is told of failures.
        """
        self._former_teams = former_teams or {}
        self._hooks = pulumi.ResourceHookBinding(on_error=[*on_error]) if on_error else None
        self._wanted = {(resource.kind, resource.key): resource for resource in resources}
        lookups: dict[str, list[Resource]] = {}
        for resource in resources:
            if resource.lookup:
                lookups.setdefault(resource.kind, []).append(resource)
        for kind, wanted in lookups.items():  # in the order of the resources: a device is found by its user
            found = self._finders[kind]({each.key: self._properties(each) for each in wanted})
            self._found |= {(kind, key): output for key, output in found.items()}
        for resource in resources:
            if not resource.lookup:
                self._make(resource)
        for component in self._teams.values():
            component.register_outputs({})

    def output(self, ref: Ref) -> pulumi.Output[Any]:
        """Return a value of a declared resource, making that resource first where its turn has not come yet."""
        resource = self._wanted[ref.kind, ref.key]
        if resource.lookup:
            return self._found[ref.kind, ref.key]
        made = self._make(resource)
        row = _ROW.fullmatch(ref.field)
        if row is None:
            output: pulumi.Output[Any] = getattr(made, ref.field)
            return output
        rows: pulumi.Output[Any] = getattr(made, row["rows"])
        return rows.apply(lambda found: found[int(row["place"])][row["field"]])

    def keys(self, kind: str) -> list[str]:
        """Return the keys of all declared resources of a kind."""
        return [key for (each, key) in self._wanted if each == kind]

    def _make(self, resource: Resource) -> pulumi.CustomResource:
        place = (resource.kind, resource.key)
        if place not in self._made:
            options = pulumi.ResourceOptions(
                provider=self._others.get(resource.kind, self._provider),
                parent=self._component(resource.team) if resource.team else None,
                depends_on=[
                    self._make(self._wanted[ref.kind, ref.key])
                    for ref in resource.after
                    if not self._wanted[ref.kind, ref.key].lookup
                ],
                aliases=self._aliases(resource),
                hooks=self._hooks,
            )
            self._made[place] = self._kinds[resource.kind](resource.key, **self._properties(resource), opts=options)
        return self._made[place]

    def _properties(self, resource: Resource) -> dict[str, Any]:
        return {name: self._plain(value) for name, value in resource.properties.items()}

    def _component(self, team: str) -> pulumi.ComponentResource:
        if team not in self._teams:
            aliases = [pulumi.Alias(name=name) for name in self._former_teams.get(team, ())]
            self._teams[team] = self._team(team, pulumi.ResourceOptions(aliases=aliases))
        return self._teams[team]

    def _aliases(self, resource: Resource) -> list[pulumi.Alias]:
        """Return what the engine may know a resource by: every key it had, under every component its team had.

        What the engine would infer from the component's own aliases is not enough: it takes a name that only begins
        like the component's for one that is made of it.
        """
        parents: list[dict[str, Any]] = [{}]
        if resource.team:
            kind = self._component(resource.team).pulumi_resource_type
            former = self._former_teams.get(resource.team, ())
            parents += [{"parent": pulumi.create_urn(name, kind)} for name in former]
        return [
            pulumi.Alias(name=name, **parent)
            for parent in parents
            for name in (resource.key, *resource.formerly)
            if parent or name != resource.key
        ]

    def _plain(self, value: Value) -> Any:
        if isinstance(value, Ref):
            return self.output(value)
        if isinstance(value, Mapping):
            return {name: self._plain(inner) for name, inner in value.items()}
        if isinstance(value, tuple):
            return [self._plain(inner) for inner in value]
        return value

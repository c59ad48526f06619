"""What every kind of resource can do.

State holds the inputs as the program gave them beside the outputs, because the plugin protocol's diff gets no old
inputs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from oncall.provider.convert import UNKNOWN
from oncall.provider.diff import Change, changes
from oncall.provider.fields import Field, Problem, field_problems
from oncall.provider.session import Call

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """An object as the engine records it."""

    resource_id: str
    state: Values
    inputs: Values


class Kind(ABC):
    """One kind of resource: its properties, and what it takes to make and keep one."""

    token: str
    doc: str
    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...] = ()

    def check(self, values: Values) -> Iterator[Problem]:
        """Everything wrong with completed inputs; unknown values pass."""
        problems = list(field_problems(self.inputs, values))
        yield from problems
        if not problems:
            yield from self.cross_check(values)

    def cross_check(self, values: Values) -> Iterator[Problem]:  # noqa: ARG002
        """What is wrong between properties, given that each alone is right."""
        yield from ()

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """What an update or a replacement would change."""
        return changes(self.inputs, state, inputs)

    def expected(self, state: Values | None, inputs: Values) -> Values:
        """What a preview shows: the inputs, the outputs kept from before, and the rest unknown."""
        kept = state or {}
        return {**{item.name: kept.get(item.name, UNKNOWN) for item in self.outputs}, **inputs}

    @abstractmethod
    def create(self, call: Call, inputs: Values) -> Held:
        """Make the object, or find the one an interrupted create of ours left."""

    @abstractmethod
    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """The object as it is, None where it is gone. Empty `state` and `inputs`: it is being imported."""

    @abstractmethod
    def update(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held:
        """Make the object agree with the inputs."""

    @abstractmethod
    def delete(self, call: Call, resource_id: str, state: Values) -> None:
        """Remove the object; one that is gone already is removed."""

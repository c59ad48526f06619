"""What a vendor account should hold, as plain values: resources and the references between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ref:
    """A value that is known only once another resource exists: `field` of the resource named by kind and key.

    `rows[0].id` is a field of a row in a list.
    """

    kind: str
    key: str
    field: str = "id"


Value = str | int | float | bool | None | Ref | tuple["Value", ...] | Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class Resource:
    """One object of a vendor: its kind, the key it keeps for life, and the properties it should have.

    `kind` is `<target>:<Noun>`, `key` is unique within the kind and made of inventory keys (`platform/primary`);
    property names are those of the program-side SDK in snake case. `team` is the inventory team it hangs under.
    `formerly` are the keys it had before, where the inventory says that a key in it was another.
    `lookup` marks objects that are found, never made: their properties are what they are found by.
    """

    kind: str
    key: str
    properties: Mapping[str, Value]
    team: str | None = None
    lookup: bool = False
    after: tuple[Ref, ...] = field(default=())  # order without a property that would carry it
    formerly: tuple[str, ...] = ()

"""One differ for all: base and head (a preview), head and live (drift), nothing and live (adopting)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from oncall.resource import Ref, Resource, Value

Action = Literal["create", "update", "delete", "rekey"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A property that differs; None where one side does not have it."""

    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that differs. A `rekey` has another key and is otherwise the same object, changed or not."""

    action: Action
    before: Resource | None
    after: Resource | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def resource(self) -> Resource:
        """The resource as it will be, or as it was where it goes."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - a change has a side
        return found


def diff(before: Iterable[Resource], after: Iterable[Resource]) -> tuple[Change, ...]:
    """Return what differs, in the order of `after`, deletions last in the order of `before`.

    Resources are the same by kind and key, or where one has the other's key among those it had `formerly`. Look-ups
    make nothing and are left out. Properties are compared as values: a mapping's order says nothing, a list's does.
    """
    old = {(each.kind, each.key): each for each in before if not each.lookup}
    new = [each for each in after if not each.lookup]
    taken = {(each.kind, each.key) for each in new}
    renamed = {
        (each.kind, former): (each.kind, each.key)
        for each in new
        for former in each.formerly
        if (each.kind, former) in old and (each.kind, former) not in taken and (each.kind, each.key) not in old
    }
    origins = {now: former for former, now in renamed.items()}
    found: list[Change] = []
    kept: set[tuple[str, str]] = set()
    for each in new:
        place = (each.kind, each.key)
        origin = origins.get(place, place)
        was = old.get(origin)
        if was is None:
            found.append(Change("create", None, each))
            continue
        kept.add(origin)
        fields = _fields(was.properties, each.properties, renamed)
        if origin != place:
            found.append(Change("rekey", was, each, fields))
        elif fields:
            found.append(Change("update", was, each, fields))
    found += [Change("delete", each, None) for place, each in old.items() if place not in kept]
    return tuple(found)


_Renamed = Mapping[tuple[str, str], tuple[str, str]]


def _fields(before: Mapping[str, Value], after: Mapping[str, Value], renamed: _Renamed) -> tuple[FieldChange, ...]:
    names = dict.fromkeys([*before, *after])
    return tuple(
        FieldChange(name, before.get(name), after.get(name))
        for name in names
        if _followed(before.get(name), renamed) != after.get(name)
    )


def _followed(value: Value, renamed: _Renamed) -> Value:
    """Return a value with what it refers to by the keys of now."""
    if isinstance(value, Ref):
        kind, key = renamed.get((value.kind, value.key), (value.kind, value.key))
        return Ref(kind, key, value.field)
    if isinstance(value, tuple):
        return tuple(_followed(each, renamed) for each in value)
    if isinstance(value, Mapping):
        return {name: _followed(each, renamed) for name, each in value.items()}
    return value

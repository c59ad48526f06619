"""What a vendor's answers say that it holds, in the words of `desired`: how its objects are told to be ours.

An object is the one wanted where kind and name are the same. One that bears our mark and whose name nobody wants was
renamed by hand where all else is as wanted, else it is ours and one too many. Everything else is somebody else's and
is only counted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from oncall.resource import Ref, Resource, Value
from oncall.targets.common import MANAGED

Row = Mapping[str, Any]
Lists = Mapping[str, Sequence[Row]]
"""Rows of a vendor's answers by the path they were asked for; a path that is absent was not asked."""
Place = tuple[str, str]
"""Kind and key of a resource."""
Properties = Mapping[str, Value]
Reader = Callable[[Row, Properties], dict[str, Value]]
"""Gives a row's properties; the second argument are those wanted, for spellings that mean the same."""


@dataclass(frozen=True, slots=True)
class Existing:
    """What an account holds of what is wanted.

    `resources` have their wanted keys, and those that are ours and too many their names. `ids` and `links` are the
    vendor's. `unmarked` have the name of a wanted one and not our mark. `foreign` counts what isn't ours, by kind.
    `kinds` are those that were looked at.
    """

    resources: tuple[Resource, ...]
    ids: Mapping[Place, str]
    links: Mapping[Place, str]
    unmarked: frozenset[Place]
    foreign: Mapping[str, int]
    kinds: frozenset[str]


@dataclass
class Matching:
    """The objects found so far; kinds are matched in the order in which they refer to one another."""

    wanted: Sequence[Resource]
    found: list[Resource] = field(default_factory=list)
    ids: dict[Place, str] = field(default_factory=dict)
    links: dict[Place, str] = field(default_factory=dict)
    unmarked: set[Place] = field(default_factory=set)
    foreign: dict[str, int] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    keys: dict[Place, str] = field(default_factory=dict)
    """The key that a vendor's id stands for, by kind and id."""

    def of(self, kind: str) -> list[Resource]:
        """The wanted resources of a kind."""
        return [each for each in self.wanted if each.kind == kind]

    def ref(self, kind: str, row: Row) -> Ref:
        """The object of a kind that a row refers to: by its key, or by its name where it is nobody we want.

        What PagerDuty leaves of a user that it deleted has the name of who may have a new one.
        """
        own = text(row, "id")
        name = text(row, "summary") or text(row, "name") or own
        return Ref(kind, self.keys.get((kind, own), f"{name} (deactivated)" if text(row, "deleted_at") else name))

    def id_of(self, value: Value) -> str:
        """The vendor's id of what a wanted property refers to; "" where it isn't there."""
        return self.ids.get((value.kind, value.key), "") if isinstance(value, Ref) else ""

    def place(self, resource: Resource, row: Row, properties: Mapping[str, Value]) -> None:
        """Take a row for a wanted resource."""
        spot = (resource.kind, resource.key)
        self.ids[spot] = text(row, "id")
        self.keys[resource.kind, text(row, "id")] = resource.key
        if link := text(row, "html_url"):
            self.links[spot] = link
        given = {name: value for name, value in properties.items() if value is not None}
        self.found.append(replace(resource, properties=given))

    def named(self, kind: str, rows: Iterable[Row], read: Reader, *, called: str = "name", marked: bool = True) -> None:
        """Match a kind by name. `called` is the property, and the row's, that names it; `marked`: it has our mark."""
        self.kinds.add(kind)
        left = {text(row, "id"): row for row in rows}
        missing = []
        for resource in self.of(kind):
            row = _named(str(resource.properties.get(called, "")), called, left.values())
            if row is None:
                missing.append(resource)
                continue
            del left[text(row, "id")]
            if marked and not is_ours(row):
                self.unmarked.add((kind, resource.key))
            self.place(resource, row, {} if resource.lookup else read(row, resource.properties))
        ours = [row for row in left.values() if marked and is_ours(row)]
        for resource in missing:
            same = [row for row in ours if _but_name(read(row, resource.properties), resource.properties, called)]
            if len(same) == 1 and not resource.lookup:
                ours.remove(same[0])
                self.place(resource, same[0], read(same[0], resource.properties))
        taken = {resource.key for resource in self.of(kind)}
        for row in ours:
            name = text(row, called)
            self.place(Resource(kind, name if name not in taken else f"{name} ({text(row, 'id')})", {}), row, {
                called: name, **{word: value for word, value in read(row, {}).items() if word != called}
            })  # fmt: skip
        self.count(kind, len([row for row in left.values() if not (marked and is_ours(row))]))

    def count(self, kind: str, number: int) -> None:
        """Count objects that aren't ours."""
        if number:
            self.foreign[kind] = self.foreign.get(kind, 0) + number

    def result(self) -> Existing:
        """What was found."""
        return Existing(
            tuple(self.found), self.ids, self.links, frozenset(self.unmarked), self.foreign, frozenset(self.kinds)
        )


def is_ours(row: Row) -> bool:
    """Whether an object bears our mark, with or without the name of whose it is behind it."""
    described = text(row, "description") or text(row, "policyDescription")
    return described.endswith(MANAGED) or f"{MANAGED} (" in described


def text(row: Row, name: str) -> str:
    """Return a text of a row, "" where there is none."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def part(row: Row, name: str) -> Row:
    """Return an object in a row, an empty one where there is none."""
    value = row.get(name)
    return value if isinstance(value, Mapping) else {}


def parts(row: Row, name: str) -> list[Row]:
    """Return a list of objects in a row."""
    value = row.get(name)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []


def instant(value: object) -> datetime | None:
    """Return an instant of an answer in UTC, None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return None if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # at the ends of time another zone's is no instant any more
        return None


def plain(value: object) -> Value:
    """Return a piece of JSON as a value."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(plain(one) for one in value)
    return value if isinstance(value, str | int | float | bool) else None


def as_wanted(live: Value, wanted: Value) -> Value:
    """Return a value without what the vendor adds to it: words of an object that we never set."""
    if isinstance(live, Mapping) and isinstance(wanted, Mapping):
        return {name: as_wanted(live.get(name), each) for name, each in wanted.items()}
    if isinstance(live, tuple) and isinstance(wanted, tuple) and len(live) == len(wanted):
        return tuple(as_wanted(one, other) for one, other in zip(live, wanted, strict=True))
    return live


def in_any_order(live: Value, wanted: Value) -> Value:
    """Return a list in the wanted order, where it holds the same and its order means nothing."""
    if isinstance(live, tuple) and isinstance(wanted, tuple):
        if len(live) == len(wanted) and all(each in wanted for each in live) and all(each in live for each in wanted):
            return wanted
        return live
    return live


def _named(name: str, called: str, rows: Iterable[Row]) -> Row | None:
    """Return the row of a name; vendors compare names without regard to case, and ours goes first."""
    same = [row for row in rows if text(row, called).casefold() == name.casefold()]
    return min(same, key=lambda row: (text(row, called) != name, not is_ours(row), text(row, "id")), default=None)


def _but_name(live: Properties, wanted: Properties, called: str) -> bool:
    names = {*live, *wanted} - {called}
    return all(live.get(name) == wanted.get(name) for name in names)

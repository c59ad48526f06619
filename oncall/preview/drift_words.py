"""What an account has otherwise than the inventory says, in words: no ids, nothing of how the vendor names things."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from oncall.plan import Change, FieldChange
from oncall.preview.model import Drift, Live
from oncall.preview.objects import WORDS, title
from oncall.resource import Ref, Resource, Value
from oncall.targets.checks import TITLES

_OF_EVERY_TEAM = frozenset({"opsgenie:RoutingRule", "opsgenie:AlertPolicy", "opsgenie:NotificationPolicy"})
_MARK = frozenset({"description", "policy_description"})
_MOST = 4
_LONGEST = 80


def drift_rows(live: Live, names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Give each object that differs: where, what, how it differs, and who made it so."""
    for one in live.drift:
        yield (TITLES[one.vendor], thing(one.change.resource, names), told(one.change, names), _by(one))


def thing(resource: Resource, names: Mapping[str, str]) -> str:
    """Return what people call an object; with its team, where names are those of every team."""
    known = title(resource, names)
    return f"{known} of {resource.key.partition('/')[0]}" if resource.kind in _OF_EVERY_TEAM else known


def told(change: Change, names: Mapping[str, str]) -> str:
    """Return how an object differs: `repeats 2 → 0`, `deleted`, ...; inventory first, account second."""
    if change.action == "delete":
        return "not there"
    if change.action == "create":
        return "there, but not in the inventory"
    parts = [text for each in change.fields for text in _field(each, names)]
    more = f"; and {len(parts) - _MOST} more" if len(parts) > _MOST else ""
    return "; ".join(parts[:_MOST]) + more


def _by(one: Drift) -> str:
    at = f"{one.at:%a} {one.at.day} {one.at:%b %H:%M} UTC" if one.at is not None else ""
    return ", ".join(part for part in (one.who, at) if part)


def _field(change: FieldChange, names: Mapping[str, str]) -> Iterator[str]:
    if change.name in _MARK:
        yield "description"
        return
    if change.name == "enabled":
        yield "switched off" if change.after is False else "switched on"
        return
    yield from _differences(_word(change.name), change.before, change.after, names)


def _differences(word: str, before: Value, after: Value, names: Mapping[str, str]) -> Iterator[str]:
    """Give what differs within a value, as deep down as both sides have a shape."""
    one, other = (_text(value, names) for value in (before, after))
    if one is not None and other is not None and len(one) + len(other) <= _LONGEST:
        yield f"{word} {one} → {other}"
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*before, *after]):
            if before.get(name) != after.get(name):
                yield from _differences(f"{word}: {_word(name)}", before.get(name), after.get(name), names)
    elif isinstance(before, tuple) and isinstance(after, tuple):
        yield from _items(word, before, after, names)
    else:
        yield word


def _items(word: str, before: tuple[Value, ...], after: tuple[Value, ...], names: Mapping[str, str]) -> Iterator[str]:
    """Give what differs between two lists: by name where their items have one, else by place."""
    old, new = _by_name(before), _by_name(after)
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            yield f"{word}{name} gone"
        elif name not in old:
            yield f"{word}{name} added"
        elif old[name] != new[name]:
            yield from _differences(f"{word}{name}", old[name], new[name], names)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield f"{word}: in another order"


def _by_name(items: tuple[Value, ...]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for place, each in enumerate(items, 1):
        name = (
            next((each[word] for word in ("name", "username") if word in each), None)
            if isinstance(each, Mapping)
            else None
        )
        found[f": {name}" if isinstance(name, str) else f" no. {place}"] = each
    return found


def _text(value: Value, names: Mapping[str, str]) -> str | None:
    """Return a value on one line, None where it has a shape of its own."""
    match value:
        case None:
            return "none"
        case Ref():
            return names.get(value.key, value.key)
        case bool():
            return "yes" if value else "no"
        case tuple():
            found = [_text(each, names) for each in value]
            return ", ".join(each for each in found if each is not None) if None not in found else None
        case Mapping():
            inner = [each for name, each in value.items() if name != "type"] or [*value.values()]
            return _text(inner[0], names) if len(inner) == 1 else None
        case str():
            return names.get(value, _instant(value))
        case _:
            return str(value)


def _instant(text: str) -> str:
    try:
        found = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - it is UTC, and told so
    except ValueError:
        return text
    return f"{found:%Y-%m-%d %H:%M} UTC"


def _word(name: str) -> str:
    return WORDS.get(name, name.replace("_", " "))

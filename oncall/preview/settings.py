"""Every other word of the inventory that differs: how people are told, what tiers deserve, heartbeats, maintenance."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from oncall.model import Inventory
from oncall.preview.model import SettingChange
from oncall.preview.words import said

# What other parts of a preview tell, in people and hours, or what says nothing to whoever is paged.
_TOLD_ELSEWHERE: Mapping[str, frozenset[str]] = {
    "team": frozenset({"schedules", "escalation", "repeat", "formerly", "accept", "coverage"}),
    "server": frozenset({"team", "tier", "own_service", "accept"}),
    "person": frozenset({"accept"}),
    "tier": frozenset({"accept"}),
    "group": frozenset(),
}


def setting_changes(base: Inventory | None, head: Inventory | None) -> tuple[SettingChange, ...]:
    """Return the settings that differ, in the order of the file; things that are new or gone are one line each."""
    if base is None or head is None:
        return ()
    renamed = {former: key for key, team in head.teams.items() for former in team.formerly if former in base.teams}
    old_teams = {renamed.get(key, key): team for key, team in base.teams.items()}
    return (
        *_plain(base, head),
        *_things("person", base.people, head.people),
        *_things("tier", base.tiers, head.tiers),
        *_things("team", old_teams, head.teams),
        *_things("server", base.servers, head.servers),
        *_things("group", base.groups, head.groups),
        *_list("leave", base.leave, head.leave),
        *_list("swap", base.swaps, head.swaps),
        *_list("override", base.overrides, head.overrides),
        *_list("maintenance", base.maintenance, head.maintenance),
        *_words("bridge", base.bridge, head.bridge, frozenset()),
    )


def _plain(base: Inventory, head: Inventory) -> Iterator[SettingChange]:
    for word in ("organization", "time_zone", "manage", "horizon", "guard", "pages"):
        before, after = getattr(base, word), getattr(head, word)
        if before != after:
            yield SettingChange("organization", word, _text(before), _text(after))


def _things(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[SettingChange]:
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key), after.get(key)
        name = getattr(now or was, "name", None)
        thing = f"{kind} {name} ({key})" if name and name != key else f"{kind} {key}"
        if was is None or now is None:
            if kind != "server":  # a server that is new or gone is told among the routes
                yield SettingChange(thing, "", None if was is None else "there", None if now is None else "there")
        elif was != now:
            yield from _words(thing, was, now, _TOLD_ELSEWHERE[kind])


def _words(thing: str, before: BaseModel, after: BaseModel, elsewhere: frozenset[str]) -> Iterator[SettingChange]:
    for word in type(after).model_fields:
        was, now = getattr(before, word), getattr(after, word)
        if was != now and word not in elsewhere:
            yield SettingChange(thing, word, _text(was), _text(now))


def _list(kind: str, before: Sequence[BaseModel], after: Sequence[BaseModel]) -> Iterator[SettingChange]:
    yield from (SettingChange(kind, "", said(one), None) for one in before if one not in after)
    yield from (SettingChange(kind, "", None, said(one)) for one in after if one not in before)


def _text(value: object) -> str | None:
    return None if value in (None, (), {}) else said(value)

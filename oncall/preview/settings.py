"""Every other word of the inventory that differs: how people are told, what tiers deserve, heartbeats, maintenance."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from oncall.model import Inventory, Leave, Maintenance, Member, Override, Swap
from oncall.preview.model import SettingChange, Topic
from oncall.preview.pairs import person_pairs, team_pairs
from oncall.preview.words import named, said

# What other parts of a preview tell, in people and hours, or what says nothing to whoever is paged.
_TOLD_ELSEWHERE: Mapping[str, frozenset[str]] = {
    "team": frozenset({"schedules", "escalation", "repeat", "formerly", "accept", "coverage", "pages_through"}),
    "server": frozenset({"team", "tier", "own_service", "accept"}),
    "person": frozenset({"accept"}),
    "tier": frozenset({"accept", "manager_after"}),
    "group": frozenset(),
}
# What a word means to whoever is paged, where that is more than a label.
_TOPICS: Mapping[tuple[str, str], Topic] = {
    ("organization", "pages"): "telling",
    ("person", "pages"): "telling",
    ("person", "phone"): "telling",
    ("person", "email"): "telling",
    ("person", "device"): "telling",
    ("server", "heartbeat"): "heartbeat",
}
_Exceptions = Leave | Swap | Override


def setting_changes(
    base: Inventory | None, head: Inventory | None, told: Collection[_Exceptions] = ()
) -> tuple[SettingChange, ...]:
    """Return the settings that differ, in the order of the file; things that are new or gone are one line each.

    `told` are the leave, swaps and overrides that show as shifts already.
    """
    if base is None or head is None:
        return ()
    teams, people = team_pairs(base, head), person_pairs(base, head)
    return (
        *_plain(base, head),
        *_things("person", {people.get(key, key): one for key, one in base.people.items()}, head.people),
        *_things("tier", base.tiers, head.tiers),
        *_teams(base, head, {was: key for key, was in teams.items()}),
        *_things("server", base.servers, head.servers),
        *_things("group", base.groups, head.groups),
        *_exceptions(base, head, told),
        *_maintenance(base.maintenance, head.maintenance),
        *_words("bridge", "bridge", base.bridge, head.bridge),
    )


def _plain(base: Inventory, head: Inventory) -> Iterator[SettingChange]:
    for word in ("organization", "time_zone", "manage", "horizon", "guard", "pages"):
        before, after = getattr(base, word), getattr(head, word)
        if before != after:
            yield from _word("organization", head.organization, word, before, after)


def _things(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[SettingChange]:
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key), after.get(key)
        thing = f"{kind} {getattr(was or now, 'name', None) or key}"
        if was is None or now is None:
            if kind != "server":  # a server that is new or gone is told among the routes
                topic: Topic = "tier" if kind == "tier" else "other"
                yield SettingChange(topic, thing, "", None if was is None else "there", None if now is None else "new")
        elif was != now:
            yield from _words(kind, thing, was, now)


def _teams(base: Inventory, head: Inventory, became: Mapping[str, str]) -> Iterator[SettingChange]:
    """Give what differs of teams; of their members only those who come, go or have another role."""
    before = {became.get(key, key): team for key, team in base.teams.items()}
    people = person_pairs(base, head)
    for change in _things("team", before, head.teams):
        if change.word != "members":
            yield change
    for key, team in head.teams.items():
        if key not in before:
            continue
        vendors = before[key].pages_through, team.pages_through
        if vendors[0] != vendors[1] and not any(one.team == key for one in head.servers.values()):
            yield SettingChange("other", f"team {team.name}", "pages through", *map(_text, vendors))
        if before[key].members == team.members:
            continue
        was = {people.get(one.person, one.person): one for one in before[key].members}
        now = {one.person: one for one in team.members}
        for person in dict.fromkeys([*now, *was]):
            roles = _role(was.get(person)), _role(now.get(person))
            if roles[0] != roles[1]:
                name = (head if person in head.people else base).people[person].name
                yield SettingChange("other", f"team {team.name}", name, *roles)


def _role(member: Member | None) -> str | None:
    return member.role if member is not None else None


def _words(kind: str, thing: str, before: BaseModel, after: BaseModel) -> Iterator[SettingChange]:
    for word in type(after).model_fields:
        was, now = getattr(before, word), getattr(after, word)
        if was != now and word not in _TOLD_ELSEWHERE.get(kind, ()):
            yield from _word(kind, thing, word, was, now)


def _word(kind: str, thing: str, word: str, before: object, after: object) -> Iterator[SettingChange]:
    """Give a word that differs; of a part that is on both sides only those of its own words that do."""
    topic = _TOPICS.get((kind, word), "tier" if kind == "tier" else "bridge" if kind == "bridge" else "other")
    if isinstance(before, BaseModel) and isinstance(after, BaseModel) and type(before) is type(after):
        for inner in type(after).model_fields:
            was, now = getattr(before, inner), getattr(after, inner)
            if was != now:
                yield SettingChange(topic, thing, f"{word} {inner}".replace("_", " "), _text(was), _text(now))
        return
    yield SettingChange(topic, thing, word.replace("_", " "), _text(before), _text(after))


def _exceptions(base: Inventory, head: Inventory, told: Collection[_Exceptions]) -> Iterator[SettingChange]:
    """Give the leave, swaps and overrides that change nobody's shift, or only later ones."""
    for kind in ("leave", "swaps", "overrides"):
        before: tuple[_Exceptions, ...] = getattr(base, kind)
        after: tuple[_Exceptions, ...] = getattr(head, kind)
        for inventory, some, others in ((base, before, after), (head, after, before)):
            for one in some:
                if one in others or one in told:
                    continue
                text = _exception(inventory, one)
                sides = (text, None) if inventory is base else (None, text)
                yield SettingChange("other", type(one).__name__.lower(), "", *sides)


def _exception(inventory: Inventory, one: _Exceptions) -> str:
    def name(key: str) -> str:
        return inventory.people[key].name

    why = f" ({one.why})" if one.why else ""
    match one:
        case Leave():
            cover = f", {name(one.cover)} covers" if one.cover else ""
            return f"{name(one.person)}, {_from_to(one)}{cover}{why}"
        case Swap():
            turns = " and ".join(f"{name(key)}'s {said(at)}" for key, at in zip(one.people, one.turns, strict=True))
            return f"{one.schedule}: {turns}{why}"
        case Override():
            instead = f" instead of {name(one.instead_of)}" if one.instead_of else ""
            return f"{one.schedule}: {name(one.person)}{instead}, {_from_to(one)}{why}"


def _maintenance(before: Sequence[Maintenance], after: Sequence[Maintenance]) -> Iterator[SettingChange]:
    """Give maintenance that is new, gone or at another time; the servers tell which is which."""
    old = [one for one in before if one not in after]
    for now in (one for one in after if one not in before):
        was = next((one for one in old if one.servers == now.servers), None)
        if was is not None:
            old.remove(was)
        yield _one_maintenance(was, now)
    for was in old:
        yield _one_maintenance(was, None)


def _one_maintenance(was: Maintenance | None, now: Maintenance | None) -> SettingChange:
    one = now or was
    assert one is not None  # noqa: S101 - a change has a side
    return SettingChange("maintenance", f"maintenance of {named(one.servers)}", "", _times(was), _times(now))


def _times(one: Maintenance | None) -> str | None:
    if one is None:
        return None
    quiet = ", vendors keep quiet too" if one.vendor_window else ""
    return f"{_from_to(one)}{quiet}{f' ({one.why})' if one.why else ''}"


def _from_to(one: Leave | Override | Maintenance) -> str:
    """Return both moments as they are written, a day that they share once."""
    start, end = said(one.start), said(one.end)
    if start == end:
        return start
    return f"{start} to {end[11:] if end[11:] and start[:10] == end[:10] else end}"


def _text(value: object) -> str | None:
    return None if value in (None, (), {}) else said(value)

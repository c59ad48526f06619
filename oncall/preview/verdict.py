"""The first line of a preview: what it comes to."""

from collections.abc import Sequence

from oncall.errors import Problem
from oncall.preview.model import Preview


def verdict(preview: Preview | None, stopping: Sequence[Problem]) -> str:
    """Return one line: `3 people's shifts change; 1 server changes hands; nothing left uncovered`.

    Without a preview the inventory can't be used, and `stopping` are the problems that say why.
    """
    if preview is None:
        return f"this can't be applied: {_many(len(stopping), 'problem')}"
    if preview.empty:
        return "nothing changes"
    parts = [*_shifts(preview), *_servers(preview), *_escalations(preview)]
    if not parts:
        parts = [_the_rest(preview)]
    lost = [one for one in preview.coverage if one.lost]
    parts.append(f"{_many(len(lost), 'gap')} in coverage" if lost else "nothing left uncovered")
    worse = [each for each in preview.new_problems if each.severity != "notice"]
    if worse:
        parts.append(_many(len(worse), "new problem"))
    blocked = [each for each in preview.stops if each.accepted is None]
    if blocked:
        parts.append(f"stopped by the guard ({', '.join(dict.fromkeys(each.rule for each in blocked))})")
    return "; ".join(parts)


def _shifts(preview: Preview) -> list[str]:
    now = {one.person for one in preview.hours}
    later = {person for one in preview.later for person in {*one.before} ^ {*one.after}} - now
    parts = [f"{_many(len(now), 'person', 'people')}'s shifts change"] if now else []
    if later:
        when = f"after these {(preview.end - preview.start).days} days"
        parts.append(f"{_many(len(later), 'person', 'people')}'s {when if now else f'shifts change {when}'}")
    return parts


def _servers(preview: Preview) -> list[str]:
    moved = [one for one in preview.routes if one.before and one.after and one.before.team != one.after.team]
    other = [one for one in preview.routes if one.before and one.after and one.before.team == one.after.team]
    new = [one for one in preview.routes if one.before is None]
    gone = [one for one in preview.routes if one.after is None]
    parts = []
    if moved:
        parts.append("1 server changes hands" if len(moved) == 1 else f"{len(moved)} servers change hands")
    if other:
        parts.append("1 server pages otherwise" if len(other) == 1 else f"{len(other)} servers page otherwise")
    if new:
        parts.append(_many(len(new), "new server"))
    if gone:
        parts.append(f"{_many(len(gone), 'server')} gone")
    return parts


def _escalations(preview: Preview) -> list[str]:
    teams = {one.team for one in preview.escalations if one.before is not None and one.after is not None}
    return [f"{_many(len(teams), 'escalation')} told otherwise"] if teams else []


def _the_rest(preview: Preview) -> str:
    if preview.settings:
        return f"{_many(len(preview.settings), 'setting')} changed; nobody is paged otherwise"
    return "nobody is paged otherwise"


def _many(count: int, one: str, more: str | None = None) -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"

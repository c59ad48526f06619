"""The first line of a preview: what it comes to."""

from collections.abc import Sequence

from oncall.errors import Problem
from oncall.preview.model import Preview, RouteChange, Topic
from oncall.preview.paging import length
from oncall.preview.words import hours_text
from oncall.shifts.intervals import merge
from oncall.targets.checks import TITLES

NOTHING_CHANGES = "nothing changes"


def verdict(preview: Preview | None, stopping: Sequence[Problem]) -> str:
    """Return one line: `3 people's shifts change; 1 server changes hands; nothing left uncovered`.

    Without a preview the inventory can't be used, and `stopping` are the problems that say why.
    """
    if preview is None:
        return f"this can't be applied: {_many(len(stopping), 'problem')}"
    if preview.empty:
        return NOTHING_CHANGES
    parts = [*_errors(preview), *_shifts(preview), *_servers(preview), *_escalations(preview), *_topics(preview)]
    if preview.from_nothing:
        people, servers = _many(len(preview.hours), "person", "people"), _many(len(preview.routes), "server")
        parts = [f"everything is new: {people} on call, {servers}"]
    if not parts:
        count = len(preview.settings)
        parts = [f"{_many(count, 'setting changes', 'settings change')}"] if count else []
        parts.append("nobody is paged otherwise")
    lost = merge(span for one in preview.coverage for span in one.lost)
    parts.append(f"{hours_text(length(lost))} left uncovered" if lost else "nothing left uncovered")
    worse = sum(each.severity == "reason" for each in preview.new_problems)
    if worse:
        parts.append(_many(worse, "new problem"))
    blocked = [each for each in preview.stops if each.accepted is None]
    if blocked:
        parts.append(f"stopped by the guard ({', '.join(dict.fromkeys(each.rule for each in blocked))})")
    return "; ".join(parts)


def _errors(preview: Preview) -> list[str]:
    """Say first what makes the edit an error: running shifts that it moves without saying so."""
    errors = sum(each.severity == "error" for each in preview.new_problems)
    return (
        [_many(errors, "running shift is moved by accident", "running shifts are moved by accident")] if errors else []
    )


def _shifts(preview: Preview) -> list[str]:
    now = {one.person for one in preview.hours}
    later = {person for one in preview.later for person in {*one.before} ^ {*one.after}} - now
    when = f"after these {(preview.end - preview.start).days} days"
    if not now:
        return [f"{_many(len(later), 'person', 'people')}'s shifts change {when}"] if later else []
    more = f" (and {len(later)} more {when})" if later else ""
    return [_many(len(now), "person's shifts change", "people's shifts change") + more]


def _servers(preview: Preview) -> list[str]:
    parts = []
    counts: dict[str, int] = {}
    for one in preview.routes:
        word = _moved(one)
        counts[word] = counts.get(word, 0) + 1
    for word, (single, several) in _MOVES.items():
        if word in counts:
            parts.append(_many(counts[word], single, several))
    if "vendor" in counts:
        parts += _vendors([one for one in preview.routes if _moved(one) == "vendor"])
    return parts


# What happens to servers, in the order in which it is told.
_MOVES = {
    "team": ("server changes hands", "servers change hands"),
    "new": ("new server", "new servers"),
    "gone": ("server gone", "servers gone"),
    "tier": ("server changes tier", "servers change tier"),
    "service": ("server changes its service", "servers change their service"),
}


def _moved(one: RouteChange) -> str:
    """Return the most that happens to a server."""
    was, will = one.before, one.after
    if was is None or will is None:
        return "new" if was is None else "gone"
    if one.hands:
        return "team"
    if (was.tier, was.severity) != (will.tier, will.severity):
        return "tier"
    return "vendor" if was.vendors != will.vendors else "service"


def _vendors(routes: Sequence[RouteChange]) -> list[str]:
    teams = {one.after.team: (one.before, one.after) for one in routes if one.before and one.after}
    moved = [after for before, after in teams.values() if before.vendors[0] != after.vendors[0]]
    if len(teams) > 1:
        return [f"{len(teams)} teams change their vendors"]
    if moved:
        return [f"{moved[0].team_name} is paged through {TITLES[moved[0].vendors[0]]}"]
    return [f"{after.team_name} changes its second vendor" for _, after in teams.values()]


def _escalations(preview: Preview) -> list[str]:
    teams = {one.team for one in preview.escalations if one.before is not None and one.after is not None}
    return [_many(len(teams), "team is told in other steps", "teams are told in other steps")] if teams else []


_TOPICS: dict[Topic, tuple[str, str]] = {
    "telling": ("person is told in another way", "people are told in other ways"),
    "tier": ("tier changes", "tiers change"),
    "heartbeat": ("heartbeat changes", "heartbeats change"),
    "maintenance": ("maintenance changes", "maintenances change"),
    "bridge": ("setting of the bridge changes", "settings of the bridge change"),
}


def _topics(preview: Preview) -> list[str]:
    parts = []
    for topic, words in _TOPICS.items():
        things = {one.thing for one in preview.settings if one.topic == topic}
        if topic == "telling" and preview.organization in things:
            parts.append("everybody is told in another way")
        elif things:
            parts.append(_many(len(things), *words))
    return parts


def _many(count: int, one: str, more: str | None = None) -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"

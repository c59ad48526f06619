"""Keys of before: what was renamed is told from what is new by them, so each leads to one thing only."""

from collections.abc import Iterator, Mapping

from oncall.errors import Path
from oncall.model import Schedule, Team
from oncall.validate.base import Context, Fault, Rule


def former_key(context: Context) -> Iterator[Fault]:
    """Find keys of before that are still somebody's, and those that two things claim."""
    teams = context.inventory.teams
    yield from _faults("team", teams, ("teams",))
    for key, team in teams.items():
        yield from _faults("schedule", team.schedules, ("teams", key, "schedules"))


def _faults(noun: str, found: Mapping[str, Team] | Mapping[str, Schedule], path: Path) -> Iterator[Fault]:
    claimed: dict[str, str] = {}
    for key, each in found.items():
        for place, former in enumerate(each.formerly):
            at: Path = (*path, key, "formerly", place)
            if former == key:
                yield Fault(f"`{key}` is the key that the {noun} has now", at, "take it out of the list")
            elif former in found:
                message = f"there is a {noun} `{former}`, so `{key}` can't have been it"
                yield Fault(message, at, f"take `{former}` away, or out of the list; the two can't change places")
            elif former in claimed:
                message = f"{noun} `{claimed[former]}` says it was `{former}` already"
                yield Fault(message, at, "only one of them goes on with what was made under that key")
            claimed.setdefault(former, key)


RULES = (Rule("former-key", "error", "A key of before is nobody's now, and one thing's only.", former_key),)

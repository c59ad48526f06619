"""Edits by hand that would move a running shift: two inventories compared, before and after the edit.

Whoever is on call in the base stays until the next hand-off there, unless the head says `rollout: now` where it did
not before. Rotations are matched by their keys, and by those they had before (`formerly`); new and deleted ones, leave,
swaps and overrides move nobody by accident.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from oncall.errors import Finding, Path
from oncall.model import Inventory, Lineup, Rotation
from oncall.model.words import DAYS
from oncall.shifts.clock import instant_text
from oncall.shifts.differences import Displaced, differences
from oncall.shifts.lineups import LineupSpan, rotation_spans
from oncall.shifts.timeline import shifts, turn_at

RULE = "roster-reshuffle"
ABOUT = "An edit leaves running shifts alone, or says `rollout: now` (`oncall check --base`)."


@dataclass(frozen=True, slots=True)
class Edited:
    """A rotation that is not what it was: its name and path now, and both sides with the zones they follow."""

    name: str
    path: Path
    before: Rotation
    before_zone: str
    after: Rotation
    after_zone: str


def reshuffles(base: Inventory, head: Inventory, now: datetime) -> list[Finding]:
    """Return an error for each rotation of the head in which somebody loses hours of the base's running shift."""
    at = now.astimezone(UTC)
    return [finding for each in edited(base, head) if (finding := _finding(base, head, each, at)) is not None]


def edited(base: Inventory, head: Inventory) -> Iterator[Edited]:
    """Give the rotations that are in both inventories and differ, as the head has them in order."""
    for team_key, team in head.teams.items():
        was = next((base.teams[key] for key in (team_key, *team.formerly) if key in base.teams), None)
        if was is None:
            continue
        for key, schedule in team.schedules.items():
            old = next((was.schedules[each] for each in (key, *schedule.formerly) if each in was.schedules), None)
            if old is None:
                continue
            for name, rotation in schedule.rotations.items():
                before = old.rotations.get(name)
                if before is None:
                    continue
                zones = base.rotation_zone(was, old, before), head.rotation_zone(team, schedule, rotation)
                if before != rotation or zones[0] != zones[1]:
                    path = ("teams", team_key, "schedules", key, "rotations", name)
                    yield Edited(f"{team_key}/{key}/{name}", path, before, zones[0], rotation, zones[1])


def _finding(base: Inventory, head: Inventory, each: Edited, now: datetime) -> Finding | None:
    before, after = rotation_spans(each.before, each.before_zone), rotation_spans(each.after, each.after_zone)
    running = turn_at(before, now)
    if running is None:
        return None
    held = shifts(before, each.before.only, now, running.end)
    holds = shifts(after, each.after.only, now, running.end)
    for one in differences(held, holds):
        if one.before is None or _same_person(base, one.before, head, one.after):
            continue
        if not _permitted(each, before, after, one.start):
            return _reshuffle(each, one, running.end, _way_out(each, before, after, one))
    return None


def _same_person(base: Inventory, before: str, head: Inventory, after: str | None) -> bool:
    """Whether two keys are one person, by the address, which is what the vendors know people by."""
    one, other = base.people.get(before), head.people.get(after or "")
    return one is not None and other is not None and one.email.casefold() == other.email.casefold()


def _permitted(each: Edited, before: tuple[LineupSpan, ...], after: tuple[LineupSpan, ...], instant: datetime) -> bool:
    """Whether the line-up that is on call at an instant says `rollout: now`, and did not say so in the base."""
    begun = _on_call(after, instant)
    said = {(span.first, span.start) for span in _saying_now(each.before, before)}
    return any(span is begun and (span.first, span.start) not in said for span in _saying_now(each.after, after))


def _saying_now(rotation: Rotation, spans: tuple[LineupSpan, ...]) -> Iterator[LineupSpan]:
    lineup: Rotation | Lineup | None = rotation
    for span in reversed(spans):
        if lineup is not None and lineup.rollout == "now":
            yield span
        lineup = lineup.before if lineup is not None else None


def _on_call(spans: tuple[LineupSpan, ...], instant: datetime) -> LineupSpan | None:
    return next((span for span in spans if span.start <= instant and (span.end is None or instant < span.end)), None)


def _reshuffle(each: Edited, one: Displaced, end: datetime, way: str) -> Finding:
    zone = each.after_zone
    who = f"`{one.after}`" if one.after is not None else "nobody"
    message = (
        f"`{one.before}` is on call until {instant_text(end, zone)}, and {who} would be instead from "
        f"{instant_text(one.start, zone)} ({zone})"
    )
    return Finding(RULE, message, each.path, "error", f"{way}; or write `rollout: now` if this is meant")


def _way_out(each: Edited, before: tuple[LineupSpan, ...], after: tuple[LineupSpan, ...], one: Displaced) -> str:
    old, new = _on_call(before, one.start), _on_call(after, one.start)
    if old is not None and new is not None and _same_turns(each, old, new) and _same_circle(old.people, new.people):
        return "undo the edit: people follow each other in that order already"
    command = _command(each, before, after, one)
    if command is not None:
        return f"undo the edit and make it with `{command}`"
    return "let the line-up begin at that hand-off, with the one until then under its `before`"


def _same_turns(each: Edited, old: LineupSpan, new: LineupSpan) -> bool:
    """Whether two line-ups change hands at the same times."""
    words = (old.turn, old.hand_off, each.before_zone, each.before.only)
    return words == (new.turn, new.hand_off, each.after_zone, each.after.only)


def _same_circle(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the orders are different, and yet people follow each other in the same way."""
    turns = (place for place, person in enumerate(one) if other and person == other[0] and place)
    return any((*one[place:], *one[:place]) == other for place in turns)


def _command(each: Edited, before: tuple[LineupSpan, ...], after: tuple[LineupSpan, ...], one: Displaced) -> str | None:
    """Return the command that makes such an edit without moving anybody, where there is one."""
    old, new = _on_call(before, one.start), _on_call(after, one.start)
    if old is None or new is None or each.before_zone != each.after_zone or each.before.only != each.after.only:
        return None
    retimed = (old.turn, old.hand_off) != (new.turn, new.hand_off)
    joined = [person for person in new.people if person not in old.people]
    left = [person for person in old.people if person not in new.people]
    if retimed:
        return _turn_command(each.name, new) if old.people == new.people else None
    if not joined and not left:
        return f"oncall rota order {each.name} {' '.join(new.people)}" if old.people != new.people else None
    if len(joined) == 1 and not left:
        place = new.people.index(joined[0])
        where = "--first" if place == 0 else f"--after {new.people[place - 1]}"
        return f"oncall rota add {each.name} {joined[0]} {where}"
    if len(left) == 1 and not joined:
        stays = f" --cover {left[0]}" if left[0] == one.before else ""  # they finish the shift
        return f"oncall rota remove {each.name} {left[0]}{stays}"
    return None


def _turn_command(name: str, span: LineupSpan) -> str:
    turn, hand_off = span.turn, span.hand_off
    length = f"{turn.count} {turn.unit}{'s' if turn.count > 1 else ''}"
    if hand_off is None:
        return f"oncall rota turn {name} '{length}'"
    day = f"{DAYS[hand_off.weekday]} " if hand_off.weekday is not None else ""
    return f"oncall rota turn {name} '{length}' --hand-off '{day}{hand_off.at:%H:%M}'"

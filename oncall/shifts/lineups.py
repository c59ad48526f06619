"""The line-ups of a rotation in time: who took turns, how, from when to when."""

from dataclasses import dataclass
from datetime import date, datetime

from oncall.model import HandOff, Inventory, Lineup, Rotation, Turn
from oncall.shifts.clock import MIDNIGHT, moment_end, moment_instant, moment_wall


@dataclass(frozen=True, slots=True)
class LineupSpan:
    """One line-up and the time in which it counts.

    Turns are counted from `first`, its first hand-off; it is on call from `start`, the same instant unless it takes
    over later, within a turn. `end` is the start of the line-up that follows or the rotation's `until` (None: it goes
    on). All are UTC. `since` is the first hand-off as typed, `takes_over` the start where it is typed. A span may
    be empty (`end` <= `start`): the line-up was replaced or the rotation ended before it began.
    """

    people: tuple[str, ...]
    turn: Turn
    hand_off: HandOff | None
    since: date | datetime
    start: datetime
    end: datetime | None
    zone: str
    first: datetime
    takes_over: date | datetime | None = None

    @property
    def wall(self) -> datetime:
        """The naive wall-clock time of the first hand-off, from which all turns are counted."""
        return moment_wall(self.since, self.zone, self.hand_off.at if self.hand_off else MIDNIGHT)

    @property
    def begins(self) -> str:
        """When it begins, as a part of names and keys: `2026-12-07`, or `2026-12-07T0900` where a time is typed."""
        typed = self.since if self.takes_over is None else self.takes_over
        return moment_text(typed, self.wall if self.takes_over is None else moment_wall(typed, self.zone))


def moment_text(typed: date | datetime, wall: datetime) -> str:
    """Return a typed moment, whose wall clock is `wall`, as a part of names and keys."""
    return wall.strftime("%Y-%m-%dT%H%M" if isinstance(typed, datetime) else "%Y-%m-%d")


def lineup_spans(inventory: Inventory, team_key: str, schedule_key: str, rotation_key: str) -> tuple[LineupSpan, ...]:
    """Return the line-ups of a rotation, oldest first."""
    team = inventory.teams[team_key]
    schedule = team.schedules[schedule_key]
    rotation = schedule.rotations[rotation_key]
    return rotation_spans(rotation, inventory.rotation_zone(team, schedule, rotation))


def rotation_spans(rotation: Rotation, zone: str) -> tuple[LineupSpan, ...]:
    """Return the line-ups of a rotation whose wall clock is that of `zone`, oldest first.

    A `before` without a turn or hand-off of its own has the rotation's. A `since` without a time of day is at the
    hand-off, or at midnight where there is none. An `until` without one includes that whole day.
    """
    end = moment_end(rotation.until, zone) if rotation.until is not None else None
    spans: list[LineupSpan] = []
    lineup: Rotation | Lineup | None = rotation
    while lineup is not None:
        turn = lineup.turn or rotation.turn
        hand_off = lineup.hand_off or _inherited(rotation.hand_off, turn)
        first = moment_instant(lineup.since, zone, hand_off.at if hand_off else MIDNIGHT)
        late = lineup.takes_over
        start = first if late is None else max(first, moment_instant(late, zone))
        spans.append(LineupSpan(lineup.people, turn, hand_off, lineup.since, start, end, zone, first, late))
        end = start if end is None else min(start, end)
        lineup = lineup.before
    return tuple(reversed(spans))


def _inherited(hand_off: HandOff | None, turn: Turn) -> HandOff | None:
    """Return the rotation's hand-off for a line-up of another turn: only weekly turns have a weekday."""
    if hand_off is None or turn.unit == "week":
        return hand_off
    return HandOff(hand_off.at)

"""The line-ups of a rotation in time: who took turns, how, from when to when."""

from dataclasses import dataclass
from datetime import date, datetime

from oncall.model import HandOff, Inventory, Lineup, Rotation, Turn
from oncall.shifts.clock import MIDNIGHT, moment_end, moment_instant, moment_wall


@dataclass(frozen=True, slots=True)
class LineupSpan:
    """One line-up and the time in which it counts.

    `start` is its first hand-off, `end` the first hand-off of the line-up that follows or the rotation's `until`
    (None: it goes on); both are UTC. `since` is the first hand-off as typed, in the zone's wall clock. A span may be
    empty (`end` <= `start`): the line-up was replaced or the rotation ended before it began.
    """

    people: tuple[str, ...]
    turn: Turn
    hand_off: HandOff | None
    since: date | datetime
    start: datetime
    end: datetime | None
    zone: str

    @property
    def wall(self) -> datetime:
        """The naive wall-clock time of the first hand-off, from which all turns are counted."""
        return moment_wall(self.since, self.zone, self.hand_off.at if self.hand_off else MIDNIGHT)


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
        start = moment_instant(lineup.since, zone, hand_off.at if hand_off else MIDNIGHT)
        spans.append(LineupSpan(lineup.people, turn, hand_off, lineup.since, start, end, zone))
        end = start if end is None else min(start, end)
        lineup = lineup.before
    return tuple(reversed(spans))


def _inherited(hand_off: HandOff | None, turn: Turn) -> HandOff | None:
    """Return the rotation's hand-off for a line-up of another turn: only weekly turns have a weekday."""
    if hand_off is None or turn.unit == "week":
        return hand_off
    return HandOff(hand_off.at)

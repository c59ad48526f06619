"""Who a schedule puts on call: rotations add up, overrides beat the rotations they cover.

Pure: values and an instant in, values out. A daily or weekly turn keeps its wall-clock hand-off over changes of
daylight saving (`wall_clock`, not confirmed by any document), an hourly turn is elapsed time.
Sources: opsgenie-oas `ScheduleRotation`, `ScheduleOverride`; support.atlassian.com build-an-on-call-schedule.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.opsgenie.recipients import Recipient
from sandbox.opsgenie.restrictions import Restriction, to_instant, to_local

TURN_DAYS = {"daily": 1, "weekly": 7}


@dataclass(frozen=True)
class Rotation:
    """One rotation as stored; `start` and `end` are instants, `kind` is hourly, daily or weekly."""

    id: str
    name: str
    start: datetime
    end: datetime | None
    kind: str
    length: int
    participants: tuple[Recipient, ...]
    restriction: Restriction | None = None


@dataclass(frozen=True)
class Override:
    """Somebody (or "none") on call instead of rotations; no `rotations` means all of the schedule's."""

    alias: str
    who: Recipient
    start: datetime
    end: datetime
    rotations: frozenset[str] = frozenset()

    def covers(self, rotation_id: str) -> bool:
        """Tell whether it stands in for a rotation."""
        return not self.rotations or rotation_id in self.rotations

    def active(self, at: datetime) -> bool:
        """Tell whether it holds at an instant."""
        return self.start <= at < self.end


@dataclass(frozen=True)
class Duty:
    """Somebody on call, and through what."""

    who: Recipient
    part: str
    part_id: str
    override: bool = False


@dataclass(frozen=True)
class Plan:
    """All that decides who a schedule puts on call."""

    zone: ZoneInfo
    rotations: tuple[Rotation, ...]
    overrides: tuple[Override, ...] = ()
    wall_clock: bool = True
    override_fills_gaps: bool = True

    def turn_start(self, rotation: Rotation, number: int) -> datetime:
        """Return the instant at which a turn (counted from 0) begins."""
        days = TURN_DAYS.get(rotation.kind)
        if days is None:
            return rotation.start + timedelta(hours=number * rotation.length)
        span = timedelta(days=number * rotation.length * days)
        if not self.wall_clock:
            return rotation.start + span
        if number == 0:
            return rotation.start
        return to_instant(to_local(rotation.start, self.zone) + span, self.zone)

    def turn_number(self, rotation: Rotation, at: datetime) -> int:
        """Return which turn an instant at or after the rotation's start falls in."""
        hours = 24 * TURN_DAYS[rotation.kind] if rotation.kind in TURN_DAYS else 1
        number = (at - rotation.start) // timedelta(hours=hours * rotation.length)
        # Elapsed time is off by at most one turn from wall-clock time.
        while self.turn_start(rotation, number + 1) <= at:
            number += 1
        while number > 0 and self.turn_start(rotation, number) > at:
            number -= 1
        return number

    def holder(self, rotation: Rotation, at: datetime) -> Recipient | None:
        """Return whom a rotation alone puts on call, overrides aside; None for nobody."""
        if at < rotation.start or (rotation.end is not None and at >= rotation.end):
            return None
        if rotation.restriction and not rotation.restriction.covers(at, self.zone):
            return None
        who = rotation.participants[self.turn_number(rotation, at) % len(rotation.participants)]
        return None if who.type == "none" else who

    def override_of(self, rotation_id: str, at: datetime) -> Override | None:
        """Return the override that stands in for a rotation; of several the one made last (inferred)."""
        active = [each for each in self.overrides if each.active(at) and each.covers(rotation_id)]
        return active[-1] if active else None

    def duties(self, at: datetime) -> list[Duty]:
        """Return everybody on call at an instant: overrides first, then rotations in their order."""
        overriding: dict[str, Duty] = {}
        regular: list[Duty] = []
        for override in self.overrides:
            if override.active(at) and override.who.type != "none" and self._has_effect(override, at):
                overriding[override.alias] = Duty(override.who, "override", override.alias, override=True)
        for rotation in self.rotations:
            who = self.holder(rotation, at)
            if who and self.override_of(rotation.id, at) is None:
                regular.append(Duty(who, rotation.name, rotation.id))
        return [*overriding.values(), *regular]

    def _has_effect(self, override: Override, at: datetime) -> bool:
        covered = [each for each in self.rotations if override.covers(each.id)]
        won = [each for each in covered if self.override_of(each.id, at) is override]
        if self.override_fills_gaps:
            return bool(won) or not covered
        return any(self.holder(each, at) for each in won)

    def next_edge(
        self, rotations: Sequence[Rotation], overrides: Sequence[Override], after: datetime
    ) -> datetime | None:
        """Return the first instant after `after` at which one of these may change; None if none ever will."""
        edges = [edge for each in overrides for edge in (each.start, each.end)]
        for rotation in rotations:
            if rotation.end is not None:
                edges.append(rotation.end)
                if after >= rotation.end:
                    continue
            if after < rotation.start:
                edges.append(rotation.start)
                continue
            edges.append(self.turn_start(rotation, self.turn_number(rotation, after) + 1))
            if rotation.restriction:
                edges.append(rotation.restriction.next_edge(after, self.zone))
        return min((edge for edge in edges if edge > after), default=None)

    def edges(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Give `start` and every later instant before `end` at which somebody may come or go."""
        at: datetime | None = start
        while at is not None and at < end:
            yield at
            at = self.next_edge(self.rotations, self.overrides, at)

    def until(self, duty: Duty, at: datetime, horizon: timedelta = timedelta(days=100)) -> datetime | None:
        """Return when a duty held at `at` ends; None if not within the horizon."""
        for edge in self.edges(at, at + horizon):
            if duty not in self.duties(edge):
                return edge
        return None

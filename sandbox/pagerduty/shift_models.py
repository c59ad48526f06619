"""What a shift-based schedule (v3) holds: rotations of events, custom shifts, overrides of either."""

from dataclasses import dataclass, field
from datetime import datetime

USER_MEMBER = "user_member"
EMPTY_MEMBER = "empty_member"


@dataclass(frozen=True)
class Member:
    """A user's place, or (user None) one that is left empty on purpose."""

    user: str | None


@dataclass(frozen=True)
class ShiftEvent:
    """A pattern of shifts, in force from `since` to before `until`; `start` and `end` are its first shift's.

    `turns` is how many shifts in a row each member takes; None puts every member on each shift.
    """

    id: str
    name: str
    start: datetime
    end: datetime
    start_zone: str
    end_zone: str
    since: datetime
    until: datetime | None
    recurrence: tuple[str, ...]
    turns: int | None
    members: tuple[Member, ...]


@dataclass
class Rotation:
    """Events in the order they were made; `past` holds what deleted ones have given so far."""

    id: str
    events: dict[str, ShiftEvent] = field(default_factory=dict)
    past: list[ShiftEvent] = field(default_factory=list)
    deleted: bool = False


@dataclass
class CustomShift:
    """One shift outside every rotation."""

    id: str
    start: datetime
    end: datetime
    assignment: str
    member: Member


@dataclass
class ShiftOverride:
    """Puts one member in the place of another, in the shifts of one rotation or in one custom shift."""

    id: str
    rotation: str | None
    custom_shift: str | None
    start: datetime
    end: datetime
    overridden: Member
    overriding: Member


@dataclass
class ShiftSchedule:
    """A schedule of the v3 API."""

    id: str
    name: str
    time_zone: str
    description: str | None
    teams: list[str]
    rotations: dict[str, Rotation] = field(default_factory=dict)
    custom_shifts: dict[str, CustomShift] = field(default_factory=dict)
    overrides: dict[str, ShiftOverride] = field(default_factory=dict)

    def members(self, at: datetime) -> list[str]:
        """Return the users on an event that has not ended at an instant, each once."""
        events = [event for rotation in self.rotations.values() for event in rotation.events.values()]
        users = [member.user for event in events if event.until is None or event.until > at for member in event.members]
        return list(dict.fromkeys(user for user in users if user))

"""Schedules with their rotations and overrides, as stored and as the API writes them.

Who is on call by them is `rendering`'s and `oncall`'s affair. Sources: opsgenie-oas `Schedule`,
`ScheduleRotation`, `ScheduleOverride`; terraform-provider-opsgenie resource_opsgenie_schedule_rotation.go.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.errors import in_use, invalid, not_found
from sandbox.opsgenie.fields import Fields, date_text
from sandbox.opsgenie.recipients import NONE, Recipient, read_recipient, recipient_wire
from sandbox.opsgenie.rendering import Override, Plan, Rotation
from sandbox.opsgenie.restrictions import read_restriction
from sandbox.opsgenie.users import read_zone

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NAME_LIMIT = 100
DESCRIPTION_LIMIT = 10_000
MAX_LENGTH = 1_000  # ours; no document names one
ROTATION_KINDS = ("hourly", "daily", "weekly")
PARTICIPANTS = ("user", "team", "escalation", NONE)


def round_to_half_hour(moment: datetime) -> datetime:
    """Return a rotation's start or end as the server keeps it: minutes 0 or 30, whichever is nearer, in the zone
    it was written in (the API's description says so; halves go up)."""
    floor = moment.replace(minute=0, second=0, microsecond=0)
    halves = int(((moment - floor).total_seconds() + 900) // 1800)
    return (floor + timedelta(minutes=30 * halves)).astimezone(UTC)


@dataclass
class Schedule:
    """One schedule; overrides are in the order they were made."""

    id: str
    name: str
    description: str
    timezone: str
    enabled: bool = True
    team_id: str | None = None
    rotations: list[Rotation] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)

    def meta(self) -> dict[str, Any]:
        """Return what answers about a schedule's parts call `_parent`."""
        return {"id": self.id, "name": self.name, "enabled": self.enabled}


class Schedules:
    """All schedules of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, Schedule] = {}

    def find(self, identifier: str, kind: str = "id") -> Schedule:
        """Return a schedule by id or name; 404 if there is none."""
        for each in self.by_id.values():
            if identifier == (each.name if kind == "name" else each.id):
                return each
        raise not_found("schedule", identifier)

    def plan(self, schedule: Schedule) -> Plan:
        """Return what decides who is on call; a disabled schedule has nobody."""
        switches = self._account.switches
        return Plan(
            zone=self._account.zone(schedule.timezone),
            rotations=tuple(schedule.rotations) if schedule.enabled else (),
            overrides=tuple(schedule.overrides) if schedule.enabled else (),
            wall_clock=switches.wall_clock_turns,
            override_fills_gaps=switches.override_fills_gaps,
        )

    def create(self, fields: Fields, team_id: str | None) -> Schedule:
        """Add a schedule, with rotations if there are any in the request."""
        schedule = Schedule(
            id=self._account.ids.uuid(),
            name=self._read_name(fields),
            description=fields.text("description", limit=DESCRIPTION_LIMIT, cut=False),
            timezone=read_zone(fields, "timezone", self._account.time_zone),
            enabled=fields.flag("enabled", default=True),
            team_id=team_id,
        )
        schedule.rotations = self._read_rotations(fields)
        self.by_id[schedule.id] = schedule
        return schedule

    def update(self, schedule: Schedule, fields: Fields, team_id: str | None) -> None:
        """Change the fields given; a list of rotations replaces the rotations."""
        name = self._read_name(fields, schedule) if fields.has("name") else schedule.name
        description = fields.text("description", schedule.description, limit=DESCRIPTION_LIMIT, cut=False)
        timezone = read_zone(fields, "timezone", schedule.timezone)
        enabled = fields.flag("enabled", schedule.enabled)
        if fields.has("rotations"):
            schedule.rotations = self._read_rotations(fields)
        schedule.name, schedule.description, schedule.timezone = name, description, timezone
        schedule.enabled, schedule.team_id = enabled, team_id

    def delete(self, schedule: Schedule) -> None:
        """Remove a schedule; refused while something points at it (a switch)."""
        users = self._account.uses_of("schedule", schedule.id)
        if users and self._account.switches.refuse_delete_in_use:
            raise in_use("Schedule", schedule.name, users[0])
        del self.by_id[schedule.id]

    def wire(self, schedule: Schedule, *, rotations: bool = True) -> dict[str, Any]:
        """Return a schedule as the API writes it."""
        wire: dict[str, Any] = {
            "id": schedule.id,
            "name": schedule.name,
            "description": schedule.description,
            "timezone": schedule.timezone,
            "enabled": schedule.enabled,
        }
        if owner := self._account.teams.reference(schedule.team_id):
            wire["ownerTeam"] = owner
        if rotations:
            wire["rotations"] = [self.rotation_wire(each) for each in schedule.rotations]
        return wire

    def _read_name(self, fields: Fields, own: Schedule | None = None) -> str:
        name = fields.text("name", required=True, limit=NAME_LIMIT, cut=False)
        if any(each.name == name and each is not own for each in self.by_id.values()):
            raise self._account.duplicate("schedule", name)
        return name

    # --- rotations ------------------------------------------------------------------------------------------------

    def find_rotation(self, schedule: Schedule, identifier: str) -> Rotation:
        """Return a rotation by id; 404 if there is none."""
        for rotation in schedule.rotations:
            if rotation.id == identifier:
                return rotation
        raise not_found("rotation", identifier)

    def add_rotation(self, schedule: Schedule, fields: Fields) -> Rotation:
        """Add a rotation at the end."""
        rotation = self._read_rotation(fields, f"Rotation {len(schedule.rotations) + 1}")
        schedule.rotations.append(rotation)
        return rotation

    def update_rotation(self, schedule: Schedule, rotation: Rotation, fields: Fields) -> Rotation:
        """Change the fields given."""
        restriction = read_restriction(fields.inner("timeRestriction")) or rotation.restriction
        end = round_to_half_hour(fields.date("endDate")) if fields.has("endDate") else rotation.end
        changed = replace(
            rotation,
            name=fields.text("name", limit=NAME_LIMIT, cut=False) or rotation.name,
            start=round_to_half_hour(fields.date("startDate")) if fields.has("startDate") else rotation.start,
            end=None if fields.cleared("endDate") else end,
            kind=fields.choice("type", ROTATION_KINDS, rotation.kind),
            length=fields.number("length", rotation.length, low=1, high=MAX_LENGTH),
            participants=self._read_participants(fields) if fields.has("participants") else rotation.participants,
            restriction=None if fields.cleared("timeRestriction") else restriction,
        )
        _refuse_backwards(changed.start, changed.end)
        schedule.rotations[schedule.rotations.index(rotation)] = changed
        return changed

    def rotation_wire(self, rotation: Rotation) -> dict[str, Any]:
        """Return a rotation as the API writes it."""
        wire: dict[str, Any] = {
            "id": rotation.id,
            "name": rotation.name,
            "startDate": date_text(rotation.start),
            "type": rotation.kind,
            "length": rotation.length,
            "participants": [recipient_wire(self._account, each) for each in rotation.participants],
        }
        if rotation.end is not None:
            wire["endDate"] = date_text(rotation.end)
        return wire | ({"timeRestriction": rotation.restriction.wire()} if rotation.restriction else {})

    def _read_rotations(self, fields: Fields) -> list[Rotation]:
        return [self._read_rotation(each, f"Rotation {i}") for i, each in enumerate(fields.items("rotations"), 1)]

    def _read_rotation(self, fields: Fields, name: str) -> Rotation:
        start = round_to_half_hour(fields.date("startDate"))
        end = round_to_half_hour(fields.date("endDate")) if fields.has("endDate") else None
        _refuse_backwards(start, end)
        return Rotation(
            id=self._account.ids.uuid(),
            name=fields.text("name", limit=NAME_LIMIT, cut=False) or name,
            start=start,
            end=end,
            kind=fields.choice("type", ROTATION_KINDS),
            length=fields.number("length", 1, low=1, high=MAX_LENGTH),
            participants=self._read_participants(fields),
            restriction=read_restriction(fields.inner("timeRestriction")),
        )

    def _read_participants(self, fields: Fields) -> tuple[Recipient, ...]:
        found = tuple(read_recipient(self._account, each, PARTICIPANTS) for each in fields.items("participants"))
        if not found:
            raise invalid(fields.name_of("participants"), "is required")
        return found

    # --- overrides ------------------------------------------------------------------------------------------------

    def find_override(self, schedule: Schedule, alias: str) -> Override:
        """Return an override by its alias; 404 if there is none."""
        for override in schedule.overrides:
            if override.alias == alias:
                return override
        raise not_found("override", alias)

    def add_override(self, schedule: Schedule, fields: Fields) -> Override:
        """Add an override; without an alias it is given one."""
        alias = fields.text("alias", limit=512, cut=False) or self._account.ids.uuid()
        if any(each.alias == alias for each in schedule.overrides):
            raise self._account.duplicate("override", alias)
        override = self._read_override(schedule, fields, alias)
        schedule.overrides.append(override)
        return override

    def replace_override(self, schedule: Schedule, override: Override, fields: Fields) -> None:
        """Give an override new content (PUT); its place among the others stays."""
        changed = self._read_override(schedule, fields, override.alias)
        schedule.overrides[schedule.overrides.index(override)] = changed

    def override_wire(self, schedule: Schedule, override: Override) -> dict[str, Any]:
        """Return an override as the API writes it, `rotations` only where it names some."""
        wire: dict[str, Any] = {
            "_parent": schedule.meta(),
            "alias": override.alias,
            "user": recipient_wire(self._account, override.who),
            "startDate": date_text(override.start),
            "endDate": date_text(override.end),
        }
        if override.rotations:
            wire["rotations"] = [
                {"id": each.id, "name": each.name} for each in schedule.rotations if each.id in override.rotations
            ]
        return wire

    def _read_override(self, schedule: Schedule, fields: Fields, alias: str) -> Override:
        user = fields.inner("user")
        if user is None:
            raise invalid("user", "is required")
        start, end = fields.date("startDate").astimezone(UTC), fields.date("endDate").astimezone(UTC)
        _refuse_backwards(start, end)
        chosen = set()
        for each in fields.items("rotations"):
            named = [r for r in schedule.rotations if r.id == each.text("id") or r.name == each.text("name")]
            if not named:
                raise invalid(each.name_of("id"), "names no rotation of this schedule")
            chosen.add(named[0].id)
        return Override(alias, read_recipient(self._account, user, ("user", NONE)), start, end, frozenset(chosen))


def _refuse_backwards(start: datetime, end: datetime | None) -> None:
    if end is not None and end <= start:
        raise invalid("endDate", "must be later than startDate")

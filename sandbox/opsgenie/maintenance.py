"""Maintenance: windows of time in which integrations are disabled, and policies disabled or enabled.

While one is active its rules beat the objects' own state (docs.opsgenie.com/docs/maintenance); of several the one made
last wins (inferred). What is active can't be changed but for its end, what is past not at all: so the Terraform
provider takes it (resource_opsgenie_maintenance.go). Shapes: opsgenie-oas `Maintenance`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.errors import ApiError, invalid, not_found
from sandbox.opsgenie.fields import Fields, date_text

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

DESCRIPTION_LIMIT = 10_000
SPANS = {
    "for-5-minutes": timedelta(minutes=5),
    "for-30-minutes": timedelta(minutes=30),
    "for-1-hour": timedelta(hours=1),
}
INDEFINITELY, SCHEDULE = "indefinitely", "schedule"
TIME_TYPES = (*SPANS, INDEFINITELY, SCHEDULE)
INTEGRATION, POLICY = "integration", "policy"
LISTS = ("all", "past", "non-expired")


@dataclass(frozen=True)
class Rule:
    """What happens to one integration or policy while the maintenance is active."""

    kind: str
    id: str
    enabled: bool

    def wire(self) -> dict[str, Any]:
        """Return the rule as the API writes it."""
        state = "enabled" if self.enabled else "disabled"
        return {"state": state, "entity": {"id": self.id, "type": self.kind}}


@dataclass
class Maintenance:
    """One maintenance; `end` None is indefinite."""

    id: str
    description: str
    time_type: str
    start: datetime
    end: datetime | None
    rules: tuple[Rule, ...]
    cancelled: bool = False

    def status(self, at: datetime) -> str:
        """Return cancelled, planned, active or past."""
        if self.cancelled:
            return "cancelled"
        if at < self.start:
            return "planned"
        return "active" if self.end is None or at < self.end else "past"


class Maintenances:
    """All maintenances of the account, in the order they were made."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, Maintenance] = {}

    def find(self, identifier: str) -> Maintenance:
        """Return a maintenance by id; 404 if there is none."""
        if identifier not in self.by_id:
            raise not_found("maintenance", identifier)
        return self.by_id[identifier]

    def listed(self, which: str) -> list[Maintenance]:
        """Return all, the past (with the cancelled) or the others."""
        over = ("past", "cancelled")
        found = list(self.by_id.values())
        if which == "all":
            return found
        return [each for each in found if (each.status(self._account.now()) in over) == (which == "past")]

    def forced(self, kind: str, identifier: str) -> bool | None:
        """Return the state an active maintenance puts an object in (True: enabled); None where none does."""
        found = None
        for each in self.by_id.values():
            if each.status(self._account.now()) == "active":
                found = next((r.enabled for r in each.rules if (r.kind, r.id) == (kind, identifier)), found)
        return found

    def create(self, fields: Fields) -> Maintenance:
        """Add a maintenance."""
        maintenance = self._read(fields, self._account.ids.uuid())
        self.by_id[maintenance.id] = maintenance
        return maintenance

    def replace(self, maintenance: Maintenance, fields: Fields) -> Maintenance:
        """Give a planned maintenance new content (PUT)."""
        status = maintenance.status(self._account.now())
        if status != "planned":
            raise ApiError(422, f"Maintenance [{maintenance.id}] is {status}: only a planned one can be changed")
        changed = self._read(fields, maintenance.id)
        self.by_id[maintenance.id] = changed
        return changed

    def change_end(self, maintenance: Maintenance, fields: Fields) -> None:
        """Give an active maintenance another end, not in the past."""
        self._refuse_over(maintenance)
        end = fields.date("endDate").astimezone(UTC)
        if end <= max(maintenance.start, self._account.now()):
            raise invalid("endDate", "must be later than now and than the start")
        maintenance.end, maintenance.time_type = end, SCHEDULE

    def cancel(self, maintenance: Maintenance) -> None:
        """End a planned or active maintenance."""
        self._refuse_over(maintenance)
        maintenance.cancelled = True

    def meta(self, maintenance: Maintenance) -> dict[str, Any]:
        """Return the short form of lists and of the answers to writes."""
        time: dict[str, Any] = {"type": maintenance.time_type, "startDate": date_text(maintenance.start)}
        if maintenance.end is not None:
            time["endDate"] = date_text(maintenance.end)
        status = maintenance.status(self._account.now())
        return {"id": maintenance.id, "status": status, "time": time, "description": maintenance.description}

    def wire(self, maintenance: Maintenance) -> dict[str, Any]:
        """Return a maintenance as the API writes it."""
        return self.meta(maintenance) | {"rules": [rule.wire() for rule in maintenance.rules]}

    def _refuse_over(self, maintenance: Maintenance) -> None:
        status = maintenance.status(self._account.now())
        if status in ("past", "cancelled"):
            raise ApiError(422, f"Maintenance [{maintenance.id}] is {status} and cannot be changed")

    def _read(self, fields: Fields, identifier: str) -> Maintenance:
        time = fields.inner("time")
        if time is None:
            raise invalid("time", "is required")
        kind, start = time.choice("type", TIME_TYPES), self._account.now()
        end = start + SPANS[kind] if kind in SPANS else None
        if kind == SCHEDULE:
            start, end = time.date("startDate").astimezone(UTC), time.date("endDate").astimezone(UTC)
            if end <= start:
                raise invalid("time.endDate", "must be later than startDate")
        rules = tuple(self._read_rule(each) for each in fields.items("rules"))
        if not rules:
            raise invalid("rules", "is required")
        description = fields.text("description", limit=DESCRIPTION_LIMIT, cut=False)
        return Maintenance(identifier, description, kind, start, end, rules)

    def _read_rule(self, fields: Fields) -> Rule:
        entity = fields.inner("entity")
        if entity is None:
            raise invalid(fields.name_of("entity"), "is required")
        kind, identifier = entity.choice("type", (INTEGRATION, POLICY)), entity.text("id", required=True)
        integrations = self._account.integrations.by_id
        known = integrations if kind == INTEGRATION else {each.id for each in self._account.policies.all}
        if identifier not in known:
            raise ApiError(422, f"{kind.capitalize()} with given id [{identifier}] can not be found")
        state = fields.choice("state", ("enabled", "disabled"), "disabled" if kind == INTEGRATION else None)
        if kind == INTEGRATION and state == "enabled":
            raise invalid(fields.name_of("state"), "must be disabled for an integration")
        return Rule(kind, identifier, state == "enabled")

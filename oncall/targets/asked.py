"""Where an inventory asks for a resource: the path of the noun that a failure of it should name."""

from collections.abc import Collection

from oncall.errors import Path
from oncall.model import Inventory
from oncall.resource import Resource

PERSONAL = frozenset({"User", "Contact", "ContactMethod", "NotificationRule"})
GROUPED = frozenset({"BusinessService", "ServiceDependency"})
SERVED = frozenset({"Service", "ServiceIntegration", "Heartbeat"})
SCHEDULED = frozenset({"Schedule", "Schedulev2", "Rotation", "ScheduleOverride", "ShiftOverride", "CustomShift"})
MEMBERS = frozenset({"TeamMembership", "TeamMember"})
ESCALATED = frozenset({"EscalationPolicy", "Escalation"})


def asked_at(inventory: Inventory, resource: Resource) -> Path:
    """Return the path of the noun that asks for a resource: as deep as its key tells, at least the team; else ()."""
    noun, steps = resource.kind.partition(":")[2], resource.key.split("/")
    if noun in PERSONAL:
        return _known(("people", steps[0]), inventory.people)
    if noun in GROUPED or resource.kind == "opsgenie:Service":
        return _known(("groups", steps[0]), inventory.groups)
    if noun == "Tag":
        return _tagged(inventory, resource.key)
    if noun in SERVED and steps[-1] in inventory.servers:
        return ("servers", steps[-1])
    team = resource.team
    if team is None or team not in inventory.teams:
        return ()
    path: Path = ("teams", team)
    if noun in ESCALATED:
        return (*path, "escalation")
    if noun in SCHEDULED and len(steps) > 1:
        return _schedule(inventory, path, team, steps[1:])
    if noun in MEMBERS:
        people = [member.person for member in inventory.teams[team].members]
        return (*path, "members", people.index(steps[-1])) if steps[-1] in people else path
    return path


def _schedule(inventory: Inventory, path: Path, team: str, steps: list[str]) -> Path:
    key = steps[0].partition("@")[0]  # `team/schedule@zone`
    schedule = inventory.teams[team].schedules.get(key)
    if schedule is None:
        return path
    path = (*path, "schedules", key)
    return (*path, "rotations", steps[1]) if len(steps) > 1 and steps[1] in schedule.rotations else path


def _tagged(inventory: Inventory, label: str) -> Path:
    for key, team in inventory.teams.items():
        if label in team.tags:
            return ("teams", key, "tags", team.tags.index(label))
    return ()


def _known(path: Path, nouns: Collection[str]) -> Path:
    return path if path[-1] in nouns else ()

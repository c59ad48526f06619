"""Teams: members, and the routing rule, escalation and schedule that come with a new team.

Sources: opsgenie-oas `Team`; terraform-provider-opsgenie resource_opsgenie_team.go (delete_default_resources);
support.atlassian.com configure-a-team-dashboard.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.errors import invalid, not_found
from sandbox.opsgenie.escalations import Escalation, Rule
from sandbox.opsgenie.fields import Fields, date_text
from sandbox.opsgenie.recipients import Recipient, find_recipient
from sandbox.opsgenie.routing import DEFAULT_NAME, RoutingRule
from sandbox.opsgenie.schedules import Schedule

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NAME_PATTERN = r"[A-Za-z0-9 _.\-]+"
NAME_LIMIT = 99  # "under 100"
DESCRIPTION_LIMIT = 10_000
ROLES = ("user", "admin")


@dataclass
class Member:
    """A user's place in a team."""

    user_id: str
    role: str = "user"


@dataclass(frozen=True)
class LogEntry:
    """One line of a team's log; `offset` places it."""

    at: datetime
    owner: str
    text: str
    offset: str

    def wire(self) -> dict[str, str]:
        """Return the line as the API writes it."""
        return {"log": self.text, "owner": self.owner, "createdDate": date_text(self.at)}


@dataclass
class Team:
    """One team; its routing rules are in order, the default one last."""

    id: str
    name: str
    description: str
    members: list[Member] = field(default_factory=list)
    rules: list[RoutingRule] = field(default_factory=list)
    log: list[LogEntry] = field(default_factory=list)


class Teams:
    """All teams of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, Team] = {}

    def find(self, identifier: str, kind: str = "id") -> Team:
        """Return a team by id or name; 404 if there is none."""
        for team in self.by_id.values():
            if identifier == (team.name if kind == "name" else team.id):
                return team
        raise not_found("team", identifier)

    def create(self, fields: Fields) -> Team:
        """Add a team together with its default objects."""
        account = self._account
        name = self._read_name(fields)
        team = Team(
            id=account.ids.uuid(),
            name=name,
            description=fields.text("description", limit=DESCRIPTION_LIMIT, cut=False),
            members=self._read_members(fields),
        )
        self.by_id[team.id] = team
        schedule = Schedule(account.ids.uuid(), f"{name}_schedule", "", account.time_zone, team_id=team.id)
        account.schedules.by_id[schedule.id] = schedule
        escalation = Escalation(
            account.ids.uuid(), f"{name}_escalation", "", team.id, default_rules(schedule.id, team.id)
        )
        account.escalations.by_id[escalation.id] = escalation
        team.rules.append(
            RoutingRule(
                id=account.ids.uuid(),
                name=DEFAULT_NAME,
                notify=Recipient("escalation", escalation.id),
                timezone=account.time_zone,
                is_default=True,
            )
        )
        return team

    def update(self, team: Team, fields: Fields) -> None:
        """Change the fields given; a list of members replaces the members."""
        name = self._read_name(fields, team) if fields.has("name") else team.name
        description = fields.text("description", team.description, limit=DESCRIPTION_LIMIT, cut=False)
        if fields.has("members"):
            team.members = self._read_members(fields)
        team.name, team.description = name, description

    def delete(self, team: Team) -> None:
        """Remove a team and all it owns: rules, schedules, escalations, integrations,
        services, policies, heartbeats."""
        account = self._account
        books: tuple[dict[str, Any], ...] = (
            *(account.schedules.by_id, account.escalations.by_id),
            *(account.integrations.by_id, account.services.by_id),
        )
        for book in books:
            for key in [key for key, each in book.items() if each.team_id == team.id]:
                del book[key]
        account.policies.all = [each for each in account.policies.all if each.team_id != team.id]
        for heartbeat in [each for each in account.heartbeats.by_name.values() if each.team_id == team.id]:
            account.heartbeats.delete(heartbeat)
        del self.by_id[team.id]

    def add_member(self, team: Team, fields: Fields) -> None:
        """Add a user, or give a member another role."""
        member = self._read_member(fields)
        team.members = [each for each in team.members if each.user_id != member.user_id] + [member]

    def remove_member(self, team: Team, identifier: str) -> None:
        """Take a user out of a team; 404 if no member."""
        user = self._account.users.find(identifier)
        if all(each.user_id != user.id for each in team.members):
            raise not_found("member", identifier)
        team.members = [each for each in team.members if each.user_id != user.id]

    def note_down(self, team: Team, text: str, owner: str) -> None:
        """Add a line to a team's log; the texts are ours."""
        now = self._account.now()
        offset = f"{int(now.timestamp() * 1000)}_{len(team.log):06d}"
        team.log.append(LogEntry(now, owner, text, offset))

    def wire(self, team: Team, *, members: bool = True) -> dict[str, Any]:
        """Return a team as the API writes it; the list leaves the members out."""
        users = self._account.users.by_id
        wire: dict[str, Any] = {"id": team.id, "name": team.name, "description": team.description}
        if members:
            wire["members"] = [
                {"user": {"id": each.user_id, "username": users[each.user_id].username}, "role": each.role}
                for each in team.members
            ]
        return wire

    def reference(self, team_id: str | None) -> dict[str, str] | None:
        """Return {id, name} of an owner team; None without one."""
        team = self.by_id.get(team_id or "")
        return {"id": team.id, "name": team.name} if team else None

    def read_owner(self, fields: Fields, field_name: str = "ownerTeam") -> str | None:
        """Return the id of the owner team of a request, None for none ({} included); 422 for an unknown one."""
        owner = fields.inner(field_name)
        if owner is None or not (owner.text("id") or owner.text("name")):
            return None
        found = find_recipient(self._account, owner, "team")
        if found is None:
            raise invalid(owner.name_of("id"), "names no team of this account")
        return found.id

    def _read_name(self, fields: Fields, own: Team | None = None) -> str:
        name = fields.text("name", required=True, limit=NAME_LIMIT, pattern=NAME_PATTERN, cut=False)
        if any(each.name == name and each is not own for each in self.by_id.values()):
            raise self._account.duplicate("team", name)
        return name

    def _read_members(self, fields: Fields) -> list[Member]:
        members = {each.user_id: each for each in map(self._read_member, fields.items("members"))}
        return list(members.values())

    def _read_member(self, fields: Fields) -> Member:
        user = fields.inner("user")
        if user is None:
            raise invalid(fields.name_of("user"), "is required")
        found = find_recipient(self._account, user, "user")
        if found is None:
            raise invalid(user.name_of("id"), "names no user of this account")
        return Member(found.id, fields.choice("role", ROLES, "user"))


def default_rules(schedule_id: str, team_id: str) -> list[Rule]:
    """Return the rules of a new team's escalation: on call now, the next after 5 minutes, all after 10 (inferred
    from what the web app shows)."""
    schedule = Recipient("schedule", schedule_id)
    return [
        Rule("if-not-acked", "default", timedelta(0), schedule),
        Rule("if-not-acked", "next", timedelta(minutes=5), schedule),
        Rule("if-not-acked", "all", timedelta(minutes=10), Recipient("team", team_id)),
    ]

"""OpsGenie escalations: minutes since the alert began, one recipient a rule."""

from collections.abc import Mapping, Sequence

from oncall.model import Inventory
from oncall.model.escalation import PersonRef, Policy, Recipient, policy
from oncall.model.extras import OpsGenieTeam
from oncall.resource import Ref, Resource, Value
from oncall.targets.common import MANAGED, minute_levels, whole_minutes
from oncall.targets.opsgenie.kinds import ESCALATION, SCHEDULE, made_users, team, username
from oncall.targets.opsgenie.names import escalation_name
from oncall.targets.vendor_schedules import Schedules

# https://docs.opsgenie.com/docs/escalation-api - repeat.waitInterval, in minutes
MIN_WAIT = 1


def escalations(
    inventory: Inventory,
    tiers: Mapping[str, Sequence[str]],
    schedules: Schedules,
    memberships: Mapping[str, tuple[Ref, ...]],
) -> list[Resource]:
    """Return an escalation for each team x tier; none where nobody would be told."""
    return [
        _escalation(inventory, key, tier, wanted, told, memberships.get(key, ()))
        for key, used in tiers.items()
        for tier in sorted(used)
        if (told := _told(inventory, wanted := policy(inventory, key, tier), schedules))
    ]


def _escalation(
    inventory: Inventory,
    key: str,
    tier: str,
    wanted: Policy,
    told: list[tuple[int, Value]],
    members: tuple[Ref, ...],
) -> Resource:
    properties: dict[str, Value] = {
        "name": escalation_name(inventory, key, tier),
        "description": MANAGED,
        "owner_team_id": team(key),
        "rules": tuple(
            {"condition": "if-not-acked", "notifyType": "default", "delay": minute, "recipient": recipient}
            for minute, recipient in told
        ),
    }
    if wanted.times:
        last, _ = told[-1]
        extras = inventory.teams[key].opsgenie or OpsGenieTeam()
        properties["repeat"] = {
            "waitInterval": max(MIN_WAIT, whole_minutes(wanted.repeat_after) - last),
            "count": wanted.times,
            # Who has acknowledged is not paged again, and nothing is closed but by its recovery, unless asked for.
            "resetRecipientStates": extras.reset_states,
            "closeAlertAfterAll": extras.close_after_all,
        }
    people = (who.person for level in wanted.levels for who in level.recipients if isinstance(who, PersonRef))
    return Resource(ESCALATION, f"{key}/{tier}", properties, key, after=(*made_users(inventory, people), *members))


def _told(inventory: Inventory, wanted: Policy, schedules: Schedules) -> list[tuple[int, Value]]:
    """Return who is told at which minute; a schedule whose rotations are all over tells nobody."""
    return [
        (level.minute, recipient)
        for level in minute_levels(wanted)
        for who in level.recipients
        for recipient in _recipients(inventory, who, schedules)
    ]


def _recipients(inventory: Inventory, who: Recipient, schedules: Schedules) -> tuple[Value, ...]:
    if isinstance(who, PersonRef):
        return ({"type": "user", "username": username(inventory, who.person)},)
    return tuple({"type": "schedule", "id": Ref(SCHEDULE, one.key)} for one in schedules.get(who, ()))

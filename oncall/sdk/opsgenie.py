"""Program-side classes of the OpsGenie module. Nested mappings have the API's own field names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi import Input, Output

from oncall.sdk._resource import OncallResource

Nested = Mapping[str, Any]
"""A nested object in the wire's words; its values may be inputs themselves."""

# The tables below are class constants, read only; typing.ClassVar on the base says so.
# ruff: noqa: RUF012, S105


class User(OncallResource):
    """A person's account. Deleting the resource deletes the account only if it was made here."""

    token = "oncall:opsgenie:User"
    wire_names = {"full_name": "fullName", "time_zone": "timeZone"}

    username: Output[str]
    full_name: Output[str]
    role: Output[str]
    time_zone: Output[str | None]
    locale: Output[str | None]

    def __init__(
        self,
        resource_name: str,
        *,
        username: Input[str],
        full_name: Input[str],
        role: Input[str] | None = None,
        time_zone: Input[str] | None = None,
        locale: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "username": username, "full_name": full_name, "role": role, "time_zone": time_zone, "locale": locale,
        }  # fmt: skip
        super().__init__(resource_name, inputs, opts)


class Team(OncallResource):
    """A team; its members are resources of their own.

    The `default_*` outputs are the ids of the objects OpsGenie makes with a team, "" when they aren't known.
    """

    token = "oncall:opsgenie:Team"
    wire_names = {
        "default_schedule_id": "defaultScheduleId",
        "default_escalation_id": "defaultEscalationId",
        "default_routing_rule_id": "defaultRoutingRuleId",
    }
    computed = ("default_schedule_id", "default_escalation_id", "default_routing_rule_id")

    name: Output[str]
    description: Output[str]
    default_schedule_id: Output[str]
    default_escalation_id: Output[str]
    default_routing_rule_id: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        description: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(resource_name, {"name": name, "description": description}, opts)


class TeamMember(OncallResource):
    """A person in a team; role is "user" or "admin"."""

    token = "oncall:opsgenie:TeamMember"
    wire_names = {"team_id": "teamId"}

    team_id: Output[str]
    username: Output[str]
    role: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        team_id: Input[str],
        username: Input[str],
        role: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(resource_name, {"team_id": team_id, "username": username, "role": role}, opts)


class Schedule(OncallResource):
    """A schedule of a team; its rotations are resources of their own."""

    token = "oncall:opsgenie:Schedule"
    wire_names = {"owner_team_id": "ownerTeamId"}

    name: Output[str]
    description: Output[str]
    timezone: Output[str]
    enabled: Output[bool]
    owner_team_id: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        timezone: Input[str],
        owner_team_id: Input[str],
        description: Input[str] | None = None,
        enabled: Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "name": name,
            "timezone": timezone,
            "owner_team_id": owner_team_id,
            "description": description,
            "enabled": enabled,
        }
        super().__init__(resource_name, inputs, opts)


class Rotation(OncallResource):
    """A rotation of a schedule. Its id is "scheduleId/rotationId"; dates are ISO 8601 at minute 0 or 30."""

    token = "oncall:opsgenie:Rotation"
    wire_names = {
        "schedule_id": "scheduleId",
        "start_date": "startDate",
        "end_date": "endDate",
        "time_restriction": "timeRestriction",
    }

    schedule_id: Output[str]
    name: Output[str]
    start_date: Output[str]
    end_date: Output[str | None]
    type: Output[str]
    length: Output[int]
    participants: Output[Sequence[Nested]]
    time_restriction: Output[Nested | None]

    def __init__(
        self,
        resource_name: str,
        *,
        schedule_id: Input[str],
        name: Input[str],
        start_date: Input[str],
        type: Input[str],  # noqa: A002 - the vendor's word
        participants: Input[Sequence[Input[Nested]]],
        length: Input[int] | None = None,
        end_date: Input[str] | None = None,
        time_restriction: Input[Nested] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "schedule_id": schedule_id,
            "name": name,
            "start_date": start_date,
            "type": type,
            "participants": participants,
            "length": length,
            "end_date": end_date,
            "time_restriction": time_restriction,
        }
        super().__init__(resource_name, inputs, opts)


class Escalation(OncallResource):
    """An escalation: `rules` say who is told how many minutes after the alert began (`delay`)."""

    token = "oncall:opsgenie:Escalation"
    wire_names = {"owner_team_id": "ownerTeamId"}

    name: Output[str]
    description: Output[str]
    owner_team_id: Output[str]
    rules: Output[Sequence[Nested]]
    repeat: Output[Nested | None]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        owner_team_id: Input[str],
        rules: Input[Sequence[Input[Nested]]],
        description: Input[str] | None = None,
        repeat: Input[Nested] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "name": name,
            "owner_team_id": owner_team_id,
            "rules": rules,
            "description": description,
            "repeat": repeat,
        }
        super().__init__(resource_name, inputs, opts)


class RoutingRule(OncallResource):
    """A routing rule of a team, or (`is_default`) the team's own last rule. Its id is "teamId/ruleId".

    For the default rule `remove_schedule_id` and `remove_escalation_id` name the vendor-made objects that go once
    the rule points elsewhere.
    """

    token = "oncall:opsgenie:RoutingRule"
    wire_names = {
        "team_id": "teamId",
        "is_default": "isDefault",
        "remove_schedule_id": "removeScheduleId",
        "remove_escalation_id": "removeEscalationId",
    }

    team_id: Output[str]
    name: Output[str]
    order: Output[int]
    is_default: Output[bool]
    criteria: Output[Nested]
    notify: Output[Nested]
    remove_schedule_id: Output[str | None]
    remove_escalation_id: Output[str | None]

    def __init__(
        self,
        resource_name: str,
        *,
        team_id: Input[str],
        name: Input[str],
        notify: Input[Nested],
        order: Input[int] | None = None,
        criteria: Input[Nested] | None = None,
        is_default: Input[bool] | None = None,
        remove_schedule_id: Input[str] | None = None,
        remove_escalation_id: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "team_id": team_id,
            "name": name,
            "notify": notify,
            "order": order,
            "criteria": criteria,
            "is_default": is_default,
            "remove_schedule_id": remove_schedule_id,
            "remove_escalation_id": remove_escalation_id,
        }
        super().__init__(resource_name, inputs, opts)


class ApiIntegration(OncallResource):
    """An API integration of a team and its key, which OpsGenie tells once: in the answer to the create."""

    token = "oncall:opsgenie:ApiIntegration"
    wire_names = {
        "owner_team_id": "ownerTeamId",
        "allow_write_access": "allowWriteAccess",
        "ignore_responders_from_payload": "ignoreRespondersFromPayload",
        "suppress_notifications": "suppressNotifications",
        "api_key": "apiKey",
        "needs_new_key": "needsNewKey",
    }
    computed = ("api_key", "needs_new_key")
    secret = ("api_key",)

    name: Output[str]
    owner_team_id: Output[str]
    enabled: Output[bool]
    allow_write_access: Output[bool]
    ignore_responders_from_payload: Output[bool]
    suppress_notifications: Output[bool]
    api_key: Output[str]
    needs_new_key: Output[bool]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        owner_team_id: Input[str],
        enabled: Input[bool] | None = None,
        allow_write_access: Input[bool] | None = None,
        ignore_responders_from_payload: Input[bool] | None = None,
        suppress_notifications: Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "name": name,
            "owner_team_id": owner_team_id,
            "enabled": enabled,
            "allow_write_access": allow_write_access,
            "ignore_responders_from_payload": ignore_responders_from_payload,
            "suppress_notifications": suppress_notifications,
        }
        super().__init__(resource_name, inputs, opts)


class Heartbeat(OncallResource):
    """A heartbeat: an alert for its owner team when no ping came for longer than the interval. Its id is its name."""

    token = "oncall:opsgenie:Heartbeat"
    wire_names = {
        "interval_unit": "intervalUnit",
        "owner_team_id": "ownerTeamId",
        "alert_message": "alertMessage",
        "alert_tags": "alertTags",
        "alert_priority": "alertPriority",
    }

    name: Output[str]
    description: Output[str]
    interval: Output[int]
    interval_unit: Output[str]
    enabled: Output[bool]
    owner_team_id: Output[str | None]
    alert_message: Output[str | None]
    alert_tags: Output[Sequence[str]]
    alert_priority: Output[str | None]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        interval: Input[int],
        interval_unit: Input[str],
        description: Input[str] | None = None,
        enabled: Input[bool] | None = None,
        owner_team_id: Input[str] | None = None,
        alert_message: Input[str] | None = None,
        alert_tags: Input[Sequence[Input[str]]] | None = None,
        alert_priority: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "name": name,
            "interval": interval,
            "interval_unit": interval_unit,
            "description": description,
            "enabled": enabled,
            "owner_team_id": owner_team_id,
            "alert_message": alert_message,
            "alert_tags": alert_tags,
            "alert_priority": alert_priority,
        }
        super().__init__(resource_name, inputs, opts)

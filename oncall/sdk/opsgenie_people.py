"""Program-side classes: people, and who stands in for them. Nested mappings have the API's own field names."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi import Input, Output

from oncall.sdk._resource import OncallResource
from oncall.sdk.opsgenie import Nested

# The tables below are class constants, read only; typing.ClassVar on the base says so.
# ruff: noqa: RUF012, S105


class Contact(OncallResource):
    """A contact of a person, who must have an account. Its id is "username/contactId"."""

    token = "oncall:opsgenie:Contact"

    username: Output[str]
    method: Output[str]
    to: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        username: Input[str],
        method: Input[str],
        to: Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "username": username,
            "method": method,
            "to": to,
        }
        super().__init__(resource_name, inputs, opts)


class NotificationRule(OncallResource):
    """How a person is told of what. Its id is "username/ruleId"; `steps` say how and after how long."""

    token = "oncall:opsgenie:NotificationRule"
    wire_names = {
        "action_type": "actionType",
        "notification_time": "notificationTime",
        "time_restriction": "timeRestriction",
    }

    username: Output[str]
    name: Output[str]
    action_type: Output[str]
    criteria: Output[Nested | None]
    notification_time: Output[Sequence[str] | None]
    order: Output[int | None]
    enabled: Output[bool]
    schedules: Output[Sequence[Nested] | None]
    time_restriction: Output[Nested | None]
    steps: Output[Sequence[Nested]]
    repeat: Output[Nested | None]

    def __init__(
        self,
        resource_name: str,
        *,
        username: Input[str],
        name: Input[str],
        action_type: Input[str],
        steps: Input[Sequence[Input[Nested]]],
        criteria: Input[Nested] | None = None,
        notification_time: Input[Sequence[Input[str]]] | None = None,
        order: Input[int] | None = None,
        enabled: Input[bool] | None = None,
        schedules: Input[Sequence[Input[Nested]]] | None = None,
        time_restriction: Input[Nested] | None = None,
        repeat: Input[Nested] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "username": username,
            "name": name,
            "action_type": action_type,
            "criteria": criteria,
            "notification_time": notification_time,
            "order": order,
            "enabled": enabled,
            "schedules": schedules,
            "time_restriction": time_restriction,
            "steps": steps,
            "repeat": repeat,
        }
        super().__init__(resource_name, inputs, opts)


class ScheduleOverride(OncallResource):
    """Somebody else than the rotation says, for a while. Its id is "scheduleId/alias".

    What is over is neither made again nor deleted nor changed.
    """

    token = "oncall:opsgenie:ScheduleOverride"
    wire_names = {
        "schedule_id": "scheduleId",
        "start_date": "startDate",
        "end_date": "endDate",
        "rotation_ids": "rotationIds",
    }

    schedule_id: Output[str]
    alias: Output[str]
    username: Output[str]
    start_date: Output[str]
    end_date: Output[str]
    rotation_ids: Output[Sequence[str] | None]

    def __init__(
        self,
        resource_name: str,
        *,
        schedule_id: Input[str],
        alias: Input[str],
        username: Input[str],
        start_date: Input[str],
        end_date: Input[str],
        rotation_ids: Input[Sequence[Input[str]]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "schedule_id": schedule_id,
            "alias": alias,
            "username": username,
            "start_date": start_date,
            "end_date": end_date,
            "rotation_ids": rotation_ids,
        }
        super().__init__(resource_name, inputs, opts)

"""Program-side classes of what no PagerDuty plugin has."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi import Input, Output

from oncall.sdk._resource import OncallResource
from oncall.sdk.opsgenie import Nested


class ScheduleOverride(OncallResource):
    """Somebody else than the layers say, for a while. Its id is "scheduleId/overrideId".

    What is over is neither made again nor deleted.
    """

    token = "oncall:pagerduty:ScheduleOverride"  # noqa: S105 - a type token
    wire_names = {"schedule_id": "scheduleId", "user_id": "userId"}  # noqa: RUF012

    schedule_id: Output[str]
    start: Output[str]
    end: Output[str]
    user_id: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        schedule_id: Input[str],
        start: Input[str],
        end: Input[str],
        user_id: Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"schedule_id": schedule_id, "start": start, "end": end, "user_id": user_id}
        super().__init__(resource_name, inputs, opts)


class ContactMethod(OncallResource):
    """An address of a person. Its id is "userId/contactMethodId".

    One that is there already is taken over as it is, and outlives the resource: then it is `adopted`.
    """

    token = "oncall:pagerduty:ContactMethod"  # noqa: S105 - a type token
    wire_names = {"user_id": "userId", "country_code": "countryCode", "vendor_id": "vendorId"}  # noqa: RUF012
    computed = ("vendor_id", "adopted")

    user_id: Output[str]
    type: Output[str]
    address: Output[str]
    country_code: Output[int | None]
    vendor_id: Output[str]
    adopted: Output[bool]

    def __init__(
        self,
        resource_name: str,
        *,
        user_id: Input[str],
        type: Input[str],  # noqa: A002 - the vendor's word
        address: Input[str],
        country_code: Input[int] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"user_id": user_id, "type": type, "address": address, "country_code": country_code}
        super().__init__(resource_name, inputs, opts)


class NotificationRule(OncallResource):
    """By which method a person is told, and after how long. Its id is "userId/ruleId".

    One that is there already is taken over as it is, and outlives the resource: then it is `adopted`.
    """

    token = "oncall:pagerduty:NotificationRule"  # noqa: S105 - a type token
    wire_names = {  # noqa: RUF012
        "user_id": "userId",
        "start_delay_in_minutes": "startDelayInMinutes",
        "contact_method": "contactMethod",
        "vendor_id": "vendorId",
    }
    computed = ("vendor_id", "adopted")

    user_id: Output[str]
    urgency: Output[str]
    start_delay_in_minutes: Output[int]
    contact_method: Output[Nested]
    vendor_id: Output[str]
    adopted: Output[bool]

    def __init__(
        self,
        resource_name: str,
        *,
        user_id: Input[str],
        urgency: Input[str],
        start_delay_in_minutes: Input[int],
        contact_method: Input[Nested],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "user_id": user_id,
            "urgency": urgency,
            "start_delay_in_minutes": start_delay_in_minutes,
            "contact_method": contact_method,
        }
        super().__init__(resource_name, inputs, opts)


class ShiftOverride(OncallResource):
    """One person in the place of another in a rotation of shifts. Its id is "scheduleId/overrideId"."""

    token = "oncall:pagerduty:ShiftOverride"  # noqa: S105 - a type token
    wire_names = {  # noqa: RUF012
        "schedule_id": "scheduleId",
        "rotation_id": "rotationId",
        "overridden_user_id": "overriddenUserId",
        "user_id": "userId",
    }

    schedule_id: Output[str]
    rotation_id: Output[str]
    start: Output[str]
    end: Output[str]
    overridden_user_id: Output[str]
    user_id: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        schedule_id: Input[str],
        rotation_id: Input[str],
        start: Input[str],
        end: Input[str],
        overridden_user_id: Input[str],
        user_id: Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "schedule_id": schedule_id,
            "rotation_id": rotation_id,
            "start": start,
            "end": end,
            "overridden_user_id": overridden_user_id,
            "user_id": user_id,
        }
        super().__init__(resource_name, inputs, opts)


class CustomShift(OncallResource):
    """A single shift beside the rotations of a schedule. Its id is "scheduleId/shiftId"."""

    token = "oncall:pagerduty:CustomShift"  # noqa: S105 - a type token
    wire_names = {"schedule_id": "scheduleId", "user_id": "userId"}  # noqa: RUF012

    schedule_id: Output[str]
    start: Output[str]
    end: Output[str]
    user_id: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        schedule_id: Input[str],
        start: Input[str],
        end: Input[str],
        user_id: Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"schedule_id": schedule_id, "start": start, "end": end, "user_id": user_id}
        super().__init__(resource_name, inputs, opts)


class MaintenanceWindow(OncallResource):
    """Services that open no incidents for a while. What is over is neither made again nor deleted."""

    token = "oncall:pagerduty:MaintenanceWindow"  # noqa: S105 - a type token
    wire_names = {"start_time": "startTime", "end_time": "endTime"}  # noqa: RUF012

    start_time: Output[str]
    end_time: Output[str]
    services: Output[Sequence[str]]
    description: Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        start_time: Input[str],
        end_time: Input[str],
        services: Input[Sequence[Input[str]]],
        description: Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"start_time": start_time, "end_time": end_time, "services": services, "description": description}
        super().__init__(resource_name, inputs, opts)


class WebhookSubscription(OncallResource):
    """A program that hears of a team's incidents. PagerDuty tells its secret once, in the answer to the create."""

    token = "oncall:pagerduty:WebhookSubscription"  # noqa: S105 - a type token
    wire_names = {"team_id": "teamId", "signing_secret": "signingSecret", "needs_new_secret": "needsNewSecret"}  # noqa: RUF012
    computed = ("signing_secret", "needs_new_secret")
    secret = ("signing_secret",)

    url: Output[str]
    team_id: Output[str]
    events: Output[Sequence[str]]
    enabled: Output[bool]
    signing_secret: Output[str]
    needs_new_secret: Output[bool]

    def __init__(
        self,
        resource_name: str,
        *,
        url: Input[str],
        team_id: Input[str],
        events: Input[Sequence[Input[str]]],
        enabled: Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"url": url, "team_id": team_id, "events": events, "enabled": enabled}
        super().__init__(resource_name, inputs, opts)

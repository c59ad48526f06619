"""Program-side classes of what no PagerDuty plugin has."""

from __future__ import annotations

import pulumi
from pulumi import Input, Output

from oncall.sdk._resource import OncallResource


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

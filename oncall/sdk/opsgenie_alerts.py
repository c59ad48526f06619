"""Program-side classes: what becomes of alerts. Nested mappings have the API's own field names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi import Input, Output

from oncall.sdk._resource import OncallResource
from oncall.sdk.opsgenie import Nested

# The tables below are class constants, read only; typing.ClassVar on the base says so.
# ruff: noqa: RUF012, S105


class AlertPolicy(OncallResource):
    """What becomes of alerts as they come in. Its id is "teamId/policyId", or "policyId" for the account's."""

    token = "oncall:opsgenie:AlertPolicy"
    wire_names = {
        "team_id": "teamId",
        "policy_description": "policyDescription",
        "time_restriction": "timeRestriction",
        "continue_": "continue",
        "alert_description": "alertDescription",
        "ignore_original_actions": "ignoreOriginalActions",
        "ignore_original_details": "ignoreOriginalDetails",
        "ignore_original_responders": "ignoreOriginalResponders",
        "ignore_original_tags": "ignoreOriginalTags",
    }

    team_id: Output[str | None]
    name: Output[str]
    policy_description: Output[str]
    enabled: Output[bool]
    filter: Output[Nested]
    time_restriction: Output[Nested | None]
    order: Output[int | None]
    message: Output[str]
    continue_: Output[bool]
    alias: Output[str]
    alert_description: Output[str]
    entity: Output[str]
    source: Output[str]
    ignore_original_actions: Output[bool]
    ignore_original_details: Output[bool]
    ignore_original_responders: Output[bool]
    ignore_original_tags: Output[bool]
    actions: Output[Sequence[str]]
    tags: Output[Sequence[str]]
    details: Output[Mapping[str, str]]
    responders: Output[Sequence[Nested]]
    priority: Output[str | None]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        filter: Input[Nested],  # noqa: A002 - the vendor's word
        team_id: Input[str] | None = None,
        policy_description: Input[str] | None = None,
        enabled: Input[bool] | None = None,
        time_restriction: Input[Nested] | None = None,
        order: Input[int] | None = None,
        message: Input[str] | None = None,
        continue_: Input[bool] | None = None,
        alias: Input[str] | None = None,
        alert_description: Input[str] | None = None,
        entity: Input[str] | None = None,
        source: Input[str] | None = None,
        ignore_original_actions: Input[bool] | None = None,
        ignore_original_details: Input[bool] | None = None,
        ignore_original_responders: Input[bool] | None = None,
        ignore_original_tags: Input[bool] | None = None,
        actions: Input[Sequence[Input[str]]] | None = None,
        tags: Input[Sequence[Input[str]]] | None = None,
        details: Input[Mapping[str, Input[str]]] | None = None,
        responders: Input[Sequence[Input[Nested]]] | None = None,
        priority: Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "team_id": team_id,
            "name": name,
            "policy_description": policy_description,
            "enabled": enabled,
            "filter": filter,
            "time_restriction": time_restriction,
            "order": order,
            "message": message,
            "continue_": continue_,
            "alias": alias,
            "alert_description": alert_description,
            "entity": entity,
            "source": source,
            "ignore_original_actions": ignore_original_actions,
            "ignore_original_details": ignore_original_details,
            "ignore_original_responders": ignore_original_responders,
            "ignore_original_tags": ignore_original_tags,
            "actions": actions,
            "tags": tags,
            "details": details,
            "responders": responders,
            "priority": priority,
        }
        super().__init__(resource_name, inputs, opts)


class NotificationPolicy(OncallResource):
    """What becomes of the notifications of a team's alerts. Its id is "teamId/policyId"."""

    token = "oncall:opsgenie:NotificationPolicy"
    wire_names = {
        "team_id": "teamId",
        "policy_description": "policyDescription",
        "time_restriction": "timeRestriction",
        "delay_action": "delayAction",
        "auto_close_action": "autoCloseAction",
        "auto_restart_action": "autoRestartAction",
        "deduplication_action": "deduplicationAction",
    }

    team_id: Output[str]
    name: Output[str]
    policy_description: Output[str]
    enabled: Output[bool]
    filter: Output[Nested]
    time_restriction: Output[Nested | None]
    order: Output[int | None]
    delay_action: Output[Nested | None]
    suppress: Output[bool]
    auto_close_action: Output[Nested | None]
    auto_restart_action: Output[Nested | None]
    deduplication_action: Output[Nested | None]

    def __init__(
        self,
        resource_name: str,
        *,
        team_id: Input[str],
        name: Input[str],
        filter: Input[Nested],  # noqa: A002 - the vendor's word
        policy_description: Input[str] | None = None,
        enabled: Input[bool] | None = None,
        time_restriction: Input[Nested] | None = None,
        order: Input[int] | None = None,
        delay_action: Input[Nested] | None = None,
        suppress: Input[bool] | None = None,
        auto_close_action: Input[Nested] | None = None,
        auto_restart_action: Input[Nested] | None = None,
        deduplication_action: Input[Nested] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "team_id": team_id,
            "name": name,
            "policy_description": policy_description,
            "enabled": enabled,
            "filter": filter,
            "time_restriction": time_restriction,
            "order": order,
            "delay_action": delay_action,
            "suppress": suppress,
            "auto_close_action": auto_close_action,
            "auto_restart_action": auto_restart_action,
            "deduplication_action": deduplication_action,
        }
        super().__init__(resource_name, inputs, opts)


class Maintenance(OncallResource):
    """Integrations or policies switched for a while: `rules` name them by id."""

    token = "oncall:opsgenie:Maintenance"

    description: Output[str]
    time: Output[Nested]
    rules: Output[Sequence[Nested]]

    def __init__(
        self,
        resource_name: str,
        *,
        description: Input[str],
        time: Input[Nested],
        rules: Input[Sequence[Input[Nested]]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "description": description,
            "time": time,
            "rules": rules,
        }
        super().__init__(resource_name, inputs, opts)


class Service(OncallResource):
    """A service of a team (Standard and Enterprise plans)."""

    token = "oncall:opsgenie:Service"
    wire_names = {
        "team_id": "teamId",
    }

    name: Output[str]
    team_id: Output[str]
    description: Output[str]
    visibility: Output[str | None]
    tags: Output[Sequence[str]]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        team_id: Input[str],
        description: Input[str] | None = None,
        visibility: Input[str] | None = None,
        tags: Input[Sequence[Input[str]]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "name": name,
            "team_id": team_id,
            "description": description,
            "visibility": visibility,
            "tags": tags,
        }
        super().__init__(resource_name, inputs, opts)

"""Schedules: layers that cannot be deleted but only ended, and a delete that first frees escalation policies."""

from typing import Any, Final
from urllib.parse import urlencode

from sandbox.plugin.api import TRIES, Again
from sandbox.plugin.errors import ApiError, PluginError
from sandbox.plugin.handler import Handler
from sandbox.plugin.instants import go_form, parse_instant
from sandbox.plugin.values import Values

USED_BY_POLICIES: Final = ("Schedule can't be deleted if it's being used by escalation policies",)
USED_BY_INCIDENTS: Final = (
    "Schedule can't be deleted if it's being used by an escalation policy snapshot with open incidents",
)


class ScheduleHandler(Handler):
    """Layers are paired with the account's by position: the plan has given each its id."""

    def write_query(self, values: Values) -> str:
        """`overflow=true` where the program sets it."""
        return "overflow=true" if values.get("overflow") else ""

    def body(self, values: Values) -> Values:
        """The body; PluginError for a time that upstream cannot read."""
        try:
            return super().body(values)
        except ValueError as error:
            raise PluginError(f"{self.kind.token}: {error}") from None

    def state(self, raw: Values, prior: Values) -> Values:
        """The state: ended layers are dropped, and the others come in reverse, last one first."""
        layers = [layer for layer in raw.get("schedule_layers") or [] if not self._has_ended(layer)]
        final = [raw["final_schedule"]] if raw.get("final_schedule") else []
        answer = {**raw, "schedule_layers": layers[::-1], "final_schedule": final}
        return super().state(answer, prior)

    def _has_ended(self, layer: Values) -> bool:
        try:
            return bool(layer.get("end")) and self.now() > parse_instant(layer["end"])
        except ValueError as error:
            raise PluginError(f"layer {layer.get('id')}: {error}") from None

    async def put(self, resource_id: str, old: Values, planned: Values) -> Any:
        """The PUT; old layers whose id is in no planned one follow at the end, ended now."""
        body = self.body(planned)
        kept = {layer.get("id", "") for layer in planned.get("layers", [])}
        dropped = [layer for layer in old.get("layers", []) if layer.get("id", "") not in kept]
        body["schedule_layers"] += self.body({"layers": dropped}).get("schedule_layers", [])
        for layer in body["schedule_layers"][len(planned.get("layers", [])) :]:
            layer["end"] = go_form(self.now())
        return await self.send(
            "PUT",
            self.item(resource_id, planned),
            {self.kind.wrapper: body},
            self.write_query(planned),
            self.kind.tries.update,
        )

    async def delete(self, resource_id: str, state: Values) -> None:
        """GET, then DELETE until it succeeds; policies that use the schedule are freed of it on the way."""
        path = self.item(resource_id, state)
        schedule = self.unwrap(await self.send("GET", path, again=Again.ALL_BUT_BAD_REQUEST))
        policies = [policy["id"] for policy in schedule.get("escalation_policies") or []]
        for tries_left in reversed(range(TRIES)):
            try:
                await self.send("DELETE", path)
            except ApiError as error:
                if not tries_left:
                    raise
                if error.status == 400:
                    await self._make_way(error, resource_id, schedule, policies)
                await self.api.rest()
            else:
                return

    async def _make_way(self, refusal: ApiError, resource_id: str, schedule: Values, policies: list[str]) -> None:
        if refusal.details not in (USED_BY_POLICIES, USED_BY_INCIDENTS):
            raise refusal
        if incidents := await self._open_incidents(schedule, policies):
            raise PluginError(
                f"schedule {resource_id}: first resolve or reassign the incidents {', '.join(incidents)}"
            ) from refusal
        if refusal.details == USED_BY_INCIDENTS:
            raise refusal
        full = [
            (await self.send("GET", f"/escalation_policies/{policy}", again=Again.ALL_BUT_BAD_REQUEST))[
                "escalation_policy"
            ]
            for policy in policies
        ]
        freed = [(policy, _without_schedule(policy["escalation_rules"], resource_id)) for policy in full]
        for policy, rules in freed:
            if not rules:
                raise PluginError(
                    f"schedule {resource_id} is the only target of escalation policy {policy['id']}: "
                    "delete or change that first"
                ) from refusal
        for policy, rules in freed:
            if rules != policy["escalation_rules"]:
                await self.send(
                    "PUT",
                    f"/escalation_policies/{policy['id']}",
                    {"escalation_policy": {**policy, "escalation_rules": rules}},
                    again=Again.ALL_BUT_BAD_OR_MISSING,
                )

    async def _open_incidents(self, schedule: Values, policies: list[str]) -> list[str]:
        """The pages of open incidents of the schedule's users under the policies that use it."""
        query = urlencode(
            {
                "date_range": "all",
                "limit": "100",
                "statuses[]": ["triggered", "acknowledged"],
                "user_ids[]": [user["id"] for user in schedule.get("users") or []],
            },
            doseq=True,
        )
        answer = await self.send("GET", "/incidents", query=query, again=Again.ALL_BUT_BAD_REQUEST)
        return [
            str(incident.get("html_url") or incident["id"])
            for incident in answer.get("incidents", [])
            if (incident.get("escalation_policy") or {}).get("id") in policies
        ]


def _without_schedule(rules: list[dict[str, Any]], schedule: str) -> list[dict[str, Any]]:
    """Escalation rules without a schedule; rules that have no target then are left out."""
    kept = []
    for rule in rules:
        targets = [
            target for target in rule["targets"] if (target["type"], target["id"]) != ("schedule_reference", schedule)
        ]
        if targets:
            kept.append({**rule, "targets": targets})
    return kept

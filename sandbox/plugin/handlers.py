"""Users and escalation policies: the steps in which they differ from the general way."""

import functools
from typing import Any, Final
from urllib.parse import urlencode

from sandbox.plugin.api import TRIES, Again
from sandbox.plugin.errors import ApiError, PluginError
from sandbox.plugin.handler import Handler
from sandbox.plugin.values import Values

EMAIL_TAKEN: Final = ("Email has already been taken",)
ACCOUNT_LOCKED: Final = "could not be locked"
"""Part of what PagerDuty says where writes to one account meet: it refuses the one that came later."""


class UserHandler(Handler):
    """POST is followed by PUT; a read asks for the licence too; a taken e-mail adopts the user that has it."""

    async def post(self, values: Values) -> Values:
        """The new user, or the present one where name, e-mail and role agree."""
        for tries_left in reversed(range(TRIES)):
            try:
                return await super().post(values)
            except ApiError as error:
                if error.details == EMAIL_TAKEN and (found := await self._same_user(values)):
                    return found
                if not tries_left or ACCOUNT_LOCKED not in str(error):
                    raise
                await self.api.rest()
        raise AssertionError("the last try returns or raises")

    async def _same_user(self, values: Values) -> Values | None:
        wanted = self.body(values)
        answer = await self.send("GET", "/users", query=urlencode({"query": wanted["email"]}))
        for user in answer.get("users", []):
            if all(user.get(key) == wanted.get(key) for key in ("email", "name", "role")):
                return self.unwrap(await self.send("GET", f"/users/{user['id']}"))
        return None

    async def after_create(self, resource_id: str, values: Values) -> Values:
        """The PUT and the reads of an update."""
        return await self.update(resource_id, {}, values)

    async def put(self, resource_id: str, old: Values, planned: Values) -> Any:
        """The PUT, with the licence only where nothing else changes: else the account picks one by itself."""
        changed = {key for key in {*old, *planned} if old.get(key) != planned.get(key)}
        sent = planned if changed <= {"license"} else {**planned, "license": None}
        return await super().put(resource_id, old, sent)

    async def fetch(self, resource_id: str, prior: Values, again: Again) -> Values:
        """The user with its licence."""
        user = self.unwrap(await self.send("GET", self.item(resource_id, prior), again=again))
        licence = await self.send("GET", f"{self.item(resource_id, prior)}/license", again=again)
        return self.state({**user, "license": licence["license"]}, prior)


class EscalationPolicyHandler(Handler):
    """Assignment strategies are an entitlement: where they are refused (403), calls are repeated without them."""

    async def fetch(self, resource_id: str, prior: Values, again: Again) -> Values:
        """One read by itself, then, where it failed, reads as for other kinds."""
        path, query = self.item(resource_id, prior), self.kind.query
        try:
            answer = await self.send("GET", path, query=query)
        except ApiError as error:
            if error.status == 403:
                query = ""
            answer = await self.send("GET", path, query=query, again=again)
        return self.state(_targets_in_order(self.unwrap(answer), prior), prior)

    async def put(self, resource_id: str, old: Values, planned: Values) -> Any:
        """One PUT by itself, then, where it failed, again."""
        try:
            return await super().put(resource_id, old, planned)
        except ApiError as error:
            body = self.body(planned)
            if error.status == 403:
                body = _without_strategies(body)
            return await self.send(
                "PUT",
                self.item(resource_id, planned),
                {self.kind.wrapper: body},
                again=Again.ALL_BUT_REFUSED,
            )


def _targets_in_order(raw: Values, prior: Values) -> Values:
    """The answer with each rule's targets in the program's order, for the API returns them in any.

    A shift-based schedule (API v3) is answered with a type of its own; programs name both sorts of schedule alike.
    """
    rules: list[dict[str, Any]] = []
    for index, rule in enumerate(raw.get("escalation_rules") or []):
        planned = prior.get("rules") or []
        wanted = [target["id"] for target in planned[index]["targets"]] if index < len(planned) else []
        targets = [
            {**target, "type": "schedule_reference"} if target["type"] == "schedule_v3_reference" else target
            for target in rule.get("targets") or []
        ]
        targets.sort(key=functools.partial(_place, wanted))
        rules.append({**rule, "targets": targets})
    return {**raw, "escalation_rules": rules}


def _place(wanted: list[str], target: dict[str, Any]) -> int:
    return wanted.index(target["id"]) if target["id"] in wanted else len(wanted)


def _without_strategies(body: Values) -> Values:
    key = "escalation_rule_assignment_strategy"
    rules = body.get("escalation_rules", [])
    for index, rule in enumerate(rules):
        if (rule.get(key) or {}).get("type") == "round_robin":
            raise PluginError(f"the account has no round robin: set rules[{index}] to assign_to_everyone")
    kept = [{name: value for name, value in rule.items() if name != key} for rule in rules]
    return {**body, "escalation_rules": kept}

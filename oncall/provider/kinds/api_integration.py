"""oncall:opsgenie:ApiIntegration: where alerts come in, and the key that lets them.

The key is told once, in the answer to the create. So an integration that is found without its key, be it by an
import or after a lost answer, is deleted and made anew.
"""

from __future__ import annotations

from oncall.clients.errors import Conflict, Refused
from oncall.provider.convert import UNKNOWN
from oncall.provider.diff import Change
from oncall.provider.faults import HalfwayError
from oncall.provider.fields import Field, Flag, Text
from oncall.provider.kinds.base import Held, Values
from oncall.provider.kinds.opsgenie import OpsgenieKind
from oncall.provider.session import Call

# https://docs.opsgenie.com/docs/integration-api#create-api-based-integration
TYPE = "API"
SETTINGS = ("allowWriteAccess", "ignoreRespondersFromPayload", "suppressNotifications")


class ApiIntegration(OpsgenieKind):
    """Everything but the owner can be changed in place; the key stays."""

    token = "oncall:opsgenie:ApiIntegration"  # noqa: S105 - a type token
    noun = "API integration"
    owner = ("/v2/teams", "ownerTeamId")
    collection = "/v2/integrations"
    doc = "An API integration of a team and its key, which OpsGenie tells once: in the answer to the create."
    inputs = (
        Field("name", Text(), "Unique in the account.", required=True),
        Field("ownerTeamId", Text(), "The team its alerts go to.", required=True, replace=True),
        Field("enabled", Flag(), "Whether it takes alerts.", default=True),
        Field("allowWriteAccess", Flag(), "Whether its key may write.", default=True),
        Field(
            "ignoreRespondersFromPayload", Flag(), "Whether responders named in an alert are ignored.", default=False
        ),
        Field("suppressNotifications", Flag(), "Whether its alerts tell nobody.", default=False),
    )
    outputs = (
        Field("apiKey", Text(empty=True), 'The key; "" after an import.', required=True, secret=True),
        Field(
            "needsNewKey", Flag(), "The key is not known: the next update makes the integration anew.", required=True
        ),
    )

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/integration-api#create-api-based-integration."""
        settings = {name: inputs[name] for name in SETTINGS}
        return {"type": TYPE, "name": inputs["name"], "ownerTeam": {"id": inputs["ownerTeamId"]}, **settings}

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """The owner comes as an object."""
        plain = {name: found.get(name) for name in ("name", "enabled", *SETTINGS)}
        return plain | {"ownerTeamId": (found.get("ownerTeam") or {}).get("id")}

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """Without its key it is of no use to anybody: it is made anew."""
        anew = [Change("apiKey", "update", replace=True)] if state.get("needsNewKey") else []
        return anew + super().diff(state, inputs)

    def expected(self, state: Values | None, inputs: Values) -> Values:
        """A new one comes with its key."""
        return (
            {"apiKey": UNKNOWN, "needsNewKey": False} | super().expected(state, inputs)
            if state
            else {
                "apiKey": UNKNOWN,
                "needsNewKey": False,
                **inputs,
            }
        )

    def outputs_of(self, call: Call, resource_id: str, answer: Values, state: Values) -> Values:
        """The key of the create's answer, or the one the state kept."""
        key = str(answer.get("apiKey") or state.get("apiKey") or "")
        if not key:
            call.warn(
                f"OpsGenie tells an integration's key only when it is made, so the key of {resource_id} is not known: "
                "the next `pulumi up` deletes the integration and makes it anew, with a new key"
            )
        return {"apiKey": key, "needsNewKey": not key}

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By name, the owner's own first."""
        own = f"{inputs['ownerTeamId']}/{inputs['name']}"
        known: dict[str, str | None]
        if fresh:
            known = dict(self._names(call))
        else:
            known = {
                name: call.ledger.known(self.collection, name, lambda: self._names(call))
                for name in (own, inputs["name"])
            }
        object_id = known.get(own) or known.get(inputs["name"])
        return None if object_id is None else self.fetch(call, object_id)

    def create(self, call: Call, inputs: Values) -> Held:
        """One that an interrupted run left has a key that nobody knows: it goes first."""
        with self.told(inputs):
            self._clear(call, inputs, fresh=False)
            answer, _ = self._post(call, inputs)
            if answer.get("enabled") != inputs["enabled"]:
                self._switch(call, self.id_of(answer, inputs), inputs)
        held = self._finish(call, self.id_of(answer, inputs), inputs, answer, adopted=False)
        if held.state["needsNewKey"]:
            message = f"{self.label(inputs)}: OpsGenie's answer to the create holds no key: run again to make it anew"
            raise HalfwayError(message, held.resource_id, held.state)
        return held

    def _post(self, call: Call, inputs: Values) -> tuple[Values, bool]:
        def clear() -> None:
            self._clear(call, inputs, fresh=True)

        try:
            return call.opsgenie.create(self.collection, self.body(inputs), clear)
        except (Conflict, Refused):
            # Somebody else's is named in an error of its own, and so is one of another resource of this run.
            found = self._ours(inputs, self.find(call, inputs, fresh=True))
            if found is not None:
                call.ledger.claim(str(found["id"]), call.urn, adopted=False)
            raise

    def _clear(self, call: Call, inputs: Values, *, fresh: bool) -> None:
        found = self._ours(inputs, self.find(call, inputs, fresh=fresh))
        if found is not None:
            call.ledger.claim(str(found["id"]), call.urn, adopted=False)
            call.warn(f"{self.label(inputs)} was found without its key and is made anew")
            call.opsgenie.delete(self.path(str(found["id"])))

    def write(self, call: Call, resource_id: str, inputs: Values) -> None:
        """Read, merge, put the whole object back without what is read only, as the API asks; then the switch.

        https://docs.opsgenie.com/docs/integration-api#update-integration
        """
        path = self.path(resource_id)
        found = call.opsgenie.get(path)
        locked = {*found.get("_readOnly", ()), "_readOnly", "id"}
        kept = {name: value for name, value in found.items() if name not in locked}
        call.opsgenie.put(path, {**kept, **self.body(inputs)})
        if found.get("enabled") != inputs["enabled"]:
            self._switch(call, resource_id, inputs)

    def _switch(self, call: Call, resource_id: str, inputs: Values) -> None:
        call.opsgenie.act(f"{self.path(resource_id)}/{'enable' if inputs['enabled'] else 'disable'}")

    def _names(self, call: Call) -> list[tuple[str, str]]:
        rows = [row for row in call.opsgenie.rows(self.collection) if row.get("type") == TYPE]
        names = [(str(row["name"]), str(row["id"])) for row in rows]
        return names + [(f"{row.get('teamId')}/{row['name']}", str(row["id"])) for row in rows]

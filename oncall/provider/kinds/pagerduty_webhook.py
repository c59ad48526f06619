"""oncall:pagerduty:WebhookSubscription: a program that hears of a team's incidents, and the secret that signs it.

PagerDuty tells the secret once, in the answer to the create, and its official plugin throws it away. So it is our own
provider's; one that is found without its secret, be it by an import or after a lost answer, is deleted and made anew.
https://developer.pagerduty.com/docs/webhooks-overview
"""

from __future__ import annotations

from oncall.clients.errors import NotFound
from oncall.clients.opsgenie import segment
from oncall.provider.convert import UNKNOWN
from oncall.provider.diff import Change, describe
from oncall.provider.faults import HalfwayError, ProviderError, Told
from oncall.provider.fields import Field, Flag, Items, Text
from oncall.provider.kinds.base import Held, Kind, Values
from oncall.provider.session import MARK, Call

COLLECTION = "/webhook_subscriptions"
WRAPPER = "webhook_subscription"


class WebhookSubscription(Kind):
    """Its events can be changed in place, its address and team can't."""

    token = "oncall:pagerduty:WebhookSubscription"  # noqa: S105 - a type token
    doc = "A program that hears of a team's incidents. PagerDuty tells its secret once, in the answer to the create."
    inputs = (
        Field("url", Text(), "Where to: an address with https.", required=True, replace=True),
        Field("teamId", Text(), "Whose incidents.", required=True, replace=True),
        Field("events", Items(Text(), ordered=False, fewest=1), "What is told: incident.triggered, ...", required=True),
        Field("enabled", Flag(), "Whether anything is told: PagerDuty and people can switch it off.", default=True),
    )
    outputs = (
        Field("signingSecret", Text(empty=True), 'What signs it; "" after an import.', required=True, secret=True),
        Field(
            "needsNewSecret",
            Flag(),
            "The secret is not known: the next update makes the subscription anew.",
            required=True,
        ),
    )

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """Without its secret nobody can tell what is PagerDuty's: it is made anew."""
        anew = [Change("signingSecret", "update", replace=True)] if state.get("needsNewSecret") else []
        return anew + super().diff(state, inputs)

    def expected(self, state: Values | None, inputs: Values) -> Values:
        """A new one comes with its secret."""
        if state:
            return super().expected(state, inputs)
        return {"signingSecret": UNKNOWN, "needsNewSecret": False, **inputs}

    def create(self, call: Call, inputs: Values) -> Held:
        """One that an interrupted run left has a secret that nobody knows: it goes first."""

        def clear() -> None:
            self._clear(call, inputs)

        with Told(_label(inputs)):
            clear()
            answer, _ = call.pagerduty.create(COLLECTION, {WRAPPER: _body(inputs)}, clear)
            found = _unwrapped(answer)
            call.ledger.claim(str(found["id"]), call.urn, adopted=False)
        secret = str((found.get("delivery_method") or {}).get("secret") or "")
        held = self._compared(str(found["id"]), found, inputs, {"signingSecret": secret, "needsNewSecret": not secret})
        if not secret:
            message = f"{_label(inputs)}: PagerDuty's answer to the create holds no secret: run again to make it anew"
            raise HalfwayError(message, held.resource_id, held.state)
        return held

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """The object as it is; its secret is what the state kept."""
        with Told(_label(state or {"url": resource_id})):
            answer = call.pagerduty.find(f"{COLLECTION}/{segment(resource_id)}")
        if answer is None:
            return None
        live = _live(_unwrapped(answer), inputs)
        secret = str(state.get("signingSecret") or "")
        if not secret:
            call.warn(
                f"PagerDuty tells the secret of a webhook only when it is made, so that of {resource_id} is not known: "
                "the next `pulumi up` deletes the subscription and makes it anew, with a new secret"
            )
        return Held(resource_id, {**live, "signingSecret": secret, "needsNewSecret": not secret}, live)

    def update(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held:
        """Write, and compare with the answer."""
        with Told(_label(inputs)):
            try:
                answer = call.pagerduty.put(f"{COLLECTION}/{segment(resource_id)}", {WRAPPER: _body(inputs)})
            except NotFound as error:
                raise ProviderError(f"it is gone at the vendor ({error}): `pulumi refresh`, then run again") from error
            found = _unwrapped(answer)
        kept = {name: state.get(name) for name in ("signingSecret", "needsNewSecret")}
        return self._compared(resource_id, found, inputs, kept)

    def delete(self, call: Call, resource_id: str, state: Values) -> None:
        """Delete, unless it is gone already: one without a known secret went before its successor was made."""
        with Told(_label(state)):
            call.pagerduty.delete(f"{COLLECTION}/{segment(resource_id)}")

    def _compared(self, resource_id: str, found: Values, inputs: Values, outputs: Values) -> Held:
        live = _live(found, inputs)
        state = {**live, **outputs}
        difference = describe(self.inputs, live, inputs)
        if difference:
            raise HalfwayError(f"{_label(inputs)}: PagerDuty changed or ignored {difference}", resource_id, state)
        return Held(resource_id, state, inputs)

    def _clear(self, call: Call, inputs: Values) -> None:
        """Delete ours that nobody knows the secret of; an error where somebody else's has the address."""
        rows = call.pagerduty.rows(COLLECTION, f"{WRAPPER}s", filter_type="team", filter_id=inputs["teamId"])
        for row in rows:
            if (row.get("delivery_method") or {}).get("url") != inputs["url"]:
                continue
            own = str(row["id"])
            if not str(row.get("description") or "").startswith(MARK):
                raise ProviderError(
                    f"somebody else's subscription tells the same address of this team's incidents: delete it, or "
                    f"take it over, which makes it anew with another secret: its id is {own}"
                )
            call.ledger.claim(own, call.urn, adopted=False)
            call.warn(f"{_label(inputs)} was found without its secret and is made anew")
            call.pagerduty.delete(f"{COLLECTION}/{segment(own)}")


def _body(inputs: Values) -> Values:
    return {
        "type": "webhook_subscription",
        "active": inputs["enabled"],
        "description": MARK,
        "delivery_method": {"type": "http_delivery_method", "url": inputs["url"]},
        "events": inputs["events"],
        "filter": {"type": "team_reference", "id": inputs["teamId"]},
    }


def _unwrapped(answer: object) -> Values:
    found = answer.get(WRAPPER) if isinstance(answer, dict) else None
    if not isinstance(found, dict) or "id" not in found:
        raise ProviderError("PagerDuty's answer holds no subscription: run again")
    return found


def _live(found: Values, inputs: Values) -> Values:
    """The API's object in our words, its events in the program's order where they are the same."""
    events = [str(one) for one in found.get("events") or []]
    asked = inputs.get("events")
    same = isinstance(asked, list) and sorted(asked) == sorted(events)
    return {
        "url": (found.get("delivery_method") or {}).get("url"),
        "teamId": (found.get("filter") or {}).get("id"),
        "events": asked if same else events,
        "enabled": found.get("active") is not False,
    }


def _label(inputs: Values) -> str:
    """The address without a query, which may hold a secret."""
    return f'webhook to "{str(inputs.get("url", "")).partition("?")[0]}"'

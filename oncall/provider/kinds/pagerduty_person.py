"""oncall:pagerduty:ContactMethod and NotificationRule: how a person is told, as PagerDuty holds it below the user.

PagerDuty gives new users an e-mail address and a rule for it, and refuses an equal second one. So what is there already
is taken over as it is; being somebody else's, it is neither changed nor deleted: it outlives the resource.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from oncall.clients.errors import NotFound, Refused
from oncall.clients.opsgenie import segment
from oncall.provider.convert import UNKNOWN
from oncall.provider.diff import Change, describe
from oncall.provider.faults import HalfwayError, ProviderError, Told
from oncall.provider.fields import Field, Flag, Problem, Record, Text, Whole, canonical_fields
from oncall.provider.kinds.base import Held, Kind, Values
from oncall.provider.kinds.contact import ADDRESS
from oncall.provider.session import MARK, Call

PHONES = ("phone_contact_method", "sms_contact_method")
METHODS = ("email_contact_method", *PHONES)
RULE_METHODS = (*METHODS, "push_notification_contact_method", "whatsapp_contact_method")
URGENCIES = ("high", "low")


class PersonKind(Kind):
    """A kind whose objects live below a user; its id is "userId/id"."""

    noun: str
    wrapper: str
    """What the API wraps an object in; its plural is the collection, and wraps the list."""
    outputs = (
        Field("vendorId", Text(), "Its own id at PagerDuty.", required=True),
        Field(
            "adopted",
            Flag(),
            "Whether it was there before: then it is nobody's to change, and outlives the resource.",
            required=True,
        ),
    )

    @abstractmethod
    def body(self, inputs: Values) -> Values:
        """The inputs in the API's words."""

    @abstractmethod
    def live(self, found: Values) -> Values:
        """The API's object in the words of the inputs, but for the user."""

    def ours(self, found: Values) -> bool:  # noqa: ARG002
        """Whether something in an object says that we made it."""
        return False

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """Somebody else's object is never changed: another takes its place."""
        found = super().diff(state, inputs)
        return [replace(each, replace=True) for each in found] if state.get("adopted") else found

    def create(self, call: Call, inputs: Values) -> Held:
        """Take over an equal one, else post."""
        with Told(self._label(inputs)):
            found = self._same(call, inputs, fresh=False)
            made = found is None
            if found is None:
                found, made = self._post(call, inputs)
            resource_id = f"{inputs['userId']}/{found['id']}"
            call.ledger.claim(resource_id, call.urn, adopted=not made)
        return self._compared(resource_id, found, inputs, adopted=not (made or self.ours(found)))

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """The object as it is; what is imported counts as somebody else's unless it says that it is ours."""
        user, own = _split(resource_id, self.noun)
        with Told(self._label(state)):
            found = self._fetch(call, user, own)
        if found is None:
            return None
        live = self._settled(found, user, inputs)
        adopted = state.get("adopted", not self.ours(found))
        return Held(resource_id, {**live, "vendorId": own, "adopted": adopted}, live)

    def update(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held:
        """Write, and compare with the answer."""
        user, own = _split(resource_id, self.noun)
        if state.get("adopted"):  # only another spelling of the same comes here
            return Held(resource_id, {**inputs, "vendorId": own, "adopted": True}, inputs)
        with Told(self._label(inputs)):
            try:
                answer = call.pagerduty.put(f"{self._under(user)}/{segment(own)}", {self.wrapper: self.body(inputs)})
            except NotFound as error:
                raise ProviderError(f"it is gone at the vendor ({error}): `pulumi refresh`, then run again") from error
            found = self._unwrapped(answer)
        return self._compared(resource_id, found, inputs, adopted=False)

    def delete(self, call: Call, resource_id: str, state: Values) -> None:
        """Ours goes; what was there before us stays, and so does what another resource of this run took over."""
        if state.get("adopted") or call.ledger.adopted(resource_id):
            return
        user, own = _split(resource_id, self.noun)
        with Told(self._label(state)):
            call.pagerduty.delete(f"{self._under(user)}/{segment(own)}")

    def _compared(self, resource_id: str, found: Values, inputs: Values, *, adopted: bool) -> Held:
        settled = self._settled(found, inputs["userId"], inputs)
        state = {**settled, "vendorId": str(found["id"]), "adopted": adopted}
        difference = describe(self.inputs, state, inputs)
        if difference:
            raise HalfwayError(f"{self._label(inputs)}: PagerDuty changed or ignored {difference}", resource_id, state)
        return Held(resource_id, state, inputs)

    def _settled(self, found: Values, user: str, inputs: Values) -> Values:
        """The object in the words of the inputs, in the program's spelling where that means the same."""
        live = {"userId": user, **self.live(found)}
        same = {
            item.name: inputs[item.name]
            for item in self.inputs
            if inputs.get(item.name) is not None
            and canonical_fields((item,), inputs) == canonical_fields((item,), live)
        }
        return {name: value for name, value in {**live, **same}.items() if value is not None}

    def _post(self, call: Call, inputs: Values) -> tuple[Values, bool]:
        """The object, and whether we made it."""
        path, body = self._under(inputs["userId"]), {self.wrapper: self.body(inputs)}
        try:
            answer, lost = call.pagerduty.create(path, body, lambda: self._same(call, inputs, fresh=True))
        except Refused:
            taken = self._same(call, inputs, fresh=True)  # "must be unique": it came since this run first looked
            if taken is None:
                raise
            return taken, False
        return (answer, True) if lost else (self._unwrapped(answer), True)

    def _same(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """An equal object of the user. Not `fresh`: among what stood there when this run first looked."""
        path, user = self._under(inputs["userId"]), inputs["userId"]

        def load() -> Iterator[tuple[str, str]]:
            rows = call.pagerduty.get(path).get(f"{self.wrapper}s") or []  # one page: the lists have no others
            return ((self._key({"userId": user, **self.live(row)}), str(row["id"])) for row in rows)

        wanted = self._key(inputs)
        known = dict(load()).get(wanted) if fresh else call.ledger.known(path, wanted, load)
        return None if known is None else self._fetch(call, user, known)

    def _key(self, inputs: Values) -> str:
        return json.dumps(canonical_fields(self.inputs, inputs), sort_keys=True, default=str)

    def _fetch(self, call: Call, user: str, own: str) -> Values | None:
        answer = call.pagerduty.find(f"{self._under(user)}/{segment(own)}")
        return None if answer is None else self._unwrapped(answer)

    def _unwrapped(self, answer: Any) -> Values:
        found = answer.get(self.wrapper) if isinstance(answer, dict) else None
        if not isinstance(found, dict) or "id" not in found:
            raise ProviderError(f"PagerDuty's answer holds no {self.noun}: run again")
        return found

    def _under(self, user: str) -> str:
        return f"/users/{segment(user)}/{self.wrapper}s"

    def _label(self, values: Values) -> str:
        return f'{self.noun} of user "{values.get("userId", "")}"'


class ContactMethod(PersonKind):
    """https://developer.pagerduty.com/api-reference/ - Users, contact methods. Type, address and country tell one."""

    token = "oncall:pagerduty:ContactMethod"  # noqa: S105 - a type token
    noun = "contact method"
    wrapper = "contact_method"
    doc = 'An address of a person. Its id is "userId/contactMethodId".'
    inputs = (
        Field("userId", Text(), "The user.", required=True, replace=True),
        Field("type", Text(choices=METHODS), "E-mail, phone or SMS.", required=True, replace=True),
        Field("address", ADDRESS, "The address; of a phone without its calling code.", required=True),
        Field("countryCode", Whole(1, 1998), "A phone's calling code."),
    )

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """A calling code for phones and for nothing else."""
        kind, code = values["type"], values.get("countryCode")
        if kind is not UNKNOWN and (kind in PHONES) != (code is not None):
            yield Problem("countryCode", "is a phone's: give it for phone and SMS, and for nothing else")

    def body(self, inputs: Values) -> Values:
        """The label is our mark: nobody else's has it."""
        code = {"country_code": inputs["countryCode"]} if inputs.get("countryCode") is not None else {}
        return {"type": inputs["type"], "label": MARK, "address": inputs["address"], **code}

    def live(self, found: Values) -> Values:
        """A code that PagerDuty adds to an e-mail address means nothing."""
        kind = _plain_type(found)
        return {
            "type": kind,
            "address": found.get("address"),
            "countryCode": found.get("country_code") if kind in PHONES else None,
        }

    def ours(self, found: Values) -> bool:
        """By the label."""
        return found.get("label") == MARK


CONTACT = Record(
    "oncall:pagerduty:ContactReference",
    "A contact method of the user.",
    (
        Field("id", Text(), "Its id.", required=True),
        Field("type", Text(choices=RULE_METHODS), "Its type.", required=True),
    ),
)


class NotificationRule(PersonKind):
    """https://developer.pagerduty.com/api-reference/ - Users, notification rules. Nothing in one says who made it."""

    token = "oncall:pagerduty:NotificationRule"  # noqa: S105 - a type token
    noun = "notification rule"
    wrapper = "notification_rule"
    doc = 'By which method a person is told, and after how long. Its id is "userId/ruleId".'
    inputs = (
        Field("userId", Text(), "The user.", required=True, replace=True),
        Field("urgency", Text(choices=URGENCIES), "Of which incidents.", required=True),
        Field("startDelayInMinutes", Whole(0), "How long after the incident was assigned.", required=True),
        Field("contactMethod", CONTACT, "How.", required=True),
    )

    def body(self, inputs: Values) -> Values:
        """The one type of rule there is for incidents."""
        return {
            "type": "assignment_notification_rule",
            "urgency": inputs["urgency"],
            "start_delay_in_minutes": inputs["startDelayInMinutes"],
            "contact_method": inputs["contactMethod"],
        }

    def live(self, found: Values) -> Values:
        """The method's type comes plain or as that of a reference."""
        method = found.get("contact_method") or {}
        return {
            "urgency": found.get("urgency"),
            "startDelayInMinutes": found.get("start_delay_in_minutes"),
            "contactMethod": {"id": method.get("id"), "type": _plain_type(method)},
        }


def _plain_type(found: Values) -> str:
    return str(found.get("type", "")).removesuffix("_reference")


def _split(resource_id: str, noun: str) -> tuple[str, str]:
    user, slash, own = resource_id.partition("/")
    if not (user and slash and own) or "/" in own:
        raise ProviderError(f'"{resource_id}" is no id of a {noun}: it must be userId/id')
    return user, own

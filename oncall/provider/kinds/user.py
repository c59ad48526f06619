"""oncall:opsgenie:User: a person's account at OpsGenie."""

from __future__ import annotations

from oncall.clients.errors import Refused
from oncall.clients.opsgenie import segment
from oncall.provider.fields import Field, Text
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.opsgenie import OpsgenieKind
from oncall.provider.kinds.rotation import is_over
from oncall.provider.session import MARK, Call

# https://docs.opsgenie.com/docs/user-api#create-user
USERNAME_LENGTH = 100
FULL_NAME_LENGTH = 512
# https://docs.opsgenie.com/docs/response#response-codes: a precondition fails, here that nothing names the user.
IN_USE = 428


class User(OpsgenieKind):
    """An account is deleted with its resource only if it was made here, which the account itself remembers."""

    token = "oncall:opsgenie:User"  # noqa: S105 - a type token
    noun = "user"
    collection = "/v2/users"
    marked = True
    names_people = False
    doc = "A person's account, deleted only if it was made here. Imported by id or e-mail address."
    inputs = (
        Field(
            "username",
            Text(USERNAME_LENGTH, r"[^@\s]+@[^@\s]+", "an e-mail address", any_case=True),
            "E-mail address, which is the name to log in with.",
            required=True,
        ),
        Field("fullName", Text(FULL_NAME_LENGTH), "The person's name.", required=True),
        Field("role", Text(any_case=True), "Admin, User, or the name of a custom role.", default="User"),
        Field("timeZone", Text(), "IANA zone; the account's by default.", given_by_vendor=True),
        Field(
            "locale",
            Text(shape=r"[a-z]{2}_[A-Z]{2}", shape_words="a language and a country, like en_GB"),
            "Language and country; the account's by default.",
            given_by_vendor=True,
        ),
    )

    def label(self, inputs: Values) -> str:
        """People are known by their address."""
        return f'user "{inputs.get("username") or inputs.get("name", "")}"'

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/user-api#create-user."""
        body = {
            "username": inputs["username"],
            "fullName": inputs["fullName"],
            "role": {"name": inputs["role"]},
        }
        return body | {name: inputs[name] for name in ("timeZone", "locale") if name in inputs}

    def first_body(self, inputs: Values) -> Values:
        """A user has no description; the details are the place for a remark of our own."""
        return self.body(inputs) | {"details": {"origin": [MARK]}}

    def mark_in(self, found: Values) -> str:
        """All remarks of the details."""
        return " ".join(str(text) for texts in (found.get("details") or {}).values() for text in texts)

    def owner_differs(self, found: Values, inputs: Values) -> bool:  # noqa: ARG002
        """A user belongs to no team."""
        return False

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """The role comes as an object."""
        return {
            "username": found.get("username"),
            "fullName": found.get("fullName"),
            "role": (found.get("role") or {}).get("name"),
            "timeZone": found.get("timeZone"),
            "locale": found.get("locale"),
        }

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """Users are found by their address; an account has many more people than any inventory manages."""
        del fresh
        return call.opsgenie.find(f"{self.collection}/{segment(inputs['username'])}")

    def remove(self, call: Call, resource_id: str, state: Values) -> None:
        """Leave accounts alone that were there before."""
        found = self.fetch(call, resource_id)
        if found is None:
            return
        if MARK not in self.mark_in(found):
            call.warn(f"{self.label(state)} was not made here: the account stays at OpsGenie")
            return
        try:
            super().remove(call, resource_id, state)
        except Refused as error:
            # Turns that are over are kept as a record, but no one in them can be deleted: the person goes first.
            if error.status != IN_USE or not self._clear_turns_that_are_over(call, resource_id):
                raise
            super().remove(call, resource_id, state)

    def _clear_turns_that_are_over(self, call: Call, user_id: str) -> bool:
        """Delete the ended rotations of our schedules that name the user; whether there were any."""
        ended = [
            f"/v2/schedules/{schedule['id']}/rotations/{rotation['id']}"
            for schedule in call.opsgenie.rows("/v2/schedules", expand="rotation")
            if MARK in str(schedule.get("description") or "")
            for rotation in schedule.get("rotations") or []
            if is_over(rotation, call.now())
            and any(each.get("id") == user_id for each in rotation.get("participants") or [])
        ]
        for path in ended:
            call.opsgenie.delete(path, scheduleIdentifierType="id")
        return bool(ended)

    def import_id(self, call: Call, given: str) -> str:
        """By id or by e-mail address."""
        found = call.opsgenie.find(f"{self.collection}/{segment(given)}")
        return str(found["id"]) if found else given

"""How all OpsGenie kinds make and keep their objects.

A create is found again instead of made twice, an object of somebody else is never touched, and whatever is written is
read back and compared.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

from oncall.clients.errors import ClientError, Conflict, NotFound, Refused
from oncall.clients.opsgenie import segment
from oncall.provider.diff import describe
from oncall.provider.faults import HalfwayError, ProviderError, Told
from oncall.provider.fields import canonical_fields
from oncall.provider.kinds.base import Held, Kind, Values
from oncall.provider.kinds.people import people_named
from oncall.provider.session import MARK, Call, owner_in


class OpsgenieKind(Kind):
    """A kind whose objects live in an OpsGenie account."""

    noun: str
    collection = ""
    marked = False
    """Whether the kind has a description, which then tells ours from theirs."""

    owner = ("", "")
    """For a kind without one: the collection of the object it is part of, and the input that holds that one's id."""

    names_people = True
    """Whether the usernames in its inputs must be accounts already."""

    # What a kind says about itself

    @abstractmethod
    def body(self, inputs: Values) -> Values:
        """The inputs in the API's words, for POST and PATCH alike."""

    def first_body(self, inputs: Values) -> Values:
        """What a create sends."""
        return self.body(inputs)

    @abstractmethod
    def inputs_of(self, found: Values, inputs: Values) -> Values:
        """The API's object in the words of the inputs; `inputs` is how the program said it last."""

    def outputs_of(self, call: Call, resource_id: str, answer: Values, state: Values) -> Values:  # noqa: ARG002
        """Outputs that are no inputs; `answer` is the create's, or empty."""
        return {item.name: state.get(item.name) for item in self.outputs}

    def parents_of(self, resource_id: str) -> Mapping[str, str]:  # noqa: ARG002
        """The inputs that are told by the id."""
        return {}

    def path(self, resource_id: str) -> str:
        """The address of an object."""
        return f"{self.collection}/{segment(resource_id)}"

    def query(self) -> dict[str, str]:
        """Parameters that every request for an object has."""
        return {}

    def query_of(self, resource_id: str) -> dict[str, str]:  # noqa: ARG002
        """Parameters of the requests for one object."""
        return self.query()

    def create_query(self, inputs: Values) -> dict[str, str]:  # noqa: ARG002
        """Parameters of the request that makes an object."""
        return self.query()

    def id_of(self, found: Values, inputs: Values) -> str:  # noqa: ARG002
        """The resource's id, from the API's object or the answer to its create."""
        return str(found["id"])

    @abstractmethod
    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """The object these inputs would make, by name. Not `fresh`: what stood there when the run began will do."""

    def owner_differs(self, found: Values, inputs: Values) -> bool:
        """Whether the object belongs to another team than asked for."""
        owner = str((found.get("ownerTeam") or {}).get("id", ""))
        return owner != (inputs.get("ownerTeamId") or "")

    def write(self, call: Call, resource_id: str, inputs: Values) -> None:
        """Send the inputs for an object that exists."""
        call.opsgenie.patch(self.path(resource_id), self.body(inputs), **self.query_of(resource_id))

    def fetch(self, call: Call, resource_id: str) -> Values | None:
        """The API's object by id."""
        return call.opsgenie.find(self.path(resource_id), **self.query_of(resource_id))

    def import_id(self, call: Call, given: str) -> str:  # noqa: ARG002
        """The id behind what a person gave to `pulumi import`."""
        return given

    # What the engine asks

    def create(self, call: Call, inputs: Values) -> Held:
        """Post, unless it is there; found again where the answer was lost."""
        with self.told(inputs), people_named(call, inputs if self.names_people else {}):
            found = self._ours(inputs, self.find(call, inputs, fresh=False))
            adopted = found is not None
            if found is None:
                found, adopted = self._post(call, inputs)
        resource_id = self.id_of(found, inputs)
        return self._finish(call, resource_id, inputs, found, adopted=adopted)

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """The object in the inputs' words; what only the state knows is kept."""
        importing = not state
        with self.told(inputs or {"name": resource_id}):
            if importing:
                resource_id = self.import_id(call, resource_id)
            found = self.fetch(call, resource_id)
            if found is None:
                return None
            live = self.settled(found, inputs, resource_id)
            live = {name: inputs[name] for name in self.unread() if name in inputs} | live
            outputs = self.outputs_of(call, resource_id, {}, state)
        # What the program leaves to the vendor is no input of it, but for an import, which shows all there is.
        left = {item.name for item in self.inputs if item.given_by_vendor and item.name not in inputs}
        asked = {name: value for name, value in live.items() if importing or name not in left}
        return Held(resource_id, {**outputs, **live}, asked)

    def update(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held:
        """Write, read back, compare."""
        with self.told(inputs):
            try:
                with people_named(call, inputs if self.names_people else {}):
                    self.write(call, resource_id, inputs)
            except NotFound as error:
                raise ProviderError(f"it is gone at the vendor ({error}): `pulumi refresh`, then run again") from error
            return self._compared(call, resource_id, inputs, self.outputs_of(call, resource_id, {}, state))

    def delete(self, call: Call, resource_id: str, state: Values) -> None:
        """Delete, unless the object belongs to another resource by now: a create of this run took it over, or one of
        a run that was stopped before it came to this delete.
        """
        if call.ledger.adopted(resource_id):
            return
        with self.told(state):
            if (heir := self._heir(call, resource_id, state)) is not None:
                call.warn(f"{self.label(state)} belongs to {heir} by now and stays")
                return
            self.remove(call, resource_id, state)

    def _heir(self, call: Call, resource_id: str, state: Values) -> str | None:
        """The other resource that the object says it belongs to, or the object it is part of."""
        if self.marked:
            found = self.fetch(call, resource_id)
            name = owner_in(self.mark_in(found)) if found is not None else None
            return name if name != call.resource else None
        collection, field = self.owner
        owner_id = state.get(field) if collection else None
        found = call.opsgenie.find(f"{collection}/{segment(owner_id)}", identifierType="id") if owner_id else None
        name = owner_in(str(found.get("description") or "")) if found is not None else None
        # A part is called after what it is part of: platform/primary/weekly, opsgenie/platform.
        return name if name is not None and f"/{name}/" not in f"/{call.resource}/" else None

    def remove(self, call: Call, resource_id: str, state: Values) -> None:  # noqa: ARG002
        """The delete itself."""
        call.opsgenie.delete(self.path(resource_id), **self.query_of(resource_id))

    # Shared steps

    def told(self, inputs: Values) -> Told:
        """Errors inside get the object's name in front."""
        return Told(self.label(inputs))

    def label(self, inputs: Values) -> str:
        """The object in words a person knows it by."""
        return f'{self.noun} "{inputs.get("name", "")}"'

    def settled(self, found: Values, inputs: Values, resource_id: str) -> Values:
        """The API's object as inputs, in the program's own spelling wherever that means the same."""
        live = {
            name: value
            for name, value in {**self.parents_of(resource_id), **self.inputs_of(found, inputs)}.items()
            if value is not None
        }
        for item in self.inputs:
            mine, theirs = (canonical_fields((item,), each) for each in (inputs, live))
            if mine == theirs:
                live.pop(item.name, None)
                live |= {item.name: inputs[item.name]} if inputs.get(item.name) is not None else {}
        return live

    def _post(self, call: Call, inputs: Values) -> tuple[Values, bool]:
        def look_up() -> Values | None:
            return self._ours(inputs, self.find(call, inputs, fresh=True), doubt=True)

        try:
            answer, found_again = call.opsgenie.create(
                self.create_path(inputs), self.first_body(inputs), look_up, **self.create_query(inputs)
            )
        except (Conflict, Refused):
            # The name may be taken since the run began: by an answer lost on the way, or by somebody else.
            taken = self._ours(inputs, self.find(call, inputs, fresh=True))
            if taken is None:
                raise
            return taken, True
        return answer, found_again

    def mark_in(self, found: Values) -> str:
        """The text of the object that would hold our mark."""
        return str(found.get("description") or "")

    def create_path(self, inputs: Values) -> str:  # noqa: ARG002
        """Where a create is posted."""
        return self.collection

    def _finish(self, call: Call, resource_id: str, inputs: Values, answer: Values, *, adopted: bool) -> Held:
        with self.told(inputs):
            call.ledger.claim(resource_id, call.urn, adopted=adopted)
        outputs: Values = {}
        try:
            outputs = self.outputs_of(call, resource_id, answer, {})
            with self.told(inputs):
                seen = self.after_create(call, resource_id, inputs, answer, adopted=adopted)
                return self._compared(call, resource_id, inputs, outputs, seen)
        except HalfwayError:
            raise
        except (ClientError, ProviderError) as error:
            # It exists: the engine must know, or the next run would have to find it again.
            raise HalfwayError(str(error), resource_id, {**outputs, **inputs}) from error

    def after_create(
        self,
        call: Call,
        resource_id: str,
        inputs: Values,
        answer: Values,  # noqa: ARG002
        *,
        adopted: bool,
    ) -> Values | None:
        """What is to be sent after the object exists; one that was found gets the inputs written. Returns the object
        where it was read on the way.
        """
        if adopted:
            self.write(call, resource_id, inputs)
        return None

    def read_again(self, call: Call, resource_id: str) -> tuple[Values | None, bool]:
        """The object after a write, and whether a list that other writes wait for as well was asked for it."""
        return self.fetch(call, resource_id), False

    def _compared(
        self, call: Call, resource_id: str, inputs: Values, outputs: Values, seen: Values | None = None
    ) -> Held:
        found, listed = (seen, True) if seen else self.read_again(call, resource_id)
        state = self._state_of(found, inputs, resource_id)
        if listed and (state is None or describe(self.inputs, state, inputs)):
            # A list may lag behind: what is wrong, the object itself has to say.
            state = self._state_of(self.fetch(call, resource_id), inputs, resource_id)
        if state is None:
            raise ProviderError("it was written, but can't be read back: run again")
        if difference := describe(self.inputs, state, inputs):
            text = f"{self.label(inputs)}: OpsGenie changed or ignored {difference}"
            raise HalfwayError(text, resource_id, outputs | state)
        return Held(resource_id, outputs | state, inputs)

    def _state_of(self, found: Values | None, inputs: Values, resource_id: str) -> Values | None:
        if found is None:
            return None
        live = self.settled(found, inputs, resource_id)
        return live | {name: inputs[name] for name in self.unread() if name in inputs}

    def unread(self) -> tuple[str, ...]:
        """Inputs that a read-back can't confirm: the vendor doesn't hold them, or other creates still move them."""
        return ()

    def _ours(self, inputs: Values, found: Values | None, *, doubt: bool = False) -> Values | None:
        """The object found, if it is ours to take; an error if it is somebody else's.

        In `doubt` whether our own create made it, the same description is as good as the mark.
        """
        if found is None:
            return None
        text = self.mark_in(found)
        marked = not self.marked or MARK in text or (doubt and text == inputs.get("description"))
        team = str((found.get("ownerTeam") or {}).get("name") or "")
        if not marked:
            why = f'nothing in it says "{MARK}"' + (f'; it belongs to the team "{team}"' if team else "")
        elif self.owner_differs(found, inputs):
            why = "it belongs to another team" + (f', "{team}"' if team else "")
        else:
            return found
        raise ProviderError(
            f"exists already and is not ours ({why}): give one of the two another name, or take it over: "
            f"its id is {self.id_of(found, inputs)}"
        )

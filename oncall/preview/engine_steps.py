"""What the engine would do, beside what the edit means: on which objects the two differ, and why.

The engine goes from its state, or from the accounts where it has read them again, to the edited inventory; the edit
goes from the inventory before. Both come to the same where everything that was merged has been applied and nobody
changed anything by hand. Of what the engine prints nothing is taken but what it would do, to which type, under which
name. The bridge's files are left out: they lie on the machine that runs `pulumi up`, not in an account.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from oncall.model import Inventory, TargetName
from oncall.plan import Change
from oncall.plan.diff import Action
from oncall.preview.model import EngineAction, EngineDifference, EngineRun, Preview
from oncall.preview.objects import noun, title
from oncall.preview.verdict import NOTHING_CHANGES
from oncall.resource import Ref, Resource, Value
from oncall.targets import TARGETS

_ACTIONS: Mapping[str, EngineAction] = {
    "create": "create",
    "import": "create",
    "update": "update",
    "replace": "replace",
    "create-replacement": "replace",
    "delete": "delete",
}
"""The engine's words for a step -> ours. Others, such as `same`, `read` and `refresh`, touch no object."""

_DONE: Mapping[Action, Collection[EngineAction | None]] = {
    "create": {"create"},
    "update": {"update", "replace"},
    "delete": {"delete"},
}
"""What an edit asks for -> what the engine may do for it."""
_RANK = {target.name: rank for rank, target in enumerate(TARGETS)}

Place = tuple[str, str]
"""Kind and key."""

Steps = Mapping[Place, EngineAction]


class NoStepsError(ValueError):
    """What should be the engine's preview is none."""


def steps_of(document: object) -> dict[Place, EngineAction]:
    """Return what a `pulumi preview --json` would do to objects of the vendors. Raises NoStepsError."""
    rows = document.get("steps") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise NoStepsError("the engine's preview has no steps")
    found: dict[Place, EngineAction] = {}
    for row in rows:
        word, urn = (row.get("op"), row.get("urn")) if isinstance(row, dict) else (None, None)
        if not isinstance(word, str) or not isinstance(urn, str):
            raise NoStepsError("a step of the engine's preview names no object")
        if word in _ACTIONS and (place := _place(urn)) is not None:
            found[place] = _ACTIONS[word]
    return found


def _place(urn: str) -> Place | None:
    """Return the kind and key of `urn:pulumi:stack::project::types::name`; None for what is no object of a vendor."""
    parts = urn.split("::", 3)
    if len(parts) != 4:
        return None
    package, _, rest = parts[2].rpartition("$")[2].partition(":")
    module, _, word = rest.partition(":")
    if package == "pagerduty":
        return (f"pagerduty:{word}", parts[3])
    if package == "oncall" and module in ("pagerduty", "opsgenie"):
        return (f"{module}:{word}", parts[3])
    return None


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both inventories' resources and what was asked for between them, by place."""

    before: Mapping[Place, Resource]
    after: Mapping[Place, Resource]
    changes: Mapping[Place, Change]

    def resource(self, place: Place) -> Resource | None:
        return self.after.get(place) or self.before.get(place)


def with_engine(
    found: Preview, base: Inventory | None, head: Inventory, steps: Steps, at_rest: Steps | None = None
) -> Preview:
    """Return a preview with what the engine says to the same edit; the first line says where they differ.

    `steps` is what it would do once it has read the accounts again, `at_rest` what it would do by its state alone: that
    tells what was changed by hand from what was never applied.
    """
    run = compare(found, base, head, steps, at_rest)
    if run.agrees:
        return replace(found, engine=run)
    also = sum(one.edit is None for one in run.differences)
    said = f"the engine {'would also change' if also == len(run.differences) else 'differs on'} {_objects(run)}"
    verdict = "this edit changes nothing" if found.verdict == NOTHING_CHANGES else found.verdict
    return replace(found, engine=run, verdict=f"{verdict}; {said}")


def compare(
    found: Preview, base: Inventory | None, head: Inventory, steps: Steps, at_rest: Steps | None = None
) -> EngineRun:
    """Return what the engine would do, counted, and where that is not what the edit means."""
    sides = _Sides(
        _resources(base, found),
        _resources(head, found),
        {(one.resource.kind, one.resource.key): one for some in found.objects.values() for one in some},
    )
    places = sorted({*sides.changes, *steps}, key=_order)
    counts: dict[TargetName, dict[EngineAction, int]] = {}
    for place in filter(steps.__contains__, places):
        of_vendor = counts.setdefault(_vendor(place), {})
        of_vendor[steps[place]] = of_vendor.get(steps[place], 0) + 1
    differences = [
        _difference(place, sides, steps, at_rest, found.names)
        for place in places
        if not _agree(sides.changes.get(place), steps.get(place))
    ]
    remade = [(_vendor(place), _title(place, sides, found.names)) for place in places if steps.get(place) == "replace"]
    return EngineRun(counts, tuple(differences), tuple(remade))


def _resources(inventory: Inventory | None, found: Preview) -> dict[Place, Resource]:
    if inventory is None:
        return {}
    wanted = (each for target in TARGETS for each in target.desired(inventory, found.start))
    return {(each.kind, each.key): each for each in wanted if not each.lookup}


def _agree(change: Change | None, action: EngineAction | None) -> bool:
    if change is None:
        return action is None
    if change.action == "rekey":  # the engine moves it to its new name without a word
        return action in (("update", "replace") if change.fields else (None,))
    return action in _DONE[change.action]


def _difference(
    place: Place, sides: _Sides, steps: Steps, at_rest: Steps | None, names: Mapping[str, str]
) -> EngineDifference:
    change, action = sides.changes.get(place), steps.get(place)
    return EngineDifference(
        vendor=_vendor(place),
        title=_title(place, sides, names),
        edit=change.action if change is not None else None,
        engine=action,
        why=_why(place, sides, steps, at_rest, names),
    )


def _why(place: Place, sides: _Sides, steps: Steps, at_rest: Steps | None, names: Mapping[str, str]) -> str:
    action, change = steps.get(place), sides.changes.get(place)
    if action is None:
        return "done already: applied before, or by hand"
    if change is not None and change.action == "create":
        return "it is there already, but otherwise"
    if at_rest is not None and at_rest.get(place) != action:
        return "deleted there by hand" if action == "create" else "changed there by hand"
    if action == "delete":
        return "an earlier edit that was never applied, or it is over"
    if action != "create" and (other := _made_anew(place, sides, steps)) is not None:
        return f"follows: {_title(other, sides, names)} is made anew"
    return "an earlier edit that was never applied"


def _made_anew(place: Place, sides: _Sides, steps: Steps) -> Place | None:
    """Return what a resource refers to and the engine makes anew, though the edit does not ask for it."""
    resource = sides.after.get(place)
    if resource is None:
        return None
    for ref in (*_refs(tuple(resource.properties.values())), *resource.after):
        other = (ref.kind, ref.key)
        asked = sides.changes.get(other)
        if steps.get(other) == "replace" or (steps.get(other) == "create" and asked is None):
            return other
    return None


def _refs(value: Value) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, tuple | Mapping):
        inner: Iterable[Value] = value.values() if isinstance(value, Mapping) else value
        for each in inner:
            yield from _refs(each)


def _title(place: Place, sides: _Sides, names: Mapping[str, str]) -> str:
    resource = sides.resource(place)
    return title(resource, names) if resource is not None else f"{noun(place[0])} {place[1]}"


def _vendor(place: Place) -> TargetName:
    return cast("TargetName", place[0].partition(":")[0])


def _order(place: Place) -> tuple[int, Place]:
    return (_RANK[_vendor(place)], place)


def _objects(run: EngineRun) -> str:
    count = len(run.differences)
    return f"{count} {'object' if count == 1 else 'objects'}"

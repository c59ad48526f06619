"""Edits of a rotation that keep their promises: what becomes of its line-ups, decided for one instant.

The running turn is never cut unless that is asked for (`now`), and the past is never rewritten: the outgoing line-up
stays under `before`. A line-up that has not begun yet is changed in place.
"""

from datetime import timedelta
from difflib import get_close_matches

from oncall.edits.refusal import Refusal
from oncall.edits.rota_chain import Draft, running
from oncall.edits.rota_leaving import removed
from oncall.edits.rota_orders import Add, Change, Order, Remove, Retime, Slots, Swap, reordered, same_circle, turned
from oncall.edits.rota_stage import Ask, Plan, Stage, span_of
from oncall.edits.rota_turns import retimed, waiting_retimed
from oncall.model import Inventory
from oncall.shifts.timeline import Turned, turn_number

_INSTANT = timedelta(microseconds=1)


def plan(inventory: Inventory, ask: Ask) -> Plan:
    """Return what becomes of a rotation of an inventory whose references and line-ups are in order.

    Raises Refusal with one sentence that says why, and the way out.
    """
    stage = Stage(inventory, ask)
    end = span_of(stage.chain[0]).end
    if end is not None and end <= stage.at:
        raise Refusal(f"the rotation ended {stage.rotation.until}: move its `until` on first")
    _known_people(inventory, ask)
    if isinstance(ask.change, Remove):
        return removed(stage, ask.change)
    found = running(stage.chain, stage.at)
    if found is None or found[0] > 0:
        return _waiting(stage, ask.change, begun=found is not None)
    if isinstance(ask.change, Retime):
        return retimed(stage, ask.change, found[1])
    return _running(stage, ask.change, found[1])


def _known_people(inventory: Inventory, ask: Ask) -> None:
    for person in (ask.change.person if isinstance(ask.change, Add | Remove) else None, ask.cover):
        if person is not None and person not in inventory.people:
            near = get_close_matches(person, inventory.people, n=1)
            raise Refusal(f"there is no person `{person}`" + (f" (did you mean `{near[0]}`?)" if near else ""))


def _running(stage: Stage, change: Change, turn: Turned) -> Plan:
    """Change the order of the line-up that is on call."""
    draft = stage.chain[0]
    slots = reordered(change, draft.people)
    here = turn.number % len(draft.people)
    if stage.ask.rollout == "now":
        place = _place_at_once(change, slots, here)
        if slots[place].person != draft.people[here]:
            return stage.composed((), stage.at_once(draft, slots, place, turn), 0)
    if same_circle(draft.people, [slot.person for slot in slots]):
        return stage.nothing()
    return stage.composed((), stage.later(draft, slots, stage.first_turn(draft, turn)), 0)


def _place_at_once(change: Change, slots: Slots, here: int) -> int:
    """Return the place in the new order that is on call at once.

    It is the first one where an order or a first person is named; else whoever is on call stays, and of two who swap
    places the other one comes.
    """
    if isinstance(change, Order) or (isinstance(change, Add) and change.first):
        return 0
    if isinstance(change, Swap):
        return here
    return next(place for place, slot in enumerate(slots) if slot.was == here)


def _waiting(stage: Stage, change: Change, *, begun: bool) -> Plan:
    """Change the newest line-up, which has not begun: in place, since nobody's turn is running in it."""
    draft = stage.chain[0]
    slots = reordered(change, draft.people)
    if isinstance(change, Retime):
        made = waiting_retimed(stage, change)
    elif same_circle(draft.people, [slot.person for slot in slots]):
        made = stage.nothing()
    else:
        made = _waiting_reordered(stage, change, slots)
    if begun and stage.ask.rollout == "now" and not made.empty:
        raise Refusal(
            f"a line-up that begins {draft.since} is waiting already: without `--rollout now` that one is changed; "
            "or take it out of the file first, and change the one that is on call"
        )
    return made


def _waiting_reordered(stage: Stage, change: Change, slots: Slots) -> Plan:
    draft = stage.chain[0]
    number = turn_number(span_of(draft), span_of(draft).start)
    first = number % len(draft.people)
    if isinstance(change, Add):
        place = 0 if change.first else next(place for place, slot in enumerate(slots) if slot.was == first)
    else:
        place = _after_the_last(stage, slots)
    return stage.composed((draft.changed(turned(slots, place, number)),), None, 1)


def _after_the_last(stage: Stage, slots: Slots) -> int:
    """Return whose turn is the first of a waiting line-up: it follows whoever has the last turn before it."""
    last = _last_person(stage.chain[1]) if len(stage.chain) > 1 else None
    place = next((place for place, slot in enumerate(slots) if slot.person == last), None)
    return 0 if place is None else (place + 1) % len(slots)


def _last_person(draft: Draft) -> str | None:
    span = span_of(draft)
    if span.end is None or span.end <= span.start:
        return None
    return span.people[turn_number(span, span.end - _INSTANT) % len(span.people)]

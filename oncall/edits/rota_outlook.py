"""What an edit of a rotation means: whose hours become whose, and the sentences that say so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall.edits.rota_chain import drafts, running
from oncall.edits.rota_orders import Add, Order, Remove, Retime, Swap
from oncall.edits.rota_stage import Plan, span_of
from oncall.model import NOBODY, Inventory, Rotation
from oncall.model.words import DAYS
from oncall.shifts.clock import LAST, instant_text, moment_instant
from oncall.shifts.differences import Displaced, differences, side_by_side
from oncall.shifts.lineups import LineupSpan, rotation_spans
from oncall.shifts.timeline import shifts, turn_number, turn_start

SHOWN = timedelta(weeks=8)  # how far ahead hours that change hands are listed, at least


@dataclass(frozen=True, slots=True)
class Outlook:
    """A rotation from `start` to `end` (UTC), before and after an edit.

    `turns` are whose turns it is, the hours of `only` not looked at; `displaced` is every stretch on call that changes
    hands. `end` is far enough that everybody has had a whole turn in both, and 8 weeks at least.
    """

    start: datetime
    end: datetime
    turns: tuple[Displaced, ...]
    displaced: tuple[Displaced, ...]


def outlook(plan: Plan) -> Outlook:
    """Return what a plan changes from its `now` on."""
    start = plan.ask.now
    old, new = rotation_spans(plan.before, plan.zone), rotation_spans(plan.after, plan.zone)
    end = min(LAST, max(start + SHOWN, *(_next_round(spans[-1], plan.begins or start) for spans in (old, new))))
    turns = side_by_side(shifts(old, None, start, end), shifts(new, None, start, end))
    before, after = shifts(old, plan.before.only, start, end), shifts(new, plan.after.only, start, end)
    return Outlook(start, end, turns, differences(before, after))


def _next_round(span: LineupSpan, at: datetime) -> datetime:
    """Return when everybody of a line-up has had a whole turn after an instant."""
    return turn_start(span, turn_number(span, max(at, span.first)) + 1 + len(span.people))


def sentences(inventory: Inventory, plan: Plan) -> tuple[str, ...]:
    """Return a plan in words: what changes, from when on, who stands in."""
    if plan.empty:
        return (_nothing(inventory, plan),)
    found: list[str] = []
    if plan.begins is None:
        found.append("The line-up stays as it is.")
    else:
        found += [_what(inventory, plan), _when(inventory, plan, plan.begins)]
    for override in plan.overrides:
        end = instant_text(moment_instant(override.end, _schedule_zone(inventory, plan)), plan.zone)
        stays, goes = name(inventory, override.person), name(inventory, override.instead_of or "")
        found.append(f"{stays} takes the rest of the running shift of {goes}, until {end}.")
    return tuple(found)


def name(inventory: Inventory, person: str) -> str:
    """Return the name people read, or the key of somebody who isn't described."""
    return inventory.people[person].name if person in inventory.people else person


def turn_words(rotation: Rotation) -> str:
    """Return the length of turns and their hand-off: `2 weeks, Mon 09:00`."""
    turn, hand_off = rotation.turn, rotation.hand_off
    length = f"{turn.count} {turn.unit}{'s' if turn.count > 1 else ''}"
    if hand_off is None:
        return length
    day = f"{DAYS[hand_off.weekday]} " if hand_off.weekday is not None else ""
    return f"{length}, {day}{hand_off.at:%H:%M}"


def _nothing(inventory: Inventory, plan: Plan) -> str:
    match plan.ask.change:
        case Add(person=person):
            return f"{name(inventory, person)} takes turns there already: nothing to do."
        case Remove(person=person):
            if person in plan.before.people:
                return f"{name(inventory, person)} takes no turns there by then: nothing to do."
            return f"{name(inventory, person)} takes no turns there, or none from the coming line-up on: nothing to do."
        case Retime():
            return f"Turns are {turn_words(plan.before)} already: nothing to do."
        case _:
            return "People follow each other in that order already: nothing to do."


def _what(inventory: Inventory, plan: Plan) -> str:
    people = plan.after.people
    match plan.ask.change:
        case Add(person=person):
            previous = people[people.index(person) - 1]
            place = "after a slot that is nobody's" if previous == NOBODY else f"after {name(inventory, previous)}"
            return f"{name(inventory, person)} joins {place}."
        case Remove(person=person):
            return f"{name(inventory, person)} takes no more turns."
        case Swap(one=one, other=other):
            return f"{name(inventory, one)} and {name(inventory, other)} swap their places."
        case Order():
            return "The order changes."
        case Retime():
            return f"Turns become {turn_words(plan.after)}."


def _when(inventory: Inventory, plan: Plan, begins: datetime) -> str:
    at = f"{instant_text(begins, plan.zone)} {plan.zone}"
    order = ", ".join(name(inventory, person) for person in _order_from(plan, begins))
    if plan.amended:
        return f"The line-up that begins {at} was waiting and is changed in place: {order}."
    if plan.ask.rollout == "now" and plan.after.rollout == "now":
        person = _order_from(plan, begins)[0]
        who = f"{name(inventory, person)} takes over at {at}"
        return f"{who}; then: {order}."
    return f"Nobody's turn changes before {at}; then: {order}."


def _order_from(plan: Plan, begins: datetime) -> tuple[str, ...]:
    """Return the people in the order in which they are on call from an instant on."""
    found = running(drafts(plan.after, plan.zone), begins)
    if found is None:
        return plan.after.people
    people = span_of(drafts(plan.after, plan.zone)[found[0]]).people
    first = found[1].number % len(people)
    return (*people[first:], *people[:first])


def _schedule_zone(inventory: Inventory, plan: Plan) -> str:
    team = inventory.teams[plan.ask.ref.team]
    return inventory.schedule_zone(team, team.schedules[plan.ask.ref.schedule])

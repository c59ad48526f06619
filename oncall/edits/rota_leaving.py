"""Somebody goes: out of the line-up that is on call, by the rollout, and out of every one that is waiting."""

from datetime import datetime

from oncall.edits.refusal import Refusal
from oncall.edits.rota_chain import Draft, running
from oncall.edits.rota_dates import rounded_up, since_of_turn, typed_instant
from oncall.edits.rota_orders import Remove, Slots, following, reordered, turned
from oncall.edits.rota_stage import New, Plan, Stage, span_of
from oncall.model import NOBODY, Override
from oncall.shifts.clock import instant_text, moment_end, moment_instant
from oncall.shifts.intervals import Intervals, merge, subtract
from oncall.shifts.timeline import Turned, shifts, turn_number, turn_start


def removed(stage: Stage, change: Remove) -> Plan:
    """Take a person out.

    With `by`, line-ups and turns that begin before that instant are left as they are. Raises Refusal where the person
    is on call right now and nothing says who takes the rest of that shift, and where nobody would be left.
    """
    at = stage.at if stage.ask.by is None else max(stage.at, stage.ask.by)
    end = span_of(stage.chain[0]).end
    if end is not None and end <= at:
        return stage.nothing()  # the rotation ends before they are to be gone
    found = running(stage.chain, at)
    place = len(stage.chain) if found is None else found[0]
    if found is not None and _begins_then(stage, *found):
        place, found = place + 1, None
    waiting = tuple(_without(draft, change.person) for draft in stage.chain[:place])
    if found is None or change.person not in stage.chain[place].people:
        if waiting == stage.chain[:place]:
            return stage.nothing()
        return stage.composed(waiting, None, place)
    return _out_of_running(stage, change.person, place, waiting, found[1], at)


def _begins_then(stage: Stage, place: int, turn: Turned) -> bool:
    """Whether the line-up on call by then has not begun yet, and begins with that very turn."""
    span = span_of(stage.chain[place])
    return span.start > stage.at and turn_start(span, turn.number) <= span.start


def _out_of_running(
    stage: Stage, person: str, place: int, waiting: tuple[Draft, ...], turn: Turned, at: datetime
) -> Plan:
    draft = stage.chain[place]
    slots = reordered(Remove(person), draft.people)
    _somebody_left(slots, person, draft)
    if turn_start(span_of(draft), turn.number) > stage.at:
        return stage.composed(waiting, _by_then(stage, draft, slots, turn), place)
    holds = turn.person == person and _hours_left(stage, draft, at, turn.end)
    holds = holds and bool(_untaken(stage, person, at, turn.end))
    if stage.ask.rollout == "now":
        if stage.ask.cover is not None:
            raise Refusal("either `--rollout now` or `--cover`: with `now` the next one takes over at once")
        if holds:
            follower = following(slots, turn.number % len(draft.people), draft.people)
            return stage.composed(waiting, stage.at_once(draft, slots, follower, turn), place)
    new = stage.later(draft, slots, stage.first_turn(draft, turn))
    gone_anyway = bool(waiting) and span_of(waiting[-1]).start <= new.begins and waiting[-1] == stage.chain[place - 1]
    if holds and stage.ask.cover is None and not gone_anyway:
        raise Refusal(_holder_goes(stage, person, turn))
    end = span_of(stage.chain[0]).end
    over = end is not None and end <= new.begins  # the rotation ends with this turn: there is none to take them out of
    return stage.composed(waiting, None if over else new, place, _covers(stage, person, at, turn.end) if holds else ())


def _by_then(stage: Stage, draft: Draft, slots: Slots, turn: Turned) -> New:
    """Begin with the turn in which they are to be gone: or one earlier, where that hand-off can't be typed."""
    span, number = span_of(draft), turn.number
    while since_of_turn(span, number) is None and turn_start(span, number - 1) > max(stage.at, span.start):
        number -= 1
    return stage.later(draft, slots, number)


def _without(draft: Draft, person: str) -> Draft:
    """A waiting line-up without a person: it begins with whoever it would, or who follows them."""
    if person not in draft.people:
        return draft
    slots = reordered(Remove(person), draft.people)
    _somebody_left(slots, person, draft)
    number = turn_number(span_of(draft), span_of(draft).start)
    first = number % len(draft.people)
    stays = next((place for place, slot in enumerate(slots) if slot.was == first), None)
    return draft.changed(turned(slots, following(slots, first, draft.people) if stays is None else stays, number))


def _somebody_left(slots: Slots, person: str, draft: Draft) -> None:
    if all(slot.person == NOBODY for slot in slots):
        raise Refusal(f"without `{person}` nobody is left in the line-up since {draft.since}: add somebody first")


def _hours_left(stage: Stage, draft: Draft, at: datetime, end: datetime) -> bool:
    return any(True for _ in shifts((span_of(draft),), stage.rotation.only, at, end))


def _holder_goes(stage: Stage, person: str, turn: Turned) -> str:
    return (
        f"`{person}` is on call until {instant_text(turn.end, stage.zone)} ({stage.zone}): say who "
        f"takes the rest of that shift with `--cover PERSON` (`--cover {person}`: they finish it), or let the next one "
        "take over at once with `--rollout now`"
    )


def _covers(stage: Stage, person: str, at: datetime, end: datetime) -> tuple[Override, ...]:
    """Return the overrides for the rest of a running shift, unless they finish it."""
    cover, zone = stage.ask.cover, stage.schedule_zone
    if cover is None or cover == person:
        return ()
    return tuple(
        Override.model_construct(
            schedule=_schedule(stage),
            person=cover,
            start=typed_instant(first, zone),
            end=typed_instant(last, zone),
            instead_of=person,
            why=None,
        )
        for first, last in _untaken(stage, person, at, end)
    )


def _untaken(stage: Stage, person: str, at: datetime, end: datetime) -> Intervals:
    """Return when nobody has taken a person's shift yet, in whole minutes."""
    zone, start = stage.schedule_zone, rounded_up(at, 1)
    taken = merge(
        (moment_instant(one.start, zone), moment_end(one.end, zone))
        for one in stage.inventory.overrides
        if one.schedule == _schedule(stage) and one.person != person and one.instead_of in (None, person)
    )
    return subtract(((start, end),), taken) if start < end else ()


def _schedule(stage: Stage) -> str:
    return f"{stage.ask.ref.team}/{stage.ask.ref.schedule}"

"""Turns of another length, or other hand-offs: where the new rhythm begins, and with whom."""

from dataclasses import replace
from datetime import datetime

from oncall.edits.refusal import Refusal
from oncall.edits.rota_chain import Draft
from oncall.edits.rota_dates import first_hand_off, last_hand_off, typed_elapsed, typed_hand_off, typed_instant
from oncall.edits.rota_orders import Retime, Slots, following, reordered, turned
from oncall.edits.rota_stage import New, Plan, Stage, span_of
from oncall.model import HandOff
from oncall.shifts.lineups import LineupSpan
from oncall.shifts.timeline import Turned, keeps_wall_clock, turn_number, turn_start


def retimed(stage: Stage, change: Retime, turn: Turned) -> Plan:
    """Change the turns of the line-up that is on call.

    The new ones begin at their first hand-off after the running turn (or round). With `now` whoever is on call stays
    until the next of the new hand-offs.
    """
    draft = stage.chain[0]
    if _same(draft, change):
        return stage.nothing()
    hand_off = _hand_off(draft, change)
    slots = reordered(change, draft.people)
    span = span_of(draft)
    if stage.ask.rollout == "now":
        new = _timed(stage, change, hand_off, turn.start if _counts_hours(change) else stage.at, back=True)
        number = turn_number(stage.counted(new), stage.at)
        people = turned(slots, turn.number % len(draft.people), number)
        return stage.composed((), stage.taking_over(new.changed(people)), 0)
    new = _timed(stage, change, hand_off, turn_start(span, stage.first_turn(draft, turn)))
    begins = stage.first(new)
    return stage.composed((), New(new.changed(turned(slots, _next_at(span, slots, begins))), begins), 0)


def waiting_retimed(stage: Stage, change: Retime) -> Plan:
    """Change the turns of a line-up that has not begun: it begins when it would, or at the next of its hand-offs."""
    draft = stage.chain[0]
    if _same(draft, change):
        return stage.nothing()
    span = span_of(draft)
    new = _timed(stage, change, _hand_off(draft, change), span.start)
    first = turn_number(span, span.start) % len(draft.people)
    new = new.changed(turned(reordered(change, draft.people), first))
    if draft.takes_over is None and stage.first(new) == span.start and not _counts_hours(change):
        new = _as_typed(stage, new, draft)
    return stage.composed((new,), None, 1)


def _as_typed(stage: Stage, new: Draft, draft: Draft) -> Draft:
    """The line-up with `since` as it was typed, where that still is the same instant."""
    same = replace(new, since=draft.since)
    return same if stage.first(same) == stage.first(new) else new


def _same(draft: Draft, change: Retime) -> bool:
    return change.turn == draft.turn and change.hand_off in (None, draft.hand_off)


def _counts_hours(change: Retime) -> bool:
    """Whether turns count elapsed hours from any instant on."""
    return not keeps_wall_clock(change.turn) and change.hand_off is None


def _next_at(span: LineupSpan, slots: Slots, begins: datetime) -> int:
    """Return whose turn is first where a line-up is replaced at an instant that may lie within one of its turns.

    Whoever has had less than half of that turn goes on; else it is the next one's.
    """
    number = turn_number(span, begins)
    start, end = turn_start(span, number), turn_start(span, number + 1)
    if start < begins and (begins - start) * 2 < end - start:
        return number % len(span.people)
    last = number if start < begins else number - 1
    return following(slots, last % len(span.people), span.people)


def _timed(stage: Stage, change: Retime, hand_off: HandOff | None, at: datetime, back: bool = False) -> Draft:
    """Return a line-up of new turns, still without people, from their first hand-off after `at`, or the last before."""
    if _counts_hours(change):
        moved = HandOff(typed_instant(at, stage.zone).time()) if hand_off else None
        return Draft((), change.turn, moved, typed_elapsed(at, stage.zone, moved))
    find = last_hand_off if back else first_hand_off
    wall = find(change.turn, hand_off, stage.zone, at)
    since = typed_hand_off(wall, stage.zone, hand_off) if wall is not None else None
    if since is None:
        raise Refusal("no hand-off of such turns is near: name another one with `--hand-off`")
    return Draft((), change.turn, hand_off, since)


def _hand_off(draft: Draft, change: Retime) -> HandOff | None:
    """Return the hand-off of new turns: the one asked for, else the present one as far as it fits."""
    weeks, asked = change.turn.unit == "week", change.hand_off
    if weeks:
        found = asked or draft.hand_off
        if found is None or found.weekday is None:
            raise Refusal("turns of weeks need a weekday and a time: name them, like `--hand-off 'Mon 09:00'`")
        return found
    if asked is not None and asked.weekday is not None:
        clock = f"{asked.at:%H:%M}"
        raise Refusal(f"turns of {change.turn.unit}s change hands at a time, not on a weekday: `--hand-off {clock}`")
    if asked is not None:
        return asked
    at = draft.hand_off.at if draft.hand_off else span_of(draft).wall.time()
    return HandOff(at) if draft.hand_off or at.hour or at.minute else None

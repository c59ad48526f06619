"""The line-ups of a rotation as a list, newest first, and back; what each inherits is made plain meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from oncall.model import HandOff, Lineup, Rotation, Turn
from oncall.shifts.lineups import LineupSpan, rotation_spans
from oncall.shifts.timeline import Turned, turn_at


@dataclass(frozen=True, slots=True)
class Draft:
    """A line-up with the turn and hand-off that count for it; `own` tells whether it says them itself.

    `span` is the time in which it counts in the inventory as it is; None for a line-up that is new.
    """

    people: tuple[str, ...]
    turn: Turn
    hand_off: HandOff | None
    since: date | datetime
    takes_over: date | datetime | None = None
    rollout: Literal["now"] | None = None
    own_turn: bool = False
    own_hand_off: bool = False
    span: LineupSpan | None = None

    def changed(self, people: tuple[str, ...]) -> "Draft":
        """The same line-up with other people."""
        return replace(self, people=people)


def drafts(rotation: Rotation, zone: str) -> tuple[Draft, ...]:
    """Return the line-ups of a rotation, newest first."""
    found: list[Draft] = []
    lineup: Rotation | Lineup | None = rotation
    for span in reversed(rotation_spans(rotation, zone)):
        if lineup is not None:
            own = lineup is not rotation
            found.append(
                Draft(
                    lineup.people,
                    span.turn,
                    span.hand_off,
                    lineup.since,
                    lineup.takes_over,
                    lineup.rollout,
                    own and lineup.turn is not None,
                    own and lineup.hand_off is not None,
                    span,
                )
            )
            lineup = lineup.before
    return tuple(found)


def rotation_of(rotation: Rotation, chain: Sequence[Draft]) -> Rotation:
    """Return a rotation with these line-ups, newest first; older ones say of turn and hand-off only what they must."""
    newest, *older = chain
    before: Lineup | None = None
    for draft in reversed(older):
        own_turn = draft.own_turn or draft.turn != newest.turn
        inherited = newest.hand_off
        if inherited is not None and draft.turn.unit != "week":
            inherited = HandOff(inherited.at)
        own_hand_off = draft.own_hand_off or draft.hand_off != inherited
        before = Lineup.model_construct(
            people=draft.people,
            since=draft.since,
            turn=draft.turn if own_turn else None,
            hand_off=_spoken(draft) if own_hand_off else None,
            takes_over=draft.takes_over,
            rollout=draft.rollout,
            before=before,
        )
    return rotation.model_copy(
        update={
            "people": newest.people,
            "since": newest.since,
            "turn": newest.turn,
            "hand_off": newest.hand_off,
            "takes_over": newest.takes_over,
            "rollout": newest.rollout,
            "before": before,
        }
    )


def running(chain: Sequence[Draft], at: datetime) -> tuple[int, Turned] | None:
    """Return which line-up is on call at an instant, with its turn; None before the first and after the last one."""
    for place, draft in enumerate(chain):
        turn = turn_at((draft.span,), at) if draft.span is not None else None
        if turn is not None:
            return place, turn
    return None


def _spoken(draft: Draft) -> HandOff | None:
    """Return the hand-off a line-up has to say itself: one at no stated time would take the newer one's."""
    if draft.hand_off is not None or draft.span is None:
        return draft.hand_off
    return HandOff(draft.span.wall.time())

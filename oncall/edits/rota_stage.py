"""What an edit of a rotation asks for, what comes of it, and the ways in which a new line-up can begin."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from oncall.edits.refusal import Refusal
from oncall.edits.rota_chain import Draft, drafts, rotation_of
from oncall.edits.rota_dates import rounded_up, since_of_turn, typed_instant
from oncall.edits.rota_orders import Change, Slots, following, turned
from oncall.model import Inventory, Override, Rotation
from oncall.shifts.clock import moment_end
from oncall.shifts.lineups import LineupSpan, rotation_spans
from oncall.shifts.timeline import Turned, turn_start

Rollout = Literal["after-shift", "after-round", "now"]
_TRIES = 400  # turns looked through for a hand-off that can be typed; a clock change takes a few of one-hour turns


@dataclass(frozen=True, slots=True)
class RotationRef:
    """A rotation by its keys."""

    team: str
    schedule: str
    rotation: str

    @property
    def name(self) -> str:
        """The rotation as commands name it."""
        return f"{self.team}/{self.schedule}/{self.rotation}"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for: a change of a rotation, from when, as seen at the aware instant `now`.

    `cover` takes the rest of the running shift of a person who is removed; `by` is the instant by which they are gone.
    """

    ref: RotationRef
    change: Change
    now: datetime
    rollout: Rollout = "after-shift"
    cover: str | None = None
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a rotation.

    `begins` is when a line-up is on call that the edit has made or changed (UTC; None where nothing changes); `amended`
    tells that it was waiting already and is changed in place.
    """

    ask: Ask
    zone: str
    before: Rotation
    after: Rotation
    begins: datetime | None = None
    amended: bool = False
    overrides: tuple[Override, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return self.after == self.before and not self.overrides


@dataclass(frozen=True, slots=True)
class New:
    """A line-up that is to be on call from `begins` on."""

    draft: Draft
    begins: datetime


class Stage:
    """A rotation as it stands when an edit is asked for. `chain` holds its line-ups, newest first."""

    def __init__(self, inventory: Inventory, ask: Ask) -> None:
        team = inventory.teams[ask.ref.team]
        schedule = team.schedules[ask.ref.schedule]
        self.rotation = schedule.rotations[ask.ref.rotation]
        self.zone = inventory.rotation_zone(team, schedule, self.rotation)
        self.schedule_zone = inventory.schedule_zone(team, schedule)
        self.inventory, self.ask = inventory, ask
        self.chain = drafts(self.rotation, self.zone)
        # What is typed into the file has whole minutes, and OpsGenie's server rounds to half hours.
        step = 30 if "opsgenie" in team.pages_through else 1
        self.at = rounded_up(ask.now, step) if ask.rollout == "now" else ask.now

    def first_turn(self, draft: Draft, turn: Turned) -> int:
        """Return the number of the first turn that a new line-up may take, of a line-up with a running turn."""
        if self.ask.rollout == "after-round":
            return (turn.number // len(draft.people) + 1) * len(draft.people)
        return turn.number + 1

    def later(self, draft: Draft, slots: Slots, number: int) -> New:
        """A line-up in the rhythm of another one, in place of whose turn `number` it begins.

        Where that hand-off can't be typed, because the clocks jump over it, it begins a turn later.
        """
        span = span_of(draft)
        for tried in range(number, number + _TRIES):
            typed = since_of_turn(span, tried)
            if typed is not None:
                place = following(slots, (tried - 1) % len(draft.people), draft.people)
                new = Draft(turned(slots, place), draft.turn, typed[1], typed[0])
                return New(new, turn_start(span, tried))
        raise Refusal("none of the coming hand-offs can be written down: change the line-up by hand")

    def at_once(self, draft: Draft, slots: Slots, place: int, turn: Turned) -> New:
        """A line-up in the rhythm of another one that takes over within its running turn: `place` is on call."""
        span = span_of(draft)
        for number in range(turn.number, max(-1, turn.number - _TRIES), -1):
            typed = since_of_turn(span, number)
            if typed is not None:
                people = turned(slots, place, turn.number - number)
                return self.taking_over(Draft(people, draft.turn, typed[1], typed[0]))
        raise Refusal("no hand-off before now can be written down: change the line-up by hand")

    def taking_over(self, new: Draft) -> New:
        """A line-up that is on call from now on, whose turns count from its `since`."""
        late = None if self.first(new) == self.at else typed_instant(self.at, self.zone)
        return New(replace(new, takes_over=late, rollout="now"), self.at)

    def counted(self, new: Draft) -> LineupSpan:
        """The span of a line-up by itself, from its first hand-off on."""
        words = {"people": ("",), "turn": new.turn, "hand_off": new.hand_off, "since": new.since}
        alone = self.rotation.model_copy(update=words | {"takes_over": None, "before": None, "until": None})
        return rotation_spans(alone, self.zone)[0]

    def first(self, new: Draft) -> datetime:
        """The first hand-off of a line-up (UTC)."""
        return self.counted(new).first

    def composed(
        self, waiting: Sequence[Draft], new: New | None, place: int, overrides: tuple[Override, ...] = ()
    ) -> Plan:
        """The rotation with its waiting line-ups as given, newest first, and a new one before the one at `place`.

        A new one that would begin no sooner than a waiting one is dropped; one on call that has only just begun is
        replaced. Raises Refusal where the rotation ends before.
        """
        chain = list(self.chain[place:])
        changed = [draft for draft, old in zip(waiting, self.chain, strict=False) if draft != old]
        begins = [draft.span.start if draft.span else self.first(draft) for draft in changed]
        if new is not None and not (waiting and waiting[-1].span and waiting[-1].span.start <= new.begins):
            chain = [new.draft, *chain[1 if new.begins <= span_of(chain[0]).start else 0 :]]
            begins.append(new.begins)
        until = self.rotation.until
        if begins and until is not None and moment_end(until, self.zone) <= min(begins):
            first = typed_instant(min(begins), self.zone)
            raise Refusal(
                f"the rotation ends {until}, before the change would begin ({first}): move its `until` on first"
            )
        after = rotation_of(self.rotation, (*waiting, *chain))
        return Plan(self.ask, self.zone, self.rotation, after, min(begins, default=None), bool(changed), overrides)

    def nothing(self) -> Plan:
        """The rotation as it is."""
        return Plan(self.ask, self.zone, self.rotation, self.rotation)


def span_of(draft: Draft) -> LineupSpan:
    """Return the time in which a line-up of the inventory counts."""
    if draft.span is None:
        raise ValueError("a new line-up has no span yet")
    return draft.span

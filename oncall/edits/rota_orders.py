"""What can be done to a line-up, and the order of people that comes of it.

A place in the order remembers which place it was, so that whoever would be next still is: also where a person has
several places, and where the one on call is taken out.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from oncall.edits.refusal import Refusal
from oncall.model import NOBODY, HandOff, Turn


@dataclass(frozen=True, slots=True)
class Add:
    """Somebody joins: after a person, first, or (neither) last in the order as written."""

    person: str
    after: str | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """Somebody stops taking turns."""

    person: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Two people trade their places in the order, for good."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Order:
    """The people take their turns in this order."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retime:
    """Turns have another length, or change hands at another time; without a hand-off the present one stays."""

    turn: Turn
    hand_off: HandOff | None = None


Change = Add | Remove | Swap | Order | Retime


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the new order and the place it was in the old one; None for somebody new."""

    person: str
    was: int | None


Slots = tuple[Slot, ...]


def reordered(change: Change, people: Sequence[str]) -> Slots:
    """Return the places of a line-up after a change, the present ones where it changes nothing.

    Raises Refusal for people who are not in the line-up, and for orders that leave somebody out.
    """
    present = tuple(Slot(person, place) for place, person in enumerate(people))
    match change:
        case Add():
            return _added(change, present)
        case Remove():
            return tuple(slot for slot in present if slot.person != change.person)
        case Swap():
            if change.one == change.other:
                raise Refusal("two different people swap their places")
            for person in (change.one, change.other):
                _known(person, people)
            trade = {change.one: change.other, change.other: change.one}
            return _placed(tuple(trade.get(person, person) for person in people), people)
        case Order():
            return _placed(_ordered(change.people, people), people)
        case Retime():
            return present


def following(slots: Slots, was: int, people: Sequence[str]) -> int:
    """Return the place in the new order that comes after the old place `was`.

    Where that place is gone, it is the one of whoever followed it.
    """
    places = {slot.was: place for place, slot in enumerate(slots) if slot.was is not None}
    if was in places:
        return (places[was] + 1) % len(slots)
    named = [place for place, slot in enumerate(slots) if slot.person == people[was]]
    if named:
        return (named[0] + 1) % len(slots)
    for step in range(1, len(people)):
        if (was + step) % len(people) in places:
            return places[(was + step) % len(people)]
    return 0


def turned(slots: Slots, place: int, number: int = 0) -> tuple[str, ...]:
    """Return the people in an order that gives turn `number` of a line-up to the one at `place`."""
    first = (place - number) % len(slots)
    return tuple(slot.person for slot in (*slots[first:], *slots[:first]))


def same_circle(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two orders follow each other in the same way, whoever is first."""
    starts = (start for start, person in enumerate(one) if person == other[0]) if other else iter((0,))
    return len(one) == len(other) and any((*one[start:], *one[:start]) == tuple(other) for start in starts)


def _added(change: Add, present: Slots) -> Slots:
    if any(slot.person == change.person for slot in present):
        return present
    new = Slot(change.person, None)
    if change.first:
        return (new, *present)
    if change.after is None:
        return (*present, new)
    _known(change.after, [slot.person for slot in present])
    place = max(number for number, slot in enumerate(present) if slot.person == change.after) + 1
    return (*present[:place], new, *present[place:])


def _ordered(asked: tuple[str, ...], people: Sequence[str]) -> tuple[str, ...]:
    """Return the whole order that was asked for; slots that are nobody's keep their places unless they are named."""
    for person in asked:
        _known(person, people)
    missing = [person for person in dict.fromkeys(people) if person not in asked and person != NOBODY]
    if missing:
        names = ", ".join(missing)
        raise Refusal(f"the order leaves out {names}: name everybody, or take them out with `oncall rota remove`")
    if NOBODY in asked or NOBODY not in people:
        return asked
    if len(asked) != sum(person != NOBODY for person in people):
        raise Refusal("some have several places here, and some places are nobody's: name `nobody` in the order as well")
    named = iter(asked)
    return tuple(person if person == NOBODY else next(named) for person in people)


def _placed(order: Sequence[str], people: Sequence[str]) -> Slots:
    """Give each place in an order the place that it was: of several places of one person, the first still free."""
    free: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        free[person].append(place)
    return tuple(Slot(person, free[person].pop(0) if free[person] else None) for person in order)


def _known(person: str, people: Sequence[str]) -> None:
    if person not in people:
        near = get_close_matches(person, people, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"it has {', '.join(dict.fromkeys(people))}"
        raise Refusal(f"`{person}` takes no turns in this line-up ({hint})")

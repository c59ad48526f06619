"""Schedules: rotations with people, hand-offs that fit their turns, first hand-offs that are hand-offs."""

from collections.abc import Iterator
from datetime import timedelta

from oncall.model import Rotation
from oncall.model.words import DAYS
from oncall.validate.base import Context, Fault, LineupPlace, Rule

_LAST_DAY_OF_ALL_MONTHS = 28


def empty_schedule(context: Context) -> Iterator[Fault]:
    """Find schedules without a rotation."""
    for team, found in context.inventory.teams.items():
        for key, schedule in found.schedules.items():
            if not schedule.rotations:
                yield Fault(f"schedule `{key}` has no rotation", ("teams", team, "schedules", key))


def empty_rotation(context: Context) -> Iterator[Fault]:
    """Find line-ups without anybody."""
    for at in context.lineups:
        if not at.lineup.people:
            message = f"nobody takes turns in `{at.key}`"
            yield Fault(message, (*at.path, "people"), "name people; `nobody` is a slot left empty on purpose")


def duplicate_rotation(context: Context) -> Iterator[Fault]:
    """Find rotations of a schedule that say the same twice."""
    for team, found in context.inventory.teams.items():
        for key, schedule in found.schedules.items():
            first: dict[Rotation, str] = {}
            for name, rotation in schedule.rotations.items() if len(schedule.rotations) > 1 else ():
                other = first.setdefault(rotation, name)
                if other != name:
                    path = ("teams", team, "schedules", key, "rotations", name)
                    yield Fault(f"rotation `{name}` is the same as `{other}`", path)


def hand_off_missing(context: Context) -> Iterator[Fault]:
    """Find weekly turns whose weekday and time are nowhere said."""
    for at in context.lineups:
        if at.turn.unit == "week" and (at.span.hand_off is None or at.span.hand_off.weekday is None):
            path = (*at.path, "hand_off") if at.lineup.hand_off else at.path
            yield Fault("turns of weeks need a weekday and a time to change hands", path, "like `hand_off: Mon 09:00`")


def hand_off_weekday(context: Context) -> Iterator[Fault]:
    """Find weekdays given to turns that are no weeks."""
    for at in context.lineups:
        own = at.lineup.hand_off
        if own is not None and own.weekday is not None and at.turn.unit != "week":
            message = f"turns of {at.turn.unit}s change hands at a time, not on a weekday"
            yield Fault(message, (*at.path, "hand_off"), f"`{own.at:%H:%M}`, or turns of weeks")


def month_turn_day(context: Context) -> Iterator[Fault]:
    """Find turns of months that begin on a day which not every month has."""
    for at in context.lineups:
        if at.turn.unit == "month" and at.span.wall.day > _LAST_DAY_OF_ALL_MONTHS:
            message = f"not every month has a day {at.span.wall.day} to change hands on"
            yield Fault(message, (*at.path, "since"), "turns of months begin on a day from 1 to 28")


def since_off_hand_off(context: Context) -> Iterator[Fault]:
    """Find line-ups that would begin between two hand-offs."""
    for at in context.lineups:
        if not _at_hand_off(at):
            yield Fault(
                f"the first turn would begin {at.span.wall:%a %Y-%m-%d %H:%M}, which is no hand-off",
                (*at.path, "since"),
                f"hand-offs are {_hand_off_words(at)}; {_suggestion(at)}",
            )


def _at_hand_off(at: LineupPlace) -> bool:
    hand_off, wall = at.span.hand_off, at.span.wall
    if hand_off is None:
        return True
    minutes = wall.hour * 60 + wall.minute - hand_off.at.hour * 60 - hand_off.at.minute
    if at.turn.unit == "hour" and 24 % at.turn.count == 0:
        return minutes % (at.turn.count * 60) == 0 and wall.second == 0
    same_time = minutes == 0 and wall.second == 0
    return same_time and (at.turn.unit != "week" or hand_off.weekday in (None, wall.weekday()))


def _hand_off_words(at: LineupPlace) -> str:
    hand_off = at.span.hand_off
    if hand_off is None:
        return "at midnight"
    if hand_off.weekday is not None:
        return f"{DAYS[hand_off.weekday]} {hand_off.at:%H:%M}"
    every = f" and every {at.turn.count} hours from there" if at.turn.unit == "hour" else ""
    return f"at {hand_off.at:%H:%M}{every}"


def _suggestion(at: LineupPlace) -> str:
    hand_off, wall = at.span.hand_off, at.span.wall
    ahead = (hand_off.weekday - wall.weekday()) % 7 if hand_off and hand_off.weekday is not None else 0
    return f"`{(wall + timedelta(days=ahead)):%Y-%m-%d}` is the first one from there"


RULES = (
    Rule("empty-schedule", "error", "A schedule has a rotation.", empty_schedule),
    Rule("empty-rotation", "error", "A rotation has people.", empty_rotation),
    Rule("duplicate-rotation", "notice", "Two rotations of a schedule don't say the same.", duplicate_rotation),
    Rule("hand-off-missing", "error", "Turns of weeks say the weekday and time of their hand-off.", hand_off_missing),
    Rule("hand-off-weekday", "error", "Only turns of weeks have a weekday in their hand-off.", hand_off_weekday),
    Rule("month-turn-day", "error", "Turns of months begin on a day that every month has.", month_turn_day),
    Rule("since-off-hand-off", "error", "A line-up begins at one of its hand-offs.", since_off_hand_off),
)

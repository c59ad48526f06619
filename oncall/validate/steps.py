"""What stands on steps that page: rotations of one person, schedules that end, people whom nothing wakes."""

from collections.abc import Iterator

from oncall.model import NOBODY, SEVERITIES
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import instant_text, moment_end
from oncall.validate.base import LOOK_AHEAD, Context, Fault, LineupPlace, Rule
from oncall.validate.escalation import MUST_REACH
from oncall.validate.people import ALOUD


def single_person(context: Context) -> Iterator[Fault]:
    """Tell of line-ups with one person, unless they are about to be replaced."""
    for at in context.lineups:
        people = set(at.lineup.people) - {NOBODY}
        if len(people) != 1 or ScheduleRef(at.team, at.schedule) not in context.paging or not _stays(context, at):
            continue
        (person,) = people
        message = f"`{person}` is alone in {at.name}: there is nobody to hand over to"
        hint = "add somebody to its `people`, or accept it"
        yield Fault(message, (*at.path, "people"), hint, nouns=(("people", person),))


def schedule_ends(context: Context) -> Iterator[Fault]:
    """Tell of schedules in which nobody comes after their last rotation, within the year."""
    inventory = context.inventory
    for ref in sorted(context.paging):
        team = inventory.teams[ref.team]
        schedule = team.schedules[ref.schedule]
        ends = {
            moment_end(rotation.until, inventory.rotation_zone(team, schedule, rotation)): key
            for key, rotation in schedule.rotations.items()
            if rotation.until is not None
        }
        if not ends or any(rotation.until is None for rotation in schedule.rotations.values()):
            continue
        last, zone = max(ends), inventory.schedule_zone(team, schedule)
        if last >= context.year_end:
            continue
        verb = "ends" if last > context.now else "ended"
        message = f"`{ref}` {verb} {instant_text(last, zone)} ({zone}), and nobody is on call in it after that"
        path = ("teams", ref.team, "schedules", ref.schedule, "rotations", ends[last], "until")
        yield Fault(message, path, "add a rotation that goes on, or take the schedule off the steps")


def never_woken(context: Context) -> Iterator[Fault]:
    """Find people whom critical and high page by ways that can't wake them: e-mail, or push to no known device.

    Nothing is known of people whose ways of being told are nowhere said. Who is called without a phone, and whose
    push is ours to set up and has no device, is other rules' affair.
    """
    inventory = context.inventory
    for key, severities in context.told.items():
        person = inventory.people.get(key)
        if person is None:
            continue
        ways = {s: {step.method for step in inventory.pages_of(person, s)} for s in SEVERITIES if s in severities}
        if person.phone is None and any(found & set(ALOUD) for found in ways.values()):
            continue
        mail = [s for s in MUST_REACH if ways.get(s) == {"email"}]
        if mail:
            message = f"`{key}` is told of {' and '.join(mail)} by e-mail alone, which wakes nobody"
            yield Fault(message, ("people", key), "give `pages` with push or call")
        push = [s for s in MUST_REACH if "push" in ways.get(s, ())]
        if push and person.phone is None and person.device is None and inventory.manage_of(person) == "none":
            message = f"`{key}` is told of {' and '.join(push)} by push, and has neither a phone nor a device"
            yield Fault(message, ("people", key), "give `phone`, or the `device` that gets push")


def _stays(context: Context, at: LineupPlace) -> bool:
    """Whether a line-up runs or comes, and is not about to make room for the next."""
    end = at.span.end
    if at.newest:
        return end is None or end > max(context.now, at.span.start)
    return end is not None and end > context.now + LOOK_AHEAD and end > at.span.start


RULES = (
    Rule("single-person", "notice", "A rotation on a step has more than one person.", single_person, needs_names=True),
    Rule(
        "schedule-ends", "notice", "A schedule on a step has a rotation that goes on.", schedule_ends, needs_names=True
    ),
    Rule(
        "never-woken", "notice", "Whoever is paged for critical and high can be woken.", never_woken, needs_names=True
    ),
)

"""Random edits of random rotations keep their promises; time is counted by the naive idea of the fixtures.

10,000 edits a run: 1,000 rotations with ten edits each.
"""

import copy
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from oncall.edits.refusal import Refusal
from oncall.edits.rota import plan
from oncall.edits.rota_orders import Add, Order, Remove, Retime, Swap
from oncall.edits.rota_outlook import outlook, sentences
from oncall.edits.rota_stage import Ask, RotationRef
from oncall.edits.rota_text import written
from oncall.model import Inventory
from oncall.model.load import load
from oncall.model.words import parse_hand_off, parse_turn
from oncall.source import read
from oncall.validate import validate
from oncall.validate.reshuffle import reshuffles

ROTATIONS, EDITS = 1_000, 10
REF = RotationRef("edge", "sun", "all")
BACK = timedelta(days=20)
ROLLOUTS = ("after-shift", "after-round", "now")


def a_change(dice, people, naive):
    """An edit that mostly makes sense."""
    here = [person for person in dict.fromkeys(people) if person != "nobody"]
    somebody = lambda: dice.choice([*here, *here, "hal"])  # noqa: E731
    match dice.choice(("add", "remove", "swap", "order", "turn")):
        case "add":
            after = somebody() if dice.random() < 0.4 else None
            return Add(dice.choice(naive.PEOPLE), after, first=after is None and dice.random() < 0.5)
        case "remove":
            return Remove(somebody())
        case "swap":
            return Swap(somebody(), somebody())
        case "order":
            return Order(tuple(dice.sample(people, len(people))))
    words = naive.timing(dice)
    hand_off = words.get("hand_off") if dice.random() < 0.5 else None
    return Retime(parse_turn(words["turn"]), parse_hand_off(hand_off) if hand_off else None)


def a_case(dice, naive):
    """A rotation, and edits at instants around a day."""
    zone, day = dice.choice(naive.ZONES), dice.choice(naive.DAYS)
    words = naive.rotations(dice, day)
    target = dice.choice(("pagerduty", "opsgenie"))
    edits = []
    for _ in range(EDITS):
        now = datetime.combine(day, time(0), UTC) + timedelta(
            minutes=dice.randint(-12 * 60, 60 * 60), seconds=dice.choice((0, 0, 17))
        )
        change, rollout, cover, by = a_change(dice, words["people"], naive), dice.choice(ROLLOUTS), None, None
        if isinstance(change, Remove) and rollout != "now":
            cover = dice.choice((None, *naive.PEOPLE))
            by = now + dice.choice((timedelta(days=9, hours=5), timedelta(days=47))) if dice.random() < 0.4 else None
            rollout = "after-shift" if by is not None else rollout
        edits.append(Ask(REF, change, now, rollout, cover, by))
    return zone, words, target, edits


def expected_people(change, people):
    """The order after a change as lists are changed by hand; None where a person has several places."""
    people = list(people)
    if len(set(people)) < len(people):
        return None
    match change:
        case Add(person=person, after=after, first=first):
            place = 0 if first else people.index(after) + 1 if after else len(people)
            people.insert(place, person)
        case Remove(person=person):
            people.remove(person)
        case Swap(one=one, other=other):
            first, second = people.index(one), people.index(other)
            people[first], people[second] = other, one
        case Order(people=order):
            people = list(order)
    return people


def circle(people):
    people = list(people)
    return {tuple(people[n:] + people[:n]) for n in range(len(people))}


class Case:
    """One edit with both timelines, by the naive idea."""

    def __init__(self, naive, inventory, zone, ask):
        self.naive, self.inventory, self.zone, self.ask = naive, inventory, zone, ask
        self.rotation = inventory.teams["edge"].schedules["sun"].rotations["all"]
        self.plan = plan(inventory, ask)
        self.outlook = outlook(self.plan)
        self.end = self.outlook.end
        self.before = naive.held(self.rotation, zone, ask.now - BACK, self.end)
        self.after = naive.held(self.plan.after, zone, ask.now - BACK, self.end)
        self.changes = naive.changes(self.before, self.after)
        self.lives = naive.lives(self.rotation, zone)

    def running(self):
        """The line-up on call, with its place in the chain; None before the first."""
        for place, (start, end, one) in enumerate(self.lives):
            if start <= self.ask.now < end:
                return place, start, end, one
        return None

    def promised(self):
        """Until when nothing may change: the end of the running turn or round, or of the running line-up."""
        found = self.running()
        if found is None:
            return min(start for start, _, _ in self.lives)
        _, _, end, one = found
        now = self.ask.now
        ring = list(self.naive.turns(one, self.zone, now, now + timedelta(seconds=1)))
        if self.ask.rollout == "after-round":
            people = one.lineup.people
            far = now + (len(people) + 1) * (ring[-1][1] - now + timedelta(days=70 * one.turn.count))
            numbered = self.numbered(one, far)
            number = next(n for n, (start, stop) in numbered.items() if start <= now < stop)
            return min(end, numbered[(number // len(people) + 1) * len(people) - 1][1])
        return min(end, ring[-1][1])

    def numbered(self, one, far):
        first = self.naive.moment(one.lineup.since, self.zone, one.at)
        return {
            number: (self.turn(one, first, number), self.turn(one, first, number + 1))
            for number in self.numbers(one, first)
        }

    def turn(self, one, first, number):
        return self.naive.turn_of(one, first, self.zone, number)

    def numbers(self, one, first):
        length = {"hour": 1, "day": 24, "week": 168, "month": 720}[one.turn.unit] * one.turn.count
        near = int((self.ask.now - first) / timedelta(hours=length))
        return range(max(0, near - 6), near + 6 + 2 * len(one.lineup.people))


def check(naive, inventory, zone, ask, errors):
    try:
        case = Case(naive, inventory, zone, ask)
    except Refusal:
        return "refused", inventory
    made = case.plan
    assert sentences(inventory, made)
    listed = [(one.start, one.end, one.before, one.after) for one in case.outlook.displaced]
    assert listed == [change for change in case.changes if change[1] > ask.now], "every minute that changes is listed"
    assert all(start >= ask.now for start, *_ in case.changes), "the past is never rewritten"
    if ask.rollout != "now":
        until = case.promised()
        assert all(start >= until for start, *_ in case.changes), "nobody's turn changes before"
    if made.empty:
        assert case.changes == []
        return "nothing", inventory
    said_again = inventory_of(inventory, made)
    again = plan(said_again, ask) if not isinstance(ask.change, Swap) else made
    assert again.after == made.after, "asked again, nothing is to do"
    fresh = {(found.rule, found.message) for found in validate(said_again, ask.now) if found.severity == "error"}
    assert fresh <= errors, "an edit makes no error"
    assert reshuffles(inventory, said_again, ask.now) == [], "the comparison with the base has nothing to say"
    in_order(case, made)
    return "amended" if made.amended else ask.rollout, said_again


def in_order(case, made):
    """Everybody is in, in the order asked for, and whoever would be next is next."""
    if made.begins is None:  # the rotation ends with the shift whose rest somebody takes
        return
    change, found = case.ask.change, case.running()
    base = (case.rotation if made.amended or found is None else found[3].lineup).people
    people = expected_people(change, base) if change_fits(change, base) else None
    if isinstance(change, Remove):
        assert change.person not in made.after.people
    if people is None:
        return
    if case.ask.by is None and not (made.amended and isinstance(change, Remove)):
        assert tuple(made.after.people) in circle(people) or len(case.lives) > 1
    plain = not made.amended and case.ask.by is None and not isinstance(change, Retime)
    if plain and case.ask.rollout != "now" and made.begins is not None:  # hours may pass a hand-off that can't be typed
        assert made.begins == case.promised() or found[3].turn.unit == "hour"
    if made.amended or case.ask.rollout != "after-shift" or case.ask.by or isinstance(change, Retime) or found[0] > 0:
        return
    now = case.ask.now
    after = [piece for piece in case.naive.held_turns(made.after, case.zone, now, case.end) if piece[0] >= made.begins]
    previous = case.naive.held_turns(case.rotation, case.zone, now, made.begins)[-1][2]
    if previous in people:
        assert after[0][2] == people[(people.index(previous) + 1) % len(people)]
    else:
        ring = list(base)
        rest = ring[ring.index(previous) :] + ring[: ring.index(previous)]
        assert after[0][2] == next(person for person in rest if person in people)


def change_fits(change, base):
    match change:
        case Add(person=person, after=after):
            return person not in base and (after is None or after in base)
        case Remove(person=person):
            return person in base
        case Swap(one=one, other=other):
            return one in base and other in base
        case Order(people=order):
            return sorted(order) == sorted(base)
    return True


def inventory_of(inventory, made):
    """The inventory with a planned rotation and its overrides in place."""
    team = inventory.teams["edge"]
    schedule = team.schedules["sun"].model_copy(update={"rotations": {"all": made.after}})
    team = team.model_copy(update={"schedules": {"sun": schedule}})
    return inventory.model_copy(update={"teams": {"edge": team}, "overrides": (*inventory.overrides, *made.overrides)})


def edited(naive, seed):
    """Make the edits of one seed and return what became of them."""
    zone, words, target, edits = a_case(Random(seed), naive)
    inventory = Inventory.model_validate(naive.acme(zone, words, target))
    found = Counter()
    one_after_the_other = seed % 2 == 1
    for ask in sorted(edits, key=lambda each: each.now) if one_after_the_other else edits:
        errors = {(one.rule, one.message) for one in validate(inventory, ask.now) if one.severity == "error"}
        result, after = check(naive, inventory, zone, ask, errors)
        inventory = after if one_after_the_other else inventory
        found[result] += 1
    return found


def test_random_edits_keep_their_promises(naive):
    seen = Counter()

    # A seed is all there is to shrink; it is in what hypothesis prints.
    @settings(max_examples=ROTATIONS, deadline=None, database=None, phases=[Phase.generate])
    @given(st.integers(0, 2**64))
    def run(seed):
        seen.update(edited(naive, seed))

    run()
    assert seen.total() >= ROTATIONS * EDITS
    assert all(seen[kind] * 20 > seen.total() for kind in ("amended", "after-shift", "after-round", "now")), seen


def by_hand(dice, naive, words, day):
    """A rotation as somebody would edit it who thinks of nothing."""
    edited = copy.deepcopy(words)
    match dice.choice(("people", "turn", "since", "only", "now")):
        case "people":
            edited["people"] = naive.some_people(dice)
        case "turn":
            timing = naive.timing(dice)
            edited |= timing | {"since": naive.first_day(date.fromisoformat(edited["since"]), timing).isoformat()}
        case "since":
            later = date.fromisoformat(edited["since"]) + timedelta(days=dice.randint(-30, 30))
            edited["since"] = naive.first_day(later, edited).isoformat()
        case "only":
            edited["only"] = dice.choice(naive.HOURS)
        case "now":
            edited |= {"people": naive.some_people(dice), "rollout": "now"}
    return edited


def test_edits_by_hand_that_move_a_running_shift_are_found(naive):
    found = Counter()

    @settings(max_examples=2_000, deadline=None, database=None, phases=[Phase.generate])
    @given(st.integers(0, 2**64))
    def run(seed):
        dice = Random(seed)
        zone, day = dice.choice(naive.ZONES), dice.choice(naive.DAYS)
        words = naive.rotations(dice, day)
        edited = by_hand(dice, naive, words, day)
        base, head = (Inventory.model_validate(naive.acme(zone, each)) for each in (words, edited))
        now = datetime.combine(day, time(0), UTC) + timedelta(minutes=dice.randint(0, 40 * 60))
        before, after = (each.teams["edge"].schedules["sun"].rotations["all"] for each in (base, head))
        moved = []
        running = [life for life in naive.lives(before, zone) if life[0] <= now < life[1]]
        if running:
            _, last, one = running[0]
            end = min(last, next(naive.turns(one, zone, now, now + timedelta(seconds=1)))[1])
            moved = [
                change
                for change in naive.changes(naive.held(before, zone, now, end), naive.held(after, zone, now, end))
                if change[2] is not None
            ]
        if edited.get("rollout") == "now":  # the permission is the newest line-up's
            first = naive.lives(after, zone)[0][0]
            moved = [change for change in moved if change[0] < first]
        findings = reshuffles(base, head, now)
        assert [each.rule for each in findings] == ["roster-reshuffle"] * bool(moved)
        if moved:
            assert f"`{moved[0][2]}` is on call until" in findings[0].message
        found[bool(moved)] += 1

    run()
    assert min(found[True], found[False]) > 300, found


def test_the_way_out_for_people_who_leave_is_one(naive):
    done = Counter()

    @settings(max_examples=500, deadline=None, database=None, phases=[Phase.generate])
    @given(st.integers(0, 2**64))
    def run(seed):
        dice = Random(seed)
        zone, day = dice.choice(naive.ZONES), dice.choice(naive.DAYS)
        words = naive.rotations(dice, day)
        acme = naive.acme(zone, words)
        person = next(each for each in words["people"] if each != "nobody")
        acme["people"][person]["until"] = (day + timedelta(days=dice.choice((0, 1, 3, 10, 40)))).isoformat()
        now = datetime.combine(day, time(0), UTC) + timedelta(minutes=dice.randint(0, 3 * 24 * 60))
        inventory = Inventory.model_validate(acme)
        found = [each for each in validate(inventory, now) if each.rule == "on-call-after-leaving"]
        ways = {each.hint for each in found if each.hint.startswith("`oncall rota remove")}
        for way in ways:
            words = way.split("`")[1].split()
            gone = naive.moment(date.fromisoformat(words[6]) + timedelta(days=1), zone)
            cover = words[8] if "--cover" in words else None
            assert words[:6] == ["oncall", "rota", "remove", "edge/sun/all", person, "--by"]
            after = inventory_of(inventory, plan(inventory, Ask(REF, Remove(person), now, cover=cover, by=gone)))
            assert [each for each in validate(after, now) if each.rule == "on-call-after-leaving"] == []
            done[cover is not None] += 1

    run()
    assert min(done[True], done[False]) > 10, done


def test_the_text_of_an_edit_reads_as_the_plan(naive):
    done = Counter()

    @settings(max_examples=400, deadline=None, database=None, phases=[Phase.generate])
    @given(st.integers(0, 2**64))
    def run(seed):
        dice = Random(seed)
        zone, words, target, edits = a_case(dice, naive)
        acme = naive.acme(zone, words, target)
        if dice.random() < 0.5:
            acme["teams"]["edge"]["members"].remove("hal")
        text = yaml.safe_dump(acme, sort_keys=False, default_flow_style=dice.choice((None, False)), width=1000)
        files = (("inventory.yaml", text),)
        document = read([(name, content.encode()) for name, content in files])
        inventory = load(document)
        for ask in edits[:4]:
            try:
                made = plan(inventory, ask)
            except Refusal:
                continue
            changed = written(files, document.data, inventory, made)
            after = load(read([(name, content.encode()) for name, content in changed]))
            assert after.teams["edge"].schedules["sun"].rotations["all"] == made.after
            assert after.overrides == made.overrides
            joins = isinstance(ask.change, Add) and ask.change.person == "hal" and not made.empty
            members = [member.person for member in after.teams["edge"].members]
            assert ("hal" in members) == (joins or "hal" in acme["teams"]["edge"]["members"])
            done[made.empty, len(made.overrides)] += 1

    run()
    assert done[False, 0] > 200, done
    assert done[False, 1] > 5, done

"""What `oncall rota` makes of a rotation, by example: Ana, Bo and Cy take weeks from Monday 09:00 in Berlin."""

from datetime import UTC, date, datetime, timedelta

import pytest

from oncall.edits.refusal import Refusal
from oncall.edits.rota import plan
from oncall.edits.rota_orders import Add, Order, Remove, Retime, Swap
from oncall.edits.rota_outlook import outlook, sentences
from oncall.edits.rota_stage import Ask, RotationRef
from oncall.model import Lineup
from oncall.model.words import parse_hand_off, parse_turn

# Saturday: Ana's week began on Monday the 16th, Bo's begins on the 23rd, Cy's on the 30th.
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WEEKLY = {"people": ["ana", "bo", "cy"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}
WAITING = {
    **WEEKLY,
    "people": ["bo", "cy", "dee", "ana"],
    "since": "2026-11-23",
    "before": {"people": ["ana", "bo"], "since": "2026-10-05"},
}
REF = RotationRef("edge", "sun", "all")


@pytest.fixture
def edited(acme_with):
    """Make an edit of a rotation given in words."""

    def make(change, rollout="after-shift", rotation=None, now=NOW, **more):
        return plan(acme_with(rotation or WEEKLY), Ask(REF, change, now, rollout, **more))

    return make


@pytest.fixture
def said(acme_with):
    """What is said of an edit."""

    def make(change, rollout="after-shift", rotation=None, **more):
        inventory = acme_with(rotation or WEEKLY)
        return " ".join(sentences(inventory, plan(inventory, Ask(REF, change, NOW, rollout, **more))))

    return make


def retime(turn, hand_off=None):
    return Retime(parse_turn(turn), parse_hand_off(hand_off) if hand_off else None)


def short(made):
    """A plan in one line: who, from when, and the instant it takes over where it says one."""
    late = f" from {made.after.takes_over}" if made.after.takes_over else ""
    return f"{' '.join(made.after.people)} since {made.after.since}{late}"


@pytest.mark.parametrize(
    ("change", "rollout", "expected"),
    [
        (Add("dee"), "after-shift", "bo cy dee ana since 2026-11-23"),
        (Add("dee", first=True), "after-shift", "bo cy dee ana since 2026-11-23"),
        (Add("dee", after="ana"), "after-shift", "dee bo cy ana since 2026-11-23"),
        (Add("dee", after="bo"), "after-round", "ana bo dee cy since 2026-12-07"),
        (Add("dee", first=True), "now", "dee ana bo cy since 2026-11-16 from 2026-11-21 13:00:00"),
        (Add("dee"), "now", "bo cy dee ana since 2026-11-23"),
        (Remove("bo"), "after-shift", "cy ana since 2026-11-23"),
        (Remove("cy"), "after-round", "ana bo since 2026-12-07"),
        (Remove("ana"), "now", "bo cy since 2026-11-16 from 2026-11-21 13:00:00"),
        (Remove("bo"), "now", "cy ana since 2026-11-23"),
        (Swap("bo", "cy"), "after-shift", "cy bo ana since 2026-11-23"),
        (Swap("ana", "bo"), "now", "bo ana cy since 2026-11-16 from 2026-11-21 13:00:00"),
        (Order(("ana", "cy", "bo")), "after-shift", "cy bo ana since 2026-11-23"),
        (Order(("cy", "bo", "ana")), "now", "cy bo ana since 2026-11-16 from 2026-11-21 13:00:00"),
        (Order(("bo", "cy", "ana")), "now", "bo cy ana since 2026-11-16 from 2026-11-21 13:00:00"),
        (retime("2 weeks"), "after-shift", "bo cy ana since 2026-11-23"),
        (retime("2 weeks"), "now", "ana bo cy since 2026-11-16 from 2026-11-21 13:00:00"),
        (retime("1 day"), "after-shift", "bo cy ana since 2026-11-23"),
        # Bo has had two of seven days by then, so Bo goes on; on Saturday it would be five, so it is Cy's turn.
        (retime("1 week", "Wed 10:00"), "after-shift", "bo cy ana since 2026-11-25"),
        (retime("1 week", "Sat 10:00"), "after-shift", "cy ana bo since 2026-11-28"),
        (retime("1 week", "Wed 10:00"), "now", "ana bo cy since 2026-11-18 from 2026-11-21 13:00:00"),
        (retime("5 hours"), "after-shift", "bo cy ana since 2026-11-23"),
    ],
)
def test_a_new_line_up(edited, change, rollout, expected):
    made = edited(change, rollout)
    old = made.after.before
    assert (short(made), made.after.rollout) == (expected, "now" if " from " in expected else None)
    assert (old.people, old.since, old.before) == (("ana", "bo", "cy"), date(2026, 10, 5), None)


@pytest.mark.parametrize(
    ("change", "rollout"),
    [
        (Add("ana"), "after-shift"),
        (Add("ana", first=True), "now"),
        (Remove("dee"), "now"),
        (Order(("bo", "cy", "ana")), "after-shift"),
        (Order(("ana", "bo", "cy")), "now"),
        (retime("1 week"), "after-round"),
        (retime("1 week", "Mon 09:00"), "now"),
    ],
)
def test_what_is_so_already_is_nothing_to_do(edited, said, change, rollout):
    assert edited(change, rollout).empty
    assert said(change, rollout).endswith("nothing to do.")


def test_a_swap_of_the_only_two_changes_nothing_but_now(edited):
    two = WEEKLY | {"people": ["ana", "bo"]}
    assert edited(Swap("ana", "bo"), rotation=two).empty
    assert short(edited(Swap("ana", "bo"), "now", two)) == "bo ana since 2026-11-16 from 2026-11-21 13:00:00"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Add("eve"), "bo cy dee ana eve since 2026-11-23"),
        (Add("eve", first=True), "eve bo cy dee ana since 2026-11-23"),
        (Swap("bo", "cy"), "cy bo dee ana since 2026-11-23"),
        (Order(("ana", "dee", "cy", "bo")), "dee cy bo ana since 2026-11-23"),
        (Remove("cy"), "bo dee ana since 2026-11-23"),
        (retime("2 weeks"), "bo cy dee ana since 2026-11-23"),
        (retime("1 week", "Wed 10:00"), "bo cy dee ana since 2026-11-25"),
    ],
)
def test_a_line_up_that_waits_is_changed_in_place(edited, change, expected):
    made = edited(change, rotation=WAITING)
    assert (short(made), made.amended) == (expected, True)
    assert made.after.before.people == ("ana", "bo")


def test_a_line_up_that_waits_is_in_the_way_of_now(edited):
    with pytest.raises(Refusal, match="without `--rollout now`"):
        edited(Order(("ana", "cy", "dee", "bo")), "now", WAITING)


def test_somebody_leaves_the_line_up_on_call_and_those_that_wait(edited):
    later = WAITING | {"since": "2026-12-28", "before": {**WEEKLY, "turn": "1 week"}}
    made = edited(Remove("bo"), rotation=later)
    chain = [made.after, made.after.before, made.after.before.before]
    assert [(lineup.people, str(lineup.since)) for lineup in chain] == [
        (("cy", "dee", "ana"), "2026-12-28"),
        (("cy", "ana"), "2026-11-23"),
        (("ana", "bo", "cy"), "2026-10-05"),
    ]


def test_who_is_on_call_does_not_just_go(edited):
    with pytest.raises(Refusal, match=r"until Mon 2026-11-23 09:00.*--cover PERSON.*--cover ana.*--rollout now"):
        edited(Remove("ana"))


def test_somebody_stands_in_for_who_goes(edited, said):
    made = edited(Remove("ana"), cover="dee")
    (override,) = made.overrides
    assert (override.schedule, override.person, override.instead_of) == ("edge/sun", "dee", "ana")
    assert [str(each) for each in (override.start, override.end)] == ["2026-11-21 13:00:00", "2026-11-23 09:00:00"]
    assert short(made) == "bo cy since 2026-11-23"
    assert "Dee takes the rest of the running shift of Ana, until Mon 2026-11-23 09:00." in said(
        Remove("ana"), cover="dee"
    )


def test_where_the_rotation_ends_with_the_running_shift_its_rest_is_all_there_is_to_take(edited, acme_with):
    ending = WEEKLY | {"until": "2026-11-22"}
    made = edited(Remove("ana"), rotation=ending, cover="dee")
    (override,) = made.overrides
    assert (override.person, str(override.end), made.after) == ("dee", "2026-11-23 00:00:00", made.before)
    taken = {
        "schedule": "edge/sun",
        "person": "dee",
        "from": str(override.start),
        "to": "2026-11-23",
        "instead_of": "ana",
    }
    assert plan(acme_with(ending, overrides=[taken]), made.ask).empty
    assert edited(Remove("ana"), rotation=ending, cover="ana").empty


def test_who_goes_may_finish_the_shift(edited):
    made = edited(Remove("ana"), cover="ana")
    assert (short(made), made.overrides) == ("bo cy since 2026-11-23", ())


def test_nobody_stands_in_where_no_hours_are_left(edited):
    office = WEEKLY | {"only": "Mon-Fri 09:00-17:00"}  # it is Saturday
    assert short(edited(Remove("ana"), rotation=office)) == "bo cy since 2026-11-23"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("2026-12-20T23:00+00:00", "cy ana since 2026-12-14"),  # Bo's second turn would run over that day
        ("2026-12-14T08:00+00:00", "cy ana since 2026-12-14"),
        ("2026-11-22T00:00+00:00", "cy ana since 2026-11-23"),
    ],
)
def test_somebody_goes_by_a_day(edited, by, expected):
    assert short(edited(Remove("bo"), by=datetime.fromisoformat(by))) == expected


def test_who_is_to_be_gone_within_the_running_shift_needs_somebody_from_then(edited):
    sunday = datetime(2026, 11, 22, 23, tzinfo=UTC)
    with pytest.raises(Refusal, match="--cover"):
        edited(Remove("ana"), by=sunday)
    (override,) = edited(Remove("ana"), by=sunday, cover="dee").overrides
    assert str(override.start) == "2026-11-23 00:00:00"


@pytest.mark.parametrize(
    ("change", "more", "why"),
    [
        (Remove("ana"), {"rotation": WEEKLY | {"people": ["ana"]}}, "add somebody first"),
        (Remove("ana"), {"rotation": WEEKLY | {"people": ["ana", "nobody"]}}, "add somebody first"),
        (Add("dee"), {"rotation": WEEKLY | {"until": "2026-11-22"}}, "the rotation ends 2026-11-22"),
        (Add("dee"), {"rotation": WEEKLY | {"until": "2026-11-20"}}, "the rotation ended 2026-11-20"),
        (Add("deee"), {}, "did you mean `dee`"),
        (Remove("anna"), {}, "did you mean `ana`"),
        (Add("dee", after="eve"), {}, "`eve` takes no turns"),
        (Swap("ana", "ana"), {}, "two different people"),
        (Order(("ana", "bo")), {}, "leaves out cy"),
        (Order(("ana", "bo", "cy", "dee")), {}, "`dee` takes no turns"),
        (retime("1 week", "09:00"), {}, "a weekday and a time"),
        (retime("1 day", "Mon 09:00"), {}, "not on a weekday"),
        (Remove("ana"), {"rollout": "now", "cover": "dee"}, "either"),
        (Remove("ana"), {"cover": "de"}, "did you mean `dee`"),
    ],
)
def test_what_is_refused(edited, change, more, why):
    with pytest.raises(Refusal, match=why):
        edited(change, **more)


def test_slots_that_are_nobodys_stay_where_they_are(edited):
    made = edited(
        Order(("cy", "bo", "ana")),
        rotation=WEEKLY | {"people": ["ana", "nobody", "bo", "cy"]},
        now=NOW - timedelta(days=14),
    )
    people = made.after.people
    turned = people[people.index("cy") :] + people[: people.index("cy")]
    assert turned == ("cy", "nobody", "bo", "ana")


def test_what_an_older_line_up_took_from_the_newest_is_written_out(edited):
    made = edited(retime("2 days", "21:00"))
    assert made.after.before == Lineup(
        people=["ana", "bo", "cy"], since="2026-10-05", turn="1 week", hand_off="Mon 09:00"
    )


def test_opsgenie_takes_over_at_half_hours(acme_with):
    inventory = acme_with(WEEKLY)
    team = inventory.teams["edge"].model_copy(update={"pages_through": ("opsgenie",)})
    inventory = inventory.model_copy(update={"teams": {"edge": team}})
    made = plan(inventory, Ask(REF, Remove("ana"), NOW + timedelta(minutes=7), "now"))
    assert made.after.takes_over == datetime(2026, 11, 21, 13, 30)  # noqa: DTZ001


def test_a_minute_that_comes_twice_is_written_with_its_offset(edited):
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    made = edited(Order(("bo", "ana", "cy")), "now", now=second_half_past_two)
    assert made.after.takes_over.isoformat() == "2026-10-25T02:30:00+01:00"


def test_a_hand_off_that_the_clocks_jump_over_is_passed_by(edited):
    hourly = {"people": ["ana", "bo", "cy"], "turn": "1 hour", "hand_off": "00:00", "since": "2026-03-28"}
    made = edited(Add("dee"), rotation=hourly, now=datetime(2026, 3, 29, 0, 30, tzinfo=UTC))  # 01:30 in Berlin
    assert made.after.since == datetime(2026, 3, 29, 3)  # noqa: DTZ001


def test_every_hour_that_changes_hands_is_listed(edited):
    seen = outlook(edited(Remove("ana"), "now"))
    first = seen.displaced[0]
    assert (first.start, first.end, first.before, first.after) == (
        NOW,
        datetime(2026, 11, 23, 8, tzinfo=UTC),
        "ana",
        "bo",
    )
    assert seen.end - NOW >= timedelta(weeks=8)


def test_an_edit_in_words(said):
    assert said(Add("dee")) == (
        "Dee joins after Cy. Nobody's turn changes before Mon 2026-11-23 09:00 Europe/Berlin; then: Bo, Cy, Dee, Ana."
    )
    assert said(Remove("ana"), "now") == (
        "Ana takes no more turns. Bo takes over at Sat 2026-11-21 13:00 Europe/Berlin; then: Bo, Cy."
    )
    assert said(retime("2 weeks", "Tue 10:00")) == (
        "Turns become 2 weeks, Tue 10:00. "
        "Nobody's turn changes before Tue 2026-11-24 10:00 Europe/Berlin; then: Bo, Cy, Ana."
    )
    assert said(Swap("bo", "cy"), rotation=WAITING).endswith("was waiting and is changed in place: Cy, Bo, Dee, Ana.")


def test_a_shift_that_somebody_has_taken_already_needs_no_cover(acme_with):
    taken = {
        "schedule": "edge/sun",
        "person": "bo",
        "from": "2026-11-21 10:00",
        "to": "2026-11-23 09:00",
        "instead_of": "ana",
    }
    made = plan(acme_with(WEEKLY, overrides=[taken]), Ask(REF, Remove("ana"), NOW, cover="dee"))
    assert (short(made), made.overrides) == ("bo cy since 2026-11-23", ())
    half = acme_with(WEEKLY, overrides=[taken | {"from": "2026-11-22 09:00"}])
    (rest,) = plan(half, Ask(REF, Remove("ana"), NOW, cover="dee")).overrides
    assert [str(each) for each in (rest.start, rest.end)] == ["2026-11-21 13:00:00", "2026-11-22 09:00:00"]

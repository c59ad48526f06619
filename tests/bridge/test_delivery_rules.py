"""The rules of one delivery, as pure steps: what it wants, who waits for whom, what an answer makes of it."""

import pytest

pytestmark = pytest.mark.worker

NOW = 1_795_255_200_000
DAY = 86_400_000
LIMITS = {
    "call_timeout_ms": 5000,
    "retry_first_ms": 1000,
    "retry_cap_ms": 60_000,
    "retry_after_cap_ms": 300_000,
    "confirm_after_ms": 2000,
    "confirm_within_ms": 60_000,
    "repeat_ms": 900_000,
}
OPEN = {"repeats": True, "closed_at": None}
CLOSED = {"repeats": False, "closed_at": NOW - 1000}


def row(**changes):
    base = {
        "seq": 1,
        "part": "page",
        "leg": 0,
        "target": "pagerduty",
        "key_id": "pagerduty/platform/internal",
        "desired": "open",
        "known": "none",
        "unsure": False,
        "attempt": 0,
        "tries": 0,
        "next_at": None,
        "repeat_at": None,
        "request_id": None,
        "accepted_at": None,
    }
    return base | changes


@pytest.mark.parametrize(
    "desired, known, unsure, action",
    [
        ("standby", "none", False, None),
        ("open", "none", False, "trigger"),
        ("open", "accepted", False, "confirm"),
        ("open", "open", False, None),
        ("open", "refused", False, None),
        ("closed", "none", False, None),
        ("closed", "none", True, "resolve"),
        ("closed", "refused", False, None),
        ("closed", "refused", True, "resolve"),
        ("closed", "accepted", False, "confirm"),
        ("closed", "open", False, "resolve"),
        ("closed", "closing", False, "confirm"),
        ("closed", "stuck", False, "resolve"),
        ("closed", "closed", False, None),
        ("closed", "abandoned", False, None),
    ],
)
def test_what_a_delivery_wants_follows_from_what_should_be_and_what_is(call, desired, known, unsure, action):
    assert call("delivery", "actionOf", row(desired=desired, known=known, unsure=unsure)) == action


def test_an_open_page_that_repeats_wants_its_trigger_again(call):
    assert call("delivery", "actionOf", row(known="open", repeat_at=NOW)) == "trigger"


# ---------------------------------------------------------------- who waits for whom


def picked(call, *rows):
    found = call("delivery", "pick", list(rows), NOW)
    return [each["seq"] for each in found["due"]], [each["seq"] for each in found["abandoned"]], found["next"]


def test_a_page_waits_until_the_old_one_at_its_place_is_closed(call):
    old = row(seq=1, desired="closed", known="open", next_at=NOW + 5000)
    assert picked(call, old, row(seq=2)) == ([], [], NOW + 5000)


def test_a_page_at_another_place_does_not_wait(call):
    old = row(seq=1, desired="closed", known="open", next_at=NOW + 5000)
    assert picked(call, old, row(seq=2, key_id="other")) == ([2], [], NOW + 5000)


def test_another_part_does_not_wait(call):
    old = row(seq=1, desired="closed", known="open", next_at=NOW + 5000)
    assert picked(call, old, row(seq=2, part="raised")) == ([2], [], NOW + 5000)


def test_a_close_the_vendor_refuses_is_given_up_for_a_new_page(call):
    old = row(seq=1, desired="closed", known="stuck", next_at=NOW + 5000)
    assert picked(call, old, row(seq=2)) == ([2], [1], None)


def test_a_close_the_vendor_refuses_is_kept_while_nothing_else_wants_the_place(call):
    old = row(seq=1, desired="closed", known="stuck", next_at=NOW + 5000)
    assert picked(call, old) == ([], [], NOW + 5000)


# ---------------------------------------------------------------- attempts


def attempted(call, before, **verdict):
    """The row and the effect after one attempt of a row that was just claimed."""
    context = verdict.pop("context", OPEN if before["desired"] == "open" else CLOSED)
    made = call("delivery", "claim", before, NOW, LIMITS)
    found = call("delivery", "settle", made["claimed"], made["job"], verdict, NOW, LIMITS, context)
    return found["row"], found["effect"]


def test_an_attempt_is_written_down_with_a_lease_before_it_is_made(call):
    claimed = call("delivery", "claim", row(), NOW, LIMITS)["claimed"]
    assert (claimed["attempt"], claimed["unsure"], claimed["next_at"]) == (1, True, NOW + 6000)


def test_an_answer_that_comes_after_the_lease_changes_nothing(call):
    made = call("delivery", "claim", row(), NOW, LIMITS)
    again = call("delivery", "claim", made["claimed"], NOW + 6000, LIMITS)
    found = call("delivery", "settle", again["claimed"], made["job"], {"outcome": "refused"}, NOW, LIMITS, OPEN)
    assert found == {"row": again["claimed"], "effect": "late"}


def test_a_page_that_was_taken_is_repeated_later(call):
    after, effect = attempted(call, row(), outcome="ok")
    assert (effect, after["known"], after["unsure"], after["repeat_at"]) == ("sent", "open", False, NOW + 900_000)


def test_a_page_taken_after_the_recovery_is_closed_and_not_repeated(call):
    made = call("delivery", "claim", row(), NOW, LIMITS)
    closed = made["claimed"] | {"desired": "closed"}
    found = call("delivery", "settle", closed, made["job"], {"outcome": "ok"}, NOW, LIMITS, OPEN)["row"]
    assert (found["repeat_at"], call("delivery", "actionOf", found)) == (None, "resolve")


@pytest.mark.parametrize("not_taken, unsure", [(True, False), (False, True)])
def test_only_an_attempt_that_may_have_arrived_leaves_a_doubt(call, not_taken, unsure):
    after, effect = attempted(call, row(), outcome="retry", not_taken=not_taken)
    assert (effect, after["known"], after["unsure"], after["next_at"]) == ("failed", "none", unsure, NOW + 1000)


def test_a_refused_repeat_leaves_the_page_as_it_is(call):
    after, effect = attempted(call, row(known="open", repeat_at=NOW), outcome="refused")
    assert (effect, after["known"], after["repeat_at"]) == ("failed", "open", NOW + 900_000)


def test_a_close_is_given_up_a_day_after_the_recovery(call):
    context = {"repeats": False, "closed_at": NOW - DAY - 1}
    after, effect = attempted(call, row(desired="closed", known="open"), outcome="retry", context=context)
    assert (effect, after["known"]) == ("abandoned", "abandoned")


def test_closing_what_perhaps_never_was_ends_at_the_first_refusal(call):
    after, effect = attempted(call, row(desired="closed", known="refused", unsure=True), outcome="refused")
    assert (effect, after["known"]) == ("abandoned", "abandoned")


@pytest.mark.parametrize("unsure, tries, known", [(True, 1, "closed"), (False, 1, "open"), (False, 5, "closed")])
def test_a_close_that_fails_after_its_202_is_tried_again_where_something_was_open(call, unsure, tries, known):
    before = row(desired="closed", known="closing", unsure=unsure, tries=tries, accepted_at=NOW - 2000)
    assert attempted(call, before, outcome="refused")[0]["known"] == known


@pytest.mark.parametrize("waited, known", [(59_999, "accepted"), (60_000, "open")])
def test_an_unconfirmed_page_is_believed_after_a_minute(call, waited, known):
    before = row(known="accepted", request_id="r", accepted_at=NOW - waited)
    assert attempted(call, before, outcome="retry")[0]["known"] == known


# ---------------------------------------------------------------- the next place


def test_after_a_refusal_the_next_leg_is_sent_at_once(call):
    rows = [row(leg=0, known="refused"), row(leg=1, desired="standby")]
    found = call("delivery", "nextLeg", rows, rows[0], NOW, LIMITS)
    assert (found["row"]["leg"], found["row"]["desired"], found["row"]["next_at"]) == (1, "open", NOW)
    assert found["exhausted"] is False


def test_after_the_last_refusal_the_first_is_tried_again_a_minute_later(call):
    rows = [row(leg=0, known="refused"), row(leg=1, known="refused")]
    found = call("delivery", "nextLeg", rows, rows[1], NOW, LIMITS)
    assert (found["row"]["leg"], found["row"]["known"], found["row"]["next_at"]) == (0, "none", NOW + 60_000)
    assert found["exhausted"] is True

"""Line-ups in time: order, inheritance, ends."""

from datetime import UTC, date, datetime, time

from oncall.model import HandOff, Rotation, Turn
from oncall.shifts.lineups import LineupSpan, rotation_spans
from oncall.shifts.timeline import shifts

MONDAY_NINE = HandOff(time(9), 0)


def rotation(**fields: object) -> Rotation:
    given: dict[str, object] = {
        "people": ["ana", "bo"],
        "turn": "1 week",
        "hand_off": "Mon 09:00",
        "since": "2026-12-07",
    }
    return Rotation.model_validate(given | fields)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_a_rotation_alone_is_one_line_up_from_its_first_hand_off() -> None:
    assert rotation_spans(rotation(), "Europe/Berlin") == (
        LineupSpan(
            people=("ana", "bo"),
            turn=Turn(1, "week"),
            hand_off=MONDAY_NINE,
            since=date(2026, 12, 7),
            start=utc(2026, 12, 7, 8),
            end=None,
            zone="Europe/Berlin",
            first=utc(2026, 12, 7, 8),
        ),
    )


def test_a_line_up_ends_where_the_next_begins_oldest_first() -> None:
    before = {"people": ["bo"], "since": "2026-10-05", "before": {"people": ["cy"], "since": "2026-09-07"}}
    spans = rotation_spans(rotation(before=before), "Europe/Berlin")

    assert [(span.people, span.start, span.end) for span in spans] == [
        (("cy",), utc(2026, 9, 7, 7), utc(2026, 10, 5, 7)),
        (("bo",), utc(2026, 10, 5, 7), utc(2026, 12, 7, 8)),
        (("ana", "bo"), utc(2026, 12, 7, 8), None),
    ]


def test_a_line_up_keeps_the_rotations_turn_and_hand_off_unless_it_has_its_own() -> None:
    before = {
        "people": ["bo"],
        "since": "2026-10-05",
        "turn": "1 day",
        "before": {"people": ["cy"], "since": "2026-09-07"},
    }
    spans = rotation_spans(rotation(before=before), "Europe/Berlin")

    assert [(span.turn, span.hand_off) for span in spans] == [
        (Turn(1, "week"), MONDAY_NINE),
        (Turn(1, "day"), HandOff(time(9))),
        (Turn(1, "week"), MONDAY_NINE),
    ]


def test_until_as_a_date_includes_that_day() -> None:
    (span,) = rotation_spans(rotation(until="2027-01-31"), "America/New_York")

    assert span.end == utc(2027, 2, 1, 5)


def test_a_line_up_that_would_start_after_the_rotation_ended_is_empty() -> None:
    spans = rotation_spans(rotation(until="2026-11-01 00:00", before={"people": ["cy"], "since": "2026-10-05"}), "UTC")

    assert [(span.start, span.end) for span in spans] == [
        (utc(2026, 10, 5, 9), utc(2026, 11, 1)),
        (utc(2026, 12, 7, 9), utc(2026, 11, 1)),
    ]


def test_a_since_with_a_time_of_day_keeps_it() -> None:
    (span,) = rotation_spans(rotation(since="2026-12-07 13:00", turn="12 hours", hand_off="01:00"), "UTC")

    assert (span.start, span.wall) == (utc(2026, 12, 7, 13), utc(2026, 12, 7, 13).replace(tzinfo=None))


def test_a_rotation_without_a_hand_off_begins_at_midnight() -> None:
    (span,) = rotation_spans(rotation(turn="1 day", hand_off=None), "UTC")

    assert span.start == utc(2026, 12, 7)


def test_a_line_up_that_takes_over_within_a_turn_counts_from_its_first_hand_off() -> None:
    before = {"people": ["cy"], "since": "2026-12-07"}
    old, new = rotation_spans(rotation(takes_over="2026-12-16 14:30", before=before), "Europe/Berlin")

    assert (old.start, old.end) == (utc(2026, 12, 7, 8), utc(2026, 12, 16, 13, 30))
    assert (new.first, new.start) == (utc(2026, 12, 7, 8), utc(2026, 12, 16, 13, 30))
    assert (old.begins, new.begins) == ("2026-12-07", "2026-12-16T1430")
    assert [shift.person for shift in shifts((old, new), None, utc(2026, 12, 15), utc(2027, 1, 1))] == [
        "cy", "bo", "ana", "bo"
    ]  # fmt: skip

"""Edits by hand, compared with the base: whoever is on call stays until the hand-off, or the edit says otherwise."""

from datetime import UTC, datetime

import pytest

from oncall.validate.reshuffle import reshuffles

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # Saturday: Ana until Monday 09:00 in Berlin, then Bo
AT = "teams/platform/schedules/primary/rotations/weekly"
BEFORE = {"people": ["ana", "bo"], "since": "2026-10-05"}
SAID_NOW = {f"{AT}/people": ["bo", "ana"], f"{AT}/rollout": "now"}


@pytest.fixture
def found(inventory_with):
    """What is said of edits, compared with the inventory after others."""

    def find(edits, base=None, now=NOW):
        return reshuffles(inventory_with(base or {}), inventory_with(edits), now)

    return find


@pytest.mark.parametrize(
    ("edits", "way"),
    [
        ({f"{AT}/people": ["bo", "ana"]}, "undo the edit: people follow each other in that order already"),
        ({f"{AT}/people": ["cy", "ana", "bo"]}, "`oncall rota add platform/primary/weekly cy --first`"),
        ({f"{AT}/people": ["bo"]}, "`oncall rota remove platform/primary/weekly ana --cover ana`"),
        ({f"{AT}/people": ["cy", "eli"]}, "let the line-up begin at that hand-off"),
        ({f"{AT}/turn": "2 weeks", f"{AT}/since": "2026-09-28"}, "weekly '2 weeks' --hand-off 'Mon 09:00'`"),
        ({f"{AT}/hand_off": "Sun 09:00", f"{AT}/since": "2026-10-04"}, "weekly '1 week' --hand-off 'Sun 09:00'`"),
        ({f"{AT}/since": "2026-10-12"}, "let the line-up begin at that hand-off"),
        ({f"{AT}/time_zone": "Pacific/Apia"}, "let the line-up begin at that hand-off"),
        ({f"{AT}/only": "09:00-17:00"}, "let the line-up begin at that hand-off"),
        ({f"{AT}/until": "2026-11-22"}, "let the line-up begin at that hand-off"),
        ({"teams/platform/time_zone": "Pacific/Apia"}, "let the line-up begin at that hand-off"),
    ],
)
def test_a_shift_that_would_move(found, edits, way):
    (finding,) = found(edits)
    assert (finding.rule, finding.severity) == ("roster-reshuffle", "error")
    assert finding.path == tuple(AT.split("/"))
    assert "`ana` is on call until Mon 2026-11-23" in finding.message
    assert way in finding.hint
    assert finding.hint.endswith("or write `rollout: now` if this is meant")


def test_who_when_and_instead_of_whom(found):
    (finding,) = found({f"{AT}/people": ["bo", "ana"]})
    assert finding.message == (
        "`ana` is on call until Mon 2026-11-23 09:00, "
        "and `bo` would be instead from Sat 2026-11-21 13:00 (Europe/Berlin)"
    )


@pytest.mark.parametrize(
    "edits",
    [
        {},
        {f"{AT}/people": ["cy", "bo"], f"{AT}/since": "2026-11-23", f"{AT}/before": BEFORE},
        {f"{AT}/people": ["ana", "cy"]},
        SAID_NOW,
        {f"{AT}/until": "2026-12-31"},
        {"teams/platform/schedules/primary/rotations": {"other": {**BEFORE, "people": ["bo"], "turn": "1 day"}}},
        {
            "overrides": [
                {"schedule": "platform/primary", "person": "dee", "from": "2026-11-21 13:00", "to": "2026-11-22"}
            ]
        },
    ],
)
def test_what_moves_no_running_shift(found, edits):
    assert found(edits) == []


def test_a_permission_of_before_is_none(found):
    again = {f"{AT}/people": ["ana", "bo"], f"{AT}/rollout": "now"}
    assert len(found(again, base=SAID_NOW)) == 1


def test_a_second_permission_within_a_turn_is_one(found):
    first = {**SAID_NOW, f"{AT}/since": "2026-11-16", f"{AT}/takes_over": "2026-11-20 10:00", f"{AT}/before": BEFORE}
    outgoing = {"people": ["bo", "ana"], "since": "2026-11-16", "takes_over": "2026-11-20 10:00", "rollout": "now"}
    second = {
        **first,
        f"{AT}/people": ["cy", "ana"],
        f"{AT}/takes_over": "2026-11-21 14:00",
        f"{AT}/before": {**outgoing, "before": BEFORE},
    }
    assert found(second, base=first) == []


def test_a_team_under_another_key_is_the_same_team(inventory_with):
    base, head = inventory_with({}), inventory_with({f"{AT}/people": ["bo", "ana"]})
    team = head.teams["platform"].model_copy(update={"formerly": ("platform",)})
    renamed = head.model_copy(update={"teams": {"core": team, "edge": head.teams["edge"]}})
    (finding,) = reshuffles(base, renamed, NOW)
    assert finding.path[:2] == ("teams", "core")


def test_a_person_under_another_key_is_the_same_person(inventory_with):
    base, head = inventory_with({}), inventory_with({f"{AT}/people": ["anna", "bo"]})
    people = {"anna": base.people["ana"], **base.people}
    assert reshuffles(base, head.model_copy(update={"people": people}), NOW) == []


def test_a_rotation_that_has_not_begun_moves_nobody(found):
    later = {f"{AT}/since": "2026-12-07"}
    assert found({**later, f"{AT}/people": ["bo", "ana"]}, base=later) == []


def test_another_order_has_a_command(found):
    three = {f"{AT}/people": ["ana", "bo", "cy"], f"{AT}/since": "2026-10-26"}  # Cy, until Monday
    (finding,) = found(
        {**three, f"{AT}/people": ["cy", "ana", "bo"]}, base=three, now=datetime(2026, 11, 3, tzinfo=UTC)
    )
    assert "undo the edit: people follow each other" in finding.hint
    (finding,) = found({**three, f"{AT}/people": ["bo", "ana", "cy"]}, base=three)
    assert "`oncall rota order platform/primary/weekly bo ana cy`" in finding.hint

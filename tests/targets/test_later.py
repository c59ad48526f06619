"""A date that passes makes and renames nothing; an edit takes no name that is taken (vendors.md, section 3)."""

from datetime import UTC, datetime

import pytest

from oncall.targets import OPSGENIE, PAGERDUTY

EARLY, LATE = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (11, 12))

ROTATIONS = {
    "one that shared its hours": {"week": {}, "extra": {"people": ["cy"], "until": "2026-11-15"}},
    "one of another zone": {"week": {}, "extra": {"time_zone": "Asia/Tokyo", "until": "2026-11-15"}},
    "one of two in a zone": {
        "week": {},
        "day": {"time_zone": "Asia/Tokyo", "only": "08:00-20:00"},
        "extra": {"time_zone": "Asia/Tokyo", "only": "20:00-08:00", "until": "2026-11-15"},
    },
}


@pytest.mark.parametrize("words", ROTATIONS.values(), ids=ROTATIONS)
@pytest.mark.parametrize("target", [PAGERDUTY, OPSGENIE], ids=lambda target: target.name)
def test_a_rotation_that_ends_leaves_the_other_schedules_as_they_were(acme, team, rotation, target, words):
    rotations = {key: rotation(**more) for key, more in words.items()}
    schedules = {"primary": {"rotations": rotations}}
    inventory = acme(teams={"platform": team(pages_through=target.name, schedules=schedules)})
    early, late = (
        {
            one.key: one.properties["name"]
            for one in target.desired(inventory, now)
            if one.kind == f"{target.name}:Schedule"
        }
        for now in (EARLY, LATE)
    )
    assert late == {key: early.get(key) for key in late}


ZONES = {
    "into a zone of its own": ({}, {"time_zone": "America/New_York"}),
    "from one zone into another": ({"time_zone": "Asia/Tokyo"}, {"time_zone": "America/New_York"}),
    "back into the schedule's zone": ({"time_zone": "Asia/Tokyo"}, {}),
    "away from another of its zone": ({"time_zone": "America/Chicago"}, {"time_zone": "America/New_York"}),
    "out of hours it shared": ({"only": "08:00-22:00"}, {"only": "20:00-22:00"}),
}
SIBLINGS = {"day": {"only": "08:00-20:00"}, "late": {"only": "08:00-20:00", "time_zone": "America/Chicago"}}


@pytest.mark.parametrize("edit", ZONES.values(), ids=ZONES)
@pytest.mark.parametrize("target", [PAGERDUTY, OPSGENIE], ids=lambda target: target.name)
def test_no_edit_gives_the_name_of_one_schedule_to_another(acme, team, rotation, target, edit):
    # The engine makes what is new before it deletes what is old, and a vendor refuses the same name twice.
    before, after = (
        {
            one.properties["name"]: one.key
            for one in target.desired(
                acme(
                    teams={
                        "platform": team(
                            pages_through=target.name,
                            schedules={
                                "primary": {
                                    "rotations": {
                                        "moved": rotation(**words),
                                        **{key: rotation(**more) for key, more in SIBLINGS.items()},
                                    }
                                }
                            },
                        )
                    }
                ),
                EARLY,
            )
            if one.kind == f"{target.name}:Schedule"
        }
        for words in edit
    )
    assert {name: key for name, key in before.items() if name in after} == {
        name: key for name, key in after.items() if name in before
    }

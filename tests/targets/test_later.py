"""A date that passes takes away what has ended, and makes or renames nothing (vendors.md, section 3)."""

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

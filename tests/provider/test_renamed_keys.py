"""A key that is renamed: the new resource takes the object over, and no later run deletes it under the old name."""

import pytest

MARK = "Managed from the inventory"


@pytest.fixture
def renamed(plugin, start):
    """Make a team and what hangs under it as `og`, then as `ogg` in a run that is stopped before its deletes."""

    def make(one, key):
        team = one.create("opsgenie:Team", {"name": "Og", "description": f"{MARK} ({key})"}, key)
        schedule = one.create(
            "opsgenie:Schedule",
            {
                "name": "Og_primary",
                "description": f"{MARK} ({key}/primary)",
                "timezone": "UTC",
                "ownerTeamId": team.id,
            },
            f"{key}/primary",
        )
        rotation = one.create(
            "opsgenie:Rotation",
            {
                "scheduleId": schedule.id,
                "name": "weekly",
                "startDate": "2026-10-05T08:00:00Z",
                "type": "weekly",
                "length": 1,
                "participants": [{"type": "none"}],
            },
            f"{key}/primary/weekly",
        )
        integration = one.create(
            "opsgenie:ApiIntegration", {"name": "AliveMCP Og", "ownerTeamId": team.id}, f"opsgenie/{key}"
        )
        return [team, schedule, rotation, integration]

    old = make(plugin, "og")
    return old, make(start(), "ogg")


def test_a_run_after_a_stopped_one_deletes_nothing_that_has_a_new_name(renamed, start, vendor):
    old, new = renamed
    later = start()

    for held in reversed(old[:3]):
        later.delete(held)

    assert vendor.names("/v2/teams") == ["Og"]
    assert "Og_primary" in vendor.names("/v2/schedules")
    assert [row["name"] for row in vendor.get(f"/v2/schedules/{new[1].id}/rotations")] == ["weekly"]
    assert "belongs to ogg/primary by now and stays" in " ".join(later.warnings)


def test_under_its_own_name_it_is_deleted(renamed, start, vendor):
    _, new = renamed
    later = start()

    for held in reversed(new):
        later.delete(held)

    assert vendor.names("/v2/teams") == []

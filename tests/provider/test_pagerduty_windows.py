"""Maintenance windows at PagerDuty: found again, ended, left alone once they are over."""

from datetime import UTC, datetime, timedelta

import pytest

KIND = "pagerduty:MaintenanceWindow"
TOKEN = "sandbox-token-pdpdpd"


def at(**ago):
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def run(start, pagerduty):
    """Starts a plugin with a PagerDuty account."""

    def started():
        plugin = start()
        plugin.configure(pagerdutyToken=TOKEN, pagerdutyApiUrl=str(pagerduty.base_url))
        plugin.line.requests.clear()
        return plugin

    return started


@pytest.fixture
def services(pagerduty):
    user = pagerduty.get("/users").json()["users"][0]["id"]
    rule = {"escalation_delay_in_minutes": 30, "targets": [{"type": "user_reference", "id": user}]}
    body = {"escalation_policy": {"name": "P", "escalation_rules": [rule]}}
    policy = pagerduty.post("/escalation_policies", json=body).json()["escalation_policy"]["id"]
    reference = {"id": policy, "type": "escalation_policy_reference"}
    return [
        pagerduty.post("/services", json={"service": {"name": name, "escalation_policy": reference}}).json()["service"][
            "id"
        ]
        for name in ("One", "Two")
    ]


@pytest.fixture
def window(services):
    def inputs(start, end, **more):
        return {"startTime": start, "endTime": end, "services": services, "description": "moving", **more}

    return inputs


@pytest.fixture
def standing(pagerduty):
    return lambda: pagerduty.get("/maintenance_windows").json()["maintenance_windows"]


def test_one_is_made_with_two_requests_and_needs_no_change_after_a_refresh(run, window, standing, services):
    plugin, inputs = run(), window(at(hours=-1), at(hours=-2))

    held = plugin.create(KIND, inputs)

    assert len(plugin.line.requests) == 2
    assert [each["id"] for each in standing()] == [held.id]
    refreshed = plugin.refresh(held)
    assert plugin.changes(refreshed, inputs) == {}
    assert plugin.changes(refreshed, {**inputs, "services": services[::-1]}) == {}


def test_a_start_in_the_past_is_no_difference(run, window):
    plugin, inputs = run(), window(at(hours=3), at(hours=-2))

    held = plugin.create(KIND, inputs)

    assert plugin.changes(plugin.refresh(held), inputs) == {}


def test_a_create_whose_answer_is_lost_makes_one(run, window, standing):
    plugin = run()
    plugin.line.lose("POST", "/maintenance_windows")

    held = plugin.create(KIND, window(at(hours=-1), at(hours=-2)))

    assert [each["id"] for each in standing()] == [held.id]


def test_one_that_a_killed_run_made_is_found(run, window, standing):
    inputs = window(at(hours=-1), at(hours=-2))
    run().create(KIND, inputs)

    held = run().create(KIND, inputs)

    assert [each["id"] for each in standing()] == [held.id]


def test_another_window_of_the_same_time_is_another(run, window, standing):
    plugin, inputs = run(), window(at(hours=-1), at(hours=-2))
    plugin.create(KIND, inputs)

    run().create(KIND, {**inputs, "services": inputs["services"][:1]}, "y")

    assert len(standing()) == 2


def test_it_is_moved_in_place(run, window, standing):
    plugin = run()
    held = plugin.create(KIND, window(at(hours=-1), at(hours=-2)))

    changed = plugin.update(held, window(at(hours=-1), at(hours=-3), description="moving on"))

    assert [each["id"] for each in standing()] == [changed.id]
    assert standing()[0]["description"] == "moving on"


def test_one_that_is_over_is_never_made_nor_deleted_and_let_go(run, window, standing):
    plugin = run()
    held = plugin.create(KIND, window(at(days=2), at(days=1)))

    assert plugin.refresh(held) is None
    plugin.delete(held)
    assert (plugin.line.requests, standing()) == ([], [])


def test_a_delete_of_one_that_runs_ends_it(run, window, standing):
    plugin = run()
    held = plugin.create(KIND, window(at(hours=1), at(hours=-1)))

    plugin.delete(held)

    soon = datetime.now(UTC) + timedelta(seconds=2)
    assert all(datetime.fromisoformat(each["end_time"]) <= soon for each in standing())


def test_a_delete_of_one_to_come_takes_it_away(run, window, standing):
    plugin = run()
    held = plugin.create(KIND, window(at(hours=-1), at(hours=-2)))

    plugin.delete(held)

    assert standing() == []
    assert plugin.refresh(held) is None


def test_one_import_shows_all_there_is(run, window):
    inputs = window(at(hours=-1), at(hours=-2))
    held = run().create(KIND, inputs)

    assert run().imported(KIND, held.id).inputs["description"] == inputs["description"]


def test_an_end_before_the_start_is_refused_by_the_check(run, window):
    failures = run().check(KIND, window("2096-01-02T00:00:00Z", "2096-01-01T00:00:00Z"))["failures"]

    assert failures == ["endTime: '2096-01-01T00:00:00Z' must be after startTime '2096-01-02T00:00:00Z'"]

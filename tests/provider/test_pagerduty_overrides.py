"""PagerDuty's overrides, which only our plugin makes: found again, cut, left alone, told in words."""

from datetime import UTC, datetime, timedelta

import pytest

KIND = "pagerduty:ScheduleOverride"
TOKEN = "sandbox-token-pdpdpd"


def at(**ago):
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def run(start, pagerduty):
    """Starts a plugin with a PagerDuty account."""

    def started(token=TOKEN, url=None):
        plugin = start()
        plugin.configure(pagerdutyToken=token, pagerdutyApiUrl=url or str(pagerduty.base_url))
        plugin.line.requests.clear()
        return plugin

    return started


@pytest.fixture
def people(pagerduty):
    return [user["id"] for user in pagerduty.get("/users").json()["users"]]


@pytest.fixture
def schedule(pagerduty, people):
    layer = {
        "name": "weekly",
        "start": at(days=1),
        "rotation_virtual_start": at(days=1),
        "rotation_turn_length_seconds": 604800,
        "users": [{"user": {"id": people[0], "type": "user_reference"}}],
    }
    body = {"schedule": {"name": "Edge", "time_zone": "Europe/Berlin", "schedule_layers": [layer]}}
    return pagerduty.post("/schedules", json=body).json()["schedule"]["id"]


@pytest.fixture
def override(schedule, people):
    def inputs(start, end, user=0):
        return {"scheduleId": schedule, "start": start, "end": end, "userId": people[user]}

    return inputs


@pytest.fixture
def standing(pagerduty, schedule):
    def rows():
        window = {"since": at(days=30), "until": at(days=-30)}
        return pagerduty.get(f"/schedules/{schedule}/overrides", params=window).json()["overrides"]

    return rows


def said(action, *args):
    with pytest.raises(Exception) as failure:
        action(*args)
    text = str(failure.value)
    assert "\n" not in text
    assert TOKEN not in text
    return text


def test_one_is_made_with_two_requests_and_needs_no_change_after_a_refresh(run, override, standing, schedule):
    plugin, inputs = run(), override(at(hours=-1), at(hours=-2))

    held = plugin.create(KIND, inputs)

    assert len(plugin.line.requests) == 2
    assert held.id == f"{schedule}/{standing()[0]['id']}"
    assert plugin.changes(plugin.refresh(held), inputs) == {}


def test_a_start_in_the_past_is_no_difference(run, override):
    plugin, inputs = run(), override(at(hours=3), at(hours=-2))

    held = plugin.create(KIND, inputs)

    assert plugin.changes(plugin.refresh(held), inputs) == {}


def test_a_create_whose_answer_is_lost_makes_one(run, override, standing):
    plugin = run()
    plugin.line.lose("POST", ".*")

    plugin.create(KIND, override(at(hours=3), at(hours=-2)))

    assert len(standing()) == 1


def test_one_of_a_killed_run_is_found_again(run, override, standing):
    inputs = override(at(hours=3), at(hours=-2))
    first = run().create(KIND, inputs)

    again = run().create(KIND, inputs)

    assert again.id == first.id
    assert len(standing()) == 1


def test_nothing_of_it_can_be_changed_in_place(run, override):
    plugin, inputs = run(), override(at(hours=-1), at(hours=-2))
    held = plugin.create(KIND, inputs)

    changes = plugin.changes(held, override(inputs["start"], at(hours=-3), user=1))

    assert changes == {"end": "update_replace", "userId": "update_replace"}


def test_another_spelling_of_an_instant_is_no_change(run, override):
    plugin = run()
    held = plugin.create(KIND, override("2030-07-01T08:00:00Z", "2030-07-02T08:00:00Z"))

    respelt = override("2030-07-01T10:00:00+02:00", "2030-07-02T10:00:00+02:00")

    assert plugin.changes(held, respelt) == {}


def test_one_that_is_over_is_never_made_nor_deleted(run, override, standing):
    plugin, inputs = run(), override(at(days=2), at(days=1))

    held = plugin.create(KIND, inputs)
    refreshed = plugin.refresh(held)
    plugin.delete(held)

    assert refreshed is None  # the program asks for it no more
    assert (plugin.line.requests, standing()) == ([], [])


def test_a_delete_of_one_that_runs_leaves_what_has_been(run, override, standing):
    plugin = run()
    held = plugin.create(KIND, override(at(hours=1), at(hours=-1)))

    plugin.delete(held)
    plugin.delete(held)

    assert all(datetime.fromisoformat(row["end"]) <= datetime.now(UTC) + timedelta(seconds=2) for row in standing())


def test_a_delete_of_one_to_come_takes_it_away(run, override, standing):
    plugin = run()
    held = plugin.create(KIND, override(at(hours=-1), at(hours=-2)))

    plugin.delete(held)
    plugin.delete(held)

    assert standing() == []
    assert plugin.refresh(held) is None


def test_one_made_by_hand_is_never_touched(run, override, standing, pagerduty, schedule, people):
    one = {"start": at(hours=-1), "end": at(hours=-2), "user": {"id": people[1], "type": "user_reference"}}
    pagerduty.post(f"/schedules/{schedule}/overrides", json={"overrides": [one]})
    plugin = run()

    plugin.delete(plugin.create(KIND, override(one["start"], one["end"])))

    assert [row["user"]["id"] for row in standing()] == [people[1]]


def test_one_can_be_imported_by_its_id(run, override):
    plugin, inputs = run(), override("2026-12-01T08:00:00Z", at(days=-300))
    held = plugin.create(KIND, inputs)

    imported = run().imported(KIND, held.id)

    assert (imported.id, plugin.changes(imported, inputs)) == (held.id, {})


def test_an_id_of_the_wrong_form(run):
    assert '"no-slash" is no id of an override: it must be scheduleId/overrideId' in said(
        run().imported, KIND, "no-slash"
    )


def test_what_one_of_several_is_refused_for_is_told(run, override):
    inputs = override(at(hours=-1), at(hours=-2)) | {"userId": "PNOBODY"}

    text = said(run().create, KIND, inputs)

    assert text.startswith(f"override from {inputs['start']} to {inputs['end']} of schedule")
    assert "PagerDuty answered 400: " in text


def test_a_token_that_is_not_accepted(run, override):
    text = said(run(token="planted-wrong-token").create, KIND, override(at(hours=-1), at(hours=-2)))

    assert "PagerDuty answered 401: " in text
    assert "planted" not in text


def test_a_token_that_may_only_read(run, override):
    plugin = run()
    plugin.line.answer("POST", ".*", 403, json={"error": {"message": "Access Denied", "code": 2010}})

    text = said(plugin.create, KIND, override(at(hours=-1), at(hours=-2)))

    assert text.endswith(
        "PagerDuty answered 403: Access Denied; the token is read-only, or its user may not change schedule overrides: "
        "take a full-access key of an admin"
    )


def test_no_token_at_all(start, override, monkeypatch):
    monkeypatch.delenv("PAGERDUTY_TOKEN", raising=False)

    text = said(start().create, KIND, override(at(hours=-1), at(hours=-2)))

    assert "no PagerDuty token: `pulumi config set --secret oncall:pagerdutyToken`" in text


def test_a_limit_is_waited_out(run, override, standing):
    plugin = run()
    headers = {"ratelimit-reset": "1", "ratelimit-remaining": "0"}
    plugin.line.answer("POST", ".*", 429, headers=headers, json={"error": {"message": "Rate Limit Exceeded"}})

    plugin.create(KIND, override(at(hours=-1), at(hours=-2)))

    assert len(standing()) == 1

"""PagerDuty's layered schedules as they are stored, answered, edited and rendered; overrides; who is on call."""

from datetime import UTC, datetime

import pytest

FOUR_WEEKS = ("2026-03-02T00:00:00Z", "2026-03-30T00:00:00Z")
GO_TIME = "2026-03-02 09:00:00 +0000 UTC"


def layers_of(pagerduty, schedule: str) -> list[dict[str, object]]:
    return pagerduty.get(f"/schedules/{schedule}")["schedule"]["schedule_layers"]


def names(pagerduty, schedule: str, since: str, until: str) -> list[str]:
    return [name for _, _, name in pagerduty.rendered(schedule, since, until)]


def test_a_schedule_renders_its_weekly_turns_in_its_zone(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann"), pagerduty.user("bob")))
    assert pagerduty.rendered(schedule, "2026-03-20T00:00:00Z", "2026-04-01T00:00:00Z") == [
        ("2026-03-20T01:00:00+01:00", "2026-03-23T10:00:00+01:00", "ann"),
        ("2026-03-23T10:00:00+01:00", "2026-03-30T10:00:00+02:00", "bob"),
        ("2026-03-30T10:00:00+02:00", "2026-04-01T02:00:00+02:00", "ann"),
    ]


def test_times_in_gos_print_form_are_answered_as_rfc_3339_with_the_zones_offset(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann"), rotation_virtual_start=GO_TIME, end=GO_TIME))
    (layer,) = layers_of(pagerduty, schedule)
    assert (layer["rotation_virtual_start"], layer["end"]) == ("2026-03-02T10:00:00+01:00",) * 2


def test_layers_are_answered_in_reverse_of_the_order_submitted(pagerduty) -> None:
    ann = pagerduty.user("ann")
    schedule = pagerduty.schedule(pagerduty.layer(ann, name="first"), pagerduty.layer(ann, name="second"))
    assert [layer["name"] for layer in layers_of(pagerduty, schedule)] == ["second", "first"]


def test_the_later_submitted_layer_wins_where_both_show(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    day = {"type": "daily_restriction", "start_time_of_day": "09:00:00", "duration_seconds": 32400}
    schedule = pagerduty.schedule(pagerduty.layer(ann), pagerduty.layer(bob, restrictions=[day]))
    assert pagerduty.rendered(schedule, "2026-03-03T00:00:00+01:00", "2026-03-04T00:00:00+01:00") == [
        ("2026-03-03T00:00:00+01:00", "2026-03-03T09:00:00+01:00", "ann"),
        ("2026-03-03T09:00:00+01:00", "2026-03-03T18:00:00+01:00", "bob"),
        ("2026-03-03T18:00:00+01:00", "2026-03-04T00:00:00+01:00", "ann"),
    ]


def test_a_daily_restriction_carries_no_weekday_and_a_weekly_one_does(pagerduty) -> None:
    daily = {"type": "daily_restriction", "start_time_of_day": "09:00:00", "duration_seconds": 32400}
    weekly = {"type": "weekly_restriction", "start_day_of_week": 6, "start_time_of_day": "00:00:00"}
    weekly["duration_seconds"] = 172800
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann"), restrictions=[daily, weekly]))
    assert layers_of(pagerduty, schedule)[0]["restrictions"] == [daily, weekly]


def test_the_final_schedule_is_an_object_and_empty_without_a_window(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann")))
    assert pagerduty.get(f"/schedules/{schedule}")["schedule"]["final_schedule"] == {
        "name": "Final Schedule",
        "rendered_schedule_entries": [],
        "rendered_coverage_percentage": None,
    }


def test_a_missing_end_of_the_window_lies_two_weeks_away(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann")))
    answer = pagerduty.get(f"/schedules/{schedule}", since="2026-03-10T00:00:00+01:00")["schedule"]
    (entry,) = answer["final_schedule"]["rendered_schedule_entries"]
    assert (entry["start"], entry["end"]) == ("2026-03-10T00:00:00+01:00", "2026-03-24T00:00:00+01:00")
    assert answer["final_schedule"]["rendered_coverage_percentage"] == 100.0


def test_overflow_keeps_shifts_running_past_the_window(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann"), pagerduty.user("bob")))
    window = {"since": "2026-03-10T00:00:00Z", "until": "2026-03-11T00:00:00Z", "overflow": "true"}
    (entry,) = pagerduty.get(f"/schedules/{schedule}", **window)["schedule"]["final_schedule"][
        "rendered_schedule_entries"
    ]
    assert (entry["start"], entry["end"]) == ("2026-03-09T10:00:00+01:00", "2026-03-16T10:00:00+01:00")


def test_a_window_that_ends_before_it_begins_is_refused(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann")))
    window = {"since": "2026-03-11T00:00:00Z", "until": "2026-03-10T00:00:00Z"}
    assert pagerduty.get(f"/schedules/{schedule}", 400, **window)["error"]["code"] == 2004


def test_a_schedule_names_its_users_teams_and_policies(pagerduty) -> None:
    team, ann = pagerduty.team(), pagerduty.user("ann")
    schedule = pagerduty.schedule(pagerduty.layer(ann), teams=[{"id": team, "type": "team_reference"}])
    policy = pagerduty.policy((5, [schedule]))
    answer = pagerduty.get(f"/schedules/{schedule}")["schedule"]
    keys = [[one["id"] for one in answer[name]] for name in ("users", "teams", "escalation_policies")]
    assert keys == [[ann], [team], [policy]]


def test_the_list_leaves_layers_out(pagerduty) -> None:
    pagerduty.schedule(pagerduty.layer(pagerduty.user("ann")))
    (listed,) = pagerduty.get("/schedules")["schedules"]
    assert ("schedule_layers" in listed, listed["name"]) == (False, "Primary")


@pytest.mark.parametrize(
    "change",
    [
        {"rotation_turn_length_seconds": 3599},
        {"rotation_turn_length_seconds": 31536001},
        {"users": []},
        {"users": [{"user": {"id": "PNOBODY"}}]},
        {"rotation_virtual_start": "2026-03-02T09:00:00"},
        {"id": "PNOLAYER"},
        {"restrictions": [{"type": "daily_restriction", "start_time_of_day": "09:00:00", "duration_seconds": 86400}]},
        {"restrictions": [{"type": "weekly_restriction", "start_time_of_day": "09:00:00", "duration_seconds": 60}]},
        {"restrictions": [{"type": "monthly_restriction"}]},
    ],
)
def test_a_layer_out_of_bounds_is_refused(pagerduty, change: dict[str, object]) -> None:
    body = pagerduty.schedule_body(pagerduty.layer(pagerduty.user("ann"), **change))
    (said,) = pagerduty.errors("POST", "/schedules", body)
    assert said.startswith("Schedule layer 1: ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time_zone": "Europe/Bonn"}, "Time zone is invalid"),
        ({"name": "x" * 256}, "Name is too long (maximum is 255 characters)"),
        ({"description": "x" * 1025}, "Description is too long (maximum is 1024 characters)"),
        ({"schedule_layers": []}, "Schedule layers can't be empty"),
    ],
)
def test_a_schedule_out_of_bounds_is_refused(pagerduty, change: dict[str, object], said: str) -> None:
    body = pagerduty.schedule_body(pagerduty.layer(pagerduty.user("ann")), **change)
    assert pagerduty.errors("POST", "/schedules", body) == [said]


def test_a_schedules_name_is_given_once(pagerduty) -> None:
    ann = pagerduty.user("ann")
    pagerduty.schedule(pagerduty.layer(ann))
    said = pagerduty.errors("POST", "/schedules", pagerduty.schedule_body(pagerduty.layer(ann)))
    assert said == ["Name has already been taken"]


# Starts, ends and edits


def test_a_start_in_the_past_is_moved_to_now(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    schedule = pagerduty.schedule(pagerduty.layer(ann, bob, start="2026-02-23T09:00:00Z"))
    (layer,) = layers_of(pagerduty, schedule)
    assert layer["start"] == "2026-03-02T10:00:00+01:00"
    assert pagerduty.rendered(schedule, "2026-02-20T00:00:00Z", "2026-03-03T00:00:00Z") == [
        ("2026-03-02T10:00:00+01:00", "2026-03-03T01:00:00+01:00", "bob")
    ]


def test_a_start_that_was_moved_stays_when_the_past_one_is_sent_again(pagerduty) -> None:
    body = pagerduty.layer(pagerduty.user("ann"), start="2026-02-23T09:00:00Z")
    schedule = pagerduty.schedule(body)
    pagerduty.move(days=3)
    key = layers_of(pagerduty, schedule)[0]["id"]
    pagerduty.send("PUT", f"/schedules/{schedule}", pagerduty.schedule_body(body | {"id": key}))
    assert layers_of(pagerduty, schedule)[0]["start"] == "2026-03-02T10:00:00+01:00"


def test_a_sandbox_ahead_of_the_machine_never_moves_a_start_into_the_machines_future(pagerduty) -> None:
    """The provider hides a moved start only if it is past by the machine's clock."""
    pagerduty.move_to("2999-01-01T00:00:00+00:00")
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann"), start="2026-02-23T09:00:00Z"))
    start = datetime.fromisoformat(str(layers_of(pagerduty, schedule)[0]["start"]))
    assert start <= datetime.now(UTC)
    assert pagerduty.rendered(schedule, "2998-12-25T00:00:00Z", "2999-01-02T00:00:00Z") == [
        ("2999-01-01T01:00:00+01:00", "2999-01-02T01:00:00+01:00", "ann")
    ]


def test_a_layer_left_out_of_an_update_is_ended_now_and_still_answered(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    schedule = pagerduty.schedule(pagerduty.layer(ann, name="old"))
    pagerduty.move(days=1)
    pagerduty.send("PUT", f"/schedules/{schedule}", pagerduty.schedule_body(pagerduty.layer(bob, name="new")))
    found = [(layer["name"], layer["end"]) for layer in layers_of(pagerduty, schedule)]
    assert found == [("new", None), ("old", "2026-03-03T10:00:00+01:00")]
    assert names(pagerduty, schedule, *FOUR_WEEKS) == ["ann", "bob"]


def test_with_the_switch_off_a_layer_left_out_goes_on(pagerduty) -> None:
    pagerduty.sandbox.seed({"pagerduty": {"switches": {"absent_layer_ends": False}}})
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    schedule = pagerduty.schedule(pagerduty.layer(ann, name="old"))
    later = pagerduty.layer(bob, start="2026-03-16T09:00:00Z")
    pagerduty.send("PUT", f"/schedules/{schedule}", pagerduty.schedule_body(later))
    assert names(pagerduty, schedule, *FOUR_WEEKS) == ["ann", "bob"]


def test_a_line_up_that_changes_at_an_instant(pagerduty) -> None:
    ann, bob, cat = (pagerduty.user(name) for name in ("ann", "bob", "cat"))
    old = pagerduty.layer(ann, bob)
    schedule = pagerduty.schedule(old)
    key = layers_of(pagerduty, schedule)[0]["id"]
    change = "2026-03-16T09:00:00Z"
    body = pagerduty.schedule_body(old | {"id": key, "end": change}, pagerduty.layer(cat, ann, start=change))
    pagerduty.send("PUT", f"/schedules/{schedule}", body)
    assert names(pagerduty, schedule, *FOUR_WEEKS) == ["ann", "bob", "cat", "ann"]


def test_dropping_the_first_of_two_layers_as_the_provider_does_it_keeps_the_past(pagerduty) -> None:
    """The provider pairs layers by position: the second's content comes under the first one's id, and a spare
    without id, ended now, stands for the second; the second's own id is absent."""
    ann, bob, cat = (pagerduty.user(name) for name in ("ann", "bob", "cat"))
    change = "2026-03-09T09:00:00Z"
    first, second = pagerduty.layer(ann, end=change), pagerduty.layer(bob, cat, start=change)
    schedule = pagerduty.schedule(first, second)
    key = next(layer["id"] for layer in layers_of(pagerduty, schedule) if layer["end"])
    pagerduty.move_to("2026-03-10T09:00:00+00:00")
    spare = second | {"end": "2026-03-10 09:00:00 +0000 UTC"}
    pagerduty.send("PUT", f"/schedules/{schedule}", pagerduty.schedule_body(second | {"id": key}, spare))
    assert pagerduty.rendered(schedule, *FOUR_WEEKS) == [
        ("2026-03-02T10:00:00+01:00", "2026-03-09T10:00:00+01:00", "ann"),
        ("2026-03-09T10:00:00+01:00", "2026-03-16T10:00:00+01:00", "bob"),
        ("2026-03-16T10:00:00+01:00", "2026-03-23T10:00:00+01:00", "cat"),
        ("2026-03-23T10:00:00+01:00", "2026-03-30T02:00:00+02:00", "bob"),
    ]


def test_an_end_before_the_start_is_taken_and_renders_nothing(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    spare = pagerduty.layer(bob, start="2026-03-16T09:00:00Z", end=GO_TIME)
    schedule = pagerduty.schedule(pagerduty.layer(ann), spare)
    assert names(pagerduty, schedule, *FOUR_WEEKS) == ["ann"]


def test_an_edit_never_rewrites_what_has_been(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    body = pagerduty.layer(ann)
    schedule = pagerduty.schedule(body)
    key = layers_of(pagerduty, schedule)[0]["id"]
    pagerduty.move(days=2)
    changed = body | {"id": key, "users": [{"user": {"id": bob}}]}
    pagerduty.send("PUT", f"/schedules/{schedule}", pagerduty.schedule_body(changed, time_zone="UTC"))
    assert pagerduty.rendered(schedule, "2026-03-03T00:00:00Z", "2026-03-06T00:00:00Z") == [
        ("2026-03-03T00:00:00+00:00", "2026-03-04T09:00:00+00:00", "ann"),
        ("2026-03-04T09:00:00+00:00", "2026-03-06T00:00:00+00:00", "bob"),
    ]


# Overrides


def override(pagerduty, schedule: str, user: str, start: str, end: str) -> list[dict[str, object]]:
    one = {"start": start, "end": end, "user": {"id": user, "type": "user_reference"}}
    return pagerduty.send("POST", f"/schedules/{schedule}/overrides", {"overrides": [one]}, 201)


def test_an_override_is_above_all_layers(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    schedule = pagerduty.schedule(pagerduty.layer(ann))
    (result,) = override(pagerduty, schedule, bob, "2026-03-03T09:00:00Z", "2026-03-04T09:00:00Z")
    assert result["status"] == 201
    assert pagerduty.rendered(schedule, "2026-03-03T00:00:00Z", "2026-03-05T00:00:00Z") == [
        ("2026-03-03T01:00:00+01:00", "2026-03-03T10:00:00+01:00", "ann"),
        ("2026-03-03T10:00:00+01:00", "2026-03-04T10:00:00+01:00", "bob"),
        ("2026-03-04T10:00:00+01:00", "2026-03-05T01:00:00+01:00", "ann"),
    ]


def test_an_override_that_ends_before_it_starts_is_refused_in_its_row(pagerduty) -> None:
    ann = pagerduty.user("ann")
    schedule = pagerduty.schedule(pagerduty.layer(ann))
    (result,) = override(pagerduty, schedule, ann, "2026-03-04T09:00:00Z", "2026-03-03T09:00:00Z")
    assert (result["status"], result["errors"]) == (400, ["Override must end after its start"])


def test_the_single_form_of_an_override_gives_one_back(pagerduty) -> None:
    ann = pagerduty.user("ann")
    schedule = pagerduty.schedule(pagerduty.layer(ann))
    one = {"start": "2026-03-03T09:00:00Z", "end": "2026-03-04T09:00:00Z", "user": {"id": ann}}
    made = pagerduty.send("POST", f"/schedules/{schedule}/overrides", {"override": one}, 201)["override"]
    window = {"since": "2026-03-03T00:00:00Z", "until": "2026-03-05T00:00:00Z"}
    assert [one["id"] for one in pagerduty.get(f"/schedules/{schedule}/overrides", **window)["overrides"]] == [
        made["id"]
    ]


def test_a_future_override_goes_a_running_one_is_cut_a_past_one_is_refused(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    schedule = pagerduty.schedule(pagerduty.layer(ann))
    (made,) = override(pagerduty, schedule, bob, "2026-03-03T09:00:00Z", "2026-03-04T09:00:00Z")
    (other,) = override(pagerduty, schedule, bob, "2026-03-10T09:00:00Z", "2026-03-11T09:00:00Z")
    path = f"/schedules/{schedule}/overrides"
    pagerduty.move_to("2026-03-03T12:00:00+00:00")
    statuses = [
        pagerduty.http.request("DELETE", f"{path}/{key}").status_code
        for key in (other["override"]["id"], made["override"]["id"], made["override"]["id"])
    ]
    assert statuses == [204, 200, 400]
    assert pagerduty.rendered(schedule, "2026-03-03T09:00:00Z", "2026-03-12T00:00:00Z") == [
        ("2026-03-03T10:00:00+01:00", "2026-03-03T13:00:00+01:00", "bob"),
        ("2026-03-03T13:00:00+01:00", "2026-03-12T01:00:00+01:00", "ann"),
    ]


def test_overrides_are_listed_only_for_a_window(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann")))
    assert pagerduty.get(f"/schedules/{schedule}/overrides", 400)["error"]["code"] == 2004


# Deleting, previewing, who is on call


def test_a_schedule_in_use_cant_be_deleted(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann")))
    pagerduty.policy((5, [schedule]))
    error = pagerduty.send("DELETE", f"/schedules/{schedule}", None, 400)["error"]
    assert error["code"] == 2001
    assert error["errors"] == ["Schedule can't be deleted if it's being used by escalation policies"]


def test_a_schedule_in_an_open_incidents_copy_of_a_policy_cant_be_deleted(pagerduty) -> None:
    ann = pagerduty.user("ann")
    schedule = pagerduty.schedule(pagerduty.layer(ann))
    policy = pagerduty.policy((5, [schedule]))
    key = pagerduty.integration(pagerduty.service(policy))
    pagerduty.event(key)
    pagerduty.send("PUT", f"/escalation_policies/{policy}", pagerduty.policy_body((5, [ann])))
    said = "Schedule can't be deleted if it's being used by an escalation policy snapshot with open incidents"
    assert pagerduty.errors("DELETE", f"/schedules/{schedule}") == [said]
    pagerduty.event(key, "resolve")
    pagerduty.send("DELETE", f"/schedules/{schedule}", None, 204)


def test_a_preview_renders_without_storing(pagerduty) -> None:
    body = pagerduty.schedule_body(pagerduty.layer(pagerduty.user("ann")))
    path = "/schedules/preview?since=2026-03-02T09:00:00Z&until=2026-03-03T09:00:00Z"
    entries = pagerduty.send("POST", path, body)["schedule"]["final_schedule"]["rendered_schedule_entries"]
    assert ([one["user"]["summary"] for one in entries], pagerduty.get("/schedules")["schedules"]) == (["ann"], [])


def test_the_users_of_a_schedule_are_those_on_call_in_the_window(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(*(pagerduty.user(name) for name in ("ann", "bob", "cat"))))
    window = {"since": "2026-03-02T09:00:00Z", "until": "2026-03-10T09:00:00Z"}
    assert [one["name"] for one in pagerduty.get(f"/schedules/{schedule}/users", **window)["users"]] == ["ann", "bob"]


def on_call(pagerduty, **query: object) -> list[tuple[object, ...]]:
    rows = pagerduty.get("/oncalls", **query)["oncalls"]
    return [(row["escalation_level"], row["user"]["summary"], row["start"], row["end"]) for row in rows]


def test_on_calls_name_level_user_and_the_whole_shift(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    pagerduty.policy((5, [pagerduty.schedule(pagerduty.layer(ann, bob))]), (5, [bob]))
    pagerduty.move(days=8)
    assert on_call(pagerduty) == [
        (1, "bob", "2026-03-09T10:00:00+01:00", "2026-03-16T10:00:00+01:00"),
        (2, "bob", None, None),
    ]


def test_on_calls_of_a_window_can_be_narrowed_to_a_user_and_to_the_earliest(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    pagerduty.policy((5, [pagerduty.schedule(pagerduty.layer(ann, bob))]))
    window = {"since": "2026-03-02T09:00:00Z", "until": "2026-04-01T09:00:00Z", "user_ids[]": bob}
    assert len(on_call(pagerduty, **window)) == 2
    assert on_call(pagerduty, earliest="true", **window) == [
        (1, "bob", "2026-03-09T10:00:00+01:00", "2026-03-16T10:00:00+01:00")
    ]


def test_on_calls_reach_90_days_ahead_at_most(pagerduty) -> None:
    window = {"since": "2026-03-02T09:00:00Z", "until": "2026-07-01T09:00:00Z"}
    assert pagerduty.get("/oncalls", 400, **window)["error"]["code"] == 2004


def test_state_says_who_is_on_call_now_and_until_when(pagerduty) -> None:
    team = pagerduty.team("Platform")
    schedule = pagerduty.schedule(
        pagerduty.layer(pagerduty.user("ann"), pagerduty.user("bob")), teams=[{"id": team, "type": "team_reference"}]
    )
    pagerduty.move(days=8)
    assert pagerduty.sandbox.state()["pagerduty"]["on_call"] == [
        {
            "id": schedule,
            "schedule": "Primary",
            "team": "Platform",
            "time_zone": "Europe/Berlin",
            "who": [{"name": "bob", "until": "2026-03-16T09:00:00Z", "part": None}],
        }
    ]


def test_state_follows_an_edit_and_a_clock_moved_back(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    schedule = pagerduty.schedule(pagerduty.layer(ann, bob))

    def now() -> list[str]:
        return [one["name"] for one in pagerduty.sandbox.state()["pagerduty"]["on_call"][0]["who"]]

    seen = [now()]
    pagerduty.move(days=7)
    seen.append(now())
    pagerduty.move(days=-6)
    seen.append(now())
    pagerduty.send("PUT", f"/schedules/{schedule}", pagerduty.schedule_body(pagerduty.layer(bob)))
    seen.append(now())
    assert seen == [["ann"], ["bob"], ["ann"], ["bob"]]

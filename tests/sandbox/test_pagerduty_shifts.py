"""Shift-based schedules (v3): their calls, limits and refusals, and who is on call through them."""

from typing import Any

import pytest

MONDAY = "2026-03-02T09:00:00Z"
LATER = "2026-03-09T09:00:00Z"


class Shifts:
    """Short ways to a v3 schedule."""

    def __init__(self, pagerduty: Any, name: str = "Shifts", zone: str = "Europe/Berlin") -> None:
        self.pagerduty = pagerduty
        body = {"schedule": {"name": name, "time_zone": zone, "description": "x", "rotations": []}}
        self.id = pagerduty.send("POST", "/v3/schedules", body, 201)["schedule"]["id"]
        self.path = f"/v3/schedules/{self.id}"

    def rotation(self) -> str:
        return self.pagerduty.send("POST", f"{self.path}/rotations", {}, 201)["rotation"]["id"]

    def event(self, rotation: str, *users: str | None, **more: Any) -> dict[str, Any]:
        body = {"event": event(*users, **more)}
        return self.pagerduty.send("POST", f"{self.path}/rotations/{rotation}/events", body, 201)["event"]

    def final(
        self, since: str = MONDAY, until: str = "2026-03-23T09:00:00Z", **more: str
    ) -> list[tuple[str, str, str]]:
        """Who is on call when: (start, end, name or "-"), in UTC."""
        query = {"since": since, "until": until, "include[]": "final_schedule", "time_zone": "UTC"} | more
        found = self.pagerduty.get(self.path, **query)["schedule"]["final_schedule"]["computed_shift_assignments"]
        names = {user.id: user.name for user in self.pagerduty.account.users.values()}
        return [
            (one["start_time"][5:16], one["end_time"][5:16], names.get(one["member"].get("user_id"), "-"))
            for one in found
        ]


def event(*users: str | None, every: bool = False, turns: int = 1, **more: Any) -> dict[str, Any]:
    members = [{"type": "user_member", "user_id": user} if user else {"type": "empty_member"} for user in users]
    strategy: dict[str, Any] = {"type": "rotating_member_assignment_strategy", "shifts_per_member": turns}
    if every:
        strategy = {"type": "every_member_assignment_strategy"}
    return {
        "name": "weekly",
        "start_time": {"date_time": MONDAY, "time_zone": "Europe/Berlin"},
        "end_time": {"date_time": LATER, "time_zone": "Europe/Berlin"},
        "effective_since": MONDAY,
        "effective_until": None,
        "recurrence": ["RRULE:FREQ=WEEKLY"],
        "assignment_strategy": strategy | {"members": members},
    } | more


def v3_errors(pagerduty: Any, method: str, path: str, body: Any) -> Any:
    return pagerduty.send(method, path, body, 400)["error"].get("errors")


# Rendering


def test_members_take_turns_shift_by_shift(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    shifts.event(shifts.rotation(), pagerduty.user("ann"), pagerduty.user("bob"))
    assert shifts.final() == [
        ("03-02T09:00", "03-09T09:00", "ann"),
        ("03-09T09:00", "03-16T09:00", "bob"),
        ("03-16T09:00", "03-23T09:00", "ann"),
    ]


def test_a_member_can_have_several_shifts_in_a_row(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    shifts.event(shifts.rotation(), pagerduty.user("ann"), pagerduty.user("bob"), turns=2)
    assert [who for _, _, who in shifts.final()] == ["ann", "ann", "bob"]


def test_every_member_is_on_each_shift_with_the_other_strategy(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    shifts.event(shifts.rotation(), pagerduty.user("ann"), pagerduty.user("bob"), every=True)
    assert [who for _, _, who in shifts.final(until=LATER)] == ["ann", "bob"]


def test_an_empty_member_leaves_the_shift_to_nobody(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    shifts.event(shifts.rotation(), pagerduty.user("ann"), None)
    query = {"since": MONDAY, "until": "2026-03-16T09:00:00Z", "include[]": "final_schedule"}
    final = pagerduty.get(shifts.path, **query)["schedule"]["final_schedule"]
    assert [one["member"]["type"] for one in final["computed_shift_assignments"]] == ["user_member", "empty_member"]
    assert final["rendered_coverage_percentage"] == 50.0


def test_shifts_follow_utc_over_daylight_changes_unless_the_switch_says_the_clock(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    shifts.event(shifts.rotation(), pagerduty.user("ann"))
    summer = {"since": "2026-03-30T00:00:00Z", "until": "2026-03-31T00:00:00Z", "overflow": "true"}
    assert shifts.final(**summer)[0][0] == "03-23T09:00"
    assert shifts.final(**summer)[-1][0] == "03-30T09:00"
    pagerduty.sandbox.seed({"pagerduty": {"switches": {"shifts_by_wall_clock": True}}})
    assert shifts.final(**summer)[-1][0] == "03-30T08:00"


def test_an_event_gives_shifts_only_while_it_is_in_force(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    ann = pagerduty.user("ann")
    shifts.event(shifts.rotation(), ann, effective_since="2026-03-04T00:00:00Z", effective_until="2026-03-05T00:00:00Z")
    assert shifts.final() == [("03-04T00:00", "03-05T00:00", "ann")]


def test_shifts_of_several_rotations_stand_beside_each_other(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    for name in ("ann", "bob"):
        shifts.event(shifts.rotation(), pagerduty.user(name))
    assert [who for _, _, who in shifts.final(until=LATER)] == ["ann", "bob"]


def test_a_window_cuts_shifts_unless_overflow_is_asked_for(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    shifts.event(shifts.rotation(), pagerduty.user("ann"))
    window = {"since": "2026-03-03T00:00:00Z", "until": "2026-03-04T00:00:00Z"}
    assert shifts.final(**window) == [("03-03T00:00", "03-04T00:00", "ann")]
    assert shifts.final(**window, overflow="true") == [("03-02T09:00", "03-09T09:00", "ann")]


def test_an_override_replaces_one_member_in_one_rotation(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    ann, bob, eve = (pagerduty.user(name) for name in ("ann", "bob", "eve"))
    rotation = shifts.rotation()
    shifts.event(rotation, ann)
    shifts.event(shifts.rotation(), bob)
    make_override(shifts, rotation, ann, eve)
    assert [one for one in shifts.final(until=LATER) if one[2] != "bob"] == [
        ("03-02T09:00", "03-03T09:00", "ann"),
        ("03-03T09:00", "03-04T09:00", "eve"),
        ("03-04T09:00", "03-09T09:00", "ann"),
    ]


def make_override(shifts: Shifts, rotation: str, old: str, new: str, **more: Any) -> dict[str, Any]:
    one = {
        "type": "override_shift",
        "rotation_id": rotation,
        "start_time": "2026-03-03T09:00:00Z",
        "end_time": "2026-03-04T09:00:00Z",
        "overridden_member": {"type": "user_member", "user_id": old},
        "overriding_member": {"type": "user_member", "user_id": new},
    } | more
    return shifts.pagerduty.send("POST", f"{shifts.path}/overrides", {"overrides": [one]}, 201)["overrides"][0]


def make_custom(shifts: Shifts, user: str, start: str, end: str) -> dict[str, Any]:
    assignment = {"type": "shift_assignment", "member": {"type": "user_member", "user_id": user}}
    one = {"type": "custom_shift", "start_time": start, "end_time": end, "assignments": [assignment]}
    body = {"custom_shifts": [one]}
    return shifts.pagerduty.send("POST", f"{shifts.path}/custom_shifts", body, 201)["custom_shifts"][0]


def test_a_custom_shift_adds_and_can_be_overridden(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    custom = make_custom(shifts, ann, "2026-03-03T09:00:00Z", "2026-03-03T17:00:00Z")
    more = {"rotation_id": None, "custom_shift_id": custom["id"], "end_time": "2026-03-03T12:00:00Z"}
    make_override(shifts, "", ann, bob, **more)
    assert shifts.final() == [("03-03T09:00", "03-03T12:00", "bob"), ("03-03T12:00", "03-03T17:00", "ann")]


def test_the_source_of_each_assignment_is_named(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    rotation = shifts.rotation()
    shifts.event(rotation, ann)
    override = make_override(shifts, rotation, ann, bob)
    query = {"since": MONDAY, "until": "2026-03-04T00:00:00Z", "include[]": "final_schedule"}
    final = pagerduty.get(shifts.path, **query)["schedule"]["final_schedule"]["computed_shift_assignments"]
    assert [one["source"] for one in final] == [
        {"type": "schedule_rotation", "rotation_id": rotation},
        {"type": "schedule_rotation_override", "rotation_id": rotation, "override_id": override["id"]},
    ]


# On call and paging


def test_everybody_on_shift_is_paged(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    shifts.event(shifts.rotation(), pagerduty.user("ann"), pagerduty.user("bob"), every=True)
    rules = [{"escalation_delay_in_minutes": 5, "targets": [{"id": shifts.id, "type": "schedule_reference"}]}]
    body = {"escalation_policy": {"name": "EP", "escalation_rules": rules}}
    policy = pagerduty.send("POST", "/escalation_policies", body, 201)["escalation_policy"]
    assert policy["escalation_rules"][0]["targets"][0]["type"] == "schedule_v3_reference"
    pagerduty.event(pagerduty.integration(pagerduty.service(policy["id"])))
    assert pagerduty.assigned() == ["ann", "bob"]
    rows = pagerduty.get("/oncalls", **{"schedule_ids[]": shifts.id})["oncalls"]
    assert [(row["user"]["summary"], row["start"]) for row in rows] == [
        ("ann", "2026-03-02T10:00:00+01:00"),
        ("bob", "2026-03-02T10:00:00+01:00"),
    ]


def test_the_page_shows_who_is_on_shift(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    shifts.event(shifts.rotation(), pagerduty.user("ann"))
    (shown,) = pagerduty.sandbox.state()["pagerduty"]["on_call"]
    assert (shown["schedule"], [one["name"] for one in shown["who"]]) == ("Shifts", ["ann"])


# The calls and their refusals


def test_times_come_back_in_utc_and_utc_by_its_full_name(pagerduty) -> None:
    shifts = Shifts(pagerduty, zone="UTC")
    made = shifts.event(
        shifts.rotation(),
        pagerduty.user("ann"),
        start_time={"date_time": "2026-03-02T10:00:00+01:00", "time_zone": "UTC"},
    )
    assert pagerduty.get(shifts.path)["schedule"]["time_zone"] == "Etc/UTC"
    assert made["start_time"] == {"date_time": MONDAY, "time_zone": "Etc/UTC"}


def test_a_schedule_is_read_with_rotations_and_events_inline(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    rotation = shifts.rotation()
    made = shifts.event(rotation, pagerduty.user("ann"))
    schedule = pagerduty.get(shifts.path)["schedule"]
    assert (schedule["type"], [one["id"] for one in schedule["rotations"]]) == ("schedule_v3", [rotation])
    assert schedule["rotations"][0]["events"] == [made]
    assert pagerduty.get(f"{shifts.path}/rotations/{rotation}")["rotation"]["events"] == [made]


def test_each_kind_of_schedule_has_lists_of_its_own(pagerduty) -> None:
    layered = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann")))
    shifts = Shifts(pagerduty)
    answer = pagerduty.get("/v3/schedules")
    assert [one["type"] for one in answer["schedules"]] == ["schedule_v3_reference"]
    assert {name: answer[name] for name in answer if name != "schedules"} == {"limit": 100, "offset": 0, "more": False}
    assert [one["id"] for one in pagerduty.get("/schedules")["schedules"]] == [layered]
    pagerduty.get(f"/v3/schedules/{layered}", 400)
    pagerduty.get(f"/schedules/{shifts.id}", 400)
    pagerduty.get("/v3/schedules/PNOBODY", 404)


def test_faults_are_told_by_the_path_of_their_field(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    body = {"event": event("PNOBODY", name="", recurrence=["RRULE:FREQ=SECONDLY"])}
    found = v3_errors(pagerduty, "POST", f"{shifts.path}/rotations/{shifts.rotation()}/events", body)
    assert set(found) == {"event.name", "event.recurrence", "event.assignment_strategy.members[0].user_id"}


def test_at_most_ten_rotations_and_five_events(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    rotations = [shifts.rotation() for _ in range(10)]
    pagerduty.send("POST", f"{shifts.path}/rotations", {}, 400)
    ann = pagerduty.user("ann")
    for day in range(5):
        force = {"effective_since": f"2026-03-0{day + 2}T09:00:00Z", "effective_until": f"2026-03-0{day + 3}T09:00:00Z"}
        shifts.event(rotations[0], ann, **force)
    body = {"event": event(ann, effective_since="2026-03-07T09:00:00Z")}
    pagerduty.send("POST", f"{shifts.path}/rotations/{rotations[0]}/events", body, 400)


def test_events_of_a_rotation_may_not_be_in_force_together(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    ann, rotation = pagerduty.user("ann"), shifts.rotation()
    weekdays = {
        "end_time": {"date_time": "2026-03-02T17:00:00Z", "time_zone": "Europe/Berlin"},
        "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
    }
    weekend = weekdays | {"recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=SA,SU"]}
    shifts.event(rotation, ann, **weekdays)
    path = f"{shifts.path}/rotations/{rotation}/events"
    pagerduty.send("POST", path, {"event": event(ann, **weekend)}, 400)
    pagerduty.sandbox.seed({"pagerduty": {"switches": {"events_overlap_by_window": False}}})
    pagerduty.send("POST", path, {"event": event(ann, **weekend)}, 201)
    pagerduty.send("POST", path, {"event": event(ann, **weekdays)}, 400)


def test_a_past_effective_since_is_moved_to_now(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    made = shifts.event(shifts.rotation(), pagerduty.user("ann"), effective_since="2026-01-01T00:00:00Z")
    assert made["effective_since"] == MONDAY


def test_a_running_event_may_change_only_its_end_and_a_past_one_nothing(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    rotation = shifts.rotation()
    made = shifts.event(rotation, pagerduty.user("ann"))
    path = f"{shifts.path}/rotations/{rotation}/events/{made['id']}"
    pagerduty.move(days=1)
    assert v3_errors(pagerduty, "PUT", path, {"event": {"name": "x", "effective_until": None}}).keys() == {"event.name"}
    body = {"event": {"effective_until": "2026-03-04T00:00:00Z"}}
    assert pagerduty.send("PUT", path, body)["event"]["effective_until"] == "2026-03-04T00:00:00Z"
    pagerduty.move(days=3)
    pagerduty.send("PUT", path, body, 400)
    pagerduty.send("DELETE", path, None, 400)


def test_an_event_to_come_can_be_changed_whole(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    rotation = shifts.rotation()
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    made = shifts.event(rotation, ann, effective_since=LATER)
    body = {"event": event(bob, effective_since=LATER)}
    pagerduty.send("PUT", f"{shifts.path}/rotations/{rotation}/events/{made['id']}", body)
    assert shifts.final() == [("03-09T09:00", "03-16T09:00", "bob"), ("03-16T09:00", "03-23T09:00", "bob")]


@pytest.mark.parametrize("whole", [True, False])
def test_what_a_deleted_event_or_rotation_gave_stays(pagerduty, whole: bool) -> None:
    shifts = Shifts(pagerduty)
    rotation = shifts.rotation()
    made = shifts.event(rotation, pagerduty.user("ann"))
    pagerduty.move(days=1)
    path = f"{shifts.path}/rotations/{rotation}"
    pagerduty.send("DELETE", path if whole else f"{path}/events/{made['id']}", None, 204)
    assert shifts.final() == [("03-02T09:00", "03-03T09:00", "ann")]
    rotations = pagerduty.get(shifts.path)["schedule"]["rotations"]
    assert [one["events"] for one in rotations] == ([] if whole else [[]])


def test_a_schedule_in_use_can_t_be_deleted(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    shifts.event(shifts.rotation(), pagerduty.user("ann"))
    rules = [{"escalation_delay_in_minutes": 5, "targets": [{"id": shifts.id, "type": "schedule_v3_reference"}]}]
    body = {"escalation_policy": {"name": "EP", "escalation_rules": rules}}
    policy = pagerduty.send("POST", "/escalation_policies", body, 201)["escalation_policy"]["id"]
    assert pagerduty.errors("DELETE", shifts.path) == [
        "Schedule can't be deleted if it's being used by escalation policies"
    ]
    pagerduty.send("DELETE", f"/escalation_policies/{policy}", None, 204)
    pagerduty.send("DELETE", shifts.path, None, 204)


def test_a_user_on_a_shift_can_t_be_deleted_before_they_leave_it(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    ann, rotation = pagerduty.user("ann"), shifts.rotation()
    shifts.event(rotation, ann)
    assert pagerduty.errors("DELETE", f"/users/{ann}") == ["The user can't be deleted: on the schedules Shifts"]
    pagerduty.send("DELETE", f"{shifts.path}/rotations/{rotation}", None, 204)
    pagerduty.send("DELETE", f"/users/{ann}", None, 204)


def test_custom_shifts_that_run_can_only_end_otherwise(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    ann = pagerduty.user("ann")
    custom = make_custom(shifts, ann, MONDAY, "2026-03-04T09:00:00Z")
    path = f"{shifts.path}/custom_shifts/{custom['id']}"
    pagerduty.move(days=1)
    pagerduty.send("PUT", path, {"custom_shift": {"start_time": LATER}}, 400)
    pagerduty.send("PUT", path, {"custom_shift": {"end_time": "2026-03-05T09:00:00Z"}})
    pagerduty.send("DELETE", path, None, 204)
    assert shifts.final() == [("03-02T09:00", "03-03T09:00", "ann")]
    pagerduty.send("DELETE", path, None, 400)


def test_overrides_name_exactly_one_source(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    ann, rotation = pagerduty.user("ann"), shifts.rotation()
    one = {
        "type": "override_shift",
        "start_time": MONDAY,
        "end_time": LATER,
        "overridden_member": {"type": "user_member", "user_id": ann},
        "overriding_member": {"type": "empty_member"},
    }
    for sources in ({}, {"rotation_id": rotation, "custom_shift_id": "x"}):
        found = v3_errors(pagerduty, "POST", f"{shifts.path}/overrides", {"overrides": [one | sources]})
        assert set(found) == {"overrides[0].rotation_id"}


def test_overrides_are_listed_in_a_window_changed_and_deleted(pagerduty) -> None:
    shifts = Shifts(pagerduty)
    ann, bob, rotation = pagerduty.user("ann"), pagerduty.user("bob"), shifts.rotation()
    shifts.event(rotation, ann)
    made = make_override(shifts, rotation, ann, bob)
    pagerduty.get(f"{shifts.path}/overrides", 400)
    window = {"since": MONDAY, "until": LATER}
    assert [one["id"] for one in pagerduty.get(f"{shifts.path}/overrides", **window)["overrides"]] == [made["id"]]
    path = f"{shifts.path}/overrides/{made['id']}"
    changed = pagerduty.send("PUT", path, {"override": {"end_time": "2026-03-03T12:00:00Z"}})["override"]
    assert changed["end_time"] == "2026-03-03T13:00:00+01:00"
    pagerduty.send("DELETE", path, None, 204)
    pagerduty.get(path, 404)


def test_the_early_access_header_is_demanded_only_where_the_switch_says_so(pagerduty) -> None:
    pagerduty.get("/v3/schedules")
    pagerduty.sandbox.seed({"pagerduty": {"switches": {"early_access_needed": True}}})
    pagerduty.get("/v3/schedules", 400)
    headers = {"X-Early-Access": "flexible-schedules-early-access"}
    assert pagerduty.http.get("/v3/schedules", headers=headers).status_code == 200

"""From alert to phone: urgency, levels, notification rules, escalation, acknowledgement, and the calls on incidents."""

import pytest

HOURS = {
    "type": "fixed_time_per_day",
    "time_zone": "Europe/Berlin",
    "start_time": "09:00:00",
    "end_time": "18:00:00",
    "days_of_week": [1, 2, 3, 4, 5],
}
HELD = {
    "incident_urgency_rule": {
        "type": "use_support_hours",
        "during_support_hours": {"type": "constant", "urgency": "high"},
        "outside_support_hours": {"type": "constant", "urgency": "low"},
    },
    "support_hours": HOURS,
    "scheduled_actions": [
        {"type": "urgency_change", "at": {"type": "named_time", "name": "support_hours_start"}, "to_urgency": "high"}
    ],
}
BY_SEVERITY = {"incident_urgency_rule": {"type": "constant", "urgency": "severity_based"}}
LOW = {"incident_urgency_rule": {"type": "constant", "urgency": "low"}}
FROM = {"From": "ann@acme.example"}


def rule(pagerduty, user: str, urgency: str, delay: int, kind: str = "phone") -> None:
    """Give a user a notification rule, with a method of that kind."""
    body = {"type": f"{kind}_contact_method", "address": "305550101", "label": kind}
    answer = pagerduty.http.post(f"/users/{user}/contact_methods", json={"contact_method": body}).json()
    methods = pagerduty.get(f"/users/{user}/contact_methods")["contact_methods"]
    method = answer.get("contact_method") or next(one for one in methods if one["label"] == kind)
    fields = {"start_delay_in_minutes": delay, "urgency": urgency, "contact_method": {"id": method["id"]}}
    pagerduty.send("POST", f"/users/{user}/notification_rules", {"notification_rule": fields}, 201)


def only(pagerduty, name: str, *rules: tuple[str, int]) -> str:
    """Make a user whose only rules are phone calls at (urgency, minutes)."""
    user = pagerduty.user(name)
    for one in pagerduty.get(f"/users/{user}/notification_rules")["notification_rules"]:
        pagerduty.send("DELETE", f"/users/{user}/notification_rules/{one['id']}", None, 204)
    for urgency, delay in rules:
        rule(pagerduty, user, urgency, delay)
    return user


# Who is told, and when


def test_the_one_on_call_is_told_at_once_by_their_own_rules(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    pagerduty.event(pagerduty.paged_service((5, [pagerduty.schedule(pagerduty.layer(ann, bob))])))
    assert (pagerduty.assigned(), pagerduty.told()) == (
        ["ann"],
        [("0:00:00", "ann", "email"), ("0:00:00", "ann", "push")],
    )


def test_each_rule_of_the_urgency_fires_after_its_own_delay(pagerduty) -> None:
    ann = only(pagerduty, "ann", ("high", 0), ("high", 5), ("low", 1))
    pagerduty.event(pagerduty.paged_service((30, [ann])))
    pagerduty.move(minutes=10)
    assert pagerduty.told() == [("0:00:00", "ann", "phone"), ("0:05:00", "ann", "phone")]


def test_all_targets_of_a_level_are_assigned_and_told_once(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0)), only(pagerduty, "bob", ("high", 0))
    schedule = pagerduty.schedule(pagerduty.layer(ann))
    pagerduty.event(pagerduty.paged_service((5, [schedule, ann, bob])))
    assert pagerduty.told() == [("0:00:00", "ann", "phone"), ("0:00:00", "bob", "phone")]


def test_without_acknowledgement_the_next_level_is_told(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0)), only(pagerduty, "bob", ("high", 0))
    pagerduty.event(pagerduty.paged_service((5, [ann]), (10, [bob])))
    pagerduty.move(hours=1)
    assert pagerduty.told() == [("0:00:00", "ann", "phone"), ("0:05:00", "bob", "phone")]
    assert pagerduty.assigned() == ["bob"]


def test_those_of_the_level_before_are_told_no_more(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 8)), only(pagerduty, "bob", ("high", 0))
    pagerduty.event(pagerduty.paged_service((5, [ann]), (10, [bob])))
    pagerduty.move(hours=1)
    assert pagerduty.told() == [("0:05:00", "bob", "phone")]


def test_the_levels_are_gone_through_again_num_loops_times_and_then_stay(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0)), only(pagerduty, "bob", ("high", 0))
    pagerduty.event(pagerduty.paged_service((5, [ann]), (10, [bob]), loops=1))
    pagerduty.move(hours=5)
    assert [(at, who) for at, who, _ in pagerduty.told()] == [
        ("0:00:00", "ann"),
        ("0:05:00", "bob"),
        ("0:15:00", "ann"),
        ("0:20:00", "bob"),
    ]


def test_who_is_on_call_is_asked_at_the_moment_of_each_level(pagerduty) -> None:
    ann, bob, cat = (only(pagerduty, name, ("high", 0)) for name in ("ann", "bob", "cat"))
    daily = pagerduty.schedule(pagerduty.layer(bob, cat, turn=86400, start="2026-03-01T09:03:00Z"))
    pagerduty.event(pagerduty.paged_service((5, [ann]), (5, [daily])))
    pagerduty.move(minutes=5)
    assert pagerduty.assigned() == ["cat"]


def test_a_level_with_nobody_on_call_is_skipped_at_once(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0)), only(pagerduty, "bob", ("high", 0))
    empty = pagerduty.schedule(pagerduty.layer(ann, start="2026-06-01T00:00:00Z"))
    pagerduty.event(pagerduty.paged_service((5, [empty]), (5, [ann]), (5, [empty]), (5, [bob])), loops=0)
    pagerduty.move(hours=1)
    assert pagerduty.told() == [("0:00:00", "ann", "phone"), ("0:05:00", "bob", "phone")]


def test_round_robin_gives_each_incident_to_the_next(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    body = pagerduty.policy_body((5, [ann, bob]))
    strategy = {"escalation_rule_assignment_strategy": {"type": "round_robin"}}
    body["escalation_policy"]["escalation_rules"][0] |= strategy
    policy = pagerduty.send("POST", "/escalation_policies", body, 201)["escalation_policy"]["id"]
    key = pagerduty.integration(pagerduty.service(policy))
    for dedup in ("a", "b", "c"):
        pagerduty.event(key, dedup=dedup)
    held = [[one["assignee"]["summary"] for one in incident["assignments"]] for incident in pagerduty.incidents()]
    assert held == [["ann"], ["bob"], ["ann"]]


def test_an_incident_keeps_the_policy_it_was_triggered_under(pagerduty) -> None:
    ann, bob, cat = (pagerduty.user(name) for name in ("ann", "bob", "cat"))
    policy = pagerduty.policy((5, [ann]), (5, [bob]))
    pagerduty.event(pagerduty.integration(pagerduty.service(policy)))
    pagerduty.send("PUT", f"/escalation_policies/{policy}", pagerduty.policy_body((5, [cat]), (5, [cat])))
    pagerduty.move(minutes=5)
    assert pagerduty.assigned() == ["bob"]


# Urgency


@pytest.mark.parametrize(
    ("severity", "urgency"), [("critical", "high"), ("error", "high"), ("warning", "low"), ("info", "low")]
)
def test_severity_gives_the_urgency_where_the_rule_says_so(pagerduty, severity: str, urgency: str) -> None:
    pagerduty.event(pagerduty.paged_service((5, [pagerduty.user("ann")]), **BY_SEVERITY), severity=severity)
    assert pagerduty.incident()["urgency"] == urgency


def test_low_urgency_tells_by_the_low_rules_and_never_escalates(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0), ("low", 2)), pagerduty.user("bob")
    pagerduty.event(pagerduty.paged_service((5, [ann]), (5, [bob]), **LOW))
    pagerduty.move(days=1)
    assert (pagerduty.told(), pagerduty.assigned()) == ([("0:02:00", "ann", "phone")], ["ann"])


@pytest.mark.parametrize(
    ("at", "urgency"),
    [
        ("2026-03-02T08:59:59+01:00", "low"),
        ("2026-03-02T09:00:00+01:00", "high"),
        ("2026-03-06T17:59:59+01:00", "high"),
        ("2026-03-06T18:00:00+01:00", "low"),
        ("2026-03-07T12:00:00+01:00", "low"),
        ("2026-03-30T09:00:00+02:00", "high"),
    ],
)
def test_support_hours_decide_by_the_clock_of_their_zone(pagerduty, at: str, urgency: str) -> None:
    key = pagerduty.paged_service((5, [pagerduty.user("ann")]), **HELD)
    pagerduty.move_to(at)
    pagerduty.event(key)
    assert pagerduty.incident()["urgency"] == urgency


def test_a_held_incident_is_raised_when_support_hours_start_and_escalates_from_then(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0)), only(pagerduty, "bob", ("high", 0))
    key = pagerduty.paged_service((5, [ann]), (5, [bob]), **HELD)
    pagerduty.move_to("2026-03-06T20:00:00+01:00")
    pagerduty.event(key)
    quiet = pagerduty.told()
    pagerduty.move_to("2026-03-09T09:30:00+01:00")
    assert (quiet, pagerduty.incident()["urgency"]) == ([], "high")
    assert pagerduty.told() == [("6 days, 23:00:00", "ann", "phone"), ("6 days, 23:05:00", "bob", "phone")]


def test_the_coming_raise_is_a_pending_action(pagerduty) -> None:
    key = pagerduty.paged_service((5, [pagerduty.user("ann")]), **HELD)
    pagerduty.move_to("2026-03-06T20:00:00+01:00")
    pagerduty.event(key)
    assert pagerduty.incident()["pending_actions"] == [{"type": "urgency_change", "at": "2026-03-09T08:00:00Z"}]


def test_an_incident_resolved_before_is_not_raised(pagerduty) -> None:
    ann = only(pagerduty, "ann", ("high", 0))
    key = pagerduty.paged_service((5, [ann]), **HELD)
    pagerduty.move_to("2026-03-06T20:00:00+01:00")
    pagerduty.event(key)
    pagerduty.event(key, "resolve")
    pagerduty.move_to("2026-03-09T12:00:00+01:00")
    assert pagerduty.told() == []


# Acknowledging and resolving


def test_an_acknowledgement_stops_notifying_and_escalating(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0), ("high", 3)), pagerduty.user("bob")
    key = pagerduty.paged_service((5, [ann]), (5, [bob]))
    pagerduty.event(key)
    pagerduty.event(key, "acknowledge")
    pagerduty.move(hours=1)
    incident = pagerduty.incident()
    assert (incident["status"], incident["pending_actions"]) == ("acknowledged", [])
    assert pagerduty.told() == [("0:00:00", "ann", "phone")]


def test_a_resolve_stops_everything(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0), ("high", 3)), pagerduty.user("bob")
    key = pagerduty.paged_service((5, [ann]), (5, [bob]), auto_resolve_timeout=7200)
    pagerduty.event(key)
    pagerduty.event(key, "resolve")
    pagerduty.move(hours=3)
    incident = pagerduty.incident()
    assert (incident["status"], incident["resolved_at"], incident["assignments"]) == (
        "resolved",
        "2026-03-02T09:00:00Z",
        [],
    )
    assert len(pagerduty.told()) == 1


def test_an_acknowledgement_that_times_out_tells_again_and_escalates_again(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0)), only(pagerduty, "bob", ("high", 0))
    pagerduty.event(key := pagerduty.paged_service((5, [ann]), (5, [bob]), acknowledgement_timeout=1800))
    pagerduty.event(key, "acknowledge")
    pagerduty.move(hours=1)
    assert pagerduty.told() == [
        ("0:00:00", "ann", "phone"),
        ("0:30:00", "ann", "phone"),
        ("0:35:00", "bob", "phone"),
    ]


def test_an_incident_left_open_resolves_itself_where_the_service_says_so(pagerduty) -> None:
    pagerduty.event(pagerduty.paged_service((5, [pagerduty.user("ann")]), auto_resolve_timeout=14400))
    pagerduty.move(hours=4)
    assert pagerduty.incident()["status"] == "resolved"


def test_the_services_status_follows_its_incidents(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    key, seen = pagerduty.integration(service), []
    for action in ("trigger", "acknowledge", "resolve"):
        pagerduty.event(key, action)
        seen.append(pagerduty.get(f"/services/{service}")["service"]["status"])
    assert seen == ["critical", "warning", "active"]


# The calls on incidents


def test_an_incident_is_acknowledged_and_resolved_by_a_user(pagerduty) -> None:
    pagerduty.event(pagerduty.paged_service((5, [pagerduty.user("ann")])))
    path, seen = f"/incidents/{pagerduty.incident()['id']}", []
    for status in ("acknowledged", "resolved"):
        body = {"incident": {"type": "incident_reference", "status": status}}
        answer = pagerduty.send("PUT", path, body, **FROM)["incident"]
        seen.append((answer["status"], answer["last_status_change_by"]["summary"]))
    assert seen == [("acknowledged", "ann"), ("resolved", "ann")]
    assert pagerduty.get(f"{path}/alerts")["alerts"][0]["status"] == "resolved"


def test_incidents_are_changed_in_bulk_all_or_none(pagerduty) -> None:
    key = pagerduty.paged_service((5, [pagerduty.user("ann")]))
    for dedup in ("a", "b"):
        pagerduty.event(key, dedup=dedup)
    first, second = (one["id"] for one in pagerduty.incidents())
    pagerduty.send("PUT", "/incidents", {"incidents": [{"id": first, "status": "resolved"}]}, **FROM)
    body = {"incidents": [{"id": second, "status": "resolved"}, {"id": first, "status": "resolved"}]}
    error = pagerduty.send("PUT", "/incidents", body, 400, **FROM)["error"]
    assert (error["code"], [one["status"] for one in pagerduty.incidents()]) == (1001, ["resolved", "triggered"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "closed"}, 1003),
        ({"escalation_level": 9}, 1006),
        ({"assignments": [{"assignee": {"id": "X"}}]}, 1007),
    ],
)
def test_a_change_that_cant_be_is_refused_with_its_code(pagerduty, change: dict[str, object], code: int) -> None:
    pagerduty.event(pagerduty.paged_service((5, [pagerduty.user("ann")])))
    path = f"/incidents/{pagerduty.incident()['id']}"
    assert pagerduty.send("PUT", path, {"incident": change}, 400, **FROM)["error"]["code"] == code


def test_a_second_acknowledgement_is_refused(pagerduty) -> None:
    key = pagerduty.paged_service((5, [pagerduty.user("ann")]))
    pagerduty.event(key)
    pagerduty.event(key, "acknowledge")
    body = {"incident": {"status": "acknowledged"}}
    assert pagerduty.send("PUT", "/incidents/1", body, 400, **FROM)["error"]["code"] == 1002


@pytest.mark.parametrize(("headers", "code"), [({}, 2001), ({"From": "nobody@acme.example"}, 1008)])
def test_a_change_needs_to_say_who_makes_it(pagerduty, headers: dict[str, str], code: int) -> None:
    pagerduty.event(pagerduty.paged_service((5, [pagerduty.user("ann")])))
    body = {"incident": {"status": "resolved"}}
    assert pagerduty.send("PUT", "/incidents/1", body, 400, **headers)["error"]["code"] == code


def test_an_incident_can_be_moved_to_a_level_and_to_a_person(pagerduty) -> None:
    ann, bob, cat = (pagerduty.user(name) for name in ("ann", "bob", "cat"))
    pagerduty.event(pagerduty.paged_service((5, [ann]), (5, [bob])))
    pagerduty.send("PUT", "/incidents/1", {"incident": {"escalation_level": 2}}, **FROM)
    seen = [pagerduty.assigned()]
    body = {"incident": {"assignments": [{"assignee": {"id": cat, "type": "user_reference"}}]}}
    pagerduty.send("PUT", "/incidents/1", body, **FROM)
    seen.append(pagerduty.assigned())
    assert seen == [["bob"], ["cat"]]


def test_a_low_urgency_incident_cant_be_escalated_by_hand(pagerduty) -> None:
    pagerduty.event(pagerduty.paged_service((5, [pagerduty.user("ann")]), (5, [pagerduty.user("bob")]), **LOW))
    body = {"incident": {"escalation_level": 2}}
    assert pagerduty.send("PUT", "/incidents/1", body, 400, **FROM)["error"]["code"] == 1006


def test_incidents_are_filtered(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    one = pagerduty.paged_service((5, [ann]))
    other = pagerduty.integration(pagerduty.service(pagerduty.policy((5, [bob]), name="EP2"), name="b", **LOW))
    pagerduty.event(one, dedup="a")
    pagerduty.event(other, dedup="b")
    pagerduty.event(one, "resolve", dedup="a")
    filters = [
        {"statuses[]": "triggered"},
        {"urgencies[]": "high"},
        {"user_ids[]": bob},
        {"incident_key": "a"},
        {"sort_by": "created_at:desc"},
    ]
    found = [[x["incident_key"] for x in pagerduty.get("/incidents", **query)["incidents"]] for query in filters]
    assert found == [["b"], ["a"], ["b"], ["a"], ["b", "a"]]


def test_incidents_are_listed_for_the_last_month_unless_all_are_asked_for(pagerduty) -> None:
    pagerduty.event(pagerduty.paged_service((5, [pagerduty.user("ann")])))
    pagerduty.move(days=40)
    counts = [len(pagerduty.get("/incidents", **query)["incidents"]) for query in ({}, {"date_range": "all"})]
    assert counts == [0, 1]


def test_the_history_tells_what_happened_newest_first(pagerduty) -> None:
    ann, bob = only(pagerduty, "ann", ("high", 0)), only(pagerduty, "bob", ("high", 0))
    key = pagerduty.paged_service((5, [ann]), (5, [bob]))
    pagerduty.event(key)
    pagerduty.move(minutes=5)
    pagerduty.event(key, "acknowledge")
    pagerduty.event(key, "resolve")
    entries = pagerduty.get("/incidents/1/log_entries", limit=100)["log_entries"]
    assert [(one["type"].removesuffix("_log_entry"), one["created_at"][11:16]) for one in reversed(entries)] == [
        ("trigger", "09:00"),
        ("assign", "09:00"),
        ("notify", "09:00"),
        ("escalate", "09:05"),
        ("notify", "09:05"),
        ("acknowledge", "09:05"),
        ("resolve", "09:05"),
    ]
    told = next(one for one in entries if one["type"] == "notify_log_entry")
    assert told["user"]["summary"] == "bob"
    assert told["channel"]["notification"] == {
        "type": "phone_notification",
        "address": "305550101",
        "status": "success",
    }


def test_a_deleted_services_incidents_go_with_it(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    pagerduty.event(pagerduty.integration(service))
    pagerduty.send("DELETE", f"/services/{service}", None, 204)
    assert pagerduty.incidents() == []


def test_state_shows_incidents_with_whom_they_paged_and_their_timeline(pagerduty) -> None:
    ann = only(pagerduty, "ann", ("high", 0))
    pagerduty.event(pagerduty.paged_service((5, [ann])))
    state = pagerduty.sandbox.state()["pagerduty"]
    (incident,) = state["incidents"]
    assert {
        name: incident[name] for name in ("number", "title", "status", "open", "level", "where", "key", "assigned")
    } == {
        "number": 1,
        "title": "weather is down",
        "status": "triggered",
        "open": True,
        "level": "high",
        "where": "weather",
        "key": "k",
        "assigned": ["ann"],
    }
    told = {"at": "2026-03-02T09:00:00Z", "who": "ann", "how": "phone", "to": "305550101"}
    assert incident["notifications"] == [told]
    assert state["notifications"] == [told | {"about": incident["id"], "title": "weather is down"}]
    assert [one["what"] for one in incident["timeline"]] == ["trigger", "assign", "notify"]

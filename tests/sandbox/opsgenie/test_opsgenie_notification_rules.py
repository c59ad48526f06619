"""Users' notification rules over the API: reading back, order, steps, and whom they page how and when."""

import pytest

ANA = "/v2/users/ana@acme.example"
RULES = f"{ANA}/notification-rules"
PHONE = "49-1701234567"


def priority(level: str):
    condition = {"field": "priority", "operation": "equals", "expectedValue": level}
    return {"type": "match-all-conditions", "conditions": [condition]}


def step(method: str, minutes: int = 0, to: str = "ana@acme.example", **more):
    # The unit as the Terraform provider writes it.
    after = {"timeAmount": minutes, "timeUnit": "minute"}
    return {"contact": {"method": method, "to": to}, "sendAfter": after, "enabled": True} | more


def rule(opsgenie, *steps, **more) -> str:
    body = {"name": "mine", "actionType": "create-alert", "enabled": True, "steps": list(steps)} | more
    return opsgenie.make(RULES, body)["id"]


def bare(opsgenie) -> None:
    """Take away the rule a new user begins with."""
    for one in opsgenie.get(RULES):
        opsgenie.send("DELETE", f"{RULES}/{one['id']}")


def names(opsgenie, action: str = "create-alert") -> list[str]:
    return [one["name"] for one in opsgenie.get(RULES) if one["actionType"] == action]


def test_a_new_user_has_one_rule_for_new_alerts(opsgenie):
    (found,) = opsgenie.get(RULES)
    whole = opsgenie.get(f"{RULES}/{found['id']}")
    assert (found["name"], found["actionType"], found["order"]) == ("New Alert", "create-alert", 0)
    assert [(one["contact"]["method"], one["sendAfter"]["timeAmount"]) for one in whole["steps"]] == [
        ("mobile", 0),
        ("email", 0),
    ]


def test_a_rule_reads_back_whole(opsgenie):
    night = {"type": "time-of-day", "restriction": {"startHour": 22, "startMin": 0, "endHour": 6, "endMin": 0}}
    made = rule(
        opsgenie,
        step("email", 5),
        criteria=priority("P1"),
        timeRestriction=night,
        repeat={"loopAfter": 10, "enabled": True},
    )
    found = opsgenie.get(f"{RULES}/{made}")
    assert found["steps"][0].pop("id")
    assert found == {
        "id": made,
        "name": "mine",
        "actionType": "create-alert",
        "order": 1,
        "enabled": True,
        "criteria": {
            "type": "match-all-conditions",
            "conditions": [
                {"field": "priority", "not": False, "operation": "equals", "expectedValue": "P1", "order": 0}
            ],
        },
        "notificationTime": [],
        "schedules": [],
        "steps": [
            {
                "contact": {"method": "email", "to": "ana@acme.example"},
                "sendAfter": {"timeAmount": 5, "timeUnit": "minutes"},
                "enabled": True,
            }
        ],
        "timeRestriction": night,
        "repeat": {"loopAfter": 10, "enabled": True},
    }


def test_the_solo_author_is_told_by_priority(opsgenie):
    opsgenie.make(f"{ANA}/contacts", {"method": "voice", "to": PHONE})
    bare(opsgenie)
    rule(opsgenie, step("mobile"), name="P1", criteria=priority("P1"))
    rule(opsgenie, step("voice", 3, PHONE), name="P2", criteria=priority("P2"))
    rule(opsgenie, step("email"), name="P3", criteria=priority("P3"))
    for level in ("P1", "P2", "P3", "P4"):
        opsgenie.alert(alias=level, priority=level, responders=[opsgenie.user("ana")])
    opsgenie.move(minutes=30)
    assert opsgenie.told() == [("0m", "Ana", "push"), ("0m", "Ana", "email"), ("3m", "Ana", "voice")]


def test_a_rule_without_an_order_goes_below_the_others_of_its_action_type(opsgenie):
    rule(opsgenie, step("email"), name="a")
    rule(opsgenie, step("email"), name="b", order=0)
    rule(opsgenie, step("email"), name="c", actionType="closed-alert")
    assert names(opsgenie) == ["b", "New Alert", "a"]


def test_a_rule_without_an_order_goes_first_where_the_switch_says_so(make_opsgenie):
    opsgenie = make_opsgenie(new_rules_first=True)
    rule(opsgenie, step("email"), name="a")
    assert names(opsgenie) == ["a", "New Alert"]


@pytest.mark.parametrize(("order", "expected"), [(0, ["b", "New Alert", "a"]), (99, ["New Alert", "a", "b"])])
def test_change_order_moves_a_rule_within_its_action_type(opsgenie, order: int, expected: list[str]):
    rule(opsgenie, step("email"), name="a")
    made = rule(opsgenie, step("email"), name="b")
    opsgenie.send("POST", f"{RULES}/{made}/change-order", {"order": order})
    assert names(opsgenie) == expected


def test_a_disabled_rule_is_passed_over(opsgenie):
    made = rule(opsgenie, step("email"), order=0)
    opsgenie.send("POST", f"{RULES}/{made}/disable")
    opsgenie.alert(responders=[opsgenie.user("ana")])
    assert opsgenie.told() == [("0m", "Ana", "push"), ("0m", "Ana", "email")]


def test_a_patch_replaces_the_steps_and_keeps_the_rest(opsgenie):
    made = rule(opsgenie, step("email"), criteria=priority("P1"))
    opsgenie.send("PATCH", f"{RULES}/{made}", {"steps": [step("mobile", 2)]})
    found = opsgenie.get(f"{RULES}/{made}")
    assert [one["contact"]["method"] for one in found["steps"]] == ["mobile"]
    assert found["criteria"]["type"] == "match-all-conditions"


def test_a_repeat_goes_on_until_somebody_acknowledges(opsgenie):
    bare(opsgenie)
    rule(opsgenie, step("mobile"), step("email", 5), repeat={"loopAfter": 10})
    opsgenie.alert(responders=[opsgenie.user("ana")])
    opsgenie.move(minutes=31)
    opsgenie.act("acknowledge")
    opsgenie.move(hours=5)
    assert opsgenie.paged() == [("0m", "Ana"), ("15m", "Ana"), ("30m", "Ana")]


def test_others_are_told_of_an_acknowledgement_where_a_rule_of_theirs_is_for_it(opsgenie):
    bare(opsgenie)
    rule(opsgenie, step("mobile"))
    rule(opsgenie, step("email"), actionType="acknowledged-alert")
    opsgenie.alert(responders=[opsgenie.user("ana")])
    opsgenie.act("acknowledge", user="bo@acme.example")
    assert opsgenie.told() == [("0m", "Ana", "push"), ("0m", "Ana", "email")]


def test_nobody_is_told_of_what_they_did_themselves(opsgenie):
    bare(opsgenie)
    rule(opsgenie, step("mobile"))
    rule(opsgenie, step("email"), actionType="closed-alert")
    opsgenie.alert(responders=[opsgenie.user("ana")])
    opsgenie.act("close", user="ana@acme.example")
    assert opsgenie.told() == [("0m", "Ana", "push")]


def test_steps_are_objects_of_their_own(opsgenie):
    made = rule(opsgenie, step("email"))
    path = f"{RULES}/{made}/steps"
    second = opsgenie.make(path, step("mobile", 10))["id"]
    opsgenie.send("PATCH", f"{path}/{second}", {"sendAfter": {"timeAmount": 1, "timeUnit": "hours"}})
    opsgenie.send("POST", f"{path}/{second}/disable")
    found = opsgenie.get(f"{path}/{second}")
    assert found == {
        "_parent": {"id": made, "name": "mine"},
        "id": second,
        "contact": {"method": "mobile", "to": "ana@acme.example"},
        "sendAfter": {"timeAmount": 60, "timeUnit": "minutes"},
        "enabled": False,
    }
    opsgenie.send("DELETE", f"{path}/{second}")
    assert [one["contact"]["method"] for one in opsgenie.get(path)] == ["email"]


def test_a_step_follows_its_contact_to_a_new_address(opsgenie):
    contact = opsgenie.make(f"{ANA}/contacts", {"method": "sms", "to": PHONE})["id"]
    made = rule(opsgenie, step("sms", 0, PHONE))
    opsgenie.send("PATCH", f"{ANA}/contacts/{contact}", {"to": "49-1707654321"})
    assert opsgenie.get(f"{RULES}/{made}")["steps"][0]["contact"]["to"] == "49-1707654321"


def test_a_step_to_a_contact_that_is_not_there_is_refused_unless_switched(opsgenie, make_opsgenie):
    body = {"name": "x", "actionType": "create-alert", "enabled": True, "steps": [step("sms", 0, PHONE)]}
    loose = make_opsgenie(steps_need_contact=False)
    assert [each.http("POST", RULES, body).status_code for each in (opsgenie, loose)] == [422, 201]


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"actionType": "create"},
        {"enabled": None},
        {"actionType": "schedule-start"},
        {"notificationTime": ["soon"]},
        {"steps": [{"enabled": True}]},
        {"steps": [step("email", 1441)]},
        {"criteria": {"type": "match-some"}},
        {"repeat": {"loopAfter": 0}},
    ],
)
def test_an_unusable_rule_is_refused_with_422(opsgenie, body):
    whole = {"name": "x", "actionType": "create-alert", "enabled": True} | body
    whole = {key: value for key, value in whole.items() if value is not None}
    assert opsgenie.http("POST", RULES, whole).status_code == 422


def test_a_rule_about_going_on_call_keeps_its_times_and_schedules(opsgenie):
    opsgenie.schedule()
    more = {"notificationTime": ["1-hour-ago"], "schedules": [{"type": "schedule", "name": "sun"}]}
    found = opsgenie.get(f"{RULES}/{rule(opsgenie, actionType='schedule-start', **more)}")
    assert (found["notificationTime"], [one["name"] for one in found["schedules"]]) == (["1-hour-ago"], ["sun"])

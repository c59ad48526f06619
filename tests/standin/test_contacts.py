"""Contact methods and notification rules of users, through the plugin."""

import pytest

PHONE = {"userId": "U1", "type": "phone_contact_method", "label": "Mobile", "address": "305550101", "countryCode": 49}
RAW_PHONE = {"type": "phone_contact_method", "label": "Mobile", "address": "305550101", "country_code": 49}
PATH = "/users/U1/contact_methods"
TAKEN = "User Contact method must be unique"
RULE = {
    "userId": "U1",
    "startDelayInMinutes": 0,
    "urgency": "high",
    "contactMethod": {"id": "C1", "type": "phone_contact_method"},
}
RAW_RULE = {
    "id": "R1",
    "type": "assignment_notification_rule",
    "start_delay_in_minutes": 0,
    "urgency": "high",
    "contact_method": {"id": "C1", "type": "phone_contact_method"},
}


def method(resource_id="C1", **more):
    return {"id": resource_id, "send_short_email": False, **RAW_PHONE, **more}


def failures(engine, **more):
    checked = engine.check("c", "UserContactMethod", {**PHONE, **more})
    return [(failure.property, failure.reason) for failure in checked.failures]


def test_a_contact_method_of_the_same_address_is_taken_over(engine, stub):
    stub.refuses("POST", PATH, 400, TAKEN)
    others = [method("C0", address="1"), method("C1")]
    stub.answers("GET", PATH, {"contact_methods": others})
    stub.answers("GET", f"{PATH}/C1", {"contact_method": method()})
    engine.create("c", "UserContactMethod", PHONE)
    assert stub.calls() == [f"POST {PATH}", f"GET {PATH}", f"GET {PATH}/C1", f"GET {PATH}/C1"]
    assert engine.resources["c"]["id"] == "C1"


def test_a_method_in_the_way_of_an_update_is_deleted(engine, stub):
    stub.answers("POST", PATH, {"contact_method": method()}, 201)
    stub.answers("GET", f"{PATH}/C1", {"contact_method": method()})
    engine.up(lambda register: register("c", "UserContactMethod", **PHONE))
    stub.requests.clear()
    stub.refuses("PUT", f"{PATH}/C1", 400, TAKEN)
    stub.answers("PUT", f"{PATH}/C1", {"contact_method": method(address="2")})
    stub.answers("GET", PATH, {"contact_methods": [method(), method("C2", address="2")]})
    stub.answers("GET", f"{PATH}/C2", {"contact_method": method("C2", address="2")})
    stub.answers("DELETE", f"{PATH}/C2", status=204)
    engine.up(lambda register: register("c", "UserContactMethod", **{**PHONE, "address": "2"}))
    assert stub.calls() == [
        f"PUT {PATH}/C1",
        f"GET {PATH}",
        f"GET {PATH}/C2",
        f"DELETE {PATH}/C2",
        f"PUT {PATH}/C1",
        f"GET {PATH}",
        f"GET {PATH}/C2",
        f"GET {PATH}/C1",
    ]
    assert stub.requests[0]["body"] == {"contact_method": {**RAW_PHONE, "address": "2", "id": "C1"}}


def test_an_email_without_a_country_is_kept_without_one(engine, stub):
    email = {"type": "email_contact_method", "label": "Work", "address": "u@acme.example"}
    stub.answers("POST", PATH, {"contact_method": {"id": "C1", **email}}, 201)
    stub.answers("GET", f"{PATH}/C1", {"contact_method": {"id": "C1", **email}})
    state = engine.create("c", "UserContactMethod", {"userId": "U1", **email})
    assert stub.requests[0]["body"] == {"contact_method": email}
    assert state == {**email, "userId": "U1", "sendShortEmail": False, "enabled": False, "blacklisted": False}


def test_the_servers_country_is_not_sent_back(engine, stub):
    phone = {key: value for key, value in PHONE.items() if key != "countryCode"}
    stub.answers("POST", PATH, {"contact_method": method(country_code=1)}, 201)
    stub.answers("GET", f"{PATH}/C1", {"contact_method": method(country_code=1)})
    stub.answers("PUT", f"{PATH}/C1", {"contact_method": method(country_code=1)})
    engine.up(lambda register: register("c", "UserContactMethod", **phone))
    assert engine.resources["c"]["state"]["countryCode"] == 1
    engine.up(lambda register: register("c", "UserContactMethod", **{**phone, "label": "Phone"}))
    (sent,) = [request["body"] for request in stub.requests if request["method"] == "PUT"]
    assert "country_code" not in sent["contact_method"]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"address": "0305550101"}, "address"),
        ({"address": "+49305550101"}, "address"),
        ({"address": "3" * 41}, "address"),
        ({"type": "sms_contact_method", "countryCode": 52, "address": "155550101"}, "address"),
        ({"type": "push_notification_contact_method"}, "deviceType"),
        ({"type": "pigeon_contact_method"}, "type"),
    ],
)
def test_numbers_upstream_refuses_are_refused_before_any_call(engine, stub, more, where):
    assert [path for path, _ in failures(engine, **more)] == [where]
    assert stub.calls() == []


def test_a_contact_method_is_imported_by_user_and_id(engine, stub):
    stub.answers("GET", f"{PATH}/C1", {"contact_method": method()})
    answer = engine.adopt("c", "UserContactMethod", "U1:C1")
    assert (answer.id, answer.properties["userId"]) == ("C1", "U1")
    assert dict(answer.inputs) == PHONE


def test_a_rule_is_imported_with_a_delay_of_none(engine, stub):
    stub.answers("GET", "/users/U1/notification_rules/R1", {"notification_rule": RAW_RULE})
    answer = engine.adopt("r", "UserNotificationRule", "U1:R1")
    assert answer.id == "R1"
    assert answer.inputs["startDelayInMinutes"] == 0


def test_a_rule_that_is_gone_is_dropped_by_a_refresh(engine, stub):
    rules = "/users/U1/notification_rules"
    stub.answers("POST", rules, {"notification_rule": RAW_RULE}, 201)
    stub.answers("GET", f"{rules}/R1", {"notification_rule": RAW_RULE})
    engine.up(lambda register: register("r", "UserNotificationRule", **RULE))
    stub.forgets("GET", f"{rules}/R1")
    stub.refuses("GET", f"{rules}/R1", 404)
    engine.refresh()
    assert engine.resources == {}


def test_a_changed_rule_names_itself_in_the_body(engine, stub):
    rules = "/users/U1/notification_rules"
    stub.answers("POST", rules, {"notification_rule": RAW_RULE}, 201)
    stub.answers("GET", f"{rules}/R1", {"notification_rule": RAW_RULE})
    stub.answers("PUT", f"{rules}/R1", {"notification_rule": RAW_RULE})
    engine.up(lambda register: register("r", "UserNotificationRule", **RULE))
    engine.up(lambda register: register("r", "UserNotificationRule", **{**RULE, "startDelayInMinutes": 5}))
    (sent,) = [request["body"]["notification_rule"] for request in stub.requests if request["method"] == "PUT"]
    assert (sent["id"], sent["start_delay_in_minutes"]) == ("R1", 5)

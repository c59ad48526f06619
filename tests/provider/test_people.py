"""People's contacts and rules, and people whom OpsGenie does not know."""

import pytest

WAYS_OUT = "invite them there, mend the e-mail in the inventory, or write `manage: all`"
CONTACT = {"username": "ana@acme.example", "method": "voice", "to": "46-701234567"}


def said(action, *args):
    with pytest.raises(Exception) as failure:
        action(*args)
    assert "\n" not in str(failure.value)
    return str(failure.value)


def rule(name, order=None, person="ana@acme.example", **more):
    one = {"username": person, "name": name, "actionType": "create-alert"}
    step = {"contact": {"method": "email", "to": person}}
    return one | {"steps": [step]} | ({} if order is None else {"order": order}) | more


@pytest.fixture
def rules(vendor):
    return lambda: vendor.names("/v2/users/ana@acme.example/notification-rules")


def test_a_member_who_has_no_account_is_named(plugin, team):
    text = said(plugin.create, "opsgenie:TeamMember", {"teamId": team.id, "username": "nobody@acme.example"})

    assert text == f'member "nobody@acme.example": OpsGenie has no user nobody@acme.example: {WAYS_OUT}'


@pytest.mark.parametrize(
    "kind",
    [f"opsgenie:{name}" for name in ("Contact", "NotificationRule", "ScheduleOverride", "AlertPolicy", "Rotation")],
)
def test_nobody_else_without_an_account_is_left_unnamed(plugin, kind, examples):
    inputs, _ = examples(kind)
    unknown = {"type": "user", "username": "nobody@acme.example"}
    changed = {"opsgenie:AlertPolicy": {"responders": [unknown]}, "opsgenie:Rotation": {"participants": [unknown]}}

    text = said(plugin.create, kind, inputs | changed.get(kind, {"username": "nobody@acme.example"}))

    assert text.endswith(f"OpsGenie has no user nobody@acme.example: {WAYS_OUT}")


def test_what_is_refused_for_something_else_is_told_as_it_is(plugin, team):
    text = said(plugin.create, "opsgenie:Schedule", {"name": "x", "timezone": "Nowhere", "ownerTeamId": team.id})

    assert "OpsGenie answered 422" in text


def test_two_spellings_of_a_number_are_one(plugin):
    held = plugin.create("opsgenie:Contact", CONTACT)

    assert plugin.changes(held, CONTACT | {"to": "+46 70 123 45 67"}) == {}


def test_another_method_is_another_contact(plugin):
    held = plugin.create("opsgenie:Contact", CONTACT)

    assert plugin.changes(held, CONTACT | {"method": "sms"}) == {"method": "update_replace"}


@pytest.mark.parametrize("method, to", [("voice", "ana@acme.example"), ("sms", "call me"), ("email", "46-701234567")])
def test_an_address_must_fit_its_method(plugin, method, to):
    (failure,) = plugin.check("opsgenie:Contact", CONTACT | {"method": method, "to": to})["failures"]

    assert failure.startswith(f"to: {to!r} must be a")


def test_the_address_of_the_account_itself_stays(plugin, vendor):
    held = plugin.create("opsgenie:Contact", CONTACT | {"method": "email", "to": "ana@acme.example"})

    plugin.delete(held)

    assert plugin.refresh(held) == held


def test_errors_do_not_tell_numbers(plugin):
    plugin.line.answer("POST", ".*/contacts", 422, json={"message": "No more contacts"})

    text = said(plugin.create, "opsgenie:Contact", CONTACT)

    assert text == 'contact "voice" of "ana@acme.example": OpsGenie answered 422: No more contacts'


@pytest.mark.parametrize("made", [("P1", "P2", "P3"), ("P3", "P2", "P1"), ("P2", "P3", "P1")])
def test_rules_come_before_the_vendors_own_in_the_order_asked_for(plugin, rules, made):
    places = {"P1": 0, "P2": 1, "P3": 2}

    for name in made:
        plugin.create("opsgenie:NotificationRule", rule(name, places[name]), name)

    assert rules() == ["P1", "P2", "P3", "New Alert"]


def test_rules_made_in_their_order_take_two_requests_each(plugin):
    plugin.create("opsgenie:NotificationRule", rule("P1", 0), "P1")
    plugin.line.requests.clear()

    plugin.create("opsgenie:NotificationRule", rule("P2", 1), "P2")

    assert len(plugin.line.requests) == 2


def test_a_rule_moved_by_hand_is_seen_and_put_back(plugin, vendor, rules):
    inputs = rule("P1", 0)
    held = plugin.create("opsgenie:NotificationRule", inputs)
    own = held.id.split("/")[1]
    vendor.post_only(f"/v2/users/ana@acme.example/notification-rules/{own}/change-order", {"order": 1})

    drifted = plugin.refresh(held)
    assert plugin.changes(drifted, inputs) == {"order": "update"}
    plugin.update(drifted, inputs)

    assert rules() == ["P1", "New Alert"]


def test_hours_can_not_be_taken_from_a_rule_in_place(plugin):
    hours = {"type": "time-of-day", "restriction": {"startHour": 9, "endHour": 17}}
    held = plugin.create("opsgenie:NotificationRule", rule("P1", timeRestriction=hours))

    assert plugin.changes(held, rule("P1")) == {"timeRestriction": "delete_replace"}


def test_an_hour_is_sixty_minutes(plugin):
    def asked(after):
        contact = {"method": "email", "to": "ana@acme.example"}
        return rule("P1") | {"steps": [{"contact": contact, "sendAfter": after}]}

    held = plugin.create("opsgenie:NotificationRule", asked({"timeAmount": 1, "timeUnit": "hours"}))

    assert plugin.changes(held, asked({"timeAmount": 60})) == {}


def test_rules_of_two_people_may_have_one_name(plugin):
    one = plugin.create("opsgenie:NotificationRule", rule("P1"), "ana")
    two = plugin.create("opsgenie:NotificationRule", rule("P1", person="bo@acme.example"), "bo")

    assert one.id != two.id

"""How people are told at PagerDuty: what is there is taken over and spared, what is ours is kept and removed."""

import pytest

CONTACT, RULE = "pagerduty:ContactMethod", "pagerduty:NotificationRule"
TOKEN = "sandbox-token-pdpdpd"


@pytest.fixture
def run(start, pagerduty):
    """Starts a plugin with a PagerDuty account."""

    def started(token=TOKEN):
        plugin = start()
        plugin.configure(pagerdutyToken=token, pagerdutyApiUrl=str(pagerduty.base_url))
        plugin.line.requests.clear()
        return plugin

    return started


@pytest.fixture
def user(pagerduty):
    return pagerduty.get("/users").json()["users"][0]


@pytest.fixture
def standing(pagerduty, user):
    """What the account holds of a user, by id."""

    def rows(collection):
        return {row["id"]: row for row in pagerduty.get(f"/users/{user['id']}/{collection}").json()[collection]}

    return rows


@pytest.fixture
def phone(user):
    return {"userId": user["id"], "type": "phone_contact_method", "countryCode": 49, "address": "305550101"}


@pytest.fixture
def rule(user, standing):
    """A rule for the user's e-mail address."""
    method = next(key for key, row in standing("contact_methods").items() if row["type"] == "email_contact_method")

    def inputs(delay=0, urgency="high"):
        return {
            "userId": user["id"],
            "urgency": urgency,
            "startDelayInMinutes": delay,
            "contactMethod": {"id": method, "type": "email_contact_method"},
        }

    return inputs


def said(action, *args):
    with pytest.raises(Exception) as failure:
        action(*args)
    text = str(failure.value)
    assert "\n" not in text
    assert TOKEN not in text
    return text


def test_a_phone_is_made_with_two_requests_and_needs_no_change_after_a_refresh(run, phone, standing):
    plugin = run()

    held = plugin.create(CONTACT, phone)

    assert len(plugin.line.requests) == 2
    assert held.state["adopted"] is False
    assert standing("contact_methods")[held.id.split("/")[1]]["label"] == "Managed from the inventory"
    assert plugin.changes(plugin.refresh(held), phone) == {}


def test_the_address_everybody_has_is_taken_over_and_spared(run, user, standing):
    plugin, before = run(), standing("contact_methods")
    inputs = {"userId": user["id"], "type": "email_contact_method", "address": user["email"].upper()}

    held = plugin.create(CONTACT, inputs)
    assert held.state["adopted"] is True
    assert plugin.changes(plugin.refresh(held), inputs) == {}
    run().delete(held)

    assert standing("contact_methods") == before


def test_the_rule_a_new_user_has_is_taken_over_and_spared(run, pagerduty, rule, user, standing):
    pagerduty.post(f"/users/{user['id']}/notification_rules", json={"notification_rule": body_of(rule())})
    plugin, before = run(), standing("notification_rules")

    held = plugin.create(RULE, rule())
    assert held.state["adopted"] is True
    assert plugin.changes(plugin.refresh(held), rule()) == {}
    run().delete(held)

    assert standing("notification_rules") == before


def body_of(inputs):
    return {
        "type": "assignment_notification_rule",
        "urgency": inputs["urgency"],
        "start_delay_in_minutes": inputs["startDelayInMinutes"],
        "contact_method": inputs["contactMethod"],
    }


def test_a_rule_of_ours_is_changed_in_place_and_goes(run, rule, standing):
    plugin = run()
    held = plugin.create(RULE, rule(7))

    changed = plugin.update(held, rule(9))

    assert changed.id == held.id
    assert standing("notification_rules")[held.id.split("/")[1]]["start_delay_in_minutes"] == 9
    plugin.delete(changed)
    assert held.id.split("/")[1] not in standing("notification_rules")


def test_somebody_elses_rule_is_replaced_and_not_changed(run, pagerduty, rule, user, standing):
    path = f"/users/{user['id']}/notification_rules"
    theirs = pagerduty.post(path, json={"notification_rule": body_of(rule(11))}).json()["notification_rule"]["id"]
    plugin = run()
    held = plugin.create(RULE, rule(11))

    assert set(plugin.changes(held, rule(12)).values()) == {"update_replace"}
    plugin.delete(held)
    other = plugin.create(RULE, rule(12))

    assert theirs in standing("notification_rules")
    assert other.state["adopted"] is False


@pytest.mark.parametrize("kind", [CONTACT, RULE])
def test_a_create_whose_answer_is_lost_makes_one_and_it_is_ours(run, phone, rule, standing, kind):
    inputs = phone if kind == CONTACT else rule(13)
    collection = "contact_methods" if kind == CONTACT else "notification_rules"
    before = len(standing(collection))
    plugin = run()
    plugin.line.lose("POST", f".*/{collection}")

    held = plugin.create(kind, inputs)

    assert len(standing(collection)) == before + 1
    assert held.state["adopted"] is False


def test_a_phone_that_a_killed_run_made_is_known_by_its_label(run, phone):
    run().create(CONTACT, phone)

    assert run().create(CONTACT, phone).state["adopted"] is False


def test_one_import_shows_all_there_is(run, phone):
    held = run().create(CONTACT, phone)

    assert run().imported(CONTACT, held.id).inputs == phone


def test_an_id_that_is_none_is_refused_in_words(run):
    assert "it must be userId/id" in said(run().imported, RULE, "P123")


def test_what_is_wrong_with_a_number_is_said_without_the_number(run, phone, user):
    text = said(run().create, CONTACT, {**phone, "userId": "PNOBODY"})

    assert phone["address"] not in text
    assert "contact method of user" in text


def test_a_phone_without_a_calling_code_is_refused(run, phone):
    problems = run().check(CONTACT, {name: value for name, value in phone.items() if name != "countryCode"})["failures"]

    assert "countryCode" in problems[0]

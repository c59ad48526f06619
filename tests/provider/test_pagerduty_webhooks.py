"""Webhook subscriptions at PagerDuty: the secret is told once, kept encrypted, made anew when it is lost."""

import pytest
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

KIND = "pagerduty:WebhookSubscription"
TOKEN = "sandbox-token-pdpdpd"
EVENTS = ["incident.resolved", "incident.triggered"]
URL = "https://hooks.acme.example/pagerduty?token=planted-in-the-query"


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
def inputs(pagerduty):
    team = pagerduty.post("/teams", json={"team": {"name": "Edge", "type": "team"}}).json()["team"]["id"]
    return {"url": URL, "teamId": team, "events": EVENTS}


@pytest.fixture
def standing(pagerduty):
    return lambda: pagerduty.get("/webhook_subscriptions").json()["webhook_subscriptions"]


def said(action, *args):
    with pytest.raises(Exception) as failure:
        action(*args)
    text = str(failure.value)
    assert "\n" not in text
    assert "planted-in-the-query" not in text
    return text


def test_the_secret_is_a_secret_at_the_wire(run, inputs, standing):
    answer = run().raw_create(KIND, inputs)

    secret = answer.properties.fields["signingSecret"].struct_value.fields
    assert secret[_special_sig_key].string_value == _special_secret_sig
    assert len(secret["value"].string_value) == 64
    assert standing()[0]["filter"] == {"id": inputs["teamId"], "type": "team_reference"}


def test_one_is_made_with_two_requests_and_its_secret_survives_edits_and_refreshes(run, inputs):
    plugin = run()
    held = plugin.create(KIND, inputs)
    assert len(plugin.line.requests) == 2

    more = inputs | {"events": [*EVENTS, "incident.acknowledged"]}
    later = plugin.refresh(plugin.update(held, more))

    assert later.state["signingSecret"] == held.state["signingSecret"] != ""
    assert plugin.changes(later, more) == {}


def test_the_order_of_events_says_nothing(run, inputs):
    plugin = run()
    held = plugin.create(KIND, inputs)

    assert plugin.changes(held, inputs | {"events": EVENTS[::-1]}) == {}


def test_one_that_was_switched_off_is_found_by_a_refresh_and_switched_on(run, pagerduty, inputs, standing):
    plugin = run()
    held = plugin.create(KIND, inputs)
    off = {"webhook_subscription": {**standing()[0], "active": False}}
    assert pagerduty.put(f"/webhook_subscriptions/{held.id}", json=off).is_success

    refreshed = plugin.refresh(held)

    assert plugin.changes(refreshed, inputs) == {"enabled": "update"}
    plugin.update(refreshed, inputs)
    assert standing()[0]["active"] is True


def test_another_address_is_another_subscription(run, inputs):
    plugin = run()
    held = plugin.create(KIND, inputs)

    assert plugin.changes(held, inputs | {"url": "https://other.example/"}) == {"url": "update_replace"}


def test_after_a_lost_answer_it_is_made_anew_with_a_known_secret(run, inputs, standing):
    plugin = run()
    plugin.line.lose("POST", "/webhook_subscriptions")

    held = plugin.create(KIND, inputs)

    assert (len(held.state["signingSecret"]), held.state["needsNewSecret"], len(standing())) == (64, False, 1)
    assert plugin.warnings == [
        'webhook to "https://hooks.acme.example/pagerduty" was found without its secret and is made anew'
    ]


def test_one_of_a_killed_run_is_made_anew(run, inputs, standing):
    old = run().create(KIND, inputs)

    new = run().create(KIND, inputs)

    assert new.id != old.id
    assert new.state["signingSecret"] not in ("", old.state["signingSecret"])
    assert [row["id"] for row in standing()] == [new.id]


def test_an_import_says_that_the_secret_is_not_known_and_the_next_update_replaces(run, inputs):
    held = run().create(KIND, inputs)
    plugin = run()

    imported = plugin.imported(KIND, held.id)

    assert (imported.state["signingSecret"], imported.state["needsNewSecret"]) == ("", True)
    assert "the next `pulumi up` deletes the subscription and makes it anew" in plugin.warnings[0]
    assert list(plugin.diff(imported, inputs).replaces) == ["signingSecret"]


def test_somebody_elses_is_left_alone_and_named(run, inputs, standing, pagerduty):
    theirs = {
        "type": "webhook_subscription",
        "delivery_method": {"type": "http_delivery_method", "url": URL},
        "events": EVENTS,
        "filter": {"type": "team_reference", "id": inputs["teamId"]},
        "description": "by hand",
    }
    pagerduty.post("/webhook_subscriptions", json={"webhook_subscription": theirs})

    text = said(run().create, KIND, inputs)

    assert "somebody else's subscription tells the same address" in text
    assert text.endswith(f"take it over, which makes it anew with another secret: its id is {standing()[0]['id']}")
    assert len(standing()) == 1


def test_one_that_is_deleted_twice_is_gone(run, inputs, standing):
    plugin = run()
    held = plugin.create(KIND, inputs)

    plugin.delete(held)
    plugin.delete(held)

    assert (standing(), plugin.refresh(held)) == ([], None)


def test_an_event_the_vendor_does_not_know_is_told(run, inputs):
    assert "PagerDuty answered 400" in said(run().create, KIND, inputs | {"events": ["incident.eaten"]})

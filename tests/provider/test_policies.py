"""Policies and maintenance: order, plans, what runs and what is over."""

from datetime import UTC, datetime, timedelta

import pytest

EVERY = {"type": "match-all"}


def at(**ago):
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def alert_policy(name, **more):
    return {"name": name, "filter": EVERY} | more


@pytest.mark.parametrize("made", [("a", "b", "c"), ("c", "a", "b"), ("c", "b", "a")])
def test_policies_stand_in_the_order_asked_for_and_before_those_made_by_hand(plugin, vendor, made):
    vendor.post("/v2/policies", {"type": "alert", "name": "by hand", "filter": EVERY, "message": "x"})

    for name in made:
        plugin.create("opsgenie:AlertPolicy", alert_policy(name, order="abc".index(name)), name)

    assert vendor.names("/v2/policies/alert") == ["a", "b", "c", "by hand"]


def test_a_policy_of_the_account_has_its_own_id_only(plugin):
    held = plugin.create("opsgenie:AlertPolicy", alert_policy("a"))

    assert "/" not in held.id
    assert plugin.changes(plugin.imported("opsgenie:AlertPolicy", held.id), alert_policy("a")) == {}


def test_one_team_may_have_a_policy_of_the_same_name_as_another(plugin, team):
    other = plugin.create("opsgenie:Team", {"name": "Other"}, "other")

    made = [plugin.create("opsgenie:AlertPolicy", alert_policy("a", teamId=each), each) for each in (team.id, other.id)]

    assert made[0].id != made[1].id


def test_somebody_elses_policy_is_not_taken(plugin, vendor):
    found = vendor.post("/v2/policies", {"type": "alert", "name": "a", "filter": EVERY, "message": "x"})

    with pytest.raises(Exception, match="exists already and is not ours") as failure:
        plugin.create("opsgenie:AlertPolicy", alert_policy("a"))

    assert str(failure.value).endswith(f"take it over: its id is {found['id']}")


def test_a_policy_of_the_other_type_is_not_imported(plugin):
    held = plugin.create("opsgenie:AlertPolicy", alert_policy("a"))

    with pytest.raises(Exception, match="it is a policy of type alert, not notification"):
        plugin.imported("opsgenie:NotificationPolicy", held.id)


def test_a_plan_without_policies_is_told(plugin):
    plugin.line.answer("POST", "/v2/policies", 402, json={"message": "Payment required"})

    with pytest.raises(Exception, match="402") as failure:
        plugin.create("opsgenie:AlertPolicy", alert_policy("a"))

    assert str(failure.value) == (
        'alert policy "a": OpsGenie answered 402: Payment required; the account\'s plan does not include alert and '
        "notification policies (OpsGenie's Standard and Enterprise plans have them): change the plan, or leave this out"
    )


@pytest.mark.parametrize(
    "delay, failures",
    [
        ({"delayOption": "for-duration"}, ["delayAction.duration: is required for for-duration"]),
        (
            {"delayOption": "next-monday", "untilHour": 9, "untilMinute": 0, "duration": {"timeAmount": 1}},
            ["delayAction.duration: is not allowed for next-monday"],
        ),
        ({"delayOption": "next-time", "untilHour": 9}, ["delayAction.untilMinute: is required for next-time"]),
    ],
)
def test_a_delay_says_until_when_or_for_how_long(plugin, delay, failures):
    inputs = {"teamId": "t", "name": "wait", "filter": EVERY, "delayAction": delay}

    assert plugin.check("opsgenie:NotificationPolicy", inputs) == {"failures": failures}


@pytest.fixture
def maintenance(plugin, team):
    integration = plugin.create("opsgenie:ApiIntegration", {"name": "AliveMCP", "ownerTeamId": team.id}, "i").id

    def inputs(start, end, description="moving"):
        time = {"type": "schedule", "startDate": start, "endDate": end}
        rules = [{"entity": {"id": integration, "type": "integration"}}]
        return {"description": description, "time": time, "rules": rules}

    return inputs


def test_a_maintenance_that_is_over_is_never_made(plugin, vendor, maintenance):
    inputs = maintenance(at(days=2), at(days=1))
    held = plugin.create("opsgenie:Maintenance", inputs)

    assert plugin.refresh(held) is None
    plugin.delete(held)
    assert vendor.get("/v1/maintenance?type=all") == []


def test_a_delete_of_a_maintenance_that_runs_cancels_it(plugin, vendor, maintenance):
    held = plugin.create("opsgenie:Maintenance", maintenance(at(hours=1), at(hours=-1)))

    plugin.delete(held)
    plugin.delete(held)

    assert vendor.get(f"/v1/maintenance/{held.id}")["status"] == "cancelled"


def test_a_maintenance_that_runs_is_not_changed_but_made_anew(plugin, maintenance):
    start = at(hours=1)
    held = plugin.create("opsgenie:Maintenance", maintenance(start, "2126-01-01T00:00:00Z"))

    changes = plugin.changes(held, maintenance(start, "2126-01-02T00:00:00Z"))

    assert changes == {"time.endDate": "update_replace"}


def test_a_maintenance_that_somebody_cancelled_is_gone(plugin, vendor, maintenance):
    held = plugin.create("opsgenie:Maintenance", maintenance(at(hours=-1), at(hours=-2)))
    vendor.post_only(f"/v1/maintenance/{held.id}/cancel", {})

    assert plugin.refresh(held) is None


@pytest.mark.parametrize(
    "time, failure",
    [
        ({"type": "schedule", "startDate": "2126-01-01T00:00:00Z"}, "time.endDate: is required for type schedule"),
        (
            {"type": "for-1-hour", "endDate": "2126-01-01T00:00:00Z"},
            "time.endDate: is not allowed for type for-1-hour",
        ),
    ],
)
def test_dates_belong_to_a_scheduled_maintenance(plugin, time, failure):
    rules = [{"entity": {"id": "i", "type": "policy"}}]

    assert plugin.check("opsgenie:Maintenance", {"description": "x", "time": time, "rules": rules}) == {
        "failures": [failure]
    }

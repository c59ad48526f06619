import pytest

from oncall.resource import Ref

ESCALATION, RULE, TEAM, HEARTBEAT = "opsgenie:Escalation", "opsgenie:RoutingRule", "opsgenie:Team", "opsgenie:Heartbeat"
MEMBER = "opsgenie:TeamMember"
PEOPLE = ("ana", "bo", "cy", "dee")
SERVER = {"name": "Weather", "url": "https://w.example", "team": "platform", "tier": "internal"}
TIERS = {
    "low": {"severity": "low"},
    "internal": {"severity": "critical"},
    "third": {"severity": "medium"},
    "author": {"severity": "high"},
}


@pytest.fixture
def account(acme, team, opsgenie):
    """The OpsGenie account of one team with these words, under these nouns."""

    def make(nouns=None, **words):
        return opsgenie(acme(teams={"platform": team(**{"pages_through": "opsgenie"} | words)}, **(nouns or {})))

    return make


def steps(account):
    found = account.properties(ESCALATION, "platform/internal")["rules"]
    return [(rule["delay"], rule["recipient"].get("username") or rule["recipient"]["id"].key) for rule in found]


def test_people_are_named_and_not_looked_up(account):
    assert account().keys("opsgenie:User") == []


def test_a_person_managed_wholly_is_made(account):
    people = {key: {"name": key.title(), "email": f"{key}@acme.example"} for key in PEOPLE}
    people["ana"] |= {"manage": "all", "time_zone": "Africa/Lagos"}
    found = account({"people": people}).properties("opsgenie:User", "ana")
    assert found == {"username": "ana@acme.example", "full_name": "Ana", "time_zone": "Africa/Lagos"}


def test_managers_are_admins_of_their_team(account):
    made = account()
    found = [made.properties(MEMBER, key) for key in made.keys(MEMBER)]
    expected = [("ana", "user"), ("bo", "user"), ("cy", "user"), ("dee", "admin")]
    assert [(one["username"].partition("@")[0], one["role"]) for one in found] == expected


def test_schedules_and_escalations_are_gone_before_a_membership(account):
    made = account()
    members = {Ref(MEMBER, f"platform/{person}") for person in ("ana", "bo", "cy", "dee")}
    for kind, key in (("opsgenie:Schedule", "platform/primary"), (ESCALATION, "platform/internal")):
        assert members <= set(made.get(kind, key).after)


def test_steps_keep_their_minutes_and_have_one_recipient_each(account):
    made = account(escalation=[{"notify": ["primary", "cy"]}, {"notify": "dee", "after": "10m"}])
    assert steps(made) == [(0, "platform/primary"), (0, "cy@acme.example"), (10, "dee@acme.example")]


def test_a_rule_acts_while_nobody_has_acknowledged(account):
    (rule,) = account().properties(ESCALATION, "platform/internal")["rules"]
    assert (rule["condition"], rule["notifyType"]) == ("if-not-acked", "default")


def test_a_schedule_in_two_zones_is_told_through_both(account, rotation):
    rotations = {"emea": rotation(), "americas": rotation(time_zone="America/New_York")}
    made = account(schedules={"primary": {"rotations": rotations}})
    assert steps(made) == [(0, "platform/primary"), (0, "platform/primary/americas")]


def test_without_repeats_there_is_no_repeat(account):
    assert "repeat" not in account().properties(ESCALATION, "platform/internal")


def test_a_repeat_waits_from_the_last_step(account):
    made = account(
        escalation=[{"notify": "primary"}, {"notify": "cy", "after": "5m"}], repeat={"times": 2, "after": "20m"}
    )
    expected = {"waitInterval": 15, "count": 2, "resetRecipientStates": False, "closeAlertAfterAll": False}
    assert made.properties(ESCALATION, "platform/internal")["repeat"] == expected


def test_each_tier_has_a_rule_by_its_priority_most_severe_first(account):
    made = account({"tiers": TIERS})
    found = [made.properties(RULE, key) for key in made.keys(RULE)][:-1]
    shown = [
        (rule["order"], rule["criteria"]["conditions"][0]["expectedValue"], rule["notify"]["id"].key) for rule in found
    ]
    expected = [
        (0, "P1", "platform/internal"),
        (1, "P2", "platform/author"),
        (2, "P3", "platform/third"),
        (3, "P5", "platform/low"),
    ]
    assert shown == expected


def test_rules_are_made_one_after_the_other(account):
    made = account({"tiers": TIERS})
    expected = [(), ("platform/internal",), ("platform/author",), ("platform/third",), ("platform/low",)]
    assert [tuple(ref.key for ref in made.get(RULE, key).after) for key in made.keys(RULE)] == expected


def test_the_default_rule_points_at_the_most_severe_and_clears_what_came_with_the_team(account):
    expected = {
        "team_id": Ref(TEAM, "platform"),
        "name": "default",
        "order": 1,
        "is_default": True,
        "criteria": {"type": "match-all"},
        "notify": {"type": "escalation", "id": Ref(ESCALATION, "platform/internal")},
        "remove_schedule_id": Ref(TEAM, "platform", "default_schedule_id"),
        "remove_escalation_id": Ref(TEAM, "platform", "default_escalation_id"),
    }
    assert account().properties(RULE, "platform") == expected


def test_a_team_without_a_tier_in_use_notifies_nobody_by_default(acme, team, opsgenie):
    teams = {"platform": team(), "edge": team(name="Edge", pages_through="opsgenie")}
    assert opsgenie(acme(teams=teams)).properties(RULE, "edge")["notify"] == {"type": "none"}


def test_of_two_tiers_of_one_severity_the_first_in_the_file_has_the_rule(account):
    made = account({"tiers": {"b": {"severity": "critical"}, "a": {"severity": "critical"}}, "servers": {}})
    assert (made.keys(RULE), made.keys(ESCALATION)) == (["platform/b", "platform"], ["platform/a", "platform/b"])


def test_a_team_has_an_integration_under_the_bridges_key_id(account):
    found = account().properties("opsgenie:ApiIntegration", "opsgenie/platform")
    assert found == {"name": "AliveMCP Platform", "owner_team_id": Ref(TEAM, "platform")}


def heartbeat(alert_after="3m"):
    return {"servers": {"weather": SERVER | {"heartbeat": {"ping_every": "1m", "alert_after": alert_after}}}}


def test_a_servers_heartbeat_alerts_its_team_at_its_priority(account):
    expected = {
        "name": "weather",
        "description": "Managed from the inventory (weather)",
        "interval": 3,
        "interval_unit": "minutes",
        "enabled": True,
        "owner_team_id": Ref(TEAM, "platform"),
        "alert_message": "Weather: no heartbeat",
        "alert_tags": ("alivemcp", "heartbeat"),
        "alert_priority": "P1",
    }
    assert account(heartbeat()).properties(HEARTBEAT, "weather") == expected


def test_a_heartbeat_in_seconds_is_rounded_up(account):
    assert account(heartbeat("90s")).properties(HEARTBEAT, "weather")["interval"] == 2


def test_a_team_still_paged_elsewhere_has_its_heartbeats_switched_off(account):
    made = account(heartbeat(), pages_through=["pagerduty", "opsgenie"])
    assert made.properties(HEARTBEAT, "weather")["enabled"] is False


def test_the_bridge_has_a_heartbeat_with_the_team_that_watches_it(account):
    watch = {"name": "alivemcp", "ping_every": "5m", "alert_after": "12m", "team": "platform"}
    found = account({"bridge": {"fallback": "platform", "watch": watch}}).properties(HEARTBEAT, "alivemcp")
    assert (found["interval"], found["alert_priority"]) == (12, "P1")

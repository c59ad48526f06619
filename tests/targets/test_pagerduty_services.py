import pytest

from oncall.resource import Ref

SERVICE = "pagerduty:Service"
SERVER = {"name": "Weather", "url": "https://w.example", "team": "platform", "tier": "internal"}


@pytest.fixture
def service(acme, pagerduty):
    """The service of the team x a tier with these words."""

    def make(**words):
        inventory = acme(tiers={"internal": words})
        return pagerduty(inventory).properties(SERVICE, "platform/internal")

    return make


def test_a_service_pages_by_the_policy_of_its_team_and_tier(service):
    found = service(severity="critical")
    assert (found["name"], found["escalation_policy"]) == (
        "Platform internal",
        Ref("pagerduty:EscalationPolicy", "platform/internal"),
    )


def test_no_timeout_resolves_or_unacknowledges(service):
    found = service(severity="critical")
    assert (found["auto_resolve_timeout"], found["acknowledgement_timeout"]) == ("null", "null")


@pytest.mark.parametrize(
    "severity, urgency", [("critical", "high"), ("high", "high"), ("medium", "low"), ("low", "low")]
)
def test_severity_is_urgency(service, severity, urgency):
    assert service(severity=severity)["incident_urgency_rule"] == {"type": "constant", "urgency": urgency}


def test_held_pages_are_high_in_hours_low_outside_and_raised_when_the_hours_begin(service):
    found = service(severity="medium", hold_outside="Mon-Fri 09:00-18:00")
    expected = {
        "incident_urgency_rule": {
            "type": "use_support_hours",
            "during_support_hours": {"type": "constant", "urgency": "high"},
            "outside_support_hours": {"type": "constant", "urgency": "low"},
        },
        "support_hours": {
            "type": "fixed_time_per_day",
            "time_zone": "Europe/Berlin",
            "start_time": "09:00:00",
            "end_time": "18:00:00",
            "days_of_weeks": (1, 2, 3, 4, 5),
        },
        "scheduled_actions": (
            {
                "type": "urgency_change",
                "to_urgency": "high",
                "ats": ({"type": "named_time", "name": "support_hours_start"},),
            },
        ),
    }
    assert {name: found[name] for name in expected} == expected


def test_several_days_with_the_same_hours_are_one_set_of_support_hours(service):
    found = service(severity="low", hold_outside=["Mon 10:00-12:00", "Thu 10:00-12:00"])
    assert found["support_hours"]["days_of_weeks"] == (1, 4)


@pytest.mark.parametrize(
    "hours", ["Fri 18:00 - Mon 09:00", "22:00-06:00", ["Mon 09:00-12:00", "Tue 09:00-13:00"], "Mon-Fri 18:00-24:00"]
)
def test_hours_that_can_not_be_held_page_at_once(service, hours):
    assert service(severity="medium", hold_outside=hours)["incident_urgency_rule"]["urgency"] == "high"


def test_a_server_may_have_a_service_of_its_own(acme, pagerduty):
    account = pagerduty(acme(servers={"weather": SERVER | {"own_service": True}}))
    found = account.properties(SERVICE, "server/weather")
    assert (found["name"], found["escalation_policy"].key) == ("Weather", "platform/internal")


def test_each_service_has_an_integration_under_the_bridges_key_id(acme, pagerduty):
    account = pagerduty(acme(servers={"weather": SERVER | {"own_service": True}}))
    expected = ["pagerduty/platform/internal", "pagerduty/server/weather"]
    assert account.keys("pagerduty:ServiceIntegration") == expected


def test_an_integration_takes_events_of_version_two(acme, pagerduty):
    expected = {
        "name": "AliveMCP",
        "type": "events_api_v2_inbound_integration",
        "service": Ref(SERVICE, "platform/internal"),
    }
    found = pagerduty(acme()).properties("pagerduty:ServiceIntegration", "pagerduty/platform/internal")
    assert found == expected


def test_a_tier_nobody_uses_has_no_service(acme, team, pagerduty):
    tiers = {"internal": {"severity": "critical"}, "author": {"severity": "high"}}
    teams = {"platform": team(), "edge": team(name="Edge")}
    servers = {"weather": SERVER | {"team": "edge"}}
    found = pagerduty(acme(tiers=tiers, teams=teams, servers=servers)).keys(SERVICE)
    assert found == ["edge/internal", "platform/author", "platform/internal"]  # the fallback team has every tier

"""What only one vendor has, where the inventory asks for it, and nothing of it where it doesn't."""

import pytest
from pydantic import ValidationError

from oncall.model.extras import AlertGrouping, PagerDutyService, PagerDutyTeam, Webhook
from oncall.resource import Ref

SERVICE, POLICY = "pagerduty:Service", "pagerduty:EscalationPolicy"
SERVER = {"name": "Weather", "url": "https://w.example", "team": "platform", "tier": "internal"}
PEOPLE = {key: {"name": key.title(), "email": f"{key}@acme.example"} for key in ("ana", "bo", "cy", "dee")}


@pytest.fixture
def service(acme, team, pagerduty):
    """The properties of a service of a team with these words, and of its server's own with those."""

    def make(words, own=None):
        servers = {"weather": SERVER | ({"own_service": True, "pagerduty": own} if own is not None else {})}
        account = pagerduty(acme(teams={"platform": team(pagerduty=words)}, servers=servers))
        return account.properties(SERVICE, "platform/internal" if own is None else "server/weather")

    return make


def test_an_acknowledgement_runs_out(service):
    assert service({"acknowledgement_timeout": "30m"})["acknowledgement_timeout"] == "1800"


def test_alerts_that_pass_are_waited_out(service):
    found = service({"auto_pause": "5m"})["auto_pause_notifications_parameters"]
    assert found == {"enabled": True, "timeout": 300}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"type": "intelligent"}, {"type": "intelligent"}),
        ({"type": "time", "window": "2h"}, {"type": "time", "config": {"timeout": 120}}),
        ({"type": "intelligent", "window": "10m"}, {"type": "intelligent", "config": {"time_window": 600}}),
        (
            {"type": "content_based", "fields": ["summary"], "aggregate": "all"},
            {"type": "content_based", "config": {"fields": ("summary",), "aggregate": "all"}},
        ),
    ],
)
def test_alerts_are_grouped(service, words, expected):
    assert service({"alert_grouping": words})["alert_grouping_parameters"] == expected


def test_a_servers_own_service_has_its_own_words_and_the_teams_else(service):
    found = service({"acknowledgement_timeout": "30m", "auto_pause": "5m"}, {"acknowledgement_timeout": "1h"})
    timeout = found["auto_pause_notifications_parameters"]["timeout"]
    assert (found["acknowledgement_timeout"], timeout) == ("3600", 300)


def test_people_take_turns_incident_by_incident(acme, team, pagerduty):
    account = pagerduty(acme(teams={"platform": team(pagerduty={"round_robin": True})}))
    (rule,) = account.properties(POLICY, "platform/internal")["rules"]
    assert rule["escalation_rule_assignment_strategy"] == {"type": "round_robin"}


def test_the_role_of_people_added_by_hand(acme, team, pagerduty):
    account = pagerduty(acme(teams={"platform": team(pagerduty={"default_role": "observer"})}))
    assert account.properties("pagerduty:Team", "platform")["default_role"] == "observer"


def test_users_that_are_made_have_a_role(acme, team, pagerduty, opsgenie):
    ana = {
        "manage": "all",
        "pagerduty": {"role": "limited_user", "job_title": "SRE"},
        "opsgenie": {"role": "Admin", "locale": "de_DE"},
    }
    people = PEOPLE | {"ana": PEOPLE["ana"] | ana}
    wanted = acme(people=people, teams={"platform": team(pages_through=["pagerduty", "opsgenie"])})
    here = pagerduty(wanted).properties("pagerduty:User", "ana")
    there = opsgenie(wanted).properties("opsgenie:User", "ana")
    assert (here["role"], here["job_title"]) == ("limited_user", "SRE")
    assert (there["role"], there["locale"]) == ("Admin", "de_DE")


def test_repeats_that_close_and_tell_anew(acme, team, opsgenie):
    words = {
        "pages_through": "opsgenie",
        "repeat": {"times": 1},
        "opsgenie": {"close_after_all": True, "reset_states": True},
    }
    repeat = opsgenie(acme(teams={"platform": team(**words)})).properties("opsgenie:Escalation", "platform/internal")[
        "repeat"
    ]
    assert (repeat["closeAlertAfterAll"], repeat["resetRecipientStates"]) == (True, True)


def test_an_integration_that_tells_nobody(acme, team, opsgenie, opsgenie_audit):
    wanted = acme(teams={"platform": team(pages_through="opsgenie", opsgenie={"suppress_notifications": True})})
    found = opsgenie(wanted).properties("opsgenie:ApiIntegration", "opsgenie/platform")
    place = "teams.platform.opsgenie.suppress_notifications"
    assert found["suppress_notifications"] is True
    assert opsgenie_audit(wanted) == {("opsgenie-suppressed", "error"): [place]}


def test_alerts_of_a_tier_get_its_tags_and_nothing_else(acme, team, opsgenie):
    tiers = {"internal": {"severity": "critical", "opsgenie": {"tags": ["production", "page"]}}}
    account = opsgenie(acme(tiers=tiers, teams={"platform": team(pages_through="opsgenie")}))
    tagged = [{"field": "tags", "operation": "contains", "expectedValue": tag} for tag in ("alivemcp", "internal")]
    assert account.properties("opsgenie:AlertPolicy", "platform/internal") == {
        "team_id": Ref("opsgenie:Team", "platform"),
        "name": "internal tags",
        "policy_description": "Managed from the inventory (platform/internal)",
        "filter": {"type": "match-all-conditions", "conditions": tuple(tagged)},
        "message": "{{message}}",
        "tags": ("production", "page"),
        "continue_": True,
    }


@pytest.mark.parametrize(
    "words",
    [
        {"type": "time", "fields": ["summary"], "aggregate": "all"},
        {"type": "content_based"},
        {"type": "intelligent", "window": "2h"},
        {"type": "time", "window": "30s"},
    ],
)
def test_grouping_that_pagerduty_has_not_is_refused(words):
    with pytest.raises(ValidationError):
        AlertGrouping.model_validate(words)


def test_a_pause_that_pagerduty_has_not_is_refused():
    with pytest.raises(ValidationError, match="2m, 3m, 5m, 10m or 15m"):
        PagerDutyService.model_validate({"auto_pause": "4m"})


HOOK = "https://hooks.acme.example/pagerduty"


def test_a_teams_incidents_are_told_to_addresses(acme, team, pagerduty):
    hooks = [{"url": HOOK + "?key=1"}, {"url": "https://audit.acme.example/", "events": ["incident.triggered"]}]
    account = pagerduty(acme(teams={"platform": team(pagerduty={"webhooks": hooks})}))
    assert account.keys("pagerduty:WebhookSubscription") == [
        "platform/audit.acme.example",
        "platform/hooks.acme.example/pagerduty",
    ]
    assert account.properties("pagerduty:WebhookSubscription", "platform/hooks.acme.example/pagerduty") == {
        "url": HOOK + "?key=1",
        "team_id": Ref("pagerduty:Team", "platform"),
        "events": ("incident.acknowledged", "incident.resolved", "incident.triggered"),
        "enabled": True,
    }


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://hooks.acme.example", "begins with https://"),
        ("https://", "begins with https://"),
        ("https:///path", "begins with https://"),
        ("hooks.acme.example", "begins with https://"),
        ("https://ana:secret@hooks.acme.example", "holds no passwords"),
        ("https://hooks.acme.example:99999", "is written like"),
        ("https://hooks.acme.example:0", "is written like"),
        ("https://[::1", "is written like"),
        ("https://hooks.acme.example/a b", "no blanks"),
        ("https://hooks.acme.example/#part", "no `#`"),
        ("https://hooks.acme.example/#", "no `#`"),
        ("https://hooks.acme.example/\u200b", "begins with https://"),
        ("https://hooks.acme.example/\x00", "begins with https://"),
        ("https://hooks.acme.example/" + "x" * 2048, "at most 2048 characters"),
        (7, "begins with https://"),
    ],
)
def test_an_address_that_is_none_is_refused(url, words):
    with pytest.raises(ValidationError, match=words) as fault:
        Webhook.model_validate({"url": url})
    assert "secret" not in str(fault.value.errors(include_input=False, include_url=False)[0]["msg"])


@pytest.mark.parametrize("events", [[], ["incident.eaten"], ["service.created"], ["incident.triggered"] * 2])
def test_events_that_pagerduty_has_not_are_refused(events):
    with pytest.raises(ValidationError):
        Webhook.model_validate({"url": HOOK, "events": events})


def test_two_webhooks_of_one_address_are_refused():
    with pytest.raises(ValidationError, match="have one address"):
        PagerDutyTeam.model_validate({"webhooks": [{"url": HOOK}, {"url": HOOK + "/?key=2"}]})

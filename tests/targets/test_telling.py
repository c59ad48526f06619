"""How managed people are told: contact methods, contacts and notification rules at both vendors."""

from datetime import UTC, datetime

import pytest

from oncall.resource import Ref

PHONE, DEVICE = "+49 30 5550101", "iPhone (Ana)"
PAGES = {"critical": ["push", "call after 5m"], "high": ["push", "call after 5m"], "medium": ["email"]}


@pytest.fixture
def inventory(acme, team):
    """Platform with ana, whose rules are ours, on its only step; more words for her and for the inventory."""

    def make(target="pagerduty", ana=None, **nouns):
        people = {key: {"name": key.title(), "email": f"{key}@acme.example"} for key in ("ana", "bo", "cy", "dee")}
        people["ana"] |= {"manage": "rules", "phone": PHONE, "device": DEVICE} | (ana or {})
        teams = {"platform": team(pages_through=target, escalation=[{"notify": "ana"}], schedules={})}
        return acme(**{"people": people, "pages": PAGES, "teams": teams} | nouns)

    return make


def without(words, *names):
    return {key: value for key, value in words.items() if key not in names}


def test_pagerduty_has_rules_of_two_urgencies(inventory, pagerduty):
    keys = pagerduty(inventory()).keys("pagerduty:NotificationRule")
    assert keys == ["ana/high/push/0", "ana/high/call/5", "ana/low/email/0"]


def test_a_rule_names_its_user_its_method_and_its_delay(inventory, pagerduty):
    expected = {
        "user_id": Ref("pagerduty:User", "ana"),
        "urgency": "high",
        "start_delay_in_minutes": 5,
        "contact_method": {
            "type": "phone_contact_method",
            "id": Ref("pagerduty:ContactMethod", "ana/call", "vendor_id"),
        },
    }
    assert pagerduty(inventory()).properties("pagerduty:NotificationRule", "ana/high/call/5") == expected


def test_a_phone_is_given_as_calling_code_and_number(inventory, pagerduty):
    found = pagerduty(inventory()).properties("pagerduty:ContactMethod", "ana/call")
    assert (found["country_code"], found["address"]) == (49, "305550101")


def test_the_device_is_found_by_its_name_in_the_app(inventory, pagerduty):
    device = pagerduty(inventory()).get("pagerduty:ContactMethod", "ana/push")
    expected = {"user_id": Ref("pagerduty:User", "ana"), "type": "push_notification_contact_method", "label": DEVICE}
    assert (device.lookup, device.properties) == (True, expected)


def test_contact_methods_that_no_rule_uses_are_left_alone(inventory, pagerduty):
    found = pagerduty(inventory(pages={"critical": ["sms"]})).keys("pagerduty:ContactMethod")
    assert found == ["ana/sms"]


def test_high_urgency_gets_the_ways_of_critical_for_whoever_hears_of_both(inventory, pagerduty):
    found = pagerduty(
        inventory(
            tiers={"internal": {"severity": "critical"}, "author": {"severity": "high"}},
            pages={"critical": ["call"], "high": ["sms"]},
        )
    )
    assert found.keys("pagerduty:NotificationRule") == ["ana/high/call/0"]


def test_high_urgency_gets_the_ways_of_high_for_whoever_never_hears_of_critical(inventory, pagerduty):
    found = pagerduty(
        inventory(tiers={"internal": {"severity": "high"}}, pages={"critical": ["call"], "high": ["sms"]})
    )
    assert found.keys("pagerduty:NotificationRule") == ["ana/high/sms/0"]


def test_low_urgency_gets_the_ways_of_low_for_whoever_hears_of_low_only(inventory, pagerduty):
    found = pagerduty(inventory(tiers={"internal": {"severity": "low"}}, pages={"medium": ["sms"], "low": ["email"]}))
    assert found.keys("pagerduty:NotificationRule") == ["ana/low/email/0"]


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_nothing_of_people_who_are_not_managed_is_written(inventory, pagerduty, opsgenie, target):
    ask = {"pagerduty": pagerduty, "opsgenie": opsgenie}[target]
    kinds = {resource.kind for resource in ask(inventory(target, ana={"manage": "none"})).resources}
    personal = {"ContactMethod", "Contact", "NotificationRule"}
    assert {kind for kind in kinds if kind.partition(":")[2] in personal} == set()


def test_rules_go_the_day_after_the_last(inventory, pagerduty):
    leaving = inventory(ana={"until": "2026-11-20"})
    before = pagerduty(leaving, datetime(2026, 11, 20, 12, tzinfo=UTC)).keys("pagerduty:NotificationRule")
    assert (len(before), pagerduty(leaving).keys("pagerduty:NotificationRule")) == (3, [])


def test_opsgenie_has_a_rule_for_each_priority(inventory, opsgenie):
    found = opsgenie(inventory("opsgenie"))
    rules = [resource for resource in found.resources if resource.kind == "opsgenie:NotificationRule"]
    said = [
        (
            one.properties["criteria"]["conditions"][0]["expectedValue"],
            one.properties["order"],
            len(one.properties["steps"]),
        )
        for one in rules
    ]
    assert said == [("P1", 0, 2), ("P2", 1, 2), ("P3", 2, 1)]


def test_the_solo_authors_rules_are_those_they_were_promised(inventory, opsgenie):
    pages = {"critical": ["push"], "high": ["call after 3m"], "medium": ["email"]}
    found = opsgenie(inventory("opsgenie", ana={"pages": pages}))
    steps = {
        key: found.properties("opsgenie:NotificationRule", f"ana/{key}")["steps"]
        for key in ("critical", "high", "medium")
    }
    at = {"enabled": True, "sendAfter": {"timeAmount": 0, "timeUnit": "minutes"}}
    assert steps == {
        "critical": ({"contact": {"method": "mobile", "to": DEVICE}, **at},),
        "high": (
            {
                "contact": {"method": "voice", "to": "49-305550101"},
                "enabled": True,
                "sendAfter": {"timeAmount": 3, "timeUnit": "minutes"},
            },
        ),
        "medium": ({"contact": {"method": "email", "to": "ana@acme.example"}, **at},),
    }


def test_only_phones_are_made_contacts_at_opsgenie(inventory, opsgenie):
    found = opsgenie(inventory("opsgenie"))
    expected = {"username": "ana@acme.example", "method": "voice", "to": "49-305550101"}
    assert found.keys("opsgenie:Contact") == ["ana/voice"]
    assert found.properties("opsgenie:Contact", "ana/voice") == expected


def test_rules_wait_for_their_contact_and_for_the_rule_before(inventory, opsgenie):
    rule = opsgenie(inventory("opsgenie")).get("opsgenie:NotificationRule", "ana/high")
    assert rule.after == (Ref("opsgenie:Contact", "ana/voice"), Ref("opsgenie:NotificationRule", "ana/critical"))


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_push_without_a_device(inventory, pagerduty_audit, opsgenie_audit, target):
    audit = {"pagerduty": pagerduty_audit, "opsgenie": opsgenie_audit}[target]
    found = audit(inventory(target, ana={"device": None}))
    assert found == {(f"{target}-push-without-device", "reason"): ["people.ana"]}


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_push_without_a_device_and_nothing_else_for_critical(inventory, pagerduty_audit, opsgenie_audit, target):
    audit = {"pagerduty": pagerduty_audit, "opsgenie": opsgenie_audit}[target]
    found = audit(inventory(target, ana={"device": None}, pages={"critical": ["push"], "medium": ["push"]}))
    assert found == {(f"{target}-push-without-device", "error"): ["people.ana"]}


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_seconds_before_somebody_is_called(inventory, pagerduty_audit, opsgenie_audit, target):
    audit = {"pagerduty": pagerduty_audit, "opsgenie": opsgenie_audit}[target]
    found = audit(inventory(target, pages={"critical": ["call after 90s"]}))
    assert found == {(f"{target}-step-seconds", "reason"): ["pages.critical.0"]}


def test_seconds_are_rounded_up(inventory, pagerduty):
    found = pagerduty(inventory(pages={"critical": ["call after 90s"]}))
    assert found.keys("pagerduty:NotificationRule") == ["ana/high/call/2"]


def test_medium_and_low_told_differently_to_one_person_at_pagerduty(inventory, pagerduty_audit):
    tiers = {"third": {"severity": "medium"}, "hint": {"severity": "low"}}
    servers = {"w": {"name": "W", "url": "https://w.example", "team": "platform", "tier": "third"}}
    found = pagerduty_audit(inventory(tiers=tiers, servers=servers, pages={"medium": ["email"], "low": ["sms"]}))
    assert found == {("medium-and-low-pages-differ", "reason"): ["pages"]}

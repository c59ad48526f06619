from datetime import UTC, datetime

import pytest

PEOPLE = {key: {"name": key.title(), "email": f"{key}@acme.example"} for key in ("ana", "bo", "cy", "dee")}
SERVER = {"name": "Weather", "url": "https://w.example", "team": "platform", "tier": "internal"}
PRIMARY = "teams.platform.schedules.primary"


@pytest.fixture
def audit(acme, team, pagerduty_audit):
    """What is found of `acme` with these nouns, its team with these words."""

    def find(nouns=None, at=None, **words):
        inventory = acme(**{"teams": {"platform": team(**words)}} | (nouns or {}))
        return pagerduty_audit(inventory, at) if at else pagerduty_audit(inventory)

    return find


@pytest.fixture
def audit_rotations(audit):
    """What is found of a schedule `primary` with these rotations."""
    return lambda rotations, at=None, **words: audit(at=at, schedules={"primary": {"rotations": rotations, **words}})


def test_a_plain_team_is_fine(audit):
    assert audit() == {}


def test_teams_elsewhere_are_not_looked_at(audit):
    assert audit(pages_through="opsgenie", name="A/B") == {}


def test_turns_of_months(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(turn="1 month", hand_off="09:00")})
    assert found == {("pagerduty-monthly-turn", "reason"): [f"{PRIMARY}.rotations.r.turn"]}


def test_an_inherited_turn_of_months_is_found_once(audit_rotations, rotation):
    words = rotation(
        turn="1 month", hand_off="09:00", since="2026-12-07", before={"people": ["cy"], "since": "2026-10-05"}
    )
    assert audit_rotations({"r": words}) == {("pagerduty-monthly-turn", "reason"): [f"{PRIMARY}.rotations.r.turn"]}


def test_a_turn_of_months_that_is_over_is_no_matter(audit_rotations, rotation):
    before = {"people": ["cy"], "since": "2026-10-05", "turn": "1 month", "hand_off": "09:00"}
    words = rotation(since="2026-12-07", before=before)
    assert audit_rotations({"r": words}, at=datetime(2026, 12, 8, tzinfo=UTC)) == {}


def test_an_empty_turn(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(people=["ana", "nobody"])})
    assert found == {("pagerduty-nobody-slot", "reason"): [f"{PRIMARY}.rotations.r.people.1"]}


def test_the_last_wins_within_one_zone_only(audit_rotations, rotation):
    rotations = {"r": rotation(), "s": rotation(time_zone="America/New_York")}
    found = audit_rotations(rotations, overlap="last_wins")
    assert found == {("pagerduty-last-wins-zones", "error"): [f"{PRIMARY}.overlap"]}


def test_a_turn_longer_than_a_year(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(turn="53 weeks")})
    assert found == {("pagerduty-turn-length", "error"): [f"{PRIMARY}.rotations.r.turn"]}


def test_hours_that_are_days_where_the_clocks_change(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(turn="48 hours", hand_off="09:00")})
    assert found == {("pagerduty-hour-turn-by-clock", "reason"): [f"{PRIMARY}.rotations.r.turn"]}


def test_hours_that_are_days_where_the_clocks_never_change(audit_rotations, rotation):
    assert audit_rotations({"r": rotation(turn="48 hours", hand_off="09:00", time_zone="Asia/Kathmandu")}) == {}


def test_seconds_in_steps_repeats_and_the_managers_step(audit):
    found = audit(
        {"tiers": {"internal": {"severity": "critical", "manager_after": "90s"}}},
        escalation=[{"notify": "primary"}, {"notify": "cy", "after": "30s"}],
        repeat={"times": 1, "after": "200s"},
    )
    places = ["teams.platform.escalation.1.after", "teams.platform.repeat.after", "tiers.internal.manager_after"]
    assert found == {("pagerduty-step-seconds", "reason"): places}


def test_a_first_step_that_waits(audit):
    found = audit(escalation=[{"notify": "primary", "after": "5m"}])
    assert found == {("pagerduty-first-step-at-once", "reason"): ["teams.platform.escalation"]}


def test_too_many_targets_at_one_moment(audit):
    people = {f"p{n}": {"name": f"P{n}", "email": f"p{n}@acme.example"} for n in range(11)}
    found = audit({"people": people}, members=list(people), schedules={}, escalation=[{"notify": list(people)}])
    assert found == {("pagerduty-too-many-targets", "error"): ["teams.platform.escalation"]}


def test_low_urgency_with_a_second_step(audit):
    found = audit(
        {"tiers": {"internal": {"severity": "critical"}, "third": {"severity": "medium"}}},
        escalation=[{"notify": "primary"}, {"notify": "cy", "after": "5m"}],
    )
    assert found == {("low-urgency-never-escalates", "reason"): ["teams.platform.escalation"]}


@pytest.mark.parametrize("words", [{"hold_outside": "Mon-Fri 09:00-18:00"}, {"ticket": "jira"}])
def test_low_urgency_that_escalates_in_its_hours_or_is_never_sent(audit, words):
    found = audit(
        {"tiers": {"internal": {"severity": "critical"}, "third": {"severity": "medium", **words}}},
        escalation=[{"notify": "primary"}, {"notify": "cy", "after": "5m"}],
    )
    assert found == {}


def test_hours_that_can_not_be_held(audit):
    tiers = {"internal": {"severity": "critical"}, "third": {"severity": "medium", "hold_outside": "22:00-06:00"}}
    assert audit({"tiers": tiers}) == {("pagerduty-hold-hours", "reason"): ["tiers.third.hold_outside"]}


def test_hours_that_are_all_hours_hold_nothing(audit):
    tiers = {"internal": {"severity": "critical"}, "third": {"severity": "medium", "hold_outside": "00:00-24:00"}}
    assert audit({"tiers": tiers}) == {}


def test_a_tier_nobody_is_told_of(audit):
    tiers = {"internal": {"severity": "critical", "manager_after": "5m"}, "third": {"severity": "low"}}
    found = audit({"tiers": tiers}, escalation=[])
    expected = {
        ("pagerduty-first-step-at-once", "reason"): ["teams.platform.escalation"],
        ("pagerduty-empty-policy", "error"): ["teams.platform.escalation"],
    }
    assert found == expected


def test_a_schedule_that_is_not_at_pagerduty(acme, team, pagerduty_audit):
    teams = {
        "platform": team(escalation=[{"notify": ["primary", "edge/primary"]}]),
        "edge": team(name="Edge", pages_through="opsgenie"),
    }
    found = pagerduty_audit(acme(teams=teams))
    assert found == {("pagerduty-schedule-missing", "error"): ["teams.platform.escalation.0.notify.1"]}


@pytest.mark.parametrize("name", ["Research & Development", "A/B", "Tabs\tand more", "Blank at the end "])
def test_characters_pagerduty_forbids_in_a_teams_name(audit, name):
    assert audit(name=name) == {("pagerduty-name-characters", "error"): ["teams.platform.name"]}


def test_characters_pagerduty_forbids_in_the_names_of_schedules_servers_groups_and_people(audit, rotation):
    found = audit(
        {
            "people": PEOPLE | {"ana": PEOPLE["ana"] | {"manage": "all", "name": "Ana <ops>"}},
            "servers": {"weather": SERVER | {"own_service": True, "name": "Weather "}},
            "groups": {"all": {"name": "All\u200b", "servers": ["weather"], "team": "platform"}},
        },
        schedules={"primary": {"name": "Day/Night", "rotations": {"r": rotation()}}},
    )
    places = [f"{PRIMARY}.name", "servers.weather.name", "groups.all.name", "people.ana.name"]
    assert found == {("pagerduty-name-characters", "error"): places}


def test_a_teams_name_that_is_too_long(audit):
    assert audit(name="x" * 101) == {("pagerduty-name-length", "error"): ["teams.platform.name"]}


def test_a_description_that_is_too_long(audit):
    found = audit(description="x" * 1000)
    assert found == {("pagerduty-description-length", "error"): ["teams.platform.description"]}


def test_a_server_called_like_the_service_of_a_tier(audit):
    servers = {"weather": SERVER | {"own_service": True, "name": "platform INTERNAL"}}
    assert audit({"servers": servers}) == {("pagerduty-name-taken", "error"): ["servers.weather.name"]}


def test_schedules_of_two_teams_that_would_share_a_name(acme, team, rotation, pagerduty_audit):
    schedule = {"rotations": {"r": rotation()}}
    teams = {
        "platform": team(schedules={"primary": {"name": "One two", **schedule}}),
        "other": team(name="Platform one", schedules={"primary": {"name": "two", **schedule}}),
    }
    found = pagerduty_audit(acme(teams=teams))
    assert found == {("pagerduty-name-taken", "error"): ["teams.platform.schedules.primary.name"]}


def test_a_team_whose_key_is_that_of_servers_own_services(acme, team, pagerduty_audit):
    inventory = acme(teams={"platform": team(), "server": team(name="Servers")})
    assert pagerduty_audit(inventory) == {("pagerduty-team-key", "error"): ["teams.server"]}


TIERS = {
    "internal": {"severity": "critical"},
    "author": {"severity": "high"},
    "third": {"severity": "medium", "hold_outside": "Mon-Fri 09:00-18:00"},
}


def test_ways_of_being_told_are_not_looked_at_where_they_are_not_ours(audit):
    assert audit({"tiers": TIERS, "pages": {"critical": ["call"], "high": ["sms"], "medium": ["email"]}}) == {}


def test_critical_and_high_told_differently(audit):
    pages = {"critical": ["call"], "high": ["sms"], "medium": ["sms"]}
    found = audit({"tiers": TIERS, "pages": pages, "manage": "rules"})
    assert found == {("critical-and-high-pages-differ", "reason"): ["pages"]}


def test_medium_told_differently_from_high_where_it_is_held(audit):
    pages = {"critical": ["sms"], "high": ["sms"]}
    people = PEOPLE | {"ana": PEOPLE["ana"] | {"pages": {"medium": ["email"]}}}
    found = audit({"tiers": TIERS, "pages": pages | {"medium": ["sms"]}, "people": people, "manage": "rules"})
    assert found == {("medium-pages-like-high", "reason"): ["people.ana.pages"]}


def test_only_people_on_steps_of_both_are_compared(audit):
    pages = {"critical": ["call"], "high": ["sms"], "medium": ["sms"]}
    people = PEOPLE | {"cy": PEOPLE["cy"] | {"manage": "rules"}}  # a member who is never on call
    assert audit({"tiers": TIERS, "pages": pages, "people": people}) == {}

import pytest

from oncall.resource import Ref

POLICY = "pagerduty:EscalationPolicy"


@pytest.fixture
def rules(acme, team, pagerduty):
    """The rules of the policy of a team with these words, each as (delay, target keys)."""

    def make(tier=None, **words):
        inventory = acme(
            teams={"platform": team(**words)}, tiers={"internal": {"severity": "critical", **(tier or {})}}
        )
        found = pagerduty(inventory).properties(POLICY, "platform/internal")["rules"]
        return [(rule["escalation_delay_in_minutes"], [one["id"].key for one in rule["targets"]]) for rule in found]

    return make


def test_a_single_step_waits_for_the_repeat(rules):
    assert rules() == [(30, ["platform/primary"])]


def test_delays_are_the_differences_of_the_steps(rules):
    steps = [{"notify": "primary"}, {"notify": "cy", "after": "5m"}, {"notify": "dee", "after": "20m"}]
    assert rules(escalation=steps) == [(5, ["platform/primary"]), (15, ["cy"]), (30, ["dee"])]


def test_recipients_of_one_moment_are_one_rule(rules):
    steps = [{"notify": ["primary", "cy"]}, {"notify": "ana", "after": "10m"}]
    assert rules({"manager_after": "10m"}, escalation=steps) == [(10, ["platform/primary", "cy"]), (30, ["ana", "dee"])]


def test_the_last_delay_leads_to_the_repeat(rules):
    steps = [{"notify": "primary"}, {"notify": "cy", "after": "5m"}]
    assert rules(escalation=steps, repeat={"times": 2, "after": "20m"}) == [(5, ["platform/primary"]), (15, ["cy"])]


def test_repeats_are_loops(acme, team, pagerduty):
    inventory = acme(teams={"platform": team(repeat={"times": 3})})
    assert pagerduty(inventory).properties(POLICY, "platform/internal")["num_loops"] == 3


def test_a_schedule_that_was_split_is_told_through_all_its_parts(rules, rotation):
    schedules = {"primary": {"rotations": {"one": rotation(), "two": rotation(people=["cy"])}}}
    assert rules(schedules=schedules) == [(30, ["platform/primary/one", "platform/primary/two"])]


def test_a_first_step_that_waits_acts_at_once_and_later_ones_keep_their_moment(rules):
    steps = [{"notify": "primary", "after": "5m"}, {"notify": "cy", "after": "15m"}]
    assert rules(escalation=steps) == [(15, ["platform/primary"]), (30, ["cy"])]


def test_seconds_are_rounded_up(rules):
    steps = [{"notify": "primary"}, {"notify": "cy", "after": "30s"}, {"notify": "dee", "after": "90s"}]
    assert rules(escalation=steps) == [(1, ["platform/primary"]), (1, ["cy"]), (30, ["dee"])]


def test_a_level_whose_schedule_is_over_is_skipped(rules, rotation):
    schedules = {
        "old": {"rotations": {"weekly": rotation(until="2026-11-01")}},
        "primary": {"rotations": {"weekly": rotation()}},
    }
    steps = [{"notify": "primary"}, {"notify": "old", "after": "5m"}, {"notify": "cy", "after": "15m"}]
    assert rules(schedules=schedules, escalation=steps) == [(15, ["platform/primary"]), (30, ["cy"])]


def test_a_schedule_of_another_team_can_be_told(acme, team, pagerduty):
    teams = {"platform": team(escalation=[{"notify": "edge/primary"}]), "edge": team(name="Edge")}
    found = pagerduty(acme(teams=teams)).properties(POLICY, "platform/internal")["rules"]
    assert found[0]["targets"] == ({"type": "schedule_reference", "id": Ref("pagerduty:Schedule", "edge/primary")},)


def test_there_is_no_policy_without_anybody_to_tell(acme, team, pagerduty):
    account = pagerduty(acme(teams={"platform": team(escalation=[])}))
    assert (account.keys(POLICY), account.keys("pagerduty:Service")) == ([], [])


def test_a_policy_belongs_to_its_team_and_comes_after_its_memberships(acme, pagerduty):
    found = pagerduty(acme()).get(POLICY, "platform/internal")
    expected = tuple(Ref("pagerduty:TeamMembership", f"platform/{person}") for person in ("ana", "bo", "cy", "dee"))
    assert (found.properties["teams"], found.after) == (Ref("pagerduty:Team", "platform"), expected)


def test_a_schedule_of_nobody_at_all_is_not_told(rules, rotation):
    schedules = {
        "empty": {"rotations": {"weekly": rotation(people=["nobody"])}},
        "primary": {"rotations": {"weekly": rotation()}},
    }
    steps = [{"notify": ["primary", "empty"]}]
    assert rules(schedules=schedules, escalation=steps) == [(30, ["platform/primary"])]

"""What OpsGenie makes with a team, and the routing rules that lead away from it."""

import pytest

UNKNOWN_IDS = {"defaultScheduleId": "", "defaultEscalationId": "", "defaultRoutingRuleId": ""}


@pytest.fixture
def escalation(plugin, team):
    rules = [{"delay": 0, "recipient": {"type": "user", "username": "ana@acme.example"}}]
    return plugin.create("opsgenie:Escalation", {"name": "Edge critical", "ownerTeamId": team.id, "rules": rules})


@pytest.fixture
def default_rule(team, escalation):
    return {
        "teamId": team.id,
        "name": "default",
        "isDefault": True,
        "notify": {"type": "escalation", "id": escalation.id},
        "removeScheduleId": team.state["defaultScheduleId"],
        "removeEscalationId": team.state["defaultEscalationId"],
    }


def default_ids(held):
    return {name: held.state[name] for name in UNKNOWN_IDS}


def test_a_new_team_records_the_objects_made_with_it(team, vendor):
    schedule = vendor.get(f"/v2/schedules/{team.state['defaultScheduleId']}")
    escalation = vendor.get(f"/v2/escalations/{team.state['defaultEscalationId']}")
    rule = vendor.get(f"/v2/teams/{team.id}/routing-rules/{team.state['defaultRoutingRuleId']}")

    assert (schedule["name"], escalation["name"], rule["isDefault"]) == ("Edge_schedule", "Edge_escalation", True)


def test_the_recorded_objects_stay_recorded(plugin, team):
    refreshed = plugin.refresh(plugin.update(team, {"name": "Edge two"}))

    assert default_ids(refreshed) == default_ids(team)


def test_an_imported_team_does_not_know_its_default_objects(start, team):
    assert default_ids(start().imported("opsgenie:Team", team.id)) == UNKNOWN_IDS


def test_a_team_can_be_imported_by_name(start, team):
    assert start().imported("opsgenie:Team", "Edge").id == team.id


def test_a_team_taken_over_after_its_rule_was_pointed_elsewhere_finds_its_default_objects_by_name(
    start, plugin, team, default_rule
):
    rest = default_rule | {"removeScheduleId": "", "removeEscalationId": ""}
    plugin.create("opsgenie:RoutingRule", rest)

    again = start().create("opsgenie:Team", team.inputs)

    assert default_ids(again) == default_ids(team)


def test_objects_of_ours_are_not_taken_for_default_ones(start, plugin, vendor, team, default_rule):
    plugin.create("opsgenie:RoutingRule", default_rule)
    made = {"name": "Edge_schedule", "timezone": "UTC", "ownerTeamId": team.id}
    plugin.create("opsgenie:Schedule", made)

    again = start().create("opsgenie:Team", team.inputs)

    assert again.state["defaultScheduleId"] == ""


def test_the_default_rule_is_pointed_elsewhere_and_the_default_objects_go(plugin, vendor, team, default_rule):
    held = plugin.create("opsgenie:RoutingRule", default_rule)

    rule = vendor.get(f"/v2/teams/{team.id}/routing-rules/{team.state['defaultRoutingRuleId']}")
    assert held.id == f"{team.id}/{team.state['defaultRoutingRuleId']}"
    assert rule["notify"]["id"] == default_rule["notify"]["id"]
    assert vendor.names("/v2/escalations") == ["Edge critical"]
    assert vendor.names("/v2/schedules") == []


def test_the_default_rule_needs_no_change_afterwards(plugin, default_rule):
    held = plugin.create("opsgenie:RoutingRule", default_rule)

    assert plugin.changes(plugin.refresh(held), default_rule) == {}


def test_an_imported_default_rule_differs_in_its_removals_only(start, plugin, default_rule):
    held = plugin.create("opsgenie:RoutingRule", default_rule)

    imported = start().imported("opsgenie:RoutingRule", held.id)

    assert plugin.changes(imported, default_rule) == {"removeEscalationId": "add", "removeScheduleId": "add"}


def test_a_deleted_default_rule_stays_and_points_at_nobody(start, plugin, vendor, team, default_rule):
    held = plugin.create("opsgenie:RoutingRule", default_rule)

    start().delete(held)

    rule = vendor.get(f"/v2/teams/{team.id}/routing-rules/{team.state['defaultRoutingRuleId']}")
    assert rule["notify"] == {"type": "none"}


def test_only_objects_made_with_the_team_are_removed(plugin, vendor, default_rule, escalation):
    wrong = default_rule | {"removeEscalationId": escalation.id}

    with pytest.raises(Exception, match="is not an object that OpsGenie made with this team"):
        plugin.create("opsgenie:RoutingRule", wrong)

    assert "Edge critical" in vendor.names("/v2/escalations")


def test_a_failed_removal_is_recorded_and_done_by_the_next_update(plugin, vendor, default_rule):
    for _ in range(3):
        plugin.line.answer("DELETE", "/v2/escalations/.*", 503)

    with pytest.raises(Exception, match='routing rule "default": OpsGenie answered 503') as failure:
        plugin.create("opsgenie:RoutingRule", default_rule)

    resource_id, state = failure.value.recorded
    held = type("Held", (), {"urn": "urn:x$oncall:opsgenie:RoutingRule::x", "id": resource_id, "state": state})
    plugin.update(held, default_rule)
    assert vendor.names("/v2/escalations") == ["Edge critical"]


@pytest.mark.parametrize("made_in", ["012", "021", "102", "120", "201", "210"])
def test_rules_made_in_any_order_stand_in_theirs(plugin, vendor, team, made_in):
    for order in map(int, made_in):
        rule = {"teamId": team.id, "name": f"rule {order}", "order": order, "notify": {"type": "none"}}
        plugin.create("opsgenie:RoutingRule", rule, f"rule-{order}")

    names = vendor.names(f"/v2/teams/{team.id}/routing-rules")
    assert names == ["rule 0", "rule 1", "rule 2", "Default Routing Rule"]


def test_rules_can_change_places(plugin, vendor, team):
    rules = [
        {"teamId": team.id, "name": f"rule {order}", "order": order, "notify": {"type": "none"}} for order in range(3)
    ]
    held = [plugin.create("opsgenie:RoutingRule", rule, rule["name"]) for rule in rules]

    moved = [plugin.update(each, rule | {"order": 2 - rule["order"]}) for each, rule in zip(held, rules, strict=True)]

    names = vendor.names(f"/v2/teams/{team.id}/routing-rules")
    assert names == ["rule 2", "rule 1", "rule 0", "Default Routing Rule"]
    assert [plugin.refresh(each).state["order"] for each in moved] == [2, 1, 0]


def test_a_rule_moved_by_somebody_else_is_moved_back(plugin, vendor, team):
    rules = [
        {"teamId": team.id, "name": f"rule {order}", "order": order, "notify": {"type": "none"}} for order in range(2)
    ]
    held = [plugin.create("opsgenie:RoutingRule", rule, rule["name"]) for rule in rules]
    other = {"name": "other", "order": 0, "notify": {"type": "none"}}
    vendor.post(f"/v2/teams/{team.id}/routing-rules", other)

    drifted = plugin.refresh(held[0])

    assert plugin.changes(drifted, rules[0]) == {"order": "update"}
    plugin.update(drifted, rules[0])
    assert vendor.names(f"/v2/teams/{team.id}/routing-rules")[0] == "rule 0"

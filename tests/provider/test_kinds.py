"""Every kind of OpsGenie through the plugin's gRPC server against the sandbox: made, unchanged, changed, gone."""

import pytest

PARTICIPANTS = [{"type": "user", "username": "ana@acme.example"}, {"type": "none"}]
WEEKDAYS = {
    "type": "weekday-and-time-of-day",
    "restrictions": [
        {"startDay": "monday", "startHour": 9, "endDay": "monday", "endHour": 17},
        {"startDay": "friday", "startHour": 9, "endDay": "friday", "endHour": 15, "endMin": 30},
    ],
}


def inputs_of(kind, team, plugin):
    """What makes one object of a kind, and an edit of it."""
    if kind == "opsgenie:User":
        one = {"username": "Dee@acme.example", "fullName": "Dee Ruiz", "timeZone": "America/New_York"}
        return one, one | {"role": "Admin"}
    if kind == "opsgenie:Team":
        one = {"name": "Maps", "members": [{"username": "bo@acme.example"}]}
        return one, {"name": "Maps and more", "members": [{"username": "cy@acme.example", "role": "admin"}]}
    schedule = {"name": "Edge sun", "timezone": "Europe/Berlin", "ownerTeamId": team.id}
    if kind == "opsgenie:Schedule":
        return schedule, schedule | {"timezone": "Europe/Stockholm", "enabled": False}
    target = {"type": "schedule", "id": plugin.create("opsgenie:Schedule", schedule | {"name": "Target"}, "t").id}
    if kind == "opsgenie:Rotation":
        one = {
            "scheduleId": target["id"],
            "name": "weekly",
            "startDate": "2026-12-07T09:00:00+01:00",
            "endDate": "2027-12-06T08:00:00Z",
            "type": "weekly",
            "participants": PARTICIPANTS,
            "timeRestriction": WEEKDAYS,
        }
        return one, one | {"length": 2, "participants": PARTICIPANTS[::-1]}
    if kind == "opsgenie:Escalation":
        rules = [{"delay": 0, "recipient": target}, {"delay": 5, "notifyType": "next", "recipient": target}]
        one = {"name": "Edge critical", "ownerTeamId": team.id, "rules": rules}
        return one, one | {"repeat": {"waitInterval": 20, "count": 2}}
    if kind == "opsgenie:RoutingRule":
        critical = {"field": "priority", "operation": "equals", "expectedValue": "P1"}
        one = {
            "teamId": team.id,
            "name": "critical",
            "criteria": {"type": "match-any-condition", "conditions": [critical]},
            "notify": target,
        }
        return one, one | {"name": "worst"}
    if kind == "opsgenie:ApiIntegration":
        one = {"name": "AliveMCP", "ownerTeamId": team.id}
        return one, one | {"enabled": False, "suppressNotifications": True}
    one = {"name": "weather-mcp", "interval": 3, "intervalUnit": "minutes", "ownerTeamId": team.id}
    return one, one | {"interval": 1, "intervalUnit": "hours", "alertTags": ["b", "a"], "alertPriority": "P1"}


KINDS = (
    "opsgenie:User",
    "opsgenie:Team",
    "opsgenie:Schedule",
    "opsgenie:Rotation",
    "opsgenie:Escalation",
    "opsgenie:RoutingRule",
    "opsgenie:ApiIntegration",
    "opsgenie:Heartbeat",
)
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_what_was_made_needs_no_change(plugin, team, kind):
    inputs, _ = inputs_of(kind, team, plugin)

    held = plugin.create(kind, inputs)

    assert plugin.changes(held, inputs) == {}


@every_kind
def test_what_was_made_needs_no_change_after_a_refresh(plugin, team, kind):
    inputs, _ = inputs_of(kind, team, plugin)
    held = plugin.create(kind, inputs)

    refreshed = plugin.refresh(held)

    assert refreshed == held


@every_kind
def test_an_edit_is_made_in_place_and_stays(plugin, team, kind):
    inputs, edited = inputs_of(kind, team, plugin)
    held = plugin.create(kind, inputs)
    assert plugin.changes(held, edited) != {}
    assert list(plugin.diff(held, edited).replaces) == []

    updated = plugin.update(held, edited)

    assert plugin.changes(plugin.refresh(updated), edited) == {}


@every_kind
def test_an_edit_can_be_taken_back(plugin, team, kind):
    inputs, edited = inputs_of(kind, team, plugin)
    updated = plugin.update(plugin.create(kind, inputs), edited)

    back = plugin.update(updated, inputs)

    assert plugin.changes(plugin.refresh(back), inputs) == {}


@every_kind
def test_a_deleted_object_is_gone_and_can_be_deleted_again(plugin, team, kind):
    held = plugin.create(kind, inputs_of(kind, team, plugin)[0])

    plugin.delete(held)
    plugin.delete(held)

    assert plugin.refresh(held) is None


@every_kind
def test_an_imported_object_agrees_with_its_program(start, plugin, team, kind):
    inputs, _ = inputs_of(kind, team, plugin)
    held = plugin.create(kind, inputs)

    imported = start().imported(kind, held.id)

    assert imported.id == held.id
    wanted = {"apiKey": "update_replace"} if kind == "opsgenie:ApiIntegration" else {}
    assert plugin.changes(imported, inputs) == wanted


@every_kind
def test_an_unknown_id_can_not_be_imported(plugin, team, kind):
    nested = kind in ("opsgenie:Rotation", "opsgenie:RoutingRule")
    given = f"{team.id}/nothing" if nested else "nothing"

    assert plugin.imported(kind, given) is None


@every_kind
def test_a_create_takes_two_requests_once_the_account_is_known(plugin, team, kind):
    inputs, _ = inputs_of(kind, team, plugin)
    plugin.delete(plugin.create(kind, inputs))
    plugin.line.requests.clear()

    plugin.create(kind, inputs)

    # A team's default objects and a rule's place are looked at besides; a user is looked up by name.
    more = {"opsgenie:Team": 3, "opsgenie:RoutingRule": 1, "opsgenie:User": 1}.get(kind, 0)
    assert len(plugin.line.requests) == 2 + more


@every_kind
def test_a_preview_sends_nothing(plugin, team, kind):
    inputs, edited = inputs_of(kind, team, plugin)
    held = plugin.create(kind, inputs)
    plugin.line.requests.clear()

    plugin.preview(kind, inputs)
    plugin.update(held, edited, preview=True)
    plugin.changes(held, edited)

    assert plugin.line.requests == []


@every_kind
def test_a_replaced_object_never_stands_beside_its_successor(plugin, team, kind):
    inputs, edited = inputs_of(kind, team, plugin)
    held = plugin.create(kind, inputs)

    assert plugin.diff(held, edited).deleteBeforeReplace is True

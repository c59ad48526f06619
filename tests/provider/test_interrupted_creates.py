"""A create whose answer was lost, or whose run was killed, is found again; somebody else's object is left alone."""

import pytest

from oncall.provider.session import MARK


@pytest.fixture
def standing(vendor):
    """The names of the objects of a kind that stand where these inputs put theirs."""

    def names(kind, inputs):
        person, team = f"/v2/users/{inputs.get('username')}", inputs.get("teamId")
        nested = {
            "opsgenie:Maintenance": "/v1/maintenance?type=non-expired",
            "opsgenie:Service": "/v1/services",
            "opsgenie:Contact": f"{person}/contacts",
            "opsgenie:NotificationRule": f"{person}/notification-rules",
            "opsgenie:ScheduleOverride": f"/v2/schedules/{inputs.get('scheduleId')}/overrides",
            "opsgenie:AlertPolicy": f"/v2/policies/alert?teamId={team}",
            "opsgenie:NotificationPolicy": f"/v2/policies/notification?teamId={team}",
            "opsgenie:Rotation": f"/v2/schedules/{inputs.get('scheduleId')}/rotations",
            "opsgenie:RoutingRule": f"/v2/teams/{inputs.get('teamId')}/routing-rules",
        }
        if kind == "opsgenie:User":
            return [row["username"] for row in vendor.get("/v2/users")]
        if kind == "opsgenie:TeamMember":
            return [row["user"]["username"] for row in vendor.get(f"/v2/teams/{team}")["members"]]
        if kind in NAMES:
            return [row[NAMES[kind]] for row in vendor.get(nested[kind])]
        plural = {"ApiIntegration": "integrations"}.get(kind.split(":")[1], f"{kind.split(':')[1].lower()}s")
        return vendor.names(nested.get(kind, f"/v2/{plural}"))

    return names


NAMES = {"opsgenie:Contact": "to", "opsgenie:ScheduleOverride": "alias", "opsgenie:Maintenance": "description"}
"""Kinds whose objects are told by something else than a name."""


def name_in(kind, inputs):
    people = ("opsgenie:User", "opsgenie:TeamMember")
    return inputs["username"].lower() if kind in people else inputs[NAMES.get(kind, "name")]


def test_a_create_whose_answer_is_lost_makes_one_object(plugin, kind, examples, standing):
    inputs, _ = examples(kind)
    plugin.line.lose("POST", ".*")

    held = plugin.create(kind, inputs)

    assert standing(kind, inputs).count(name_in(kind, inputs)) == 1
    assert plugin.changes(plugin.refresh(held), inputs) == {}


def test_a_create_that_fails_before_any_work_is_sent_again(plugin, kind, examples, standing):
    inputs, _ = examples(kind)
    plugin.line.answer("POST", ".*", 503)

    held = plugin.create(kind, inputs)

    assert standing(kind, inputs).count(name_in(kind, inputs)) == 1
    assert plugin.changes(plugin.refresh(held), inputs) == {}


def test_a_create_that_loses_every_answer_fails_and_leaves_one_object_at_most(plugin, kind, examples, standing):
    inputs, _ = examples(kind)
    for _ in range(3):
        plugin.line.lose("POST", ".*")

    try:
        plugin.create(kind, inputs)
    except Exception as error:  # noqa: BLE001 - only the integration, whose key each lost answer takes along
        assert "did not answer in time" in str(error), error  # noqa: PT017

    assert standing(kind, inputs).count(name_in(kind, inputs)) <= 1


def test_an_object_of_a_killed_run_is_taken_over_and_brought_up_to_date(start, plugin, kind, examples, standing):
    inputs, edited = examples(kind)
    plugin.create(kind, inputs)
    people = ("opsgenie:User", "opsgenie:TeamMember", "opsgenie:Contact")
    same = ("username", "to") if kind in people else ("name", "alias", "time")
    wanted = edited | {name: inputs[name] for name in same if name in inputs}

    held = start().create(kind, wanted)

    assert standing(kind, inputs).count(name_in(kind, inputs)) == 1
    assert plugin.changes(plugin.refresh(held), wanted) == {}


def test_a_run_that_takes_an_object_over_does_not_delete_it_under_its_old_name(start, plugin, kind, examples, standing):
    inputs, _ = examples(kind)
    old = plugin.create(kind, inputs, "old-name")
    run = start()
    new = run.create(kind, inputs, "new-name")

    run.delete(old)

    assert standing(kind, inputs).count(name_in(kind, inputs)) == 1
    assert run.changes(run.refresh(new), inputs) == {}


# Names of rotations and routing rules need not be unique at OpsGenie.
@pytest.mark.parametrize(
    "kind",
    [
        f"opsgenie:{name}"
        for name in ("User", "Team", "Schedule", "Escalation", "ApiIntegration", "Heartbeat", "TeamMember")
    ],
)
def test_two_resources_of_one_run_can_not_share_an_object(plugin, kind, examples):
    inputs, _ = examples(kind)
    plugin.create(kind, inputs, "one")

    with pytest.raises(Exception, match=r"the same object is made by .*'one' already"):
        plugin.create(kind, inputs, "two")


FOREIGN = {
    "opsgenie:Team": ("/v2/teams", {"name": "Maps"}),
    "opsgenie:Schedule": ("/v2/schedules", {"name": "Edge sun"}),
    "opsgenie:User": ("/v2/users", {"username": "dee@acme.example", "fullName": "Dee", "role": {"name": "User"}}),
    "opsgenie:ApiIntegration": ("/v2/integrations", {"name": "AliveMCP", "type": "API"}),
    "opsgenie:Heartbeat": (
        "/v2/heartbeats",
        {"name": "weather-mcp", "interval": 9, "intervalUnit": "hours", "enabled": False},
    ),
}


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("when", ["before the run", "during the run"])
def test_somebody_elses_object_stops_the_create_and_stays_as_it_is(plugin, vendor, examples, kind, when, standing):
    inputs, _ = examples(kind)
    if when == "during the run":
        other = {"name": "other", "username": "other@acme.example"}
        plugin.create(kind, inputs | {name: other[name] for name in other if name in inputs}, "other")
    path, body = FOREIGN[kind]
    made = vendor.post(path, body)

    with pytest.raises(Exception, match="exists already and is not ours") as failure:
        plugin.create(kind, inputs)

    assert str(failure.value).endswith(f"take it over: its id is {made.get('id', inputs.get('name'))}")
    assert standing(kind, inputs).count(name_in(kind, inputs)) == 1


def test_an_object_of_ours_under_another_team_is_not_taken(plugin, start, team):
    other = plugin.create("opsgenie:Team", {"name": "Other"}, "other")
    plugin.create("opsgenie:Schedule", {"name": "sun", "timezone": "UTC", "ownerTeamId": other.id})

    with pytest.raises(Exception, match='not ours \\(it belongs to another team, "Other"\\)'):
        start().create("opsgenie:Schedule", {"name": "sun", "timezone": "UTC", "ownerTeamId": team.id})


def test_a_foreign_object_is_named_with_the_team_that_has_it(plugin, vendor, team):
    vendor.post("/v2/teams", {"name": "Theirs"})
    vendor.post("/v2/schedules", {"name": "sun", "ownerTeam": {"name": "Theirs"}})

    with pytest.raises(Exception, match="exists already and is not ours") as failure:
        plugin.create("opsgenie:Schedule", {"name": "sun", "timezone": "UTC", "ownerTeamId": team.id})

    assert '(nothing in it says "Managed from the inventory"; it belongs to the team "Theirs")' in str(failure.value)


def test_our_own_lost_create_is_known_by_its_description_where_that_has_no_mark(plugin, vendor, team):
    plugin.line.lose("POST", "/v2/schedules")

    held = plugin.create(
        "opsgenie:Schedule", {"name": "sun", "timezone": "UTC", "ownerTeamId": team.id, "description": "hours"}
    )

    assert vendor.get(f"/v2/schedules/{held.id}")["description"] == "hours"


def test_what_is_made_says_that_it_is_managed(plugin, vendor, team):
    held = plugin.create("opsgenie:Schedule", {"name": "sun", "timezone": "UTC", "ownerTeamId": team.id})

    assert vendor.get(f"/v2/schedules/{held.id}")["description"] == MARK


def test_a_deleted_name_is_free_for_the_same_run(plugin, kind, examples, start):
    inputs, _ = examples(kind)
    old = plugin.create(kind, inputs)
    run = start()
    run.create("opsgenie:Heartbeat", {"name": "first", "interval": 1, "intervalUnit": "days"}, "first")
    run.delete(old)

    new = run.create(kind, inputs)

    assert run.changes(run.refresh(new), inputs) == {}

"""What follows from the table of properties: plans, bodies, defaults, previews."""

from datetime import UTC, datetime

import pytest

from sandbox.plugin.fields import Change, encode, inputs_of, plan, preview, problems, with_defaults
from sandbox.plugin.kinds import (
    ESCALATION_POLICY,
    KINDS,
    SCHEDULE,
    SERVICE,
    SERVICE_INTEGRATION,
    TEAM_MEMBERSHIP,
    USER,
)
from sandbox.plugin.values import UNKNOWN

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def layer(**more):
    return {
        "name": "weekly",
        "start": "2026-12-07T08:00:00Z",
        "rotationVirtualStart": "2026-12-07T08:00:00Z",
        "rotationTurnLengthSeconds": 604800,
        "users": ["P1", "P2"],
        **more,
    }


def schedule(*layers, **more):
    return {"name": "Primary", "description": "x", "timeZone": "Europe/Berlin", "layers": list(layers), **more}


def changes(kind, state, inputs):
    return plan(kind.fields, state, inputs, NOW)[1]


def test_what_the_server_fills_in_is_no_change():
    state = schedule(layer(id="L1", renderedCoveragePercentage="100.00"), finalSchedules=[{"name": "Final Schedule"}])
    assert changes(SCHEDULE, state, schedule(layer())) == []


def test_equal_instants_in_other_offsets_are_no_change():
    state = schedule(layer(start="2026-12-07T09:00:00+01:00", rotationVirtualStart="2026-12-07T09:00:00+01:00"))
    assert changes(SCHEDULE, state, schedule(layer())) == []


def test_two_starts_in_the_past_are_no_change_and_the_old_one_is_sent():
    state = schedule(layer(start="2026-11-20T10:11:12Z"))
    planned, found = plan(SCHEDULE.fields, state, schedule(layer(start="2026-10-05T07:00:00Z")), NOW)
    assert found == []
    assert planned["layers"][0]["start"] == "2026-11-20T10:11:12Z"


def test_a_start_that_moves_into_the_future_is_a_change():
    state = schedule(layer(start="2026-10-05T07:00:00Z"))
    assert changes(SCHEDULE, state, schedule(layer())) == [Change("layers[0].start", "update", False)]


def test_two_virtual_starts_in_the_past_differ():
    state = schedule(layer(rotationVirtualStart="2026-10-05T07:00:00Z"))
    inputs = schedule(layer(rotationVirtualStart="2026-10-12T07:00:00Z"))
    assert changes(SCHEDULE, state, inputs) == [Change("layers[0].rotationVirtualStart", "update", False)]


def test_changes_name_their_place_in_lists():
    state = schedule(layer(), layer(name="night"))
    inputs = schedule(layer(users=["P1", "P3", "P2"]))
    assert changes(SCHEDULE, state, inputs) == [
        Change("layers[0].users[1]", "update", False),
        Change("layers[0].users[2]", "add", False),
        Change("layers[1]", "delete", False),
    ]


def test_an_open_end_that_gets_an_end_is_an_addition():
    inputs = schedule(layer(end="2027-01-04T08:00:00Z"))
    assert changes(SCHEDULE, schedule(layer()), inputs) == [Change("layers[0].end", "add", False)]


def test_a_second_team_for_a_membership_replaces_it():
    state = {"teamId": "T1", "userId": "P1", "role": "manager"}
    assert changes(TEAM_MEMBERSHIP, state, {**state, "teamId": "T2"}) == [Change("teamId", "update", True)]


@pytest.mark.parametrize("name", ["service", "type", "vendor"])
def test_an_integration_is_replaced_by_schema(name):
    state = {"name": "AliveMCP", "service": "S1", "type": "t", "vendor": "V1"}
    assert changes(SERVICE_INTEGRATION, state, {**state, name: "other"}) == [Change(name, "update", True)]


def test_an_email_in_capitals_is_no_change():
    state = {"name": "Ann", "email": "ann@acme.example", "role": "user"}
    assert changes(USER, state, {**state, "email": "Ann@Acme.example"}) == []


def test_a_value_that_is_not_known_yet_is_a_change():
    state = {"name": "x", "service": "S1", "type": "t"}
    assert changes(SERVICE_INTEGRATION, state, {**state, "service": UNKNOWN}) == [Change("service", "update", True)]


def test_a_service_body_always_holds_timeouts_and_response_play():
    assert encode(SERVICE.fields, {"name": "x", "autoResolveTimeout": "null"}) == {
        "name": "x",
        "auto_resolve_timeout": None,
        "acknowledgement_timeout": None,
        "response_play": None,
    }


def test_a_policy_body_always_holds_teams_and_loops():
    assert encode(ESCALATION_POLICY.fields, {"name": "x"}) == {"name": "x", "num_loops": 0, "teams": None}


def test_a_layer_body_always_holds_its_end():
    body = encode(SCHEDULE.fields, {"layers": [{"name": "weekly"}]})
    assert body["schedule_layers"] == [{"name": "weekly", "end": None}]


def test_defaults_reach_into_nested_objects():
    values = with_defaults(ESCALATION_POLICY.fields, {"rules": [{"targets": [{"id": "P1"}]}]})
    assert values["rules"][0]["targets"] == [{"id": "P1", "type": "user_reference"}]


def test_a_preview_shows_unknown_where_only_the_server_can_say():
    shown = preview(SERVICE_INTEGRATION.fields, {"name": "AliveMCP", "service": "S1"})
    assert shown["integrationKey"] == UNKNOWN
    assert shown["name"] == "AliveMCP"


def test_a_preview_of_a_layer_has_no_id_yet():
    assert preview(SCHEDULE.fields, schedule(layer()))["layers"][0]["id"] == UNKNOWN


def test_imported_inputs_hold_what_a_program_would_write():
    state = schedule(
        layer(id="L1", renderedCoveragePercentage="100.00", restrictions=[]),
        teams=[],
        finalSchedules=[{"name": "Final Schedule"}],
    )
    assert inputs_of(SCHEDULE.fields, state) == schedule(layer())


@pytest.mark.parametrize(
    ("kind", "values", "problem"),
    [
        (
            SCHEDULE,
            schedule(layer(start="2026-12-07 08:00")),
            ("layers[0].start", "'2026-12-07 08:00' is not an RFC 3339 time"),
        ),
        (
            SCHEDULE,
            schedule(layer(start="2026-12-07T08:00:30Z")),
            ("layers[0].start", "'2026-12-07T08:00:30Z' is not a full minute"),
        ),
        (
            SCHEDULE,
            schedule(layer(rotationTurnLengthSeconds=60)),
            ("layers[0].rotationTurnLengthSeconds", "60 is not between 3600 and 31536000"),
        ),
        (
            SCHEDULE,
            schedule(layer(), timeZone="Europe/Nowhere"),
            ("timeZone", "'Europe/Nowhere' is not a time zone"),
        ),
        (
            TEAM_MEMBERSHIP,
            {"teamId": "T", "userId": "P", "role": "boss"},
            ("role", "'boss' is none of observer, responder, manager"),
        ),
        (TEAM_MEMBERSHIP, {"teamId": "T"}, ("userId", "required")),
        (
            USER,
            {"name": "Ann", "email": "a@acme.example", "teams": ["T"]},
            ("teams", "not a property that the stand-in plugin can set"),
        ),
    ],
)
def test_wrong_values_are_named_before_any_request(kind, values, problem):
    assert problems(kind.fields, values) == [problem]


def test_every_kind_has_a_token_of_its_own():
    tokens = [kind.token for kind in KINDS]
    assert len(set(tokens)) == len(tokens)

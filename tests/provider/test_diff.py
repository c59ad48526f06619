"""What counts as a difference, and where it stands."""

import pytest

from oncall.provider.convert import UNKNOWN
from oncall.provider.diff import changes, describe
from oncall.provider.kinds import BY_TOKEN, KINDS

ANA = {"type": "user", "username": "ana@acme.example"}
BO = {"type": "user", "username": "bo@acme.example"}
RESTRICTION = {
    "type": "weekday-and-time-of-day",
    "restrictions": [{"startDay": day, "startHour": 9, "endDay": day, "endHour": 17} for day in ("monday", "friday")],
}


def found(kind, held, asked):
    return {each.path: (each.kind, each.replace) for each in BY_TOKEN[f"oncall:opsgenie:{kind}"].diff(held, asked)}


@pytest.mark.parametrize(
    "kind, held, asked",
    [
        ("Rotation", {"startDate": "2026-12-07T08:00:00Z"}, {"startDate": "2026-12-07T09:00:00+01:00"}),
        ("TeamMember", {"username": "Ana@acme.example"}, {"username": "ana@acme.example"}),
        ("Team", {"description": ""}, {}),
        ("Heartbeat", {"alertMessage": "x is expired", "alertPriority": "P3"}, {}),
        ("Heartbeat", {"alertTags": ["a", "b"]}, {"alertTags": ["b", "a"]}),
        ("User", {"role": "user"}, {"role": "User"}),
        (
            "Rotation",
            {"timeRestriction": RESTRICTION},
            {"timeRestriction": RESTRICTION | {"restrictions": RESTRICTION["restrictions"][::-1]}},
        ),
    ],
)
def test_values_that_mean_the_same_are_no_difference(kind, held, asked):
    assert found(kind, held, asked) == {}


def test_the_order_of_turns_is_a_difference():
    assert found("Rotation", {"participants": [ANA, BO]}, {"participants": [BO, ANA]}) == {
        "participants[0].username": ("update", False),
        "participants[1].username": ("update", False),
    }


def test_a_longer_list_is_named_as_a_whole():
    assert found("Rotation", {"participants": [ANA]}, {"participants": [ANA, BO]}) == {
        "participants": ("update", False)
    }


def test_a_list_without_order_is_named_as_a_whole():
    assert found("Heartbeat", {"alertTags": ["a"]}, {"alertTags": ["b"]}) == {"alertTags": ("update", False)}


@pytest.mark.parametrize("name", ["endDate", "timeRestriction"])
def test_what_no_request_can_clear_is_made_anew(name):
    value = {"endDate": "2026-12-07T08:00:00Z", "timeRestriction": RESTRICTION}[name]

    assert found("Rotation", {name: value}, {}) == {name: ("delete", True)}


@pytest.mark.parametrize(
    "kind, name",
    [
        ("Rotation", "scheduleId"),
        ("RoutingRule", "teamId"),
        ("RoutingRule", "isDefault"),
        ("ApiIntegration", "ownerTeamId"),
        ("Heartbeat", "name"),
    ],
)
def test_what_can_not_move_is_made_anew(kind, name):
    held, asked = ({"isDefault": each} if name == "isDefault" else {name: str(each)} for each in (False, True))

    assert found(kind, {"isDefault": False} | held, {"isDefault": False} | asked) == {name: ("update", True)}


@pytest.mark.parametrize("kind", ["Schedule", "Escalation", "Heartbeat"])
def test_an_owner_is_changed_in_place(kind):
    assert found(kind, {"ownerTeamId": "a"}, {"ownerTeamId": "b"}) == {"ownerTeamId": ("update", False)}


def test_an_unknown_id_may_be_another():
    assert found("Rotation", {"scheduleId": "a"}, {"scheduleId": UNKNOWN}) == {"scheduleId": ("update", True)}


def test_added_and_removed_properties_are_told_apart():
    assert found("Escalation", {"repeat": {"waitInterval": 5}}, {}) == {"repeat": ("delete", False)}
    assert found("Escalation", {}, {"repeat": {"waitInterval": 5}}) == {"repeat": ("add", False)}


def test_a_description_shows_both_values_but_no_secret():
    bundle = next(kind for kind in KINDS if kind.token == "oncall:bridge:Bundle")
    held = {"directory": "a", "keys": {"k": "planted-old"}}
    asked = {"directory": "b", "keys": {"k": "planted-new"}}

    assert describe(bundle.inputs, held, asked) == "directory (asked for 'b', it holds 'a'), keys"


def test_no_kind_differs_from_itself():
    for kind in KINDS:
        values = {item.name: "x" for item in kind.inputs}
        assert changes(kind.inputs, values, values) == []

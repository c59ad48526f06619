"""More of terraform-provider-opsgenie's stories: integration actions, custom roles, forwarding rules, people.

What the client's structs hold besides goes out in capitals and is ignored; a read it can't decode ends the client.
"""

from typing import Any

import pytest

from tests.conformance.test_opsgenie_provider import make_team, make_user

KINDS = ("create", "close", "acknowledge", "addNote", "ignore")
BY_ID = "identifierType=id"
GONE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def actions(opsgenie) -> str:
    """The path of an integration's actions."""
    made = opsgenie.call("POST", "/v2/integrations", {"name": "bridge", "type": "API"})["id"]
    return f"/v2/integrations/{made}/actions"


def action(kind: str, name: str, order: int, **more: Any) -> dict[str, Any]:
    """An action as the provider builds it: filters with all their fields, texts even where they are the default."""
    condition = {"field": "priority", "operation": "equals", "expectedValue": "P1", "not": False, "order": 0}
    texts = {} if kind == "ignore" else {"alias": "{{alias}}", "user": "{{user}}", "note": "{{note}}"}
    matching = {"conditionMatchType": "match-all-conditions", "conditions": [condition]}
    return {"type": kind, "name": name, "order": order, "filter": matching, **texts, **more}


def whole(integration: str, **groups: list[dict[str, Any]]) -> dict[str, Any]:
    """The one write the provider knows: all groups at once, those it has nothing for empty."""
    return {"IntegrationId": integration, **{kind: groups.get(kind, []) for kind in KINDS}}


# Integration actions: no object of their own; create, update and delete are one PUT of everything


def test_actions_are_written_whole_and_read_back_in_groups(opsgenie, actions):
    create = action("create", "page", 1, message="{{message}}", priority="P1", tags=["a", "b"], source="{{source}}")
    body = whole(actions.split("/")[3], create=[create], ignore=[action("ignore", "tests", 1)])

    opsgenie.call("PUT", actions, body)
    read = opsgenie.call("GET", actions)

    assert {kind: [one["name"] for one in read[kind]] for kind in KINDS} == {
        "create": ["page"],
        "close": [],
        "acknowledge": [],
        "addNote": [],
        "ignore": ["tests"],
    }
    (one,) = read["create"]
    assert (one["priority"], sorted(one["tags"]), one["message"]) == ("P1", ["a", "b"], "{{message}}")
    (condition,) = one["filter"]["conditions"]
    assert (condition["field"], condition["operation"], condition["expectedValue"]) == ("priority", "equals", "P1")


def test_the_integration_an_action_list_belongs_to_is_told_beside_the_groups(opsgenie, actions):
    parent = opsgenie.call("GET", actions)["_parent"]

    assert (parent["name"], parent["id"]) == ("bridge", actions.split("/")[3])


def test_a_second_write_of_the_same_changes_nothing(opsgenie, actions):
    body = whole("", create=[action("create", "page", 1, message="m"), action("create", "rest", 2, message="n")])
    opsgenie.call("PUT", actions, body)
    before = opsgenie.call("GET", actions)

    opsgenie.call("PUT", actions, body)

    assert opsgenie.call("GET", actions) == before


def test_a_delete_is_a_write_of_empty_groups_and_the_integration_stays(opsgenie, actions):
    opsgenie.call("PUT", actions, whole("", create=[action("create", "page", 1, message="m")]))

    opsgenie.call("PUT", actions, whole(""))

    read = opsgenie.call("GET", actions)
    assert [read[kind] for kind in KINDS] == [[]] * len(KINDS)
    assert opsgenie.call("GET", f"/v2/integrations/{actions.split('/')[3]}")["name"] == "bridge"


def test_actions_of_an_integration_that_is_gone_are_404(opsgenie):
    assert opsgenie.refusal("GET", f"/v2/integrations/{GONE}/actions") == 404


# Custom roles


ROLE = {"name": "auditor", "extendedRole": "observer", "grantedRights": ["who-is-on-call-show-all"]}


def test_a_custom_role_is_made_read_changed_and_deleted(opsgenie):
    made = opsgenie.call("POST", "/v2/roles", {**ROLE, "disallowedRights": ["profile-edit"]})["id"]
    path = f"/v2/roles/{made}?{BY_ID}"
    read = opsgenie.call("GET", path)
    assert {name: read[name] for name in ("id", *ROLE)} == {"id": made, **ROLE}
    assert read["disallowedRights"] == ["profile-edit"]

    opsgenie.call("PUT", path, {"Identifier": made, **ROLE, "name": "reader", "disallowedRights": []})

    read = opsgenie.call("GET", path)
    assert (read["name"], read["grantedRights"], read["disallowedRights"]) == ("reader", ROLE["grantedRights"], [])
    assert opsgenie.call("GET", "/v2/roles/reader?identifierType=name")["id"] == made
    opsgenie.call("DELETE", path)
    assert opsgenie.refusal("GET", path) == 404


def test_a_role_that_somebody_has_can_not_be_deleted(opsgenie):
    made = opsgenie.call("POST", "/v2/roles", ROLE)["id"]
    user = make_user(opsgenie, "ana@acme.example")
    opsgenie.call("PATCH", f"/v2/users/{user}", {"Identifier": user, "role": {"name": "auditor"}})
    assert opsgenie.call("GET", f"/v2/users/{user}")["role"]["name"] == "auditor"

    assert opsgenie.refusal("DELETE", f"/v2/roles/{made}?{BY_ID}") in (409, 422)


@pytest.mark.parametrize("name", ["auditor", "Admin"])
def test_a_role_name_is_taken_once_those_of_every_account_too(opsgenie, name):
    opsgenie.call("POST", "/v2/roles", ROLE)

    assert opsgenie.refusal("POST", "/v2/roles", {**ROLE, "name": name}) in (409, 422)


# Forwarding rules


@pytest.fixture
def pair(opsgenie) -> tuple[str, str]:
    return make_user(opsgenie, "ana@acme.example"), make_user(opsgenie, "bo@acme.example")


def forwarding(pair: tuple[str, str], end: str = "2026-11-25T08:00:00Z") -> dict[str, Any]:
    times = {"startDate": "2026-11-23T08:00:00Z", "endDate": end}
    return {"fromUser": {"id": pair[0]}, "toUser": {"id": pair[1]}, "alias": "leave-ana", **times}


def test_a_forwarding_rule_is_made_read_by_alias_moved_and_deleted(opsgenie, pair):
    made = opsgenie.call("POST", "/v2/forwarding-rules", forwarding(pair))
    assert made["alias"] == "leave-ana"
    path = f"/v2/forwarding-rules/{made['id']}?{BY_ID}"

    opsgenie.call("PUT", path, {"Identifier": made["id"], **forwarding(pair, "2026-11-27T08:00:00Z")})

    read = opsgenie.call("GET", "/v2/forwarding-rules/leave-ana?identifierType=alias")
    assert (read["id"], read["fromUser"]["username"], read["toUser"]["id"]) == (made["id"], "ana@acme.example", pair[1])
    assert read["endDate"].startswith("2026-11-27T08:00")
    assert [one["id"] for one in opsgenie.call("GET", f"/v2/users/{pair[0]}/forwarding-rules")] == [made["id"]]
    opsgenie.call("DELETE", path)
    assert opsgenie.refusal("GET", path) == 404


def test_an_end_before_the_start_or_an_unknown_person_is_refused(opsgenie, pair):
    assert opsgenie.refusal("POST", "/v2/forwarding-rules", forwarding(pair, "2026-11-22T08:00:00Z")) == 422
    assert opsgenie.refusal("POST", "/v2/forwarding-rules", forwarding((pair[0], GONE))) in (404, 422)


# People: what the provider's state holds besides name and role


def test_a_users_address_tags_and_details_come_back_as_they_were_sent(opsgenie):
    extras = {"tags": ["oncall"], "details": {"floor": ["3", "4"]}, "skypeUsername": "ana.p"}
    address = {"country": "Germany", "state": "", "city": "Berlin", "line": "", "zipCode": "10115"}
    body = {"username": "ana@acme.example", "fullName": "Ana", "role": {"name": "User"}, "userAddress": address}
    made = opsgenie.call("POST", "/v2/users", {**body, **extras})["id"]

    read = opsgenie.call("GET", f"/v2/users/{made}")

    assert {name: read[name] for name in extras} == extras
    assert (read["userAddress"]["city"], read["userAddress"]["zipCode"]) == ("Berlin", "10115")


def test_a_taken_address_is_refused_in_any_case_of_letters(opsgenie):
    make_user(opsgenie, "ana@acme.example")
    body = {"username": "Ana@acme.example", "fullName": "Ana", "role": {"name": "User"}}

    assert opsgenie.refusal("POST", "/v2/users", body) in (409, 422)


def test_somebody_of_no_team_has_empty_lists_and_not_null(opsgenie):
    user = make_user(opsgenie, "ana@acme.example")

    assert [opsgenie.call("GET", f"/v2/users/{user}/{kind}") for kind in ("teams", "schedules")] == [[], []]


def test_a_data_source_reads_a_person_and_their_teams_by_address(opsgenie):
    user = make_user(opsgenie, "ana@acme.example")
    team = make_team(opsgenie, user)

    assert opsgenie.call("GET", "/v2/users/ana@acme.example")["id"] == user
    assert [one["id"] for one in opsgenie.call("GET", "/v2/users/ana@acme.example/teams")] == [team]


def test_the_address_an_account_is_made_with_is_its_first_contact(opsgenie):
    user = make_user(opsgenie, "ana@acme.example")

    contacts = opsgenie.call("GET", f"/v2/users/{user}/contacts")

    assert ("email", "ana@acme.example") in [(one["method"], one["to"]) for one in contacts]
    assert all(one["status"]["enabled"] is True for one in contacts if one["method"] == "email")

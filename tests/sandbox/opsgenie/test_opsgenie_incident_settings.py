"""Incident rules of services, and incident templates."""

from typing import Any

import pytest

PROPERTIES = {
    "message": "down",
    "description": "x",
    "tags": ["t"],
    "details": {"k": "v"},
    "priority": "P2",
    "stakeholderProperties": {"enable": True, "message": "told", "description": ""},
}
CONDITION = {"field": "message", "operation": "contains", "expectedValue": "db", "not": False, "order": 0}


def rule(kind: str = "match-all", **more: Any) -> dict[str, Any]:
    return {"conditionMatchType": kind, "incidentProperties": PROPERTIES, **more}


@pytest.fixture
def path(opsgenie) -> str:
    """The path of the incident rules of a service."""
    body = {"name": "weather", "teamId": opsgenie.team()}
    return f"/v1/services/{opsgenie.make('/v1/services', body)['id']}/incident-rules"


def test_rules_are_kept_in_order_changed_and_deleted(opsgenie, path):
    first = opsgenie.make(path, rule("match-any-condition", conditions=[CONDITION]))["id"]
    second = opsgenie.make(path, rule())["id"]
    assert [(one["id"], one["order"], one["conditions"]) for one in opsgenie.get(path)] == [
        (first, 0, [CONDITION]),
        (second, 1, []),
    ]
    opsgenie.send("PUT", f"{path}/{first}", {"incidentProperties": PROPERTIES | {"priority": "P5"}})
    opsgenie.send("DELETE", f"{path}/{second}")
    (found,) = opsgenie.get(path)
    assert (found["conditionMatchType"], found["incidentProperties"]["priority"]) == ("match-all", "P5")
    assert opsgenie.http("PUT", f"{path}/{second}", rule()).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        rule("match-some"),
        rule("match-all-conditions"),
        rule(incidentProperties=None),
        rule(incidentProperties=PROPERTIES | {"priority": "P9"}),
        rule(incidentProperties=PROPERTIES | {"message": "x" * 131}),
        rule(incidentProperties=PROPERTIES | {"stakeholderProperties": {"enable": True}}),
    ],
)
def test_a_rule_that_means_nothing_is_refused(opsgenie, path, body):
    assert opsgenie.http("POST", path, body).status_code == 422


def test_templates_are_listed_in_pages_changed_and_deleted(opsgenie, path):
    services = [path.split("/")[3]]
    ids = [
        opsgenie.make("/v1/incident-templates", PROPERTIES | {"name": name, "impactedServices": services})["id"]
        for name in ("one", "two")
    ]
    found = opsgenie.get("/v1/incident-templates?limit=1&order=desc")["incidentTemplates"]
    assert found == [PROPERTIES | {"id": ids[1], "name": "two", "impactedServices": services}]
    opsgenie.send("PUT", f"/v1/incident-templates/{ids[0]}", PROPERTIES | {"name": "three"})
    opsgenie.send("DELETE", f"/v1/incident-templates/{ids[1]}")
    (left,) = opsgenie.get("/v1/incident-templates")["incidentTemplates"]
    assert (left["name"], left["impactedServices"]) == ("three", [])


@pytest.mark.parametrize(
    ("more", "status"),
    [({"name": "one"}, 409), ({"name": ""}, 422), ({"name": "two", "impactedServices": ["x"]}, 422)],
)
def test_a_template_that_can_not_be_is_refused(opsgenie, more, status):
    opsgenie.make("/v1/incident-templates", PROPERTIES | {"name": "one"})
    assert opsgenie.http("POST", "/v1/incident-templates", PROPERTIES | more).status_code == status


def test_a_teams_key_makes_no_templates_and_sees_only_its_own_services_rules(opsgenie, path):
    key = opsgenie.key(opsgenie.team("Other"), allowConfigurationAccess=True)
    statuses = [
        opsgenie.http("POST", "/v1/incident-templates", PROPERTIES | {"name": "x"}, key=key).status_code,
        opsgenie.http("GET", path, key=key).status_code,
    ]
    assert statuses == [403, 403]

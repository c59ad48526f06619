"""What opsgenie-go-sdk-v2 1.2.23 and the provider's code over it were seen to need, as plain requests.

Each stands for a decode error, a panic or a plan that was never empty when the real library ran against the sandbox
(tests/conformance/go).
"""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.conformance.test_opsgenie_provider import make_team

STAKEHOLDERS = {"enable": True, "message": "told", "description": "y"}
PROPERTIES = {
    "message": "down",
    "tags": ["t"],
    "details": {"0": "d"},
    "description": "x",
    "priority": "P1",
    "stakeholderProperties": STAKEHOLDERS,
}


@pytest.fixture
def team(opsgenie) -> str:
    """The id of a team."""
    return make_team(opsgenie)


@pytest.fixture
def service(opsgenie, team) -> str:
    """The path of a service."""
    return f"/v1/services/{opsgenie.call('POST', '/v1/services', {'name': 'weather', 'teamId': team})['id']}"


def test_the_offset_of_the_next_services_is_the_third_part_of_its_address(opsgenie, team):
    # data_source_opsgenie_service.go splits by "&" and panics where there is no third part.
    for name in ("a", "b", "c"):
        opsgenie.call("POST", "/v1/services", {"name": name, "teamId": team})
    for query, names in (("limit=2", ["a", "b"]), ("limit=2&offset=2", ["c"])):
        answer = opsgenie.answer("GET", f"/v1/services?{query}").json()
        assert [one["name"] for one in answer["data"]] == names
    first = opsgenie.answer("GET", "/v1/services?limit=2").json()["paging"]
    assert first["next"].split("&")[2] == "offset=2"
    assert [name for name, _ in parse_qsl(urlsplit(first["next"]).query)] == ["limit", "sort", "offset", "order"]


def rule(condition_match_type: str = "match-all", **more: Any) -> dict[str, Any]:
    return {"ServiceId": "x", "conditionMatchType": condition_match_type, "incidentProperties": PROPERTIES, **more}


def test_an_incident_rule_is_found_in_the_list_of_its_service(opsgenie, service):
    # Any refusal of this read but a 404 is a panic in resource_opsgenie_service_incident_rule.go.
    path = f"{service}/incident-rules"
    condition = {"field": "message", "not": False, "operation": "contains", "expectedValue": "db", "order": 0}
    made = opsgenie.call("POST", path, rule("match-all-conditions", conditions=[condition]))["id"]
    (read,) = opsgenie.call("GET", path)
    assert (read["id"], read["order"], read["conditionMatchType"]) == (made, 0, "match-all-conditions")
    assert (read["conditions"], read["incidentProperties"]) == ([condition], PROPERTIES)
    opsgenie.call("PUT", f"{path}/{made}", rule(incidentProperties=PROPERTIES | {"message": "gone"}))
    (read,) = opsgenie.call("GET", path)
    assert (read["conditionMatchType"], read["incidentProperties"]["message"]) == ("match-all", "gone")
    opsgenie.call("DELETE", f"{path}/{made}")
    assert (opsgenie.call("GET", path), opsgenie.refusal("DELETE", f"{path}/{made}")) == ([], 404)
    assert opsgenie.refusal("GET", f"{service}0/incident-rules") == 404


def test_incident_templates_are_listed_under_a_name_of_their_own(opsgenie, service):
    body = {"name": "outage", "impactedServices": [service.rpartition("/")[2]], **PROPERTIES}
    # The SDK's path for a create ends in a slash, that for a list doesn't.
    made = opsgenie.call("POST", "/v1/incident-templates/", body)["id"]
    assert opsgenie.call("GET", "/v1/incident-templates") == {"incidentTemplates": [{"id": made, **body}]}
    path = f"/v1/incident-templates/{made}"
    least = {"name": "outage 2", "message": "still", "priority": "P3", "stakeholderProperties": STAKEHOLDERS}
    opsgenie.call("PUT", path, {"id": made, **least})
    (read,) = opsgenie.call("GET", "/v1/incident-templates")["incidentTemplates"]
    assert (read["name"], read["priority"], read["impactedServices"]) == ("outage 2", "P3", [])
    opsgenie.call("DELETE", path)
    assert opsgenie.refusal("PUT", path, least) == 404


def test_an_alert_policys_description_is_called_description(opsgenie):
    # opsgenie-go-sdk-v2 pull request 93: the service passes over `alertDescription`.
    body = {"type": "alert", "name": "p", "message": "m", "description": "see {{source}}", "alertDescription": "other"}
    made = opsgenie.call("POST", "/v2/policies", body)["id"]
    read = opsgenie.call("GET", f"/v2/policies/{made}")
    assert (read["description"], "alertDescription" in read) == ("see {{source}}", False)


def test_an_integration_the_provider_writes_keeps_its_team(opsgenie, team):
    # `ForceUpdateAllFields` sends every field it knows, null where the provider gives none.
    body = {"name": "mail", "type": "Email", "emailUsername": "inbox", "ownerTeam": {"id": team}, "responders": []}
    made = opsgenie.call("POST", "/v2/integrations", body)["id"]
    nulls = dict.fromkeys(("ownerTeam", "assignedTeam", "headers", "addAlertDescription", "addAlertDetails"))
    flags = {"enabled": True, "ignoreRespondersFromPayload": False, "suppressNotifications": True}
    more = {"id": made, "name": "mail-2", "type": "Email", "emailUsername": "inbox2", "url": "", "recipients": []}
    opsgenie.call("PUT", f"/v2/integrations/{made}", nulls | flags | more | {"responders": []})
    read = opsgenie.call("GET", f"/v2/integrations/{made}")
    assert [read[key] for key in ("name", "emailUsername", "suppressNotifications")] == ["mail-2", "inbox2", True]
    assert read["ownerTeam"]["id"] == team


def test_actions_have_the_order_and_the_filter_that_the_provider_takes_apart(opsgenie):
    made = opsgenie.call("POST", "/v2/integrations", {"name": "bridge", "type": "API"})["id"]
    path = f"/v2/integrations/{made}/actions"
    for kind, found in opsgenie.call("GET", path).items():
        assert kind == "_parent" or all(one["filter"]["conditionMatchType"] == "match-all" for one in found)
    action = {
        "type": "close",
        "name": "close",
        "alias": "{{alias}}",
        "order": 1,
        "user": "{{user}}",
        "note": "{{note}}",
    }
    opsgenie.call("PUT", path, {"Id": made, "create": [], "close": [action], "ignore": []})
    (read,) = opsgenie.call("GET", path)["close"]
    assert read == action | {"filter": {"conditionMatchType": "match-all"}}

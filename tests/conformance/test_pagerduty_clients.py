"""What go-pagerduty 1.8.0 and python-pagerduty 7.2.0 were seen to need, as plain requests.

Each stands for a refusal, a decode error or a client error when the real libraries ran against the sandbox
(tests/conformance/go, test_python_clients.py).
"""

import pytest

from tests.conformance.conftest import exchange

SELF_AT = "https://api.pagerduty.com"


@pytest.fixture
def team(account) -> str:
    """The id of a team."""
    return account.team()


@pytest.fixture
def service(account) -> str:
    """The id of a service."""
    return account.service(account.policy(("user", account.users[0])))


def test_a_team_may_be_written_without_a_wrapper(account):
    made = account.framework.call("POST", "/teams", {"name": "Edge", "description": "x"}, 201)["team"]["id"]
    account.framework.call("PUT", f"/teams/{made}", {"name": "Rim", "description": "y"}, 200)
    assert account.framework.call("GET", f"/teams/{made}")["team"]["name"] == "Rim"


def test_an_extension_may_be_written_without_a_wrapper(account, service):
    schema = account.framework.call("GET", "/extension_schemas")["extension_schemas"][0]["id"]
    body = {
        "type": "extension",
        "name": "hook",
        "endpoint_url": "https://hook.example/x",
        "extension_schema": {"id": schema, "type": "extension_schema_reference"},
        "extension_objects": [{"id": service, "type": "service_reference"}],
        "config": None,
    }
    made = account.framework.call("POST", "/extensions", body, 201)["extension"]["id"]
    account.framework.call("PUT", f"/extensions/{made}", {**body, "name": "hooks"}, 200)
    assert account.framework.call("GET", f"/extensions/{made}")["extension"]["name"] == "hooks"


def test_integrations_and_maintenance_windows_may_be_changed_without_a_wrapper(account, service):
    body = {"integration": {"name": "events", "type": "events_api_v2_inbound_integration"}}
    path = f"/services/{service}/integrations"
    made = account.framework.call("POST", path, body, 201)["integration"]
    changed = account.framework.call("PUT", f"{path}/{made['id']}", {**made, "name": "renamed"}, 200)["integration"]
    assert (changed["name"], changed["integration_key"]) == ("renamed", made["integration_key"])

    window = {
        "type": "maintenance_window",
        "start_time": "2030-11-25T08:00:00Z",
        "end_time": "2030-11-25T09:00:00Z",
        "description": "deploy",
        "services": [{"id": service, "type": "service_reference"}],
    }
    planned = account.sdk.call("POST", "/maintenance_windows", {"maintenance_window": window})["maintenance_window"]
    account.sdk.call("PUT", f"/maintenance_windows/{planned['id']}", {**planned, "description": "deploy 2"})
    read = account.sdk.call("GET", f"/maintenance_windows/{planned['id']}")["maintenance_window"]
    assert read["description"] == "deploy 2"


@pytest.mark.parametrize("path", ["/users", "/services", "/escalation_policies", "/schedules"])
def test_other_kinds_need_their_wrapper(account, path):
    assert account.framework.errors("POST", path, {"name": "x"})[0].endswith("must be an object")


def test_a_stored_schedule_is_previewed_with_its_layers_ids(account):
    made = account.schedule(account.layer(*account.users[:2]))
    stored = account.sdk.call("GET", f"/schedules/{made}")["schedule"]
    preview = "/schedules/preview?since=2026-11-23T00:00:00Z&until=2026-12-07T00:00:00Z"
    shown = account.framework.call("POST", preview, {"schedule": stored}, 200)["schedule"]
    entries = shown["final_schedule"]["rendered_schedule_entries"]
    assert [one["user"]["id"] for one in entries] == account.users[:2]


def test_the_answer_to_a_written_path_holds_nothing_beside_it(account):
    # go-pagerduty reads it as a map of paths, so a list of warnings ends it; there are none here.
    made = account.framework.call("POST", "/event_orchestrations", {"orchestration": {"name": "all"}})
    key = made["orchestration"]["id"]
    path = {"sets": [{"id": "start", "rules": []}], "catch_all": {"actions": {"route_to": "unrouted"}}}
    answer = account.framework.call("PUT", f"/event_orchestrations/{key}/router", {"orchestration_path": path})
    assert list(answer) == ["orchestration_path"]


def test_lists_of_a_tag_are_read_with_a_slash_at_the_end(account):
    made = account.framework.call("POST", "/tags", {"tag": {"label": "eu", "type": "tag"}}, 201)["tag"]["id"]
    body = {"add": [{"type": "tag_reference", "id": made}]}
    account.framework.call("POST", f"/users/{account.users[0]}/change_tags", body)
    assert account.framework.call("GET", f"/tags/{made}/users/?offset=0")["users"][0]["id"] == account.users[0]


@pytest.mark.parametrize(
    ("entry", "host", "begins"),
    [
        ("pagerduty", "127.0.0.1:8911", "http://127.0.0.1:8911"),
        ("page", "api.pagerduty.com", SELF_AT),
        ("page", "api.eu.pagerduty.com", "https://api.eu.pagerduty.com"),
    ],
)
def test_self_begins_with_the_address_that_was_asked(sandbox, account, team, entry, host, begins):
    # python-pagerduty follows no `self` that doesn't begin with its base URL.
    headers = {"Authorization": "Token token=sandbox-token-pdpdpd", "Host": host}
    answer = exchange(sandbox.app(entry), "GET", f"/teams/{team}", headers, None)
    read = answer.json()["team"]
    assert read["self"] == f"{begins}/teams/{team}"
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_there_is_no_me_for_an_accounts_token(account):
    # python-pagerduty tells the two kinds of token apart by this text, and takes any other answer for a user's.
    answer = account.framework.answer("GET", "/users/me")
    assert answer.status_code == 400
    assert "account-level access token" in answer.json()["error"]

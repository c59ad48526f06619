"""One stack's life with the real engine, in order: up, up, edit, up, refresh, preview, import, destroy."""

import json
import stat
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import SECRET, SECRETS, Stack

pytestmark = pytest.mark.e2e

GENIE = {"Authorization": "GenieKey 11111111-2222-3333-4444-555555555555"}
TOKEN = {"Authorization": "Token token=sandbox-token-pdpdpd"}


def pagerduty(stack: Stack, path: str) -> dict[str, Any]:
    return httpx.get(stack.sandbox.pagerduty + path, headers=TOKEN, trust_env=False).raise_for_status().json()


def opsgenie(stack: Stack, path: str) -> Any:
    answer = httpx.get(stack.sandbox.opsgenie + path, headers=GENIE, trust_env=False).raise_for_status()
    return answer.json()["data"]


def names(stack: Stack) -> dict[str, set[str]]:
    """What both accounts hold, by the vendors' own lists."""
    lists = {
        kind: {each["name"] for each in pagerduty(stack, f"/{kind}?limit=100")[kind]}
        for kind in ("teams", "schedules", "escalation_policies", "services")
    }
    lists |= {
        f"opsgenie {kind}": {each["name"] for each in opsgenie(stack, f"/v2/{kind}")}
        for kind in ("teams", "schedules", "escalations", "integrations")
    }
    return lists | {"heartbeats": {each["name"] for each in opsgenie(stack, "/v2/heartbeats")["heartbeats"]}}


@pytest.fixture(scope="module")
def before(stack: Stack) -> dict[str, set[str]]:
    return names(stack)


@pytest.fixture(scope="module")
def made(stack: Stack, before: dict[str, set[str]]) -> dict[str, str]:
    """Secrets the first `up` made, by where they are used."""
    summary = stack.engine.up()
    assert set(summary.counts) == {"created"}
    outputs = json.loads(stack.engine.outputs(show_secrets=True))
    return {**outputs["keys"], **outputs["webhooks"], "printed": summary.text}


def test_the_first_up_makes_what_the_inventory_says(stack: Stack, made: dict[str, str]) -> None:
    held = names(stack)

    assert held["teams"] == {"Platform"}
    assert held["opsgenie teams"] == {"Search"}
    assert held["services"] == {"Platform internal", "Platform author", "Docs"}
    assert held["heartbeats"] == {"query-mcp"}


def test_defaults_of_a_new_opsgenie_team_are_gone(stack: Stack, made: dict[str, str]) -> None:
    assert not {name for name in names(stack)["opsgenie schedules"] if name.endswith("_schedule")}
    assert not {name for name in names(stack)["opsgenie escalations"] if name.endswith("_escalation")}


def test_people_are_looked_up_by_one_list_call(stack: Stack, made: dict[str, str]) -> None:
    calls = [each for each in stack.sandbox.journal() if each["path"] == "/users" and each["method"] == "GET"]

    assert len(calls) == 1
    assert not [each for each in stack.sandbox.journal() if each["path"] == "/users" and each["method"] == "POST"]


def test_no_secret_stands_in_clear_anywhere_but_in_the_one_file(stack: Stack, made: dict[str, str]) -> None:
    printed = made["printed"]
    secrets = [value for key, value in made.items() if key != "printed"] + [*SECRETS.values()]
    preview = stack.engine.preview("--diff").text
    secret_file = stack.home / "bridge" / "secrets.json"

    for secret in secrets:
        assert secret not in printed
        assert secret not in preview
        assert secret not in stack.engine.export()
        assert secret not in stack.engine.outputs()
        for path in (stack.home / "state").rglob("*"):
            assert not path.is_file() or secret.encode() not in path.read_bytes(), path
        for path in (stack.home / "bridge").iterdir():
            assert path == secret_file or secret not in path.read_text(), path
    assert stat.S_IMODE(secret_file.stat().st_mode) == 0o600
    assert SECRET in secret_file.read_text()


def test_outputs_name_routes_without_keys(stack: Stack, made: dict[str, str]) -> None:
    outputs = json.loads(stack.engine.outputs())

    assert outputs["routes"]["weather-mcp"] == {
        "team": "platform",
        "tier": "internal",
        "severity": "critical",
        "pages_through": ["pagerduty/platform/internal"],
    }
    assert (outputs["keys"], outputs["webhooks"]) == ("[secret]", "[secret]")
    assert outputs["alivemcp"] == "[secret]" or outputs["alivemcp"]["secret"] == "[secret]"


def test_a_second_up_changes_nothing(stack: Stack, made: dict[str, str]) -> None:
    assert stack.engine.up().changes == 0


def test_components_show_as_a_tree_by_team(stack: Stack, made: dict[str, str]) -> None:
    tree = stack.engine.run("stack", "--stack", stack.engine.stack)

    assert "oncall:components:PagerDutyTeam" in tree
    assert "oncall:components:OpsGenieTeam" in tree


def test_an_edit_changes_what_it_is_about(stack: Stack, made: dict[str, str]) -> None:
    stack.edit("- {notify: bo, after: 5m}", "- {notify: bo, after: 7m}")
    stack.edit("people: [cy, ana], turn: 1 week", "people: [ana, cy], turn: 1 week")

    summary = stack.engine.up()

    assert summary.counts["updated"] == 3  # two escalation policies at PagerDuty, one rotation at OpsGenie
    policies = pagerduty(stack, "/escalation_policies?limit=100")["escalation_policies"]
    assert {policy["escalation_rules"][0]["escalation_delay_in_minutes"] for policy in policies} == {7}
    assert stack.engine.preview().changes == 0


def test_refresh_and_preview_find_nothing(stack: Stack, made: dict[str, str]) -> None:
    assert stack.engine.refresh().changes == 0
    assert stack.engine.preview().changes == 0


AGAIN = "imported-again"
IMPORTS = {
    "User": lambda ids: "ana@acme.example",
    "Team": lambda ids: ids["team"],
    "TeamMember": lambda ids: f"{ids['team']}/cy@acme.example",
    "Schedule": lambda ids: ids["schedule"],
    "Rotation": lambda ids: f"{ids['schedule']}/{ids['rotation']}",
    "Escalation": lambda ids: ids["escalation"],
    "RoutingRule": lambda ids: f"{ids['team']}/{ids['rule']}",
    "ApiIntegration": lambda ids: ids["integration"],
    "Heartbeat": lambda ids: "query-mcp",
}


def _ids(stack: Stack) -> dict[str, str]:
    team = next(each for each in opsgenie(stack, "/v2/teams") if each["name"] == "Search")["id"]
    schedule = opsgenie(stack, "/v2/schedules?expand=rotation")[0]
    integrations = opsgenie(stack, "/v2/integrations")
    return {
        "team": team,
        "schedule": schedule["id"],
        "rotation": schedule["rotations"][0]["id"],
        "escalation": opsgenie(stack, "/v2/escalations")[0]["id"],
        "rule": next(each for each in opsgenie(stack, f"/v2/teams/{team}/routing-rules") if not each["isDefault"])[
            "id"
        ],
        "integration": next(each for each in integrations if each["name"] == "AliveMCP Search")["id"],
    }


@pytest.fixture(scope="module")
def imported(stack: Stack, made: dict[str, str]) -> tuple[dict[str, dict[str, Any]], str]:
    """Objects imported under names of their own, by type, and the state's text with them.

    Then they are forgotten: each stays with the program's own resource.
    """
    ids = _ids(stack)
    asked = {f"oncall:opsgenie:{kind}": find(ids) for kind, find in IMPORTS.items()}
    asked["oncall:bridge:Bundle"] = str(stack.home / "bridge")
    rows = [{"type": token, "name": AGAIN, "id": found} for token, found in asked.items()]
    file = stack.home / "import.json"
    file.write_text(json.dumps({"resources": rows}))
    engine = stack.engine
    engine.run(
        "import", "--file", str(file), "--stack", engine.stack, "--config-file", str(engine.config_file),
        "--yes", "--skip-preview", "--generate-code=false", "--protect=false",
    )  # fmt: skip
    state = engine.export()
    found = [each for each in json.loads(state)["deployment"]["resources"] if each["urn"].endswith(f"::{AGAIN}")]
    engine.run("state", "delete", *(each["urn"] for each in found), "--stack", engine.stack, "--yes")
    assert AGAIN not in engine.export()
    return {each["type"]: {"asked": asked[each["type"]], **each} for each in found}, state


@pytest.mark.parametrize("kind", IMPORTS)
def test_an_object_of_every_kind_of_ours_can_be_imported(
    imported: tuple[dict[str, dict[str, Any]], str], kind: str
) -> None:
    found = imported[0][f"oncall:opsgenie:{kind}"]

    assert found["asked"] in (found["id"], found["inputs"].get("username"))  # a user is asked for by address


def test_a_bundle_can_be_imported(stack: Stack, imported: tuple[dict[str, dict[str, Any]], str]) -> None:
    found, state = imported

    assert found["oncall:bridge:Bundle"]["id"] == str(stack.home / "bridge")
    assert SECRET not in state


def test_destroy_leaves_the_accounts_as_they_were(
    stack: Stack, made: dict[str, str], before: dict[str, set[str]]
) -> None:
    stack.engine.destroy()

    assert names(stack) == before
    assert not (stack.home / "bridge").exists()

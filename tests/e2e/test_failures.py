"""What a real `up` prints where a vendor refuses: the vendor's words, the place in the inventory, the way out."""

from typing import Any

import httpx
import pytest

from oncall.cli.engine import EngineError
from tests.e2e.conftest import SECRETS, Stack

pytestmark = pytest.mark.e2e


def line_of(stack: Stack, text: str) -> int:
    return next(n for n, line in enumerate(stack.inventory.read_text().splitlines(), 1) if text in line)


def failing_up(stack: Stack, *faults: dict[str, Any]) -> str:
    """What an `up` prints, with these faults at the accounts."""
    script = {"faults": [{"count": 99, **fault} for fault in faults]}
    httpx.post(f"{stack.sandbox.page}/sandbox/faults", json=script, trust_env=False).raise_for_status()
    with pytest.raises(EngineError) as fault:
        stack.engine.up()
    httpx.delete(f"{stack.sandbox.page}/sandbox/faults", trust_env=False).raise_for_status()
    said = str(fault.value).partition("Outputs:")[0]
    assert "Traceback" not in said
    assert "{" not in said  # nobody's body
    assert not [name for name, secret in SECRETS.items() if secret in said]
    return said


def refusal(vendor: str, path: str, status: int) -> list[dict[str, Any]]:
    return [{"vendor": vendor, "method": "POST", "path": path, "action": {"status": status}}]


def test_a_name_that_is_taken(stack: Stack) -> None:
    token = {"Authorization": f"Token token={SECRETS['pagerdutyToken']}"}
    teams = f"{stack.sandbox.pagerduty}/teams"
    theirs = httpx.post(teams, headers=token, json={"team": {"name": "Platform"}}, trust_env=False).json()["team"]

    said = failing_up(stack)

    httpx.delete(f"{teams}/{theirs['id']}", headers=token, trust_env=False).raise_for_status()
    place = f"{stack.inventory}:{line_of(stack, '  platform:')}:3"
    assert f"{place}: team platform failed: something else has that already: give one of the two another name" in said


def test_a_token_that_may_not_do_it(stack: Stack) -> None:
    said = failing_up(stack, *refusal("pagerduty", "/schedules", 403))

    place = f"{stack.inventory}:{line_of(stack, 'primary:')}:7"
    assert f"{place}: schedule platform/primary failed: the token is read-only, or its user may not change" in said


@pytest.mark.parametrize(
    ("status", "way"),
    [
        (402, "the account's plan does not include heartbeats: change the plan, or leave this out"),
        (403, "the API key needs the configuration access right and the right to create and update"),
    ],
)
def test_what_opsgenie_refuses(stack: Stack, status: int, way: str) -> None:
    url = "https://lake.acme.example/mcp"
    heartbeat = "{ping_every: 1m, alert_after: 5m}"
    server = (
        f"  lake-{status}: {{name: Lake {status}, url: {url}, team: search, tier: internal, heartbeat: {heartbeat}}}"
    )
    stack.edit("\nbridge:", f"{server}\n\nbridge:")

    said = failing_up(stack, *refusal("opsgenie", "/v2/heartbeats", status))

    place = f"{stack.inventory}:{line_of(stack, f'lake-{status}:')}:3"
    assert way in said
    assert f"{place}: heartbeat lake-{status} failed" in said
    stack.edit(f"{server}\n", "")


def test_somebody_nobody_knows_is_named_with_their_place(stack: Stack) -> None:
    stack.edit("email: bo@acme.example", "email: bob@acme.example")

    said = failing_up(stack)

    assert f"PagerDuty has no user for bo <bob@acme.example> ({stack.inventory}:{line_of(stack, 'Bo Lind')}:3)" in said
    stack.edit("email: bob@acme.example", "email: bo@acme.example")


def test_an_account_that_can_not_be_reached_is_one_line_for_each_vendor(stack: Stack) -> None:
    settings = stack.engine.config_file.read_text()
    stack.engine.config_file.write_text(settings.replace(stack.sandbox.pagerduty, "http://127.0.0.1:9"))
    try:
        said = failing_up(stack)
    finally:
        stack.engine.config_file.write_text(settings)

    assert "check the network, the proxy settings and the stack setting pagerdutyApiUrl" in said


def test_a_wrong_token_is_one_line(stack: Stack) -> None:
    settings = stack.engine.config_file.read_text()
    stack.engine.run(
        "config", "set", "--secret", "pagerdutyToken", "wrong", "--stack", stack.engine.stack,
        "--config-file", str(stack.engine.config_file),
    )  # fmt: skip
    try:
        said = failing_up(stack)
    finally:
        stack.engine.config_file.write_text(settings)

    assert "401 Authentication failed: The token is missing or unknown; check the token" in said


def test_afterwards_one_up_makes_all(stack: Stack) -> None:
    stack.engine.up()

    assert stack.engine.preview().changes == 0


def test_what_went_between_two_ups_is_named_with_the_way_back(stack: Stack) -> None:
    genie = {"Authorization": f"GenieKey {SECRETS['opsgenieApiKey']}"}
    heartbeat = f"{stack.sandbox.opsgenie}/v2/heartbeats/query-mcp"
    httpx.delete(heartbeat, headers=genie, trust_env=False).raise_for_status()
    stack.edit("alert_after: 5m}", "alert_after: 7m}")

    said = failing_up(stack)

    place = f"{stack.inventory}:{line_of(stack, 'query-mcp:')}:3"
    assert said.count("it is gone at the vendor") == 1, said
    assert "`pulumi refresh`, then run again" in said
    assert f"{place}: heartbeat query-mcp failed" in said, said
    stack.engine.refresh()


def test_an_address_without_tls_and_a_key_of_another_region(stack: Stack) -> None:
    settings = stack.engine.config_file.read_text()
    plain = stack.sandbox.opsgenie
    stack.engine.config_file.write_text(settings.replace(plain, plain.replace("http://", "https://")))
    try:
        said = failing_up(stack)
    finally:
        stack.engine.config_file.write_text(settings)
    assert "nothing there speaks TLS: is it http:// instead of https://?" in said, said

    said = failing_up(stack, *refusal("opsgenie", "/v2", 401))

    assert "check the API key, and that it belongs to this region" in said, said


def test_after_a_refresh_one_up_makes_what_had_gone(stack: Stack) -> None:
    stack.engine.up()

    assert stack.engine.preview().changes == 0

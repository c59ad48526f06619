"""What a real `up` prints where a vendor refuses: the vendor's words, the place in the inventory, the way out."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from oncall.cli.engine import EngineError
from tests.e2e.conftest import SECRETS, Stack

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def _as_it_was(stack: Stack) -> Iterator[None]:
    """Every test begins with the same inventory and settings; the accounts and the state go on."""
    files = {path: path.read_text() for path in (stack.inventory, stack.engine.config_file)}
    yield
    for path, text in files.items():
        path.write_text(text)


def stack_with(stack: Stack, old: str, new: str) -> None:
    """Change a setting of the stack."""
    settings = stack.engine.config_file.read_text()
    assert old in settings
    stack.engine.config_file.write_text(settings.replace(old, new))


def line_of(stack: Stack, text: str) -> int:
    return next(n for n, line in enumerate(stack.inventory.read_text().splitlines(), 1) if text in line)


PAGERDUTY = {"Authorization": f"Token token={SECRETS['pagerdutyToken']}"}
OPSGENIE = {"Authorization": f"GenieKey {SECRETS['opsgenieApiKey']}"}


EVERY_DAY = {
    "name": "daily",
    "start": "2026-01-01T09:00:00Z",
    "rotation_virtual_start": "2026-01-01T09:00:00Z",
    "rotation_turn_length_seconds": 86400,
}


def failing_up(stack: Stack, *faults: dict[str, Any], options: tuple[str, ...] = ()) -> str:
    """What an `up` prints, with these faults at the accounts."""
    script = {"faults": [{"count": 99, **fault} for fault in faults]}
    httpx.post(f"{stack.sandbox.page}/sandbox/faults", json=script, trust_env=False).raise_for_status()
    with pytest.raises(EngineError) as fault:
        stack.engine.up(*options)
    httpx.delete(f"{stack.sandbox.page}/sandbox/faults", trust_env=False).raise_for_status()
    said = str(fault.value).partition("Outputs:")[0]
    assert "Traceback" not in said
    assert "{" not in said  # nobody's body
    assert not [name for name, secret in SECRETS.items() if secret in said]
    return said


def line_with(said: str, words: str) -> str:
    """The one line of what an `up` printed that has these words."""
    (line,) = [line.strip() for line in said.splitlines() if words in line]
    return line


def refusal(vendor: str, path: str, status: int, body: Any = None, method: str = "POST") -> list[dict[str, Any]]:
    action = {"status": status} | ({"body": body} if body else {})
    return [{"vendor": vendor, "method": method, "path": path, "action": action}]


def made_by_hand(stack: Stack, kind: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What somebody makes at PagerDuty without us."""
    url = f"{stack.sandbox.pagerduty}{path}"
    answer = httpx.post(url, headers=PAGERDUTY, json={kind: body}, trust_env=False)
    return dict(answer.raise_for_status().json()[kind])


def run_as_written(stack: Stack, line: str) -> None:
    """Run the `pulumi import` that a line advises."""
    found = re.search(r"`pulumi (import [^`]+)`", line)
    assert found is not None, line
    here = ("--stack", stack.engine.stack, "--config-file", str(stack.engine.config_file), "--yes", "--skip-preview")
    stack.engine.run(*shlex.split(found[1]), *here)


def test_names_that_are_taken_and_by_whom(stack: Stack) -> None:
    stack.edit(
        "    members: [ana, bo, {dee: manager}]", "    members: [ana, bo, eve, {dee: manager}]\n    tags: [eu, us]"
    )
    ways = "{critical: [email], high: [email], medium: [email]}"
    eve = f"  eve: {{name: Eve Ho, email: eve@acme.example, manage: all, pages: {ways}}}"
    stack.edit("\npages:", f"{eve}\n\npages:")
    theirs = made_by_hand(stack, "team", "/teams", {"name": "PLATFORM"})
    user = {"name": "Eve", "email": "eve@acme.example", "description": "Managed from the inventory"}
    ours = made_by_hand(stack, "user", "/users", user)
    tags = [made_by_hand(stack, "tag", "/tags", {"label": label}) for label in ("eu", "us")]
    genie = f"{stack.sandbox.opsgenie}/v2/teams"
    search = httpx.post(genie, headers=OPSGENIE, json={"name": "Search"}, trust_env=False).json()["data"]

    said = failing_up(stack, options=("--continue-on-error",))

    places = [f"{stack.inventory}:{line_of(stack, text)}" for text in ("  platform:", "  eve:", "tags: [", "  search:")]
    platform = line_with(said, "team platform failed")
    assert platform.startswith(
        f'error: {places[0]}:3: team platform failed: PagerDuty has the team "PLATFORM" ({theirs["id"]}, '
        f'{theirs["html_url"]}) already, not ours (nothing in it says "Managed from the inventory"): give one of the '
        f"two another name, or take it over with `pulumi import pagerduty:index/team:Team platform {theirs['id']} "
    )
    assert line_with(said, "user eve failed") == (
        f'error: {places[1]}:3: user eve failed: PagerDuty has the user "Eve" ({ours["id"]}, {ours["html_url"]}) '
        "already, and it is ours (Managed from the inventory): "
        "after a killed `up` run `oncall recover`, then `pulumi up`"
    )
    tag = line_with(said, "tag eu failed")
    assert tag.startswith(f'error: {places[2]}:12: tag eu failed: PagerDuty has the tag "eu" ({tags[0]["id"]}) already')
    own = line_with(said, 'team "Search": exists already and is not ours')
    assert own.endswith(f"give one of the two another name, or take it over: its id is {search['id']}")
    taking = line_with(said, "team search failed")
    assert taking.startswith(
        f"error: {places[3]}:3: team search failed: to take it over: `pulumi import oncall:opsgenie:"
    )

    # As it is advised, so it works: what comes after has these teams, and makes nothing twice.
    run_as_written(stack, platform)
    run_as_written(stack, taking)


def test_an_owner_that_can_not_be_looked_up(stack: Stack) -> None:
    user = httpx.get(f"{stack.sandbox.pagerduty}/users", headers=PAGERDUTY, trust_env=False).json()["users"][0]
    layer = EVERY_DAY | {"users": [{"user": {"id": user["id"], "type": "user_reference"}}]}
    schedule = {"name": "platform Primary", "time_zone": "UTC", "schedule_layers": [layer]}
    theirs = made_by_hand(stack, "schedule", "/schedules", schedule)

    said = failing_up(stack, *refusal("pagerduty", "/schedules", 403, method="GET"))

    path = f"{stack.sandbox.pagerduty}/schedules/{theirs['id']}"
    httpx.delete(path, headers=PAGERDUTY, trust_env=False).raise_for_status()
    place = f"{stack.inventory}:{line_of(stack, 'primary:')}:7"
    line = line_with(said, "schedule platform/primary failed")
    assert line.startswith(
        f"error: {place}: schedule platform/primary failed: something else has that, and whose it is "
    )
    assert "couldn't be looked up (PagerDuty answered 403: " in line
    assert line.endswith("give one of the two another name, or `oncall recover` after a killed `up`")


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


def test_somebody_nobody_knows_is_named_with_their_place(stack: Stack) -> None:
    stack.edit("email: bo@acme.example", "email: bob@acme.example")

    said = failing_up(stack)

    assert f"PagerDuty has no user for bo <bob@acme.example> ({stack.inventory}:{line_of(stack, 'Bo Lind')}:3)" in said


def test_an_account_that_can_not_be_reached_is_one_line_for_each_vendor(stack: Stack) -> None:
    stack_with(stack, stack.sandbox.pagerduty, "http://127.0.0.1:9")

    said = failing_up(stack)

    assert "check the network, the proxy settings and the stack setting pagerdutyApiUrl" in said


def test_a_wrong_token_is_one_line(stack: Stack) -> None:
    stack.engine.run(
        "config", "set", "--secret", "pagerdutyToken", "wrong", "--stack", stack.engine.stack,
        "--config-file", str(stack.engine.config_file),
    )  # fmt: skip

    said = failing_up(stack)

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
    plain = stack.sandbox.opsgenie
    stack_with(stack, plain, plain.replace("http://", "https://"))
    said = failing_up(stack)
    assert "nothing there speaks TLS: is it http:// instead of https://?" in said, said

    stack_with(stack, plain.replace("http://", "https://"), plain)
    said = failing_up(stack, *refusal("opsgenie", "/v2", 401))

    assert "check the API key, and that it belongs to this region" in said, said


def test_after_a_refresh_one_up_makes_what_had_gone(stack: Stack) -> None:
    stack.engine.up()

    assert stack.engine.preview().changes == 0

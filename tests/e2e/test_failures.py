"""What a real `up` prints where a vendor refuses: the vendor's words, the place in the inventory, the way out."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from oncall.cli.engine import EngineError
from oncall.cli.local_sandbox import Sandbox, running_sandbox
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


def failing_up(stack: Stack, *faults: dict[str, Any], options: tuple[str, ...] = ()) -> str:
    """What an `up` prints, with these faults at the accounts."""
    script = {"faults": [{"count": 99, **fault} for fault in faults]}
    httpx.post(f"{stack.sandbox.page}/sandbox/faults", json=script, trust_env=False).raise_for_status()
    with pytest.raises(EngineError) as fault:
        stack.engine.up(*options)
    httpx.delete(f"{stack.sandbox.page}/sandbox/faults", trust_env=False).raise_for_status()
    said = str(fault.value).partition("Outputs:")[0]
    assert "Traceback" not in said
    assert not re.search(r"""[{]\s*["']""", said)  # nobody's body
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
    stack.edit("    members: [ana, bo, {dee: manager}]", "    members: [ana, bo, eve, {dee: manager}]\n    tags: [eu]")
    ways = "{critical: [email], high: [email], medium: [email]}"
    eve = f"  eve: {{name: Eve Ho, email: eve@acme.example, manage: all, pages: {ways}}}"
    stack.edit("\npages:", f"{eve}\n\npages:")
    theirs = made_by_hand(stack, "team", "/teams", {"name": "PLATFORM"})
    user = {"name": "Eve", "email": "eve@acme.example", "description": "Managed from the inventory"}
    ours = made_by_hand(stack, "user", "/users", user)
    made_by_hand(stack, "tag", "/tags", {"label": "eu"})
    genie = f"{stack.sandbox.opsgenie}/v2/teams"
    search = httpx.post(genie, headers=OPSGENIE, json={"name": "Search"}, trust_env=False).json()["data"]

    unread = refusal("pagerduty", "/tags", 403, method="GET")
    said = failing_up(stack, *unread, options=("--continue-on-error",))

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
    assert tag.startswith(
        f"error: {places[2]}:12: tag eu failed: something else has that, and whose it is couldn't be "
    )
    assert "looked up (PagerDuty answered 403: " in tag
    assert tag.endswith("): give one of the two another name, or `oncall recover` after a killed `up`")
    own = line_with(said, 'team "Search": exists already and is not ours')
    assert own.endswith(f"give one of the two another name, or take it over: its id is {search['id']}")
    taking = line_with(said, "team search failed")
    assert taking.startswith(
        f"error: {places[3]}:3: team search failed: to take it over: `pulumi import oncall:opsgenie:"
    )

    # As it is advised, so it works: what comes after has these teams, and makes nothing twice.
    run_as_written(stack, platform)
    run_as_written(stack, taking)


HOSTILE = "has \x1b[31ma letter\nthat is not taken"


@pytest.mark.parametrize(
    ("status", "body", "way"),
    [
        (403, None, "the token is read-only, or its user may not change schedules"),
        (
            400,
            {"error": {"message": "Invalid Input Provided", "code": 2001, "errors": [f"Name {HOSTILE}"]}},
            "PagerDuty does not take it as it is written there: Invalid Input Provided: Name has ",
        ),
    ],
    ids=["right", "content"],
)
def test_what_pagerduty_refuses(stack: Stack, status: int, body: Any, way: str) -> None:
    said = failing_up(stack, *refusal("pagerduty", "/schedules", status, body))

    place = f"{stack.inventory}:{line_of(stack, 'primary:')}:7"
    line = line_with(said, "schedule platform/primary failed")
    assert line.startswith(f"error: {place}: schedule platform/primary failed: {way}")
    assert line.isprintable()


@pytest.mark.parametrize(
    ("status", "body", "way"),
    [
        (402, None, "the account's plan does not include heartbeats: change the plan, or leave this out"),
        (403, None, "the API key needs the configuration access right and the right to create and update"),
        (
            422,
            {"message": "Request body is not processable", "errors": {"name": HOSTILE}},
            "Request body is not processable (name: has [31ma letter that is not taken)",
        ),
    ],
    ids=["plan", "right", "content"],
)
def test_what_opsgenie_refuses(stack: Stack, status: int, body: Any, way: str) -> None:
    url = "https://lake.acme.example/mcp"
    heartbeat = "{ping_every: 1m, alert_after: 5m}"
    server = (
        f"  lake-{status}: {{name: Lake {status}, url: {url}, team: search, tier: internal, heartbeat: {heartbeat}}}"
    )
    stack.edit("\nbridge:", f"{server}\n\nbridge:")

    said = failing_up(stack, *refusal("opsgenie", "/v2/heartbeats", status, body))

    place = f"{stack.inventory}:{line_of(stack, f'lake-{status}:')}:3"
    vendors = line_with(said, f'heartbeat "lake-{status}": OpsGenie answered {status}: ')
    assert vendors.endswith(way)
    assert vendors.isprintable()
    ours = line_with(said, f"heartbeat lake-{status} failed")
    assert ours.startswith(f"error: {place}: heartbeat lake-{status} failed")
    if status == 422:
        assert ours.endswith(f": OpsGenie does not take it as it is written there: {way}; change that, then run again")


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


@pytest.fixture(scope="module")
def untrusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Accounts whose certificate nobody has signed but itself."""
    with running_sandbox(tls=tmp_path_factory.mktemp("untrusted")) as sandbox:
        yield sandbox


def test_a_certificate_that_is_not_trusted_at_pagerduty(stack: Stack, untrusted: Sandbox) -> None:
    stack_with(stack, stack.sandbox.pagerduty, untrusted.pagerduty)

    line = line_with(failing_up(stack), "PagerDuty's people can't be listed: ")

    assert "CERTIFICATE_VERIFY_FAILED" in line
    assert line.endswith(
        "; if a proxy of your network signs its certificates, the system must trust its certificate authority; "
        "else check the stack setting pagerdutyApiUrl"
    )


def test_letters_that_a_vendor_does_not_take_stop_before_anything_is_sent(stack: Stack) -> None:
    stack.edit("name: Platform", "name: Plat/form")
    stack.edit("name: Search", "name: Sürch")
    sent = len(stack.sandbox.journal())

    said = failing_up(stack)

    assert (
        f"{stack.inventory}:{line_of(stack, 'Plat/form')}:11: pagerduty-name-characters: PagerDuty takes no '/'" in said
    )
    place = f"{stack.inventory}:{line_of(stack, 'Sürch')}:11"
    assert f"{place}: opsgenie-name-characters: a team at OpsGenie is called by letters A-Z, digits" in said
    assert len(stack.sandbox.journal()) == sent


def test_afterwards_one_up_makes_all(stack: Stack) -> None:
    stack.engine.up()

    assert stack.engine.preview().changes == 0


def test_a_certificate_that_is_not_trusted_at_opsgenie(stack: Stack, untrusted: Sandbox) -> None:
    stack_with(stack, stack.sandbox.opsgenie, untrusted.opsgenie)
    stack.edit("alert_after: 5m}", "alert_after: 6m}")

    said = failing_up(stack)

    line = line_with(said, f"OpsGenie can't be reached at {untrusted.opsgenie.removeprefix('https://')} ")
    assert line.startswith('error: heartbeat "query-mcp": ')
    assert "CERTIFICATE_VERIFY_FAILED" in line
    assert line.endswith(
        "if a proxy of your network signs its certificates, set SSL_CERT_FILE to the file of its certificate authority"
    )
    place = f"{stack.inventory}:{line_of(stack, 'query-mcp:')}:3"
    assert f"error: {place}: heartbeat query-mcp failed" in said


def test_what_went_between_two_ups_is_named_with_the_way_back(stack: Stack) -> None:
    services = f"{stack.sandbox.pagerduty}/services"
    listed = httpx.get(services, headers=PAGERDUTY, params={"query": "Docs"}, trust_env=False).json()["services"]
    httpx.delete(f"{services}/{listed[0]['id']}", headers=PAGERDUTY, trust_env=False).raise_for_status()
    heartbeat = f"{stack.sandbox.opsgenie}/v2/heartbeats/query-mcp"
    httpx.delete(heartbeat, headers=OPSGENIE, trust_env=False).raise_for_status()
    stack.edit("alert_after: 5m}", "alert_after: 7m}")
    stack.edit("name: Docs,", "name: Handbook,")

    said = failing_up(stack, options=("--continue-on-error",))

    place = f"{stack.inventory}:{line_of(stack, 'query-mcp:')}:3"
    assert said.count("it is gone at the vendor") == 1, said
    assert "`pulumi refresh`, then run again" in line_with(said, "it is gone at the vendor")
    assert f"{place}: heartbeat query-mcp failed" in said, said
    place = f"{stack.inventory}:{line_of(stack, 'docs-mcp:')}:3"
    assert line_with(said, "service server/docs-mcp failed") == (
        f"error: {place}: service server/docs-mcp failed: it, or something that it names, is gone there: "
        "`pulumi refresh`, then run again"
    )
    assert f"PUT /services/{listed[0]['id']}: 404 Not Found" in said
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

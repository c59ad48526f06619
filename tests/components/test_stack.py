"""The components under Pulumi's mocks: what is registered is what the targets ask for, and keys stay secret."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks, settings

from components.pagerduty import matched
from components.stack import Settings, alivemcp, declare, typed_now, worker_name
from oncall.bridge.config import SignatureScheme
from oncall.bridge.routes import bridge_config
from oncall.cli.load import load_inventory
from oncall.model import Inventory
from oncall.source import read
from oncall.targets import TARGETS

pytestmark = pytest.mark.usefixtures("own_event_loop")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SAMPLE = Path(__file__).resolve().parents[2] / "inventory.yaml"


class Recorder(mocks.Mocks):
    """Remembers every registration and answers with what the vendors would add."""

    def __init__(self, emails: list[str]) -> None:
        self.emails = emails  # of the account's users
        self.registered: list[mocks.MockResourceArgs] = []
        self.calls: list[str] = []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.registered.append(args)
        added = {
            "pagerduty:index/serviceIntegration:ServiceIntegration": {"integrationKey": f"key-of-{args.name}"},
            "oncall:opsgenie:ApiIntegration": {"apiKey": f"key-of-{args.name}"},
            "oncall:opsgenie:Team": {"defaultScheduleId": "ds", "defaultEscalationId": "de"},
            "oncall:bridge:Bundle": {"webhookSecret": "made"},
            "oncall:pagerduty:WebhookSubscription": {"signingSecret": f"signs-{args.name}"},
            "pagerduty:index/schedulev2:Schedulev2": {
                "rotations": [
                    {**rotation, "id": f"rotation-{place}"}
                    for place, rotation in enumerate(args.inputs.get("rotations", ()))
                ]
            },
        }
        return f"id-of-{args.name}", {**args.inputs, **added.get(args.typ, {})}

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        self.calls.append(args.token)
        if args.token.endswith(":getUserContactMethod"):
            return {"id": f"device-{args.args['label']}-of-{args.args['userId']}"}
        return {"id": "users", "users": [{"id": f"P-{email}", "email": email.upper()} for email in self.emails]}

    def of(self, token: str) -> dict[str, mocks.MockResourceArgs]:
        return {args.name: args for args in self.registered if args.typ == token}


@pytest.fixture
def inventory() -> Inventory:
    return load_inventory(SAMPLE, NOW)


@pytest.fixture(autouse=True)
def _fresh_engine() -> Iterator[None]:
    yield
    settings.reset_options()
    pulumi.runtime.set_all_config({})


def run(inventory: Inventory, **changes: Any) -> Recorder:
    """Run the program's declarations under mocks and wait until everything is registered."""
    recorder = Recorder([person.email for person in inventory.people.values()])
    mocks.set_mocks(recorder, project="oncall-as-code", stack="test")
    given = {
        "pagerduty_token": pulumi.Output.secret("pd-token"),
        "opsgenie_api_key": pulumi.Output.secret("og-key"),
        "bridge_directory": "out",
    }
    chosen = Settings(**{**given, **changes})

    @mocks.test
    def declaring() -> None:
        declare(inventory, chosen, NOW)

    declaring()
    return recorder


def test_every_desired_resource_is_registered_once_under_its_key(inventory: Inventory) -> None:
    recorder = run(inventory)

    wanted = [
        (resource.kind, resource.key)
        for target in TARGETS
        for resource in target.desired(inventory, NOW)
        if not resource.lookup
    ]
    made = [
        (f"{args.typ.replace('oncall:', '').split(':')[0]}:{args.typ.rsplit(':', 1)[1]}", args.name)
        for args in recorder.registered
        if args.typ.startswith(("pagerduty:index", "oncall:opsgenie", "oncall:pagerduty"))
    ]
    assert sorted(made) == sorted(wanted)
    assert {args.name for args in recorder.registered if args.typ.endswith("PagerDutyTeam")} == {
        "platform",
        "payments",
        "data",
        "recipes",
    }


def targets_inventory(name: str) -> Inventory:
    """An inventory of the targets' golden files; their Reasons are of no matter here."""
    path = SAMPLE.parent / "tests" / "targets" / "inventories" / f"{name}.yaml"
    return Inventory.model_validate(read([(path.name, path.read_bytes())]).data)


def test_a_device_is_looked_up_by_its_users_id_and_used_by_the_rules() -> None:
    recorder = run(targets_inventory("people"))

    rules = recorder.of("oncall:pagerduty:NotificationRule")
    assert rules["ana/high/push/0"].inputs["contactMethod"]["id"] == "device-iPhone (Ana)-of-P-ana@acme.example"
    assert "ana/push" not in recorder.of("oncall:pagerduty:ContactMethod")


@pytest.mark.parametrize("name", ["people", "corners", "services"])
def test_what_the_sample_does_not_have_is_registered_too(name: str) -> None:
    inventory = targets_inventory(name)
    recorder = run(inventory)

    wanted = {one.key for target in TARGETS for one in target.desired(inventory, NOW) if not one.lookup}
    assert wanted - {args.name for args in recorder.registered} == set()


def test_the_secrets_of_webhooks_are_given_out_as_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", given.__setitem__)
    run(targets_inventory("services"))

    found: list[tuple[Any, bool]] = []

    @mocks.test
    def looking() -> Any:
        webhooks = given["webhooks"]
        return pulumi.Output.all(webhooks, pulumi.Output.is_secret(webhooks)).apply(
            lambda both: found.append((both[0], both[1]))
        )

    looking()
    names = ("payments/audit.acme.example:8443", "payments/hooks.acme.example/pagerduty")
    assert found == [({name: f"signs-{name}" for name in names}, True)]


def test_people_are_found_by_one_call_whatever_the_case_of_their_address(inventory: Inventory) -> None:
    recorder = run(inventory)

    assert recorder.calls == ["pagerduty:index/getUsers:getUsers"]
    memberships = recorder.of("pagerduty:index/teamMembership:TeamMembership")
    assert memberships["platform/ana"].inputs["userId"] == "P-ana@acme.example"


def test_somebody_pagerduty_does_not_know_is_named_with_the_way_out() -> None:
    wanted = {"ana": "ana@acme.example", "bo": "Bo@acme.example", "cy": "cy@acme.example"}

    with pytest.raises(pulumi.RunError) as fault:
        matched(wanted, {"bo@acme.example": "P1"})

    assert "ana <ana@acme.example>, cy <cy@acme.example>" in str(fault.value)
    assert "manage: all" in str(fault.value)


def test_a_missing_credential_is_one_sentence(inventory: Inventory) -> None:
    with pytest.raises(pulumi.RunError, match="pulumi config set --secret pagerdutyToken"):
        run(inventory, pagerduty_token=None)


def configured(**values: str) -> pulumi.Config:
    pulumi.runtime.set_all_config({f"oncall-as-code:{name}": value for name, value in values.items()})
    return pulumi.Config("oncall-as-code")


def test_a_region_pagerduty_does_not_have_is_refused_and_not_taken_for_the_usual_one() -> None:
    with pytest.raises(pulumi.RunError, match="pagerdutyRegion is us or eu, not 'EU'"):
        Settings.of(configured(pagerdutyRegion="EU"))


def test_every_stack_has_a_bundle_of_its_own() -> None:
    found = []
    for stack in ("staging", "production"):
        settings.configure(settings.Settings(project="oncall-as-code", stack=stack))
        found.append(Settings.of(configured()).bridge_directory)
    assert found == ["dist/staging", "dist/production"]


def test_a_typed_instant_without_a_zone_is_in_utc() -> None:
    assert typed_now(configured(now="2026-12-01T09:00")) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_a_typed_instant_that_is_none_is_one_sentence() -> None:
    with pytest.raises(pulumi.RunError, match="no instant: 'tomorrow'"):
        typed_now(configured(now="tomorrow"))


@pytest.mark.parametrize(
    ("scheme", "header"),
    [
        ("alivemcp", "x-alivemcp-signature"),
        ("standard", "webhook-signature"),
        ("either", "x-alivemcp-signature"),
    ],
)
def test_what_to_set_at_alivemcp_names_the_header_the_bridge_looks_at(
    inventory: Inventory, scheme: SignatureScheme, header: str
) -> None:
    bridge = SimpleNamespace(webhook_secret="made")
    config = bridge_config(inventory).model_copy(update={"signature": scheme})
    assert alivemcp(Settings("out"), config, bridge)["signature_header"] == header


@pytest.mark.parametrize(
    ("stack", "name"), [("production", "alivemcp-bridge-production"), ("EU_West.1", "alivemcp-bridge-eu-west-1")]
)
def test_every_stack_has_a_worker_of_its_own(stack: str, name: str) -> None:
    assert worker_name(stack) == name


def test_the_bundle_gets_the_keys_that_the_routes_use_as_a_secret(inventory: Inventory) -> None:
    recorder = run(inventory)

    keys = recorder.of("oncall:bridge:Bundle")["bridge"].inputs["keys"]["value"]  # wrapped: a secret to the engine
    assert keys["pagerduty/platform/internal"] == "key-of-pagerduty/platform/internal"
    assert keys["opsgenie/edge"] == "key-of-opsgenie/edge"
    assert "pagerduty/server/auth-mcp" in keys

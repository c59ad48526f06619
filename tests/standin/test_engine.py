"""The stand-in under the real Pulumi engine and the real SDK: the first recorded program, command by command."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc

REPOSITORY = Path(__file__).resolve().parents[2]
PLUGIN = REPOSITORY / "sandbox" / "plugin" / "pulumi-resource-pagerduty"

PROGRAM = """
import os
import pulumi
import pulumi_pagerduty as pd

provider = pd.Provider(
    "pd",
    token=pulumi.Output.secret("tok-secret"),
    api_url_override=os.environ["STUB_URL"],
    skip_credentials_validation=True,
)
o = pulumi.ResourceOptions(provider=provider)
users = os.environ["USERS"].split(",")
team = pd.Team("t", name="Platform", description="Managed", opts=o)
user = pd.get_user_output(email="u1@acme.example", opts=pulumi.InvokeOptions(provider=provider))
pd.TeamMembership("m", team_id=team.id, user_id=user.id, role="manager", opts=o)
restriction = pd.ScheduleLayerRestrictionArgs(
    type="weekly_restriction", start_day_of_week=1, start_time_of_day="09:00:00", duration_seconds=32400
)
layer = pd.ScheduleLayerArgs(
    name="weekly",
    start="2026-11-23T08:00:00Z",
    rotation_virtual_start="2026-11-23T08:00:00Z",
    rotation_turn_length_seconds=604800,
    users=users,
    restrictions=[restriction],
)
schedule = pd.Schedule(
    "s",
    name="Primary",
    description="Managed",
    time_zone="Europe/Berlin",
    teams=[team.id],
    layers=[layer],
    opts=o,
)
target = pd.EscalationPolicyRuleTargetArgs(type="schedule_reference", id=schedule.id)
policy = pd.EscalationPolicy(
    "ep",
    name="EP",
    num_loops=2,
    teams=team.id,
    rules=[pd.EscalationPolicyRuleArgs(escalation_delay_in_minutes=5, targets=[target])],
    opts=o,
)
service = pd.Service(
    "svc",
    name="weather-mcp",
    escalation_policy=policy.id,
    alert_creation="create_alerts_and_incidents",
    auto_resolve_timeout="14400",
    acknowledgement_timeout="1800",
    incident_urgency_rule=pd.ServiceIncidentUrgencyRuleArgs(type="constant", urgency="severity_based"),
    opts=o,
)
integration = pd.ServiceIntegration(
    "i",
    name="AliveMCP",
    service=service.id,
    type="events_api_v2_inbound_integration",
    opts=pulumi.ResourceOptions(provider=provider, additional_secret_outputs=["integrationKey"]),
)
members = [pd.Schedulev2RotationEventAssignmentStrategyMemberArgs(type="user_member", user_id=user) for user in users]
strategy = pd.Schedulev2RotationEventAssignmentStrategyArgs(
    type="rotating_member_assignment_strategy", shifts_per_member=1, members=members
)
event = pd.Schedulev2RotationEventArgs(
    name="weekly",
    start_time="2026-11-23T08:00:00Z",
    end_time="2026-11-30T08:00:00Z",
    effective_since="2026-11-23T08:00:00Z",
    recurrences=["RRULE:FREQ=WEEKLY"],
    assignment_strategies=[strategy],
)
pd.Schedulev2(
    "s3",
    name="Shifts",
    description="Managed",
    time_zone="Europe/Berlin",
    teams=[team.id],
    rotations=[pd.Schedulev2RotationArgs(events=[event])],
    opts=o,
)
pd.MaintenanceWindow(
    "mw",
    start_time="2026-12-01T10:00:00Z",
    end_time="2026-12-01T12:00:00Z",
    services=[service.id],
    description="deploy",
    opts=o,
)
pd.EventOrchestration("eo", name="AliveMCP", team=team.id, opts=o)
pd.WebhookSubscription(
    "wh",
    delivery_methods=[
        pd.WebhookSubscriptionDeliveryMethodArgs(
            type="http_delivery_method", url="https://bridge.example/pd", temporarily_disabled=False
        )
    ],
    description="bridge",
    events=["incident.acknowledged", "incident.resolved"],
    active=True,
    filters=[pd.WebhookSubscriptionFilterArgs(id=service.id, type="service_reference")],
    type="webhook_subscription",
    opts=o,
)
pulumi.export("key", integration.integration_key)
"""

COMMANDS = (
    ("up", "--yes", "--skip-preview"),
    ("up", "--yes", "--skip-preview"),
    ("refresh", "--yes", "--skip-preview"),
    ("preview",),
    ("up", "--yes", "--skip-preview"),
    ("destroy", "--yes", "--skip-preview"),
)


@pytest.fixture
def pulumi(tmp_path, stub):
    """Runs the Pulumi CLI in a project of its own with the plugin on PATH; gives stdout and fails on an error."""
    if not shutil.which("pulumi") or not shutil.which("pulumi-language-python"):
        pytest.skip("pulumi and pulumi-language-python are not on PATH")
    binaries, project, home = tmp_path / "bin", tmp_path / "project", tmp_path / "home"
    for folder in (binaries, project, home, tmp_path / "backend"):
        folder.mkdir()
    (binaries / PLUGIN.name).symlink_to(PLUGIN)
    (project / "Pulumi.yaml").write_text("name: standin\nruntime: python\n")
    (project / "__main__.py").write_text(PROGRAM)
    path = [str(binaries), str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = {
        **os.environ,
        "PATH": os.pathsep.join(path),
        "HOME": str(home),
        "PULUMI_HOME": str(home / ".pulumi"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "SANDBOX_PLUGIN_PAUSE": "0",
        "SANDBOX_PLUGIN_NOW": "2026-11-21T12:00:00Z",
        "STUB_URL": stub.url,
    }

    def run(*arguments, users="PUSER0,PUSER1"):
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=project,
            env={**environment, "USERS": users},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("stack", "init", "dev")
    return run


@pytest.mark.e2e
def test_the_real_engine_and_sdk_send_the_recorded_requests(pulumi, stub, recording):
    outputs = []
    for (mark, expected), command in zip(recording(1), COMMANDS, strict=True):
        for entry in expected:
            stub.forgets(entry["method"], entry["path"])
        for entry in expected:
            stub.answers(entry["method"], entry["path"], entry.get("answer"), entry["status"])
        stub.requests.clear()
        edited = mark.startswith(("roster edit", "destroy"))
        outputs.append(pulumi(*command, users="PUSER0,PUSER1,PUSER2" if edited else "PUSER0,PUSER1"))
        sent = sorted(f"{r['method']} {r['path']} {json.dumps(r['body'], sort_keys=True)}" for r in stub.requests)
        wanted = sorted(f"{e['method']} {e['path']} {json.dumps(e.get('body'), sort_keys=True)}" for e in expected)
        assert sent == wanted
        if mark.startswith("create"):
            key = next(e["answer"]["integration"]["integration_key"] for e in expected if "integrations/" in e["path"])
            state = pulumi("stack", "export")
            assert key not in state
            assert "tok-secret" not in state
    assert "12 unchanged" in outputs[1]
    assert "unchanged" in outputs[3]
    assert "users" not in outputs[3]


def test_the_executable_serves_through_a_symbolic_link_from_any_folder(tmp_path):
    link = tmp_path / PLUGIN.name
    link.symlink_to(PLUGIN)
    (tmp_path / "sandbox").mkdir()
    process = subprocess.Popen([str(link), "127.0.0.1:1"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        port = int(process.stdout.readline())
        rpc = provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{port}"))
        version = rpc.GetPluginInfo(empty_pb2.Empty(), timeout=10).version
    finally:
        process.terminate()
        process.wait(10)
    assert version == importlib.metadata.version("pulumi-pagerduty")

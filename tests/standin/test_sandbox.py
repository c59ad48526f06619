"""The stand-in against the sandbox: made, planned empty, refreshed, edited, imported and destroyed, kind by kind."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn

from sandbox.core import Clock, Core
from sandbox.server import Sandbox

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PEOPLE = [{"name": f"U{number}", "email": f"u{number}@acme.example"} for number in range(3)]
HOURS = {"type": "fixed_time_per_day", "timeZone": "Europe/Berlin", "startTime": "09:00:00", "endTime": "18:00:00"}


class Story:
    """A sandbox on a free port, an engine whose plugin talks to it, and the clock of both."""

    def __init__(self, engine, sandbox, url, monkeypatch):
        self.engine = engine
        self.sandbox = sandbox
        self._url = url
        self._monkeypatch = monkeypatch
        self.at(NOW)

    def at(self, instant: datetime) -> None:
        """Sets both clocks, and starts the plugin anew, as each command does."""
        self.sandbox.core.clock.set(instant)
        self.sandbox.advance()
        self._monkeypatch.setenv("SANDBOX_PLUGIN_NOW", instant.isoformat())
        self.engine.configure(token="sandbox-token-pdpdpd", apiUrlOverride=self._url)

    def up(self, program) -> list[str]:
        """Runs a program; the next command comes a minute later (what begins in the past begins now)."""
        done = self.engine.up(program)
        self.at(self.sandbox.core.clock.now() + timedelta(minutes=1))
        return done


@pytest.fixture
def story(unconfigured, monkeypatch):
    sandbox = Sandbox(core=Core(clock=Clock(NOW, real=lambda: NOW)))
    sandbox.seed({"pagerduty": {"users": PEOPLE}})
    server = uvicorn.Server(uvicorn.Config(sandbox.app("pagerduty"), port=0, lifespan="off", log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    monkeypatch.setenv("SANDBOX_PLUGIN_PAUSE", "0")
    yield Story(unconfigured, sandbox, f"http://127.0.0.1:{port}", monkeypatch)
    server.should_exit = True
    thread.join(10)


def people(engine, line_up=("u0", "u1"), **_):
    """A managed person with a contact method and a rule, a team with a parent, and its members."""

    def program(register):
        eli = register("eli", "User", name="Eli", email="eli@acme.example", timeZone="Europe/Berlin")["id"]
        phone = {"type": "phone_contact_method", "label": "Mobile", "address": "305550101", "countryCode": 49}
        method = register("phone", "UserContactMethod", userId=eli, **phone)["id"]
        reference = {"type": "phone_contact_method", "id": method}
        register(
            "rule",
            "UserNotificationRule",
            userId=eli,
            startDelayInMinutes=len(line_up),
            urgency="high",
            contactMethod=reference,
        )
        parent = register("all", "Team", name="All")["id"]
        team = register("team", "Team", name="Platform", parent=parent)["id"]
        for name in line_up:
            user = engine.invoke("getUser", email=f"{name}@acme.example")["id"]
            register(f"member-{name}", "TeamMembership", teamId=team, userId=user, role="responder")

    return program


def rotas(engine, line_up=("u0", "u1"), end=None):
    """Schedules of both kinds, a policy over the first of them, a service and its integration."""

    def program(register):
        users = [engine.invoke("getUser", email=f"{name}@acme.example")["id"] for name in line_up]
        since = "2026-11-16T08:00:00Z"
        layer = {"start": since, "rotationVirtualStart": since, "rotationTurnLengthSeconds": 604800, "users": users}
        layers = [{"name": "old", **layer, **({"end": end} if end else {})}]
        if end:
            layers.append({"name": "new", **layer, "start": end, "rotationVirtualStart": end})
        rota = register("rota", "Schedule", name="Primary", timeZone="Europe/Berlin", layers=layers)["id"]
        members = [{"type": "user_member", "userId": user} for user in users]
        event = {
            "name": "weekly",
            "startTime": "2026-11-23T08:00:00Z",
            "endTime": "2026-11-30T08:00:00Z",
            "effectiveSince": "2026-11-23T08:00:00Z",
            "recurrences": ["RRULE:FREQ=WEEKLY"],
            "assignmentStrategies": [{"type": "rotating_member_assignment_strategy", "members": members}],
        }
        shifts = register("shifts", "Schedulev2", name="Shifts", timeZone="UTC", rotations=[{"events": [event]}])["id"]
        targets = [{"type": "schedule_reference", "id": schedule} for schedule in (shifts, rota)]
        targets.append({"type": "user_reference", "id": users[0]})
        rules = [{"escalationDelayInMinutes": 5, "targets": targets}]
        policy = register("policy", "EscalationPolicy", name="EP", numLoops=len(line_up), rules=rules)["id"]
        service = register(
            "service",
            "Service",
            name="weather",
            escalationPolicy=policy,
            autoResolveTimeout="null",
            incidentUrgencyRule={
                "type": "use_support_hours",
                "duringSupportHours": {"type": "constant", "urgency": "high"},
                "outsideSupportHours": {"type": "constant", "urgency": "low"},
            },
            supportHours={**HOURS, "daysOfWeeks": [1, 2, 3, 4, 5]},
        )["id"]
        register(
            "key", "ServiceIntegration", name="AliveMCP", service=service, type="events_api_v2_inbound_integration"
        )

    return program


def around(engine, line_up=("u0", "u1"), **_):
    """What stands around services: a maintenance window and a webhook subscription."""

    def program(register):
        user = engine.invoke("getUser", email="u0@acme.example")["id"]
        rules = [{"escalationDelayInMinutes": 5, "targets": [{"type": "user_reference", "id": user}]}]
        policy = register("policy", "EscalationPolicy", name="EP", rules=rules)["id"]
        services = [
            register(name, "Service", name=name, escalationPolicy=policy)["id"] for name in ("one", "two", "three")
        ]
        register(
            "window",
            "MaintenanceWindow",
            startTime="2028-12-01T10:00:00Z",
            endTime="2028-12-01T12:00:00Z",
            services=services,
            description=f"deploy by {line_up[0]}",
        )
        headers = [{"name": "X-Key", "value": "k"}]
        register(
            "hook",
            "WebhookSubscription",
            deliveryMethods=[{"url": "https://bridge.example/pd", "customHeaders": headers}],
            events=["incident.acknowledged", "incident.resolved"],
            description=line_up[0],
            active=True,
            filters=[{"type": "service_reference", "id": services[0]}],
        )

    return program


def ingest(engine, line_up=("u0", "u1"), **_):
    """An event orchestration of a team."""

    def program(register):
        team = register("team", "Team", name="Platform")["id"]
        register("ingest", "EventOrchestration", name="Ingest", description=line_up[0], team=team)

    return program


def groups(engine, line_up=("u0", "u1"), **_):
    """A tag on a team, and a business service that depends on a technical one."""

    def program(register):
        user = engine.invoke("getUser", email="u0@acme.example")["id"]
        rules = [{"escalationDelayInMinutes": 5, "targets": [{"type": "user_reference", "id": user}]}]
        policy = register("policy", "EscalationPolicy", name="EP", rules=rules)["id"]
        service = register("service", "Service", name="weather", escalationPolicy=policy)["id"]
        team = register("team", "Team", name="Platform")["id"]
        tag = register("tag", "Tag", label="tier-1")["id"]
        register("tagged", "TagAssignment", entityType="teams", entityId=team, tagId=tag)
        shop = register("shop", "BusinessService", name="Shop", team=team, pointOfContact=line_up[0])["id"]
        supporting, dependent = {"id": service, "type": "service"}, {"id": shop, "type": "business_service"}
        register(
            "needs",
            "ServiceDependency",
            dependency={"supportingServices": [supporting], "dependentServices": [dependent]},
        )

    return program


PROGRAMS = {"people": people, "rotas": rotas, "around": around, "ingest": ingest, "groups": groups}
IMPORTS = {
    "UserContactMethod": "{userId}:{id}",
    "UserNotificationRule": "{userId}:{id}",
    "ServiceIntegration": "{service}.{id}",
    "TagAssignment": "{entityType}.{entityId}.{tagId}",
    "ServiceDependency": "{dependency[supportingServices][0][id]}.service.{id}",
}


@pytest.fixture(params=PROGRAMS)
def program(request, story):
    """One of the programs, as a function of what may change in it."""
    return lambda **more: PROGRAMS[request.param](story.engine, **more)


def test_a_second_run_and_one_after_a_refresh_change_nothing(story, program):
    story.up(program())
    assert story.up(program()) == []
    story.engine.refresh()
    assert story.up(program()) == []


def test_an_edit_is_made_once(story, program):
    story.up(program())
    assert story.up(program(line_up=("u1", "u2"))) != []
    story.engine.refresh()
    assert story.up(program(line_up=("u1", "u2"))) == []


def test_what_is_imported_is_what_was_made(story, program):
    story.up(program())
    for name, resource in story.engine.resources.items():
        form = IMPORTS.get(resource["kind"], "{id}")
        read = story.engine.adopt(name, resource["kind"], form.format(**{**resource["state"], "id": resource["id"]}))
        assert read.id == resource["id"], name
        assert list(story.engine.diff(name, resource["inputs"]).detailedDiff) == [], name


def test_a_destroy_leaves_nothing(story, program):
    before = story.sandbox.state()["pagerduty"]["account"]
    story.up(program())
    story.engine.destroy()
    assert story.sandbox.state()["pagerduty"]["account"] == before


@pytest.mark.parametrize("instant", ["2026-11-22T12:00:00+00:00", "2027-11-21T12:00:00+00:00"])
def test_a_day_and_a_year_later_nothing_differs_but_by_time(story, program, instant):
    story.up(program())
    story.at(datetime.fromisoformat(instant))
    assert story.up(program()) == []
    story.engine.refresh()
    assert story.up(program()) == []


def test_a_layer_that_is_over_is_dropped_by_a_refresh_and_can_be_left_out(story):
    end = "2026-12-07T08:00:00Z"
    story.up(rotas(story.engine, end=end))
    story.at(datetime(2027, 11, 21, tzinfo=UTC))
    story.engine.refresh()
    (layer,) = story.engine.resources["rota"]["state"]["layers"]
    assert layer["name"] == "new"

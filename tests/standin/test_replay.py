"""The two recorded programs, run through the stand-in, send what the official plugin sent."""

from typing import Any

import pytest

ACCEPT = "application/vnd.pagerduty+json;version=2"
LAYER = {
    "name": "weekly",
    "start": "2026-11-23T08:00:00Z",
    "rotationVirtualStart": "2026-11-23T08:00:00Z",
    "rotationTurnLengthSeconds": 604800,
    "restrictions": [
        {
            "type": "weekly_restriction",
            "startDayOfWeek": 1,
            "startTimeOfDay": "09:00:00",
            "durationSeconds": 32400,
        }
    ],
}


def shifts(users):
    """The rotations of the first program's v3 schedule."""
    members = [{"type": "user_member", "userId": user} for user in users]
    strategy = {"type": "rotating_member_assignment_strategy", "shiftsPerMember": 1, "members": members}
    event = {
        "name": "weekly",
        "startTime": "2026-11-23T08:00:00Z",
        "endTime": "2026-11-30T08:00:00Z",
        "effectiveSince": "2026-11-23T08:00:00Z",
        "recurrences": ["RRULE:FREQ=WEEKLY"],
        "assignmentStrategies": [strategy],
    }
    return [{"events": [event]}]


def first_program(engine, users):
    """The first recording's program; `users` is the line-up of its layer and of its shifts."""

    def program(register):
        team = register("t", "Team", name="Platform", description="Managed")["id"]
        user = engine.invoke("getUser", email="u1@acme.example")["id"]
        register("m", "TeamMembership", teamId=team, userId=user, role="manager")
        schedule = register(
            "s",
            "Schedule",
            name="Primary",
            description="Managed",
            timeZone="Europe/Berlin",
            teams=[team],
            layers=[{**LAYER, "users": users}],
        )["id"]
        policy = register(
            "ep",
            "EscalationPolicy",
            name="EP",
            description="Managed by Pulumi",
            numLoops=2,
            teams=team,
            rules=[{"escalationDelayInMinutes": 5, "targets": [{"type": "schedule_reference", "id": schedule}]}],
        )["id"]
        service = register(
            "svc",
            "Service",
            name="weather-mcp",
            description="Managed by Pulumi",
            escalationPolicy=policy,
            alertCreation="create_alerts_and_incidents",
            autoResolveTimeout="14400",
            acknowledgementTimeout="1800",
            incidentUrgencyRule={"type": "constant", "urgency": "severity_based"},
        )["id"]
        register("i", "ServiceIntegration", name="AliveMCP", service=service, type="events_api_v2_inbound_integration")
        register(
            "s3",
            "Schedulev2",
            name="Shifts",
            description="Managed",
            timeZone="Europe/Berlin",
            teams=[team],
            rotations=shifts(users),
        )
        register(
            "mw",
            "MaintenanceWindow",
            startTime="2026-12-01T10:00:00Z",
            endTime="2026-12-01T12:00:00Z",
            services=[service],
            description="deploy",
        )
        register("eo", "EventOrchestration", name="AliveMCP", team=team)
        register(
            "wh",
            "WebhookSubscription",
            deliveryMethods=[
                {"type": "http_delivery_method", "url": "https://bridge.example/pd", "temporarilyDisabled": False}
            ],
            description="bridge",
            events=["incident.acknowledged", "incident.resolved"],
            active=True,
            filters=[{"id": service, "type": "service_reference"}],
            type="webhook_subscription",
        )

    return program


def layer(since, users, **more):
    """A weekly layer of the second program."""
    return {
        "name": f"weekly from {since[:10]}",
        "start": since,
        "rotationVirtualStart": since,
        "rotationTurnLengthSeconds": 604800,
        "users": users,
        **more,
    }


OLD, NEW = "2026-10-05T07:00:00Z", "2026-12-07T08:00:00Z"
LINE_UPS = {
    1: [layer(OLD, ["PUSER0", "PUSER1"])],
    2: [layer(OLD, ["PUSER0", "PUSER1"], end=NEW), layer(NEW, ["PUSER0", "PUSER1", "PUSER2"])],
    3: [layer(NEW, ["PUSER1", "PUSER2"])],
}


def second_program(engine, version):
    """The second recording's program in one of its three versions."""

    def program(register):
        engine.invoke("getUsers")
        eli = register("eli", "User", name="Eli", email="eli@acme.example", description="Managed by Pulumi")["id"]
        phone = register(
            "eli-phone",
            "UserContactMethod",
            userId=eli,
            type="phone_contact_method",
            countryCode=49,
            address="305550101",
            label="Mobile",
        )["id"]
        register(
            "eli-high",
            "UserNotificationRule",
            userId=eli,
            startDelayInMinutes=5,
            urgency="high",
            contactMethod={"type": "phone_contact_method", "id": phone},
        )
        team = register("t", "Team", name="Data", description="Managed by Pulumi")["id"]
        for user in ["PUSER0", "PUSER1"] if version != 3 else ["PUSER1"]:
            register(f"m{user}", "TeamMembership", teamId=team, userId=user, role="responder")
        schedule = register(
            "s",
            "Schedule",
            name="Data primary",
            description="x",
            timeZone="Europe/Berlin",
            teams=[team],
            layers=LINE_UPS[version],
        )["id"]
        rules = [{"escalationDelayInMinutes": 5, "targets": [{"type": "schedule_reference", "id": schedule}]}]
        if version != 1:
            second = {"escalationDelayInMinutes": 10, "targets": [{"type": "user_reference", "id": "PUSER2"}]}
            rules.append(second)
        policy = register("ep", "EscalationPolicy", name="Data internal", numLoops=2, teams=team, rules=rules)["id"]
        service = register(
            "svc",
            "Service",
            name="Data thirdparty",
            escalationPolicy=policy,
            alertCreation="create_alerts_and_incidents",
            autoResolveTimeout="null",
            acknowledgementTimeout="null" if version == 1 else "1800",
            incidentUrgencyRule={
                "type": "use_support_hours",
                "duringSupportHours": {"type": "constant", "urgency": "high"},
                "outsideSupportHours": {"type": "constant", "urgency": "low"},
            },
            supportHours={
                "type": "fixed_time_per_day",
                "timeZone": "Europe/Berlin",
                "startTime": "09:00:00",
                "endTime": "18:00:00",
                "daysOfWeeks": [1, 2, 3, 4, 5],
            },
            scheduledActions=[
                {
                    "type": "urgency_change",
                    "toUrgency": "high",
                    "ats": [{"type": "named_time", "name": "support_hours_start"}],
                }
            ],
        )["id"]
        register("i", "ServiceIntegration", name="AliveMCP", service=service, type="events_api_v2_inbound_integration")

    return program


def steps_of(engine, number):
    """The commands of a recording, in order."""
    if number == 1:
        before, after = ["PUSER0", "PUSER1"], ["PUSER0", "PUSER1", "PUSER2"]
        return [
            lambda: engine.up(first_program(engine, before)),
            lambda: engine.up(first_program(engine, before)),
            engine.refresh,
            lambda: engine.up(first_program(engine, before)),
            lambda: engine.up(first_program(engine, after)),
            engine.destroy,
        ]
    return [
        lambda: engine.up(second_program(engine, 1)),
        engine.refresh,
        lambda: engine.up(second_program(engine, 2)),
        lambda: engine.up(second_program(engine, 3)),
        engine.destroy,
    ]


def object_of(path: str) -> str:
    """What a request is about: its order is fixed among the requests about the same thing."""
    return path.partition("?")[0].removesuffix("/license")


def with_heads(request: dict[str, Any]) -> dict[str, Any]:
    """A request to the stub with its headers named as in the recordings."""
    headers = request["headers"]
    half = headers["User-Agent"].rpartition("/")[2]
    assert (headers["Content-Type"], headers["Authorization"]) == ("application/json", "Token token=tok-secret")
    return {**request, "half": half, "accept": headers["Accept"], "early_access": headers.get("X-Early-Access")}


def by_object(requests: list[dict[str, Any]]) -> dict[str, list[tuple[Any, ...]]]:
    """(method, path, body, half, Accept, X-Early-Access) of requests in order, by what they are about.

    A list of members that is read twice counts once: how many reads the memberships of one team share depends on how
    many of them are made at the same moment.
    """
    result: dict[str, list[tuple[Any, ...]]] = {}
    for request in requests:
        head = (request["half"], request.get("accept", ACCEPT), request.get("early_access"))
        row = (request["method"], request["path"], request.get("body"), *head)
        rows = result.setdefault(object_of(request["path"]), [])
        if not ("/members" in request["path"] and row in rows):
            rows.append(row)
    return result


@pytest.mark.parametrize("number", [1, 2])
def test_the_recorded_program_sends_the_recorded_requests(engine, stub, recording, number):
    for (_, expected), step in zip(recording(number), steps_of(engine, number), strict=True):
        for entry in expected:
            stub.forgets(entry["method"], entry["path"])
        for entry in expected:
            stub.answers(entry["method"], entry["path"], entry.get("answer"), entry["status"])
        stub.requests.clear()
        engine.restart()  # a plugin lives as long as a command
        step()
        assert by_object([with_heads(request) for request in stub.requests]) == by_object(expected)


def test_a_second_run_without_changes_does_nothing(engine, stub, recording):
    for _, expected in recording(1)[:1]:
        for entry in expected:
            stub.answers(entry["method"], entry["path"], entry.get("answer"), entry["status"])
    program = first_program(engine, ["PUSER0", "PUSER1"])
    engine.up(program)
    assert engine.up(program) == []


def test_members_of_a_team_are_read_once_for_all_its_memberships(engine, stub):
    rows = [{"user": {"id": user}, "role": "manager"} for user in ("P1", "P2")]
    stub.answers("GET", "/teams/T/members?limit=100", {"members": rows, "limit": 100, "more": False})
    for user in ("P1", "P2"):
        stub.answers("PUT", f"/teams/T/users/{user}", status=204)
        engine.create(user, "TeamMembership", {"teamId": "T", "userId": user, "role": "manager"})
    engine.restart()
    stub.requests.clear()
    engine.refresh()
    assert stub.calls() == ["GET /teams/T/members?limit=100"]

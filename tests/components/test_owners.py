"""Who owns a name that PagerDuty says is taken, as one look-up tells it, and the way out for each case."""

from collections.abc import Callable
from typing import Any

import httpx
import pulumi
import pytest

from components.failures import noun_of
from components.owners import MOST_ROWS, ONCE, import_command, way_past
from oncall.clients.base import ApiClient
from oncall.clients.pagerduty import PAGE_SIZE, Pagerduty, api_token
from oncall.clients.retry import Retrier
from oncall.recovery import token
from oncall.resource import Resource

TOKEN = "planted-token-0001"
LINK = "https://acme.pagerduty.com/teams/P1"
ROOT = "urn:pulumi:prod::oncall-as-code"
TEAM = Resource("pagerduty:Team", "web", {"name": "Web"}, "web")
THEIRS = {"id": "P1", "name": "WEB", "html_url": LINK, "description": "Ours since 2019"}
OURS = THEIRS | {"description": "The web team - Managed from the inventory"}


def args_of(resource: Resource, operation: str = "create") -> pulumi.ErrorHookArgs:
    kind = token(resource.kind)
    types = f"oncall:components:PagerDutyTeam${kind}" if resource.team else kind
    return pulumi.ErrorHookArgs(
        f"{ROOT}::{types}::{resource.key}", "", resource.key, kind, failed_operation=operation, errors=[]
    )


@pytest.fixture
def told() -> Callable[..., str]:
    def told(answer: Any, resource: Resource = TEAM, operation: str = "create") -> str:
        asked: Callable[[httpx.Request], httpx.Response] = (
            answer if callable(answer) else lambda request: httpx.Response(200, json=answer)
        )
        client = ApiClient("PagerDuty", "https://api.example", transport=httpx.MockTransport(asked))
        account = Pagerduty(client, api_token(TOKEN), Retrier(ONCE))
        args = args_of(resource, operation)
        said = way_past(args, noun_of(args.type), resource, account)
        assert said is not None
        assert said.isprintable()  # one line, and nothing that a terminal would act on
        assert TOKEN not in said
        return said

    return told


def test_one_of_somebody_elses_is_named_with_both_ways_out(told: Callable[..., str]) -> None:
    assert told({"teams": [{"id": "P0", "name": "Web two"}, THEIRS]}) == (
        f'PagerDuty has the team "WEB" (P1, {LINK}) already, not ours '
        '(nothing in it says "Managed from the inventory"): '
        "give one of the two another name, or take it over with `pulumi import pagerduty:index/team:Team web P1 "
        f"--parent Team={ROOT}::oncall:components:PagerDutyTeam::web "
        f"--provider Account={ROOT}::pulumi:providers:pagerduty::pagerduty --protect=false --generate-code=false`"
    )


def test_one_of_ours_is_recovered(told: Callable[..., str]) -> None:
    said = told({"teams": [OURS]})

    assert (
        "and it is ours (Managed from the inventory): after a killed `up` run `oncall recover`, then `pulumi up`"
        in said
    )
    assert said.endswith(", or if only its key is new in the inventory, `formerly: [OLD-KEY]`")
    assert "pulumi import" not in said


def test_where_a_rename_is_refused_nothing_can_be_taken_over(told: Callable[..., str]) -> None:
    assert told({"teams": [THEIRS]}, operation="update").endswith("and it isn't ours: give one of the two another name")
    assert told({"teams": [OURS]}, operation="update").endswith(
        "where two trade names, run `pulumi up` with a third one in between"
    )


@pytest.mark.parametrize(
    ("resource", "rows", "row", "words"),
    [
        (
            Resource("pagerduty:User", "eve", {"name": "Eve", "email": "Eve@acme.example"}),
            "users",
            {"name": "Evelyn", "email": "eve@acme.example"},
            'the user "Evelyn" (P1) already, not made by us: leave it as it is with `manage: rules` on the person',
        ),
        (
            Resource("pagerduty:Tag", "eu west", {"label": "eu west"}),
            "tags",
            {"label": "EU West"},
            'the tag "EU West" (P1) already, and tags don\'t say whose they are: '
            "after a killed `up` run `oncall recover`, "
            "else use it with `pulumi import pagerduty:index/tag:Tag 'eu west' P1 --provider",
        ),
        (
            Resource("pagerduty:Schedule", "web/day@Europe/Berlin", {"name": "Web day"}, "web"),
            "schedules",
            {"name": "Web day"},
            'the schedule "Web day" (P1) already, not ours',
        ),
        (
            Resource("pagerduty:EscalationPolicy", "web/internal", {"name": "Web internal"}, "web"),
            "escalation_policies",
            {"name": "Web internal"},
            'the escalation policy "Web internal" (P1) already, not ours',
        ),
        (
            Resource("pagerduty:Service", "server/docs", {"name": "Docs"}, "web"),
            "services",
            {"name": "Docs"},
            'the service "Docs" (P1) already, not ours',
        ),
        (
            Resource("pagerduty:BusinessService", "all", {"name": "All"}),
            "business_services",
            {"name": "All"},
            'the business service "All" (P1) already, not ours',
        ),
    ],
)
def test_every_kind_that_has_a_name(
    told: Callable[..., str], resource: Resource, rows: str, row: dict[str, str], words: str
) -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json={rows: [{"id": "P1"} | row]})

    assert words in told(answer, resource)
    assert [url.path for url in asked] == [f"/{rows}"]
    assert asked[0].params["query"] == next(iter(reversed(resource.properties.values())))


def test_a_schedule_of_shifts_is_read_itself_for_the_list_does_not_say_whose_it_is(told: Callable[..., str]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v3/schedules":
            return httpx.Response(200, json={"schedules": [{"id": "P/1", "summary": "Web day"}]})
        assert request.url.raw_path == b"/v3/schedules/P%2F1"
        return httpx.Response(200, json={"schedule": {"name": "Web day", "description": "Managed from the inventory"}})

    resource = Resource("pagerduty:Schedulev2", "web/day", {"name": "Web day"}, "web")
    assert 'the schedule "Web day" (P/1) already, and it is ours' in told(answer, resource)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            httpx.Response(403, json={"error": {"message": "Access Denied\x1b[2J"}}),
            "PagerDuty answered 403: Access Denied",
        ),
        (httpx.Response(429, headers={"ratelimit-reset": "600"}), "PagerDuty answered 429"),
        (httpx.Response(200, text="<html>"), "an answer that is no JSON"),
        (httpx.ConnectError("refused"), "PagerDuty can't be reached at api.example (refused)"),
        (httpx.ReadTimeout(f"late {TOKEN}"), "did not answer in time (late ***)"),
    ],
)
def test_a_look_up_that_fails_is_said_and_nothing_else_happens(
    told: Callable[..., str], answer: httpx.Response | Exception, why: str
) -> None:
    asked = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    said = told(refuse)

    assert said.startswith("something else has that, and whose it is couldn't be looked up (")
    assert why in said
    assert said.endswith("): give one of the two another name, or `oncall recover` after a killed `up`")
    assert len(asked) == 1


@pytest.mark.parametrize("answer", [{"teams": []}, {}, {"teams": 7}, {"teams": [None, {"name": 3}, {"id": "P1"}]}, []])
def test_what_the_token_may_not_see(told: Callable[..., str], answer: Any) -> None:
    assert told(answer).startswith("something has that which this token may not see: ask an admin of the account")


def test_a_list_without_an_end_is_left(told: Callable[..., str]) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["offset"])
        return httpx.Response(200, json={"teams": [{"id": "P2", "name": "Web 2"}], "more": True})

    assert "may not see" in told(answer)
    assert len(asked) == MOST_ROWS // PAGE_SIZE


def test_a_hostile_owner_stays_on_its_line_and_out_of_the_command(told: Callable[..., str]) -> None:
    row = {"id": "P1`; rm -rf ~ #\u202e", "name": "Web", "html_url": "javascript:alert(1)", "description": TOKEN}
    hostile = row | {"summary": "Web\n\x1b[31merror: all is well"}

    said = told({"teams": [hostile]})

    assert "javascript" not in said
    assert "web 'P1`; rm -rf ~ #[U+202E]' --parent" in said


def test_a_kind_without_names_is_not_looked_up() -> None:
    resource = Resource("pagerduty:TeamMembership", "web/ana", {}, "web")
    account = Pagerduty(ApiClient("PagerDuty", "https://api.example"), api_token(TOKEN), Retrier())

    assert way_past(args_of(resource), "team membership", resource, account) is None


@pytest.mark.parametrize(
    ("kind", "provider"),
    [
        ("oncall:opsgenie:Heartbeat", "pulumi:providers:oncall::opsgenie"),
        ("oncall:pagerduty:WebhookSubscription", "pulumi:providers:oncall::pagerduty-rest"),
        ("pagerduty:index/tag:Tag", "pulumi:providers:pagerduty::pagerduty"),
    ],
)
def test_an_import_names_the_provider_of_the_program(kind: str, provider: str) -> None:
    args = pulumi.ErrorHookArgs(f"{ROOT}::{kind}::web", "", "web", kind)

    said = import_command(args, "17", None)

    assert said == (
        f"pulumi import {kind} web 17 --provider Account={ROOT}::{provider} --protect=false --generate-code=false"
    )

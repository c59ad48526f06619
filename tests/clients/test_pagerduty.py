"""PagerDuty's envelope: the Authorization header, pages, lists for answers, deletes without a body."""

import httpx
import pytest

from oncall.clients.base import ApiClient
from oncall.clients.errors import RateLimited, ServerError
from oncall.clients.pagerduty import Pagerduty, api_token
from oncall.clients.retry import Policy, Retrier

TOKEN = "planted-token-0001"


@pytest.fixture
def account():
    def made(handler, sleep=lambda seconds: None):
        client = ApiClient("PagerDuty", "https://api.example", transport=httpx.MockTransport(handler))
        return Pagerduty(client, api_token(TOKEN), Retrier(Policy(attempts=2), sleep=sleep))

    return made


def test_the_token_goes_as_pagerduty_wants_it(account):
    seen = []

    def handler(request):
        seen.append((request.headers["Authorization"], request.headers["Accept"]))
        return httpx.Response(200, json={})

    account(handler).get("/schedules/P1")

    assert seen == [(f"Token token={TOKEN}", "application/vnd.pagerduty+json;version=2")]


def test_a_token_echoed_is_starred(account):
    body = {"error": {"message": f"no {TOKEN}", "code": 2006, "errors": ["it is unknown"]}}

    with pytest.raises(Exception, match="401") as failure:
        account(lambda request: httpx.Response(401, json=body)).get("/schedules/P1")

    assert str(failure.value).startswith("PagerDuty answered 401: no ***. it is unknown")


def test_every_page_of_a_list_is_read(account):
    def handler(request):
        offset = int(request.url.params["offset"])
        rows = [{"id": str(number)} for number in range(offset, min(offset + 2, 5))]
        return httpx.Response(200, json={"overrides": rows, "more": offset + 2 < 5})

    assert [row["id"] for row in account(handler).rows("/x", "overrides")] == list("01234")


@pytest.mark.parametrize("value", [5, "none", {"a": 1}, True])
def test_a_list_that_is_none_is_an_error_and_not_an_empty_one(account, value):
    with pytest.raises(ServerError, match="an answer whose users are no list"):
        account(lambda request: httpx.Response(200, json={"users": value})).rows("/users", "users")
    assert account(lambda request: httpx.Response(200, json={"users": None})).rows("/users", "users") == []


def test_an_answer_may_be_a_list(account):
    handler = account(lambda request: httpx.Response(201, json=[{"status": 201}]))

    assert handler.create("/x", {}, lambda: None) == ([{"status": 201}], False)


def test_a_delete_has_no_body_to_read(account):
    assert account(lambda request: httpx.Response(204)).delete("/x") is None


def test_what_is_not_there_is_deleted(account):
    assert account(lambda request: httpx.Response(404, json={})).delete("/x") is None


def test_the_reset_of_a_limit_is_waited_for(account):
    now, waits, answers = [0.0], [], [httpx.Response(429, headers={"ratelimit-reset": "7"}, json={})]

    def sleep(seconds):
        waits.append(seconds)
        now[0] += seconds

    one = account(lambda request: answers.pop() if answers else httpx.Response(200, json={}), sleep)
    one.retrier.clock = lambda: now[0]

    one.get("/x")

    assert waits == [7.0]


def test_the_reset_that_comes_with_every_answer_is_no_advice_for_a_fault(account):
    waits = []
    answers = [httpx.Response(503, headers={"ratelimit-reset": "42"}, json={})]
    one = account(lambda request: answers.pop() if answers else httpx.Response(200, json={}), waits.append)

    one.get("/x")

    assert max(waits) < 1


def test_a_limit_that_is_never_lifted_is_an_error(account):
    one = account(lambda request: httpx.Response(429, headers={"ratelimit-reset": "200"}, json={}))
    one.retrier.clock = lambda: 0.0

    with pytest.raises(RateLimited):
        one.get("/x")


def test_calls_on_shifts_ask_for_early_access_and_no_others(account):
    seen = []

    def handler(request):
        seen.append(request.headers.get("X-Early-Access"))
        return httpx.Response(200, json={})

    for path in ("/v3/schedules/P1/overrides", "/schedules/P1/overrides"):
        account(handler).get(path)

    assert seen == ["flexible-schedules-early-access", None]


def test_errors_by_field_are_told_by_field(account):
    body = {
        "error": {"message": "Invalid Input Provided", "errors": {"override.end_time": ["must be later", "is odd"]}}
    }

    with pytest.raises(Exception, match="400") as failure:
        account(lambda request: httpx.Response(400, json=body)).get("/v3/schedules/P1")

    assert "override.end_time: must be later, is odd" in str(failure.value)

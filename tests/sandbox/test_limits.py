"""The vendors' rate limits: off at first, with the vendors' figures, headers and refusals, by the sandbox's clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.core import FixedWindow, SlidingWindow, TokenBucket

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GENIE = {"host": "api.opsgenie.com", "authorization": "GenieKey 11111111-2222-3333-4444-555555555555"}


def turn(page, **limits: Any) -> httpx.Response:
    return page.post("/sandbox/limits", json=limits)


def ratelimit(answer: httpx.Response) -> list[str]:
    return [answer.headers[f"ratelimit-{name}"] for name in ("limit", "remaining", "reset")]


def test_a_fixed_window_begins_with_its_first_request() -> None:
    window = FixedWindow(2, MINUTE)
    taken = [window.take(T0 + timedelta(seconds=at)) for at in (0, 50, 59, 60, 61, 62)]
    assert (taken, window.seconds_left(T0 + timedelta(seconds=90.5))) == ([True, True, False, True, True, False], 30)


def test_a_sliding_window_never_holds_more_than_its_limit() -> None:
    window = SlidingWindow(2, MINUTE)
    taken = [window.take(T0 + timedelta(seconds=at)) for at in (0, 50, 59, 60, 61, 110)]
    assert taken == [True, True, False, True, False, True]


def test_a_bucket_fills_evenly_and_never_over_its_rim() -> None:
    bucket = TokenBucket(2, MINUTE)

    def take(at: float) -> bool:
        if not bucket.has_token(T0 + timedelta(seconds=at)):
            return False
        bucket.take()
        return True

    assert [take(at) for at in (0, 0, 0, 29, 30, 31, 600, 600, 600)] == [
        *(True, True, False, False, True, False),
        *(True, True, False),
    ]


def test_a_bucket_gains_nothing_from_a_clock_that_goes_back() -> None:
    bucket = TokenBucket(1, MINUTE)
    bucket.has_token(T0)
    bucket.take()
    assert not bucket.has_token(T0 - MINUTE)


def test_limits_are_off_at_first(page, pagerduty) -> None:
    assert page.get("/sandbox/limits").json() == {"pagerduty": False, "opsgenie": False}
    assert "ratelimit-limit" not in pagerduty.http.get("/teams").headers


def test_pagerdutys_answers_say_how_many_are_left(page, pagerduty) -> None:
    turn(page, pagerduty=True)
    first = pagerduty.http.get("/teams")
    pagerduty.move(seconds=20)
    assert (ratelimit(first), ratelimit(pagerduty.http.get("/teams"))) == (["960", "959", "60"], ["960", "958", "40"])


def test_pagerduty_refuses_with_code_2020_and_the_seconds_to_wait(page, pagerduty) -> None:
    turn(page, pagerduty={"rest": 1})
    pagerduty.get("/teams")
    pagerduty.move(seconds=45)
    answer = pagerduty.http.get("/teams")
    assert (answer.status_code, answer.json()) == (429, {"error": {"message": "Rate Limit Exceeded", "code": 2020}})
    assert ratelimit(answer) == ["1", "0", "15"]
    pagerduty.move(seconds=15)
    assert pagerduty.http.get("/teams").status_code == 200


def test_each_of_pagerdutys_tokens_has_its_own_window(page, pagerduty) -> None:
    pagerduty.sandbox.seed({"pagerduty": {"tokens": [{"token": "other"}]}})
    turn(page, pagerduty={"rest": 1})
    pagerduty.get("/teams")
    other = pagerduty.http.get("/teams", headers={"authorization": "Token token=other"})
    assert other.status_code == 200


def test_events_are_counted_by_routing_key_over_any_minute(page, pagerduty) -> None:
    one, other = (
        pagerduty.integration(pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")]), name=name), name=name))
        for name in ("a", "b")
    )
    turn(page, pagerduty={"events": 2})
    pagerduty.event(one)
    pagerduty.event(one)
    assert pagerduty.event(one, dedup="lost", status=429)["status"] == "throttle exceeded"
    pagerduty.event(other)
    pagerduty.move(seconds=60)
    pagerduty.event(one)
    assert all(incident["incident_key"] != "lost" for incident in pagerduty.incidents())


def test_opsgenie_refuses_by_domain_and_names_the_period(page) -> None:
    turn(page, opsgenie={"configuration": {"minute": 3, "second": 2}})
    answers = [page.get("/v2/teams", headers=GENIE) for _ in range(3)]
    alerts = page.get("/v2/alerts", headers=GENIE)
    assert [answer.status_code for answer in (*answers, alerts)] == [200, 200, 429, 200]
    said = [answers[2].headers[f"x-ratelimit-{name}"] for name in ("state", "reason", "period-in-sec")]
    assert (said, answers[0].headers["x-ratelimit-state"]) == (["THROTTLED", "ACCOUNT", "1"], "OK")
    assert set(answers[2].json()) == {"message", "took", "requestId"}


def test_opsgenies_minute_outlasts_its_second(page) -> None:
    turn(page, opsgenie={"configuration": {"minute": 2, "second": 2}})
    for _ in range(2):
        page.get("/v2/teams", headers=GENIE)
    page.post("/sandbox/clock", json={"advance": 1})
    late = page.get("/v2/teams", headers=GENIE)
    page.post("/sandbox/clock", json={"advance": 29})
    assert (late.status_code, late.headers["x-ratelimit-period-in-sec"]) == (429, "60")
    assert page.get("/v2/teams", headers=GENIE).status_code == 200


@pytest.mark.parametrize(
    "off", [("/sandbox/limits", {"pagerduty": False, "opsgenie": False}), ("/sandbox/reset", None)]
)
def test_limits_can_be_turned_off(page, pagerduty, off: tuple[str, Any]) -> None:
    turn(page, pagerduty={"rest": 1}, opsgenie=True)
    pagerduty.get("/teams")
    page.post(off[0], json=off[1])
    assert page.get("/sandbox/limits").json() == {"pagerduty": False, "opsgenie": False}
    assert pagerduty.http.get("/teams").status_code == 200


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"pagerdooty": True}, "opsgenie, pagerduty"),
        ({"pagerduty": 5}, "true, false or an object of rest, events"),
        ({"pagerduty": {"rest": 0}}, "above 0"),
        ({"opsgenie": {"mail": {}}}, "no domain 'mail'"),
        ({"opsgenie": {"alert": {"hour": 1}}}, "minute, second"),
        ({"opsgenie": {"alert": {"minute": "x"}}}, "whole numbers"),
    ],
)
def test_limits_that_mean_nothing_are_refused_in_words(page, limits: Any, said: str) -> None:
    answer = turn(page, **limits)
    assert (answer.status_code, said in answer.json()["error"]) == (400, True)

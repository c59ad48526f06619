"""The last requests of a limit are spread over its time, so that the limit is not reached."""

import httpx
import pytest

from oncall.clients.base import ApiClient, Credentials
from oncall.clients.budget import Budget, budget_of
from oncall.clients.retry import Gate, Retrier
from tests.clients.test_retry import Time

PAGERDUTY = {"ratelimit-limit": "960", "ratelimit-remaining": "48", "ratelimit-reset": "12"}


def test_pagerduty_counts_on_every_answer():
    assert budget_of("PagerDuty", PAGERDUTY) == Budget("PagerDuty", left=48, most=960, seconds=12.0)


def test_opsgenie_only_says_that_it_slows_us():
    assert budget_of("OpsGenie", {"X-RateLimit-State": "THROTTLED"}) == Budget("OpsGenie", throttled=True)
    assert budget_of("OpsGenie", {"X-RateLimit-State": "OK", "X-RateLimit-Period-In-Sec": "60"}) is None


@pytest.mark.parametrize("odd", ["", "-1", "soon", "\u0661", "1e9"])
def test_headers_that_are_no_numbers_say_nothing(odd):
    assert budget_of("V", PAGERDUTY | {"ratelimit-reset": odd}) is None


def test_no_header_makes_anybody_wait_for_an_hour():
    found = budget_of("V", PAGERDUTY | {"ratelimit-remaining": "0", "ratelimit-reset": "999999"})

    assert found is not None
    assert found.pace == 120.0


@pytest.mark.parametrize(("left", "pace"), [(960, 0.0), (97, 0.0), (96, 0.25), (24, 1.0), (1, 24.0), (0, 24.0)])
def test_the_fewer_are_left_the_slower_they_go(left, pace):
    assert Budget("V", left, 960, 24.0).pace == pace


def test_an_account_that_counts_never_has_to_refuse():
    time = Time()
    sent: list[float] = []
    refused = []
    gate = Gate()
    retrier = Retrier(sleep=time.sleep, clock=lambda: time.now, gate=gate)

    def request():
        period = int((time.now - 100) // 60)
        used = sum(int((at - 100) // 60) == period for at in sent) + 1
        sent.append(time.now)
        refused.extend([time.now] if used > 100 else [])
        gate.heed(Budget("V", max(100 - used, 0), 100, 160 + period * 60 - time.now), time.now)
        time.now += 0.05

    for _ in range(400):
        retrier.run(request)

    assert refused == []
    assert time.now < 100 + 4 * 60 + 10  # and nearly all that the account allows is used


def test_a_vendor_that_slows_us_is_asked_slower_and_then_at_full_speed_again():
    time, gate = Time(), Gate()
    retrier = Retrier(sleep=time.sleep, clock=lambda: time.now, gate=gate)
    for _ in range(3):
        retrier.run(lambda: gate.heed(Budget("V", throttled=True), time.now))
    for _ in range(30):
        retrier.run(lambda: None)

    assert max(time.waits) > 0.1
    assert gate.turn(time.now).wait == 0.0


def test_the_client_tells_what_is_left():
    client = ApiClient(
        "PagerDuty",
        "https://api.example",
        transport=httpx.MockTransport(lambda request: httpx.Response(200, json={}, headers=PAGERDUTY)),
    )
    told = []
    client.on_budget = told.append

    client.send("GET", "/users", Credentials("Token", "t"))

    assert [each.left for each in told] == [48]

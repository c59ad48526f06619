"""The one retry policy, over a clock that only moves when somebody waits."""

import pytest

from oncall.clients.errors import ClientError, Conflict, NotFound, RateLimited, ServerError, Unreachable, error_class
from oncall.clients.retry import Gate, Policy, Retrier

RETRIED = {429, *range(500, 600)} - {501, 505}


class Time:
    """A clock, and the waits that moved it."""

    def __init__(self):
        self.now = 100.0
        self.waits = []

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def retrier(time):
    return Retrier(Policy(), sleep=time.sleep, clock=lambda: time.now, jitter=lambda: 0.0)


def failing(*errors, answer="done"):
    """A request that fails with each error in turn, then answers; and how often it was sent."""
    left, sent = list(errors), []

    def request():
        sent.append(1)
        if left:
            raise left.pop(0)
        return answer

    return request, sent


def failure(status, **more):
    return error_class(status)("V", "no", status=status, **more)


@pytest.mark.parametrize("status", range(300, 600))
def test_a_status_is_retried_if_it_may_pass(retrier, status):
    request, sent = failing(failure(status))

    if status in RETRIED:
        retrier.run(request)
    else:
        with pytest.raises(ClientError):
            retrier.run(request)

    assert len(sent) == (2 if status in RETRIED else 1)


def test_waits_double_up_to_the_longest(retrier, time):
    request, _ = failing(*[failure(503)] * 7)

    retrier.run(request)

    assert time.waits == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0]


def test_it_gives_up_after_the_last_attempt(retrier):
    request, sent = failing(*[failure(503)] * 20)

    with pytest.raises(ServerError):
        retrier.run(request)

    assert len(sent) == Policy().attempts


def test_a_host_that_takes_no_connection_is_given_up_sooner(retrier):
    request, sent = failing(*[Unreachable("V", "no", sent=False)] * 20)

    with pytest.raises(Unreachable):
        retrier.run(request)

    assert len(sent) == Policy().attempts_to_connect


def test_advice_goes_before_the_back_off(retrier, time):
    request, _ = failing(failure(429, retry_after=7.0))

    retrier.run(request)

    assert time.waits == [7.0]


def test_advice_beyond_all_patience_is_an_error_at_once(retrier, time):
    request, sent = failing(failure(429, retry_after=3600.0))

    with pytest.raises(RateLimited):
        retrier.run(request)

    assert (len(sent), time.waits) == (1, [])


def test_a_limit_holds_the_accounts_other_requests_back(time):
    gate = Gate()
    one, other = (Retrier(sleep=time.sleep, clock=lambda: time.now, gate=gate) for _ in range(2))
    started = time.now
    one.sleep = lambda seconds: None
    one.run(failing(failure(429, retry_after=7.0))[0])

    other.run(failing()[0])

    assert 7.0 <= time.now - started <= 7.2


def test_a_cancelled_run_waits_no_more(time):
    retrier = Retrier(sleep=time.sleep, clock=lambda: time.now, cancelled=lambda: True)
    request, sent = failing(failure(503))

    with pytest.raises(ServerError):
        retrier.run(request)

    assert (len(sent), time.waits) == (1, [])


def test_each_wait_is_told(time):
    told = []
    retrier = Retrier(
        sleep=time.sleep, clock=lambda: time.now, on_wait=lambda error, seconds: told.append((error.status, seconds))
    )

    retrier.run(failing(failure(429, retry_after=2.0))[0])

    assert told == [(429, 2.0)]


LOST = Unreachable("V", "timed out", sent=True)


def test_a_lost_create_is_looked_up_and_not_sent_again(retrier):
    request, sent = failing(LOST)

    assert retrier.create(request, lambda: "found") == ("found", True)
    assert len(sent) == 1


def test_a_lost_create_that_made_nothing_is_sent_again(retrier):
    request, sent = failing(LOST)

    assert retrier.create(request, lambda: None) == ("done", False)
    assert len(sent) == 2


def test_a_create_that_can_not_have_been_done_is_sent_again_without_a_look_up(retrier):
    request, sent = failing(Unreachable("V", "refused", sent=False), failure(429))

    assert retrier.create(request, lambda: pytest.fail("looked up")) == ("done", False)
    assert len(sent) == 3


def test_the_last_lost_create_is_looked_up_as_well(retrier):
    request, sent = failing(*[LOST] * 20)
    looks = []

    def look_up():
        looks.append(1)
        return "found" if len(looks) == Policy().attempts else None

    assert retrier.create(request, look_up) == ("found", True)
    assert len(sent) == Policy().attempts


@pytest.mark.parametrize("error", [NotFound("V", "no", status=404), Conflict("V", "no", status=409)])
def test_a_refused_create_is_neither_looked_up_nor_sent_again(retrier, error):
    request, sent = failing(error)

    with pytest.raises(type(error)):
        retrier.create(request, lambda: pytest.fail("looked up"))

    assert len(sent) == 1


def test_a_limit_is_waited_out_for_longer_than_a_fault(retrier, time):
    request, sent = failing(*[failure(429, retry_after=5.0)] * 20)

    retrier.run(request)

    assert len(sent) == 21
    assert 100 <= sum(time.waits) <= 110


def test_after_a_limit_requests_go_one_by_one_and_then_at_full_speed(time):
    gate = Gate()
    limited = Retrier(sleep=time.sleep, clock=lambda: time.now, gate=gate)
    limited.run(failing(failure(429, retry_after=7.0))[0])
    started, sent_at = time.now, []

    for _ in range(20):
        limited.run(lambda: sent_at.append(time.now))

    gaps = [round(after - before, 3) for before, after in zip([started, *sent_at], sent_at, strict=False)]
    assert 0.05 < gaps[0] <= 0.1
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] == 0


def test_requests_refused_together_slow_the_account_once(time):
    gate = Gate()
    turns = [gate.turn(time.now) for _ in range(8)]

    for turn in turns:
        gate.close(time.now + 1, failure(429), turn)

    places = [gate.turn(time.now).wait for _ in range(8)]
    assert [round(place, 3) for place in places] == [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]


def test_a_run_stopped_while_it_waits_sends_nothing_more(time):
    stopped = []

    def sleep(seconds):
        stopped.append(seconds)

    retrier = Retrier(sleep=sleep, clock=lambda: time.now, cancelled=lambda: bool(stopped))
    request, sent = failing(failure(503))

    with pytest.raises(ServerError):
        retrier.run(request)

    assert len(sent) == 1


def test_a_run_stopped_before_its_turn_says_that_nothing_was_sent(time):
    gate, stopped = Gate(), []
    gate.close(time.now + 30, failure(429), gate.turn(time.now))
    retrier = Retrier(sleep=stopped.append, clock=lambda: time.now, cancelled=lambda: bool(stopped), gate=gate)

    with pytest.raises(ClientError) as failure_seen:
        retrier.run(lambda: pytest.fail("sent"))

    assert str(failure_seen.value) == "V was not asked: the run was stopped; run again to go on"

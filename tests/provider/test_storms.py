"""Limits, bursts of faults and stops, with the engine's concurrent calls: it ends green and never hammers."""

import threading
import time
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2_grpc

from oncall.clients.errors import RateLimited, ServerError
from oncall.provider.host import EngineVoice

THREADS = 8


def team(number):
    return {"name": f"Team {number}"}


def create_all(plugin, numbers):
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda number: plugin.create("opsgenie:Team", team(number), f"t{number}"), numbers))


def test_a_storm_of_limits_ends_green_and_each_team_is_made_once(plugin, vendor):
    for _ in range(25):
        plugin.line.answer("POST", "/v2/teams", 429, headers={"Retry-After": "0"}, json={"message": "slow down"})

    create_all(plugin, range(12))

    assert sorted(vendor.names("/v2/teams")) == sorted(f"Team {number}" for number in range(12))


def test_a_burst_of_faults_and_lost_answers_ends_green_and_each_team_is_made_once(plugin, vendor):
    for path in ("/v2/teams", "/v2/teams"):
        plugin.line.answer("POST", path, 503, json={"message": "down"})
        plugin.line.lose("POST", path)
    plugin.line.answer("GET", "/v2/teams/.*", 502)

    create_all(plugin, range(6))

    assert sorted(vendor.names("/v2/teams")) == sorted(f"Team {number}" for number in range(6))


@pytest.fixture
def engine():
    """An engine that keeps the lines it is told to show."""
    lines = []

    class Engine(engine_pb2_grpc.EngineServicer):
        def Log(self, request, context):  # noqa: N802 - the protocol's name
            lines.append((request.message, request.ephemeral))
            return empty_pb2.Empty()

    server = grpc.server(futures.ThreadPoolExecutor(2))
    engine_pb2_grpc.add_EngineServicer_to_server(Engine(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}", lines
    server.stop(0)


LIMIT = RateLimited("OpsGenie", "You are making too many requests!", status=429)


def test_a_long_wait_is_told_in_a_line_that_stays_but_only_once_a_minute(engine):
    address, lines = engine
    now = [1000.0]
    voice = EngineVoice(address, clock=lambda: now[0])

    for _ in range(2):
        voice.waiting(LIMIT, 30.0)
    now[0] += 61
    voice.waiting(LIMIT, 30.0)

    text = "OpsGenie answered 429: You are making too many requests!; going on in 30 s"
    assert lines == [(text, False), (text, True), (text, False)]


def test_a_short_wait_is_a_passing_line_and_a_shorter_one_none(engine):
    address, lines = engine
    voice = EngineVoice(address)

    voice.waiting(ServerError("OpsGenie", "down", status=503), 3.0)
    voice.waiting(LIMIT, 1.0)

    assert lines == [("OpsGenie answered 503: down; going on in 3 s", True)]


def test_a_stop_ends_a_wait_and_the_next_run_goes_on(start, stoppable, vendor):
    plugin, stop = stoppable
    plugin.line.answer("POST", "/v2/teams", 429, headers={"Retry-After": "60"}, json={"message": "slow down"})
    threading.Timer(0.3, stop).start()
    began = time.monotonic()

    with pytest.raises(Exception, match='team "Team 1": OpsGenie'):
        plugin.create("opsgenie:Team", team(1))

    assert time.monotonic() - began < 10
    assert vendor.names("/v2/teams") == []
    start().create("opsgenie:Team", team(1))
    assert vendor.names("/v2/teams") == ["Team 1"]

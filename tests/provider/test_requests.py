"""How many requests an `up` sends to OpsGenie: two for an object, fewer where many are made at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from oncall.provider.reads import SharedReads

STEP = {"delay": 0, "recipient": {"type": "user", "username": "ana@acme.example"}}


def requests_of(plugin, work):
    plugin.line.requests.clear()
    made = work()
    return made, len(plugin.line.requests)


def test_a_team_with_all_it_has_takes_so_many(plugin):
    counted = {}

    def make(kind, inputs, name):
        made, counted[name] = requests_of(plugin, lambda: plugin.create(f"opsgenie:{kind}", inputs, name))
        return made

    # One of each first: the lists of the account are read once in a run.
    other = plugin.create("opsgenie:Team", {"name": "Other"}, "other")
    owned = {"ownerTeamId": other.id}
    plugin.create("opsgenie:Schedule", owned | {"name": "other", "timezone": "UTC"}, "other")
    plugin.create("opsgenie:Escalation", owned | {"name": "other", "rules": [STEP]}, "other")

    team = make("Team", {"name": "Edge"}, "team")
    owned = {"ownerTeamId": team.id}
    make("TeamMember", {"teamId": team.id, "username": "ana@acme.example"}, "member")
    schedule = make("Schedule", owned | {"name": "sun", "timezone": "UTC"}, "schedule")
    turn = {"name": "weekly", "startDate": "2026-12-07T09:00:00Z", "type": "weekly", "participants": [{"type": "none"}]}
    make("Rotation", turn | {"scheduleId": schedule.id}, "rotation")
    escalation = make("Escalation", owned | {"name": "critical", "rules": [STEP]}, "escalation")
    target = {"type": "escalation", "id": escalation.id}
    rule = {"teamId": team.id, "notify": target}
    make("RoutingRule", rule | {"name": "first", "order": 0}, "rule")
    make("RoutingRule", rule | {"name": "second", "order": 1}, "next rule")
    removed = {
        "removeScheduleId": team.state["defaultScheduleId"],
        "removeEscalationId": team.state["defaultEscalationId"],
    }
    make("RoutingRule", rule | removed | {"name": "default", "isDefault": True}, "default rule")

    twice = dict.fromkeys(["member", "schedule", "rotation", "escalation", "rule", "next rule"], 2)
    # Besides, the team's default rule and escalation are read; two objects that nobody asked for are deleted.
    assert counted == {"team": 4, **twice, "default rule": 4}


@pytest.fixture
def crowd(start, vendor):
    """A plugin whose first read-back waits until so many objects have been posted, and a way to make them at once."""

    def plugin_for(size):
        posted = threading.Event()
        # The answers are on their way when all is posted.
        plugin = start(sleep=lambda seconds: posted.wait(10) and time.sleep(0.2))
        team = vendor.post("/v2/teams", {"name": "Edge"})["id"]
        plugin.create_one = lambda name: plugin.create(
            "opsgenie:Escalation", {"name": name, "ownerTeamId": team, "rules": [STEP]}, name
        )

        def make():
            with ThreadPoolExecutor(size) as threads:
                made = [threads.submit(plugin.create_one, f"e{number}") for number in range(size)]
                while plugin.line.count("POST") < size:
                    assert not any(each.done() for each in made)
                posted.set()
                return [each.result() for each in made]

        return plugin, make

    return plugin_for


def test_objects_made_at_once_are_read_back_together(crowd, vendor):
    plugin, make = crowd(6)

    made = make()

    assert sorted(each.state["name"] for each in made) == [f"e{number}" for number in range(6)]
    # Before the first create there is the list of names.
    assert plugin.line.count("POST") == 6
    assert plugin.line.count("GET") <= 1 + 3


@pytest.mark.parametrize("lacks_them", [True, False])
def test_a_list_that_lags_behind_is_not_believed(crowd, vendor, lacks_them):
    plugin, make = crowd(4)
    plugin.line.answer("GET", "/v2/escalations", 200, json={"data": []})  # before the first create

    def old():
        rows = [{**row, "description": "before"} for row in vendor.get("/v2/escalations")]
        return httpx.Response(200, json={"data": [] if lacks_them else rows})

    plugin.line.answers("GET", "/v2/escalations", old)

    made = make()

    assert sorted(each.state["name"] for each in made) == [f"e{number}" for number in range(4)]
    assert plugin.line.all_answered


class Lists:
    """A list that counts its readings; each begins when told."""

    def __init__(self):
        self.alone, self.whole = [], 0

    def one(self, name):
        self.alone.append(name)
        return {"id": name}

    def everything(self):
        self.whole += 1
        return {name: {"id": name} for name in "abcd"}


def test_a_read_alone_asks_for_the_object():
    lists, lingered = Lists(), []

    row = SharedReads(lambda: lingered.append(1)).read("/x", "a", lambda: lists.one("a"), lists.everything)

    assert (row, lists.alone, lists.whole, lingered) == (({"id": "a"}, False), ["a"], 0, [1])


def test_reads_that_come_while_one_lingers_are_answered_by_one_list():
    lists, alone, together = Lists(), threading.Event(), threading.Event()

    def linger():
        alone.set()
        together.wait(10)

    reads = SharedReads(linger)

    def read(name):
        return reads.read("/x", name, lambda: lists.one(name), lists.everything)

    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(read, "a")
        alone.wait(10)
        others = [threads.submit(read, name) for name in "bcz"]
        while len(reads._waiting["/x"]) < 4:
            pass
        together.set()
        rows = [each.result() for each in (first, *others)]

    assert rows == [({"id": "a"}, True), ({"id": "b"}, True), ({"id": "c"}, True), (None, True)]
    assert (lists.whole, lists.alone) == (1, [])


def test_a_read_that_fails_fails_for_itself_only():
    reads, alone, together = SharedReads(), threading.Event(), threading.Event()
    lists = Lists()

    def broken():
        raise OSError

    def slow():
        alone.set()
        together.wait(10)
        return {"id": "a"}

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(reads.read, "/x", "a", slow, broken)
        alone.wait(10)
        others = [threads.submit(reads.read, "/x", name, lambda: lists.one("b"), broken) for name in "bc"]
        while len(reads._waiting["/x"]) < 3:
            pass
        together.set()
        assert first.result() == ({"id": "a"}, False)
        failed = [each for each in others if each.exception()]

    assert len(failed) == 1
    assert lists.alone == ["b"]

"""How many calls a whole account takes: lists in pages of 100, one call for each schedule and team, never more."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from oncall.clients import opsgenie_account, pagerduty_account
from oncall.clients.base import ApiClient
from oncall.clients.errors import Forbidden
from oncall.clients.opsgenie import Opsgenie, genie_key
from oncall.clients.pagerduty import Pagerduty, api_token
from oncall.clients.retry import Retrier

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOST_CALLS = 450
SIZES = {"users": 300, "teams": 50, "schedules": 100, "escalation_policies": 500, "services": 500}
ALSO = ("/incidents", "/abilities", "/maintenance_windows", "/webhook_subscriptions")


def rows(count: int) -> list[dict[str, Any]]:
    return [{"id": f"P{number}", "name": f"Name {number}", "description": ""} for number in range(count)]


class Fake:
    """Both accounts of 50 teams, each list in pages; every schedule draws an override. Counts what is asked."""

    def __init__(self, refuse: str = "") -> None:
        self.calls: Counter[str] = Counter()
        self.refuse = refuse

    def pagerduty(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, parse_qs(request.url.query.decode())
        self.calls[re.sub(r"P\d+", "ID", path)] += 1
        if path == self.refuse:
            return httpx.Response(403, json={"error": {"message": "Access Denied"}})
        if path == "/abilities":
            return httpx.Response(200, json={"abilities": ["teams"]})
        if re.fullmatch(r"/schedules/P\d+", path):
            drawn = {"rendered_schedule_entries": [{"start": "x"}]}
            return httpx.Response(200, json={"schedule": {"id": path[11:], "overrides_subschedule": drawn}})
        name = path.rpartition("/")[2]
        size = SIZES.get(name, 3) if path.count("/") == 1 else 5
        first, most = int(query.get("offset", ["0"])[0]), int(query["limit"][0])
        assert most == 100
        page = rows(size)[first : first + most]
        return httpx.Response(200, json={name: page, "more": first + most < size})

    def opsgenie(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, parse_qs(request.url.query.decode())
        self.calls[re.sub(r"P\d+", "ID", path)] += 1
        if re.fullmatch(r"/v2/(teams|integrations|policies)/P\d+", path):
            return httpx.Response(200, json={"data": {"id": path.rpartition("/")[2], "name": "Name"}})
        name = path.rpartition("/")[2]
        size = SIZES.get(name, 2) if path.count("/") == 2 else 2
        size = 51 if name == "integrations" else size
        first = int(query.get("offset", ["0"])[0])
        paging = {"next": "more"} if first + 100 < size and name == "users" else {}
        page = rows(size)[first : first + 100] if name == "users" else rows(size)
        return httpx.Response(200, json={"data": page, "paging": paging})


def names(count: int) -> Iterable[str]:
    return {f"name {number}" for number in range(count)}


def pagerduty(fake: Fake) -> pagerduty_account.Read:
    client = ApiClient("PagerDuty", "http://127.0.0.1:1", transport=httpx.MockTransport(fake.pagerduty))
    wanted = {"/teams": set(names(50)), "/schedules": set(names(100))}
    asked = pagerduty_account.Asked(wanted, ALSO, NOW, NOW + timedelta(days=28))
    return pagerduty_account.read_account(Pagerduty(client, api_token("t"), Retrier()), asked)


def test_a_pagerduty_account_of_500_services_and_100_schedules_takes_few_calls() -> None:
    fake = Fake()

    pagerduty(fake)

    assert fake.calls["/schedules/ID"] == fake.calls["/schedules/ID/overrides"] == 100
    assert (fake.calls["/services"], fake.calls["/teams/ID/members"]) == (5, 50)
    assert fake.calls.total() == 269
    assert fake.calls.total() <= MOST_CALLS


def test_an_opsgenie_account_of_50_teams_and_100_schedules_takes_few_calls() -> None:
    fake = Fake()
    client = ApiClient("OpsGenie", "http://127.0.0.1:1", transport=httpx.MockTransport(fake.opsgenie))
    policies = {"/v2/policies/alert": {"Name 0"}, "/v2/policies/notification": {"Name 0"}}
    wanted = {"/v2/teams": set(names(50)), "/v2/schedules": set(names(100)), "/v2/integrations": set(names(50))}

    read = opsgenie_account.read_account(
        Opsgenie(client, genie_key("k"), Retrier()), opsgenie_account.Asked(wanted | policies)
    )

    assert fake.calls["/v2/schedules"] == 1
    assert fake.calls["/v2/schedules/ID/overrides"] == 100
    assert (fake.calls["/v2/policies/ID"], read.heads_only) == (90, 10)
    assert fake.calls.total() == 448
    assert fake.calls.total() <= MOST_CALLS


def test_what_a_token_may_not_read_is_left_out_and_said_but_for_what_everything_refers_to() -> None:
    read = pagerduty(Fake(refuse="/maintenance_windows"))

    assert "/maintenance_windows" not in read.lists
    assert list(read.refused) == ["/maintenance_windows"]
    with pytest.raises(Forbidden):
        pagerduty(Fake(refuse="/teams"))

"""OpsGenie's envelope: data, pages, deletes."""

import httpx
import pytest

from oncall.clients.base import ApiClient
from oncall.clients.errors import ServerError
from oncall.clients.opsgenie import Opsgenie, genie_key, segment
from oncall.clients.retry import Policy, Retrier


@pytest.fixture
def account():
    def made(handler):
        client = ApiClient("OpsGenie", "https://api.example", transport=httpx.MockTransport(handler))
        return Opsgenie(client, genie_key("k"), Retrier(Policy(attempts=2), sleep=lambda seconds: None))

    return made


def test_every_page_of_a_list_is_read(account):
    def handler(request):
        offset = int(request.url.params.get("offset", 0))
        page = [{"name": str(number)} for number in range(offset, min(offset + 20, 45))]
        following = {"next": "https://api.example/next"} if offset + 20 < 45 else {}
        return httpx.Response(200, json={"data": page, "paging": following})

    assert [row["name"] for row in account(handler).rows("/v2/users")] == [str(number) for number in range(45)]


def test_heartbeats_are_listed_one_level_deeper(account):
    answer = {"data": {"heartbeats": [{"name": "a"}]}}

    assert account(lambda request: httpx.Response(200, json=answer)).rows("/v2/heartbeats") == [{"name": "a"}]


@pytest.mark.parametrize("value", [5, "none", {"heartbeats": "none"}, True])
def test_a_list_that_is_none_is_an_error_and_not_an_empty_one(account, value):
    with pytest.raises(ServerError, match="an answer whose data are no list"):
        account(lambda request: httpx.Response(200, json={"data": value})).rows("/v2/teams")
    assert account(lambda request: httpx.Response(200, json={"data": None})).rows("/v2/teams") == []


def test_what_is_not_there_is_found_to_be_none(account):
    assert account(lambda request: httpx.Response(404, json={"message": "no"})).find("/v2/teams/x") is None


def test_a_delete_of_what_is_gone_is_done(account):
    account(lambda request: httpx.Response(404, json={"message": "no"})).delete("/v2/teams/x")


def test_a_delete_whose_answer_was_lost_is_done(account):
    asked = []

    def handler(request):
        asked.append(request.method)
        if len(asked) == 1:
            raise httpx.ReadTimeout("lost")
        return httpx.Response(404, json={"message": "no"})

    account(handler).delete("/v2/teams/x")

    assert asked == ["DELETE", "DELETE"]


def test_names_with_slashes_stay_one_segment():
    assert segment("a/b c") == "a%2Fb%20c"

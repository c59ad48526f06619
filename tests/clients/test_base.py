"""One request, one JSON answer: credentials, proxies, redaction, what counts as sent."""

import httpx
import pytest

from oncall.clients.base import ApiClient, Credentials, is_loopback, redact, retry_after
from oncall.clients.errors import NotFound, ServerError, Unreachable

KEY = Credentials("GenieKey", "planted-secret-0001")


def client(handler, url="https://api.example"):
    return ApiClient("OpsGenie", url, transport=httpx.MockTransport(handler))


def answering(status, **more):
    return client(lambda request: httpx.Response(status, **more))


def raising(error):
    def handler(request):
        raise error

    return client(handler)


def test_credentials_go_with_each_call():
    seen = []

    def handler(request):
        seen.append(request.headers["Authorization"])
        return httpx.Response(200, json={})

    one = client(handler)
    one.send("GET", "/", KEY)
    one.send("GET", "/", Credentials("Token token=x", "y"))

    assert seen == ["GenieKey planted-secret-0001", "Token token=x y"]


def test_credentials_print_as_stars():
    assert "planted" not in f"{KEY} {KEY!r}"


def test_secrets_are_redacted_wherever_they_stand():
    assert redact("a planted-secret-0001, b planted-secret-0001", KEY) == "a ***, b ***"


def test_an_error_has_the_vendors_message_and_fields_without_the_key():
    body = {"message": "bad planted-secret-0001", "errors": {"name": "planted-secret-0001"}, "took": 0.1}

    with pytest.raises(NotFound) as failure:
        answering(404, json=body).send("GET", "/", KEY)

    assert str(failure.value) == "OpsGenie answered 404: bad *** (name: ***)"


@pytest.mark.parametrize(
    "body, said",
    [
        ({"error": {"message": "Invalid", "errors": ["Name is taken"]}}, "Invalid. Name is taken"),
        ({"message": "No"}, "No"),
        ({}, "Not Found"),
        ([], "Not Found"),
    ],
)
def test_both_vendors_forms_of_errors_are_read(body, said):
    with pytest.raises(NotFound) as failure:
        answering(404, json=body).send("GET", "/", KEY)

    assert failure.value.said == said


def test_a_page_in_place_of_an_answer_is_not_shown():
    with pytest.raises(ServerError) as failure:
        answering(200, text="<html>log in to the proxy</html>").send("GET", "/", KEY)

    assert "html" not in str(failure.value)


@pytest.mark.parametrize(
    "error, sent",
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.PoolTimeout("busy"), False),
        (httpx.ReadTimeout("slow"), True),
        (httpx.ReadError("reset"), True),
        (httpx.RemoteProtocolError("closed"), True),
        (httpx.WriteError("broken"), True),
    ],
)
def test_a_request_that_had_a_connection_may_have_been_done(error, sent):
    with pytest.raises(Unreachable) as failure:
        raising(error).send("POST", "/", KEY)

    assert failure.value.sent is sent


@pytest.mark.parametrize(
    "url, expected",
    [
        ("http://127.0.0.1:8912", True),
        ("http://localhost:8912", True),
        ("http://[::1]:8912", True),
        ("https://api.opsgenie.com", False),
        ("https://10.0.0.1", False),
    ],
)
def test_loopback_is_known(url, expected):
    assert is_loopback(url) is expected


@pytest.mark.parametrize("url, proxied", [("http://127.0.0.1:9", False), ("http://api.example", True)])
def test_a_proxy_of_the_environment_is_used_but_for_loopback(monkeypatch, url, proxied):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:3")

    mounts = ApiClient("OpsGenie", url)._http._mounts

    assert any(pattern.pattern == "http://" for pattern in mounts) is proxied


NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({}, None),
        ({"Retry-After": "12"}, 12.0),
        ({"Retry-After": "Wed, 18 Nov 2026 11:06:50 GMT"}, 10.0),
        ({"Retry-After": "Wed, 18 Nov 2020 11:06:50 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"ratelimit-reset": "9"}, 9.0),
        ({"X-RateLimit-State": "THROTTLED", "X-RateLimit-Period-In-Sec": "60"}, 60.0),
        ({"X-RateLimit-State": "OK", "X-RateLimit-Period-In-Sec": "60"}, None),
        ({"Retry-After": "3", "ratelimit-reset": "9"}, 3.0),
    ],
)
def test_a_vendors_advice_is_read_from_its_headers(headers, seconds):
    assert retry_after(httpx.Headers(headers), NOW) == seconds

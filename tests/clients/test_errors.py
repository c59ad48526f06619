"""Every status has its error, and no error tells a secret."""

import pytest

from oncall.clients.errors import (
    AuthError,
    ClientError,
    Conflict,
    Forbidden,
    NotFound,
    RateLimited,
    Refused,
    ServerError,
    Unreachable,
    error_class,
)

TABLE = {
    401: AuthError,
    402: Forbidden,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    429: RateLimited,
}


def expected_class(status):
    if status in TABLE:
        return TABLE[status]
    return Refused if 300 <= status < 500 else ServerError


@pytest.mark.parametrize("status", [*range(100, 200), *range(300, 600)])
def test_every_status_that_is_no_success_has_its_error(status):
    assert error_class(status) is expected_class(status)


def test_all_errors_are_client_errors():
    kinds = {error_class(status) for status in range(300, 600)} | {Unreachable}

    assert all(issubclass(kind, ClientError) for kind in kinds)


@pytest.mark.parametrize(
    "kind, retryable",
    [
        (Unreachable, True),
        (RateLimited, True),
        (ServerError, True),
        (AuthError, False),
        (Forbidden, False),
        (NotFound, False),
        (Conflict, False),
        (Refused, False),
    ],
)
def test_what_may_pass_is_told_from_what_stays(kind, retryable):
    assert kind.retryable is retryable


def test_it_reads_as_one_line_with_the_fields_the_vendor_named():
    error = Refused("OpsGenie", "Not valid.\n", status=422, fields={"name": "too long"})

    assert str(error) == "OpsGenie answered 422: Not valid. (name: too long)"


def test_a_long_message_is_cut():
    assert len(str(Refused("OpsGenie", "x" * 5000, status=400))) < 400


def test_the_way_out_follows_the_message():
    error = AuthError("OpsGenie", "No.", status=401)

    assert str(error).endswith("; check the API key, and that it belongs to this region")


def test_a_vendors_text_is_one_line_without_anything_a_terminal_acts_on():
    fault = Refused("OpsGenie", "no\n\x1b[2J\u202ename", status=422, fields={"na\x07me": "bad\r\nvalue"})

    assert str(fault) == "OpsGenie answered 422: no [2J name (na me: bad value)"

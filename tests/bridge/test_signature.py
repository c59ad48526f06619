"""Verification against known answers (RFC 4231) and published vectors, in the real runtime."""

import pytest

pytestmark = pytest.mark.worker

NOW = 1614265330_000


def verify(call, headers, body, secret, scheme="alivemcp", now=NOW):
    return call("signature", "verifySignature", {"$headers": headers}, {"$bytes": body}, [secret], scheme, now)


# RFC 4231, test cases 2 and 7 (those whose key and data are text).
RFC_4231 = [
    ("Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (
        "key",
        "The quick brown fox jumps over the lazy dog",
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
    ),
]


@pytest.mark.parametrize("secret, body, digest", RFC_4231)
def test_known_answers_verify(call, secret, body, digest):
    assert verify(call, {"x-alivemcp-signature": digest}, body, secret) == {"ok": True, "id": None}


@pytest.mark.parametrize("secret, body, digest", RFC_4231)
def test_one_changed_byte_does_not_verify(call, secret, body, digest):
    assert verify(call, {"x-alivemcp-signature": digest}, body + " ", secret)["ok"] is False
    changed = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    assert verify(call, {"x-alivemcp-signature": changed}, body, secret)["ok"] is False


def test_one_of_four_signatures_may_be_ours(call):
    secret, body, digest = RFC_4231[0]
    others = "00" * 32
    assert (
        verify(call, {"x-alivemcp-signature": f"{others}, {others} {others},v1={digest}"}, body, secret)["ok"] is True
    )


def test_a_fifth_signature_is_not_looked_at(call):
    secret, body, digest = RFC_4231[0]
    assert verify(call, {"x-alivemcp-signature": " ".join(["00" * 32] * 4 + [digest])}, body, secret)["ok"] is False


# The example of the Standard Webhooks specification's reference libraries.
STANDARD = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "body": '{"test": 2432232314}',
    "headers": {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
}


def test_the_standard_webhooks_example_verifies_and_gives_its_message_id(call):
    found = verify(call, STANDARD["headers"], STANDARD["body"], STANDARD["secret"], "standard")
    assert found == {"ok": True, "id": "msg_p5jXN8AQM9LWM0D4loKWxJek"}


@pytest.mark.parametrize("offset, ok", [(-301, False), (-300, True), (300, True), (301, False)])
def test_a_standard_signature_is_good_for_five_minutes(call, offset, ok):
    now = NOW + offset * 1000
    assert verify(call, STANDARD["headers"], STANDARD["body"], STANDARD["secret"], "standard", now)["ok"] is ok


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_standard_signature_needs_all_its_headers(call, header):
    headers = {name: value for name, value in STANDARD["headers"].items() if name != header}
    assert verify(call, headers, STANDARD["body"], STANDARD["secret"], "standard")["ok"] is False


def test_a_scheme_takes_only_its_own_signatures(call):
    secret, body, digest = RFC_4231[0]
    assert verify(call, {"x-alivemcp-signature": digest}, body, secret, "standard")["ok"] is False
    assert verify(call, STANDARD["headers"], STANDARD["body"], STANDARD["secret"], "alivemcp")["ok"] is False


def test_either_takes_both(call):
    secret, body, digest = RFC_4231[0]
    assert verify(call, {"x-alivemcp-signature": digest}, body, secret, "either")["ok"] is True
    assert verify(call, STANDARD["headers"], STANDARD["body"], STANDARD["secret"], "either")["ok"] is True


@pytest.mark.parametrize(
    "secret, problem",
    [
        ("3f9a1c5e7b2d4f6081a3c5e7092b4d6f", None),
        ("correct horse battery", None),
        (None, "unset"),
        ("", "unset"),
        ("                    ", "weak"),
        ("fifteen-bytes-x", "weak"),
        ("undefinedundefined", "weak"),
        ("null-null-null-null", "weak"),
        ("CHANGE_ME_CHANGE_ME", "weak"),
        ("none-of-your-business", None),
        ("abababababababababab", "weak"),
    ],
)
def test_secrets_that_protect_nothing_are_named(call, secret, problem):
    assert call("signature", "secretProblem", secret) == problem

"""The Worker's secrets: shards under the limit, the same for the same keys, and no weak webhook secret."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.bridge.secrets import SHARD_BYTES, join_shards, shard_keys, weakness, worker_secrets

KEYS = st.dictionaries(st.text(max_size=60), st.text(max_size=200), max_size=120)


@given(KEYS)
def test_shards_hold_every_key_and_are_small_enough(keys):
    shards = shard_keys(keys)

    assert join_shards(shards) == keys
    assert all(len(text.encode()) <= SHARD_BYTES for text in shards.values())
    assert list(shards) == [f"KEYS_{index}" for index in range(len(shards))]


@given(KEYS)
def test_the_order_of_the_keys_plays_no_part(keys):
    assert shard_keys(dict(reversed(keys.items()))) == shard_keys(keys)


def test_keys_of_500_teams_fill_few_shards():
    keys = {f"pagerduty/team-{number}/internal": "x" * 32 for number in range(500)}

    sizes = [len(text) for text in shard_keys(keys).values()]
    assert len(sizes) == 7
    assert min(sizes[:-1]) > 0.98 * SHARD_BYTES


def test_no_keys_are_one_empty_shard():
    assert shard_keys({}) == {"KEYS_0": "{}"}


def test_a_key_that_fits_nowhere_is_named_but_not_shown():
    with pytest.raises(ValueError, match='the key "opsgenie/edge" takes more than 4900 bytes') as failure:
        shard_keys({"opsgenie/edge": "planted" * 1000})

    assert "planted" not in str(failure.value)


def test_the_webhook_secret_comes_last():
    assert list(worker_secrets({"a": "b"}, "s")) == ["KEYS_0", "WEBHOOK_SECRET"]


@pytest.mark.parametrize(
    "secret, expected",
    [
        ("", "is shorter than 16 bytes"),
        ("undefined", "is a placeholder, no secret"),
        ("NULL", "is a placeholder, no secret"),
        (" changeme ", "is a placeholder, no secret"),
        ("changeme-changeme-changeme", "is a placeholder, no secret"),
        ("0123456789abcde", "is shorter than 16 bytes"),
        ("0123456789 abcdef", "holds a space, a quote or a control character"),
        ("0123456789'abcdef", "holds a space, a quote or a control character"),
        ("0123456789\nabcdef", "holds a space, a quote or a control character"),
        ("aaaaaaaaaaaaaaaaaaaa", "repeats a few characters"),
        ("0123456789abcdef", None),
        ("4f" * 16 + "0123456789abcdef", None),
    ],
)
def test_weak_secrets_are_told(secret, expected):
    assert weakness(secret) == expected


def test_shards_are_plain_json():
    assert json.loads(shard_keys({"a'b": 'c"d'})["KEYS_0"]) == {"a'b": 'c"d'}

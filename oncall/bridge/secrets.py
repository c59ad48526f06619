"""The Worker's secrets as environment variables: routing keys sharded by size, and the webhook secret.

Cloudflare takes at most 5 KB a secret (https://developers.cloudflare.com/workers/platform/limits/#environment-variables),
so the keys are spread over KEYS_0, KEYS_1, ...; each is the text of a JSON object from key id to key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

SHARD_BYTES = 4_900
"""The most a shard holds, in bytes of its JSON text: under Cloudflare's 5 KB whatever a kilobyte is to it."""

WEBHOOK_SECRET = "WEBHOOK_SECRET"  # noqa: S105 - the variable's name
SECRET_BYTES = 16
"""The least a webhook secret must have: 128 bits."""

# What a template, a shell or a hurried person leaves where a secret should stand.
PLACEHOLDERS = frozenset({"undefined", "null", "none", "changeme", "secret", "password", "todo", "xxx"})


def shard_keys(keys: Mapping[str, str]) -> dict[str, str]:
    """The variables KEYS_0.. for these keys: variable name -> JSON text. The same keys give the same shards.

    `ValueError` names a key that fits no shard; its value is not in the text.
    """
    shards: list[dict[str, str]] = [{}]
    for key_id in sorted(keys):
        if _size({key_id: keys[key_id]}) > SHARD_BYTES:
            raise ValueError(f'the key "{key_id}" takes more than {SHARD_BYTES} bytes')
        if _size({**shards[-1], key_id: keys[key_id]}) > SHARD_BYTES:
            shards.append({})
        shards[-1][key_id] = keys[key_id]
    return {f"KEYS_{index}": _text(shard) for index, shard in enumerate(shards)}


def worker_secrets(keys: Mapping[str, str], webhook_secret: str) -> dict[str, str]:
    """All secret variables of the Worker: name -> value, in the order they are written."""
    return {**shard_keys(keys), WEBHOOK_SECRET: webhook_secret}


def join_shards(secrets: Mapping[str, str]) -> dict[str, str]:
    """The keys of all KEYS_n variables together: the reverse of `shard_keys`."""
    shards = [json.loads(text) for name, text in secrets.items() if name.startswith("KEYS_")]
    return {key_id: key for shard in shards for key_id, key in shard.items()}


def weakness(secret: str) -> str | None:
    """Why a webhook secret can't be used, None if it can. The secret is not in the text."""
    word = secret.strip()
    if word and set(re.split(r"[-_. ]+", word.casefold())) <= PLACEHOLDERS | {"change", "me", ""}:
        return "is a placeholder, no secret"
    if len(word.encode()) < SECRET_BYTES:
        return f"is shorter than {SECRET_BYTES} bytes"
    if not secret.isprintable() or any(each in secret for each in " '\""):
        return "holds a space, a quote or a control character"
    if len(set(word)) < len(word) ** 0.5:
        return "repeats a few characters"
    return None


def _text(shard: Mapping[str, str]) -> str:
    return json.dumps(shard, sort_keys=True, separators=(",", ":"))


def _size(shard: Mapping[str, str]) -> int:
    return len(_text(shard).encode())

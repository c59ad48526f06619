"""Who of the people that a resource names has no account at the vendor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from oncall.clients.errors import ClientError, NotFound, Refused
from oncall.clients.opsgenie import segment
from oncall.provider.faults import ProviderError
from oncall.provider.session import Call

WAYS_OUT = "invite them there, mend the e-mail in the inventory, or write `manage: all`"


@contextmanager
def people_named(call: Call, inputs: Mapping[str, Any]) -> Iterator[None]:
    """Where the vendor refuses what is done inside, everybody of the inputs whom it does not know is named.

    Asked only then: the vendor's own answer names a place in the body ("members[1].user"), not a person.
    """
    try:
        yield
    except (NotFound, Refused) as error:
        missing = _missing(call, inputs)
        if missing:
            raise ProviderError(f"OpsGenie has no user {', '.join(missing)}: {WAYS_OUT}") from error
        raise


def _missing(call: Call, inputs: Mapping[str, Any]) -> list[str]:
    try:
        return [name for name in dict.fromkeys(_people(inputs)) if _unknown(call, name)]
    except ClientError:
        return []  # what was refused is the better story


def _unknown(call: Call, username: str) -> bool:
    return call.opsgenie.find(f"/v2/users/{segment(username)}") is None


def _people(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name == "username" and isinstance(item, str):
                yield item
            else:
                yield from _people(item)
    elif isinstance(value, list):
        for item in value:
            yield from _people(item)

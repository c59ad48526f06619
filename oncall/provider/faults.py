"""What the plugin tells the engine when something can't be done: one line, no traceback, no secret.

ProviderError        nothing was recorded: the operation failed as a whole
└── HalfwayError     the object exists, but not as asked: the engine records it and tries an update next time
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oncall.clients.errors import ClientError


class ProviderError(Exception):
    """One line a person can act on: which object, which field, what the vendor said, the way out."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class HalfwayError(ProviderError):
    """The object was written and holds something else than was asked for; `state` is what it holds.

    `secret` names the properties of the state that must stay encrypted.
    """

    def __init__(self, message: str, resource_id: str, state: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.resource_id = resource_id
        self.state = dict(state)
        self.secret: frozenset[str] = frozenset()


class Told:
    """Puts an object's name in front of what goes wrong inside; turns clients' errors into provider errors."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, HalfwayError):
            return
        if isinstance(error, ClientError | ProviderError) and not str(error).startswith(self.label):
            raise ProviderError(f"{self.label}: {error}") from error

"""Ids and keys in the shapes the vendors give out; never the same twice in one sandbox."""

import random
import string
import uuid
from collections.abc import Callable

_CAPITALS = string.ascii_uppercase + string.digits
_ALL = string.ascii_lowercase + string.digits


class Ids:
    """Makes ids and keys; give a seeded `random.Random` for a repeatable run."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.SystemRandom()
        self._given: set[str] = set()

    def capitals(self, prefix: str = "P", length: int = 7) -> str:
        """Return an id of capitals and digits, as PagerDuty's "P1A2B3C"; `length` counts the prefix."""
        return self._new(lambda: prefix + self._letters(_CAPITALS, length - len(prefix)))

    def key(self, length: int = 32) -> str:
        """Return a key of lower-case letters and digits, as an integration key."""
        return self._new(lambda: self._letters(_ALL, length))

    def uuid(self) -> str:
        """Return a random UUID as text."""
        return self._new(lambda: str(uuid.UUID(int=self._rng.getrandbits(128), version=4)))

    def _letters(self, alphabet: str, length: int) -> str:
        return "".join(self._rng.choices(alphabet, k=length))

    def _new(self, make: Callable[[], str]) -> str:
        while (text := make()) in self._given:
            continue
        self._given.add(text)
        return text

"""What one run of the plugin knows: the account, the objects it made or found, and a voice in the engine's output."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from oncall.clients.opsgenie import Opsgenie
from oncall.clients.pagerduty import Pagerduty
from oncall.provider.faults import ProviderError
from oncall.provider.reads import SharedReads

MARK = "Managed from the inventory"
"""In an object's description it says: ours, made from an inventory. Behind it may stand whose: " (edge/sun)"."""
_OWNER = re.compile(re.escape(MARK) + r" \(([^()]+)\)")


def owner_in(text: str) -> str | None:
    """The name of the resource that an object says it belongs to; None where it does not say."""
    found = _OWNER.search(text)
    return found[1] if found else None


class Ledger:
    """Which objects this run made, found or looked up. The engine calls from many threads.

    A run starts with a plugin of its own, so one list per kind at its first create shows whatever an interrupted
    earlier run left; later creates of that kind need no look-up of their own.
    """

    def __init__(self, reads: SharedReads | None = None) -> None:
        self._lock = threading.RLock()
        self._names: dict[str, dict[str, str]] = {}
        self._owners: dict[str, tuple[str, bool]] = {}
        self._places: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._busy: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        self._made_with: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.reads = reads or SharedReads()

    def known(self, collection: str, name: str, load: Callable[[], Iterable[tuple[str, str]]]) -> str | None:
        """The id an object of that name had when this run first asked; `load` lists (name, id) pairs."""
        with self.busy(collection):
            if collection not in self._names:
                self._names[collection] = dict(load())
            return self._names[collection].get(name)

    def claim(self, object_id: str, urn: str, *, adopted: bool) -> None:
        """The object belongs to that resource from now on; an error if another resource of this run has it."""
        with self._lock:
            owner, _ = self._owners.setdefault(object_id, (urn, adopted))
        if owner != urn:
            raise ProviderError(f"the same object is made by {_short(owner)} already: give one of the two another name")

    def made(self, object_id: str) -> bool:
        """Whether this run created the object, so that nothing can be in it that this run did not put there."""
        with self._lock:
            return self._owners.get(object_id, ("", True))[1] is False

    def made_with(self, object_id: str) -> dict[str, str]:
        """What the vendor made along with an object that this run made, by output: id; only the object's create
        writes it.
        """
        with self._lock:
            return self._made_with[object_id]

    def adopted(self, object_id: str) -> bool:
        """Whether a create of this run took over the object: then a delete of the same run is of its old name or
        its replaced self, and must leave it alone.
        """
        with self._lock:
            return self._owners.get(object_id, ("", False))[1]

    def places(self, parent: str) -> dict[str, int]:
        """The place among its siblings that each child of this run asks for, by its id; write under `busy(parent)`."""
        with self._lock:
            return self._places[parent]

    def busy(self, name: str) -> threading.RLock:
        """A lock by name, for steps on one object that must not interleave."""
        with self._lock:
            return self._busy[name]


@dataclass(frozen=True)
class Call:
    """One request of the engine: for which resource, with which accounts, and what time it is."""

    urn: str
    account: Callable[[], Opsgenie]
    pagerduty_account: Callable[[], Pagerduty]
    ledger: Ledger = field(default_factory=Ledger)
    warn: Callable[[str], None] = lambda text: None  # noqa: ARG005
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def opsgenie(self) -> Opsgenie:
        """The account; an error where no key is configured."""
        return self.account()

    @property
    def pagerduty(self) -> Pagerduty:
        """The account at PagerDuty; an error where no token is configured."""
        return self.pagerduty_account()

    @property
    def resource(self) -> str:
        """The resource's name in the program."""
        return self.urn.rsplit("::", 1)[-1]


def _short(urn: str) -> str:
    kind, _, name = urn.rpartition("::")
    return f"{kind.rsplit('::', 1)[-1].rsplit('$', 1)[-1]} {name!r}"

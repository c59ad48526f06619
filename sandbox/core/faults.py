"""Faults on order: which requests go wrong, how often, in which way. A list of them is a script, played in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.core.paths import covers

# Longer than any client's patience; a request that waits for ever would keep the server from ending.
MAX_DELAY = 600.0
_MATCH = {"vendor": str, "method": str, "path": str, "exact": bool, "count": int, "skip": int}
_ACTION = {"status", "headers", "body", "retry_after", "delay", "drop", "lose", "empty"}


class ConnectionCutError(ConnectionResetError):
    """The connection is to be cut without an answer: whoever serves the gate does it (`sandbox.run`)."""


@dataclass(frozen=True)
class Action:
    """What goes wrong: `delay` (seconds, before anything else) with at most one of the others.

    `status` answers without any work, in the vendor's form unless `body` is given; `drop` cuts the connection before
    any work; `lose` does the work and cuts it then; `empty` does the work and takes the body out of a 2xx answer.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    delay: float = 0.0
    drop: bool = False
    lose: bool = False
    empty: bool = False

    def text(self) -> str:
        """Return the action in words, as the journal writes it: "delay 2 s, lost answer"."""
        words = [f"delay {self.delay:g} s"] if self.delay else []
        words += [f"status {self.status}"] if self.status is not None else []
        words += ["dropped connection"] if self.drop else []
        words += ["lost answer"] if self.lose else []
        words += ["empty body"] if self.empty else []
        return ", ".join(words)


@dataclass
class Fault:
    """An action for the next `count` requests that match, after the first `skip` of them."""

    vendor: str
    path: str
    action: Action
    wire: Mapping[str, Any]
    method: str | None = None
    exact: bool = False
    count: int = 1
    skip: int = 0

    def matches(self, vendor: str, method: str, path: str) -> bool:
        """Return whether the fault is meant for such a request."""
        return (
            vendor == self.vendor
            and (self.method is None or method == self.method)
            and covers(self.path, path, exact=self.exact)
        )


class Faults:
    """The faults still to come, in order: a request meets the first that matches it, and no other."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, wanted: Any, vendors: tuple[str, ...]) -> None:
        """Append faults as POST /sandbox/faults gives them; ValueError, and none of them taken, for a bad one."""
        if not isinstance(wanted, list):
            raise ValueError('{"faults": [...]} is needed')
        self._faults.extend([_read(each, vendors) for each in wanted])

    def take(self, vendor: str, method: str, path: str) -> Action | None:
        """Return what goes wrong with a request, and count it; None where nothing does."""
        fault = next((each for each in self._faults if each.matches(vendor, method, path)), None)
        if fault is None:
            return None
        if fault.skip:
            fault.skip -= 1
            return None
        fault.count -= 1
        if not fault.count:
            self._faults.remove(fault)
        return fault.action

    def left(self) -> list[dict[str, Any]]:
        """Return what is still to come, in the form it was given."""
        return [dict(each.wire) | {"count": each.count, "skip": each.skip} for each in self._faults]

    def clear(self) -> None:
        """Forget all faults."""
        self._faults.clear()


def _read(raw: Any, vendors: tuple[str, ...]) -> Fault:
    if not isinstance(raw, Mapping):
        raise ValueError(f"a fault is an object, not {raw!r}")
    if unknown := set(raw) - {*_MATCH, "action"}:
        raise ValueError(f"fault: unknown {', '.join(sorted(unknown))}; there are: {', '.join(_MATCH)}, action")
    for name, kind in _MATCH.items():
        if name in raw and type(raw[name]) is not kind:
            raise ValueError(f"fault: {name} can't be {raw[name]!r}")
    if raw.get("vendor") not in vendors:
        raise ValueError(f"fault: vendor is one of {', '.join(vendors)}")
    if not raw.get("path", "").startswith("/"):
        raise ValueError('fault: path begins with "/": a prefix ("/teams") or a template ("/teams/{id}")')
    if raw.get("count", 1) < 1 or raw.get("skip", 0) < 0:
        raise ValueError("fault: count is at least 1 and skip at least 0")
    method = raw.get("method")
    return Fault(
        vendor=raw["vendor"],
        path=raw["path"],
        action=_read_action(raw.get("action")),
        wire=raw,
        method=method.upper() if method else None,
        exact=raw.get("exact", False),
        count=raw.get("count", 1),
        skip=raw.get("skip", 0),
    )


def _read_action(raw: Any) -> Action:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f"fault: action is an object of {', '.join(sorted(_ACTION))}")
    if unknown := set(raw) - _ACTION:
        raise ValueError(f"fault: unknown {', '.join(sorted(unknown))}; there are: {', '.join(sorted(_ACTION))}")
    status, delay, retry_after = raw.get("status"), raw.get("delay", 0), raw.get("retry_after")
    if status is not None and (type(status) is not int or not 200 <= status <= 599):
        raise ValueError(f"fault: status can't be {status!r}")
    if type(delay) not in (int, float) or not 0 <= delay <= MAX_DELAY:
        raise ValueError(f"fault: delay is seconds from 0 to {MAX_DELAY:g}")
    if sum([status is not None, *(bool(raw.get(name)) for name in ("drop", "lose", "empty"))]) > 1:
        raise ValueError("fault: only one of status, drop, lose, empty")
    if status is None and set(raw) & {"headers", "body", "retry_after"}:
        raise ValueError("fault: headers, body and retry_after belong to a status")
    headers = raw.get("headers", {})
    if not isinstance(headers, Mapping):
        raise ValueError("fault: headers are an object of texts")
    texts = {str(name): str(value) for name, value in headers.items()}
    if retry_after is not None:
        texts["retry-after"] = str(retry_after)
    flags = {name: raw.get(name) is True for name in ("drop", "lose", "empty")}
    return Action(status=status, headers=texts, body=raw.get("body"), delay=float(delay), **flags)

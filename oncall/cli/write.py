"""Changed files of an inventory onto the disk: all of them whole, or none."""

from __future__ import annotations

import codecs
import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from oncall.errors import InventoryError, Mark, Problem
from oncall.source.writer import Files


@dataclass(frozen=True, slots=True)
class _Ready:
    """A new content beside its file, waiting to take its place."""

    name: str
    target: Path
    temporary: Path
    before: bytes


def write_files(read: Sequence[tuple[str, bytes]], changed: Files) -> None:
    """Write the texts that differ from what was read, `read` being what `read_files` gave, under the same names.

    A file is replaced in one step by one of the same mode; a link stays, what it leads to is replaced. Raises
    InventoryError, and then nothing is written, where a file is no longer what was read or can't be written.
    """
    ready: list[_Ready] = []
    try:
        for name, before, after in _differing(dict(read), changed):
            ready.append(_prepared(name, before, after))
        _replace(ready)
    finally:
        for one in ready:
            with suppress(FileNotFoundError):
                one.temporary.unlink()


def _differing(read: Mapping[str, bytes], changed: Files) -> list[tuple[str, bytes, bytes]]:
    found = []
    for name, text in changed:
        before = read[name]
        mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
        after = mark + text.encode()
        if after != before:
            found.append((name, before, after))
    return found


def _prepared(name: str, before: bytes, after: bytes) -> _Ready:
    try:
        target = Path(name).resolve(strict=True)
        _refuse_if_changed(name, target, before)
        if not os.access(target, os.W_OK):
            raise _refusal(name, "writing it is not permitted")
        now = target.stat()
        # Hidden, so that a folder of files is never read with it.
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as fault:
        raise _refusal(name, _reason(fault)) from fault
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            os.fchmod(file.fileno(), stat.S_IMODE(now.st_mode))
            with suppress(OSError):  # another's file in a folder of ours: only root may keep its owner
                os.fchown(file.fileno(), now.st_uid, now.st_gid)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        os.unlink(temporary)
        raise _refusal(name, _reason(fault)) from fault
    return _Ready(name, target, Path(temporary), before)


def _replace(ready: Sequence[_Ready]) -> None:
    for one in ready:
        _refuse_if_changed(one.name, one.target, one.before)
    done: list[_Ready] = []
    for one in ready:
        try:
            os.replace(one.temporary, one.target)
        except OSError as fault:
            for earlier in done:
                earlier.target.write_bytes(earlier.before)
            raise _refusal(one.name, _reason(fault)) from fault
        done.append(one)


def _refuse_if_changed(name: str, target: Path, before: bytes) -> None:
    try:
        same = target.read_bytes() == before
    except OSError as fault:
        raise _refusal(name, _reason(fault)) from fault
    if not same:
        raise _refusal(name, "somebody else has changed the file meanwhile; nothing is written, try again")


def _reason(fault: OSError) -> str:
    if isinstance(fault, PermissionError):
        return "writing it is not permitted"
    return (fault.strerror or str(fault)).lower()


def _refusal(name: str, message: str) -> InventoryError:
    return InventoryError([Problem(Mark(name), "unwritable-file", message)])

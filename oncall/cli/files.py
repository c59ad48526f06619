"""An inventory file, or a folder of them, from disk to bytes; what can't be read is said in one line."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from oncall.errors import InventoryError, Mark, Problem
from oncall.source import MAX_BYTES

SUFFIXES = (".yaml", ".yml")


def read_files(path: Path) -> list[tuple[str, bytes]]:
    """The files of an inventory as (name, content), a folder's own `*.yaml` and `*.yml` sorted by name.

    Names begin with `path` as it was given. At most a little more than MAX_BYTES is read, which the reader then
    refuses. Raises InventoryError where a file is missing, unreadable or no file.
    """
    try:
        names = _listing(path) if stat.S_ISDIR(os.stat(path).st_mode) else [path]
    except (OSError, ValueError) as fault:
        raise _refusal(path, fault) from fault
    files: list[tuple[str, bytes]] = []
    left = MAX_BYTES + 1
    for name in names:
        content = _read(name, left)
        left -= len(content)
        files.append((str(name), content))
    return files


def _listing(folder: Path) -> list[Path]:
    entries = sorted(
        (entry for entry in os.scandir(folder) if not entry.name.startswith(".")), key=lambda one: one.name
    )
    names = [entry.name for entry in entries if entry.name.endswith(SUFFIXES)]
    if not names:
        message = f"the folder holds no {' or '.join('*' + suffix for suffix in SUFFIXES)} file"
        raise InventoryError([Problem(Mark(str(folder)), "no-file", message)])
    unread = [entry for entry in entries if entry.name not in names and entry.is_dir() and _holds_yaml(entry.path)]
    if unread:
        raise InventoryError([unread_folder(str(folder / entry.name)) for entry in unread])
    return [folder / name for name in names]


def unread_folder(path: str) -> Problem:
    """Return what is said of a folder within an inventory's: its teams would be missing without a word."""
    return Problem(Mark(path), "unread-folder", "files in a folder within the folder are not read; move them up")


def _holds_yaml(folder: str) -> bool:
    return any(name.endswith(SUFFIXES) and not name.startswith(".") for name in os.listdir(folder))


def _read(path: Path, limit: int) -> bytes:
    try:
        # O_NONBLOCK: opening a named pipe would wait for its other end.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InventoryError([Problem(Mark(str(path)), "no-file", "this is no regular file")])
            return file.read(limit)
    except OSError as fault:
        raise _refusal(path, fault) from fault


def _refusal(path: Path, fault: OSError | ValueError) -> InventoryError:
    reasons: dict[type[Exception], str] = {
        FileNotFoundError: "there is no such file" if not path.is_symlink() else "the link leads to no file",
        PermissionError: "reading it is not permitted",
        NotADirectoryError: "a part of this path is no folder",
        IsADirectoryError: "this is a folder, not a file",
        ValueError: "this can't be a path",
    }
    other = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    message = reasons.get(type(fault), other[:1].lower() + other[1:])
    rule = "no-file" if isinstance(fault, FileNotFoundError) else "unreadable-file"
    return InventoryError([Problem(Mark(str(path)), rule, message)])

"""Files of a directory that is ours only in part: written whole or not at all, removed only if unchanged since.

A manifest in the directory names what was written, so that an interrupted run can go on, and nothing that somebody
else put there is ever overwritten or removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from oncall.provider.faults import ProviderError

MANIFEST = ".oncall-bundle.json"
SECRET_MODE = 0o600
PLAIN_MODE = 0o644


@dataclass(frozen=True, slots=True)
class Text:
    """What a file shall hold. A secret one can be read by its owner only, from its first moment on."""

    content: str
    secret: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hex."""
        return _digest(self.content.encode())


def path_fault(path: str) -> str | None:
    """Why a relative path can't be a file of the directory, None if it can."""
    parts = PurePosixPath(path).parts
    if not path or "\0" in path or "\\" in path:
        return "is no path"
    if path.startswith("/") or ".." in parts or path != str(PurePosixPath(path)) or path == ".":
        return "must be a plain relative path inside the directory"
    return "is a name the bundle needs for itself" if path == MANIFEST else None


class Directory:
    """A directory with files of ours. Symbolic links below it are refused: they could lead out of it.

    `writer` is who writes there, as errors name it; each has a `manifest` of its own.
    """

    def __init__(self, path: str, writer: str = "this bundle", manifest: str = MANIFEST) -> None:
        self.root = Path(path)
        self._writer = writer
        self._manifest = manifest

    @property
    def key(self) -> str:
        """The directory by one name, however it is written."""
        return str(self.root.resolve())

    def manifest(self) -> dict[str, str]:
        """What was written last: relative path -> SHA-256. Empty where nothing was."""
        try:
            held = json.loads(self._place(self._manifest).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError) as error:
            raise ProviderError(
                f"{self.root / self._manifest} can't be read ({type(error).__name__}): delete it"
            ) from error
        written = held.get("written") if isinstance(held, dict) else None
        if not isinstance(written, dict):
            raise ProviderError(f"{self.root / self._manifest} is not what {self._writer} wrote: delete it")
        return {str(path): str(digest) for path, digest in written.items() if path_fault(str(path)) is None}

    def intact(self, written: Mapping[str, str]) -> dict[str, str]:
        """Those of the files written that are still there unchanged."""
        return {path: digest for path, digest in written.items() if self._digest_of(path) == digest}

    def exposed(self, path: str) -> bool:
        """Whether anybody but its owner may read or write a file."""
        try:
            return bool(self._place(path).stat().st_mode & 0o077)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def read(self, path: str) -> str | None:
        """The text of a file, None where there is none."""
        try:
            return self._place(path).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            raise ProviderError(f"{self.root / path} can't be read: {type(error).__name__}") from error

    def write(self, files: Mapping[str, Text], ours: Mapping[str, str]) -> dict[str, str]:
        """Make the directory hold these files and none of the former ones; `ours` is what the state says was written.

        Returns path -> SHA-256. A file that is in the way and was not written by us stops everything before the
        first write.
        """
        former = {**self.manifest(), **ours}
        for path, text in files.items():
            present = self._digest_of(path)
            if present not in (None, text.digest) and path not in former:
                raise ProviderError(f"{self.root / path} exists and was not written by {self._writer}: move it away")
        wanted = {path: text.digest for path, text in files.items()}
        with self._plain_errors():
            self._put(self._manifest, self._listing({**former, **wanted}))
            for path, text in files.items():
                self._put(path, text)
            self._drop({path: digest for path, digest in former.items() if path not in wanted})
            self._put(self._manifest, self._listing(wanted))
        return wanted

    def clear(self, ours: Mapping[str, str]) -> list[str]:
        """Remove what we wrote; returns the paths that were changed since and therefore stay."""
        former = {**self.manifest(), **ours}
        with self._plain_errors():
            left = self._drop(former)
            self._place(self._manifest).unlink(missing_ok=True)
            _rmdir(self.root)
        return left

    def _drop(self, former: Mapping[str, str]) -> list[str]:
        left = []
        for path, digest in former.items():
            present = self._digest_of(path)
            if present == digest:
                place = self._place(path)
                place.unlink()
                for parent in list(place.relative_to(self.root).parents)[:-1]:
                    _rmdir(self.root / parent)
            elif present is not None:
                left.append(path)
        return left

    def _put(self, path: str, text: Text) -> None:
        place = self._place(path)
        mode = SECRET_MODE if text.secret else PLAIN_MODE
        place.parent.mkdir(parents=True, exist_ok=True)
        if self._digest_of(path) == text.digest and stat.S_IMODE(place.stat().st_mode) == mode:
            return
        scratch = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
        # O_EXCL and the mode from the start: at no moment can anybody else open it, or have put a link in its place.
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, SECRET_MODE)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.content.encode())
                os.fchmod(stream.fileno(), mode)
                stream.flush()
                os.fsync(stream.fileno())
            scratch.replace(place)
        except BaseException:
            scratch.unlink(missing_ok=True)
            raise

    def _digest_of(self, path: str) -> str | None:
        """The SHA-256 of a file, None where there is none."""
        place = self._place(path)
        try:
            content = place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise ProviderError(f"{place} can't be read: {error.strerror}") from error
        return _digest(content)

    def _place(self, path: str) -> Path:
        place = self.root
        for part in PurePosixPath(path).parts:
            place = place / part
            if place.is_symlink():
                raise ProviderError(f"{place} is a symbolic link: {self._writer} does not follow any")
        return place

    def _listing(self, written: Mapping[str, str]) -> Text:
        about = f"What {self._writer} wrote here, with SHA-256. Do not edit."
        return Text(json.dumps({"about": about, "written": dict(sorted(written.items()))}, indent=2) + "\n")

    @contextlib.contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ProviderError(f"{error.filename or self.root}: {error.strerror}") from error


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _rmdir(path: Path) -> None:
    # Somebody else's files keep a directory alive; there is nothing to say about that.
    with contextlib.suppress(OSError):
        path.rmdir()

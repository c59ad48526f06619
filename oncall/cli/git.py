"""The inventory as it stands in git: at a branch, a tag, a commit, or where the present branch left another.

Nothing is fetched, and neither the repository's hooks nor its own commands run. What a ref is called comes from
outside: it is never taken for an option.
"""

import os
import posixpath
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from oncall.cli.files import SUFFIXES, unread_folder
from oncall.errors import InventoryError, Mark, Problem
from oncall.source import MAX_BYTES

_TIMEOUT_S = 60
_LINK = "120000"
_SAFE = (
    *("-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-pager", "--literal-pathspecs"),
    # A partial clone would fetch what it lacks from its remote, by whatever command that names.
    *("-c", "protocol.allow=never"),
)
_LONGEST = 80  # of a name that is told
_LINKS = 5  # that lead from one to the next
# Of an inventory that becomes several files none may be half of what it was.
_LIKE = "--find-renames=25%"


class GitError(Exception):
    """Why git has no answer, in one line with the way out."""


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    kind: str
    sha: str
    size: int
    path: str


class Repository:
    """The repository that a path of the working tree belongs to."""

    def __init__(self, path: Path) -> None:
        """`path` is an inventory's, a file or folder, which need not exist any more. Raises GitError."""
        folder = path if path.is_dir() else path.parent
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        self._folder = folder
        found, said = _git(folder, ("rev-parse", "--show-toplevel"))
        if found is None and "dubious ownership" in said:
            way = f"git config --global --add safe.directory {folder.resolve()}"
            raise GitError(f"git leaves this repository alone, because it is somebody else's: `{way}`")
        if found is None:
            raise GitError(f"{path} is in no git repository: name the base as a path instead")
        self.top = Path(os.fsdecode(found).removesuffix("\n"))
        try:
            inside = path.resolve().relative_to(self.top.resolve())
        except ValueError:
            raise GitError(f"{path} is a link that leads out of its repository: name the file it leads to") from None
        self.path = str(inside).replace("\\", "/")

    def commit(self, ref: str) -> str:
        """Return the commit that a branch, tag or other name stands for. Raises GitError."""
        found = self._known(ref)
        if found is None:
            way = "fetch it (in CI: fetch-depth: 0)" if self.shallow() else "fetch it, or see `git branch -a`"
            way = f"say origin/{ref[:_LONGEST]}" if self._known(f"refs/remotes/origin/{ref}") else way
            raise GitError(f"git knows no {ref[:_LONGEST]!r} here: {way}")
        return found

    def knows(self, name: str) -> bool:
        """Whether this is a commit's name here, or a branch's of the remote."""
        return any(self._known(each) for each in (name, f"refs/remotes/origin/{name}"))

    def merge_base(self, ref: str, head: str = "HEAD") -> tuple[str, bool]:
        """Return the commit at which `head` left `ref`, and True; `ref` itself where none in common is here, and False.

        A shallow clone may not reach back so far. `ref` is newer then and never older. Raises GitError.
        """
        there = self.commit(ref)
        found = self._run("merge-base", there, self.commit(head))
        return (found.decode().split()[0], True) if found else (there, False)

    def shallow(self) -> bool:
        """Whether only the newest part of the history is here."""
        return (self._run("rev-parse", "--is-shallow-repository") or b"").strip() == b"true"

    def default_branch(self) -> str:
        """Return the branch that others leave from: what the remote says, else main or master. Raises GitError."""
        said = self._run("rev-parse", "--abbrev-ref", "--verify", "--quiet", "origin/HEAD")
        names = [said.decode().strip()] if said else []
        for name in (*names, "origin/main", "origin/master", "main", "master"):
            if self._known(name) is not None:
                return name
        way = "; fetch it (in CI: fetch-depth: 0)" if self.shallow() else ""
        raise GitError(f"there is no default branch here: name the base, --base REF{way}")

    def inventory(
        self, commit: str, path: str | None = None, other: str | None = None
    ) -> list[tuple[str, bytes]] | None:
        """Return the files of the inventory at a commit as (name, content); None where there was none.

        One that has another name there is found by what git thinks was renamed between it and the commit `other`, or
        what is staged, and one that is a file there and a folder here (or the other way round) by its name.
        Raises GitError, and InventoryError for files that are there and not read.
        """
        for each in [path] if path is not None else self._names(commit, other):
            try:
                files = self._files(commit, each)
            except InventoryError:
                if each == (path or self.path):
                    raise
                continue  # a guess: this folder is something else
            if files:
                return files
        return None

    def _names(self, commit: str, other: str | None) -> Iterator[str]:
        """Give the names that the inventory may have had; git's idea of what was renamed only where it is needed."""
        yield self.path
        # The index, not the working tree: reading that would run the filters that the repository names.
        sides = (commit, other) if other is not None else ("--cached", commit)
        listed = self._run(
            *("diff", "-z", "--no-ext-diff", "--no-textconv", "--no-relative", _LIKE, "--name-status"),
            *("--diff-filter=R", *sides, "--"),
        )
        parts = os.fsdecode(listed or b"").split("\0")
        renamed = [
            (parts[place], was, now)
            for place, was, now in zip(range(0, len(parts), 3), parts[1::3], parts[2::3], strict=False)
            if now == self.path or (now.startswith(f"{self.path}/") and now.endswith(SUFFIXES))
        ]
        yield from dict.fromkeys(was for _, was, _ in sorted(renamed, reverse=True))  # what is most alike comes first
        stem = self.path.rsplit(".", 1)[0] if self.path.endswith(SUFFIXES) else self.path
        yield from (f"{stem}{suffix}" for suffix in ("", *SUFFIXES))

    def _files(self, commit: str, path: str) -> list[tuple[str, bytes]]:
        place, entries = self._followed(commit, path, self._entries(commit, path))
        if len(entries) == 1 and entries[0].kind == "tree":
            entries = self._folder_of(commit, place)
        blobs = [entry for entry in entries if entry.kind == "blob" and entry.mode != _LINK]
        if sum(entry.size for entry in blobs) > MAX_BYTES:
            raise GitError(f"{path} at {commit[:12]} has more than {MAX_BYTES:,} bytes of YAML")
        return [(entry.path, content) for entry, content in zip(blobs, self._contents(commit, blobs), strict=True)]

    def _folder_of(self, commit: str, path: str) -> list[_Entry]:
        """Return the files of an inventory that is a folder; what would be refused on a disk is refused here."""
        listed = [entry for entry in self._entries(commit, f"{path}/") if not _hidden(entry.path)]
        folders = [f"{entry.path}/" for entry in listed if entry.kind == "tree"]
        within = self._entries(commit, *folders) if folders else []
        unread = {posixpath.dirname(entry.path) for entry in within if _is_yaml(entry)}
        if unread:
            raise InventoryError([unread_folder(folder) for folder in sorted(unread)])
        found = []
        for entry in filter(_is_yaml, listed):
            _, there = self._followed(commit, entry.path, [entry])
            if not there:
                message = "this is a link to no file of the repository"
                raise InventoryError([Problem(Mark(entry.path), "unreadable-file", message)])
            found += [replace(each, path=entry.path) for each in there]
        return found

    def _followed(self, commit: str, path: str, entries: list[_Entry]) -> tuple[str, list[_Entry]]:
        """Return what stands at a path, where it is a link what that leads to; nothing outside of the repository."""
        for _ in range(_LINKS):
            if len(entries) != 1 or entries[0].mode != _LINK:
                return path, entries
            (leads_to,) = self._contents(commit, entries)
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), os.fsdecode(leads_to)))
            if path.startswith(("/", "..")) or path == ".":
                break
            entries = self._entries(commit, path)
        return path, []

    def _entries(self, commit: str, *paths: str) -> list[_Entry]:
        listed = self._must(commit, paths[0], "ls-tree", "-z", "-l", "--full-tree", commit, "--", *paths)
        found = []
        for line in listed.split(b"\0"):
            if line:
                about, _, name = line.partition(b"\t")
                mode, kind, sha, size = about.decode().split()
                found.append(_Entry(mode, kind, sha, int(size) if size.isdigit() else 0, os.fsdecode(name)))
        return found

    def _contents(self, commit: str, blobs: Sequence[_Entry]) -> list[bytes]:
        """Return what blobs hold, all by one process."""
        if not blobs:
            return []
        asked = "".join(f"{entry.sha}\n" for entry in blobs).encode()
        answer = self._must(commit, blobs[0].path, "cat-file", "--batch", given=asked)
        found, at = [], 0
        for entry in blobs:
            end = answer.find(b"\n", at)
            about = answer[at:end].split()
            if len(about) != 3:  # `missing`
                raise GitError(f"git can't read {entry.path} at {commit[:12]}: its object is missing")
            at = end + 1 + int(about[2]) + 1
            found.append(answer[end + 1 : at - 1])
        return found

    def _known(self, name: str) -> str | None:
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return found.decode().strip() if found is not None else None

    def _must(self, commit: str, path: str, *arguments: str, given: bytes = b"") -> bytes:
        """Return what git prints. Raises GitError where it can't read what is there by all it knows."""
        found, said = _git(self._folder, arguments, given)
        if found is not None:
            return found
        way = said.strip().splitlines()[-1] if said.strip() else "it does not say why"
        if self._run("config", "--get-regexp", r"^remote\..*\.promisor$"):
            fetch = f"git archive -o /dev/null {commit[:12]} -- {path}"
            way = f"this clone has only a part of the objects; `{fetch}` fetches it, in CI leave `filter` out"
        raise GitError(f"git can't read {path} at {commit[:12]}: {way}")

    def _run(self, *arguments: str) -> bytes | None:
        """Return what git prints; None where it refuses."""
        return _git(self._folder, arguments)[0]


def as_path(base: str, inventory: Path) -> Path | None:
    """Return what to compare an inventory with as a path, None where that is a name for git. Raises GitError where it
    could be either: a branch and a folder called `main`.
    """
    try:
        there = Path(base).exists()
    except (OSError, ValueError):
        return None  # too long for a path, or with characters that none has
    if not there or "/" in base:
        return Path(base) if there else None
    try:
        either = Repository(inventory).knows(base)
    except GitError:
        return Path(base)
    if not either:
        return Path(base)
    way = f"say ./{base} for that, or refs/heads/{base} or origin/{base}"
    raise GitError(f"{base} is a name of git's, and of a file or folder too: {way}")


def _hidden(path: str) -> bool:
    return path.rpartition("/")[2].startswith(".")


def _is_yaml(entry: _Entry) -> bool:
    return entry.kind == "blob" and entry.path.endswith(SUFFIXES) and not _hidden(entry.path)


def _git(folder: Path, arguments: Sequence[str], given: bytes = b"") -> tuple[bytes | None, str]:
    """Return what git prints, None where it refuses, and what it says to that."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *_SAFE, *arguments],
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
            input=given,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise GitError("git is not installed: install it, or name the base as a path") from None
    except subprocess.TimeoutExpired:
        raise GitError(f"git {arguments[0]} took more than {_TIMEOUT_S} s") from None
    return done.stdout if done.returncode == 0 else None, done.stderr.decode(errors="replace")

"""A stack of the user's own: plain `pulumi` of PATH, on the backend, the project and the settings it finds itself."""

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from oncall.cli.engine import EngineError

PROJECT = "oncall-as-code"
_LONGEST = 500  # of what is told of a failure


class UserStack:
    """The stack that `pulumi` would take here, or the one named; `config_file` as its `--config-file`."""

    def __init__(self, stack: str | None, config_file: Path | None, root: Path | None = None) -> None:
        self._root = root
        self._stack = ["--stack", stack] if stack else []
        self._config = ["--config-file", str(config_file)] if config_file else []

    def settings(self) -> dict[str, str]:
        """Return the project's settings by name, secrets in clear: they are for the vendors only."""
        found = json.loads(self._run("config", "--show-secrets", "--json", *self._stack, *self._config))
        prefix = f"{PROJECT}:"
        return {
            name.removeprefix(prefix): str(entry.get("value", ""))
            for name, entry in found.items()
            if name.startswith(prefix)
        }

    def export(self) -> dict[str, Any]:
        """Return the state, secrets encrypted."""
        export: dict[str, Any] = json.loads(self._run("stack", "export", *self._stack))
        return export

    def preview(self, *, refresh: bool) -> object:
        """Return what `pulumi preview --json` says: once it has read the accounts again, or by the state alone."""
        options = ["--refresh"] if refresh else []
        # Else, where the user has that switched on, it prints one object an event.
        plain = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "false"}
        printed = self._run("preview", "--json", *options, *self._stack, *self._config, environment=plain)
        try:
            return json.loads(printed)
        except ValueError:
            raise EngineError("pulumi preview: it printed no JSON") from None

    def replace(self, export: Mapping[str, Any]) -> None:
        """Make this the state."""
        self._with_file(export, "stack", "import", *self._stack)

    def take_in(self, imports: Mapping[str, Any]) -> None:
        """Record objects that exist; `imports` is a file of `pulumi import`. Those done stay done where one fails."""
        options = ("--yes", "--skip-preview", "--generate-code=false", "--protect=false", "--suppress-outputs")
        self._with_file(imports, "import", *self._stack, *self._config, *options)

    def put_in_order(self, *, dry_run: bool) -> tuple[int, bool]:
        """Mend what a killed engine left of its own in a `file://` backend; other backends need none of it.

        Returns how many half-written files were removed, and whether there was a lock of an engine that has died on
        this machine. Raises EngineError where an engine may be alive.

        The state itself is replaced in one go, but its side file (`.attrs`: content type and checksum; it may be
        absent) is not: one that is cut off makes the engine say `failed to load checkpoint: EOF` ever after.
        """
        folder = self._folder()
        if folder is None:
            return 0, False
        owners = self._lock_owners(folder)
        for host, process in owners:
            if not _is_dead(host, process):
                raise EngineError(
                    f"another run holds the stack (process {process} on {host}): let it end, or, if you know that it "
                    "has ended, take its lock away with `pulumi cancel`"
                )
        torn = [path for path in folder.rglob("*.attrs") if not _is_json(path)]
        if torn and dry_run:
            raise EngineError("the state's side file is half-written: run without --dry-run, which mends it")
        for path in torn:
            path.unlink()
        if owners and not dry_run:
            self._run("cancel", "--yes", *self._stack[1:])
        return len(torn), bool(owners)

    def _lock_owners(self, folder: Path) -> list[tuple[str, int]]:
        """Return host and process of each lock of this stack."""
        if not (folder / "locks").is_dir():
            return []
        name = self._stack[1] if self._stack else self._run("stack", "--show-name").strip()
        files = [path for path in (folder / "locks").rglob("*.json") if path.parent.name == name.rpartition("/")[2]]
        locks = [json.loads(path.read_text()) for path in files]
        return [(str(lock["hostname"]), int(lock["pid"])) for lock in locks]

    def _folder(self) -> Path | None:
        url = urlsplit(str(json.loads(self._run("whoami", "--json"))["url"]))
        return Path(unquote(url.path)) / ".pulumi" if url.scheme == "file" else None

    def _with_file(self, content: Mapping[str, Any], *arguments: str) -> None:
        # A file of our own, readable by us alone, and not one in the project's folder: it holds the whole state.
        with tempfile.NamedTemporaryFile("w", suffix=".json", prefix="oncall-") as file:
            json.dump(content, file)
            file.flush()
            self._run(*arguments, "--file", file.name)

    def _run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        command = ["pulumi", *arguments, "--non-interactive", "--color", "never"]
        variables = {**os.environ, **(environment or {})}
        try:
            ended = subprocess.run(
                command,
                cwd=self._root,
                env=variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            raise EngineError("`pulumi` is not on PATH: install it, or add .tools/bin, which `make` fills") from None
        if ended.returncode != 0:
            said = _diagnostics(ended.stdout) or _last_lines(ended.stderr or ended.stdout)
            raise EngineError(f"pulumi {arguments[0]}: {said}")
        return ended.stdout


def one_line(fault: EngineError) -> str:
    """Return what is told of a failure."""
    text = "; ".join(line.strip() for line in str(fault).splitlines() if line.strip())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


def _diagnostics(printed: str) -> str:
    """Return the first error in the JSON of a preview that failed: those after it only say that it did."""
    try:
        rows = json.loads(printed)["diagnostics"]
        errors = [str(row["message"]) for row in rows if row["severity"] == "error"]
    except (ValueError, KeyError, TypeError):
        return ""  # a failure before there was a preview
    return "\n".join(_only(errors[0].splitlines())) if errors else ""


def _last_lines(text: str) -> str:
    _, marker, diagnostics = text.partition("Diagnostics:")
    lines = (diagnostics if marker else text).strip().splitlines()
    return "\n".join(_only(lines))


def _only(lines: Iterable[str]) -> list[str]:
    return [line.removeprefix("error: ") for line in lines if line.strip()][-12:]


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except ValueError:
        return False
    return True


def _is_dead(host: str, process: int) -> bool:
    if host != socket.gethostname():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False

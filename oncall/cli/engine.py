"""Run the Pulumi engine on a stack of this project, with its state in a folder of our own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_COUNT = re.compile(
    r"^\s+(?:[-+~=<>]+\s+)?(\d+) (created|updated|deleted|replaced|imported|unchanged|to create|to update|"
    r"to delete|to replace|to import)\b"
)


PAGERDUTY = "pulumi-resource-pagerduty"
ENDING_S = 120  # for an interrupted engine to finish what is under way


class EngineError(Exception):
    """The engine failed; the message is what it printed last."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of the engine did (or a preview would do), counted by verb: created, updated, unchanged, ..."""

    counts: Mapping[str, int]
    text: str

    @property
    def changes(self) -> int:
        """Return how many resources were, or would be, touched."""
        return sum(count for verb, count in self.counts.items() if verb != "unchanged")


class Engine:
    """The engine on one stack. State, plugins and settings stay under `home`; nothing reaches the user's own.

    The PagerDuty plugin that the set-up chose is linked in there, so that a stand-in is never on anybody's PATH.
    """

    def __init__(
        self,
        root: Path,
        home: Path,
        config: str,
        stack: str = "sandbox",
        passphrase: str = "sandbox",  # noqa: S107 - of local state
    ) -> None:
        self.root = root
        self.stack = stack
        self.config_file = home / f"Pulumi.{stack}.yaml"
        (home / "state").mkdir(parents=True, exist_ok=True)
        plugins = home / "pulumi" / "plugins"
        if (chosen := root / ".tools" / "plugins" / PAGERDUTY).exists() and not plugins.exists():
            place = plugins / f"resource-pagerduty-v{version('pulumi-pagerduty')}" / PAGERDUTY
            place.parent.mkdir(parents=True)
            place.symlink_to(chosen.resolve())
        self.config_file.write_text(config)
        tools = [str(Path(sys.executable).parent), str(root / ".tools" / "bin")]
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([*tools, os.environ.get("PATH", "")]),
            "PULUMI_BACKEND_URL": (home / "state").as_uri(),
            "PULUMI_HOME": str(home / "pulumi"),
            "PULUMI_CONFIG_PASSPHRASE": passphrase,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }

    def start(self) -> None:
        """Make the stack, empty."""
        self.run("stack", "init", self.stack)

    def up(self, *options: str, on_line: Callable[[str], None] | None = None) -> Summary:
        """Make the accounts agree with the inventory."""
        return self._counted("up", "--yes", "--skip-preview", *options, on_line=on_line)

    def preview(self, *options: str) -> Summary:
        """Say what `up` would do."""
        return self._counted("preview", *options)

    def refresh(self, *options: str) -> Summary:
        """Read everything back from the accounts."""
        return self._counted("refresh", "--yes", "--skip-preview", *options)

    def destroy(self, *options: str) -> Summary:
        """Remove everything the stack made."""
        return self._counted("destroy", "--yes", "--skip-preview", *options)

    def outputs(self, *, show_secrets: bool = False) -> str:
        """Return the stack's outputs as JSON text."""
        return self.run(
            "stack", "output", "--json", "--stack", self.stack, *(["--show-secrets"] if show_secrets else [])
        )

    def export(self) -> str:
        """Return the stack's state as JSON text, secrets encrypted."""
        return self.run("stack", "export", "--stack", self.stack)

    def run(self, *arguments: str, on_line: Callable[[str], None] | None = None) -> str:
        """Run the CLI and return what it printed. Raise EngineError with its last lines where it fails."""
        with subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C reaches us alone: a second interrupt would make the engine drop everything
        ) as process:
            assert process.stdout is not None  # noqa: S101 - asked for above
            lines = []
            try:
                for line in process.stdout:
                    lines.append(line)
                    if on_line:
                        on_line(line.rstrip("\n"))
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)  # it finishes what is under way and writes its state
                try:
                    process.wait(ENDING_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                raise
        text = "".join(lines)
        if process.returncode != 0:
            raise EngineError(_explain(text))
        return text

    def _counted(self, command: str, *options: str, on_line: Callable[[str], None] | None = None) -> Summary:
        text = self.run(
            command, "--stack", self.stack, "--config-file", str(self.config_file), *options, on_line=on_line
        )
        found = (_COUNT.match(line) for line in text.splitlines())
        return Summary({match[2]: int(match[1]) for match in found if match}, text)


def _explain(text: str) -> str:
    """Return the part of the engine's output that says what went wrong."""
    _, marker, diagnostics = text.partition("Diagnostics:")
    return diagnostics.strip() if marker else "\n".join(text.strip().splitlines()[-12:])

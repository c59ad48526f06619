"""`pulumi up` and its sisters with the real engine on sandbox accounts: tables in Markdown.

`python -m benchmarks.bench_engine [RUNS]`. The accounts, both plugins and the engine share this machine, so
the figures hold the vendors' side too, but no network. Three tables: seconds by vendor, what our plugin asks and needs,
and what the checkpoints of the file backend cost.
"""

import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bench_load import machine
from benchmarks.make_inventory import make
from oncall.cli.engine import Engine, Summary
from oncall.cli.load import load_inventory
from oncall.cli.local_sandbox import Sandbox, known_users, running_sandbox

ROOT = Path(__file__).resolve().parents[1]
SERVERS_A_TEAM = 20
# So many teams make about 500 objects.
TEAMS: Mapping[str, int] = {"pagerduty": 34, "opsgenie": 29, "both": 25}
STEPS = ("up", "up again", "preview", "refresh", "destroy")
OUR_PLUGIN = "oncall.provider"
OURS = "oncall:"
"""What the types of our own provider's resources begin with."""
BACKENDS: Mapping[str, Mapping[str, str]] = {
    "as it is": {},
    "`?metadata=skip`": {"query": "?metadata=skip"},
    "`PULUMI_SKIP_CHECKPOINTS`": {"PULUMI_SKIP_CHECKPOINTS": "true", "PULUMI_EXPERIMENTAL": "true"},
}
"""Ways of keeping the state, with what is changed for them: the backend's address, or the engine's environment."""


@dataclass
class Life:
    """What one stack's life took: seconds and requests by step, objects, peak memory of our plugin's processes (MB)."""

    objects: int = 0
    ours: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    asked: dict[str, Counter[str]] = field(default_factory=dict)
    memory: float = 0.0


@contextmanager
def new_stack(inventory: Path, home: Path) -> Iterator[tuple[Engine, Sandbox]]:
    """Give an empty stack and fresh accounts."""
    with running_sandbox() as sandbox:
        sandbox.seed(known_users(load_inventory(inventory, datetime.now(UTC))))
        settings = (ROOT / "stacks" / "Pulumi.sandbox.yaml").read_text()
        settings = settings.replace("http://127.0.0.1:8911", sandbox.pagerduty)
        settings = settings.replace("http://127.0.0.1:8912", sandbox.opsgenie)
        settings += f"  oncall-as-code:inventory: {inventory}\n  oncall-as-code:bridgeDirectory: {home / 'bridge'}\n"
        engine = Engine(ROOT, home, settings)
        engine.start()
        yield engine, sandbox


def live(inventory: Path, home: Path) -> Life:
    """Return what every step of one stack's life took."""
    life = Life()
    with new_stack(inventory, home) as (engine, sandbox), watched_memory(life):

        def step(name: str, action: Callable[[], Summary], changes: bool) -> Summary:
            before = len(sandbox.journal())
            start = time.perf_counter()
            summary = action()
            life.seconds[name] = time.perf_counter() - start
            assert bool(summary.changes) is changes, summary.text
            life.asked[name] = Counter(call["vendor"] for call in sandbox.journal()[before:])
            return summary

        made = step("up", engine.up, changes=True)
        life.objects = made.counts["created"]
        life.ours = engine.export().count(f'"type": "{OURS}opsgenie:')
        step("up again", engine.up, changes=False)
        step("preview", engine.preview, changes=False)
        step("refresh", engine.refresh, changes=False)
        step("destroy", engine.destroy, changes=True)
    return life


@contextmanager
def watched_memory(life: Life) -> Iterator[None]:
    """Look at our plugin's processes five times a second, and keep the highest figure of any of them."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            life.memory = max([life.memory, *_peaks()])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _peaks() -> Iterator[float]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if OUR_PLUGIN in (folder / "cmdline").read_text():
                    status = (folder / "status").read_text()
                    yield int(status.partition("VmHWM:")[2].split()[0]) / 1024
            except (OSError, IndexError, ValueError):  # it ended meanwhile
                continue


def checkpoints(inventory: Path, home: Path, change: Mapping[str, str]) -> float:
    """Return the seconds that an `up` takes with the state kept in a certain way."""
    with new_stack(inventory, home) as (engine, _):
        changed = dict(change)
        engine.environment["PULUMI_BACKEND_URL"] += changed.pop("query", "")
        engine.environment |= changed
        start = time.perf_counter()
        engine.up()
        return time.perf_counter() - start


def in_a_new_home(vendor: str, measure: Callable[[Path, Path], Life | float]) -> Life | float:
    """Measure with an inventory of one vendor, or of both, in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        inventory = home / "inventory.yaml"
        inventory.write_text(make(TEAMS[vendor], SERVERS_A_TEAM, None if vendor == "both" else vendor))
        return measure(inventory, home)


def report(runs: int) -> str:
    """Return the tables, with the machine and the versions they were measured on."""
    lives: dict[str, list[Life]] = {}
    for vendor in TEAMS:
        for _ in range(runs):
            life = in_a_new_home(vendor, live)
            assert isinstance(life, Life)
            lives.setdefault(vendor, []).append(life)
            sys.stderr.write(f"{vendor}: {life}\n")
    lines = [f"Medians of {runs} runs on {machine('pulumi', 'pulumi-pagerduty')}.", ""]
    lines += [*_seconds_table(lives), "", *_asked_table(lives), ""]
    lines += ["| the state is kept | `up` of both, s |", "|---|---|"]
    for name, change in BACKENDS.items():
        taken = [
            float(found)
            for _ in range(runs)
            if isinstance(found := in_a_new_home("both", lambda i, h, c=change: checkpoints(i, h, c)), float)
        ]
        sys.stderr.write(f"{name}: {taken}\n")
        lines.append(f"| {name} | {statistics.median(taken):.1f} |")
    return "\n".join(lines)


def _seconds_table(lives: Mapping[str, Sequence[Life]]) -> list[str]:
    lines = ["| teams page through | objects | " + " | ".join(STEPS) + " |", "|---|---|" + "---|" * len(STEPS)]
    for vendor, samples in lives.items():
        cells = [f"{statistics.median(each.seconds[step] for each in samples):.1f} s" for step in STEPS]
        lines.append(f"| {vendor} | {samples[0].objects} | " + " | ".join(cells) + " |")
    return lines


def _asked_table(lives: Mapping[str, Sequence[Life]]) -> list[str]:
    lines = [
        "| teams page through | OpsGenie objects | requests for each, by `up` | by a preview in all | for "
        "each, by a refresh | requests to PagerDuty by a preview | memory of our plugin, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for vendor, samples in lives.items():
        life = samples[0]
        asked = {step: life.asked[step]["opsgenie"] for step in STEPS}
        each = f"{asked['up'] / life.ours:.2f}" if life.ours else "-"
        refreshed = f"{asked['refresh'] / life.ours:.2f}" if life.ours else "-"
        memory = max(sample.memory for sample in samples)
        lines.append(
            f"| {vendor} | {life.ours} | {each} | {asked['preview']} | {refreshed} "
            f"| {life.asked['preview']['pagerduty']} | {memory:.0f} |"
        )
    return lines


if __name__ == "__main__":
    print(report(int(sys.argv[1]) if len(sys.argv) > 1 else 3))

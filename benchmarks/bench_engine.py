"""`pulumi up` and `preview` with the real engine on sandbox accounts: medians of fresh stacks, as a table in Markdown.

`python -m benchmarks.bench_engine [RUNS]`. The accounts, both plugins and the engine share this machine, so the figures
hold the vendors' side too, but no network.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bench_load import machine
from benchmarks.make_inventory import make
from oncall.cli.engine import Engine, Summary
from oncall.cli.load import load_inventory
from oncall.cli.local_sandbox import known_users, running_sandbox

ROOT = Path(__file__).resolve().parents[1]
TEAMS = 32  # makes about 500 objects
SERVERS_A_TEAM = 20
STEPS = ("up", "up again", "preview", "refresh", "destroy")


def run_one(inventory: Path, home: Path) -> dict[str, float]:
    """Return the seconds of every step of one stack's life, and how many objects it has."""
    seconds: dict[str, float] = {}

    def timed(step: str, action: Callable[[], Summary], changes: bool) -> Summary:
        start = time.perf_counter()
        summary = action()
        seconds[step] = time.perf_counter() - start
        assert bool(summary.changes) is changes, summary.text
        return summary

    with running_sandbox() as sandbox:
        sandbox.seed(known_users(load_inventory(inventory, datetime.now(UTC))))
        settings = (ROOT / "stacks" / "Pulumi.sandbox.yaml").read_text()
        settings = settings.replace("http://127.0.0.1:8911", sandbox.pagerduty)
        settings = settings.replace("http://127.0.0.1:8912", sandbox.opsgenie)
        settings += f"  oncall-as-code:inventory: {inventory}\n  oncall-as-code:bridgeDirectory: {home / 'bridge'}\n"
        engine = Engine(ROOT, home, settings)
        engine.start()
        made = timed("up", engine.up, changes=True)
        timed("up again", engine.up, changes=False)
        timed("preview", engine.preview, changes=False)
        timed("refresh", engine.refresh, changes=False)
        timed("destroy", engine.destroy, changes=True)
        return seconds | {"objects": made.counts["created"], "requests": len(sandbox.journal())}


def report(runs: int) -> str:
    """Return the table, with the machine and the versions it was measured on."""
    samples = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            (home / "inventory.yaml").write_text(make(TEAMS, SERVERS_A_TEAM))
            samples.append(run_one(home / "inventory.yaml", home))
    median = {name: statistics.median(sample[name] for sample in samples) for name in samples[0]}
    return "\n".join(
        [
            f"Medians of {runs} runs on {machine('pulumi', 'pulumi-pagerduty')}.",
            "",
            "| objects | requests | " + " | ".join(STEPS) + " |",
            "|---|---|" + "---|" * len(STEPS),
            f"| {median['objects']:.0f} | {median['requests']:.0f} | "
            + " | ".join(f"{median[step]:.1f} s" for step in STEPS)
            + " |",
        ]
    )


if __name__ == "__main__":
    print(report(int(sys.argv[1]) if len(sys.argv) > 1 else 3))

"""Loading, checking and deriving, by size: medians of fresh processes, as a table in Markdown.

`python -m benchmarks.bench_load [RUNS]`. One process a run, so that nothing is warm but the disk's cache.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from benchmarks.make_inventory import make

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "inventory.yaml"
SIZES = (10, 100, 500)
SERVERS_A_TEAM = 20
NOW = "2026-11-21T12:00+00:00"
PACKAGES = ("pydantic", "pyyaml", "typer")

# The largest size has to keep these.
BARS = "load and validate ≤ 3 s and ≤ 300 MB, desired and routes ≤ 2 s, the sample with a cold interpreter ≤ 0.5 s"


def run_one(path: Path) -> dict[str, float]:
    """Measure every stage on one file in this process: seconds, and the peak of memory in MB."""
    import resource
    from datetime import datetime

    from oncall.bridge.routes import bridge_config
    from oncall.cli.files import read_files
    from oncall.model.load import load
    from oncall.source import read
    from oncall.source.writer import append
    from oncall.targets import TARGETS
    from oncall.validate import validate

    seconds: dict[str, float] = {}
    now = datetime.fromisoformat(NOW)

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        seconds[name] = time.perf_counter() - start

    with stage("read"):
        document = read(read_files(path))
    with stage("model"):
        inventory = load(document)
    with stage("validate"):
        validate(inventory, now)
    with stage("audit"):
        for target in TARGETS:
            target.audit(inventory, now)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    with stage("places"):
        document.mark(("servers",))
    with stage("edit"):
        append(document.texts, ("leave",), {"person": "p1", "from": "2026-12-28", "to": "2027-01-03"})
    with stage("desired"):
        for target in TARGETS:
            target.desired(inventory, now)
    with stage("routes"):
        bridge_config(inventory)
    return seconds | {"MB": peak}


def measure(path: Path, runs: int) -> dict[str, float]:
    """The medians of `run_one` over fresh processes."""
    command = [sys.executable, "-m", "benchmarks.bench_load", "--one", str(path)]
    samples = [
        json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout) for _ in range(runs)
    ]
    return {name: statistics.median(sample[name] for sample in samples) for name in samples[0]}


def cold(command: list[str], runs: int, code: int = 0) -> float:
    """The median wall time of a command that ends with `code`, its interpreter's start included, in seconds.

    Modules are compiled by a first run that isn't counted, as an installation or its first use would do; that is
    half of the time, so a `PYTHONDONTWRITEBYTECODE` in the environment must not decide it.
    """
    samples = []
    with tempfile.TemporaryDirectory() as compiled:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = kept | {"PYTHONPYCACHEPREFIX": compiled}
        for _ in range(runs + 1):
            start = time.perf_counter()
            ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, env=environment)
            samples.append(time.perf_counter() - start)
            if ended.returncode != code:
                raise subprocess.CalledProcessError(ended.returncode, command, ended.stdout, ended.stderr)
    return statistics.median(samples[1:])


def machine(*packages: str) -> str:
    """What the figures were taken on: the processor, and the versions of Python and of some packages."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in packages)
    return f"{model}, {os.cpu_count()} CPUs, {platform.system()}; Python {platform.python_version()}, {versions}"


def report(runs: int) -> str:
    """The table, in Markdown."""
    columns = ("read", "model", "validate", "audit", "desired", "routes", "places", "edit")
    lines = [
        f"Medians of {runs} runs on {machine(*PACKAGES)}.",
        f"Bars: {BARS}.",
        "",
        "| teams x servers | " + " | ".join(columns) + " | load and validate | peak |",
        "|---" * (len(columns) + 3) + "|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for teams in SIZES:
            path = Path(folder) / f"{teams}.yaml"
            path.write_text(make(teams, SERVERS_A_TEAM), encoding="utf-8")
            found = measure(path, runs)
            total = sum(found[name] for name in ("read", "model", "validate", "audit"))
            cells = [f"{found[name]:.3f} s" for name in columns]
            row = [f"{teams} x {SERVERS_A_TEAM}", *cells, f"{total:.2f} s", f"{found['MB']:.0f} MB"]
            lines.append("| " + " | ".join(row) + " |")
    check = [sys.executable, "-m", "oncall.cli.main", "check", str(SAMPLE), "--now", NOW]
    words = ["leave", "bo", "--from", "2027-02-01", "--to", "2027-02-21", "--cover", "cy", "--dry-run"]
    edit = [sys.executable, "-m", "oncall.cli.main", *words, "--inventory", str(SAMPLE), "--now", NOW]
    lines += [
        "",
        f"`oncall check` of the sample, cold: {cold(check, runs):.2f} s "
        f"(of which the bare interpreter: {cold([sys.executable, '-c', 'pass'], runs):.2f} s).",
        f"`oncall leave` on the sample, cold: {cold(edit, runs, code=2):.2f} s.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    if "--one" in sys.argv:
        print(json.dumps(run_one(Path(sys.argv[-1]))))
    else:
        print(report(int(sys.argv[1]) if len(sys.argv) > 1 else 7))

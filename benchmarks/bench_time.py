"""Timelines, who is on call, and who carries how much, over 500 teams: `python -m benchmarks.bench_time [RUNS]`.

Every cell is a fresh process's. *warm* is a second question to the same `Rota`, as a program that stays asks it.
Seconds are of the processor, but for whole commands.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks.bench_load import NOW, ROOT, SAMPLE, cold, machine
from benchmarks.make_inventory import make

TEAMS, SERVERS_A_TEAM = 500, 20
SCHEDULES = 500
YEAR = timedelta(weeks=52)
BARS = "500 schedules x 52 weeks ≤ 2 s and ≤ 400 MB, `who` over 500 teams ≤ 0.3 s warm"
TITLES = {
    "timelines": "500 schedules x 52 weeks",
    "all": "all schedules x 52 weeks",
    "who cold": "`who`, all teams, first",
    "who": "`who`, all teams, warm",
    "simulate": "`simulate`, one server, warm",
    "load": "`load`, 52 weeks",
    "pay": "`pay`, a month",
    "MB": "peak",
}


def run_one(path: Path) -> dict[str, float]:
    """Measure on one file in this process: seconds, and the peak of memory in MB after the first timelines."""
    from oncall.answers.load import load as load_of
    from oncall.answers.page_path import who_is_paged
    from oncall.answers.pay import pay as pay_of
    from oncall.answers.who import on_duty
    from oncall.cli.files import read_files
    from oncall.model.load import load
    from oncall.shifts.rota import Rota
    from oncall.source import read

    seconds: dict[str, float] = {}
    now = datetime.fromisoformat(NOW)
    inventory = load(read(read_files(path)))

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        start = time.process_time()
        yield
        seconds[name] = time.process_time() - start

    rota = Rota(inventory)
    refs = rota.schedules()
    with stage("who cold"):
        on_duty(rota, refs, now)
    with stage("who"):
        on_duty(rota, refs, now + timedelta(hours=5))
    slug = next(reversed(inventory.servers))
    who_is_paged(rota, slug, now)
    with stage("simulate"):
        who_is_paged(rota, slug, now + timedelta(hours=5))
    fresh = Rota(inventory)
    with stage("timelines"):
        timelines = [fresh.timeline(ref, now, now + YEAR) for ref in refs[:SCHEDULES]]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    with stage("all"):
        timelines += [fresh.timeline(ref, now, now + YEAR) for ref in refs[SCHEDULES:]]
    with stage("load"):
        load_of(Rota(inventory), now, now + YEAR)
    with stage("pay"):
        pay_of(Rota(inventory), date(2026, 12, 1), date(2026, 12, 31))
    return seconds | {"MB": peak, "schedules": len(refs), "shifts": sum(len(one.shifts) for one in timelines)}


def report(runs: int) -> str:
    """The table, in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.yaml"
        path.write_text(make(TEAMS, SERVERS_A_TEAM), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.bench_time", "--one", str(path)]
        samples = [
            json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout) for _ in range(runs)
        ]
        question = [sys.executable, "-m", "oncall.cli.main", "who", "--now", NOW, "--inventory"]
        whole, small = cold([*question, str(path)], runs), cold([*question, str(SAMPLE)], runs)
    found = {name: statistics.median(sample[name] for sample in samples) for name in samples[0]}
    cells = [f"{found[name]:.0f} MB" if name == "MB" else f"{found[name]:.3f} s" for name in TITLES]
    return "\n".join(
        [
            f"Medians of {runs} runs on {machine('pydantic')}.",
            f"Bars: {BARS}.",
            f"{TEAMS} teams with {found['schedules']:.0f} schedules, {found['shifts']:.0f} shifts in 52 weeks.",
            "",
            f"| {' | '.join(TITLES.values())} |",
            "|---" * len(TITLES) + "|",
            f"| {' | '.join(cells)} |",
            "",
            f"`oncall who` as a command, the file read and checked first: {whole:.2f} s, the sample {small:.2f} s.",
        ]
    )


if __name__ == "__main__":
    if "--one" in sys.argv:
        print(json.dumps(run_one(Path(sys.argv[-1]))))
    else:
        print(report(int(sys.argv[1]) if len(sys.argv) > 1 else 5))

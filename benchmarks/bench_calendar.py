"""Calendars and pages of 500 teams over 12 weeks: `python -m benchmarks.bench_calendar [RUNS]`.

Every row is a fresh process's. Seconds are of the processor, so that what else a machine does is left out.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from benchmarks.bench_load import NOW, ROOT, SAMPLE, machine
from benchmarks.make_inventory import make

TEAMS, SERVERS_A_TEAM = 500, 20
TITLES = ("teams", "schedules", "shifts", "collect", "calendars", "pages", "files", "in all", "largest page", "peak")


def run_one(path: Path) -> dict[str, float]:
    """Measure on one file in this process: seconds, and sizes in MB."""
    from oncall.calendars.book import Period, make_book
    from oncall.calendars.ics import calendars
    from oncall.calendars.names import FileNames
    from oncall.calendars.page import pages
    from oncall.cli.files import read_files
    from oncall.model.load import load
    from oncall.shifts.rota import Rota
    from oncall.source import read

    now = datetime.fromisoformat(NOW)
    inventory = load(read(read_files(path)))
    marks = [time.process_time()]
    rota = Rota(inventory)
    book = make_book(rota, Period.of_weeks(now.date(), 12), now)
    marks.append(time.process_time())
    names = FileNames(rota.schedules())
    texts = calendars(book, names)
    marks.append(time.process_time())
    drawn = pages(book, names, now, linked=True)
    marks.append(time.process_time())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    sizes = [len(text.encode()) / 1e6 for text in (*texts.values(), *drawn.values())]
    return {
        "teams": len(inventory.teams),
        "schedules": len(book.schedules),
        "shifts": sum(len(schedule.shifts) for schedule in book.schedules),
        "collect": marks[1] - marks[0],
        "calendars": marks[2] - marks[1],
        "pages": marks[3] - marks[2],
        "files": len(sizes),
        "in all": sum(sizes),
        "largest page": max(len(text.encode()) / 1e6 for text in drawn.values()),
        "peak": peak,
    }


def report(runs: int) -> str:
    """The table, in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        big = Path(folder) / "big.yaml"
        big.write_text(make(TEAMS, SERVERS_A_TEAM), encoding="utf-8")
        rows = [_row(path, runs) for path in (SAMPLE, big)]
    return "\n".join(
        [
            f"Medians of {runs} runs on {machine('icalendar')}.",
            "",
            f"| {' | '.join(TITLES)} |",
            "|---" * len(TITLES) + "|",
            *(f"| {' | '.join(row)} |" for row in rows),
        ]
    )


def _row(path: Path, runs: int) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.bench_calendar", "--one", str(path)]
    samples = [
        json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout) for _ in range(runs)
    ]
    found = {name: statistics.median(sample[name] for sample in samples) for name in TITLES}
    units = {"collect": "{:.2f} s", "calendars": "{:.2f} s", "pages": "{:.2f} s", "peak": "{:.0f} MB"}
    units |= {"in all": "{:.1f} MB", "largest page": "{:.2f} MB"}
    return [units.get(name, "{:.0f}").format(found[name]) for name in TITLES]


if __name__ == "__main__":
    if "--one" in sys.argv:
        print(json.dumps(run_one(Path(sys.argv[-1]))))
    else:
        print(report(int(sys.argv[1]) if len(sys.argv) > 1 else 3))

"""Previews of small and large edits over 500 teams, and of the sample: `python -m benchmarks.bench_preview [RUNS]`.

Every cell is a process of its own with a cold interpreter, from both files to the last line printed. Seconds are of the
processor, so that whatever else the machine does is not counted.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.bench_load import NOW, ROOT, SAMPLE, machine
from benchmarks.make_inventory import make

TEAMS, SERVERS_A_TEAM = 500, 20
BARS = f"base and head of {TEAMS} teams and {TEAMS * SERVERS_A_TEAM:,} servers ≤ 8 s and ≤ 600 MB, the sample ≤ 0.8 s"
Edit = Callable[[str], str]


def nothing(text: str) -> str:
    return text


def comment(text: str) -> str:
    return f"# Who we are.\n{text}"


def small(text: str) -> str:
    """One line-up in another order, ten servers that change hands."""
    lineup = text.replace("people: [p004-a, p004-b, p004-c]", "people: [p004-b, p004-a, p004-c]")
    return lineup.replace("team: team-001, tier: internal", "team: team-002, tier: internal")


def large(text: str) -> str:
    """All rotations hand over an hour later, steps come a minute later, servers have other tiers."""
    later = text.replace("hand_off: Mon 09:00", "hand_off: Mon 10:00").replace("after: 5m}", "after: 6m}")
    lines = later.splitlines(keepends=True)
    return "".join(line.replace("tier: author", "tier: internal") if "0-mcp" in line else line for line in lines)


def sample(text: str) -> str:
    return text.replace("people: [pia, olu]", "people: [olu, pia]")


def split(text: str, folder: Path) -> None:
    """Write an inventory as a folder of files: one for each 25 entries of its nouns."""
    folder.mkdir()
    nouns = [f"{part}\n" for part in re.split(r"\n(?=[a-z_]+:)", text.strip("\n"))]
    for noun in nouns:
        head, *entries = re.split(r"(?m)^(?=  [^ #])", noun)
        for number in range(0, max(len(entries), 1), 25):
            name = f"{head.partition(':')[0].strip()}-{number:05}.yaml"
            (folder / name).write_text(head + "".join(entries[number : number + 25]), encoding="utf-8")


EDITS: dict[str, Edit] = {
    "the same file": nothing,
    "a comment": comment,
    "a line-up, ten servers": small,
    "everything": large,
}


def measure(base: Path, head: Path, form: str, runs: int) -> tuple[float, float, int]:
    """Return the median of processor seconds, the largest peak of memory in MB, and the characters printed."""
    command = [sys.executable, "-m", "oncall.cli.main", "preview", "--base", str(base), "--inventory", str(head)]
    seconds, peaks, size = [], [], 0
    with tempfile.TemporaryDirectory() as compiled, tempfile.TemporaryFile() as out:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(runs + 1):  # the first compiles the modules and isn't counted
            out.seek(0)
            out.truncate()
            process = subprocess.Popen([*command, "--as", form, "--now", NOW], cwd=ROOT, env=environment, stdout=out)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in (0, 2, 3):
                raise subprocess.CalledProcessError(process.returncode, command)
            seconds.append(used.ru_utime + used.ru_stime)
            peaks.append(used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2))
            size = out.seek(0, os.SEEK_END)
    return statistics.median(seconds[1:]), max(peaks[1:]), size


def report(runs: int) -> str:
    """The table, in Markdown."""
    lines = [
        f"Medians of {runs} runs on {machine('pydantic', 'pyyaml')}.",
        f"Bars: {BARS}.",
        "",
        "| inventory | edit | printed as | processor | peak | bytes |",
        "|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        base, head = Path(folder) / "base.yaml", Path(folder) / "head.yaml"
        big, small_one = make(TEAMS, SERVERS_A_TEAM), SAMPLE.read_text(encoding="utf-8")
        cases = [("500 teams", name, big, edit(big), "markdown") for name, edit in EDITS.items()]
        cases += [("500 teams", "everything", big, large(big), form) for form in ("json", "html")]
        cases += [("the sample", "a line-up", small_one, sample(small_one), form) for form in ("terminal", "markdown")]
        for inventory, name, before, after, form in cases:
            base.write_text(before, encoding="utf-8")
            head.write_text(after, encoding="utf-8")
            seconds, peak, size = measure(base, head, form, runs)
            lines.append(f"| {inventory} | {name} | {form} | {seconds:.2f} s | {peak:.0f} MB | {size:,} |")
        before, after = Path(folder) / "before", Path(folder) / "after"
        split(big, before)
        split(small(big), after)
        seconds, peak, size = measure(before, after, "markdown", runs)
        files = len(list(after.iterdir()))
        name = f"a line-up, ten servers, in {files} files"
        lines.append(f"| 500 teams | {name} | markdown | {seconds:.2f} s | {peak:.0f} MB | {size:,} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(int(sys.argv[1]) if len(sys.argv) > 1 else 5))

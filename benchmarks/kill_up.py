"""Kill an `up` at random moments, then `oncall recover` and `up` again: a table of what came of it, in Markdown.

`python -m benchmarks.kill_up [MOMENTS] [SEED]`. Every moment gets accounts and a stack of its own. What the accounts
hold at the end is compared, object by object, with what an undisturbed `up` leaves.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from benchmarks.bench_load import machine
from benchmarks.make_inventory import make
from oncall.cli.engine import Engine, EngineError
from oncall.cli.load import load_inventory
from oncall.cli.local_sandbox import Sandbox, known_users, running_sandbox

ROOT = Path(__file__).resolve().parents[1]
TEAMS = 11  # makes about 200 objects
SERVERS_A_TEAM = 4
VICTIMS: Mapping[str, str] = {
    "engine": "",
    "our plugin": "oncall.provider",
    "PagerDuty's plugin": "sandbox.plugin",
}
"""Who is killed, and what the command line of its process has in it."""
JITTER_S = 0.15
"""A kill comes up to so much later than the line that it waits for: some calls take less time than a line."""
LATENCY_S = 0.25
"""What a create takes at the vendor. Without it hardly a kill would meet a request that is on its way."""
GENIE = {"Authorization": "GenieKey 11111111-2222-3333-4444-555555555555"}
TOKEN = {"Authorization": "Token token=sandbox-token-pdpdpd"}


@dataclass(frozen=True)
class Life:
    """A stack on accounts of its own."""

    engine: Engine
    sandbox: Sandbox


@dataclass
class Outcome:
    """What one kill did, and how it ended. `recovered` is what `oncall recover --json` printed."""

    victim: str
    after: int
    recovered: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    ended: str = ""

    def row(self) -> str:
        """Return the row of the table."""
        found = Counter(each["verdict"] for each in self.recovered.get("found", ()))
        put_in_order = [
            f"{count} {text}"
            for count, text in (
                (found["import"], "imported"),
                (found["delete"], "keys made anew"),
                (self.recovered.get("pending_creates_forgotten", 0), "pending"),
                (self.recovered.get("files_mended", 0), "side file mended"),
            )
            if count
        ]
        cells = (self.victim, str(self.after), ", ".join(put_in_order) or "nothing", f"{self.seconds:.1f}", self.ended)
        return f"| {' | '.join(cells)} |"


@contextmanager
def new_life(text: str) -> Iterator[Life]:
    """Give an empty stack and fresh accounts for an inventory's text."""
    with tempfile.TemporaryDirectory() as folder, running_sandbox() as sandbox:
        home = Path(folder)
        inventory = home / "inventory.yaml"
        inventory.write_text(text)
        sandbox.seed(known_users(load_inventory(inventory, datetime.now(UTC))))
        settings = (ROOT / "stacks" / "Pulumi.sandbox.yaml").read_text()
        settings = settings.replace("http://127.0.0.1:8911", sandbox.pagerduty)
        settings = settings.replace("http://127.0.0.1:8912", sandbox.opsgenie)
        settings += f"  oncall-as-code:inventory: {inventory}\n  oncall-as-code:bridgeDirectory: {home / 'bridge'}\n"
        engine = Engine(ROOT, home, settings)
        engine.start()
        slow = {"path": "/", "method": "POST", "count": sys.maxsize, "action": {"delay": LATENCY_S}}
        faults = [{"vendor": vendor, **slow} for vendor in ("pagerduty", "opsgenie")]
        answer = httpx.post(f"{sandbox.page}/sandbox/faults", json={"faults": faults}, trust_env=False)
        answer.raise_for_status()
        yield Life(engine, sandbox)


def undisturbed(text: str) -> tuple[Counter[str], int]:
    """Return what an `up` that nobody kills leaves at both accounts, and how many resources it makes."""
    with new_life(text) as life:
        made = life.engine.up()
        return held(life.sandbox), made.counts["created"]


def disturbed(text: str, victim: str, after: int, jitter: float, wanted: Counter[str]) -> Outcome:
    """Kill `victim` when `after` resources are made and `jitter` seconds have passed; recover, and go on."""
    outcome = Outcome(victim, after)
    with new_life(text) as life:
        session = killed_up(life.engine, VICTIMS[victim], after, jitter)
        began = time.perf_counter()
        try:
            outcome.recovered = recover(life.engine)
            life.engine.up()
            outcome.seconds = time.perf_counter() - began
            changes = life.engine.preview().changes
        except EngineError as fault:
            outcome.ended = " ".join(str(fault).split())[-300:]
            return outcome
        finally:
            _kill(_session(session))
        found = held(life.sandbox)
        lost, doubled = wanted - found, found - wanted
        problems = [f"lost: {', '.join(sorted(lost))}"] if lost else []
        problems += [f"too many: {', '.join(sorted(doubled))}"] if doubled else []
        problems += [f"{changes} changes in the preview"] if changes else []
        outcome.ended = "; ".join(problems) or "equal"
        return outcome


def killed_up(engine: Engine, command: str, after: int, jitter: float) -> int:
    """Run `up`, send SIGKILL to the engine (or, with `command`, to its child of that name), and wait for the end.

    Returns the session in which the engine ran: some of its children outlive it.
    """
    arguments = ("up", "--yes", "--skip-preview", "--stack", engine.stack, "--config-file", str(engine.config_file))
    with subprocess.Popen(
        ["pulumi", *arguments, "--non-interactive", "--color", "never"],
        cwd=engine.root,
        env=engine.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        made = 0
        for line in process.stdout:
            made += " created (" in line
            if made == after:
                made += 1
                time.sleep(jitter)
                _kill(_children(process.pid, command) if command else [process.pid])
    return process.pid


def recover(engine: Engine, *options: str) -> dict[str, Any]:
    """Run `oncall recover` on the engine's stack and return what it says. Raise EngineError where it fails."""
    command = [sys.executable, "-m", "oncall.cli.main", "recover", "--json", *options]
    ended = subprocess.run(
        [*command, "--stack", engine.stack, "--config-file", str(engine.config_file)],
        cwd=engine.root,
        env=engine.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode not in (0, 2):
        raise EngineError(f"recover: {ended.returncode} {ended.stdout} {ended.stderr}")
    return {**json.loads(ended.stdout), "exit_code": ended.returncode}


def held(sandbox: Sandbox) -> Counter[str]:
    """Return every object that both vendors list, by kind and name; more than one of a name counts as often."""
    found: list[str] = []
    for kind in ("teams", "schedules", "escalation_policies", "services"):
        for row in _pagerduty(sandbox, f"/{kind}", kind):
            found.append(f"{kind} {row['name']}")
            found += [f"integration {row['name']}/{each['summary']}" for each in row.get("integrations") or ()]
            if kind == "teams":
                members = _pagerduty(sandbox, f"/teams/{row['id']}/members", "members")
                found += [f"member {row['name']}/{each['user']['summary']} {each['role']}" for each in members]
    for kind in ("teams", "schedules", "escalations", "integrations"):
        for row in _opsgenie(sandbox, f"/v2/{kind}?expand=rotation"):
            found.append(f"opsgenie {kind} {row['name']}")
            found += [f"rotation {row['name']}/{each['name']}" for each in row.get("rotations") or ()]
            if kind == "teams":
                rules = _opsgenie(sandbox, f"/v2/teams/{row['id']}/routing-rules")
                found += [f"rule {row['name']}/{each['name']}" for each in rules]
                members = _opsgenie(sandbox, f"/v2/teams/{row['id']}")["members"]
                found += [f"member {row['name']}/{each['user']['username']} {each['role']}" for each in members]
    found += [f"heartbeat {each['name']}" for each in _opsgenie(sandbox, "/v2/heartbeats")["heartbeats"]]
    return Counter(found)


def _pagerduty(sandbox: Sandbox, path: str, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while True:
        address = f"{sandbox.pagerduty}{path}?limit=100&offset={len(rows)}"
        answer = httpx.get(address, headers=TOKEN, trust_env=False).raise_for_status().json()
        rows += answer[name]
        if not answer.get("more"):
            return rows


def _opsgenie(sandbox: Sandbox, path: str) -> Any:
    return httpx.get(sandbox.opsgenie + path, headers=GENIE, trust_env=False).raise_for_status().json()["data"]


def _children(parent: int, command: str) -> list[int]:
    """Return the processes that `parent` started and whose command line has the word in it."""
    return [each for each, (above, _, line) in _processes().items() if above == parent and command in line]


def _kill(processes: Iterable[int]) -> None:
    for each in processes:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def _session(leader: int) -> list[int]:
    """Return the processes of a session."""
    return [each for each, (_, session, _) in _processes().items() if session == leader]


def _processes() -> dict[int, tuple[int, int, str]]:
    """Return parent, session and command line of every process, by its id."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            found[int(folder.name)] = (int(stat[1]), int(stat[3]), line)
    return found


def report(moments: int, seed: int) -> str:
    """Return the table, with the machine and the seed it was measured with."""
    chance = random.Random(seed)
    text = make(TEAMS, SERVERS_A_TEAM)
    wanted, made = undisturbed(text)
    rows = [
        f"An `up` of {made} resources, killed {moments} times, seed {seed}; {machine('pulumi')}.",
        "",
        "| killed | after resources | recover put in order | recover and up, s | the accounts in the end |",
        "|---|---:|---|---:|---|",
    ]
    for number in range(moments):
        victim = list(VICTIMS)[number % len(VICTIMS)]
        after, jitter = chance.randint(1, made - 1), chance.uniform(0, JITTER_S)
        rows.append(disturbed(text, victim, after, jitter, wanted).row())
        sys.stderr.write(f"{number + 1}/{moments} {rows[-1]}\n")
    return "\n".join(rows)


if __name__ == "__main__":
    counts = [int(each) for each in sys.argv[1:]]
    sys.stdout.write(report(*(counts + [20, 1][len(counts) :])) + "\n")

"""`oncall demo`: the main job on local accounts, from the inventory to an incident opened and closed."""

import json
import os
import re
import shutil
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from oncall.cli.engine import Engine, EngineError, Summary
from oncall.cli.load import load_inventory
from oncall.cli.local_sandbox import Sandbox, SandboxError, known_users, running_sandbox
from oncall.cli.webhook import send_webhook
from oncall.cli.workerd import RunningBridge, WorkerdError, start_bridge
from oncall.model import Inventory, Server
from oncall.resource import Resource
from oncall.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".sandbox" / "demo"
PORTS = {"--port": 8910, "--pagerduty-port": 8911, "--opsgenie-port": 8912}  # easy to remember, where they are free
WAIT_S = 20  # for the bridge to reach the vendor; it takes milliseconds
SHORT = {
    "TeamMembership": "member",
    "TeamMember": "member",
    "EscalationPolicy": "policy",
    "ServiceIntegration": "key",
    "ApiIntegration": "key",
}
UNANSWERED_S = 6 * 60  # how far the accounts' clock is moved to show the second step


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running until Ctrl-C.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Also draw what is printed into this SVG file.")] = None,
) -> None:
    """Run the main job on local accounts: inventory, `pulumi up`, the bridge, an incident opened and closed.

    Needs what `make setup` installs. Nothing leaves this machine.
    """
    console = Console(record=picture is not None, highlight=False)
    console.width = 104 if picture else max(console.width, 100)
    try:
        _run(console, keep=keep, picture=picture)
    except (EngineError, SandboxError, WorkerdError) as fault:
        console.print(f"oncall demo: {fault}", style="red", markup=False)
        raise typer.Exit(1) from fault
    except KeyboardInterrupt:
        console.print("stopped")
        raise typer.Exit(130) from None


def _run(console: Console, *, keep: bool, picture: Path | None) -> None:
    inventory = load_inventory(ROOT / "inventory.yaml", datetime.now(UTC))
    with ExitStack() as running:
        _claim(HOME)
        running.callback(shutil.rmtree, HOME, ignore_errors=True)
        sandbox = running.enter_context(running_sandbox(*_ports(PORTS if keep else {})))
        sandbox.seed(known_users(inventory))
        _say(console, 1, "Local accounts", f"PagerDuty and OpsGenie stand-ins at [link]{sandbox.page}[/link]")

        engine = _engine(sandbox)
        resources = [r for t in TARGETS for r in t.desired(inventory, datetime.now(UTC)) if not r.lookup]
        first = _up(console, engine, len(resources))
        _say(console, 2, "pulumi up", _counted(first))
        console.print(_accounts(inventory, resources))

        secrets = json.loads((HOME / "bridge" / "secrets.json").read_text())
        worker = running.enter_context(
            start_bridge(
                HOME / "bridge",
                disk=HOME / "worker",
                vendors=sandbox.page.removeprefix("http://"),
                secrets=secrets,
            )
        )
        _say(console, 3, "The bridge", f"its bundle runs in workerd at {worker.url}")

        servers = _two_servers(inventory)
        for slug, server in servers.items():
            answer = send_webhook(worker.url, secrets["WEBHOOK_SECRET"], _event(inventory, "alert.triggered", slug))
            _say(console, 4, f"{slug} is down", f"AliveMCP's signed webhook: bridge answers {answer}")
            _wait(partial(_is_open, sandbox, slug), f"{slug}'s incident")
            console.print(_incident(sandbox, slug, server))
        sandbox.advance(UNANSWERED_S)
        _say(console, 5, "Nobody answers", f"the accounts' clock moves on by {UNANSWERED_S // 60} minutes")
        for slug, server in servers.items():
            console.print(_incident(sandbox, slug, server))
        for slug in servers:
            answer = send_webhook(worker.url, secrets["WEBHOOK_SECRET"], _event(inventory, "alert.resolved", slug))
            _wait(partial(_is_closed, sandbox, slug), f"{slug}'s closing")
            closed = _record(sandbox, slug)
            _say(
                console,
                6,
                f"{slug} is back",
                f"bridge answers {answer}; {closed['where']}: [green]{closed['status']}[/]",
            )

        again = _up(console, engine, len(resources))
        if again.changes:
            raise EngineError(f"a second `pulumi up` changed {again.changes} resources:\n{again.text}")
        _say(console, 7, "pulumi up again", f"0 changes, {again.counts.get('unchanged', 0)} unchanged")
        console.print(_next_steps())
        if picture:
            console.save_svg(str(picture), title="make demo")
        if keep:
            _stay(console, sandbox, worker)


def _claim(home: Path) -> None:
    """Start from nothing, but never under the feet of a demo that still runs."""
    mark = home / "pid"
    if mark.is_file() and _alive(int(mark.read_text() or 0)):
        raise typer.BadParameter(f"a demo is running already (process {mark.read_text()}): stop it with Ctrl-C first")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    mark.write_text(str(os.getpid()))


def _ports(wanted: Mapping[str, int]) -> list[str]:
    """Return the wanted ports as options, those that are taken left to chance."""
    free = []
    for option, port in wanted.items():
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                free += [option, str(port)]
    return free


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process > 0


def _engine(sandbox: Sandbox) -> Engine:
    config = (ROOT / "stacks" / "Pulumi.sandbox.yaml").read_text()
    config = config.replace("http://127.0.0.1:8911", sandbox.pagerduty).replace(
        "http://127.0.0.1:8912", sandbox.opsgenie
    )
    engine = Engine(ROOT, HOME, f"{config}  oncall-as-code:bridgeDirectory: {HOME / 'bridge'}\n")
    engine.start()
    return engine


def _up(console: Console, engine: Engine, total: int) -> Summary:
    columns = (TextColumn("   {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("pulumi up", total=total)

        def count(line: str) -> None:
            if " created (" in line and ":components:" not in line:
                progress.advance(task)

        return engine.up(on_line=count)


def _counted(summary: Summary) -> str:
    return ", ".join(f"{count} {verb}" for verb, count in summary.counts.items()) or "nothing to do"


def _accounts(inventory: Inventory, resources: list[Resource]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 3), header_style="dim")
    for title in ("team", "pages through", "made of"):
        table.add_column(title)
    for key, team in inventory.teams.items():
        for target in team.pages_through:
            kinds = Counter(r.kind.split(":")[1] for r in resources if r.team == key and r.kind.startswith(target))
            made = ", ".join(_plural(count, kind) for kind, count in kinds.items() if kind != "Team")
            table.add_row(team.name, target, made, style=None if target == team.pages_through[0] else "dim")
    return table


def _plural(count: int, kind: str) -> str:
    """Return `2 policies` for 2 and EscalationPolicy."""
    word = SHORT.get(kind) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
    return f"{count} {word}" if count == 1 else f"{count} {re.sub('cy$', 'cie', word)}s"


def _two_servers(inventory: Inventory) -> dict[str, Server]:
    """Return one server a vendor: the first of its most severe tier whose team pages through it."""
    chosen = {}
    for target in TARGETS:
        for slug, server in inventory.servers.items():
            team = inventory.teams[server.team]
            severe = inventory.tiers[server.tier].severity == "critical"
            if team.pages_through[0] == target.name and severe and not server.own_service:
                chosen[slug] = server
                break
    return chosen


def _event(inventory: Inventory, kind: str, slug: str) -> dict[str, Any]:
    server = inventory.servers[slug]
    return {
        "type": kind,
        "server_slug": slug,
        "server_name": server.name,
        "server_tier": server.tier,
        "server_tags": list(server.tags),
        "server_owner_team": server.team,
        "failure_reason": "initialize timed out after 10 s",
        "check_url": server.url,
        "occurred_at": datetime.now(UTC).isoformat(),
    }


def _record(sandbox: Sandbox, slug: str) -> dict[str, Any]:
    """Return a server's incident or alert as the sandbox shows it; `open` is False where there is none."""
    for vendor, name in (("pagerduty", "incidents"), ("opsgenie", "alerts")):
        for each in sandbox.state()[vendor][name]:
            if each["key"] == f"alivemcp-{slug}":
                return {**each, "vendor": vendor}
    return {"open": False, "status": "absent", "where": ""}


def _is_open(sandbox: Sandbox, slug: str) -> bool:
    return bool(_record(sandbox, slug)["open"])


def _is_closed(sandbox: Sandbox, slug: str) -> bool:
    return not _is_open(sandbox, slug)


def _incident(sandbox: Sandbox, slug: str, server: Server) -> Panel:
    record = _record(sandbox, slug)
    pages: dict[tuple[str, str], list[str]] = {}
    for page in record["notifications"]:
        pages.setdefault((page["at"][11:19], page["who"]), []).append(page["how"])
    lines = [f"[bold]{record['title']}[/]   {record['level']}, {record['status']}, in {record['where']}"]
    lines += [f"{at} UTC  pages [bold]{who}[/] by {' and '.join(sorted(how))}" for (at, who), how in pages.items()]
    return Panel("\n".join(lines), title=f"{record['vendor']}: {server.name}", title_align="left", padding=(0, 2))


def _wait(ready: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + WAIT_S
    while not ready():
        if time.monotonic() > until:
            raise EngineError(f"{what} did not come within {WAIT_S} s")
        time.sleep(0.05)


def _say(console: Console, step: int, title: str, text: str) -> None:
    console.print(f"[bold cyan]{step}[/]  [bold]{title:<22}[/] {text}")


def _next_steps() -> Panel:
    return Panel(
        "Your own accounts (README, “Real accounts in five steps”):\n"
        "  1  write who you are into inventory.yaml, then  oncall check\n"
        "  2  pulumi login && pulumi stack init production\n"
        "  3  pulumi config set --secret pagerdutyToken   and   --secret opsgenieApiKey\n"
        "  4  pulumi up\n"
        "  5  cd dist/production && npx wrangler deploy; set at AliveMCP what  pulumi stack output alivemcp  says",
        title="next",
        title_align="left",
        padding=(0, 2),
    )


def _stay(console: Console, sandbox: Sandbox, worker: RunningBridge) -> None:
    console.print(
        f"   accounts page  {sandbox.page}\n   PagerDuty API  {sandbox.pagerduty}\n   OpsGenie API   {sandbox.opsgenie}"
    )
    console.print(f"   bridge         {worker.url}/alivemcp\n   Ctrl-C stops everything.")
    while True:
        time.sleep(1)

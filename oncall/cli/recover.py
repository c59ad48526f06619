"""`oncall recover`: the way on after a `pulumi up` that was killed."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from oncall.cli.engine import EngineError
from oncall.cli.instants import Now, parse_instant, the_clock
from oncall.cli.load import load_inventory
from oncall.cli.user_stack import UserStack
from oncall.clients.base import ApiClient
from oncall.clients.errors import ClientError
from oncall.clients.pagerduty import DEFAULT_URL, EU_URL, Pagerduty, api_token
from oncall.clients.retry import Retrier
from oncall.recovery import (
    Found,
    Recorded,
    address,
    find,
    import_file,
    lists_needed,
    names_wanted,
    not_looked_for,
    recorded,
    unplaced,
    without_pending_creates,
)
from oncall.resource import Resource
from oncall.targets.pagerduty import PAGERDUTY

SETTLE_S = 3.0
"""A create that was under way when the engine died may still be carried out: with pending ones we wait a little."""

SAYINGS = {
    "import": ("would be imported", "imported"),
    "delete": ("would be deleted, to be made anew", "deleted, to be made anew"),
    "foreign": ("not ours: rename it there, or in the inventory",) * 2,
    "spare": ("ours, but one too many: delete it there",) * 2,
}

NEXT = {
    0: "all is in order",
    1: "next: settle what is left to you, run this again, then pulumi up",
    2: "next: pulumi up",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found, and what else was put in order."""

    found: tuple[Found, ...]
    dry_run: bool
    pending: int = 0
    unlocked: bool = False
    mended: int = 0
    not_looked_for: tuple[tuple[str, str], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 nothing to do, 2 something was (or would be) done, 1 something is left for a person."""
        if any(each.verdict in ("foreign", "spare") for each in self.found):
            return 1
        return 2 if self.found or self.pending or self.unlocked or self.mended else 0


def recover(
    stack: Annotated[str | None, typer.Option(help="The stack, else the one `pulumi` has selected.")] = None,
    config_file: Annotated[Path | None, typer.Option(help="The stack's settings, as pulumi's --config-file.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
    now: Now = None,
) -> None:
    """Put a stack in order after a `pulumi up` that was killed, so that the next one can go on.

    Finds what was made at PagerDuty but not recorded, by its name and our mark, and imports it into the state; deletes
    integrations whose key nobody was given; forgets creates of unknown end; takes away the dead engine's lock. Objects
    of the same name without our mark are named and left alone. Run it as often as you like, then `pulumi up`.

    Runs `pulumi` of PATH on your own backend. The exit code is 0 where all was in order, 2 where something was done (or
    would be, with `--dry-run`), 1 where something is left to you.
    """
    try:
        outcome = _recover(UserStack(stack, config_file), now, dry_run=dry_run)
    except (EngineError, ClientError) as fault:
        typer.echo(f"oncall recover: {fault}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(_as_data(outcome), indent=2, ensure_ascii=False))
    else:
        _print(outcome)
    raise typer.Exit(outcome.exit_code)


def _recover(stack: UserStack, now: datetime | None, *, dry_run: bool) -> Outcome:
    mended, unlocked = stack.put_in_order(dry_run=dry_run)
    settings = stack.settings()
    export = stack.export()
    state = recorded(export)
    setting = settings.get("now")
    at = now or (parse_instant(setting) if setting else the_clock())
    inventory = load_inventory(Path(settings.get("inventory") or "inventory.yaml"), at)
    wanted = PAGERDUTY.desired(inventory, at)
    found = _look(wanted, state, settings)
    if lost := unplaced(found, state):
        names = ", ".join(each.name for each in lost)
        raise EngineError(f"the state does not know where these belong: {names}; is this the right stack?")
    outcome = Outcome(found, dry_run, len(state.pending), unlocked, mended, not_looked_for(state))
    if not dry_run and outcome.exit_code:
        _act(stack, export, state, found, settings)
    return outcome


def _look(wanted: Sequence[Resource], state: Recorded, settings: Mapping[str, str]) -> tuple[Found, ...]:
    """List what may hold something unrecorded, and find it there; no calls where everything is recorded."""
    needed = lists_needed(wanted, state)
    if not needed:
        return ()
    account = _account(settings)
    if state.pending:
        time.sleep(SETTLE_S)
    lists = {}
    for each in needed:
        rows = account.rows(each.path, each.rows)
        if not each.whole:
            names = names_wanted(wanted, state, each.kind)
            same = [row for row in rows if str(row.get("summary")).casefold() in names]
            rows = [account.get(f"{each.path}/{row['id']}")["schedule"] for row in same]
        lists[each.kind] = rows
    return find(wanted, state, lists)


def _act(
    stack: UserStack,
    export: Mapping[str, Any],
    state: Recorded,
    found: Sequence[Found],
    settings: Mapping[str, str],
) -> None:
    # The state is written first: an engine that is alive after all refuses that, before anything is deleted.
    stack.replace(without_pending_creates(export))
    imports = import_file(found, state)
    if imports["resources"]:
        stack.take_in(imports)
    for each in found:
        if each.verdict == "delete":
            _account(settings).delete(address(each))


def _account(settings: Mapping[str, str]) -> Pagerduty:
    given = settings.get("pagerdutyToken")
    if not given:
        raise EngineError("teams page through PagerDuty: set its token, pulumi config set --secret pagerdutyToken")
    url = settings.get("pagerdutyApiUrl") or (EU_URL if settings.get("pagerdutyRegion") == "eu" else DEFAULT_URL)
    return Pagerduty(ApiClient("PagerDuty", url), api_token(given), Retrier())


def _as_data(outcome: Outcome) -> dict[str, Any]:
    return {
        "dry_run": outcome.dry_run,
        "found": [asdict(each) for each in outcome.found],
        "pending_creates_forgotten": outcome.pending,
        "not_looked_for": [{"type": kind, "name": name} for kind, name in outcome.not_looked_for],
        "lock_taken_away": outcome.unlocked,
        "files_mended": outcome.mended,
    }


def _print(outcome: Outcome) -> None:
    console = Console(highlight=False)
    console.width = max(console.width, 100)
    if outcome.found:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for title in ("kind", "name", "id", "what is done"):
            table.add_column(title)
        for each in outcome.found:
            saying = SAYINGS[each.verdict][0 if outcome.dry_run else 1]
            table.add_row(each.kind.partition(":")[2], Text(each.name), each.id, saying)
        console.print(table)
    done = "would be " if outcome.dry_run else ""
    if outcome.mended:
        console.print(f"half-written side files of the state {done}removed: {outcome.mended}")
    if outcome.unlocked:
        console.print(f"the lock of an engine that has died {done}taken away")
    if outcome.pending:
        console.print(f"creates of unknown end {done}forgotten: {outcome.pending}")
    for kind, name in outcome.not_looked_for:
        console.print(f"look for it yourself, it has no name to be found by: {kind} {name}", markup=False)
    console.print(NEXT[outcome.exit_code])

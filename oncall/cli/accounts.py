"""`oncall preview --live`: read the accounts, and say what they have otherwise."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import typer

from oncall.answers.shift_rows import Foreign
from oncall.cli.account_history import deleted_users, with_history
from oncall.cli.account_opsgenie import overrides_by_hand as by_hand_in_opsgenie
from oncall.cli.account_opsgenie import read_opsgenie
from oncall.cli.account_pagerduty import overrides_by_hand, pagerduty_account, read_pagerduty
from oncall.cli.live import CREDENTIALS, no_account, unset
from oncall.clients.errors import ClientError
from oncall.clients.retry import Retrier
from oncall.model import Inventory, TargetName
from oncall.preview.live import drift
from oncall.preview.model import ByHand, Live, Preview
from oncall.preview.preflight import at_opsgenie, at_pagerduty, nothing_there
from oncall.preview.preflight_users import missing_people
from oncall.preview.shifts import schedule_title
from oncall.shifts.rota import Rota
from oncall.targets import OPSGENIE, PAGERDUTY, TARGETS
from oncall.targets.checks import TITLES
from oncall.targets.opsgenie.existing import existing as existing_at_opsgenie
from oncall.targets.pagerduty.existing import existing as existing_at_pagerduty

Progress = Callable[[str], None]


def look(
    base: Inventory | None, head: Inventory, preview: Preview, now: datetime, given: Mapping[str, str] | None = None
) -> Live:
    """Return what the accounts say of an edit from `base` (None: there was none) to `head`.

    `given` are the tokens and addresses, by the names the environment has for them (None: the environment's). Raises
    NoAccountError without any token, ClientError where an account refuses or can't be reached, and UnreadableError
    where its answer is none.
    """
    account = os.environ if given is None else given
    sides = [side for side in (base, head) if side is not None]
    needed = {vendor for side in sides for team in side.teams.values() for vendor in team.pages_through}
    vendors = [target.name for target in TARGETS if target.name in needed]
    asked = [vendor for vendor in vendors if account.get(CREDENTIALS[vendor])]
    if vendors and not asked:
        raise no_account(vendors, given)
    unasked = tuple(vendor for vendor in vendors if vendor not in asked)
    notes = [f"{TITLES[vendor]} was not asked: {unset((vendor,), given)} is not set." for vendor in unasked]
    found = [_ASK[vendor](base, head, preview, now, account) for vendor in asked]
    return Live(
        tuple(asked),
        tuple(one for each in found for one in each.drift),
        tuple(one for each in found for one in each.by_hand),
        tuple(one for each in found for one in each.obstacles),
        {vendor: each.foreign[vendor] for vendor, each in zip(asked, found, strict=True)},
        (*notes, *(note for each in found for note in each.notes)),
        unasked,
    )


def _pagerduty(
    base: Inventory | None, head: Inventory, preview: Preview, now: datetime, given: Mapping[str, str]
) -> Live:
    before = PAGERDUTY.desired(base, now) if base is not None else None
    after = PAGERDUTY.desired(head, now)
    with _progress("pagerduty") as (progress, retrier), pagerduty_account(given, retrier) as account:
        read = read_pagerduty(account, (*(before or ()), *after), now, preview.end, progress)
        there = existing_at_pagerduty(after, read.lists, now)
        was = (before, existing_at_pagerduty(before, read.lists, now)) if before is not None else None
        differs, empty = drift("pagerduty", was, (after, there))
        differs, unknown = with_history(account, differs, {**there.ids, **(was[1].ids if was else {})}, now, progress)
        deleted, untold = deleted_users(account, now, progress) if missing_people(head, after, there) else ({}, "")
    by_hand = overrides_by_hand(base, head, there, read.lists, now, preview.end)
    notes = [each for each in (unknown, untold) if each]
    notes += [f"The token may not read {path.strip('/')}: {why}." for path, why in read.refused.items()]
    foreign = was[1].foreign if was is not None else there.foreign
    changes = preview.objects.get("pagerduty", ())
    obstacles = at_pagerduty(head, changes, was[1] if was is not None else None, after, there, read.lists, deleted)
    obstacles = (*([nothing_there("pagerduty")] if empty else []), *obstacles)
    drawn = _drawn(head, by_hand)
    return Live(("pagerduty",), differs, drawn, obstacles, {"pagerduty": foreign}, tuple(notes))


def _drawn(inventory: Inventory, found: Sequence[Foreign]) -> tuple[ByHand, ...]:
    rota = Rota(inventory)
    return tuple(
        ByHand(
            one.vendor,
            one.schedule,
            schedule_title(inventory, one.schedule),
            rota.zone(one.schedule),
            one.start,
            one.end,
            inventory.people[one.person].name if one.person is not None else one.who,
            one.person,
            one.whole,
        )
        for one in found
    )


@contextmanager
def _progress(vendor: TargetName) -> Iterator[tuple[Progress, Retrier]]:
    """Show on stderr what is being read; why it waits is said on any stderr, the rest on terminals only."""
    from rich.console import Console

    screen = Console(stderr=True, markup=False, highlight=False)
    count = 0
    with screen.status(f"reading {TITLES[vendor]}") as status:

        def progress(path: str) -> None:
            nonlocal count
            count += 1
            status.update(f"reading {TITLES[vendor]}: {count} lists and objects, {path}")

        def waiting(fault: ClientError, seconds: float) -> None:
            typer.echo(f"{fault.what}: going on in {seconds:.0f} s", err=True)

        yield progress, Retrier(on_wait=waiting)


def _opsgenie(
    base: Inventory | None, head: Inventory, preview: Preview, now: datetime, given: Mapping[str, str]
) -> Live:
    before = OPSGENIE.desired(base, now) if base is not None else None
    after = OPSGENIE.desired(head, now)
    with _progress("opsgenie") as (progress, retrier):
        read = read_opsgenie(given, (*(before or ()), *after), progress, retrier)
    there = existing_at_opsgenie(after, read.lists, now)
    was = (before, existing_at_opsgenie(before, read.lists, now)) if before is not None else None
    differs, empty = drift("opsgenie", was, (after, there))
    by_hand = by_hand_in_opsgenie(base, head, there, read.lists, now, preview.end)
    notes = [f"The key may not read {path.strip('/')}: {why}." for path, why in read.refused.items()]
    if read.heads_only:
        notes.append(f"{read.heads_only} policies at OpsGenie were compared by name only: each more takes a call.")
    foreign = was[1].foreign if was is not None else there.foreign
    obstacles = at_opsgenie(head, preview.objects.get("opsgenie", ()), after, there, read.lists)
    obstacles = (*([nothing_there("opsgenie")] if empty else []), *obstacles)
    return Live(("opsgenie",), differs, _drawn(head, by_hand), obstacles, {"opsgenie": foreign}, tuple(notes))


_ASK: Mapping[TargetName, Callable[[Inventory | None, Inventory, Preview, datetime, Mapping[str, str]], Live]] = {
    "pagerduty": _pagerduty,
    "opsgenie": _opsgenie,
}

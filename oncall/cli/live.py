"""What the accounts know that the inventory doesn't: overrides made by hand. Lists only, one call a schedule."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall.answers.by_hand import (
    Known,
    by_hand_at_opsgenie,
    by_hand_at_pagerduty,
    known_schedules,
    ours_before_too,
    within,
)
from oncall.answers.shift_rows import Foreign
from oncall.clients import opsgenie, pagerduty
from oncall.clients.base import ApiClient
from oncall.clients.retry import Retrier
from oncall.model import Inventory, TargetName
from oncall.model.escalation import ScheduleRef
from oncall.preview.pairs import person_pairs
from oncall.shifts.rota import Rota
from oncall.targets.checks import TITLES
from oncall.targets.common import utc_text

CREDENTIALS: Mapping[TargetName, str] = {"pagerduty": "PAGERDUTY_TOKEN", "opsgenie": "OPSGENIE_API_KEY"}
ADDRESSES: Mapping[TargetName, str] = {"pagerduty": "PAGERDUTY_API_URL", "opsgenie": "OPSGENIE_API_URL"}
SETTINGS: Mapping[str, str] = {
    "PAGERDUTY_TOKEN": "pagerdutyToken",
    "PAGERDUTY_API_URL": "pagerdutyApiUrl",
    "OPSGENIE_API_KEY": "opsgenieApiKey",
    "OPSGENIE_API_URL": "opsgenieApiUrl",
}
"""The settings of a stack that say the same as the environment."""


class NoAccountError(Exception):
    """There is no token for any vendor in question; the text says where one is looked for."""


@dataclass(frozen=True, slots=True)
class Live:
    """What was found, and what could not be asked, in sentences."""

    foreign: tuple[Foreign, ...]
    unasked: tuple[str, ...]


def unset(vendors: Iterable[TargetName], given: Mapping[str, str] | None) -> str:
    """Return what would have to be set for vendors to be asked: in the stack that `given` is of, or the environment."""
    names = [CREDENTIALS[vendor] for vendor in vendors]
    return " or ".join(names if given is None else [SETTINGS[name] for name in names])


def no_account(vendors: Sequence[TargetName], given: Mapping[str, str] | None) -> NoAccountError:
    """Return that no vendor can be asked, and the way out."""
    names = unset(vendors, given) or "a vendor"
    if given is None:
        return NoAccountError(f"--live needs {names} in the environment, a token that may only read, or --stack")
    return NoAccountError(f"--live needs {names}, which the stack does not set: `pulumi config set --secret ...`")


def of_stack(settings: Mapping[str, str]) -> dict[str, str]:
    """Return a stack's settings as the environment would have them."""
    found = {name: settings[setting] for name, setting in SETTINGS.items() if settings.get(setting)}
    if settings.get("pagerdutyRegion") == "eu":
        found.setdefault(ADDRESSES["pagerduty"], pagerduty.EU_URL)
    return found


def known_at(vendor: TargetName, base: Inventory | None, head: Inventory, now: datetime) -> tuple[Known, ...]:
    """Return all schedules of an edited inventory at a vendor, with the overrides that are ours on either side."""
    known = known_schedules(head, vendor, Rota(head).schedules(), now)
    if base is None:
        return known
    before = known_schedules(base, vendor, Rota(base).schedules(), now)
    return ours_before_too(known, before, person_pairs(base, head))


def live_overrides(
    inventory: Inventory,
    refs: Sequence[ScheduleRef],
    start: datetime,
    end: datetime,
    given: Mapping[str, str] | None = None,
) -> Live:
    """Ask the accounts for overrides between two instants in the schedules that are not ours.

    `given` are the tokens and addresses, by the names the environment has for them (None: the environment's). Raises
    NoAccountError without any token, ClientError where an account refuses or can't be reached, and UnreadableError
    where its answer is none.
    """
    account = os.environ if given is None else given
    found: list[Foreign] = []
    unasked: list[str] = []
    needed = dict.fromkeys(vendor for ref in refs for vendor in inventory.teams[ref.team].pages_through)
    vendors = [vendor for vendor in CREDENTIALS if vendor in needed]
    if not any(account.get(CREDENTIALS[vendor]) for vendor in vendors):
        raise no_account(vendors, given)
    for vendor in vendors:
        secret = account.get(CREDENTIALS[vendor])
        if not secret:
            unasked.append(f"{TITLES[vendor]} is not asked: {unset((vendor,), given)} is not set")
            continue
        known = known_schedules(inventory, vendor, refs, start)
        ask = _pagerduty if vendor == "pagerduty" else _opsgenie
        some, missing = ask(inventory, known, start, end, secret, account.get(ADDRESSES[vendor]))
        found += some
        unasked += [f"{TITLES[vendor]} has no schedule {name!r}" for name in missing]
    return Live(within(found, start, end), tuple(unasked))


def _pagerduty(
    inventory: Inventory, known: Sequence[Known], start: datetime, end: datetime, token: str, url: str | None
) -> tuple[list[Foreign], list[str]]:
    client = ApiClient("PagerDuty", url or pagerduty.DEFAULT_URL)
    account = pagerduty.Pagerduty(client, pagerduty.api_token(token), Retrier())
    try:
        rows, missing = [], []
        window = {"since": utc_text(start), "until": utc_text(end), "overflow": "true"}
        for shifts, path in ((False, "/schedules"), (True, "/v3/schedules")):
            wanted = [one for one in known if one.shifts is shifts]
            listed = account.rows(path, "schedules") if wanted else []
            ids = {str(row.get("summary") or row.get("name")).casefold(): str(row.get("id")) for row in listed}
            for one in wanted:
                if (found := ids.get(one.name.casefold())) is None:
                    missing.append(one.name)
                else:
                    there = f"{path}/{opsgenie.segment(found)}/overrides"
                    rows.append((one, account.rows(there, "overrides", **window)))
        users = account.rows("/users", "users") if any(some for _, some in rows) else []
    finally:
        client.close()
    emails = {str(user.get("id")): str(user.get("email")).casefold() for user in users}
    by_hand = [each for one, some in rows for each in by_hand_at_pagerduty(inventory, one, some, emails)]
    return by_hand, missing


def _opsgenie(
    inventory: Inventory, known: Sequence[Known], _start: datetime, _end: datetime, key: str, url: str | None
) -> tuple[list[Foreign], list[str]]:
    """Its list has no window: everything of a schedule comes at once."""
    client = ApiClient("OpsGenie", url or opsgenie.DEFAULT_URL)
    account = opsgenie.Opsgenie(client, opsgenie.genie_key(key), Retrier())
    try:
        ids = {str(row.get("name")).casefold(): str(row.get("id")) for row in account.rows("/v2/schedules")}
        there = [one for one in known if one.name.casefold() in ids]
        found: list[Foreign] = []
        for one in there:
            path = f"/v2/schedules/{opsgenie.segment(ids[one.name.casefold()])}/overrides"
            found += by_hand_at_opsgenie(inventory, one, account.rows(path, scheduleIdentifierType="id"))
    finally:
        client.close()
    return found, [one.name for one in known if one not in there]

"""The PagerDuty account beside an edit: read once, compared with both inventories."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from oncall.answers.by_hand import by_hand_at_pagerduty, within
from oncall.answers.shift_rows import Foreign
from oncall.cli.live import ADDRESSES, CREDENTIALS, known_at
from oncall.clients import pagerduty
from oncall.clients.base import ApiClient
from oncall.clients.pagerduty_account import Asked, Read, read_account
from oncall.clients.retry import Retrier
from oncall.model import Inventory
from oncall.resource import Ref, Resource
from oncall.targets.existing import Existing, Lists
from oncall.targets.pagerduty.kinds import (
    BUSINESS_SERVICE,
    CUSTOM_SHIFT,
    OVERRIDE,
    SCHEDULE,
    SHIFT_OVERRIDE,
    SHIFT_SCHEDULE,
    TAG,
    TEAM,
    WEBHOOK,
    WINDOW,
)

_NAMED: Mapping[str, tuple[str, str]] = {
    TEAM: ("/teams", "name"),
    SCHEDULE: ("/schedules", "name"),
    SHIFT_SCHEDULE: ("/v3/schedules", "name"),
    TAG: ("/tags", "label"),
    BUSINESS_SERVICE: ("/business_services", "name"),
}
"""The kinds of which one call more is made for each of ours: the list they stand in, and what names them there."""
_ON_REQUEST = {
    SHIFT_SCHEDULE: "/v3/schedules",
    WINDOW: "/maintenance_windows",
    TAG: "/tags",
    BUSINESS_SERVICE: "/business_services",
    WEBHOOK: "/webhook_subscriptions",
}
SCHEDULES = (SCHEDULE, SHIFT_SCHEDULE)
STAND_INS = (OVERRIDE, SHIFT_OVERRIDE, CUSTOM_SHIFT)
PREFLIGHT = ("/incidents", "/abilities")


@contextmanager
def pagerduty_account(given: Mapping[str, str], retrier: Retrier) -> Iterator[pagerduty.Pagerduty]:
    """Give the account that tokens and addresses speak of."""
    client = ApiClient("PagerDuty", given.get(ADDRESSES["pagerduty"]) or pagerduty.DEFAULT_URL)
    try:
        yield pagerduty.Pagerduty(client, pagerduty.api_token(given[CREDENTIALS["pagerduty"]]), retrier)
    finally:
        client.close()


def read_pagerduty(
    account: pagerduty.Pagerduty,
    wanted: Sequence[Resource],
    start: datetime,
    end: datetime,
    on_progress: Callable[[str], None],
) -> Read:
    """Read what there is of `wanted` (of both inventories), and the overrides between two instants.

    Raises ClientError where the account can't be read at all.
    """
    names: dict[str, set[str]] = {}
    for each in wanted:
        if each.kind in _NAMED:
            path, called = _NAMED[each.kind]
            names.setdefault(path, set()).add(str(each.properties[called]))
    titles = {(each.kind, each.key): str(each.properties["name"]) for each in wanted if each.kind in SCHEDULES}
    ends: dict[str, datetime] = {}
    for each in wanted:
        if each.kind in STAND_INS and isinstance(ref := each.properties["schedule_id"], Ref):
            name = titles[ref.kind, ref.key].casefold()
            last = datetime.fromisoformat(str(each.properties["end"]))
            ends[name] = max(last, ends.get(name, last))
    also = [path for kind, path in _ON_REQUEST.items() if any(each.kind == kind for each in wanted)]
    asked = Asked(names, (*also, *PREFLIGHT), start, end, ends)
    return read_account(account, asked, on_progress)


def overrides_by_hand(
    base: Inventory | None, head: Inventory, found: Existing, lists: Lists, now: datetime, end: datetime
) -> tuple[Foreign, ...]:
    """Return the overrides in our schedules from now on that are not ours, before the edit or after it."""
    ids = {
        str(each.properties["name"]): found.ids[each.kind, each.key]
        for each in found.resources
        if each.kind in SCHEDULES
    }
    emails = {str(row.get("id")): str(row.get("email")).casefold() for row in lists.get("/users", ())}
    rows = [
        one
        for known in known_at("pagerduty", base, head, now)
        for path in ("/v3/schedules" if known.shifts else "/schedules",)
        for one in by_hand_at_pagerduty(head, known, lists.get(f"{path}/{ids.get(known.name)}/overrides", ()), emails)
    ]
    return within(rows, now, end)

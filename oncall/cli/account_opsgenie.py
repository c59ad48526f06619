"""The OpsGenie account beside an edit: read once, compared with both inventories."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from oncall.answers.by_hand import by_hand_at_opsgenie, within
from oncall.answers.shift_rows import Foreign
from oncall.cli.live import ADDRESSES, CREDENTIALS, known_at
from oncall.clients import opsgenie
from oncall.clients.base import ApiClient
from oncall.clients.opsgenie_account import Asked, Read, read_account
from oncall.clients.retry import Retrier
from oncall.model import Inventory
from oncall.resource import Resource
from oncall.targets.existing import Existing, Lists
from oncall.targets.opsgenie.kinds import (
    ALERT_POLICY,
    CONTACT,
    INTEGRATION,
    MAINTENANCE,
    NOTIFICATION_POLICY,
    NOTIFICATION_RULE,
    SCHEDULE,
    SERVICE,
    TEAM,
)

_NAMED: Mapping[str, tuple[str, str]] = {
    TEAM: ("/v2/teams", "name"),
    SCHEDULE: ("/v2/schedules", "name"),
    INTEGRATION: ("/v2/integrations", "name"),
    ALERT_POLICY: ("/v2/policies/alert", "name"),
    NOTIFICATION_POLICY: ("/v2/policies/notification", "name"),
    MAINTENANCE: ("/v1/maintenance", "description"),
}
"""The kinds of which more calls are made for each of ours: the list they stand in, and what names them there."""
_ON_REQUEST = {MAINTENANCE: "/v1/maintenance", SERVICE: "/v1/services"}


def read_opsgenie(
    given: Mapping[str, str], wanted: Sequence[Resource], on_progress: Callable[[str], None], retrier: Retrier
) -> Read:
    """Read what there is of `wanted` (of both inventories).

    Raises ClientError where the account can't be read at all.
    """
    names: dict[str, set[str]] = {}
    for each in wanted:
        if each.kind in _NAMED:
            path, called = _NAMED[each.kind]
            names.setdefault(path, set()).add(str(each.properties[called]))
    also = [path for kind, path in _ON_REQUEST.items() if any(each.kind == kind for each in wanted)]
    people = {str(each.properties["username"]) for each in wanted if each.kind in (CONTACT, NOTIFICATION_RULE)}
    client = ApiClient("OpsGenie", given.get(ADDRESSES["opsgenie"]) or opsgenie.DEFAULT_URL)
    try:
        account = opsgenie.Opsgenie(client, opsgenie.genie_key(given[CREDENTIALS["opsgenie"]]), retrier)
        return read_account(account, Asked(names, also, people), on_progress)
    finally:
        client.close()


def overrides_by_hand(
    base: Inventory | None, head: Inventory, found: Existing, lists: Lists, now: datetime, end: datetime
) -> tuple[Foreign, ...]:
    """Return the overrides in our schedules from now on that are not ours, before the edit or after it."""
    ids = {
        str(each.properties["name"]): found.ids[each.kind, each.key]
        for each in found.resources
        if each.kind == SCHEDULE
    }
    rows = [
        one
        for known in known_at("opsgenie", base, head, now)
        for one in by_hand_at_opsgenie(head, known, lists.get(f"/v2/schedules/{ids.get(known.name)}/overrides", ()))
    ]
    return within(rows, now, end)

"""Who is on call on a schedule, whichever kind it is: layers (one person at a time) or shifts (any number)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.pagerduty import rota, shift_render
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.render import Span, merged

_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Presence:
    """One user on call now; `part` names the shift's event where the schedule has several at a time."""

    user: str
    until: datetime | None
    part: str | None


def present(account: Account, key: str) -> list[Presence]:
    """Return who is on call on a schedule now; nobody where it is gone."""
    now = account.now()
    if key in account.shift_schedules:
        found = _touching(account, key, now, now + _MOMENT)
        return [Presence(span.user, span.end, None) for span in found]
    if key not in account.schedules:
        return []
    holder = rota.on_call(account.schedules[key], now, wall_clock=account.switches.wall_clock_turns)
    return [Presence(holder.user, holder.until, None)] if holder.user else []


def shifts(account: Account, key: str, since: datetime, until: datetime) -> list[Span]:
    """Return the whole shifts of a schedule that touch a window; for `since` = `until` those at that instant."""
    if key in account.shift_schedules:
        return _touching(account, key, since, max(until, since + _MOMENT))
    wall_clock = account.switches.wall_clock_turns
    return list(rota.shifts(account.schedules[key], since, until, wall_clock=wall_clock))


def _touching(account: Account, key: str, since: datetime, until: datetime) -> list[Span]:
    wall_clock = account.switches.shifts_by_wall_clock
    found = shift_render.assignments(account.shift_schedules[key], since, until, wall_clock=wall_clock, whole=True)
    by_user: dict[str, list[Span]] = {}
    for span in shift_render.spans(found):
        by_user.setdefault(span.user, []).append(span)
    joined = [span for held in by_user.values() for span in merged(held)]
    return sorted(joined, key=lambda span: (span.start, span.end))

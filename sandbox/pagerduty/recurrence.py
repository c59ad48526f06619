"""RFC 5545 recurrence as shift events use it: exactly one RRULE, and dates left out (EXDATE) or added (RDATE).

https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10. Parts of the day (BYHOUR and finer), BYWEEKNO and BYYEARDAY are
refused: nothing published shows them in a schedule.
"""

import re
from bisect import insort
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sandbox.pagerduty.times import instant, local

FREQUENCIES = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Recurrence:
    """One rule. Weekdays are (which of the month or 0 for every, 0 = Monday .. 6); empty tuples mean "as the first"."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0
    left_out: tuple[datetime, ...] = ()
    added: tuple[datetime, ...] = ()


def parsed(texts: Sequence[str]) -> Recurrence:
    """Return the recurrence of an event's texts; ValueError, with a sentence, for what can't be used."""
    rules: list[str] = []
    dates: dict[str, list[datetime]] = {"EXDATE": [], "RDATE": []}
    for text in texts:
        name, _, value = text.partition(":")
        if name == "RRULE":
            rules.append(value)
        elif name in dates:
            dates[name].extend(_stamp(one) for one in value.split(","))
        else:
            raise ValueError(f"{text!r} is not an RRULE, EXDATE or RDATE")
    if len(rules) != 1:
        raise ValueError("exactly one RRULE is needed")
    return _rule(rules[0], tuple(dates["EXDATE"]), tuple(dates["RDATE"]))


def _rule(text: str, left_out: tuple[datetime, ...], added: tuple[datetime, ...]) -> Recurrence:
    pairs = [part.partition("=") for part in text.split(";") if part]
    parts = {name: value for name, _, value in pairs}
    known = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
    if len(parts) < len(pairs) or (strange := set(parts) - known):
        raise ValueError(f"RRULE has {', '.join(sorted(strange)) if len(parts) == len(pairs) else 'a part twice'}")
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise ValueError(f"RRULE needs FREQ, one of {', '.join(FREQUENCIES)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("RRULE can't have both COUNT and UNTIL")
    rule = Recurrence(
        frequency,
        interval=_numbers(parts, "INTERVAL", 1, 1000)[0] if "INTERVAL" in parts else 1,
        count=_numbers(parts, "COUNT", 1, 100_000)[0] if "COUNT" in parts else None,
        until=_stamp(parts["UNTIL"]) if "UNTIL" in parts else None,
        weekdays=tuple(_weekday(one) for one in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        month_days=_numbers(parts, "BYMONTHDAY", -31, 31),
        months=_numbers(parts, "BYMONTH", 1, 12),
        positions=_numbers(parts, "BYSETPOS", -366, 366),
        week_start=_weekday(parts.get("WKST", "MO"))[1],
        left_out=left_out,
        added=added,
    )
    if any(which for which, _ in rule.weekdays) and frequency not in ("MONTHLY", "YEARLY"):
        raise ValueError("BYDAY takes a number only with FREQ=MONTHLY or YEARLY")
    if frequency == "YEARLY" and (rule.weekdays or rule.month_days) and not rule.months:
        raise ValueError("FREQ=YEARLY with BYDAY or BYMONTHDAY needs BYMONTH")
    return rule


def _numbers(parts: Mapping[str, str], name: str, low: int, high: int) -> tuple[int, ...]:
    if name not in parts:
        return ()
    try:
        numbers = tuple(int(one) for one in parts[name].split(","))
    except ValueError:
        raise ValueError(f"{name} must be numbers") from None
    if any(not low <= number <= high or number == 0 for number in numbers):
        raise ValueError(f"{name} must be from {low} to {high}")
    return numbers


def _weekday(text: str) -> tuple[int, int]:
    match = _WEEKDAY.fullmatch(text)
    if not match or (match[1] and not 1 <= abs(int(match[1])) <= 5):
        raise ValueError(f"{text!r} is not a weekday such as MO or 1MO")
    return int(match[1] or 0), _WEEKDAYS[match[2]]


def _stamp(text: str) -> datetime:
    match = _STAMP.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a UTC time such as 20261123T090000Z")
    return datetime(*(int(part or 0) for part in match.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]


@lru_cache(maxsize=1024)
def starts(texts: tuple[str, ...], first: datetime, zone: str, until: datetime) -> tuple[datetime, ...]:
    """Return the instants at which an event that began at `first` begins anew, by a clock in `zone`, before `until`."""
    rule = parsed(texts)
    found: list[datetime] = []
    for number, clock in enumerate(_clocks(rule, local(first, zone), local(until, zone) + _DAY), 1):
        moment = instant(clock, zone)
        if (rule.count and number > rule.count) or (rule.until and moment > rule.until) or moment >= until:
            break
        if moment not in rule.left_out:
            found.append(moment)
    for moment in rule.added:
        if moment not in found and first <= moment < until:
            insort(found, moment)
    return tuple(found)


def _clocks(rule: Recurrence, first: datetime, last: datetime) -> Iterator[datetime]:
    for period in _periods(rule, first, last):
        some = sorted(clock for clock in set(period) if clock >= first)
        if rule.positions:
            some = [some[at] for at in _places(rule.positions, len(some))]
        yield from some


def _places(positions: tuple[int, ...], length: int) -> list[int]:
    places = {position - 1 if position > 0 else length + position for position in positions}
    return sorted(place for place in places if 0 <= place < length)


def _periods(rule: Recurrence, first: datetime, last: datetime) -> Iterator[list[datetime]]:
    if rule.frequency in ("HOURLY", "DAILY"):
        step = rule.interval * (_DAY if rule.frequency == "DAILY" else timedelta(hours=1))
        clock = first
        while clock <= last:
            yield [clock] if _fits(rule, clock) else []
            clock += step
    elif rule.frequency == "WEEKLY":
        week = first - ((first.weekday() - rule.week_start) % 7) * _DAY
        days = [weekday for _, weekday in rule.weekdays] or [first.weekday()]
        while week <= last:
            clocks = [week + ((day - rule.week_start) % 7) * _DAY for day in days]
            yield [clock for clock in clocks if not rule.months or clock.month in rule.months]
            week += 7 * rule.interval * _DAY
    else:
        yield from _months(rule, first, last)


def _months(rule: Recurrence, first: datetime, last: datetime) -> Iterator[list[datetime]]:
    monthly = rule.frequency == "MONTHLY"
    number = first.year * 12 + first.month - 1 if monthly else first.year
    while (year := number // 12 if monthly else number) <= last.year:
        if monthly:
            month = number % 12 + 1
            yield _of_month(rule, first, year, month) if not rule.months or month in rule.months else []
        else:
            yield [clock for month in rule.months or (first.month,) for clock in _of_month(rule, first, year, month)]
        number += rule.interval


def _of_month(rule: Recurrence, first: datetime, year: int, month: int) -> list[datetime]:
    length = monthrange(year, month)[1]
    days = set(range(1, length + 1))
    if rule.month_days:
        days &= {day if day > 0 else length + 1 + day for day in rule.month_days}
    if rule.weekdays:
        days &= {day for day in days if _is_weekday(rule, datetime(year, month, day), length)}  # noqa: DTZ001
    if not rule.month_days and not rule.weekdays:
        days &= {first.day}
    return [first.replace(year=year, month=month, day=day) for day in days]


def _is_weekday(rule: Recurrence, day: datetime, length: int) -> bool:
    places = (0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1))
    return any(weekday == day.weekday() and which in places for which, weekday in rule.weekdays)


def _fits(rule: Recurrence, clock: datetime) -> bool:
    length = monthrange(clock.year, clock.month)[1]
    return (
        (not rule.weekdays or any(weekday == clock.weekday() for _, weekday in rule.weekdays))
        and (not rule.month_days or clock.day in rule.month_days or clock.day - length - 1 in rule.month_days)
        and (not rule.months or clock.month in rule.months)
    )

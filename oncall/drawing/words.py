"""How pictures speak: days and times in plain English, the same on every machine."""

from datetime import date, datetime, timedelta
from unicodedata import category
from zoneinfo import ZoneInfo

from oncall.shifts.clock import is_ambiguous, to_wall

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Not strftime's: these must not depend on the language of the machine.


def plain(text: str) -> str:
    """Return a text on one line, without the characters that would end it or can't be seen."""
    return " ".join("".join(char if char.isprintable() or char in _JOINERS else " " for char in text).split())


# Unseen, but letters of some scripts and many emoji are written with them; and marks that say which way to read.
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def visible(text: str) -> str:
    """Return a text on one line in which nothing is hidden: a number where a character shows nothing or turns text."""
    return "".join(map(_visible, text))


# Letters and marks without a shape.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def _visible(char: str) -> str:
    if char in "\r\n\t":
        return " "
    hidden = category(char) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") or ord(char) & 0xFFFE == 0xFFFE or char in _BLANK
    return f"[U+{ord(char):04X}]" if hidden else char


def day_text(day: date) -> str:
    """`Mon 30 Nov`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def long_day_text(day: date) -> str:
    """`Mon 30 Nov 2026`."""
    return f"{day_text(day)} {day.year}"


def clock_text(wall: datetime) -> str:
    """`09:00`, with seconds only where there are any."""
    return f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"


def moment_text(instant: datetime, zone: str, year: bool = False) -> str:
    """`Mon 30 Nov 09:00` by the clock of a zone; with its offset where the clock shows it twice."""
    wall = to_wall(instant, zone)
    twice = f" {instant.astimezone(ZoneInfo(zone)):%z}" if is_ambiguous(wall, zone) else ""
    return f"{long_day_text(wall) if year else day_text(wall)} {clock_text(wall)}{twice}"


def span_text(start: datetime, end: datetime, zone: str) -> str:
    """`Mon 30 Nov 09:00 to Mon 7 Dec 09:00`; the day once, where it is one."""
    day = day_text(to_wall(start, zone))
    if day_text(to_wall(end, zone)) == day and end - start < timedelta(days=2):
        return f"{moment_text(start, zone)} to {moment_text(end, zone).removeprefix(day).strip()}"
    return f"{moment_text(start, zone)} to {moment_text(end, zone)}"

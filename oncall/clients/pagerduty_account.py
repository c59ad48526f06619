"""Everything of a PagerDuty account that the inventory is compared with, by as few reads as there are lists for it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from oncall.clients.errors import Forbidden, NotFound
from oncall.clients.pagerduty import SHIFTS, Pagerduty

Row = dict[str, Any]
LONGEST_WINDOW = timedelta(days=365)
"""Of the time of which overrides are asked for at once; the documents name no limit."""
ALWAYS = ("/users", "/teams", "/schedules", "/escalation_policies", "/services")
_WITH: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "/users": {"include[]": ("contact_methods", "notification_rules")},
    "/services": {"include[]": ("integrations",)},
    "/maintenance_windows": {"filter": ("open",)},
    "/incidents": {"statuses[]": ("triggered", "acknowledged"), "date_range": ("all",)},
}
"""What is asked of a list besides itself."""
_APART = ("/tags", "/abilities", SHIFTS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the inventory wants of an account: names by list (`/teams`: `Platform`...; without regard to case), the
    lists besides those that are always read, and the times between which overrides matter; `ends` says until when
    where a schedule (by name, in small letters) has some of ours that end later.
    """

    names: Mapping[str, Collection[str]]
    also: Collection[str]
    since: datetime
    until: datetime
    ends: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """Rows by path, and what could not be read: the path and why, in words."""

    lists: Mapping[str, list[Row]]
    refused: Mapping[str, str]


def read_account(account: Pagerduty, asked: Asked, on_progress: Callable[[str], None] = lambda path: None) -> Read:  # noqa: ARG005
    """Read an account: lists in pages of 100, one call a schedule of ours and a team of ours, another for the overrides
    of a schedule that has some. A token that may not read something leaves it out; `refused` says so.

    Raises ClientError where the account can't be read at all.
    """
    lists: dict[str, list[Row]] = {}
    refused: dict[str, str] = {}

    def rows(path: str, name: str | None = None, **params: Any) -> list[Row]:
        on_progress(path)
        try:
            lists[path] = account.rows(path, name or path.rpartition("/")[2], **params)
        except Forbidden as fault:
            if path in ALWAYS:
                raise  # everything else refers to these
            refused[path] = str(fault)
        except NotFound:
            lists[path] = []  # it went while we read
        return lists.get(path, [])

    for path in (*ALWAYS, *(path for path in asked.also if path not in _APART)):
        rows(path, None, **_WITH.get(path, {}))
    for team in _ours(lists, asked, "/teams"):
        rows(f"/teams/{team}/members", "members")
    window = {"since": _text(asked.since), "until": _text(asked.until)}
    for schedule, name in _named(lists, asked, "/schedules"):
        path = f"/schedules/{schedule}"
        on_progress(path)
        answer = account.find(path, **window)
        found = answer.get("schedule") if answer else None
        lists[path] = [found] if isinstance(found, dict) else []
        lists[f"{path}/overrides"] = []
        if name in asked.ends or _draws_overrides(found):
            for first, last in _windows(asked.since, max(asked.until, asked.ends.get(name, asked.until))):
                before = lists[f"{path}/overrides"]
                known = {row.get("id") for row in before}
                some = rows(f"{path}/overrides", since=first, until=last)
                lists[f"{path}/overrides"] = [*before, *(row for row in some if row.get("id") not in known)]
    if SHIFTS in asked.also:
        for row in rows(SHIFTS, "schedules"):
            if str(row.get("summary")).casefold() not in {name.casefold() for name in asked.names.get(SHIFTS, ())}:
                continue
            path = f"{SHIFTS}/{quote(str(row.get('id')), safe='')}"
            on_progress(path)
            answer = account.find(path)
            lists[path] = [answer["schedule"]] if answer and isinstance(answer.get("schedule"), dict) else []
            until = max(asked.until, asked.ends.get(str(row.get("summary")).casefold(), asked.until))
            for what in ("overrides", "custom_shifts"):
                rows(f"{path}/{what}", since=_text(asked.since), until=_text(until), overflow="true")
    if "/abilities" in asked.also:
        on_progress("/abilities")
        try:
            lists["/abilities"] = [{"name": str(name)} for name in account.get("/abilities").get("abilities") or []]
        except Forbidden as fault:
            refused["/abilities"] = str(fault)
    if "/tags" in asked.also:
        rows("/tags")
        for tag in _ours(lists, asked, "/tags", "label"):
            rows(f"/tags/{tag}/teams")
    for service in _ours(lists, asked, "/business_services"):
        path = f"/service_dependencies/business_services/{service}"
        on_progress(path)
        answer = account.find(path) or {}
        lists[path] = [row for row in answer.get("relationships") or [] if isinstance(row, dict)]
    return Read(lists, refused)


def _ours(lists: Mapping[str, list[Row]], asked: Asked, path: str, called: str = "name") -> list[str]:
    """Return the ids of the rows whose name is wanted."""
    return [own for own, _ in _named(lists, asked, path, called)]


def _named(lists: Mapping[str, list[Row]], asked: Asked, path: str, called: str = "name") -> list[tuple[str, str]]:
    """Return id and name, in small letters, of the rows whose name is wanted."""
    names = {name.casefold() for name in asked.names.get(path, ())}
    rows = [(quote(str(row.get("id")), safe=""), str(row.get(called)).casefold()) for row in lists.get(path, ())]
    return [(own, name) for own, name in rows if name in names]


def _draws_overrides(schedule: Any) -> bool:
    drawn = schedule.get("overrides_subschedule") if isinstance(schedule, dict) else None
    return bool(isinstance(drawn, dict) and drawn.get("rendered_schedule_entries"))


def _windows(since: datetime, until: datetime) -> Iterator[tuple[str, str]]:
    """Give the time between two instants in windows that a list takes."""
    while since < until:
        end = min(since + LONGEST_WINDOW, until)
        yield _text(since), _text(end)
        since = end


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

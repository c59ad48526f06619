"""Reading bodies of the v3 schedule calls: faults are collected by the path of the field they are in.

The v3 answers hold `errors` as an object, path to list of texts, where the older calls have a list of texts.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.core import instant_text
from sandbox.pagerduty.account import NO_STAKEHOLDERS, Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import PagerDutyError, bad_range, invalid
from sandbox.pagerduty.shift_models import EMPTY_MEMBER, USER_MEMBER, Member, ShiftSchedule
from sandbox.pagerduty.times import parse_time, zone_of, zoned_text

EARLY_ACCESS = "flexible-schedules-early-access"


class ShiftFields:
    """The fields of one entity of the v3 API; `path` is what its faults are called by."""

    def __init__(self, body: Mapping[str, Any], path: str, errors: dict[str, list[str]] | None = None) -> None:
        self._body = body
        self._path = path
        self.errors: dict[str, list[str]] = {} if errors is None else errors

    def note(self, name: str, text: str) -> None:
        """Note a fault of a field."""
        self.errors.setdefault(f"{self._path}.{name}", []).append(text)

    def check(self) -> None:
        """Raise the 400 with all faults, if there are any."""
        if self.errors:
            raise refused(self.errors)

    def has(self, name: str) -> bool:
        """Return whether the body names the field."""
        return name in self._body

    def raw(self, name: str) -> Any:
        """Return the field as it was sent."""
        return self._body.get(name)

    def part(self, name: str) -> "ShiftFields":
        """Return the fields of an object inside this one."""
        value = self._body.get(name)
        if not isinstance(value, Mapping):
            self.note(name, "must be an object")
        return ShiftFields(value if isinstance(value, Mapping) else {}, f"{self._path}.{name}", self.errors)

    def parts(self, name: str) -> list["ShiftFields"]:
        """Return the fields of each object in a list."""
        value = self._body.get(name)
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self.note(name, "must be a list of objects")
            return []
        return [ShiftFields(one, f"{self._path}.{name}[{number}]", self.errors) for number, one in enumerate(value)]

    def text(self, name: str, old: str | None, longest: int, *, blank: bool = False) -> str:
        """Return a text; unless `blank`, one that is not empty."""
        value = self._body.get(name, old)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.note(name, "must be a string")
            return ""
        if not value.strip() and not blank:
            self.note(name, "can't be blank")
        if len(value) > longest:
            self.note(name, f"is too long (maximum is {longest} characters)")
        return value

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words."""
        value = self._body.get(name)
        if value not in allowed:
            self.note(name, f"must be one of: {', '.join(allowed)}")
            return allowed[0]
        return str(value)

    def zone(self, name: str, old: str | None = None) -> str:
        """Return an IANA zone; "UTC" is kept as "Etc/UTC", as the service does."""
        value = self._body.get(name, old)
        try:
            zone = zone_of(value).key if isinstance(value, str) and value else ""
        except (KeyError, ValueError, OSError):
            zone = ""
        if not zone:
            self.note(name, "is not a time zone")
        return "Etc/UTC" if zone in ("UTC", "") else zone

    def time(self, name: str, old: datetime | None = None) -> datetime:
        """Return an instant; with `old`, that one where the field is not sent."""
        if old is not None and name not in self._body:
            return old
        try:
            return parse_time(self._body.get(name)).replace(microsecond=0)
        except ValueError:
            self.note(name, "must be a time with a zone")
            return old or datetime.now(UTC)

    def member(self, account: Account, name: str) -> Member:
        """Return a member: {type: user_member, user_id} of the account, or {type: empty_member}."""
        return member_of(account, self.part(name))


def member_of(account: Account, fields: ShiftFields) -> Member:
    """Return the member that an object describes."""
    if fields.choice("type", (USER_MEMBER, EMPTY_MEMBER)) == EMPTY_MEMBER:
        return Member(None)
    user = fields.raw("user_id")
    if user not in account.users:
        fields.note("user_id", "user not found")
    elif account.stakeholder(user):
        fields.note("user_id", NO_STAKEHOLDERS)
    return Member(str(user))


def member_json(member: Member) -> dict[str, str]:
    """Return a member as the v3 API answers it."""
    return {"type": USER_MEMBER, "user_id": member.user} if member.user else {"type": EMPTY_MEMBER}


def refused(errors: Mapping[str, list[str]]) -> PagerDutyError:
    """Return the 400 of the v3 API."""
    error = PagerDutyError(400, 2001, "Invalid Input Provided")
    error.body = {"error": {"message": "Invalid Input Provided", "code": 2001, "errors": dict(errors)}}
    return error


def schedule_of(call: Call) -> ShiftSchedule:
    """Return the schedule a v3 call is on: 400 for one of layers (it is not upgraded), 404 for none.

    Nothing published demands the early-access header that the provider's client sends: whether it does is a switch.
    """
    check_early_access(call)
    key = call.path()
    if key in call.account.schedules:
        raise invalid("Schedule has not been upgraded to shift-based schedules")
    return call.account.shift_schedule(key)


def check_early_access(call: Call) -> None:
    """Refuse a call without the early-access header, where the account's switch demands it."""
    if call.account.switches.early_access_needed and call.request.headers.get("x-early-access") != EARLY_ACCESS:
        raise invalid(f"X-Early-Access: {EARLY_ACCESS} is required")


def fields_of(call: Call, name: str) -> ShiftFields:
    """Return the fields of the object under its name in the body, or raise the 400."""
    value = call.json.get(name) if isinstance(call.json, Mapping) else None
    if not isinstance(value, Mapping):
        raise refused({name: ["must be an object"]})
    return ShiftFields(value, name)


def window_of(call: Call) -> tuple[datetime, datetime]:
    """Return since and until, both needed."""
    if call.query("since") is None or call.query("until") is None:
        raise bad_range("since and until are required")
    since, until = call.instant("since", call.account.now()), call.instant("until", call.account.now())
    if until < since:
        raise bad_range("until must not lie before since")
    return since, until


def shown(call: Call, moment: datetime, zone: str) -> str:
    """Return a shift's time in the zone that the query's `time_zone` asks for, else the schedule's."""
    wanted = call.query("time_zone") or zone
    try:
        return instant_text(moment) if wanted in ("UTC", "Etc/UTC") else zoned_text(moment, wanted)
    except (KeyError, ValueError, OSError):
        raise invalid(f"Time zone {wanted} is invalid") from None

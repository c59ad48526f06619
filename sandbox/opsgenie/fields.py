"""Reading request bodies: typed fields, 422 with the field's name where one is wrong; unknown keys are ignored.

The Go SDK's bodies carry stray capitalised keys (IdentifierType, TeamIdentifierValue, ...): nothing here asks
for a capitalised key, so they fall away.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.opsgenie.errors import invalid

# Far enough from the ends of the calendar that turns can be counted from any date taken.
FIRST_YEAR, LAST_YEAR = 1970, 2200
_OFFSET = re.compile(r"([+-]\d\d)(\d\d)$")


def parse_date(text: str, field: str = "date") -> datetime:
    """Return the aware instant of an ISO 8601 text in the zone it was written in; 422 without a zone."""
    try:
        moment = datetime.fromisoformat(_OFFSET.sub(r"\1:\2", text))
    except ValueError:
        raise invalid(field, "is not a date of the form 2026-01-15T08:00:00Z") from None
    if moment.tzinfo is None:
        raise invalid(field, "needs a zone, as in 2026-01-15T08:00:00Z")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise invalid(field, f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def date_text(moment: datetime) -> str:
    """Return an instant as the API writes it: ISO 8601, UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Fields:
    """A JSON object of a request, read field by field. `cut` shortens over-long texts instead of refusing them."""

    def __init__(self, raw: Any, *, where: str = "", cut: bool = False, null_clears: bool = False) -> None:
        if not isinstance(raw, Mapping):
            raise invalid(where or "body", "must be an object")
        self.raw: Mapping[str, Any] = raw
        self._where = f"{where}." if where else ""
        self._cut = cut
        self._null_clears = null_clears

    def name_of(self, field: str) -> str:
        """Return the field's full name, for error texts."""
        return self._where + field

    def has(self, field: str) -> bool:
        """Tell whether a field is given and not null."""
        return self.raw.get(field) is not None

    def cleared(self, field: str) -> bool:
        """Tell whether a PATCH empties a field: null, where the account's switch says that it does."""
        return self._null_clears and field in self.raw and self.raw[field] is None

    def text(
        self,
        field: str,
        default: str = "",
        *,
        required: bool = False,
        limit: int | None = None,
        pattern: str | None = None,
        cut: bool = True,
    ) -> str:
        """Return a text, at most `limit` characters long (`cut=False`: refused even where texts are cut)."""
        value = self.raw.get(field)
        if value is None or value == "":
            if required:
                raise invalid(self.name_of(field), "is required")
            return default if value is None else ""
        if not isinstance(value, str):
            raise invalid(self.name_of(field), "must be a text")
        if required and not value.strip():
            raise invalid(self.name_of(field), "is required")
        if limit is not None and len(value) > limit:
            if not (self._cut and cut):
                raise invalid(self.name_of(field), f"is longer than {limit} characters")
            value = value[:limit]
        if pattern is not None and not re.fullmatch(pattern, value):
            raise invalid(self.name_of(field), f"has characters that are not allowed (pattern {pattern})")
        return value

    def flag(self, field: str, default: bool) -> bool:
        """Return a boolean."""
        value = self.raw.get(field)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise invalid(self.name_of(field), "must be true or false")
        return value

    def number(self, field: str, default: int | None = None, *, low: int = 0, high: int | None = None) -> int:
        """Return a whole number from `low` to `high`; required where there is no default."""
        value = self.raw.get(field)
        if value is None:
            if default is None:
                raise invalid(self.name_of(field), "is required")
            return default
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise invalid(self.name_of(field), "must be a whole number")
        if value < low or (high is not None and value > high):
            raise invalid(self.name_of(field), f"must be from {low} to {high}" if high else f"must be at least {low}")
        return value

    def choice(self, field: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """Return one of the allowed words; required where there is no default."""
        value = self.raw.get(field)
        if value is None and default is not None:
            return default
        if value not in allowed:
            raise invalid(self.name_of(field), f"must be one of {', '.join(allowed)}")
        return str(value)

    def date(self, field: str) -> datetime:
        """Return a required instant, in the zone it was written in."""
        return parse_date(self.text(field, required=True), self.name_of(field))

    def items(self, field: str) -> list["Fields"]:
        """Return a list of objects (absent: none)."""
        return [Fields(each, where=f"{self.name_of(field)}[{i}]") for i, each in enumerate(self._list(field))]

    def texts(self, field: str, *, limit: int, count: int) -> list[str]:
        """Return a list of at most `count` texts of at most `limit` characters."""
        values = self._list(field)
        if len(values) > count:
            if not self._cut:
                raise invalid(self.name_of(field), f"has more than {count} entries")
            values = values[:count]
        found = []
        for value in values:
            if not isinstance(value, str):
                raise invalid(self.name_of(field), "must be a list of texts")
            if len(value) > limit and not self._cut:
                raise invalid(self.name_of(field), f"has an entry longer than {limit} characters")
            found.append(value[:limit])
        return found

    def words(self, field: str, allowed: tuple[str, ...]) -> list[str]:
        """Return a list of allowed words, each once."""
        values = self._list(field)
        if any(value not in allowed for value in values):
            raise invalid(self.name_of(field), f"must only hold {', '.join(allowed)}")
        return list(dict.fromkeys(values))

    def table(self, field: str) -> dict[str, str]:
        """Return a map of text to text; other plain values are written as text."""
        value = self.raw.get(field)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise invalid(self.name_of(field), "must be an object")
        return {str(name): _plain(item) for name, item in value.items()}

    def inner(self, field: str) -> "Fields | None":
        """Return an object inside, None where it is absent or empty ({} means "none" to the provider)."""
        value = self.raw.get(field)
        return Fields(value, where=self.name_of(field)) if value else None

    def _list(self, field: str) -> list[Any]:
        value = self.raw.get(field)
        if value is None:
            return []
        if not isinstance(value, list):
            raise invalid(self.name_of(field), "must be a list")
        return value


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)

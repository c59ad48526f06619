"""Reading the fields of a body: every fault is collected, and they are refused together with PagerDuty's wording."""

from collections.abc import Collection, Mapping
from typing import Any

from sandbox.pagerduty.errors import invalid

_MISSING = object()


class Fields:
    """The fields of one entity. A field that is not in the body keeps its old value: a PUT may be partial."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        self.errors: list[str] = []

    def has(self, name: str) -> bool:
        """Return whether the body names the field, be it null."""
        return name in self._body

    def raw(self, name: str, old: Any = None) -> Any:
        """Return the field as it was sent, or the old value."""
        return self._body.get(name, old)

    def text(self, name: str, old: str | None, longest: int) -> str | None:
        """Return an optional text up to `longest` characters."""
        value = self._body.get(name, _MISSING)
        if value is _MISSING:
            return old
        if value is None or (isinstance(value, str) and len(value) <= longest):
            return value
        problem = f"is too long (maximum is {longest} characters)" if isinstance(value, str) else "must be a string"
        self.errors.append(f"{_title(name)} {problem}")
        return old

    def name(self, old: str | None, longest: int) -> str:
        """Return the name: there, not blank, printable, not too long."""
        before = len(self.errors)
        value = self.text("name", old, longest)
        if len(self.errors) > before:
            return value or ""
        if value is None or not value.strip():
            self.errors.append("Name can't be blank")
        elif not value.isprintable():
            self.errors.append("Name contains characters that can't be printed")
        return value or ""

    def number(self, name: str, old: int, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        value = self._body.get(name, old)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.errors.append(f"{_title(name)} must be a whole number from {low} to {high}")
            return old
        return value

    def seconds(self, name: str, old: int | None) -> int | None:
        """Return a number of seconds or null (switched off)."""
        value = self._body.get(name, old)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
            return value
        self.errors.append(f"{_title(name)} must be a positive number of seconds or null")
        return old

    def choice(self, name: str, old: str, allowed: Collection[str]) -> str:
        """Return one of the allowed words."""
        value = self._body.get(name, old)
        if value not in allowed:
            self.errors.append(f"{_title(name)} must be one of: {', '.join(sorted(allowed))}")
            return old
        return str(value)

    def reference(self, name: str, old: str | None, known: Collection[str]) -> str | None:
        """Return the id in a reference {id, type} to an object that is there; null gives None."""
        value = self._body.get(name, _MISSING)
        if value is _MISSING:
            return old
        if value is None:
            return None
        key = value.get("id") if isinstance(value, Mapping) else None
        if key not in known:
            self.errors.append(f"{_title(name)} not found")
            return old
        return str(key)

    def references(self, name: str, old: list[str], known: Collection[str]) -> list[str]:
        """Return the ids in a list of references; null is an empty list."""
        if name not in self._body:
            return old
        value = self._body[name] or []
        keys = [one.get("id") if isinstance(one, Mapping) else None for one in value]
        if any(key not in known for key in keys):
            self.errors.append(f"{_title(name)} not found")
            return old
        return [str(key) for key in keys]

    def refuse(self, text: str) -> None:
        """Note a fault."""
        self.errors.append(text)

    def check(self) -> None:
        """Raise the 400 with all faults, if there are any."""
        if self.errors:
            raise invalid(*self.errors)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()

"""Who may do what: the account's tokens with their rights, and the abilities of its plan.

A read-only key may do nothing but GET (https://developer.pagerduty.com/docs/authentication); a plan's missing
ability is answered with 402 (https://developer.pagerduty.com/docs/errors). Which rights a user's token lacks depends
on the user's role, so a token here is told the paths it may use.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from sandbox.core import covers
from sandbox.pagerduty.errors import PagerDutyError

# The example of GET /abilities in the published document, and what the calls built here stand for.
ABILITIES = (
    "teams",
    "advanced_reports",
    "read_only_users",
    "service_support_hours",
    "urgencies",
    "event_rules",
    "coordinated_responding",
    "sso",
)
_HEADER = re.compile(r"(?:Token token=|Bearer )\s*(\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """A token; `paths` are what it may use ("/teams", "GET /users/{id}"), None for everything."""

    token: str = field(repr=False)
    read_only: bool = False
    paths: tuple[str, ...] | None = None

    def allows(self, method: str, path: str) -> bool:
        """Return whether the token may make such a call."""
        if self.read_only and method != "GET":
            return False
        return self.paths is None or any(_permits(each, method, path) for each in self.paths)


@dataclass
class Access:
    """The tokens and abilities of one account."""

    tokens: dict[str, Token]
    abilities: list[str] = field(default_factory=lambda: list(ABILITIES))

    def seed(self, data: Mapping[str, Any]) -> None:
        """Add {"tokens": [{token, read_only?, paths?}]} and replace {"abilities": [names]}; ValueError for others."""
        tokens = [_read(each) for each in data.get("tokens") or []]
        abilities = data.get("abilities")
        if abilities is not None:
            if not isinstance(abilities, list) or not all(isinstance(each, str) for each in abilities):
                raise ValueError("pagerduty: abilities are a list of names")
            self.abilities = list(abilities)
        self.tokens |= {each.token: each for each in tokens}

    def check(self, request: Request, body: Any) -> PagerDutyError | None:
        """Return the refusal of a call of the REST API, or None: 401, 403, 402 in this order."""
        token = self.tokens.get(token_of(request))
        method, path = request.method, request.url.path
        if token is None:
            return PagerDutyError(401, 2006, "Authentication failed", "The token is missing or unknown")
        if not token.allows(method, path):
            why = "The token is read-only" if token.read_only and method != "GET" else "The token lacks the permission"
            return PagerDutyError(403, 2010, "Access Denied", f"{why} to {method} {path}")
        missing = next((each for each in _needed(method, path, body) if each not in self.abilities), None)
        if missing is not None:
            return PagerDutyError(402, 2014, "Missing Account Ability", f"The account lacks the ability {missing}")
        return None


def token_of(request: Request) -> str:
    """Return the token a request bears, "" without one."""
    match = _HEADER.fullmatch(request.headers.get("authorization", "").strip().strip('"'))
    return match[1].strip('"') if match else ""


def _permits(entry: str, method: str, path: str) -> bool:
    wanted, _, pattern = entry.rpartition(" ")
    return wanted in ("", method) and covers(pattern, path)


def _read(raw: Any) -> Token:
    allowed = {"token": str, "read_only": bool, "paths": list}
    if not isinstance(raw, Mapping) or set(raw) - set(allowed) or not raw.get("token"):
        raise ValueError(f"pagerduty: a token is {{token, read_only?, paths?}}, not {raw!r}")
    if any(type(value) is not allowed[name] for name, value in raw.items()):
        raise ValueError(f"pagerduty: a token is {{token: text, read_only: bool, paths: list}}, not {raw!r}")
    paths = raw.get("paths")
    return Token(raw["token"], raw.get("read_only", False), None if paths is None else tuple(map(str, paths)))


def _needed(method: str, path: str, body: Any) -> list[str]:
    writes = method in ("POST", "PUT") and isinstance(body, Mapping)
    return [ability for ability, needs in _NEEDS.items() if needs(path, body if writes else {})]


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


def _urgency(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return _part(_part(body, "service"), "incident_urgency_rule")


def _uses_urgencies(_path: str, body: Mapping[str, Any]) -> bool:
    rule = _urgency(body)
    return bool(rule) and (rule.get("type"), rule.get("urgency")) != ("constant", "high")


def _uses_support_hours(_path: str, body: Mapping[str, Any]) -> bool:
    return bool(_part(body, "service").get("support_hours")) or _urgency(body).get("type") == "use_support_hours"


# What needs which ability, told from the call alone; abilities not named here decide nothing that is built.
_NEEDS: dict[str, Callable[[str, Mapping[str, Any]], bool]] = {
    "teams": lambda path, _body: covers("/teams", path),
    "read_only_users": lambda _path, body: (
        _part(body, "user").get("role") in ("read_only_user", "read_only_limited_user")
    ),
    "service_support_hours": _uses_support_hours,
    "urgencies": _uses_urgencies,
}

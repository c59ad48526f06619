"""The search language of the alert list: `status:open AND (priority:P1 OR tag:eu) AND NOT owner:ana`.

A small part of docs.opsgenie.com/docs/alerts-search-query-help: fields with `:`, counts and instants
(milliseconds) with < > <= >=, AND, OR, NOT, brackets, quotes, `*`; words side by side mean AND.
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sandbox.opsgenie.alert import Alert
from sandbox.opsgenie.errors import ApiError

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

Test = Callable[[Alert], bool]
_TOKEN = re.compile(r'\s*(\(|\)|(?:[\w.]+\s*(?:>=|<=|>|<|:)\s*)?(?:"[^"]*"|[^\s()"]+))')
_TERM = re.compile(r'(?:([\w.]+)\s*(>=|<=|>|<|:)\s*)?"?([^"]*)"?', re.DOTALL)
_MOST_DEPTH = 20


def parse_query(account: "Account", text: str) -> Test:
    """Return what tells whether an alert is meant; 422 for a query that can't be read."""
    tokens = _TOKEN.findall(text)
    if "".join(text.split()) != "".join("".join(tokens).split()):
        raise _unreadable(text)
    parser = _Parser(account, tokens, text)
    return parser.whole() if tokens else lambda _alert: True


class _Parser:
    def __init__(self, account: "Account", tokens: list[str], text: str) -> None:
        self._account, self._tokens, self._text = account, tokens[::-1], text
        self._depth = 0

    def whole(self) -> Test:
        test = self._any()
        if self._tokens:
            raise _unreadable(self._text)
        return test

    def _any(self) -> Test:
        tests = [self._all()]
        while self._tokens and self._tokens[-1] == "OR":
            self._tokens.pop()
            tests.append(self._all())
        return lambda alert: any(test(alert) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._tokens and self._tokens[-1] not in ("OR", ")"):
            if self._tokens[-1] == "AND":
                self._tokens.pop()
            tests.append(self._one())
        return lambda alert: all(test(alert) for test in tests)

    def _one(self) -> Test:
        self._depth += 1
        if not self._tokens or self._depth > _MOST_DEPTH:
            raise _unreadable(self._text)
        word = self._tokens.pop()
        if word == "NOT":
            inner = self._one()
            test: Test = lambda alert: not inner(alert)  # noqa: E731 - the other branches give closures too
        elif word == "(":
            test = self._any()
            if not self._tokens or self._tokens.pop() != ")":
                raise _unreadable(self._text)
        else:
            test = self._term(word)
        self._depth -= 1
        return test

    def _term(self, word: str) -> Test:
        found = _TERM.fullmatch(word)
        if found is None or word in (")", "AND", "OR"):
            raise _unreadable(self._text)
        field, operator, value = found.groups()
        if field is None:
            return lambda alert: value.casefold() in alert.content.message.casefold()
        if operator != ":" or field in _NUMBERS:
            return self._comparison(field, operator, value)
        if field not in _TEXTS:
            raise ApiError(422, f"Search query has an unknown field [{field}]")
        return lambda alert: any(_like(field, each, value) for each in _TEXTS[field](alert, self._account))

    def _comparison(self, field: str, operator: str, value: str) -> Test:
        if field not in _NUMBERS or not value.isdecimal():
            raise _unreadable(self._text)
        read, bound = _NUMBERS[field], int(value)
        match operator:
            case ">":
                return lambda alert: read(alert) > bound
            case "<":
                return lambda alert: read(alert) < bound
            case ">=":
                return lambda alert: read(alert) >= bound
            case "<=":
                return lambda alert: read(alert) <= bound
            case _:
                return lambda alert: read(alert) == bound


_TEXTS: dict[str, Callable[[Alert, "Account"], list[str]]] = {
    "id": lambda alert, _: [alert.id],
    "alertId": lambda alert, _: [alert.id],
    "tinyId": lambda alert, _: [str(alert.number)],
    "alias": lambda alert, _: [alert.alias],
    "message": lambda alert, _: [alert.content.message],
    "description": lambda alert, _: [alert.content.description],
    "status": lambda alert, _: ["open" if alert.open else "closed"],
    "acknowledged": lambda alert, _: ["true" if alert.acknowledged else "false"],
    "priority": lambda alert, _: [alert.content.priority],
    "tag": lambda alert, _: alert.content.tags,
    "tags": lambda alert, _: alert.content.tags,
    "entity": lambda alert, _: [alert.content.entity],
    "source": lambda alert, _: [alert.content.source],
    "owner": lambda alert, _: [alert.owner],
    "teams": lambda alert, account: [account.name_of(r) for r in alert.responders if r.type == "team"],
    "responders": lambda alert, account: [account.name_of(each) for each in alert.responders],
    "integration.name": lambda alert, _: [alert.integration.name if alert.integration else ""],
    "integration.type": lambda alert, _: [alert.integration.type if alert.integration else ""],
}
_NUMBERS: dict[str, Callable[[Alert], int]] = {
    "count": lambda alert: alert.count,
    "createdAt": lambda alert: int(alert.created_at.timestamp() * 1000),
    "updatedAt": lambda alert: int(alert.updated_at.timestamp() * 1000),
    "lastOccurredAt": lambda alert: int(alert.last_occurred_at.timestamp() * 1000),
}


def _like(field: str, value: str, wanted: str) -> bool:
    value, wanted = value.casefold(), wanted.casefold()
    if "*" in wanted:
        return fnmatchcase(value, wanted.replace("[", "[[]").replace("?", "[?]"))
    return wanted in value if field in ("message", "description") else value == wanted


def _unreadable(text: str) -> ApiError:
    return ApiError(422, f"Search query cannot be parsed: {text}")

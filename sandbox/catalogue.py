"""The page docs/sandbox.md: every call the sandbox has, what it refuses and how, asked of a sandbox in this process.

`python -m sandbox.catalogue > docs/sandbox.md` writes it; a test holds the page to it.
"""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx
from starlette.routing import BaseRoute, Route

from sandbox.core import Clock, Core
from sandbox.server import Sandbox

TITLES = {"pagerduty": "PagerDuty", "opsgenie": "OpsGenie"}
_HOSTS = {"pagerduty": "api.pagerduty.com", "events": "events.pagerduty.com", "opsgenie": "api.opsgenie.com"}
_VERBS = {"PUT": "change", "PATCH": "change", "DELETE": "delete"}
_METHOD = "(?:GET|POST|PUT|PATCH|DELETE)"

_HEAD = """# The sandbox

<!-- made by `python -m sandbox.catalogue`; `make golden` renews it -->

`oncall sandbox` (or `python -m sandbox`) runs one PagerDuty and one OpsGenie account on 127.0.0.1. Every call listed
here works as the vendor's does, and every answer is held against the vendor's official description by the tests; where
the two are known to differ, `tests/sandbox/slips.py` says why. What the documents leave open is a switch: see
[choices.md](choices.md).

## Clients that were run

The vendors' own libraries, unchanged, over real sockets; `tests/conformance` runs them again, those in Go where Go is.

| Client | Version | What it does there |
|---|---|---|
| opsgenie-go-sdk-v2, which terraform-provider-opsgenie is built on, with its retries | 1.2.23 | for every kind of the \
provider: create, read back each field that it keeps, edit, read as its import and data source do, destroy. Users, \
contacts, notification rules, custom roles, teams, members, routing rules, escalations, schedules, rotations, API, \
webhook and e-mail integrations, integration actions, heartbeats, alert and notification policies, maintenance, \
services, incident rules, incident templates, saved searches; besides alerts with their requests followed, overrides, \
on-calls, timelines, forwarding |
| go-pagerduty, as in the newer half of terraform-provider-pagerduty | 1.8.0 | the same for teams, members, users, \
contact methods, notification rules, tags, business services, dependencies, extensions, schedules, overrides, \
escalation policies, services, integrations, maintenance windows, orchestrations; besides incidents, alerts, log \
entries, on-calls, audit records, events |
| pagerduty (Python), over HTTPS | 7.2.0 | `find`, `persist`, `rget` by `self`, pages by offset and cursor, retries \
after 429, 503 and cut connections, incidents, history, events, change events |
| opsgenie-sdk (Python), over HTTPS | 2.1.5 | alerts with their requests, heartbeats, the account, retries |

The Terraform providers themselves are reached by `api_url = "127.0.0.1:8912"` (OpsGenie: no scheme, and HTTP as long as
"api" is no part of it) and `api_url_override = "http://127.0.0.1:8911"` (PagerDuty; in Pulumi `apiUrlOverride`).

What fails is in the clients, by the vendors' own descriptions: go-pagerduty's `ListAuditRecordsPaginated` panics at the
last page, whose cursor is null; opsgenie-sdk gives up on a request that is not processed yet; opsgenie-go-sdk-v2 can't
decode a list of saved searches. Alert attachments, OpsGenie incidents and team roles are not built.

## HTTPS

python-pagerduty, for one, speaks nothing else. `oncall sandbox --tls FOLDER` (`python -m sandbox --tls FOLDER`) serves
all three ports with FOLDER's `cert.pem` and `key.pem`; openssl makes them where there are none, for 127.0.0.1 and
localhost. `SSL_CERT_FILE=FOLDER/cert.pem` in a client's environment makes it trust them.

## The admin API

On the page's port, JSON in and out. A refusal is 400 with `{"error": text}`.

| Call | What for |
|---|---|
| `POST /sandbox/reset` | empty both accounts, the journal, the faults; clock, limits and rights as at the start |
| `POST /sandbox/seed` | add people and keys, set switches: `{"pagerduty": {...}, "opsgenie": {...}}` |
| `GET`, `POST /sandbox/clock` | read the clock; move it with `{"now": INSTANT}` or `{"advance": SECONDS}` |
| `GET /sandbox/journal?since=N` | every vendor request in order, keys redacted; `fault` says which fault it met |
| `GET /sandbox/state` | all that the page shows |
| `GET`, `POST`, `DELETE /sandbox/faults` | read what is left, add to, forget the script of faults |
| `GET`, `POST /sandbox/limits` | read and turn the vendors' rate limits |

## Faults

`POST /sandbox/faults` with `{"faults": [...]}` appends to a script. A request meets the first fault that matches it,
and no other; when its `count` is used up the fault is gone and the next one that matches takes its place.

```json
{"vendor": "opsgenie", "method": "POST", "path": "/v2/teams", "skip": 1, "count": 2, "action": {"status": 503}}
```

`path` is a prefix of whole parts (`/teams` also means `/teams/P1/members`, unless `"exact": true`) or a template of the
whole path (`/teams/{id}`). `method` left out means all. First `skip` (0) requests pass, then `count` (1) go wrong:

| Action | What happens |
|---|---|
| `{"status": 503}` | that answer in the vendor's form, no work done; also `headers`, `body`, `retry_after` (seconds) |
| `{"drop": true}` | the connection is cut before any work |
| `{"lose": true}` | the work is done, then the connection is cut |
| `{"empty": true}` | the work is done, a 2xx answer loses its body |
| `{"delay": 2.5}` | so many real seconds before the request is looked at, alone or with one of the above |

## Rate limits

Off until `POST /sandbox/limits` turns them on: `{"pagerduty": true, "opsgenie": true}`, or with figures of your own.
They run by the sandbox's clock; a refused request is not counted.

* PagerDuty: `{"rest": 960, "events": 120}` a minute. The REST API counts by token from the first request of a minute on
  and says so in `ratelimit-limit`, `ratelimit-remaining` and `ratelimit-reset` (seconds); events are counted by routing
  key over any 60 seconds, without headers.
* OpsGenie: `{DOMAIN: {"minute": 300, "second": 30}}`, two token buckets for each domain (alert, configuration,
  heartbeat, incident, integration-configuration, schedule-oncalls, search), told by `X-RateLimit-State`,
  `X-RateLimit-Reason` and `X-RateLimit-Period-In-Sec`. The real figures differ by plan and size.

## Tokens, keys and plans

By `POST /sandbox/seed`, until the reset:

* `{"pagerduty": {"tokens": [{"token": "r", "read_only": true}, {"token": "h", "paths": ["/users", "GET /teams"]}]}}`:
  tokens that only read, or only use what is listed.
* `{"pagerduty": {"abilities": ["teams", "urgencies"]}}`: the abilities of the plan, instead of all.
* `{"opsgenie": {"keys": [{"key": "k", "team": "Edge", "configuration": false}]}}`: keys of integrations; `read`,
  `write`, `delete` and `configuration` are true unless told otherwise. With `"management": true` it is a key from the
  page "API key management", which touches no alert.
* `{"opsgenie": {"left_out": ["/v2/heartbeats"]}}`: paths the plan does not include.
"""


class Ask(NamedTuple):
    """A request whose refusal is shown: to whom, what is wrong with it, the call."""

    to: str
    what: str
    method: str
    path: str
    body: Any = None
    key: str | None = ""


_OK = {"pagerduty": "sandbox-token-pdpdpd", "opsgenie": "11111111-2222-3333-4444-555555555555"}
_EVENT = {
    "routing_key": "k" * 32,
    "event_action": "trigger",
    "payload": {"summary": "s", "source": "s", "severity": "info"},
}
_SEED = {
    "pagerduty": {
        "tokens": [{"token": "ro", "read_only": True}, {"token": "half", "paths": ["/users"]}],
        "abilities": ["teams", "urgencies"],
    },
    "opsgenie": {
        "keys": [
            {"key": "plain", "configuration": False},
            {"key": "ro", "write": False},
            {"key": "managing", "management": True},
        ],
        "left_out": ["/v2/heartbeats"],
    },
}
_SUPPORT_HOURS = {"service": {"support_hours": {"type": "fixed_time_per_day"}}}
_ASKS = (
    Ask("pagerduty", "no token, or an unknown one", "GET", "/teams", key=None),
    Ask("pagerduty", "a read-only token that writes", "POST", "/teams", {"team": {"name": "Edge"}}, "ro"),
    Ask("pagerduty", "a token without the permission", "GET", "/teams", key="half"),
    Ask("pagerduty", "an ability the plan lacks", "POST", "/services", _SUPPORT_HOURS),
    Ask("pagerduty", "an object that is not there", "GET", "/teams/PNOBODY"),
    Ask("pagerduty", "a field that can't be used", "POST", "/teams", {"team": {"name": ""}}),
    Ask("pagerduty", "a page that can't be", "GET", "/teams?limit=101"),
    Ask("pagerduty", "a call that is not built", "GET", "/nothing"),
    Ask("pagerduty", "a method that is not built", "PATCH", "/teams"),
    Ask(
        "events",
        "an event with faults",
        "POST",
        "/v2/enqueue",
        _EVENT | {"routing_key": "short", "event_action": "ring"},
    ),
    Ask("events", "a routing key that nobody has", "POST", "/v2/enqueue", _EVENT),
    Ask("opsgenie", "no key, an unknown or a disabled one", "GET", "/v2/teams", key=None),
    Ask("opsgenie", "a key without configuration access", "GET", "/v2/teams", key="plain"),
    Ask("opsgenie", "a read-only key that writes", "POST", "/v2/teams", {"name": "Edge"}, "ro"),
    Ask("opsgenie", "a key of key management at alerts", "POST", "/v2/alerts", {"message": "down"}, "managing"),
    Ask("opsgenie", "a path the plan leaves out", "GET", "/v2/heartbeats"),
    Ask("opsgenie", "an object that is not there", "GET", "/v2/teams/nobody?identifierType=name"),
    Ask("opsgenie", "a field that can't be used", "POST", "/v2/teams", {"name": "no/slash"}),
    Ask("opsgenie", "a second object of one name", "POST", "/v2/teams", {"name": "There"}),
    Ask("opsgenie", "a call that is not built", "GET", "/v2/nothing"),
    Ask("opsgenie", "a method that is not built", "PUT", "/v2/teams"),
)


def sandbox_page() -> str:
    """Return the page as Markdown."""
    sandbox = Sandbox(core=Core(clock=Clock(datetime(2026, 3, 2, 9, tzinfo=UTC))))
    calls = {name: list(_calls(vendor.routes())) for name, vendor in sandbox.vendors.items()}
    parts = [_HEAD, "## Calls\n"]
    for name, rows in calls.items():
        listed = [f"| `{method}` | `{path}` | {what} |" for method, path, what in rows]
        parts.append("\n".join([f"### {TITLES[name]}\n", "| | Path | What for |", "|---|---|---|", *listed, ""]))
    parts.append("## Refusals\n\nWhat else is refused for its own reasons stands above, with its call.\n")
    rows_of_refusals = [
        f"| {TITLES.get(ask.to, 'Events')} | {ask.what} | `{ask.method} {ask.path}` | {status} | `{body}` |"
        for ask, status, body in asyncio.run(_refusals(sandbox))
    ]
    parts.append(
        "\n".join(["| API | What | For instance | Status | Body |", "|---|---|---|---|---|", *rows_of_refusals, ""])
    )
    return "\n".join(parts)


def _calls(routes: list[BaseRoute]) -> Iterator[tuple[str, str, str]]:
    """Give (method, path, what for) of every route that does something, in the order of their paths."""
    rows = [
        (route.path, method, " ".join((route.endpoint.__doc__ or "").split()))
        for route in routes
        if isinstance(route, Route)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]
    for path, method, doc in sorted(rows, key=lambda row: (row[0].replace("{", "~"), row[1])):
        if not doc.startswith("Refuse "):
            note = _note(doc)
            yield method, path, _purpose(method, path, doc) + (f": {note}" if note else "")


def _note(doc: str) -> str:
    """Return the first sentence of a handler's docstring without the call it begins with."""
    first = re.split(r"(?<=[\w)}`])\.(?: |$)", doc, maxsplit=1)[0].replace("|", "\\|").rstrip(".")
    call = re.match(rf"{_METHOD}(?:(?:, | or ){_METHOD})* \S*?(?=[,;:]? |[,;:]?$)[,;:]? ?", first)
    return first[call.end() :] if call else first


def _purpose(method: str, path: str, doc: str) -> str:
    """Return what a call does, in a word: the path names the thing."""
    last = path.rsplit("/", 1)[-1]
    word = last.replace("-", " ").replace("_", " ")
    if re.match(rf"{_METHOD}(, | or ){_METHOD}", doc) or last == "enqueue":
        return word
    if method == "GET":
        return "list" if word.endswith("s") or word == "maintenance" else "read"
    if method == "POST":
        return "add" if word.endswith("s") or word == "maintenance" else "do" if last.startswith("{") else word
    return _VERBS[method]


async def _refusals(sandbox: Sandbox) -> list[tuple[Ask, int, str]]:
    transport = httpx.ASGITransport(app=sandbox.app())

    async def ask(client: httpx.AsyncClient, one: Ask) -> tuple[Ask, int, str]:
        vendor = "opsgenie" if one.to == "opsgenie" else "pagerduty"
        headers = {"host": _HOSTS[one.to]}
        if one.key is not None:
            scheme = "GenieKey {}" if vendor == "opsgenie" else "Token token={}"
            headers["authorization"] = scheme.format(one.key or _OK[vendor])
        answer = await client.request(one.method, one.path, json=one.body, headers=headers)
        body = {name: value for name, value in answer.json().items() if name not in ("took", "requestId")}
        return one, answer.status_code, json.dumps(body, ensure_ascii=False)

    sandbox.seed(_SEED)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        await ask(client, Ask("opsgenie", "", "POST", "/v2/teams", {"name": "There"}))
        asked = [await ask(client, one) for one in _ASKS]
        for name, path in (("pagerduty", "/teams"), ("opsgenie", "/v2/teams")):
            sandbox.vendors[name].limits.turn({"rest": 1} if name == "pagerduty" else {"configuration": {"minute": 1}})
            await ask(client, Ask(name, "", "GET", path))
            asked.append(await ask(client, Ask(name, "one request too many", "GET", path)))
    return asked


if __name__ == "__main__":
    sys.stdout.write(sandbox_page())

"""What both vendors of the sandbox stand on: clock, timers, ids, journal, errors, JSON, the `Vendor` protocol.

How a vendor is built
---------------------
A vendor is a class taking one argument, the `Core` (`clock`, `ids`, `journal`), and having what `Vendor` lists:
`name` ("pagerduty": its key in admin bodies and in /sandbox/state), `hosts` (the real host names it stands in
for), `routes()` (starlette Routes, paths from the root), `limits`, `authorize(request, body)`,
`refuse(request, status, text)`, `failure(request, status)`, `reset()`, `seed(data)`, `advance(now)`, `state()`.
It holds all its state itself; nothing is global.

* `sandbox.core.gate.Gate(vendor, core)` makes its ASGI application: ONE place that every request passes, in this
  order: `//` and a trailing `/` removed from the path, ordered faults (`core.faults`), due timers run
  (`vendor.advance(core.clock.now())`), `vendor.limits`, `vendor.authorize` (None = go on, else the answer), the
  route, the journal. A raised `VendorError` becomes its own answer; an unbuilt path (404), a wrong method (405) and a
  bug (500) go to `vendor.refuse`.
* Endpoints are `async def` and await nothing but the body, so each request is atomic. (A plain `def` endpoint
  would run in a thread of starlette's pool beside others: don't.)
* Time is only ever read from `core.clock.now()` (aware, UTC). Anything that happens later is a timer of the
  vendor's own `Timers(core.clock)`: `timers.at(due, action, key=...)`, `timers.cancel(key)`; `advance(now)` is
  `self.timers.run(now)`. Timers run in order of time, and while one runs `clock.now()` is the instant it was due
  at, so that moving the clock by an hour gives the same history as waiting an hour. Requests, the clock's admin
  call and a tick each half second all call `advance`.
* `reset()` empties the account (credentials stay), timers included. `seed(data)` takes the vendor's part of POST
  /sandbox/seed; it adds what is not there yet, and raises `ValueError` with a clear text for what it can't use.

What `state()` gives (the page is drawn from it, both vendors alike; times ISO 8601 UTC, all text plain)
---------------------------------------------------------------------------------------------------------
    {"title": "PagerDuty",
     "account": {"users": 15, "teams": 6, ...},       # counts, in the order to be shown
     "users":   [{"id", "name", "email", "role", "teams": [team names]}],
     "on_call": [{"id", "schedule": name, "team": name | null, "time_zone": "Europe/Berlin",
                  "who": [{"name", "until": instant | null, "part": rotation or layer name | null}]}],
     "incidents": [...],           # PagerDuty; OpsGenie calls the same list "alerts"; newest first
     "notifications": [{"at", "who", "how", "to", "about": id, "title": title of that one}]}    # newest first
    and, where the vendor has them, "dropped": [{"at", "where", "key", "why"}], events taken that opened nothing
    one incident or alert:
    {"id", "number", "title", "open": bool,
     "status": "triggered|acknowledged|resolved" or "open|acknowledged|closed",
     "level": "high" or "P1", "where": service or team name, "key": dedup key or alias, "count": events in it,
     "opened_at", "closed_at": instant | null, "assigned": [names],
     "notifications": [{"at", "who", "how", "to"}],   # whom it paged: oldest first
     "timeline": [{"at", "what": short word, "text": sentence}]}                                # oldest first
"""

from sandbox.core.admin import admin_routes
from sandbox.core.clock import Clock
from sandbox.core.errors import VendorError
from sandbox.core.faults import ConnectionCutError
from sandbox.core.gate import Gate
from sandbox.core.ids import Ids
from sandbox.core.journal import Journal
from sandbox.core.limits import FixedWindow, RateLimits, SlidingWindow, TokenBucket, Verdict
from sandbox.core.paths import covers
from sandbox.core.timers import Timers
from sandbox.core.vendor import Core, Vendor
from sandbox.core.wire import body_of, instant_text, json_answer, parse_instant

__all__ = [
    "Clock",
    "ConnectionCutError",
    "Core",
    "FixedWindow",
    "Gate",
    "Ids",
    "Journal",
    "RateLimits",
    "SlidingWindow",
    "Timers",
    "TokenBucket",
    "Vendor",
    "VendorError",
    "Verdict",
    "admin_routes",
    "body_of",
    "covers",
    "instant_text",
    "json_answer",
    "parse_instant",
]

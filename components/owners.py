"""Who owns a name that PagerDuty says is taken, looked up with the stack's token; how an object is taken over."""

import shlex
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

import pulumi

from oncall.clients.base import ApiClient, redact
from oncall.clients.errors import ClientError
from oncall.clients.pagerduty import PAGE_SIZE, Pagerduty, api_token
from oncall.clients.retry import Policy, Retrier
from oncall.drawing.words import visible
from oncall.recovery import FINDABLE, Findable, is_ours
from oncall.resource import Resource
from oncall.targets.common import MANAGED
from oncall.targets.existing import Row, part, parts, text
from oncall.targets.pagerduty.kinds import SCHEDULE, SHIFT_SCHEDULE, TAG, TEAM, USER

LOOK_UP_S = 5.0
"""Seconds that an answer may take: the run has failed already, and only waits for us."""
MOST_ROWS = 5 * PAGE_SIZE
"""The lists are asked for what bears the name, or a longer one: more than this is not read."""
LONGEST_NAME = 255
ONCE = Policy(attempts=1, attempts_to_connect=1, attempts_at_a_limit=1)
_LISTS = {each.kind: each for each in FINDABLE}
_PROVIDERS = (
    ("oncall:pagerduty:", "pulumi:providers:oncall::pagerduty-rest"),
    ("oncall:", "pulumi:providers:oncall::opsgenie"),
    ("pagerduty:", "pulumi:providers:pagerduty::pagerduty"),
)
"""What a resource's type begins with -> the provider that the program declares for it."""


@contextmanager
def account_at(url: str, token: str) -> Iterator[Pagerduty]:
    """Give the account for a look-up: it is asked once, and not for long."""
    with closing(ApiClient("PagerDuty", url, timeout=LOOK_UP_S)) as client:
        yield Pagerduty(client, api_token(token), Retrier(ONCE))


def way_past(args: pulumi.ErrorHookArgs, noun: str, resource: Resource, account: Pagerduty) -> str | None:
    """Return whose the name of a refused resource is, and the way out; None for kinds that have no names.

    Where PagerDuty can't be asked, that is said instead.
    """
    kind = _LISTS.get(resource.kind)
    if kind is None:
        return None
    try:
        row = _owner(account, kind, str(resource.properties[kind.told_by]))
    except ClientError as fault:
        words = f"something else has that, and whose it is couldn't be looked up ({fault.what}): {_OTHER_NAME}, or "
        return visible(f"{words}`oncall recover` after a killed `up`")
    if row is None:
        return f"something has that which this token may not see: ask an admin of the account, or {_OTHER_NAME}"
    words = f"PagerDuty has the {noun} {_described(row, kind)} already, {_way(args, kind, row, resource)}"
    return redact(words, account.credentials)


def import_command(args: pulumi.ErrorHookArgs, own: str, team: str | None) -> str:
    """Return the `pulumi import` by which the stack takes over the object of that id as this resource.

    It names team and provider, for it is to stand where the program has it: else the next `up` would make another.
    """
    stack, project, types, _ = args.urn.split("::", 3)
    root, parent = f"{stack}::{project}", types.rpartition("$")[0]
    provider = next(name for kind, name in _PROVIDERS if args.type.startswith(kind))
    words = ["pulumi", "import", args.type, args.name, own]
    words += ["--parent", f"Team={root}::{parent}::{team}"] if parent and team else []
    words += ["--provider", f"Account={root}::{provider}", "--protect=false", "--generate-code=false"]
    return visible(shlex.join(words))


_OTHER_NAME = "give one of the two another name"


def _owner(account: Pagerduty, kind: Findable, name: str) -> Row | None:
    """Return what has the name. PagerDuty compares without regard to case."""
    called = kind.told_by if kind.whole else "summary"
    for offset in range(0, MOST_ROWS, PAGE_SIZE):
        answer: Any = account.get(kind.path, query=name, limit=PAGE_SIZE, offset=offset)
        for row in parts(answer, kind.rows):
            if text(row, called).casefold() == name.casefold():
                return row if kind.whole else _whole(account, kind, row)
        if not answer.get("more"):
            break
    return None


def _whole(account: Pagerduty, kind: Findable, row: Row) -> Row:
    answer = account.get(f"{kind.path}/{quote(text(row, 'id'), safe='')}")
    return {**row, **part(answer, "schedule")}


def _described(row: Row, kind: Findable) -> str:
    name = visible(text(row, "name") or text(row, kind.told_by) or text(row, "summary"))[:LONGEST_NAME]
    link = text(row, "html_url")
    details = [text(row, "id"), link if link.startswith("https://") else ""]
    return f'"{name}" ({", ".join(visible(each) for each in details if each)})'


def _way(args: pulumi.ErrorHookArgs, kind: Findable, row: Row, resource: Resource) -> str:
    ours, what = is_ours(row), "e-mail address" if kind.kind == USER else "name"
    if args.failed_operation != "create":
        whose = "and it is ours as well" if ours else "and it isn't ours"
        trade = f"; where two trade {what}s, run `pulumi up` with a third one in between" if ours else ""
        return f"{whose}: give one of the two another {what}{trade}"
    if ours:
        renamed = kind.kind in (TEAM, SCHEDULE, SHIFT_SCHEDULE)
        formerly = ", or if only its key is new in the inventory, `formerly: [OLD-KEY]`" if renamed else ""
        return f"and it is ours ({MANAGED}): after a killed `up` run `oncall recover`, then `pulumi up`{formerly}"
    taking = f"`{import_command(args, text(row, 'id'), resource.team)}`"
    if kind.kind == TAG:
        return f"and tags don't say whose they are: after a killed `up` run `oncall recover`, else use it with {taking}"
    if kind.kind == USER:
        return f"not made by us: leave it as it is with `manage: rules` on the person, or take it over with {taking}"
    return f'not ours (nothing in it says "{MANAGED}"): {_OTHER_NAME}, or take it over with {taking}'

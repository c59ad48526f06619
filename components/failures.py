"""What the engine's output says of a resource that failed: where the inventory asks for it, and the way out.

The official PagerDuty plugin passes the service's words on and no more; our own says the way out itself.
"""

import re
from collections.abc import Callable, Iterable, Sequence

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

from components.aside import aside
from components.owners import account_at, import_command, way_past
from oncall.clients.advice import advice
from oncall.clients.errors import LONGEST_SAYING
from oncall.drawing.words import visible
from oncall.errors import Path
from oncall.model import Inventory
from oncall.resource import Resource
from oncall.targets.asked import asked_at

Where = Callable[[Path], str]
"""Gives the file, line and column of a path of the inventory, as text."""

# "POST API call to https://api.pagerduty.com/teams failed 402 ...", and as the stand-in has it "POST /teams: 402 ..."
_REFUSAL = re.compile(
    r"\b(GET|POST|PUT|DELETE) (?:API call to )?(?:https?://[^/\s]+)?(/[^\s:]*):? (?:failed )?(\d{3})\b"
)
_TAKEN = ("already been taken", "must be unique", "already exists")
_WORDS = (
    (
        _TAKEN,
        "something else has that already: give one of the two another name, or `oncall recover` after a killed `up`",
    ),
    (("no such host", "Name or service not known"), "there is no such host: check the stack setting pagerdutyApiUrl"),
    (
        ("x509", "certificate", "CERTIFICATE_VERIFY_FAILED"),
        "if a proxy of your network signs its certificates, the system must trust its certificate authority; "
        "else check the stack setting pagerdutyApiUrl",
    ),
    (
        ("connection refused", "timeout", "timed out", "Connection refused", "All connection attempts failed"),
        "check the network, the proxy settings and the stack setting pagerdutyApiUrl, then run again",
    ),
)
"""What a refusal or a fault of the network says -> the way out."""
_TAKE_OVER = re.compile(r"take it over\b.*: its id is (\S+)")
"""How our own provider ends what it says of an object that isn't ours."""
_GONE = "it, or something that it names, is gone there: `pulumi refresh`, then run again"
_CONTENT = re.compile(r"(?: answered| failed|:) (?:400|422)\b[:. ]*(\S.*)", re.DOTALL)
"""A refusal of what was sent, as the official plugin, the stand-in and our own provider put it."""


def way_out(said: str, url: str) -> str | None:
    """Return what a person can do about what the official plugin says; None where its own words must do."""
    for signs, way in _WORDS:
        if any(sign in said for sign in signs):
            return way
    found = _REFUSAL.search(said)
    if found is None:
        return None
    method, path, status = found[1], found[2], int(found[3])
    if status == 404:
        return _GONE
    if status == 429 or status >= 500:
        return "that may pass: run again later"
    known = advice("PagerDuty", url, status, method, path)
    return known or ("check the token" if status == 401 else None)


def not_taken(said: str, token: str) -> str | None:
    """Return what a vendor says of content that it refuses of a resource of this type; None for other faults."""
    found = _CONTENT.search(said)
    if found is None:
        return None
    vendor = "OpsGenie" if ":opsgenie:" in token else "PagerDuty"
    words = visible(" ".join(found[1].split()))[:LONGEST_SAYING].rstrip(".")
    return f"{vendor} does not take it as it is written there: {words}; change that, then run again"


def missing_or_taken(said: str) -> str | None:
    """Return the way out where our own provider got 404 or 409 for what it writes; None where it says one itself."""
    if " answered 404" in said and "pulumi refresh" not in said:
        return _GONE
    if " answered 409" in said and "is not ours" not in said:
        return "something that this key may not see is in its way there: give one of the two another name, or delete it"
    return None


def nowhere(path: Path) -> str:  # noqa: ARG001
    """Tell no place: for inventories that came from no file."""
    return ""


def telling(
    inventory: Inventory,
    where: Where,
    url: str,
    resources: Iterable[Resource],
    token: pulumi.Output[str] | None = None,
) -> Sequence[pulumi.ErrorHook]:
    """Return what tells the place and the way out of every one of the resources that fails.

    `url` and `token` are PagerDuty's, for looking up who owns a name. An engine that knows no such hooks fails as it
    always did.
    """
    if resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS not in settings.SETTINGS.monitor_features:
        return ()
    wanted = {(each.kind, each.key): each for each in resources}

    def look_up(args: pulumi.ErrorHookArgs, resource: Resource, key: str) -> str | None:
        with account_at(url, key) as account:
            return way_past(args, noun_of(args.type), resource, account)

    async def way_for(args: pulumi.ErrorHookArgs, resource: Resource, said: str) -> str | None:
        if found := _TAKE_OVER.search(said):
            return f"to take it over: `{import_command(args, found[1], resource.team)}`"
        if args.type.startswith("pagerduty:"):
            key = await token.future() if token is not None and any(sign in said for sign in _TAKEN) else None
            owned = await aside(look_up, args, resource, key) if key else None
            if way := owned or way_out(said, url):
                return way
        return not_taken(said, args.type) or missing_or_taken(said)

    async def tell(args: pulumi.ErrorHookArgs) -> bool:
        resource = wanted.get((kind_of(args.type), args.name))
        said = args.errors[0] if args.errors else ""
        place = ""
        if resource is not None:
            path = asked_at(inventory, resource)
            place = where(path) if path else ""
            way = await way_for(args, resource, said)
        else:  # it goes: the inventory doesn't ask for it any more
            way = way_out(said, url) if args.type.startswith("pagerduty:") else None
        if place or way:
            words = f"{noun_of(args.type)} {args.name} failed"
            pulumi.log.error(": ".join(part for part in (place, words, way) if part))
        return False  # not to be tried again: the plugins have

    return (pulumi.ErrorHook("tell", tell),)


def kind_of(token: str) -> str:
    """Return a resource's kind from the engine's type: `pagerduty:Team` for `pagerduty:index/team:Team`."""
    vendor = "opsgenie" if ":opsgenie:" in token else "pagerduty"
    return f"{vendor}:{token.rpartition(':')[2]}"


def noun_of(token: str) -> str:
    """Return the word for a kind: `escalation policy` for `...:EscalationPolicy`, `schedule` for `...:Schedulev2`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", token.rpartition(":")[2].removesuffix("v2")).lower()

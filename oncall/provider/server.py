"""The plugin's side of Pulumi's provider protocol: from the engine's requests to the kinds and back.

The experimental provider of the Pulumi SDK carries the wire; `serve` replaces its way of reporting errors, which sends
tracebacks to the user's screen.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

from pulumi.provider.experimental import provider as api

from oncall.clients.base import PARALLEL_REQUESTS, ApiClient
from oncall.clients.opsgenie import Opsgenie, genie_key
from oncall.clients.pagerduty import Pagerduty, api_token
from oncall.clients.retry import Gate, Retrier
from oncall.provider.convert import UNKNOWN, from_wire, to_wire
from oncall.provider.diff import Change
from oncall.provider.faults import HalfwayError, ProviderError
from oncall.provider.fields import complete_fields
from oncall.provider.kinds import BY_TOKEN
from oncall.provider.kinds.base import Held, Kind
from oncall.provider.reads import LINGER, SharedReads
from oncall.provider.schema import CONFIG, package_schema_text
from oncall.provider.session import Call, Ledger

Result = TypeVar("Result")
Say = Callable[[str, str], None]

NO_KEY = "no OpsGenie API key: `pulumi config set --secret oncall:opsgenieApiKey`, or set OPSGENIE_API_KEY"
NO_TOKEN = "no PagerDuty token: `pulumi config set --secret oncall:pagerdutyToken`, or set PAGERDUTY_TOKEN"  # noqa: S105

DIFF_KINDS = {
    ("add", False): api.PropertyDiffKind.ADD,
    ("add", True): api.PropertyDiffKind.ADD_REPLACE,
    ("delete", False): api.PropertyDiffKind.DELETE,
    ("delete", True): api.PropertyDiffKind.DELETE_REPLACE,
    ("update", False): api.PropertyDiffKind.UPDATE,
    ("update", True): api.PropertyDiffKind.UPDATE_REPLACE,
}


class OncallProvider(api.Provider):
    """One configured provider: an account at each vendor, and the directory the engine works in.

    `warn(urn, text)` shows a line beside a resource in the engine's output. The kinds block on HTTP and files, so they
    run in threads; no more of them than the account takes requests at a time.
    """

    def __init__(
        self,
        *,
        warn: Say = lambda urn, text: None,  # noqa: ARG005
        retrier: Retrier | None = None,
        connect: Callable[[str, str], ApiClient] = ApiClient,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._warn = warn
        self._retrier = retrier or Retrier()
        self._connect = connect
        self._now = now
        self._ledger = Ledger(SharedReads(functools.partial(self._retrier.sleep, LINGER)))
        self._threads = ThreadPoolExecutor(PARALLEL_REQUESTS, thread_name_prefix="oncall")
        self._opsgenie: Callable[[], Opsgenie] = functools.partial(_refuse, NO_KEY)
        self._pagerduty: Callable[[], Pagerduty] = functools.partial(_refuse, NO_TOKEN)

    # The accounts

    async def get_schema(self, request: api.GetSchemaRequest) -> api.GetSchemaResponse:  # noqa: ARG002
        """The package schema."""
        return api.GetSchemaResponse(schema=package_schema_text())

    async def check_config(self, request: api.CheckRequest) -> api.CheckResponse:
        """The addresses must be some. Settings of other names are left alone: the project may share our prefix."""
        given = from_wire(request.new_inputs).values
        failures = []
        for name in ("opsgenieApiUrl", "pagerdutyApiUrl"):
            url = given.get(name)
            if isinstance(url, str) and url and not url.startswith(("https://", "http://")):
                failures.append(api.CheckFailure(name, "must begin with https:// (or http:// for a sandbox)"))
        return api.CheckResponse(inputs=request.new_inputs, failures=failures)

    async def configure(self, request: api.ConfigureRequest) -> api.ConfigureResponse:
        """Remember the accounts; the first request to each shows whether it can be reached."""
        given = from_wire(request.args).values
        opsgenie = self._setting(given, "opsgenieApiKey", "OPSGENIE_API_KEY", "opsgenieApiUrl")
        if opsgenie is UNKNOWN:
            self._opsgenie = functools.partial(_refuse, "the OpsGenie account is known only after the update")
        elif opsgenie:
            key, url = opsgenie
            client = self._connect("OpsGenie", url)
            account = Opsgenie(client, genie_key(key), self._own_retrier(client))
            self._opsgenie = lambda: account
        pagerduty = self._setting(given, "pagerdutyToken", "PAGERDUTY_TOKEN", "pagerdutyApiUrl")
        if pagerduty is UNKNOWN:
            self._pagerduty = functools.partial(_refuse, "the PagerDuty account is known only after the update")
        elif pagerduty:
            token, url = pagerduty
            client = self._connect("PagerDuty", url)
            other = Pagerduty(client, api_token(token), self._own_retrier(client))
            self._pagerduty = lambda: other
        return api.ConfigureResponse(
            accept_secrets=True, supports_preview=True, accept_outputs=True, accept_resources=False
        )

    def _setting(self, given: Mapping[str, Any], key: str, variable: str, url: str) -> Any:
        """An account's key and address; None without a key, UNKNOWN where one of the two is not known yet."""
        pair = given.get(key) or os.environ.get(variable, ""), given.get(url) or CONFIG[url]["default"]
        if UNKNOWN in pair:
            return UNKNOWN
        return tuple(map(str, pair)) if pair[0] else None

    def _own_retrier(self, client: ApiClient) -> Retrier:
        """Limits are an account's: what holds one back must not hold the other."""
        gate, clock = Gate(), self._retrier.clock
        client.on_budget = lambda budget: gate.heed(budget, clock())
        return dataclasses.replace(self._retrier, gate=gate)

    # Resources

    async def check(self, request: api.CheckRequest) -> api.CheckResponse:
        """Defaults filled in, and everything that is wrong at once."""
        kind = _kind(request.type)
        given = from_wire(request.new_inputs)
        values = complete_fields(kind.inputs, given.values)
        # The engine would print the value of a named property, a secret's too: the path is part of the text instead.
        failures = [api.CheckFailure("", str(problem)) for problem in kind.check(values)]
        return api.CheckResponse(to_wire(values, _secret(kind, given.secret)), failures)

    async def diff(self, request: api.DiffRequest) -> api.DiffResponse:
        """Property by property. A new object never stands beside its old one: their name would be the same."""
        kind = _kind(request.type)
        state, inputs = from_wire(request.old_state).values, from_wire(request.new_inputs).values
        found = await self._in_thread(kind.diff, state, inputs)
        found = [change for change in found if change.top not in request.ignore_changes]
        return api.DiffResponse(
            changes=bool(found),
            replaces=list(dict.fromkeys(change.top for change in found if change.replace)),
            delete_before_replace=True,
            diffs=list(dict.fromkeys(change.top for change in found)),
            detailed_diff={change.path: _property_diff(change) for change in found},
        )

    async def create(self, request: api.CreateRequest) -> api.CreateResponse:
        """Make the object; in a preview only say what would be."""
        kind, given = _kind(request.type), from_wire(request.properties)
        secret = _secret(kind, given.secret)
        if request.preview:
            return api.CreateResponse(None, to_wire(kind.expected(None, given.values), secret))
        held = await self._in_thread(kind.create, self._call(request.urn), given.values, secret=secret)
        return api.CreateResponse(held.resource_id, to_wire(held.state, secret))

    async def read(self, request: api.ReadRequest) -> api.ReadResponse:
        """The object as it is, for refresh and import."""
        kind = _kind(request.type)
        state, inputs = from_wire(request.properties), from_wire(request.inputs)
        held: Held | None = await self._in_thread(
            kind.read, self._call(request.urn), request.resource_id, state.values, inputs.values
        )
        if held is None:
            return api.ReadResponse("", {}, {})
        secret = _secret(kind, state.secret | inputs.secret)
        return api.ReadResponse(held.resource_id, to_wire(held.state, secret), to_wire(held.inputs, secret))

    async def update(self, request: api.UpdateRequest) -> api.UpdateResponse:
        """Make the object agree; in a preview only say what would be."""
        kind, olds, news = _kind(request.type), from_wire(request.olds), from_wire(request.news)
        secret = _secret(kind, news.secret)
        if request.preview:
            return api.UpdateResponse(to_wire(kind.expected(olds.values, news.values), secret))
        held = await self._in_thread(
            kind.update, self._call(request.urn), request.resource_id, olds.values, news.values, secret=secret
        )
        return api.UpdateResponse(to_wire(held.state, secret))

    async def delete(self, request: api.DeleteRequest) -> None:
        """Remove the object."""
        state = from_wire(request.properties).values
        await self._in_thread(_kind(request.type).delete, self._call(request.urn), request.resource_id, state)

    def _call(self, urn: str) -> Call:
        warn = functools.partial(self._warn, urn)
        return Call(urn, self._opsgenie, self._pagerduty, self._ledger, warn, self._now)

    async def _in_thread(self, work: Callable[..., Result], *args: Any, secret: frozenset[str] = frozenset()) -> Result:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, functools.partial(work, *args))
        except HalfwayError as error:
            error.secret = secret
            raise


def _kind(token: str) -> Kind:
    # A child's type in a URN is qualified by its parents' types.
    token = token.rsplit("$", 1)[-1]
    kind = BY_TOKEN.get(token)
    if kind is None:
        raise ProviderError(f"this plugin has no kind {token}; it knows {', '.join(BY_TOKEN)}")
    return kind


def _secret(kind: Kind, given: frozenset[str]) -> frozenset[str]:
    """The properties to be kept encrypted: those the program gave as secrets, and those that always are."""
    return given | {item.name for item in (*kind.inputs, *kind.outputs) if item.secret}


def _property_diff(change: Change) -> api.PropertyDiff:
    # What is compared is the state, the outputs, with the new inputs.
    return api.PropertyDiff(DIFF_KINDS[change.kind, change.replace], input_diff=False)


def _refuse(message: str) -> NoReturn:
    raise ProviderError(message)

"""The gRPC server the engine talks to: requests to plain values, answers and faults back.

Not built on `pulumi.provider.experimental`: that one appends a traceback to every error, cannot give the id of a
resource whose creation failed half-way, and does not tell unknown values from text.
"""

import asyncio
import functools
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

import grpc.aio  # type: ignore[import-untyped]
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import (
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)

from sandbox.plugin.errors import CreatedButUnreadError, PluginError
from sandbox.plugin.provider import Provider
from sandbox.plugin.values import Values, from_struct, to_struct

VERSION: Final = "4.37.0"
"""The version of the SDK whose programs this plugin serves."""

_MAX_MESSAGE_BYTES: Final = 400 * 1024 * 1024  # as the engine sets it

_Method = Callable[["Servicer", Any, Any], Awaitable[Any]]


def _one_line_faults(method: _Method) -> _Method:
    """Ends a failed call with one line for the engine to show."""

    @functools.wraps(method)
    async def wrapped(self: "Servicer", request: Any, context: Any) -> Any:
        try:
            return await method(self, request, context)
        except PluginError as fault:
            await context.abort(grpc.StatusCode.UNKNOWN, str(fault))
        except (AttributeError, LookupError, TypeError, ValueError) as fault:
            # An answer of another shape than PagerDuty's, or a value no rule caught.
            line = f"unexpected answer or value: {type(fault).__name__} {' '.join(str(fault).split())}"
            await context.abort(grpc.StatusCode.UNKNOWN, line)

    return wrapped


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """The engine's resource provider protocol over a Provider."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802 (gRPC's names)
        """The version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    async def GetSchema(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """The package's schema."""
        schema = {**self._provider.schema(), "version": VERSION}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    async def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """The configuration as it came: secrets stay wrapped."""
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Any change of the configuration is an update in place."""
        olds, news = from_struct(request.olds), from_struct(request.news)
        changed = sorted(key for key in {*olds, *news} - {"version"} if olds.get(key) != news.get(key))
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=some if changed else none, diffs=changed)

    @_one_line_faults
    async def Configure(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Takes the configuration; the credentials are checked unless it says otherwise."""
        config = from_struct(request.args)
        for key, value in request.variables.items():
            config.setdefault(key.rpartition(":")[2], value)
        await self._provider.configure(config)
        # Without acceptSecrets the engine unwraps secrets itself and marks the outputs they come back in.
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    @_one_line_faults
    async def Check(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Inputs with defaults, and what is wrong with them."""
        kind_type, name = _type_and_name(request.urn)
        olds, news = from_struct(request.olds), from_struct(request.news)
        inputs, failures = self._provider.check(kind_type, name, olds, news, request.randomSeed)
        return provider_pb2.CheckResponse(
            inputs=to_struct(inputs),
            failures=[provider_pb2.CheckFailure(property=path, reason=reason) for path, reason in failures],
        )

    @_one_line_faults
    async def Diff(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """The differences, property by property."""
        kind_type, _ = _type_and_name(request.urn)
        found = self._provider.diff(kind_type, from_struct(request.olds), from_struct(request.news))
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some if found.changes else none,
            diffs=_top_names(change.path for change in found.changes),
            replaces=_top_names(change.path for change in found.changes if change.replaces),
            deleteBeforeReplace=found.delete_first,
            hasDetailedDiff=True,
            detailedDiff={
                change.path: provider_pb2.PropertyDiff(kind=_diff_kind(change.sort, change.replaces))
                for change in found.changes
            },
        )

    @_one_line_faults
    async def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Makes a resource; one that was made but not read is handed over with its id all the same."""
        kind_type, _ = _type_and_name(request.urn)
        inputs = from_struct(request.properties)
        try:
            resource_id, state = await self._provider.create(kind_type, inputs, request.preview)
        except CreatedButUnreadError as fault:
            await _abort_half_made(context, fault, inputs)
        return provider_pb2.CreateResponse(id=resource_id, properties=to_struct(state))

    @_one_line_faults
    async def Read(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Reads a resource for a refresh or an import; an empty answer drops it."""
        kind_type, _ = _type_and_name(request.urn)
        found = await self._provider.read(
            kind_type, request.id, from_struct(request.properties), from_struct(request.inputs)
        )
        if found is None:
            return provider_pb2.ReadResponse()
        resource_id, state, inputs = found
        return provider_pb2.ReadResponse(id=resource_id, properties=to_struct(state), inputs=to_struct(inputs))

    @_one_line_faults
    async def Update(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Changes a resource in place."""
        kind_type, _ = _type_and_name(request.urn)
        state = await self._provider.update(
            kind_type, request.id, from_struct(request.olds), from_struct(request.news), request.preview
        )
        return provider_pb2.UpdateResponse(properties=to_struct(state))

    @_one_line_faults
    async def Delete(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Deletes a resource."""
        kind_type, _ = _type_and_name(request.urn)
        await self._provider.delete(kind_type, request.id, from_struct(request.properties))
        return empty_pb2.Empty()

    @_one_line_faults
    async def Invoke(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Calls a function."""
        result = await self._provider.invoke(request.tok, from_struct(request.args))
        return provider_pb2.InvokeResponse(**{"return": to_struct(result)})

    async def Cancel(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802
        """Nothing to undo: calls under way end by themselves."""
        return empty_pb2.Empty()


def _type_and_name(urn: str) -> tuple[str, str]:
    """Type and logical name in a URN; the type may follow its parents' types, joined by `$`."""
    *_, types, name = urn.split("::", 3)
    return types.rpartition("$")[2], name


def _top_names(paths: Any) -> list[str]:
    return list(dict.fromkeys(path.partition(".")[0].partition("[")[0] for path in paths))


def _diff_kind(sort: str, replaces: bool) -> Any:
    return provider_pb2.PropertyDiff.Kind.Value(f"{sort.upper()}_REPLACE" if replaces else sort.upper())


async def _abort_half_made(context: Any, fault: CreatedButUnreadError, inputs: Values) -> None:
    """Ends a create so that the engine keeps the resource, marked as not completely made."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=fault.resource_id,
        properties=to_struct(inputs),
        inputs=to_struct(inputs),
        reasons=[str(fault)],
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(fault))
    status.details.add().Pack(detail)
    await context.abort(
        grpc.StatusCode.UNKNOWN,
        str(fault),
        trailing_metadata=(("grpc-status-details-bin", status.SerializeToString()),),
    )


async def start(provider: Provider) -> tuple[Any, int]:
    """A running gRPC server on a free loopback port; server and port."""
    options = [(f"grpc.max_{way}_message_length", _MAX_MESSAGE_BYTES) for way in ("receive", "send")]
    server = grpc.aio.server(options=options)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(provider), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port


async def serve() -> None:
    """Serves until the engine ends the process; the port on stdout is what it waits for."""
    provider = Provider()
    server, port = await start(provider)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        await server.wait_for_termination()
    except asyncio.CancelledError:
        await server.stop(None)
        raise
    finally:
        await provider.close()

"""The plugin as a process: a gRPC server that the engine starts, asks and stops."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import grpc.aio  # type: ignore[import-untyped]
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc, status_pb2

from oncall.clients.errors import ClientError
from oncall.clients.retry import Retrier
from oncall.provider.convert import to_wire
from oncall.provider.faults import HalfwayError, ProviderError
from oncall.provider.fields import instant_of
from oncall.provider.schema import VERSION
from oncall.provider.server import OncallProvider

NOTABLE_WAIT = 2.0
"""Seconds of waiting for a vendor that are worth a line."""
LONG_WAIT = 10.0
"""Seconds that are worth a line that stays."""
LINES_APART = 60.0
"""Seconds between two lines that stay."""
ORPHAN_CHECK = 2.0
"""Seconds between two looks whether the engine is still there."""
LAST_REQUESTS = 30.0
"""Seconds that requests under way get to finish once the engine is gone."""

NOW_VARIABLE = "ONCALL_PLUGIN_NOW"
"""Environment variable: the instant (ISO 8601 with a zone) to take for the present, where tests move all clocks."""

Method = Callable[[Any, Any, Any], Awaitable[Any]]


def _plainly(method: Method) -> Method:
    """The method, with whatever goes wrong told in one line."""

    async def plain(self: Any, request: Any, context: Any) -> Any:
        try:
            return await method(self, request, context)
        except NotImplementedError:
            raise
        except Exception as wrapped:  # noqa: BLE001 - whatever it is, the engine gets one line
            error = wrapped.__context__ or wrapped
        details = (("grpc-status-details-bin", _recorded(error)),) if isinstance(error, HalfwayError) else ()
        return await context.abort(grpc.StatusCode.UNKNOWN, explain(error), details)

    return plain


class PlainServicer(ProviderServicer):
    """Reports errors as one line. The base class turns every exception into its text with a traceback; the exception
    it caught is the context of the one it raises.
    """

    CheckConfig = _plainly(ProviderServicer.CheckConfig)
    Configure = _plainly(ProviderServicer.Configure)
    Check = _plainly(ProviderServicer.Check)
    Diff = _plainly(ProviderServicer.Diff)
    Create = _plainly(ProviderServicer.Create)
    Read = _plainly(ProviderServicer.Read)
    Update = _plainly(ProviderServicer.Update)
    Delete = _plainly(ProviderServicer.Delete)


def explain(error: BaseException) -> str:
    """One line for the user. Of a fault in the plugin itself only its kind and place are told: its text may hold
    anything, a key too.
    """
    if isinstance(error, ProviderError | ClientError):
        return str(error)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
    return f"the oncall plugin failed: {type(error).__name__}{place}; please report it"


def _recorded(error: HalfwayError) -> bytes:
    """What tells the engine that the object exists although the operation failed: it is kept in the state."""
    failed = provider_pb2.ErrorResourceInitFailed(
        id=error.resource_id,
        properties=PropertyValue.marshal_map(to_wire(error.state, error.secret)),
        reasons=[str(error)],
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
    status.details.add().Pack(failed)
    return bytes(status.SerializeToString())


class EngineVoice:
    """Lines in the engine's output."""

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))
        self._clock = clock
        self._lasting_line = -LINES_APART
        self._lock = threading.Lock()

    def warn(self, urn: str, text: str) -> None:
        """A warning that stays, beside its resource."""
        self._log(engine_pb2.WARNING, text, urn=urn)

    def waiting(self, error: ClientError, seconds: float) -> None:
        """A line while a vendor makes us wait: a passing one, or, once in a while, one that stays where it is long.

        Requests wait side by side, and a log of CI shows only what stays.
        """
        if seconds < NOTABLE_WAIT:
            return
        with self._lock:
            stays = seconds >= LONG_WAIT and self._clock() - self._lasting_line >= LINES_APART
            if stays:
                self._lasting_line = self._clock()
        self._log(engine_pb2.INFO, f"{error.what}; going on in {seconds:.0f} s", ephemeral=not stays)

    def _log(self, severity: Any, text: str, urn: str = "", *, ephemeral: bool = False) -> None:
        request = engine_pb2.LogRequest(severity=severity, message=text, urn=urn, ephemeral=ephemeral)
        # An engine that is going away can't be told anything.
        with contextlib.suppress(grpc.RpcError):
            self._engine.Log(request, timeout=5)


class CancellableProvider(OncallProvider):
    """Stops waiting for the vendor when the engine cancels."""

    def __init__(self, voice: EngineVoice) -> None:
        self._stopping = threading.Event()
        retrier = Retrier(sleep=self._stopping.wait, cancelled=self._stopping.is_set, on_wait=voice.waiting)
        super().__init__(warn=voice.warn, retrier=retrier, now=_present)

    async def cancel(self) -> None:
        """No more retries: what is under way ends with its present answer."""
        self._stopping.set()


def _present() -> datetime:
    """The real clock's instant, or the one that tests have set."""
    return instant_of(os.environ.get(NOW_VARIABLE)) or datetime.now(UTC)


async def _serve(engine: str, arguments: Sequence[str], parent: int) -> None:
    server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
    provider = CancellableProvider(EngineVoice(engine))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(
        PlainServicer(list(arguments), VERSION, provider, engine), server
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    # The engine reads the port from the first line of the output.
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await _orphaned(parent)
    await provider.cancel()
    await server.stop(LAST_REQUESTS)


async def _orphaned(parent: int) -> None:
    """Returns once the engine that started us is gone without having stopped us."""
    while os.getppid() == parent:
        await asyncio.sleep(ORPHAN_CHECK)


def main(arguments: Sequence[str]) -> None:
    """Serve until the engine stops the process."""
    parent = os.getppid()  # before the engine has its answer: it may be gone a moment later
    parser = argparse.ArgumentParser(prog="pulumi-resource-oncall", description="Pulumi provider plugin (gRPC server)")
    parser.add_argument("engine", help="address of the engine")
    known, _ = parser.parse_known_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(known.engine, arguments, parent))

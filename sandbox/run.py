"""Serving a sandbox on its three loopback ports, with one uvicorn server."""

import asyncio
import contextlib
import errno
import json
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.core import ConnectionCutError
from sandbox.server import Entry, Sandbox

LOOPBACK = "127.0.0.1"
# How often timers (escalations, expiries) are looked at while no request comes.
TICK_SECONDS = 0.5
# Clients keep connections open between requests; one closed under a Go client just as it sends a POST is a failed
# create, so be more patient than any client's own idle limit in a run.
KEEP_ALIVE_SECONDS = 120


class PortInUseError(Exception):
    """A port that is wanted is taken by another process."""


async def serve(
    sandbox: Sandbox, port: int, pagerduty_port: int, opsgenie_port: int, tls: tuple[Path, Path] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, and print the addresses as one JSON line once requests are taken.

    Port 0 means a free one. With `tls`, the paths of a certificate and its key, all ports speak HTTPS. PortInUseError,
    before anything is served, for a port that is taken.
    """
    certificate, key = tls or (None, None)
    wanted = {"page": port, "pagerduty": pagerduty_port, "opsgenie": opsgenie_port}
    with contextlib.ExitStack() as opened:
        sockets = {name: opened.enter_context(_listening(name, number)) for name, number in wanted.items()}
        ports = {name: sock.getsockname()[1] for name, sock in sockets.items()}
        app = ByPort({ports[name]: sandbox.app(name) for name in wanted})
        config = uvicorn.Config(
            app,
            http=CuttableProtocol,
            lifespan="off",
            log_level="warning",
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=2,
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
        scheme = "https" if tls else "http"
        server = Server(config, {name: f"{scheme}://{LOOPBACK}:{number}" for name, number in ports.items()})
        ticking = asyncio.create_task(_tick(sandbox))
        try:
            await server.serve(sockets=list(sockets.values()))
        finally:
            ticking.cancel()


class ByPort:
    """ASGI application that passes a request on by the port it came in at."""

    def __init__(self, entries: dict[int, Entry]) -> None:
        self._entries = entries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        await self._entries[scope["server"][1]](scope, receive, send)


class CuttableProtocol(H11Protocol):
    """uvicorn's HTTP protocol, that cuts the connection without a word where the application asks for it."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        served = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            try:
                await served(scope, receive, send)
            except ConnectionCutError:
                self.transport.abort()
                # uvicorn answers 500 for an application that ends without an answer, unless it knows of the end.
                while (await receive())["type"] != "http.disconnect":
                    continue

        self.app = app


class Server(uvicorn.Server):
    """uvicorn's server that says where it listens, and ends with exit code 0 on SIGTERM and SIGINT."""

    def __init__(self, config: uvicorn.Config, addresses: dict[str, str]) -> None:
        super().__init__(config)
        self._addresses = addresses

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then print the addresses."""
        await super().startup(sockets)
        sys.stdout.write(json.dumps(self._addresses) + "\n")
        sys.stdout.flush()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal, without uvicorn's raising it again after the end (which would be a failed exit)."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


def _listening(name: str, port: int) -> socket.socket:
    # The protocol is named because asyncio sets TCP_NODELAY only where it is, and without that each answer waits 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((LOOPBACK, port))
        sock.listen(128)
    except OSError as error:
        sock.close()
        if error.errno != errno.EADDRINUSE:
            raise
        option = "--port" if name == "page" else f"--{name}-port"
        raise PortInUseError(f"port {port} is in use; stop what uses it, or pass {option} (0: a free one)") from None
    return sock


async def _tick(sandbox: Sandbox) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        try:
            sandbox.advance()
        except Exception as fault:  # noqa: BLE001 - a bug in one timer must be seen, and must not stop all others
            traceback.print_exception(fault)

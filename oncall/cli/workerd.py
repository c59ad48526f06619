"""Runs a rendered bridge in workerd, the Workers runtime: start, find out its port, stop, kill.

workerd reports the ports it listens on over a pipe (`--control-fd`), so there is no port to guess and none to wait for.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CONFIG = "bridge.capnp"
START_SECONDS = 20.0
STOP_SECONDS = 5.0
_CHECKOUT = Path(__file__).parents[2]


class WorkerdError(Exception):
    """The runtime could not be found or started; the message says what to do."""


def find_workerd(environ: Mapping[str, str] | None = None, checkout: Path = _CHECKOUT) -> Path | None:
    """Return the workerd binary: $ONCALL_WORKERD, else the checkout's .tools/bin/workerd, else one on PATH."""
    environ = os.environ if environ is None else environ
    if named := environ.get("ONCALL_WORKERD"):
        return Path(named) if os.access(named, os.X_OK) else None
    tool = checkout / ".tools" / "bin" / "workerd"
    if os.access(tool, os.X_OK):
        return tool
    found = shutil.which("workerd", path=environ.get("PATH"))
    return Path(found) if found else None


@dataclass(slots=True)
class RunningBridge:
    """A workerd process and the ports of its sockets, by socket name."""

    process: subprocess.Popen[bytes]
    ports: Mapping[str, int]
    log: Path

    @property
    def url(self) -> str:
        """The base URL of the bridge on loopback."""
        return f"http://127.0.0.1:{self.ports['webhook']}"

    def stop(self) -> None:
        """Ask the process to end and wait for it; kill it after STOP_SECONDS."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the process at once (SIGKILL), as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def __enter__(self) -> RunningBridge:
        """Give the bridge itself; leaving the block stops it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the bridge."""
        self.stop()


def start_bridge(
    bundle: Path,
    *,
    disk: Path,
    vendors: str,
    secrets: Mapping[str, str],
    port: int = 0,
    log: Path | None = None,
    binary: Path | None = None,
) -> RunningBridge:
    """Start the bundle in a folder and return once it listens on 127.0.0.1.

    `disk` holds the bridge's state and is made if missing; `vendors` is the address ("127.0.0.1:8910") to which
    everything sent to a vendor is redirected, with the vendor's name still in its Host header; `secrets` are the
    Worker's secrets by name; `port` 0 takes a free one; `log` gets what the bridge prints (default: bridge.log
    beside the state).
    Raises WorkerdError when there is no binary or it doesn't start.
    """
    extra = [f"--external-addr=vendors={vendors}", f"--directory-path=disk={disk.resolve()}"]
    return start_config(
        bundle / CONFIG,
        disk=disk,
        sockets={"webhook": f"127.0.0.1:{port}"},
        arguments=extra,
        secrets=secrets,
        log=log,
        binary=binary,
    )


def start_config(
    config: Path,
    *,
    disk: Path,
    sockets: Mapping[str, str],
    arguments: Sequence[str] = (),
    secrets: Mapping[str, str],
    log: Path | None = None,
    binary: Path | None = None,
) -> RunningBridge:
    """Start any workerd config, with the given socket addresses by name; see `start_bridge` for the rest."""
    binary = binary or find_workerd()
    if binary is None:
        raise WorkerdError(
            "workerd (the Workers runtime) is missing: run `make setup`, or set ONCALL_WORKERD to its path"
        )
    disk.mkdir(parents=True, exist_ok=True)
    log = log or disk.parent / "bridge.log"
    reading, writing = os.pipe()
    command = [str(binary), "serve", str(config), f"--control-fd={writing}", *arguments]
    command += [f"--socket-addr={name}={address}" for name, address in sockets.items()]
    # Only the secrets: nothing of this process's environment reaches the Worker.
    with log.open("ab") as output:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(secrets),
                pass_fds=(writing,),
                start_new_session=True,
            )
        except OSError as fault:
            os.close(reading)
            raise WorkerdError(f"{binary} can't be started: {fault}") from fault
        finally:
            os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as control:
        try:
            return RunningBridge(process, _ports(control, len(sockets)), log)
        except WorkerdError as fault:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
            raise WorkerdError(f"{fault}: {_tail(log)}") from None


def _ports(control: IO[bytes], count: int) -> dict[str, int]:
    ports: dict[str, int] = {}
    text = b""
    until = time.monotonic() + START_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        while len(ports) < count:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise WorkerdError(f"the bridge did not start within {START_SECONDS:.0f} s")
            chunk = control.read(4096)
            if not chunk:
                raise WorkerdError("the bridge did not start")
            *lines, text = (text + chunk).split(b"\n")
            for event in map(json.loads, lines):
                if event["event"] == "listen":
                    ports[event["socket"]] = event["port"]
    return ports


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:].strip()

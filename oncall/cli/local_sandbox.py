"""Start the local sandbox accounts as a process, and talk to their clock, journal and state."""

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from oncall.model import Inventory


class SandboxError(Exception):
    """The sandbox did not start; what it said stands on stderr already."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The addresses of a running sandbox, as base URLs on loopback."""

    page: str
    pagerduty: str
    opsgenie: str
    trusted: Path | None = None  # the certificate it has, where it speaks HTTPS

    def state(self) -> dict[str, Any]:
        """Return all that the page shows."""
        return self._get("/sandbox/state")

    def journal(self) -> list[dict[str, Any]]:
        """Return every request answered so far, keys redacted."""
        return list(self._get("/sandbox/journal")["entries"])

    def seed(self, users: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
        """Give each vendor its users: {"pagerduty": [{"name", "email"}], "opsgenie": [{"username", "fullName"}]}."""
        self._post("/sandbox/seed", {vendor: {"users": list(people)} for vendor, people in users.items()})

    def advance(self, seconds: float) -> None:
        """Move the clock on; what falls due on the way happens."""
        self._post("/sandbox/clock", {"advance": seconds})

    def _get(self, path: str) -> dict[str, Any]:
        return dict(self._send("GET", path, None).json())

    def _post(self, path: str, body: object) -> None:
        self._send("POST", path, body)

    def _send(self, method: str, path: str, body: object) -> httpx.Response:
        verify = ssl.create_default_context(cafile=self.trusted) if self.trusted else True
        with httpx.Client(timeout=30, trust_env=False, verify=verify) as client:
            return client.request(method, self.page + path, json=body).raise_for_status()


@contextmanager
def running_sandbox(*options: str, tls: Path | None = None) -> Iterator[Sandbox]:
    """Run the sandbox on free ports of loopback (or those given by `options`) until the block ends.

    With `tls` it speaks HTTPS, with the certificate of that folder, which it makes where there is none.
    """
    command = [
        sys.executable,
        "-m",
        "sandbox",
        "--port",
        "0",
        "--pagerduty-port",
        "0",
        "--opsgenie-port",
        "0",
        *options,
        *(("--tls", str(tls)) if tls else ()),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - asked for above
            line = process.stdout.readline()
            if not line:
                raise SandboxError("the sandbox did not start")
            addresses = json.loads(line)
            trusted = tls / "cert.pem" if tls else None
            yield Sandbox(addresses["page"], addresses["pagerduty"], addresses["opsgenie"], trusted)
        finally:
            process.terminate()
            process.wait(timeout=10)


def known_users(inventory: Inventory) -> dict[str, list[dict[str, str]]]:
    """Return the people the accounts should know beforehand: all whose users are not ours to make."""
    known = [person for person in inventory.people.values() if inventory.manage_of(person) != "all"]
    return {
        "pagerduty": [
            {"name": person.name, "email": person.email, "time_zone": inventory.person_zone(person)} for person in known
        ],
        "opsgenie": [{"username": person.email, "fullName": person.name} for person in known],
    }

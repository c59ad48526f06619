"""`python -m sandbox`: the local accounts on loopback, until it is told to stop."""

import argparse
import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

from sandbox.core import parse_instant
from sandbox.run import PortInUseError, serve
from sandbox.server import Sandbox
from sandbox.tls import TlsError, certificate


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code (1: a bad seed file, a port in use, no certificate)."""
    options = _parser().parse_args(argv)
    try:
        sandbox = Sandbox(options.now)
        if options.seed:
            sandbox.seed(json.loads(options.seed.read_text(encoding="utf-8")))
        tls = certificate(options.tls) if options.tls else None
        asyncio.run(serve(sandbox, options.port, options.pagerduty_port, options.opsgenie_port, tls))
    except (OSError, ValueError, PortInUseError, TlsError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="PagerDuty and OpsGenie accounts on 127.0.0.1, with a page that shows them. "
        "Prints one line of JSON with the addresses when ready; port 0 takes a free one.",
    )
    parser.add_argument("--port", type=int, default=8910, help="the page and the admin API (%(default)s)")
    parser.add_argument("--pagerduty-port", type=int, default=8911, help="PagerDuty's APIs (%(default)s)")
    parser.add_argument("--opsgenie-port", type=int, default=8912, help="OpsGenie's API (%(default)s)")
    parser.add_argument("--seed", type=Path, metavar="FILE", help="JSON, as for POST /sandbox/seed")
    parser.add_argument(
        "--tls", type=Path, metavar="FOLDER", help="speak HTTPS, with cert.pem and key.pem of FOLDER (made if missing)"
    )
    parser.add_argument("--now", type=_instant, metavar="INSTANT", help="where the clock starts: 2026-11-23T09:00:00Z")
    return parser


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())

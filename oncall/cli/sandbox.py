"""`oncall sandbox`: the local accounts, with the inventory's people in them."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from oncall.cli.instants import Now, the_clock


def sandbox(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The inventory whose people the accounts know.")] = Path(
        "inventory.yaml"
    ),
    port: Annotated[int, typer.Option(help="Port of the page (0: a free one).")] = 8910,
    pagerduty_port: Annotated[int, typer.Option(help="Port of PagerDuty's API.")] = 8911,
    opsgenie_port: Annotated[int, typer.Option(help="Port of OpsGenie's API.")] = 8912,
    tls: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Speak HTTPS, with FOLDER's cert.pem and key.pem (made if missing)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the addresses as one JSON line.")] = False,
    now: Now = None,
) -> None:
    """Run local PagerDuty and OpsGenie accounts on this machine, and a page that shows them, until Ctrl-C.

    The ports are those of the stack `sandbox`, so that `pulumi up --stack sandbox` works beside it. Nothing is kept
    when it ends.
    """
    from oncall.cli.load import load_inventory
    from oncall.cli.local_sandbox import SandboxError, known_users, running_sandbox

    inventory = load_inventory(path, now or the_clock())
    ports = ("--port", str(port), "--pagerduty-port", str(pagerduty_port), "--opsgenie-port", str(opsgenie_port))
    try:
        with running_sandbox(*ports, tls=tls) as accounts:
            accounts.seed(known_users(inventory))
            addresses = {"page": accounts.page, "pagerduty": accounts.pagerduty, "opsgenie": accounts.opsgenie}
            if as_json:
                typer.echo(json.dumps(addresses))
            else:
                typer.echo("\n".join(f"{name:<10} {address}" for name, address in addresses.items()))
                if accounts.trusted:
                    typer.echo(f"trust it by    SSL_CERT_FILE={accounts.trusted}")
                typer.echo(f"{len(inventory.people)} people. Ctrl-C stops everything.")
            while True:
                time.sleep(3600)
    except SandboxError as fault:
        raise typer.Exit(1) from fault
    except KeyboardInterrupt:
        raise typer.Exit(0) from None

"""`oncall bridge`: the Worker's files, without any account."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from oncall.cli.instants import Now, the_clock

bridge = typer.Typer(
    help="The bridge: a Cloudflare Worker that turns AliveMCP's webhooks into pages.",
    add_completion=False,
    rich_markup_mode="markdown",
)


@bridge.callback()
def _group() -> None:
    """The bridge: a Cloudflare Worker that turns AliveMCP's webhooks into pages."""


@bridge.command()
def build(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The inventory: a file, or a folder of them.")] = Path(
        "inventory.yaml"
    ),
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write to.")] = Path("dist/bundle"),
    pagerduty_region: Annotated[Literal["us", "eu"], typer.Option(help="Where the PagerDuty account is.")] = "us",
    opsgenie_region: Annotated[Literal["us", "eu"], typer.Option(help="Where the OpsGenie account is.")] = "us",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
    now: Now = None,
) -> None:
    """Write the bridge's files: modules, route table, settings for wrangler and workerd. No keys: those come with `up`.

    The same inventory gives the same bytes. `pulumi up` writes these files too (to dist/STACK), with the secrets
    beside them.
    """
    from oncall.bridge.config import BridgeConfig
    from oncall.bridge.render import config_hash, render
    from oncall.bridge.routes import bridge_config
    from oncall.cli.load import load_inventory
    from oncall.provider.faults import ProviderError
    from oncall.provider.files import Directory, Text

    inventory = load_inventory(path, now or the_clock())
    config: BridgeConfig = bridge_config(inventory, {"pagerduty": pagerduty_region, "opsgenie": opsgenie_region})
    files = render(config)
    try:
        Directory(str(output)).write({name: Text(text) for name, text in files.items()}, {})
    except ProviderError as fault:
        typer.echo(f"oncall: {fault}", err=True)
        raise typer.Exit(1) from fault
    facts = {"directory": str(output), "config": config_hash(config), "files": list(files), "keys": config.key_ids}
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    else:
        size = sum(len(text.encode()) for text in files.values())
        typer.echo(f"{output}: {len(files)} files, {size // 1024} KiB, config {facts['config']}")
        typer.echo(f"It needs {len(config.key_ids)} keys, which `pulumi up` puts into secrets.json.")

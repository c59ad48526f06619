"""The command `oncall`. A command's module is imported only when the command is asked for.

Exit codes: 0 nothing to tell, 1 an error (of usage too), 2 changes, 3 stopped by the guard.
"""

import os
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module, metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from oncall.errors import InventoryError

# name: the module, and in it the function, or the `typer.Typer` of a group of commands, that does the work
COMMANDS = {
    "check": ("oncall.cli.check", "check"),
    "who": ("oncall.cli.who", "who"),
    "shifts": ("oncall.cli.shifts", "shifts"),
    "simulate": ("oncall.cli.simulate", "simulate"),
    "coverage": ("oncall.cli.coverage", "coverage"),
    "load": ("oncall.cli.load_report", "load"),
    "pay": ("oncall.cli.pay", "pay"),
    "preview": ("oncall.cli.preview", "preview"),
    "comment": ("oncall.cli.comment", "comment"),
    "pull-request": ("oncall.cli.pull_request", "pull_request"),
    "leave": ("oncall.cli.leave", "leave"),
    "swap": ("oncall.cli.swap", "swap"),
    "override": ("oncall.cli.override", "override"),
    "fmt": ("oncall.cli.fmt", "fmt"),
    "schema": ("oncall.cli.schema", "schema"),
    "calendar": ("oncall.cli.calendar", "calendar"),
    "rota": ("oncall.cli.rota", "rota"),
    "sandbox": ("oncall.cli.sandbox", "sandbox"),
    "bridge": ("oncall.cli.bridge", "bridge"),
    "recover": ("oncall.cli.recover", "recover"),
    "demo": ("oncall.cli.demo", "demo"),
}


class _Commands(TyperGroup):
    """The table above as a group."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the base's signature
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            near = get_close_matches(cmd_name, COMMANDS, n=1)
            ctx.fail(f"there is no command {cmd_name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        module, name = COMMANDS[cmd_name]
        found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False, rich_markup_mode="markdown")
            alone.command(cmd_name)(found)
            found = alone
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def oncall(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """One file, `inventory.yaml`, is the whole truth about on-call: who, when, and for which servers.

    `oncall check` tells what is wrong with it, `oncall demo` shows what becomes of it, and `pulumi up` makes
    PagerDuty, OpsGenie and the alert bridge agree with it.
    """
    if version:
        typer.echo(f"oncall {metadata.version('oncall-as-code')}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help(), nl=False)


def _end(*_: object) -> None:
    """Leave as Ctrl-C would, so that whatever a command has started ends with it."""
    raise KeyboardInterrupt


def _slip(fault: typer.TyperException) -> str:
    """Say what is wrong with the words of a command; how they go where they don't fit its form."""
    if isinstance(fault, typer.BadParameter) and fault.param is None:
        return f"oncall: {fault.message}"  # said by the command itself: the form was right
    context = getattr(fault, "ctx", None)
    usage = context.get_usage() if context is not None else ""
    said = fault.format_message()  # nothing where a group was named without a command: its help is printed then
    return "\n".join(filter(None, (usage, f"oncall: {said}" if said else "")))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. Faults of usage and of the inventory become lines on stderr."""
    signal.signal(signal.SIGTERM, _end)
    # Looking for plugins of pydantic in every installed package costs a tenth of `oncall check`; none is meant here.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        result = app(args=arguments, prog_name="oncall", standalone_mode=False)
    except InventoryError as fault:
        typer.echo(str(fault), err=True)
        return 1
    except typer.TyperException as fault:
        typer.echo(_slip(fault), err=True)
        return 1
    except (typer.Abort, KeyboardInterrupt):
        return 130
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    sys.exit(main())

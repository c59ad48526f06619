"""`oncall simulate`: what would happen if a server went down, to the second."""

import json
from datetime import timedelta
from typing import Annotated

import typer

from oncall.cli.instants import Now, read_instant, the_clock
from oncall.cli.options import DEFAULT, AsJson, InventoryPath


def simulate(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="A server's slug; it need not be in the inventory.")],
    at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="When it goes down, by the team's clock; now if left out.")
    ] = None,
    acknowledged_after: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Somebody acknowledges after this: 7m. Else nobody ever does."),
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="TEAM", help="For a server not listed: the team its webhook names.")
    ] = None,
    tier: Annotated[str | None, typer.Option(help="For a server not listed: the tier its webhook names.")] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", help="For a server not listed: a tag of its.")] = None,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Tell what happens when a server goes down: who is paged at which minute and how, until the last repeat.

    The server stays down and nobody answers, unless `--acknowledged-after` says so. A server the inventory doesn't
    list goes by `--owner`, `--tier` and `--tag`, as its webhook would; without them to the fallback team. How people
    whose vendor users are not managed are told is what the inventory wishes; their own profile decides.

    `--json`: `route`, `maintenance`, `incidents` with their `pages`, and the `story` as lines.
    """
    from oncall.answers.page_path import who_is_paged
    from oncall.answers.route import Claim
    from oncall.answers.story import story
    from oncall.cli.load import load_to_look
    from oncall.cli.page_path import as_data, print_head, print_story
    from oncall.cli.tables import console
    from oncall.shifts.rota import Rota

    clock = now or the_clock()
    found = load_to_look(inventory, clock)
    claim = Claim(owner, tier, tuple(tags or ()))
    rota = Rota(found)
    instant = clock if at is None else read_instant(at, who_is_paged(rota, server, clock, claim).zone)
    path = who_is_paged(rota, server, instant, claim)
    lines = story(found, path, _duration(acknowledged_after))
    if as_json:
        typer.echo(json.dumps(as_data(found, path, lines), indent=2, ensure_ascii=False))
        return
    screen = console()
    print_head(screen, found, path)
    print_story(screen, path, lines)
    if any(page.by_profile for one in path.incidents for each in one.paged.pages for page in each.people):
        screen.print(
            "ways of telling: as the inventory wishes; people's own profiles at the vendor decide", style="dim"
        )


def _duration(text: str | None) -> timedelta | None:
    from oncall.model.words import parse_duration

    if text is None:
        return None
    try:
        return parse_duration(text)
    except ValueError as fault:
        raise typer.BadParameter(f"{text[:40]!r}: {fault}") from fault

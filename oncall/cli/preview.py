"""`oncall preview`: what an edit of the inventory means to the people who are paged."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli.instants import Now, the_clock
from oncall.cli.options import DEFAULT, AsJson, InventoryPath

if TYPE_CHECKING:
    from oncall.cli.preview_forms import Forms
    from oncall.preview.model import Side

MANIFEST = ".oncall-preview.json"


class Form(StrEnum):
    """What a preview can be printed as."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


def preview(
    base: Annotated[
        str | None,
        typer.Option(
            metavar="REF|PATH",
            help="Compare with this: where the present branch left the ref, or a file or folder. The default branch, "
            "if left out.",
        ),
    ] = None,
    head: Annotated[
        str | None, typer.Option(metavar="REF", help="The edited inventory, if it isn't the working tree's.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days are looked at.")] = 28,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE[=WHY]", help="Let this rule of the guard through; may be given several times."),
    ] = None,
    form: Annotated[Form, typer.Option("--as", help="What is printed.")] = Form.TERMINAL,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Also write it as preview.md, preview.html, preview.json and a picture of each changed schedule.",
        ),
    ] = None,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Say who will be paged differently, and when, if this edit is applied. Asks nobody and needs no credentials.

    Both inventories come from git or from the disk. The exit code is 0 where nothing changes, 2 where something does,
    1 where the edited inventory can't be used, 3 where the change is so big that the guard asks for a second look.
    """
    from oncall.cli.git import GitError
    from oncall.cli.preview_forms import Forms
    from oncall.preview.compute import preview as compare

    clock = now or the_clock()
    accepted = _accepted(accept or [])
    try:
        sides = _sides(inventory, base, head, clock)
    except GitError as fault:
        typer.echo(f"oncall: {fault}", err=True)
        raise typer.Exit(1) from None
    found = compare(*sides, clock, days, accepted)
    forms = Forms(found, *sides)
    if write is not None:
        _write(forms, write)
    _show(forms, Form.JSON if as_json else form)
    raise typer.Exit(found.exit_code)


def _accepted(words: list[str]) -> Mapping[str, str]:
    from oncall.preview.guard import RULES

    accepted = {rule: why or "accepted" for rule, _, why in (word.partition("=") for word in words)}
    unknown = [rule for rule in accepted if rule not in RULES]
    if unknown:
        raise typer.BadParameter(f"the guard has no rule {unknown[0]!r}; it has {', '.join(RULES)}")
    return accepted


def _sides(path: Path, base: str | None, head: str | None, now: datetime) -> "tuple[Side, Side]":
    from oncall.cli.files import read_files
    from oncall.cli.git import Repository

    if base is not None and head is None and Path(base).exists():
        before = _side(read_files(Path(base)), now)
        return before, _side_of_disk(path, now, before)
    repository = Repository(path)
    left = repository.merge_base(base or repository.default_branch(), head or "HEAD")
    before = _side(repository.inventory(left), now)
    if head is None:
        return before, _side_of_disk(path, now, before)
    return before, _side(repository.inventory(repository.commit(head)), now, before)


def _side_of_disk(path: Path, now: datetime, base: "Side") -> "Side":
    from oncall.cli.files import read_files
    from oncall.errors import InventoryError
    from oncall.preview.model import Side

    try:
        files = read_files(path)
    except InventoryError as fault:
        return Side(None, fault.problems)
    return _side(files, now, base)


def _side(files: list[tuple[str, bytes]] | None, now: datetime, base: "Side | None" = None) -> "Side":
    from oncall.cli.load import check_document
    from oncall.errors import InventoryError
    from oncall.preview.model import Side
    from oncall.source import read
    from oncall.validate.reshuffle import reshuffles

    if files is None:
        return Side(None)
    try:
        document = read(files)
        checked = check_document(document, now)
    except InventoryError as fault:
        return Side(None, fault.problems)
    moved = reshuffles(base.inventory, checked.inventory, now) if base is not None and base.inventory else []
    return Side(checked.inventory, checked.problems, tuple(document.problem(finding, key=True) for finding in moved))


def _write(forms: "Forms", folder: Path) -> None:
    from oncall.provider.faults import ProviderError
    from oncall.provider.files import Directory, Text

    try:
        texts = {path: Text(text) for path, text in forms.files().items()}
        Directory(str(folder), "oncall preview", MANIFEST).write(texts, {})
    except ProviderError as fault:
        typer.echo(f"oncall preview: {fault}", err=True)
        raise typer.Exit(1) from None


def _show(forms: "Forms", form: Form) -> None:
    match form:
        case Form.JSON:
            typer.echo(forms.json, nl=False)
        case Form.MARKDOWN:
            typer.echo(forms.markdown, nl=False)
        case Form.HTML:
            typer.echo(forms.html, nl=False)
        case Form.TERMINAL:
            from oncall.cli.preview_screen import print_report

            print_report(forms.report, forms.preview.exit_code)

"""`oncall preview`: what an edit of the inventory means to the people who are paged."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from oncall.cli.instants import Now, the_clock
from oncall.cli.options import DEFAULT, AsJson, InventoryPath

if TYPE_CHECKING:
    from oncall.cli.git import Repository
    from oncall.cli.preview_engine import EngineBeside
    from oncall.cli.preview_forms import Forms
    from oncall.errors import Problem
    from oncall.preview.model import Preview, Side

MANIFEST = ".oncall-preview.json"


Files: TypeAlias = "list[tuple[str, bytes]] | tuple[Problem, ...] | None"
"""What an inventory is read from: names and contents, why there are none to read, or None where there never were."""


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
    live: Annotated[
        bool, typer.Option("--live", help="Also ask the accounts: what differs there, what would be refused.")
    ] = False,
    engine: Annotated[
        bool, typer.Option("--engine", help="Also ask `pulumi preview` of the stack, and say where it differs.")
    ] = False,
    stack: Annotated[
        str | None,
        typer.Option(
            help="With --live: tokens and addresses are taken from it. With --engine: the stack, else the one selected."
        ),
    ] = None,
    config_file: Annotated[Path | None, typer.Option(help="With --stack: the file of its settings.")] = None,
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

    With `--live` it reads the accounts too: what was changed there by hand (at PagerDuty with who did it and when),
    overrides made by hand, and what `pulumi up` would be refused, each with the way out. Nothing is changed there. The
    tokens come from the environment (PAGERDUTY_TOKEN, OPSGENIE_API_KEY; addresses: PAGERDUTY_API_URL,
    OPSGENIE_API_URL) or from `--stack`. Rights they need: at PagerDuty a read-only key, for who did it one of an
    administrator; at OpsGenie a key with "Read" and "Configuration access".

    With `--engine` it also runs `pulumi preview --refresh` of PATH on your own backend, reads what it would do to
    which object, and says where that is not what the edit means: what was never applied, and what somebody changed by
    hand. That needs what `pulumi up` needs, and changes nothing. A failure of the engine is the exit code 1; that it
    differs is not.

    Both inventories come from git or from the disk. The exit code is 0 where nothing changes, 2 where something does,
    1 where the edited inventory can't be used or an account would refuse it, 3 where the change is so big that the
    guard asks for a second look.
    """
    from oncall.cli.git import GitError
    from oncall.cli.preview_forms import Forms
    from oncall.preview.compute import preview as compare

    accepted = _accepted(accept or [])
    if engine and (head is not None or now is not None):
        raise typer.BadParameter("--engine goes by the working tree and the stack's clock: leave --head and --now away")
    if (stack is not None or config_file is not None) and not (live or engine):
        raise typer.BadParameter("--stack and --config-file say where --live and --engine look: give one of these")
    beside = _engine(stack, config_file, inventory) if engine else None
    clock = beside.now if beside is not None else now or the_clock()
    try:
        sides = _sides(inventory, base, head, clock)
    except GitError as fault:
        typer.echo(f"oncall: {fault}", err=True)
        raise typer.Exit(1) from None
    found = compare(*sides, clock, days, accepted)
    if live:
        found = _with_live(found, sides, clock, stack, config_file)
    code = found.exit_code
    if beside is not None:
        found, failed = _with_engine(found, sides, beside)
        code = 1 if failed else code
    forms = Forms(found, *sides)
    if write is not None:
        _write(forms, write)
    _show(forms, Form.JSON if as_json else form)
    raise typer.Exit(code)


def _engine(stack: str | None, config_file: Path | None, inventory: Path) -> "EngineBeside":
    from oncall.cli.engine import EngineError
    from oncall.cli.preview_engine import EngineBeside
    from oncall.cli.user_stack import UserStack, one_line

    try:
        return EngineBeside(UserStack(stack, config_file), inventory)
    except EngineError as fault:
        typer.echo(f"oncall preview: {one_line(fault)}", err=True)
        raise typer.Exit(1) from None


def _with_engine(found: "Preview", sides: "tuple[Side, Side]", beside: "EngineBeside") -> "tuple[Preview, bool]":
    """Return the preview with what the engine says, or as it is where the engine fails; and whether it failed."""
    from oncall.cli.engine import EngineError
    from oncall.cli.user_stack import one_line

    base, head = (side.inventory for side in sides)
    if not found.usable or head is None:
        return found, False
    try:
        return beside.added(found, base, head), False
    except EngineError as fault:
        typer.echo(f"oncall preview: {one_line(fault)}", err=True)
        return found, True


def _with_live(
    found: "Preview", sides: "tuple[Side, Side]", now: datetime, stack: str | None, config_file: Path | None
) -> "Preview":
    from oncall.answers.by_hand import UnreadableError
    from oncall.cli.accounts import look
    from oncall.cli.engine import EngineError
    from oncall.cli.live import NoAccountError, of_stack
    from oncall.cli.user_stack import UserStack, one_line
    from oncall.clients.errors import ClientError
    from oncall.preview.live import with_live

    base, head = (side.inventory for side in sides)
    if not found.usable or head is None:
        return found
    try:
        given = of_stack(UserStack(stack, config_file).settings()) if stack is not None else None
        live = look(None if found.from_nothing else base, head, found, now, given)
    except EngineError as fault:
        typer.echo(f"oncall: {one_line(fault)}", err=True)
        raise typer.Exit(1) from None
    except (NoAccountError, ClientError, UnreadableError) as fault:
        typer.echo(f"oncall: {fault}", err=True)
        raise typer.Exit(1) from None
    sides_there = [side for side in (base, head) if side is not None]
    people = {person.email.casefold(): person.name for side in sides_there for person in side.people.values()}
    return with_live(found, live, people)


def _accepted(words: list[str]) -> Mapping[str, str]:
    from oncall.preview.guard import RULES

    accepted = {rule: why or "no reason given" for rule, _, why in (word.partition("=") for word in words)}
    unknown = [rule for rule in accepted if rule not in RULES]
    if unknown:
        raise typer.BadParameter(f"the guard has no rule {unknown[0]!r}; it has {', '.join(RULES)}")
    return accepted


def _sides(path: Path, base: str | None, head: str | None, now: datetime) -> "tuple[Side, Side]":
    before, after = _both(path, base, head)
    known: dict[str, dict[str, Any]] = {}  # a file that is the same on both sides is read once
    was = _side(before, now, known)
    if isinstance(before, list) and isinstance(after, list) and [two for _, two in before] == [two for _, two in after]:
        return was, was  # the same text means the same: most pull requests edit something else
    return was, _side(after, now, known, was)


def _both(path: Path, base: str | None, head: str | None) -> "tuple[Files, Files]":
    """Return what both inventories are read from. The base is the one where the head left it, so that others' later
    edits are not ours.
    """
    from oncall.cli.git import Repository, as_path
    from oncall.errors import Mark, Problem

    left: str | None = None
    if base is not None and (place := as_path(base, path)) is not None:
        before = _of_disk(place)
        if head is None:
            return before, _of_disk(path)
        repository = Repository(path)
    else:
        repository = Repository(path)
        ref = base or repository.default_branch()
        left, shared = repository.merge_base(ref, head or "HEAD")
        if not shared:
            more = "; fetch more of the history (in CI: fetch-depth: 0)" if repository.shallow() else ""
            text = f"no commit in common with {ref} is here, so it is compared with as it is now{more}"
            typer.echo(f"oncall preview: {text}", err=True)
        before = _of_git(repository, left, repository.commit(head) if head is not None else None)
    if head is None:
        return before, _of_disk(path)
    after = _of_git(repository, repository.commit(head), left)
    if after is None:
        after = (Problem(Mark(repository.path), "no-file", f"there is no such file at {head}"),)
    return before, after


def _of_git(repository: "Repository", commit: str, other: str | None) -> "Files":
    from oncall.errors import InventoryError

    try:
        return repository.inventory(commit, other=other)
    except InventoryError as fault:
        return fault.problems


def _of_disk(path: Path) -> "Files":
    from oncall.cli.files import read_files
    from oncall.errors import InventoryError

    try:
        return read_files(path)
    except InventoryError as fault:
        return fault.problems


def _side(files: "Files", now: datetime, known: dict[str, dict[str, Any]], base: "Side | None" = None) -> "Side":
    from oncall.cli.load import judged
    from oncall.errors import InventoryError, Mark
    from oncall.preview.model import Side
    from oncall.source import read
    from oncall.validate.reshuffle import reshuffles

    if not isinstance(files, list):
        return Side(None, files or ())
    try:
        document = read(files, known)
        inventory, findings = judged(document, now)
    except InventoryError as fault:
        return Side(None, fault.problems)
    moved = reshuffles(base.inventory, inventory, now) if base is not None and base.inventory else []
    return Side(
        inventory,
        tuple({finding: finding.at(Mark(files[0][0])) for finding in findings}.values()),
        tuple(document.problem(finding, key=True) for finding in moved),
        lambda problem: replace(problem, mark=document.mark(problem.path)),
    )


def _write(forms: "Forms", folder: Path) -> None:
    from oncall.provider.faults import ProviderError
    from oncall.provider.files import Directory, Text

    try:
        texts = {path: Text(text) for path, text in forms.files().items()}
        Directory(str(folder), "oncall preview", MANIFEST).write(texts, {})
    except ProviderError as fault:
        typer.echo(f"oncall: {fault}", err=True)
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

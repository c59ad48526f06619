"""`oncall pull-request`: which pull request a workflow run is about, and which rules its labels accept.

The event is GitHub's word, and what it says of a fork (names of branches, labels) is somebody's: numbers, hashes and
rules are taken from it only in the shape they must have.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from oncall.cli.options import AsJson

_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_BRANCH = re.compile(r"[\w./+-]{1,255}")
_LABEL = re.compile(r"oncall: accept ([a-z-]{3,40})")
_MOST_BYTES = 5_000_000


class NoHeadError(typer.BadParameter):
    """The commit a run is about is at the head of no open pull request: it was closed, or has a newer commit."""


def pull_request(
    github_output: Annotated[
        bool, typer.Option("--github-output", help="Also write number, head, base and accept to $GITHUB_OUTPUT.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say which pull request this run is about: for the stage of a workflow that has rights and runs no foreign code.

    Looks at the event of the run, never at an artefact, and asks GitHub for the head and the labels as they are now.
    A label `oncall: accept RULE` lets that rule of the guard through. With `--github-output`, a commit that is at the
    head of no open pull request any more is no error: it writes nothing.
    """
    from oncall.cli.comment import github
    from oncall.clients.errors import ClientError

    host = github(os.environ, None)
    try:
        found = host.pull_request(number_of_event(os.environ))
    except ClientError as fault:
        typer.echo(f"oncall pull-request: {fault}", err=True)
        raise typer.Exit(1) from None
    except NoHeadError as gone:
        if not github_output:
            raise
        typer.echo(json.dumps(None) if as_json else gone.message)
        return
    accept = accepted(found.labels)
    data = {"number": found.number, "head": found.head, "base": found.base, "accept": " ".join(accept)}
    if not _SHA.fullmatch(found.head) or not _BRANCH.fullmatch(found.base):
        raise typer.BadParameter("GitHub names no commit at the head, or no branch it goes to")
    if github_output:
        _write_output(os.environ, {name: str(value) for name, value in data.items()})
    typer.echo(json.dumps(data) if as_json else f"pull request {found.number}, head {found.head}")


def accepted(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the guard's rules that labels accept; labels of other words say nothing."""
    from oncall.preview.guard import RULES

    named = {found[1] for label in labels if (found := _LABEL.fullmatch(label.strip()))}
    return tuple(rule for rule in RULES if rule in named)


def number_of_event(environment: Mapping[str, str]) -> int:
    """Return the number of the pull request that the run's event speaks of. Raises typer.BadParameter, NoHeadError too.

    A run after another (`workflow_run`) of a fork names none: it is the open one with that head.
    """
    event = _event(environment)
    direct = event.get("pull_request")
    if isinstance(direct, Mapping) and isinstance(direct.get("number"), int):
        return int(direct["number"])
    run = event.get("workflow_run")
    if isinstance(run, Mapping):
        return _number_of_run(environment, run)
    raise typer.BadParameter("this run is about no pull request: --number")


def _number_of_run(environment: Mapping[str, str], run: Mapping[str, Any]) -> int:
    from oncall.cli.comment import github

    sha, branch = str(run.get("head_sha")), str(run.get("head_branch"))
    owner = str(((run.get("head_repository") or {}).get("owner") or {}).get("login"))
    found = [one.number for one in github(environment, None).pull_requests_of(owner, branch) if one.head == sha]
    if len(found) != 1:
        fault = typer.BadParameter if found else NoHeadError
        raise fault(f"{len(found)} open pull requests have the commit {sha[:12]} at their head")
    return int(found[0])


def _event(environment: Mapping[str, str]) -> Mapping[str, Any]:
    path = environment.get("GITHUB_EVENT_PATH")
    if not path:
        raise typer.BadParameter("no event says which pull request this is: --number")
    try:
        with open(path, "rb") as file:
            found = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError) as fault:
        raise typer.BadParameter(f"the event {path} can't be read: {fault}") from None
    return found if isinstance(found, Mapping) else {}


def _write_output(environment: Mapping[str, str], values: Mapping[str, str]) -> None:
    path = environment.get("GITHUB_OUTPUT")
    if not path:
        raise typer.BadParameter("GITHUB_OUTPUT is not set: this is no step of a workflow")
    with Path(path).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())

"""`oncall comment`: one comment on a pull or merge request, kept up to date."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli.options import AsJson

if TYPE_CHECKING:
    from oncall.clients.github import GitHub
    from oncall.clients.sticky import Steps
    from oncall.clients.threads import Thread

MOST_BYTES = 262_144
"""What is read of a text; hosts take less (GitHub 65,536 characters)."""
LONGEST = 65_536
ACTIONS_BOT = "github-actions[bot]"
"""Who writes with the token of a workflow run; that token may not ask who it is."""


def comment(
    body: Annotated[Path, typer.Option(help="The text: what `oncall preview --as markdown` printed.")],
    number: Annotated[
        int | None, typer.Option(min=1, help="The pull or merge request; in CI, the one the run is about.")
    ] = None,
    repository: Annotated[
        str | None, typer.Option("--repo", help="owner/name at GitHub, a project's path or number at GitLab.")
    ] = None,
    issue: Annotated[
        str | None, typer.Option(metavar="TITLE", help="Keep it as an issue of this title instead, at GitHub.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Post a preview as one comment, or bring the one there is up to date. Other people's comments are left alone.

    Where nothing changes no comment is written, and one that is there is shortened. GITHUB_TOKEN or GITLAB_TOKEN must
    be set; in GitHub Actions and GitLab CI the rest is known, elsewhere say --repo and --number. The number is taken
    from the event of the run. The exit code is 0 where all was as it should be, 2 where something was written.
    """
    from oncall.clients.errors import ClientError

    text = _text(body)
    try:
        if issue is not None:
            what, todo = "the issue", _keep_issue(github(os.environ, repository), issue, text, dry_run=dry_run)
        else:
            what, todo = _keep_comment(_host(os.environ, repository), number, text, dry_run=dry_run)
    except ClientError as fault:
        typer.echo(f"oncall comment: {fault}", err=True)
        raise typer.Exit(1) from None
    _tell(todo, what, dry_run=dry_run, as_json=as_json)
    raise typer.Exit(0 if todo.nothing else 2)


def _keep_comment(host: "Host", number: int | None, text: str, *, dry_run: bool) -> "tuple[str, Steps]":
    from oncall.clients.sticky import is_ours, steps

    place = number or host.number(os.environ)
    author = host.author()
    todo = steps(host.thread.comments(place), text, author)
    if not dry_run:
        _do(host.thread, place, todo, lambda one: is_ours(one.body, one.author, author))
    return f"the comment on {place}", todo


def _keep_issue(host: "GitHub", title: str, text: str, *, dry_run: bool) -> "Steps":
    """Open, change or close the one issue that this text is kept in."""
    from oncall.clients.sticky import SETTLED, SHORT, SPARE, is_ours, steps

    author = host.me() or (ACTIONS_BOT if os.environ.get("GITHUB_ACTIONS") == "true" else None)
    todo = steps(host.issues(), text, author)
    if dry_run:
        return todo
    if todo.add is not None:
        found = lambda: next((one for one in host.issues() if is_ours(one.body, one.author, author)), None)  # noqa: E731
        host.open_issue(title, todo.add, found)
    if todo.change is not None:
        number, text = todo.change
        host.change_issue(number, SETTLED if text == SHORT else text, close=text == SHORT)
    for one in todo.drop:
        host.change_issue(one, SPARE, close=True)
    return todo


def _text(path: Path) -> str:
    from oncall.preview.markdown import MARKER

    try:
        with open(path, "rb") as file:
            found = file.read(MOST_BYTES + 1).decode()
    except (OSError, UnicodeDecodeError) as fault:
        raise typer.BadParameter(f"{path} can't be read: {fault}") from None
    if not found.startswith(MARKER) or len(found) > LONGEST:
        raise typer.BadParameter(f"{path} is no preview: write it with `oncall preview --as markdown`")
    return found


@dataclass(frozen=True, slots=True)
class Host:
    """Where the repository is: its comments, the number of the request a run is about, who writes when it can't say."""

    thread: "Thread"
    number: Callable[[Mapping[str, str]], int]
    stand_in: str | None

    def author(self) -> str | None:
        """Return whom we write as."""
        return self.thread.me() or self.stand_in


def _host(environment: Mapping[str, str], repository: str | None) -> Host:
    if environment.get("GITLAB_TOKEN"):
        return Host(_gitlab(environment, repository), _number_at_gitlab, None)
    if environment.get("GITHUB_TOKEN"):
        from oncall.cli.pull_request import number_of_event

        stand_in = ACTIONS_BOT if environment.get("GITHUB_ACTIONS") == "true" else None
        return Host(github(environment, repository), number_of_event, stand_in)
    raise typer.BadParameter("set GITHUB_TOKEN or GITLAB_TOKEN, whichever holds the repository")


def github(environment: Mapping[str, str], repository: str | None) -> "GitHub":
    """Return the repository at GitHub that the environment of a run, or `owner/name`, speaks of."""
    from oncall.clients.base import ApiClient
    from oncall.clients.github import DEFAULT_URL, REPOSITORY, GitHub, api_token
    from oncall.clients.retry import Retrier

    name = repository or environment.get("GITHUB_REPOSITORY", "")
    if not REPOSITORY.fullmatch(name):
        raise typer.BadParameter(f"{name!r} is no repository: --repo owner/name")
    client = ApiClient("GitHub", _address(environment.get("GITHUB_API_URL") or DEFAULT_URL))
    return GitHub(client, api_token(environment.get("GITHUB_TOKEN", "")), Retrier(), name)


def _gitlab(environment: Mapping[str, str], repository: str | None) -> Any:
    from oncall.clients.base import ApiClient
    from oncall.clients.gitlab import DEFAULT_URL, PROJECT, GitLab, api_token
    from oncall.clients.retry import Retrier

    name = repository or environment.get("CI_PROJECT_ID", "")
    if not PROJECT.fullmatch(name):
        raise typer.BadParameter(f"{name!r} is no project: --repo group/name, or its number")
    client = ApiClient("GitLab", _address(environment.get("CI_API_V4_URL") or DEFAULT_URL))
    return GitLab(client, api_token(environment["GITLAB_TOKEN"]), Retrier(), name)


def _address(url: str) -> str:
    """Return an address that a token may be sent to. Raises typer.BadParameter."""
    from oncall.clients.base import is_loopback

    if not url.startswith("https://") and not is_loopback(url):
        raise typer.BadParameter(f"{url} is not encrypted; a token goes to https:// only")
    return url


def _number_at_gitlab(environment: Mapping[str, str]) -> int:
    text = environment.get("CI_MERGE_REQUEST_IID", "")
    if not text.isdecimal():
        raise typer.BadParameter("this run is about no merge request: --number")
    return int(text)


def _do(thread: "Thread", number: int, todo: "Steps", ours: Callable[[Any], bool]) -> None:
    if todo.add is not None:
        thread.add(number, todo.add, lambda: next((one for one in thread.comments(number) if ours(one)), None))
    if todo.change is not None:
        thread.change(number, *todo.change)
    for one in todo.drop:
        thread.drop(number, one)


def _tell(todo: "Steps", what: str, *, dry_run: bool, as_json: bool) -> None:
    done = {"added": todo.add is not None, "changed": todo.change is not None, "dropped": len(todo.drop)}
    if as_json:
        typer.echo(json.dumps({"what": what, "dry_run": dry_run, **done}))
        return
    would = "would be " if dry_run else ""
    words = [f"{would}{word}" for word, so in (("added", done["added"]), ("brought up to date", done["changed"])) if so]
    words += [f"{len(todo.drop)} more {would}removed"] if todo.drop else []
    typer.echo(f"{what}: {', '.join(words) or 'is as it should be'}")

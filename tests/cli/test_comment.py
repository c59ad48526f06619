"""`oncall comment` and `oncall pull-request`, against a stateful local stand-in of GitHub's and GitLab's API."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from oncall.cli.comment import ACTIONS_BOT
from oncall.cli.main import main
from oncall.cli.pull_request import accepted
from oncall.preview.markdown import MARKER, NOTHING

TOKEN = "planted-token-0123456789abcdef"


class Host:
    """Comments by id, in order. `faults` are taken one per request: a status, or "lost" (done, but no answer)."""

    def __init__(self, me: str | None = "oncall-bot") -> None:
        self.me = me
        self.comments: dict[int, dict[str, Any]] = {}
        self.issues: dict[int, dict[str, Any]] = {}
        self.pulls: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.faults: list[int | str] = []
        self.url = ""

    def write(self, author: str, body: str) -> int:
        """Add a comment by hand."""
        number = 1000 + len(self.comments)
        self.comments[number] = {"id": number, "user": {"login": author}, "author": {"username": author}, "body": body}
        return number

    def bodies(self, author: str) -> list[str]:
        return [one["body"] for one in self.comments.values() if one["user"]["login"] == author]

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        routes: list[tuple[str, str, Callable[..., tuple[int, Any]]]] = [
            ("GET", r"/user", lambda: (200, {"login": self.me, "username": self.me}) if self.me else (403, {})),
            ("GET", r"/repos/acme/oncall/issues/7/comments", lambda: self._page(self.comments, query)),
            ("GET", r"/projects/acme/oncall/merge_requests/7/notes", lambda: self._page(self.comments, query)),
            ("POST", r"/(?:repos/acme/oncall/issues/7/comments|projects/.*/notes)", lambda: self._add(body)),
            ("PATCH", r"/repos/acme/oncall/issues/comments/(\d+)", lambda n: self._change(int(n), body)),
            ("PUT", r"/projects/.*/notes/(\d+)", lambda n: self._change(int(n), body)),
            ("DELETE", r"/(?:repos|projects)/.*/(?:comments|notes)/(\d+)", lambda n: self._drop(int(n))),
            ("GET", r"/repos/acme/oncall/issues", lambda: self._page(self._open(), query)),
            ("POST", r"/repos/acme/oncall/issues", lambda: self._open_issue(body)),
            ("PATCH", r"/repos/acme/oncall/issues/(\d+)", lambda n: self._change_issue(int(n), body)),
            ("GET", r"/repos/acme/oncall/pulls", lambda: self._page(dict(enumerate(self._heads(query))), query)),
            ("GET", r"/repos/acme/oncall/pulls/(\d+)", lambda n: self._pull(int(n))),
        ]
        for verb, pattern, found in routes:
            matched = re.fullmatch(pattern, path)
            if verb == method and matched:
                return found(*matched.groups())
        return 404, {"message": "Not Found"}

    def _page(self, rows: dict[int, dict[str, Any]], query: dict[str, str]) -> tuple[int, Any]:
        size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
        return 200, list(rows.values())[(page - 1) * size : page * size]

    def _add(self, body: dict[str, Any]) -> tuple[int, Any]:
        return 201, self.comments[self.write(self.me or ACTIONS_BOT, body["body"])]

    def _change(self, number: int, body: dict[str, Any]) -> tuple[int, Any]:
        self.comments[number]["body"] = body["body"]
        return 200, self.comments[number]

    def _drop(self, number: int) -> tuple[int, Any]:
        return (204, None) if self.comments.pop(number, None) else (404, {"message": "Not Found"})

    def _open(self) -> dict[int, dict[str, Any]]:
        return {number: one for number, one in self.issues.items() if one["state"] == "open"}

    def _open_issue(self, body: dict[str, Any]) -> tuple[int, Any]:
        number = len(self.issues) + 1
        self.issues[number] = {"number": number, "state": "open", "user": {"login": self.me or ACTIONS_BOT}, **body}
        return 201, self.issues[number]

    def _change_issue(self, number: int, body: dict[str, Any]) -> tuple[int, Any]:
        self.issues[number] |= body
        return 200, self.issues[number]

    def _heads(self, query: dict[str, str]) -> list[dict[str, Any]]:
        return [pull for pull in self.pulls if query.get("head") in (None, pull["head"]["label"])]

    def _pull(self, number: int) -> tuple[int, Any]:
        found = [pull for pull in self.pulls if pull["number"] == number]
        return (200, found[0]) if found else (404, {"message": "Not Found"})


@contextmanager
def serving(host: Host) -> Iterator[Host]:
    """Serve a host on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def _all(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            host.calls.append(f"{self.command} {unquote(parts.path)}")
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            fault = host.faults.pop(0) if host.faults else None
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return self._send(401, {"message": "Bad credentials"})
            if isinstance(fault, int):
                return self._send(fault, {"message": "a fault"}, {"Retry-After": "0"})
            status, answer = host.answer(self.command, unquote(parts.path), query, body)
            if fault == "lost":
                self.connection.close()
                return None
            return self._send(status, answer)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _all  # noqa: N815 - the base's names

        def _send(self, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
            content = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    host.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()


PREVIEW = f"{MARKER}\n### 2 people's shifts change\n"
NEWER = f"{MARKER}\n### 1 server changes hands\n"
QUIET = f"{MARKER}\n{NOTHING}\n### nothing changes\n"
BOT = "oncall-bot"
VARIABLES = (
    *("GITHUB_TOKEN", "GITHUB_ACTIONS", "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH", "GITHUB_OUTPUT", "GITHUB_API_URL"),
    *("GITLAB_TOKEN", "CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID"),
)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with serving(Host()) as found:
        yield found


@pytest.fixture(params=["github", "gitlab"])
def comment(
    request: pytest.FixtureRequest, host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., int]:
    """Run the command with a text, at either host."""
    if request.param == "github":
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_API_URL", host.url)
    else:
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        monkeypatch.setenv("CI_API_V4_URL", host.url)

    def run(text: str, *options: str) -> int:
        (tmp_path / "preview.md").write_text(text)
        return main(
            ["comment", "--body", str(tmp_path / "preview.md"), "--number", "7", "--repo", "acme/oncall", *options]
        )

    return run


def test_the_first_time_a_comment_is_written_and_then_the_same_one_is_changed(host: Host, comment) -> None:
    assert (comment(PREVIEW), host.bodies(BOT)) == (2, [PREVIEW])
    assert (comment(PREVIEW), host.bodies(BOT)) == (0, [PREVIEW])
    assert (comment(NEWER), host.bodies(BOT)) == (2, [NEWER])


def test_it_is_found_among_hundreds_of_comments(host: Host, comment) -> None:
    for number in range(150):
        host.write(f"person-{number}", "looks good")
    ours = host.write(BOT, PREVIEW)
    for number in range(100):
        host.write(f"person-{number}", f"> {MARKER}\nas the preview says")

    assert comment(NEWER) == 2
    assert host.comments[ours]["body"] == NEWER
    assert host.bodies(BOT) == [NEWER]


def test_what_others_wrote_is_theirs_whatever_it_says(host: Host, comment) -> None:
    theirs = host.write("mallory", PREVIEW)

    assert comment(NEWER) == 2
    assert (host.comments[theirs]["body"], host.bodies(BOT)) == (PREVIEW, [NEWER])


def test_where_nothing_changes_no_comment_is_written_and_one_that_is_there_is_shortened(host: Host, comment) -> None:
    assert (comment(QUIET), host.bodies(BOT)) == (0, [])
    comment(PREVIEW)
    assert comment(QUIET) == 2
    (body,) = host.bodies(BOT)
    assert body.endswith("Nothing changes any more: nobody is paged differently.\n")
    assert comment(QUIET) == 0


def test_of_several_of_ours_one_stays(host: Host, comment) -> None:
    for _ in range(3):
        host.write(BOT, PREVIEW)

    assert (comment(PREVIEW), host.bodies(BOT)) == (2, [PREVIEW])


def test_a_lost_answer_makes_no_second_comment(host: Host, comment) -> None:
    comment(QUIET)  # asks who we are, and for the comments
    host.faults = [*("" for _ in host.calls), "lost"]

    assert comment(PREVIEW) == 2
    assert host.bodies(BOT) == [PREVIEW]
    assert [call.split()[0] for call in host.calls].count("POST") == 1


def test_faults_that_pass_are_waited_out(host: Host, comment) -> None:
    host.faults = [503, 429, 502]

    assert (comment(PREVIEW), host.bodies(BOT)) == (2, [PREVIEW])


def test_a_dry_run_writes_nothing(host: Host, comment, capsys: pytest.CaptureFixture[str]) -> None:
    assert comment(PREVIEW, "--dry-run") == 2
    assert host.bodies(BOT) == []
    assert capsys.readouterr().out == "the comment on 7: would be added\n"


def test_a_token_that_is_not_accepted_is_one_line_without_the_token(
    host: Host, comment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in {"GITHUB_TOKEN", "GITLAB_TOKEN"} & os.environ.keys():
        monkeypatch.setenv(name, "wrong-token-wrong-token")

    assert comment(PREVIEW) == 1
    said = capsys.readouterr().err
    assert "answered 401: Bad credentials" in said
    assert "wrong-token" not in said
    assert len(said.splitlines()) == 1


def test_only_a_preview_is_posted(host: Host, comment, capsys: pytest.CaptureFixture[str]) -> None:
    assert comment("@everyone look") == 1
    assert comment(PREVIEW + "x" * 70_000) == 1
    assert host.bodies(BOT) == []
    assert "is no preview" in capsys.readouterr().err


def test_a_token_goes_to_encrypted_addresses_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "preview.md").write_text(PREVIEW)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_API_URL", "http://github.acme.example")

    words = ["comment", "--body", str(tmp_path / "preview.md"), "--number", "7", "--repo", "acme/oncall"]
    assert main(words) == 1
    assert "is not encrypted" in capsys.readouterr().err


# In a workflow: the token of the run may not ask who it is, the event says which pull request it is about.


@pytest.fixture
def workflow(host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Pretend to be a step of a workflow run of this event; gives the file of the step's outputs."""
    host.me = None
    sha = "a" * 40
    host.pulls = [
        {
            "number": 7,
            "head": {"sha": sha, "label": "stranger:on-call"},
            "base": {"ref": "main"},
            "labels": [
                {"name": "oncall: accept key-replaced"},
                {"name": "oncall: accept x; rm -rf /"},
                {"name": "bug"},
            ],
        },
        {"number": 8, "head": {"sha": "b" * 40, "label": "stranger:on-call"}, "base": {"ref": "main"}, "labels": []},
    ]

    def make(event: dict[str, Any]) -> Path:
        (tmp_path / "event.json").write_text(json.dumps(event))
        for name, value in {
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": host.url,
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/oncall",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
        }.items():
            monkeypatch.setenv(name, value)
        return tmp_path / "output"

    return make


def run_of_a_fork(sha: str = "a" * 40) -> dict[str, Any]:
    repository = {"owner": {"login": "stranger"}}
    run = {"head_sha": sha, "head_branch": "on-call", "head_repository": repository, "pull_requests": []}
    return {"workflow_run": run}


def test_the_second_stage_finds_the_pull_request_of_a_fork_by_its_head(workflow) -> None:
    output = workflow(run_of_a_fork())

    assert main(["pull-request", "--github-output"]) == 0
    assert output.read_text() == f"number=7\nhead={'a' * 40}\nbase=main\naccept=key-replaced\n"


def test_a_head_that_nobody_has_any_more_is_an_error(workflow, capsys: pytest.CaptureFixture[str]) -> None:
    workflow(run_of_a_fork("c" * 40))

    assert main(["pull-request"]) == 1
    assert "0 open pull requests have the commit cccccccccccc at their head" in capsys.readouterr().err


def test_a_workflow_whose_head_nobody_has_any_more_has_nothing_to_write(
    workflow, capsys: pytest.CaptureFixture[str]
) -> None:
    output = workflow(run_of_a_fork("c" * 40))

    assert main(["pull-request", "--github-output"]) == 0
    assert not output.exists()
    assert "0 open pull requests have the commit" in capsys.readouterr().out


def test_without_an_event_it_asks_for_the_number(
    host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/oncall")

    assert main(["pull-request"]) == 1
    assert "--number" in capsys.readouterr().err


def test_the_comment_of_a_workflow_is_the_bots(host: Host, workflow, tmp_path: Path) -> None:
    workflow({"pull_request": {"number": 7}})
    (tmp_path / "preview.md").write_text(PREVIEW)
    theirs = host.write("mallory", PREVIEW)
    ours = host.write("github-actions[bot]", PREVIEW)
    (tmp_path / "preview.md").write_text(NEWER)

    assert main(["comment", "--body", str(tmp_path / "preview.md")]) == 2
    assert (host.comments[theirs]["body"], host.comments[ours]["body"]) == (PREVIEW, NEWER)


@pytest.mark.parametrize("label", ["oncall: accept no-such-rule", "accept key-replaced", "oncall: accept KEY-REPLACED"])
def test_labels_of_other_words_accept_nothing(label: str) -> None:
    assert accepted((label,)) == ()


def test_drift_is_kept_as_one_issue_that_closes_when_it_is_over(
    host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_API_URL", host.url)
    file = tmp_path / "drift.md"
    words = ["comment", "--issue", "It differs", "--body", str(file), "--repo", "acme/oncall"]
    for number in range(130):
        host.issues[number + 1000] = {
            "number": number + 1000, "state": "open", "user": {"login": "ana"}, "body": MARKER, "pull_request": {}
        }  # fmt: skip

    def run(text: str) -> int:
        file.write_text(text)
        return main(words)

    assert run(QUIET) == 0
    host.faults = ["", "", "", "lost"]  # who we are, two pages of issues, and the POST
    assert run(PREVIEW) == 2
    (ours,) = [one for one in host.issues.values() if one["user"]["login"] == BOT]
    assert (ours["title"], ours["body"], ours["state"]) == ("It differs", PREVIEW, "open")
    assert run(PREVIEW) == 0
    assert (run(NEWER), ours["body"]) == (2, NEWER)
    assert (run(QUIET), ours["state"]) == (2, "closed")
    assert ours["body"].endswith("The accounts say what the inventory says.\n")
    for number in (2001, 2002):
        host.issues[number] = {"number": number, "state": "open", "user": {"login": BOT}, "body": PREVIEW}
    assert run(PREVIEW) == 2
    assert [host.issues[number]["state"] for number in (2001, 2002)] == ["open", "closed"]
    assert host.issues[2002]["body"].endswith("This is kept in another issue.\n")
    assert run(QUIET) == 2
    assert run(QUIET) == 0

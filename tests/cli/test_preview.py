"""`oncall preview` in repositories of all sorts: which base is taken, what is said where there is none, exit codes."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from oncall.cli.main import main

SAMPLE = (Path(__file__).resolve().parents[2] / "inventory.yaml").read_text(encoding="utf-8")
NOW = ("--now", "2026-11-21T12:00Z")
ORDER = ("people: [pia, olu]", "people: [olu, pia]")
GONE = (
    "  menus-mcp:     {name: Menus,             url: https://menus.acme.example/mcp,     team: recipes,  tier: author, "
)
Git = Callable[..., str]
Preview = Callable[..., tuple[int, str, str]]


def edited(*edits: tuple[str, str]) -> str:
    text = SAMPLE
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def server_gone() -> str:
    return "".join(line for line in SAMPLE.splitlines(keepends=True) if not line.startswith(GONE))


@pytest.fixture
def git(tmp_path: Path) -> Git:
    def run(*arguments: str, cwd: Path = tmp_path) -> str:
        who = ("-c", "user.name=t", "-c", "user.email=t@acme.example", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *who, *arguments], cwd=cwd, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    (tmp_path / "inventory.yaml").write_text(SAMPLE, encoding="utf-8")
    run("add", ".")
    run("commit", "-qm", "one")
    return run


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Preview:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(("preview", *NOW, *arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def write(folder: Path, text: str, name: str = "inventory.yaml") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_nothing_changed_is_nothing(git: Git, preview: Preview) -> None:
    assert preview() == (0, "nothing changes\nAcme, 28 days from Sat 21 Nov 2026 13:00 Europe/Berlin.\n", "")


def test_what_stands_in_the_working_tree_is_compared_with_where_the_branch_left(
    git: Git, preview: Preview, tmp_path: Path
) -> None:
    git("switch", "-qc", "edit")
    write(tmp_path, edited(ORDER))
    code, out, _ = preview()
    assert (code, out.splitlines()[0]) == (2, "2 people's shifts change; nothing left uncovered")

    git("commit", "-qam", "edit")
    git("switch", "-q", "main")
    write(tmp_path, server_gone())  # an edit of somebody else's, which is none of this branch's
    git("commit", "-qam", "other")
    git("switch", "-q", "edit")
    assert preview()[:2] == (code, out)
    assert preview("--base", "main")[:2] == (code, out)
    assert preview("--base", "main", "--head", "edit")[:2] == (code, out)


def test_a_head_is_a_ref_and_the_working_tree_does_not_matter(git: Git, preview: Preview, tmp_path: Path) -> None:
    git("switch", "-qc", "edit")
    write(tmp_path, edited(ORDER))
    git("commit", "-qam", "edit")
    write(tmp_path, "organization: [")
    assert preview("--head", "edit")[0] == 2
    assert preview()[0] == 1


def test_a_base_is_also_a_file_or_a_folder(git: Git, preview: Preview, tmp_path: Path) -> None:
    write(tmp_path, edited(ORDER), "other/inventory.yaml")
    assert preview("--base", "other")[0] == 2
    assert preview("--base", "other/inventory.yaml", "--head", "main")[0] == 2
    assert preview("--base", "inventory.yaml", "--inventory", "other/inventory.yaml")[0] == 2
    assert preview("--base", "inventory.yaml")[0] == 0


def test_a_renamed_a_split_and_a_joined_inventory_are_the_same(git: Git, preview: Preview, tmp_path: Path) -> None:
    git("mv", "inventory.yaml", "who.yaml")
    assert preview("--inventory", "who.yaml")[0] == 0

    git("mv", "who.yaml", "inventory.yaml")
    at = SAMPLE.index("\nleave:\n")
    write(tmp_path, SAMPLE[:at], "inventory/people.yaml")
    write(tmp_path, SAMPLE[at:], "inventory/rest.yaml")
    (tmp_path / "inventory.yaml").unlink()
    assert preview("--inventory", "inventory")[0] == 0

    git("add", "-A")
    git("commit", "-qm", "split")
    write(tmp_path, edited(ORDER))
    assert preview()[1].startswith("2 people's shifts change;")


def test_without_an_inventory_before_everything_is_new(git: Git, preview: Preview, tmp_path: Path) -> None:
    write(tmp_path, SAMPLE, "team/inventory.yaml")
    code, out, _ = preview("--inventory", "team/inventory.yaml")
    assert (code, out.splitlines()[0]) == (
        2,
        "everything is new: 17 people on call, 26 servers; nothing left uncovered",
    )
    assert "There was no inventory before" in out


def test_a_head_that_is_wrong_or_is_not_there_shows_why(git: Git, preview: Preview, tmp_path: Path) -> None:
    write(tmp_path, edited(("{notify: quin, after: 10m}", "{notify: quinn, after: 10m}")))
    code, out, _ = preview()
    assert (code, out.splitlines()[0], "unknown-recipient" in out) == (1, "this can't be applied: 1 problem", True)

    (tmp_path / "inventory.yaml").unlink()
    assert [preview()[0], preview("--head", "HEAD", "--inventory", "nowhere.yaml")[0]] == [1, 1]
    assert "there is no such file at HEAD" in preview("--head", "HEAD", "--inventory", "nowhere.yaml")[1]


def test_a_base_that_is_wrong_is_told_and_everything_shows_as_new(git: Git, preview: Preview, tmp_path: Path) -> None:
    write(tmp_path, "organization: [")
    git("commit", "-qam", "broken")
    write(tmp_path, SAMPLE)
    code, out, _ = preview()
    assert (code, out.startswith("everything is new:"), "yaml-syntax" in out) == (2, True, True)


def test_in_a_shallow_clone_it_says_what_to_do(
    git: Git, preview: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("switch", "-qc", "edit")
    write(tmp_path, edited(ORDER))
    git("commit", "-qam", "edit")
    git("switch", "-q", "main")
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth", "1", "--single-branch", "-b", "edit", f"file://{tmp_path}", str(clone))
    monkeypatch.chdir(clone)

    code, out, err = preview("--base", "origin/main")
    assert (code, out) == (1, "")
    assert err == "oncall: git knows no 'origin/main' here: fetch it (in CI: fetch-depth: 0)\n"
    assert "name the base, --base REF; fetch it (in CI: fetch-depth: 0)" in preview()[2]

    git("fetch", "-q", "--depth", "1", "origin", "main:refs/remotes/origin/main", cwd=clone)
    code, out, err = preview()
    assert (code, out.splitlines()[0]) == (2, "2 people's shifts change; nothing left uncovered")
    assert err.startswith("oncall preview: no commit in common with origin/main is here")
    assert "fetch-depth: 0" in err


def test_a_fork_compares_with_the_branch_that_it_was_made_from(
    git: Git, preview: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork = tmp_path / "fork"
    git("clone", "-q", str(tmp_path), str(fork))
    git("switch", "-qc", "edit", cwd=fork)
    write(fork, edited(ORDER))
    git("commit", "-qam", "edit", cwd=fork)
    git("fetch", "-q", str(fork), "edit:refs/pull/7/head")
    assert preview("--head", "refs/pull/7/head")[0] == 2

    monkeypatch.chdir(fork)
    assert preview()[0] == 2


def test_outside_of_a_repository_a_base_must_be_named(preview: Preview, tmp_path: Path) -> None:
    write(tmp_path, SAMPLE)
    code, _, err = preview()
    assert (code, "is in no git repository: name the base as a path" in err) == (1, True)
    write(tmp_path, SAMPLE, "base.yaml")
    assert preview("--base", "base.yaml")[0] == 0


def test_the_guard_stops_and_is_passed_with_or_without_a_reason(git: Git, preview: Preview, tmp_path: Path) -> None:
    write(tmp_path, server_gone())
    code, out, _ = preview()
    assert (code, "stopped by the guard (nobody-answers)" in out, "--accept nobody-answers" in out) == (3, True, True)

    code, out, _ = preview("--accept", "nobody-answers=it moved to the vendor")
    assert (code, "it moved to the vendor" in out, "stopped by the guard" in out) == (2, True, False)
    code, out, _ = preview("--accept", "nobody-answers")
    assert (code, "no reason given" in out) == (2, True)
    assert preview("--accept", "key-replaced")[0] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--accept", "nobody"), "the guard has no rule 'nobody'; it has many-changed,"),
        (("--days", "0"), "days"),
        (("--days", "500"), "days"),
        (("--as", "pdf"), "pdf"),
        (("--base", "--output=x"), "git knows no '--output=x' here"),
        (("--head", "nowhere"), "git knows no 'nowhere' here"),
        (("--now", "tomorrow"), "tomorrow"),
    ],
)
def test_faults_of_usage_are_lines(git: Git, preview: Preview, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = preview(*arguments)
    assert (code, out, said in err, "Traceback" in err) == (1, "", True, False)


def test_json_has_its_version_and_the_same_exit_code(git: Git, preview: Preview, tmp_path: Path) -> None:
    write(tmp_path, server_gone())
    code, out, _ = preview("--json")
    data = json.loads(out)
    assert (code, data["exit_code"], data["version"], data["guard"][0]["rule"]) == (3, 3, 1, "nobody-answers")
    assert preview("--as", "json")[1] == out


def test_no_hook_and_no_filter_of_the_repository_runs(git: Git, preview: Preview, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    write(tmp_path, "*.yaml diff=evil filter=evil\n", ".gitattributes")
    for word in (
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.smudge",
        "filter.evil.clean",
        "core.fsmonitor",
    ):
        git("config", word, f"touch {ran}; cat")
    write(tmp_path, edited(ORDER))
    assert preview()[0] == 2
    assert not ran.exists()


def test_lines_of_findings_are_found_only_where_there_is_something_to_tell(
    git: Git, preview: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oncall.source import Document

    asked = []
    mark = Document.mark
    monkeypatch.setattr(
        Document, "mark", lambda self, *words, **more: (asked.append(words), mark(self, *words, **more))[1]
    )
    write(tmp_path, edited(ORDER))
    assert (preview()[0], asked) == (2, [])

    write(tmp_path, edited(("people: [lea, max]", "people: [lea]")))
    code, out, _ = preview()
    assert (code, "inventory.yaml:135:" in out, "single-person" in out) == (2, True, True)
    assert asked


def test_a_file_that_both_sides_have_is_read_once(
    git: Git, preview: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oncall.source import fast

    at = SAMPLE.index("\nleave:\n")
    write(tmp_path, SAMPLE[:at], "inventory/people.yaml")
    write(tmp_path, SAMPLE[at:], "inventory/rest.yaml")
    git("add", "-A")
    git("commit", "-qm", "split")
    write(tmp_path, edited(ORDER)[:at], "inventory/people.yaml")
    asked = []
    load = fast.load
    monkeypatch.setattr(fast, "load", lambda text: (asked.append(text), load(text))[1])

    assert preview("--inventory", "inventory")[1].startswith("2 people's shifts change;")
    assert asked == [SAMPLE[:at], SAMPLE[at:], edited(ORDER)[:at]]


def test_worktrees_detached_heads_and_submodules_are_repositories_too(
    git: Git, preview: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "2 people's shifts change; nothing left uncovered"
    for place in ("worktree", "detached", "outer/conf"):
        folder = tmp_path.parent / f"{tmp_path.name}-{place.partition('/')[0]}"
        if place == "worktree":
            git("worktree", "add", "-q", "-b", "edit", str(folder))
        elif place == "detached":
            git("clone", "-q", str(tmp_path), str(folder))
            git("checkout", "-q", "--detach", cwd=folder)
        else:
            git("init", "-q", str(folder))
            git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(tmp_path), "conf", cwd=folder)
            folder /= "conf"
        write(folder, edited(ORDER))
        monkeypatch.chdir(folder)
        code, out, err = preview()
        assert (code, out.splitlines()[0], err) == (2, said, ""), place


@pytest.mark.parametrize(
    "content", [SAMPLE.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + SAMPLE.encode()], ids=["crlf", "bom"]
)
def test_line_ends_and_a_byte_order_mark_change_nothing(
    git: Git, preview: Preview, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "inventory.yaml").write_bytes(content)
    assert preview()[0] == 0
    git("commit", "-qam", "other bytes")
    write(tmp_path, SAMPLE)
    assert preview()[0] == 0


def test_a_file_that_is_no_text_is_a_finding(git: Git, preview: Preview, tmp_path: Path) -> None:
    for content in (SAMPLE.replace("Ana Petrova", "Ana P\xe9trova").encode("latin-1"), SAMPLE.encode("utf-16")):
        (tmp_path / "inventory.yaml").write_bytes(content)
        code, out, err = preview()
        assert (code, out.splitlines()[0], err) == (1, "this can't be applied: 1 problem", "")


def test_a_file_whose_name_is_no_text_is_told_in_every_form(git: Git, preview: Preview, tmp_path: Path) -> None:
    name = os.fsdecode(b"team \xe9.yaml")
    write(tmp_path, edited(ORDER) + "x: 1\n", f"inv/{name}")

    assert preview("--inventory", "inv", "--write", "out")[0] == 1
    problem = json.loads((tmp_path / "out" / "preview.json").read_text())["findings"]["new"][0]
    assert (problem["rule"], problem["file"]) == ("unknown-key", f"inv/{name}")
    assert "unknown-key" in (tmp_path / "out" / "preview.md").read_text()

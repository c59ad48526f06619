"""Inventories out of a repository: refs, merge bases, other names, shallow clones, hostile words."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from oncall.cli.files import read_files
from oncall.cli.git import GitError, Repository, as_path
from oncall.errors import InventoryError

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Run git in the folder of a test, or in one below."""

    def run(*arguments: str, cwd: Path = tmp_path) -> str:
        who = ("-c", "user.name=t", "-c", "user.email=t@acme.example", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *who, *arguments], cwd=cwd, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    (tmp_path / "inventory.yaml").write_text("organization: One\n")
    run("add", ".")
    run("commit", "-qm", "one")
    return run


def commit(git: Git, folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    git("add", "-A")
    git("commit", "-qm", "more")
    return git("rev-parse", "HEAD")


def test_an_inventory_is_read_as_it_was(git: Git, tmp_path: Path) -> None:
    (tmp_path / "inventory.yaml").write_text("organization: Two\n")
    found = Repository(tmp_path / "inventory.yaml")

    assert found.inventory(found.commit("main")) == [("inventory.yaml", b"organization: One\n")]


def test_the_merge_base_is_where_a_branch_left(git: Git, tmp_path: Path) -> None:
    left = git("rev-parse", "HEAD")
    git("switch", "-qc", "edit")
    commit(git, tmp_path, inventory__yaml="organization: Edited\n")
    git("switch", "-q", "main")
    commit(git, tmp_path, inventory__yaml="organization: Main\n")
    git("switch", "-q", "edit")
    found = Repository(tmp_path / "inventory.yaml")

    assert found.merge_base("main") == (left, True)
    assert found.default_branch() == "main"


def test_without_a_common_history_the_base_is_the_ref_itself(git: Git, tmp_path: Path) -> None:
    git("switch", "-q", "--orphan", "alone")
    commit(git, tmp_path, inventory__yaml="organization: Alone\n")
    found = Repository(tmp_path / "inventory.yaml")

    assert found.merge_base("main") == (found.commit("main"), False)


def test_a_folder_is_read_with_its_own_files_only(git: Git, tmp_path: Path) -> None:
    folder = tmp_path / "oncall"
    (folder / "below").mkdir(parents=True)
    for name in ("b.yaml", "a.yml", ".hidden.yaml", "notes.txt", "below/notes.txt", "below/.c.yaml"):
        (folder / name).write_text(f"# {name}\n")
    head = commit(git, tmp_path)
    found = Repository(folder).inventory(head)

    assert found is not None
    assert [name for name, _ in found] == ["oncall/a.yml", "oncall/b.yaml"]


def test_a_folder_within_it_is_refused_as_on_a_disk_but_not_where_it_is_only_guessed(git: Git, tmp_path: Path) -> None:
    folder = tmp_path / "oncall"
    (folder / "below").mkdir(parents=True)
    for name in ("a.yaml", "below/c.yaml"):
        (folder / name).write_text(f"# {name}\n")
    head = commit(git, tmp_path)

    with pytest.raises(InventoryError) as there:
        Repository(folder).inventory(head)
    with pytest.raises(InventoryError) as here:
        read_files(folder)
    (problem,) = there.value.problems
    assert str(problem) == str(here.value.problems[0]).replace(f"{tmp_path}/", "")
    assert problem.rule == "unread-folder"
    assert Repository(tmp_path / "oncall.yaml").inventory(head) is None


def test_links_in_a_folder_lead_to_files_of_the_repository_or_are_faults(git: Git, tmp_path: Path) -> None:
    folder = tmp_path / "oncall"
    folder.mkdir()
    (folder / "a.yaml").symlink_to("../inventory.yaml")
    head = commit(git, tmp_path)
    assert Repository(folder).inventory(head) == [("oncall/a.yaml", b"organization: One\n")]

    (folder / "b.yaml").symlink_to("/etc/passwd")
    head = commit(git, tmp_path)
    with pytest.raises(InventoryError, match="this is a link to no file of the repository"):
        Repository(folder).inventory(head)


def test_hundreds_of_files_take_a_handful_of_processes(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "oncall"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03}.yaml").write_text(f"# {number}\n" * (number % 3))
    head = commit(git, tmp_path)
    found = Repository(folder)
    asked = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *words, **more: (asked.append(words), run(*words, **more))[1])

    files = found.inventory(head)
    assert files == [(f"oncall/{number:03}.yaml", f"# {number}\n".encode() * (number % 3)) for number in range(300)]
    assert len(asked) < 6


def test_a_base_without_an_inventory_has_none(git: Git, tmp_path: Path) -> None:
    assert Repository(tmp_path / "other.yaml").inventory("HEAD") is None


def test_an_inventory_that_was_renamed_or_split_is_found(git: Git, tmp_path: Path) -> None:
    base = commit(git, tmp_path, inventory__yaml="".join(f"# line {n}\n" for n in range(40)))
    git("mv", "inventory.yaml", "who-is-on-call.yaml")
    found = Repository(tmp_path / "who-is-on-call.yaml").inventory(base)
    assert found is not None
    assert found[0][0] == "inventory.yaml"

    (tmp_path / "inventory").mkdir()
    found = Repository(tmp_path / "inventory").inventory(base)
    assert found is not None
    assert found[0][0] == "inventory.yaml"


def test_it_works_from_a_folder_below_and_in_a_shallow_clone(git: Git, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "inventory.yaml").write_text("organization: Deep\n")
    git("add", "-A")
    git("commit", "-qm", "deep")
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth", "1", f"file://{tmp_path}", str(clone))
    found = Repository(clone / "deep" / "inventory.yaml")

    assert found.inventory(found.merge_base("HEAD")[0]) == [("deep/inventory.yaml", b"organization: Deep\n")]
    with pytest.raises(GitError, match="fetch-depth: 0"):
        found.commit("HEAD~1")


@pytest.mark.parametrize(
    "ref", ["--output=/tmp/x", "-h", "main; touch x", "$(touch x)", "no-such", "", "main:inventory.yaml"]
)
def test_a_ref_is_a_name_and_never_an_option(git: Git, tmp_path: Path, ref: str) -> None:
    with pytest.raises(GitError, match="git knows no"):
        Repository(tmp_path / "inventory.yaml").commit(ref)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".git", "inventory.yaml"]


def test_links_are_not_followed(git: Git, tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to("/etc/passwd")
    head = commit(git, tmp_path)

    assert Repository(tmp_path / "inventory.yaml").inventory(head, "link.yaml") is None


def test_outside_of_a_repository_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="in no git repository"):
        Repository(tmp_path / "inventory.yaml")


def test_an_inventory_that_was_moved_is_found_from_any_folder(git: Git, tmp_path: Path) -> None:
    text = "".join(f"# line {n}\n" for n in range(40))
    base = commit(git, tmp_path, inventory__yaml=text)
    (tmp_path / "oncall").mkdir()
    git("mv", "inventory.yaml", "oncall/who.yaml")
    git("config", "diff.relative", "true")
    found = Repository(tmp_path / "oncall" / "who.yaml").inventory(base)

    assert found == [("inventory.yaml", text.encode())]


def test_of_a_split_inventory_the_file_most_like_it_leads_to_what_it_was(git: Git, tmp_path: Path) -> None:
    lines = [f"# line {n} of an inventory that will be split\n" for n in range(90)]
    base = commit(git, tmp_path, inventory__yaml="".join(lines))
    (tmp_path / "oncall").mkdir()
    for number, name in enumerate(("people", "servers", "teams")):
        (tmp_path / "oncall" / f"{name}.yaml").write_text("".join(lines[number * 30 : number * 30 + 30]))
    git("rm", "-q", "inventory.yaml")
    git("add", "-A")

    assert Repository(tmp_path / "oncall").inventory(base) == [("inventory.yaml", "".join(lines).encode())]


def test_what_was_renamed_is_asked_between_two_commits_where_there_are_two(git: Git, tmp_path: Path) -> None:
    text = "".join(f"# line {n}\n" for n in range(40))
    base = commit(git, tmp_path, inventory__yaml=text)
    git("switch", "-qc", "edit")
    git("mv", "inventory.yaml", "who.yaml")
    git("commit", "-qm", "renamed")
    head = git("rev-parse", "HEAD")
    git("switch", "-q", "main")

    assert Repository(tmp_path / "who.yaml").inventory(base, other=head) == [("inventory.yaml", text.encode())]
    assert Repository(tmp_path / "inventory.yaml").inventory(head, other=base) == [("who.yaml", text.encode())]


def test_a_link_is_followed_within_the_repository_only(git: Git, tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "who.yaml").write_text("organization: Linked\n")
    for name, leads_to in (
        ("a", "conf/b.yaml"),
        ("conf/b", "who.yaml"),
        ("c", "../c.yaml"),
        ("d", "d.yaml"),
        ("e", ""),
    ):
        (tmp_path / f"{name}.yaml").symlink_to(leads_to or "conf/none.yaml")
    head = commit(git, tmp_path)
    found = Repository(tmp_path / "inventory.yaml")

    assert found.inventory(head, "a.yaml") == [("conf/who.yaml", b"organization: Linked\n")]
    assert [found.inventory(head, f"{name}.yaml") for name in "cde"] == [None] * 3


def test_what_a_partial_clone_lacks_is_not_taken_for_nothing_and_not_fetched(git: Git, tmp_path: Path) -> None:
    git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git("clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{tmp_path}", str(clone))
    found = Repository(clone / "inventory.yaml")

    with pytest.raises(GitError, match=r"only a part of the objects; `git archive .* -- inventory.yaml` fetches it"):
        found.inventory(found.commit("HEAD"))
    git("archive", "-o", "/dev/null", "HEAD", "--", "inventory.yaml", cwd=clone)
    assert found.inventory(found.commit("HEAD")) == [("inventory.yaml", b"organization: One\n")]


def test_an_object_that_is_damaged_is_said(git: Git, tmp_path: Path) -> None:
    blob = git("rev-parse", "HEAD:inventory.yaml")
    (tmp_path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found = Repository(tmp_path / "inventory.yaml")

    with pytest.raises(GitError, match=r"git can't read inventory.yaml at [0-9a-f]{12}: "):
        found.inventory(found.commit("HEAD"))


def test_a_repository_of_somebody_else_is_named_with_the_way_out(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError, match=r"is somebody else's: `git config --global --add safe.directory "):
        Repository(tmp_path / "inventory.yaml")


def test_a_folder_whose_name_is_no_text(git: Git, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    git("clone", "-q", str(tmp_path), os.fspath(folder))

    assert Repository(folder / "inventory.yaml").inventory("HEAD") == [("inventory.yaml", b"organization: One\n")]


def test_a_base_that_could_be_a_path_and_a_branch_is_refused(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main").mkdir()
    inventory = Path("inventory.yaml")

    with pytest.raises(GitError, match=r"say ./main for that, or refs/heads/main or origin/main"):
        as_path("main", inventory)
    assert [as_path(base, inventory) for base in ("./main", "inventory.yaml", "refs/heads/main", "a" * 5000, "\0")] == [
        Path("main"), inventory, None, None, None
    ]  # fmt: skip


def test_a_branch_that_only_the_remote_has_is_pointed_to(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("branch", "edit")
    clone = tmp_path / "clone"
    git("clone", "-q", "-b", "edit", str(tmp_path), str(clone))
    found = Repository(clone / "inventory.yaml")

    assert found.commit("origin/main") == git("rev-parse", "main")
    with pytest.raises(GitError, match="git knows no 'main' here: say origin/main"):
        found.commit("main")
    monkeypatch.chdir(clone)
    (clone / "main").mkdir()
    with pytest.raises(GitError, match=r"say \./main for that"):
        as_path("main", Path("inventory.yaml"))

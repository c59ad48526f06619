"""Inventories out of a repository: refs, merge bases, other names, shallow clones, hostile words."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from oncall.cli.git import GitError, Repository

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
    for name in ("b.yaml", "a.yml", ".hidden.yaml", "notes.txt", "below/c.yaml"):
        (folder / name).write_text(f"# {name}\n")
    head = commit(git, tmp_path)
    found = Repository(folder).inventory(head)

    assert found is not None
    assert [name for name, _ in found] == ["oncall/a.yml", "oncall/b.yaml"]


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

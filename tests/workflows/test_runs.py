"""The workflows are run, by `act` on this machine: what the jobs do and how they end, with stand-ins for GitHub."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_comment import serving
from tests.workflows.acting import ROOT, GitHub, Repository, act, quick_python

pytestmark = pytest.mark.skipif(
    act() is None, reason="act is not installed: go install github.com/nektos/act@v0.2.89 runs the workflows here"
)
INVENTORY = (ROOT / "inventory.yaml").read_text()
TESS_JOINS = INVENTORY.replace("people: [ana, bo, cy]\n", "people: [ana, bo, cy, tess]\n", 1).replace(
    "members: [ana, bo, cy, {dee", "members: [ana, bo, cy, tess, {dee"
)
LEAVES = INVENTORY.replace("pages_through: [opsgenie, pagerduty]", "pages_through: pagerduty")


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    """This repository as it stands, at a GitHub of its own."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--", ":!tests", ":!docs", ":!benchmarks"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    with serving(GitHub()) as git_hub:
        found = Repository(tmp_path / "github", git_hub, quick_python(tmp_path / "python"))
        found.begin({name: ROOT / name for name in listed.stdout.split("\0") if (ROOT / name).is_file()})
        yield found


@pytest.mark.parametrize("owner", ["acme", "stranger"])
def test_a_preview_is_the_runs_page_and_its_artefact_whatever_the_branch_is_called(
    repository: Repository, tmp_path: Path, owner: str
) -> None:
    branch = f'$(touch${{IFS}}{tmp_path}/hurt)`id`";id;"'
    event = repository.pull_request({"inventory.yaml": TESS_JOINS}, branch, owner)

    run = repository.run("preview.yml", "pull_request", event)

    assert run.succeeded, run.said
    preview = run.artifacts / "on-call-preview"
    assert run.summary == (preview / "preview.md").read_text()
    assert "Tess Vermeer" in run.summary
    assert (preview / "preview.html").is_file()
    assert [one.name for one in preview.glob("strips/*.svg")] == ["platform.primary.svg"]
    assert not (tmp_path / "hurt").exists()


def test_an_edit_of_something_else_is_green(repository: Repository) -> None:
    run = repository.run("preview.yml", "pull_request", repository.pull_request({"README.md": "Read me.\n"}))

    assert run.succeeded, run.said
    assert "nothing changes" in run.summary


def test_an_inventory_with_faults_is_red_and_says_which(repository: Repository) -> None:
    event = repository.pull_request({"inventory.yaml": INVENTORY.replace("people: [ana, bo, cy]", "people: [anna]")})

    run = repository.run("preview.yml", "pull_request", event)

    assert not run.succeeded
    assert "anna" in run.summary
    assert (run.artifacts / "on-call-preview" / "preview.md").read_text() == run.summary


def test_what_the_guard_stops_is_red_until_a_label_lets_it_through(repository: Repository) -> None:
    stopped = repository.run("preview.yml", "pull_request", repository.pull_request({"inventory.yaml": LEAVES}))

    assert not stopped.succeeded
    assert "set-output:: exit-code=3" in stopped.said
    labels = ["bug", "oncall: accept leaves-vendor", "oncall: accept no-such-rule", "oncall: accept key-replaced"]
    event = repository.pull_request({"inventory.yaml": LEAVES}, labels=labels)
    let_through = repository.run("preview.yml", "pull_request", event)
    assert let_through.succeeded, let_through.said


def test_one_comment_is_kept_and_shortened_when_nothing_changes_any_more(repository: Repository) -> None:
    git_hub = repository.git_hub

    def comment(text: str, owner: str = "acme") -> list[str]:
        event = repository.pull_request({"inventory.yaml": text}, "on-call", owner)
        run = repository.run("comment.yml", "workflow_run", repository.completed(event))
        assert run.succeeded, run.said
        return git_hub.bodies("github-actions[bot]")

    git_hub.write("mallory", "<!-- oncall-preview -->\n### nothing to see\n")
    (first,) = comment(TESS_JOINS)
    assert "Tess Vermeer" in first
    (second,) = comment(LEAVES, "stranger")
    assert "leaves-vendor" in second
    (third,) = comment(INVENTORY.replace("people: [ana, bo, cy]", "people: [anna]"))
    assert "anna" in third
    (last,) = comment(INVENTORY + "# a word\n")
    assert last.endswith("Nothing changes any more: nobody is paged differently.\n")


def test_a_head_that_was_pushed_over_meanwhile_gets_no_comment_and_is_no_failure(repository: Repository) -> None:
    event = repository.pull_request({"inventory.yaml": TESS_JOINS})
    repository.pull_request({"inventory.yaml": LEAVES})

    run = repository.run("comment.yml", "workflow_run", repository.completed(event))

    assert run.succeeded, run.said
    assert "Preview" not in run.steps or run.steps["Preview"] == "skipped"
    assert not repository.git_hub.comments


@pytest.mark.parametrize("which", [{"conclusion": "cancelled"}, {"event": "push"}])
def test_the_comment_waits_for_a_preview_that_was_not_cancelled(repository: Repository, which: dict[str, str]) -> None:
    event = repository.completed(repository.pull_request({"inventory.yaml": TESS_JOINS}))

    run = repository.run("comment.yml", "workflow_run", {**event, "workflow_run": {**event["workflow_run"], **which}})

    assert (run.succeeded, run.steps) == (True, {}), run.said

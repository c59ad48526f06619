"""The workflows are run, by `act` on this machine: what the jobs do and how they end, with stand-ins for GitHub."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from oncall.cli.local_sandbox import running_sandbox
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


def test_one_comment_is_kept_and_shortened_when_nothing_changes_any_more(
    repository: Repository, tmp_path: Path
) -> None:
    git_hub = repository.git_hub
    branch = f"$(touch${{IFS}}{tmp_path}/hurt)`id`;id"

    def comment(text: str, owner: str = "acme", labels: tuple[str, ...] = ()) -> list[str]:
        event = repository.pull_request({"inventory.yaml": text}, branch, owner, labels)
        run = repository.run("comment.yml", "workflow_run", repository.completed(event))
        assert run.succeeded, run.said
        return git_hub.bodies("github-actions[bot]")

    git_hub.write("mallory", "<!-- oncall-preview -->\n### nothing to see\n")
    (first,) = comment(TESS_JOINS)
    assert "Tess Vermeer" in first
    (second,) = comment(LEAVES, "stranger")
    assert "stopped by the guard (key-replaced, leaves-vendor)" in second
    (accepted,) = comment(LEAVES, "stranger", ("oncall: accept leaves-vendor", "oncall: accept no-such-rule"))
    assert "stopped by the guard (key-replaced)" in accepted
    (third,) = comment(INVENTORY.replace("people: [ana, bo, cy]", "people: [anna]"))
    assert "anna" in third
    (last,) = comment(INVENTORY + "# a word\n")
    assert last.endswith("Nothing changes any more: nobody is paged differently.\n")
    assert not (tmp_path / "hurt").exists()


def test_without_the_right_to_write_there_is_no_comment(repository: Repository) -> None:
    text = (ROOT / ".github" / "workflows" / "comment.yml").read_text()
    repository.write({".github/workflows/comment.yml": text.replace("pull-requests: write", "pull-requests: read")})
    repository.commit("less")
    repository.git("push", "--quiet", str(repository.origin), "HEAD:refs/heads/main")
    event = repository.pull_request({"inventory.yaml": TESS_JOINS})

    run = repository.run("comment.yml", "workflow_run", repository.completed(event))

    assert (run.steps["Preview"], run.steps["Comment"], run.succeeded) == ("success", "failure", False)
    assert "Resource not accessible by integration" in run.said


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


PUSH = {"ref": "refs/heads/main", "repository": {"full_name": "acme/oncall", "default_branch": "main"}}
READS = {"PAGERDUTY_READ_TOKEN": "sandbox-token-pdpdpd", "OPSGENIE_READ_KEY": "11111111-2222-3333-4444-555555555555"}


def test_drift_is_one_issue_and_a_token_that_is_refused_leaves_it_alone(repository: Repository) -> None:
    git_hub = repository.git_hub
    with running_sandbox() as accounts:
        repository.variables = {
            "ONCALL_STACK": "production",
            "PAGERDUTY_API_URL": accounts.pagerduty,
            "OPSGENIE_API_URL": accounts.opsgenie,
        }
        first = repository.run("drift.yml", "schedule", {}, READS)
        assert first.succeeded, first.said
        (issue,) = git_hub.issues.values()
        assert (issue["title"], issue["state"]) == ("The accounts and the inventory differ", "open")
        there = issue["body"]
        assert not repository.run("drift.yml", "schedule", {}, {**READS, "PAGERDUTY_READ_TOKEN": "refused"}).succeeded
        assert not repository.run("drift.yml", "schedule", {}).succeeded
        assert git_hub.issues == {1: {**issue, "body": there}}
        half = repository.run("drift.yml", "schedule", {}, {"OPSGENIE_READ_KEY": READS["OPSGENIE_READ_KEY"]})
        assert half.succeeded, half.said
        (issue,) = git_hub.issues.values()
        assert "PagerDuty was not asked" in issue["body"]
        assert issue["state"] == "open"


@pytest.mark.parametrize(("workflow", "event"), [("up.yml", "push"), ("drift.yml", "schedule")])
def test_what_needs_accounts_sleeps_until_a_stack_is_named(repository: Repository, workflow: str, event: str) -> None:
    run = repository.run(workflow, event, PUSH)

    assert (run.succeeded, run.steps) == (True, {}), run.said


def test_an_up_by_hand_is_of_the_default_branch_only(repository: Repository) -> None:
    repository.variables = {"ONCALL_STACK": "production"}

    run = repository.run("up.yml", "workflow_dispatch", {"repository": {"default_branch": "trunk"}})

    assert (run.succeeded, run.steps) == (True, {}), run.said


RECORDER = """#!/bin/bash
printf '%s' "${0##*/} in $(realpath --relative-to="$GITHUB_WORKSPACE" .):" >> "$STAND_IN_ARTIFACTS/log"
printf ' %q' "$@" >> "$STAND_IN_ARTIFACTS/log"
echo " [${PULUMI_CONFIG_PASSPHRASE:-}${CLOUDFLARE_API_TOKEN:-}]" >> "$STAND_IN_ARTIFACTS/log"
"""
MAKEFILE = """setup:
\tmkdir -p .venv/bin .tools/bin dist/production && touch dist/production/secrets.json
\tcp recorder .venv/bin/pulumi && cp recorder .tools/bin/npx && chmod +x .*/bin/*
"""


@pytest.mark.parametrize("own", [False, True], ids=["this repository", "one of one's own"])
def test_an_up_is_followed_by_the_bridge_with_each_its_own_secret(tmp_path: Path, own: bool) -> None:
    """What the scripts call, seen through recorders in the place of the engine and of wrangler."""
    program = {"Makefile": MAKEFILE, "recorder": RECORDER}
    text = (ROOT / ".github" / "workflows" / "up.yml").read_text()
    with serving(GitHub()) as git_hub:
        found = Repository(tmp_path / "github", git_hub, quick_python(tmp_path / "python"))
        if own:
            tool = Repository(tmp_path / "tool", git_hub, tmp_path)
            tool.begin(program)
            found.tool, program = tool.work, {}
            text = as_told(text, tool.git("rev-parse", "HEAD"))
        found.begin({".github/workflows/up.yml": text, **program})
        found.variables = {"ONCALL_STACK": "acme/oncall-as-code/production"}
        run = found.run("up.yml", "push", PUSH, {"PULUMI_CONFIG_PASSPHRASE": "words", "CLOUDFLARE_API_TOKEN": "token"})
        quiet = found.run("up.yml", "push", PUSH, {"PULUMI_CONFIG_PASSPHRASE": "words"})

    folder = "oncall-as-code" if own else "."
    assert run.succeeded, run.said
    up, deploy, keys = (run.artifacts / "log").read_text().splitlines()
    assert re.fullmatch(
        rf"pulumi in \.: up --cwd {re.escape(folder)} --stack acme/oncall-as-code/production"
        r" --config-file /\S+/stacks/Pulumi\.production\.yaml --refresh --yes --non-interactive \[words\]",
        up,
    )
    at = "oncall-as-code/dist/production" if own else "dist/production"
    assert deploy == f"npx in {at}: --yes wrangler@4.86.0 deploy [token]"
    assert keys == f"npx in {at}: --yes wrangler@4.86.0 secret bulk secrets.json [token]"
    assert quiet.succeeded, quiet.said
    assert "The bridge is as it was" in quiet.said
    assert "npx" not in (quiet.artifacts / "log").read_text()


def as_told(text: str, commit: str) -> str:
    """up.yml as `docs/adopting.md` tells to change it."""
    docs = (ROOT / "docs" / "adopting.md").read_text()
    (more,) = re.findall(r"```yaml\n( +- uses: actions/checkout.*?)```", docs, re.DOTALL)
    more = more.replace("<owner>", "acme").replace("<commit>", commit)
    changed = text.replace("PROGRAM: .", "PROGRAM: oncall-as-code")
    return changed.replace("      - uses: actions/setup-python", more + "      - uses: actions/setup-python")

"""The workflows hold to what makes them safe to have: least rights, pinned actions, no foreign words in scripts."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from oncall.cli.live import ADDRESSES, CREDENTIALS
from oncall.preview.guard import RULES

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = ROOT / "action.yml"
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}|\./")
RUNS_FOREIGN_CODE = ("preview.yml", "ci.yml")


def read(path: Path) -> dict[Any, Any]:
    found = yaml.safe_load(path.read_text())
    assert isinstance(found, dict)
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    found = read(path)
    if path == ACTION:
        yield from found["runs"]["steps"]
    for job in found.get("jobs", {}).values():
        yield from job["steps"]


@pytest.mark.parametrize("path", [*FILES, ACTION], ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_say_their_version(path: Path) -> None:
    for step in steps(path):
        if "uses" in step:
            assert PINNED.fullmatch(step["uses"]), step["uses"]
    for line in path.read_text().splitlines():
        if "@" in line and "uses:" in line:
            assert re.search(r"# v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("path", [*FILES, ACTION], ids=lambda path: path.name)
def test_no_expression_stands_in_a_script(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", ""), step["run"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rights_are_named_and_least(path: Path) -> None:
    found = read(path)
    assert found["permissions"] in ({}, {"contents": "read"})
    rights = {right for job in found["jobs"].values() for right in job.get("permissions", {}).items()}
    allowed = {"comment.yml": ("pull-requests", "write"), "drift.yml": ("issues", "write")}
    assert rights - {("contents", "read")} <= {allowed.get(path.name, ("", ""))}
    for job in found["jobs"].values():
        assert "timeout-minutes" in job


@pytest.mark.parametrize("name", RUNS_FOREIGN_CODE)
def test_where_foreign_code_runs_there_is_no_secret_and_no_token(name: str) -> None:
    text = (ROOT / ".github" / "workflows" / name).read_text()
    assert "secrets." not in text
    assert "github.token" not in text
    assert all(step["with"]["persist-credentials"] is False for step in steps(FILES[0].with_name(name))
               if "checkout" in step.get("uses", ""))  # fmt: skip


def test_nothing_is_triggered_by_strangers_with_rights() -> None:
    for path in FILES:
        assert "pull_request_target" not in path.read_text()
        assert "download-artifact" not in path.read_text()


def test_an_up_is_never_cut_short() -> None:
    found = read(ROOT / ".github" / "workflows" / "up.yml")
    assert found["concurrency"] == {"group": "pulumi-up", "cancel-in-progress": False}


def test_comments_on_one_pull_request_are_written_one_after_the_other() -> None:
    (job,) = read(ROOT / ".github" / "workflows" / "comment.yml")["jobs"].values()
    assert job["concurrency"]["cancel-in-progress"] is False
    assert re.findall(r"workflow_run\.([\w.]+)", job["concurrency"]["group"]) == [
        "head_repository.full_name",
        "head_branch",
    ]


@pytest.mark.parametrize("path", [*FILES, ACTION], ids=lambda path: path.name)
def test_scripts_are_bash_that_parses(path: Path) -> None:
    for step in steps(path):
        if "run" in step:
            done = subprocess.run(["bash", "-n"], input=step["run"], text=True, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr


def test_only_labels_that_name_rules_of_the_guard_become_rules(tmp_path: Path) -> None:
    (script,) = (
        step["run"] for step in steps(ROOT / ".github" / "workflows" / "preview.yml") if step.get("id") == "labels"
    )
    labels = [
        "bug",
        "oncall: accept a; rm -rf /",
        "oncall: accept key-replaced\nfoo=bar",
        "oncall: accept no-such-rule",
    ]
    labels += [f"oncall: accept {rule}" for rule in RULES]
    output = tmp_path / "output"
    try:
        subprocess.run(["jq", "--version"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("jq is not installed here; runners have it")
    environment = {"LABELS": json.dumps(labels), "GITHUB_OUTPUT": str(output), "PATH": "/usr/bin:/bin"}
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=environment, check=True)
    assert output.read_text() == f"accept={' '.join(RULES)} \n"


def test_the_check_to_require_is_called_what_the_docs_call_it() -> None:
    (job,) = read(ROOT / ".github" / "workflows" / "preview.yml")["jobs"].values()
    assert f"require the check *{job['name']}*" in (ROOT / "docs" / "adopting.md").read_text()


def test_nothing_is_cached_in_the_checkout_that_is_tested() -> None:
    assert "github.workspace" not in (ROOT / ".github" / "workflows" / "ci.yml").read_text()


def test_drift_is_looked_for_where_the_accounts_are() -> None:
    (compare,) = (
        step for step in steps(ROOT / ".github" / "workflows" / "drift.yml") if "--live" in step.get("run", "")
    )
    assert set(compare["env"]) == {*CREDENTIALS.values(), *ADDRESSES.values()}


def test_a_repository_of_ones_own_is_told_to_change_what_is_there() -> None:
    docs = (ROOT / "docs" / "adopting.md").read_text()
    rows = re.findall(r"^\| ((?:`[\w.]+\.yml`(?:, )?)+) \| `([^`]+)` \|", docs, re.MULTILINE)
    named = {name: words for names, words in rows for name in re.findall(r"`([^`]+)`", names)}
    assert set(named) == {"preview.yml", "comment.yml", "drift.yml", "up.yml"}
    for name, words in named.items():
        assert words in (ROOT / ".github" / "workflows" / name).read_text()

"""`oncall check`: lines and exit codes for people, one JSON object for programs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
NOW = ("--now", "2026-11-21T12:00Z")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sample() -> str:
    return (ROOT / "inventory.yaml").read_text(encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    return (code, *capsys.readouterr())


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(run(capsys, "check", "--json", *arguments, *NOW)[1])


def test_the_sample_is_in_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "inventory.yaml").write_text(sample(), encoding="utf-8")
    assert run(capsys, "check", *NOW) == (0, "inventory.yaml: in order (6 teams, 21 people, 26 servers)\n", "")


def test_a_folder_is_one_inventory(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, _, servers = sample().partition("servers: ")
    (folder / "org").mkdir()
    (folder / "org" / "organisation.yaml").write_text(head, encoding="utf-8")
    (folder / "org" / "servers.yaml").write_text("servers: " + servers, encoding="utf-8")
    assert run(capsys, "check", "org", *NOW) == (0, "org: in order (6 teams, 21 people, 26 servers)\n", "")


def test_a_fault_across_files_names_the_file_it_is_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, _, servers = sample().partition("servers: ")
    (folder / "a.yaml").write_text(head, encoding="utf-8")
    (folder / "b.yaml").write_text("servers: " + servers.replace("team: data,", "team: dada,", 1), encoding="utf-8")
    (problem,) = answer(capsys, ".")["problems"]
    assert (problem["file"], problem["rule"]) == ("b.yaml", "unknown-team")


def test_a_fault_is_a_line_on_stderr_and_exit_code_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "inventory.yaml").write_text("a: [\n", encoding="utf-8")
    code, out, err = run(capsys, "check")
    assert (code, out) == (1, "inventory.yaml: 1 error\n")
    assert err.startswith("inventory.yaml:2:1: yaml-syntax: ")


def test_a_missing_file_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", "gone.yaml") == (
        1,
        "gone.yaml: 1 error\n",
        "gone.yaml:1:1: no-file: there is no such file\n",
    )


def test_json_holds_the_size_of_a_good_inventory(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "inventory.yaml").write_text(sample(), encoding="utf-8")
    assert answer(capsys) == {
        "ok": True,
        "organization": "Acme",
        "people": 21,
        "teams": 6,
        "servers": 26,
        "problems": [],
    }


def test_json_holds_every_problem_with_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "inventory.yaml").write_text("a: 1\na: 2\n", encoding="utf-8")
    assert answer(capsys) == {
        "ok": False,
        "problems": [
            {
                "file": "inventory.yaml",
                "line": 2,
                "column": 1,
                "rule": "duplicate-key",
                "severity": "error",
                "message": "`a` is given twice; first at line 1",
            }
        ],
    }


def test_usage_errors_exit_1_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", "--nonsense")
    assert (code, out) == (1, "")
    assert err == "Usage: oncall check [OPTIONS] [PATH]\noncall: No such option: --nonsense\n"


def test_an_instant_that_is_none_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "check", "--now", "tomorrow")
    assert (code, "write it like 2026-11-21T09:00Z" in err) == (1, True)


def test_an_unknown_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "chek")
    assert (code, err.splitlines()[-1]) == (1, "oncall: there is no command 'chek'; did you mean 'check'?")


def test_oncall_alone_is_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys)
    assert (code, "oncall check" in out, "schema" in out) == (0, True, True)


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version")[:2] == (0, "oncall 0.1.0\n")


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "schema")
    assert (code, out) == (0, (ROOT / "inventory.schema.json").read_text(encoding="utf-8"))


def test_the_schema_is_written_to_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "schema", "-o", "s.json") == (0, "", "")
    assert (folder / "s.json").read_bytes() == (ROOT / "inventory.schema.json").read_bytes()


def test_a_schema_that_can_not_be_written_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "schema", "-o", "none/s.json")
    assert (code, err) == (1, "oncall: none/s.json: No such file or directory\n")


def test_checking_starts_without_what_it_does_not_need() -> None:
    script = f"""if True:
        import sys
        from oncall.cli.main import main
        assert main(["check", {str(ROOT / "inventory.yaml")!r}, "--now", "2026-11-21T12:00Z"]) == 0
        print([name for name in ("pulumi", "grpc", "httpx", "jinja2", "rich", "starlette") if name in sys.modules])
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def in_git(folder: Path) -> None:
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "one"]):
        who = ["-c", "user.name=t", "-c", "user.email=t@acme.example", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=folder, check=True)


def test_an_edit_that_moves_a_running_shift_is_an_error_against_the_base(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "inventory.yaml"
    file.write_text(sample(), encoding="utf-8")
    in_git(folder)
    assert run(capsys, "check", "--base", "main", *NOW)[0] == 0
    file.write_text(sample().replace("people: [lea, max]", "people: [max, lea]"), encoding="utf-8")
    code, out, err = run(capsys, "check", "--base", "main", *NOW)
    line = sample().splitlines().index("            people: [lea, max]")
    assert (code, out) == (1, "inventory.yaml: 1 error (6 teams, 21 people, 26 servers)\n")
    assert err == (
        f"inventory.yaml:{line}:11: roster-reshuffle: `lea` is on call until Tue 2026-11-24 10:00, and `max` would be "
        "instead from Sat 2026-11-21 13:00 (Europe/Paris) (undo the edit: people follow each other in "
        "that order already; or write `rollout: now` if this is meant)\n"
    )


def test_edits_by_command_pass_the_comparison(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "inventory.yaml"
    file.write_text(sample(), encoding="utf-8")
    in_git(folder)
    for rollout in ("after-shift", "now"):
        file.write_text(sample(), encoding="utf-8")
        assert run(capsys, "rota", "order", "payments/primary", "max", "lea", "--rollout", rollout, *NOW)[0] in (0, 2)
        assert run(capsys, "rota", "add", "data/primary", "quin", *NOW)[0] == 2
        assert run(capsys, "check", "--base", "main", *NOW)[0] == 0


def test_a_base_without_an_inventory_is_no_base(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.txt").write_text("-")
    in_git(folder)
    (folder / "inventory.yaml").write_text(sample(), encoding="utf-8")
    code, _, err = run(capsys, "check", "--base", "main", *NOW)
    assert (code, err) == (0, "There is no inventory at main: nothing to compare with.\n")


def test_a_base_that_is_no_inventory_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "inventory.yaml").write_text("a: [\n")
    in_git(folder)
    (folder / "inventory.yaml").write_text(sample(), encoding="utf-8")
    code, _, err = run(capsys, "check", "--base", "main", *NOW)
    assert (code, "can't be read, so nothing is compared with it" in err) == (0, True)


@pytest.mark.parametrize("ref", ["nowhere", "--output=stolen", "-", "", "main; touch stolen", "HEAD~99"])
def test_a_ref_that_is_none_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str], ref: str) -> None:
    (folder / "inventory.yaml").write_text(sample(), encoding="utf-8")
    in_git(folder)
    code, out, err = run(capsys, "check", f"--base={ref}", *NOW)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "fetch it" in err
    assert not (folder / "stolen").exists()


def test_no_repository_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "inventory.yaml").write_text(sample(), encoding="utf-8")
    code, _, err = run(capsys, "check", "--base", "main", *NOW)
    assert (code, err.splitlines()) == (
        1,
        ["oncall: inventory.yaml is in no git repository: name the base as a path instead"],
    )


def test_a_link_out_of_the_repository_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "repo").mkdir()
    (folder / "real.yaml").write_text(sample(), encoding="utf-8")
    (folder / "repo" / "inventory.yaml").symlink_to("../real.yaml")
    in_git(folder / "repo")
    code, _, err = run(capsys, "check", "repo/inventory.yaml", "--base", "main", *NOW)
    assert (code, len(err.splitlines())) == (1, 1)

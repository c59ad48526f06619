"""`oncall coverage`: a table with gaps, findings with their places, and an exit code."""

import json
from pathlib import Path

import pytest

from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = (ROOT / "inventory.yaml").read_text(encoding="utf-8")
NOW = ("--now", "2026-11-21T12:00Z")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], text: str, *arguments: str) -> tuple[int, str, str]:
    Path("inventory.yaml").write_text(text, encoding="utf-8")
    code = main(["coverage", *arguments, *NOW])
    return (code, *capsys.readouterr())


def with_hours(hours: str, required: str = "") -> str:
    """The sample, whose payments team is on call in some hours only and names nobody on its second step."""
    text = SAMPLE.replace("hand_off: Tue 10:00", f"hand_off: Tue 10:00\n            only: {hours}", 1)
    text = text.replace("      - {notify: [lea, max], after: 5m}\n", "", 1).replace(
        "    manager_after: 10m", "    #", 1
    )
    return text.replace("    repeat: {times: 1, after: 30m}\n", f"    repeat: {{times: 1, after: 30m}}\n{required}", 1)


def test_the_sample_is_covered(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, SAMPLE)

    assert (code, err) == (0, "")
    first = " ".join(out.splitlines()[1].split())
    assert first == "platform internal always (raised from thirdparty) 100.00 % 2,160 of 2,160 h"
    assert "coverage-gap" not in out


def test_open_hours_are_an_error_with_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, with_hours("09:00-17:00"), "payments", "--days", "10")

    assert code == 1
    assert "payments  internal  always    33.33 %  80 of 240 h" in out
    assert "Sat 2026-11-21 17:00 to Sun 2026-11-22 09:00" in out
    assert "inventory.yaml:140:5: coverage-gap: outages of tier `internal` and `author` reach nobody" in out
    assert "edge" not in out


def test_required_hours_that_are_covered_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    required = "    coverage: {required: {internal: Mon-Fri 09:00-17:00, author: 10:00-12:00}}\n"
    code, out, _ = run(capsys, with_hours("09:00-17:00", required), "payments", "--days", "10")

    assert code == 0
    assert "Mon-Fri 09:00-17:00  100.00 %  52 of 52 h" in out
    assert "meant: Sat 2026-11-21 17:00 to Sun 2026-11-22 09:00" in out
    assert "coverage-gap" not in out


def test_programs_get_every_gap(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, with_hours("09:00-17:00"), "payments", "--days", "3", "--json")
    found = json.loads(out)

    assert (code, found["ok"]) == (1, False)
    assert found["tiers"][0]["minutes"] == {"required": 4320, "covered": 1440}
    assert found["tiers"][0]["gaps"] == [
        {"start": "2026-11-21T17:00:00+01:00", "end": "2026-11-22T09:00:00+01:00"},
        {"start": "2026-11-22T17:00:00+01:00", "end": "2026-11-23T09:00:00+01:00"},
        {"start": "2026-11-23T17:00:00+01:00", "end": "2026-11-24T09:00:00+01:00"},
    ]
    assert [(one["rule"], one["line"], one["severity"]) for one in found["findings"]] == [
        ("coverage-gap", 140, "reason")
    ]


def test_findings_about_people_stand_below(capsys: pytest.CaptureFixture[str]) -> None:
    text = SAMPLE.replace("cover: cy}", "why: skiing}", 1)
    code, out, _ = run(capsys, text, "platform")

    assert code == 0  # the schedule is covered on paper; the finding stops `pulumi up`
    assert ": leave-uncovered: `bo` is away and still on call in `platform/primary` Mon 2027-01-04 09:00" in out


@pytest.mark.parametrize(
    ("text", "arguments", "told"),
    [
        (SAMPLE, ("plattform",), "no team `plattform` (did you mean `platform`?)"),
        (SAMPLE, ("--days", "0"), "--days"),
        (SAMPLE.replace("people: [lea, max]", "people: [lea, mex]", 1), (), "unknown-person: no person `mex`"),
        ("", (), "inventory.yaml:1:1"),
    ],
)
def test_bad_input_is_a_line_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], text: str, arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = run(capsys, text, *arguments)

    assert (code, out) == (1, "")
    assert told in err


def test_findings_tell_programs_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    text = SAMPLE.replace("    pages_through: pagerduty\n", "    pages_through: pagerduty\n    limits: {rest: 8d}\n", 1)
    found = json.loads(run(capsys, text, "platform", "--json")[1])["findings"]
    spans = {one["message"].split("`")[1]: one["spans"] for one in found if one["rule"] == "rest-too-short"}

    # ana and bo take turns every week; from Christmas on ana has a day or two between an override and her turn
    assert {person: len(times) for person, times in spans.items()} == {"ana": 6, "bo": 4, "cy": 4}
    assert spans["ana"][0] == {"start": "2026-11-16T08:00:00+00:00", "end": "2026-11-23T08:00:00+00:00"}
    assert {"start": "2026-12-26T08:00:00+00:00", "end": "2026-12-28T08:00:00+00:00"} in spans["ana"]

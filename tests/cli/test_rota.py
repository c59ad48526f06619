"""`oncall rota`: the sample edited on the command line, in text that stays what it was."""

import json
import re
from pathlib import Path

import pytest

from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
NOW = ("--now", "2026-11-21T12:00Z")  # Ana's week; a line-up with Cy waits for 7 December


@pytest.fixture
def sample(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "inventory.yaml"
    file.write_text((ROOT / "inventory.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return file


@pytest.fixture
def rota(capsys):
    def run(*arguments, now=NOW):
        code = main(("rota", *arguments, *now))
        return (code, *capsys.readouterr())

    return run


def test_somebody_joins(sample, rota):
    before = sample.read_text(encoding="utf-8")
    code, out, _ = rota("add", "payments/primary", "nia")
    after = sample.read_text(encoding="utf-8")
    assert code == 2
    assert after == before.replace(
        "            people: [lea, max]\n            turn: 1 week\n            hand_off: Tue 10:00\n"
        "            since: 2026-10-06\n",
        "            people: [max, nia, lea]\n            turn: 1 week\n            hand_off: Tue 10:00\n"
        "            since: 2026-11-24\n            before: {people: [lea, max], since: 2026-10-06}\n",
    )
    assert "+            people: [max, nia, lea]\n" in out
    assert "Nia Costa joins after Max Dubois.\n" in out
    assert (
        "Nobody's turn changes before Tue 2026-11-24 10:00 Europe/Paris; then: Max Dubois, Nia Costa, Lea Moreau."
        in out
    )
    assert "Tue 2026-12-01 10:00  Tue 2026-12-08 10:00  Lea Moreau  Nia Costa" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "payments/primary", "nia", "--after", "lea"),
        ("swap", "search/desk/nights", "sam", "rui"),
        ("remove", "payments/primary", "lea", "--cover", "nia"),
    ],
)
def test_people_go_by_their_addresses_too(rota, arguments):
    by_key = rota(*arguments, "--dry-run")
    assert by_key[0] == 2
    keys = ("nia", "lea", "sam", "rui")
    assert by_key == rota(*(f"{one}@acme.example" if one in keys else one for one in arguments), "--dry-run")


def test_a_group_without_a_command_prints_its_help(capsys):
    assert main(("rota",)) == 1
    out, err = capsys.readouterr()
    assert "Change who takes turns" in out + err
    assert "oncall: " not in err


def test_who_is_no_member_becomes_one(sample, rota):
    code, out, _ = rota("add", "payments/primary/weekly", "tess", "--first")
    assert (code, "members: [lea, max, {nia: manager}, tess]" in sample.read_text(encoding="utf-8")) == (2, True)
    assert "Tess Vermeer becomes a member of Payments." in out


def test_a_trial_writes_nothing(sample, rota):
    before = sample.read_bytes()
    code, out, _ = rota("add", "payments/primary", "nia", "--dry-run")
    assert (code, sample.read_bytes() == before, "nothing is written" in out) == (2, True, True)


def test_asked_again_there_is_nothing_to_do(sample, rota):
    rota("add", "payments/primary", "nia")
    before = sample.read_bytes()
    code, out, _ = rota("add", "payments/primary", "nia")
    assert (code, out) == (0, "Nia Costa takes turns there already: nothing to do.\n")
    assert sample.read_bytes() == before


def test_comments_stay(sample, rota):
    code, out, _ = rota("remove", "platform/secondary/weekly", "cy", "--by", "2026-12-20")
    assert (code, "Comments stay where they are" in out) == (2, False)
    code, out, _ = rota("swap", "platform/primary/weekly", "bo", "cy")
    assert (code, "Comments stay where they are" in out) == (2, False)
    text = sample.read_text(encoding="utf-8")
    assert "people: [bo, cy, ana]" not in text
    assert "people: [ana, cy, bo]\n" in text
    assert (
        "since: 2026-12-07       # ana's first turn in this line-up\n            before:                 # who takes"
        in text
    )


def test_now_lists_the_hours_that_change_hands(sample, rota):
    code, out, _ = rota("order", "payments/primary", "max", "lea", "--rollout", "now")
    text = sample.read_text(encoding="utf-8")
    assert code == 2
    assert "since: 2026-11-17\n            takes_over: 2026-11-21 13:00\n            rollout: now\n" in text
    assert "Max Dubois takes over at Sat 2026-11-21 13:00 Europe/Paris; then: Max Dubois, Lea Moreau." in out
    assert "Hours that change hands until" in out


def test_a_cover_is_an_override(sample, rota):
    code, _, _ = rota("remove", "data/primary", "olu", "--cover", "pia", now=("--now", "2026-12-10T12:00Z"))
    text = sample.read_text(encoding="utf-8")
    assert code == 2
    assert (
        "  - {schedule: data/primary, person: pia, from: 2026-12-10 07:00, to: 2026-12-16 10:00, instead_of: olu}\n"
        in text
    )


def test_json(sample, rota):
    code, out, _ = rota("turn", "payments/primary", "2 weeks", "--json", "--dry-run")
    told = json.loads(out)
    assert code == 2
    assert {key: told[key] for key in ("changed", "written", "rotation", "zone", "begins", "people")} == {
        "changed": True,
        "written": False,
        "rotation": "payments/primary/weekly",
        "zone": "Europe/Paris",
        "begins": "2026-11-24T10:00:00+01:00",
        "people": ["max", "lea"],
    }
    assert told["displaced"][0] == {
        "from": "2026-12-01T10:00:00+01:00",
        "to": "2026-12-08T10:00:00+01:00",
        "before": "lea",
        "after": "max",
    }


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("remove", "payments/primary", "lea"), "--cover PERSON"),
        (("add", "payments/primry", "nia"), "did you mean `payments/primary`"),
        (("add", "search/desk", "ana"), "`search/desk/office` or `search/desk/nights`"),
        (("add", "payments/primary", "niaa"), "did you mean `nia`"),
        (("swap", "payments/primary", "lea", "maxx"), "did you mean `max`"),
        (("order", "payments/primary", "max", "nobodi"), "no person `nobodi`"),
        (("remove", "payments/primary", "lea", "--cover", "niaa"), "did you mean `nia`"),
        (("add", "payments", "nia"), "no rotation `payments` (did you mean `payments/primary`?)"),
        (("turn", "payments/primary", "0 weeks"), "a turn is a number"),
        (("turn", "payments/primary", "1 week", "--hand-off", "25:00"), "a hand-off is"),
        (("add", "payments/primary", "nia", "--first", "--last"), "one place only"),
        (("remove", "payments/primary", "lea", "--by", "2026-12-01", "--rollout", "now"), "--by says when"),
        (("remove", "payments/primary", "lea", "--by", "soon"), "is no instant"),
        (("add", "payments/primary", "nia", "--rollout", "later"), "after-shift"),
        (("turn", "payments/primary", "1 week", "--hand-off", "Tue 10:15"), "opsgenie-hand-off-minutes"),
    ],
)
def test_what_is_refused_is_one_line_and_nothing_is_written(sample, rota, arguments, why):
    before = sample.read_bytes()
    code, out, err = rota(*arguments)
    assert (code, out, sample.read_bytes() == before) == (1, "", True)
    assert why in err.splitlines()[-1]


def test_line_ups_out_of_order_are_told_first(sample, rota):
    text = sample.read_text(encoding="utf-8")
    sample.write_text(text.replace("since: 2026-10-06", "since: 2026-10-07"), encoding="utf-8")
    code, _, err = rota("add", "payments/primary", "nia")
    assert (code, "since-off-hand-off" in err) == (1, True)


def test_the_way_out_for_who_leaves_is_one(sample, rota, capsys):
    text = sample.read_text(encoding="utf-8")
    sample.write_text(
        text.replace('phone: "+49 30 5550107"}', 'phone: "+49 30 5550107", until: 2027-05-05}'), encoding="utf-8"
    )
    assert main(("check", *NOW)) == 1
    told = capsys.readouterr().err
    assert "on-call-after-leaving: `gus` leaves on 2027-05-05" in told
    _, _, *arguments = told.split("`")[3].split()
    assert arguments == ["remove", "edge/sun/emea", "gus", "--by", "2027-05-05"]
    code, out, _ = rota(*arguments)
    assert (code, "Nobody's turn changes before Mon 2027-05-03 09:00 Europe/Berlin; then: Fay Novak." in out) == (
        2,
        True,
    )
    assert main(("check", *NOW)) == 0


def test_the_readme_shows_what_is_said(tmp_path, monkeypatch, rota):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command, said = re.search(r"^\$ oncall rota (.*?)\n(.*?)```", readme, re.DOTALL | re.MULTILINE).groups()
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "inventory.yaml").write_text(example, encoding="utf-8")
    code, out, _ = rota(*command.split())
    assert (code, [line for line in said.splitlines() if line not in ("...", *out.splitlines())]) == (2, [])


def test_comments_beside_changed_lines_are_pointed_at(sample, rota):
    code, out, _ = rota("add", "platform/primary", "dee", now=("--now", "2026-12-12T12:00Z"))
    assert "+            since: 2026-12-14       # ana's first turn in this line-up\n" in out
    assert (code, "Comments stay where they are: see whether those beside changed lines still hold." in out) == (
        2,
        True,
    )

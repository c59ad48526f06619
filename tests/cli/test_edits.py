"""`oncall leave`, `swap`, `override` and `fmt` on a copy of the sample: what people read, what is in the file after it.

`make golden` writes the pages anew; read the diff before you commit it.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from oncall.cli.main import main
from oncall.source import read

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden")
NOW = ("--now", "2026-11-21T12:00Z")
Do = Callable[..., tuple[int, str, str]]

PAGES = {
    "leave": ["leave", "bo", "--from", "2027-02-01", "--to", "2027-02-21", "--cover", "cy", "--why", "skiing, at last"],
    "leave-uncovered": ["leave", "bo", "--from", "2027-02-01", "--to", "2027-02-21"],
    "leave-remove": ["leave", "bo", "--remove"],
    "leave-of-nobody": ["leave", "dee", "--from", "2027-02-01", "--to", "2027-02-21"],
    "swap": ["swap", "platform/primary", "bo@2026-12-14", "cy@2026-12-21", "--why", "a concert"],
    "override": ["override", "platform/primary", "ana", "--from", "2026-12-18 18:00", "--to", "2026-12-23"],
    "override-instead-of": [
        *("override", "edge/sun", "fay", "--instead-of", "gus", "--from", "2027-04-05", "--to", "2027-04-06 12:00")
    ],
    "override-remove": ["override", "platform/primary", "ana", "--remove"],
    "fmt": ["fmt", "--now", "2027-01-15T00:00Z"],
    "fmt-check": ["fmt", "--check", "--now", "2027-01-15T00:00Z"],
}


@pytest.fixture
def do(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Do:
    """Run a command in a folder with a copy of the sample."""
    shutil.copy(ROOT / "inventory.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments[:1], *NOW, *arguments[1:]])
        return (code, *capsys.readouterr())

    return run


def text() -> str:
    return Path("inventory.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_what_people_read(do: Do, name: str) -> None:
    before = text()
    code, out, _ = do(*PAGES[name])  # findings of the rest of the inventory are on stderr
    golden = GOLDEN / f"edit-{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(out, encoding="utf-8")
    assert (code, out) == (2, golden.read_text(encoding="utf-8"))
    assert (text() == before) == (name == "fmt-check")


@pytest.mark.parametrize("name", [name for name in PAGES if name != "fmt-check"])
def test_a_dry_run_writes_nothing(do: Do, name: str) -> None:
    before = text()
    code, out, _ = do(*PAGES[name], "--dry-run")
    assert (code, text()) == (2, before)
    assert out.endswith("nothing is written: this is a dry run\n")


@pytest.mark.parametrize("name", ["leave", "swap", "override", "override-instead-of"])
def test_the_way_back_leads_where_it_began(do: Do, name: str) -> None:
    before = text()
    words = [word for word in PAGES[name] if word not in ("--why", "skiing, at last", "a concert", "--cover", "cy")]
    assert do(*PAGES[name])[0] == 2
    assert text() != before
    assert do(*words, "--remove")[0] == 2
    assert text() == before


@pytest.mark.parametrize("name", ["leave", "swap", "override", "override-instead-of", "fmt"])
def test_the_same_again_changes_nothing(do: Do, name: str) -> None:
    do(*PAGES[name])
    after = text()
    code, out, err = do(*PAGES[name])
    assert (code, err, text()) == (0, "", after)
    assert "@@" not in out


def test_the_same_leave_again_changes_its_cover_and_reason(do: Do) -> None:
    do("leave", "bo", "--from", "2027-02-01", "--to", "2027-02-21")
    assert do("leave", "bo", "--from", "2027-02-01", "--to", "2027-02-21", "--cover", "cy", "--why", "skiing")[0] == 2
    assert "  - {person: bo, from: 2027-02-01, to: 2027-02-21, cover: cy, why: skiing}\n" in text()


def test_the_same_override_again_changes_its_reason(do: Do) -> None:
    do(*PAGES["override"])
    assert do(*PAGES["override"], "--why", "on a train")[0] == 2
    assert "to: 2026-12-23, why: on a train}\n" in text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("leave", "bo", "--from", "2026-10-05", "--to", "2026-10-06", "--cover", "ana"),
        ("override", "platform/primary", "cy", "--from", "2026-10-05", "--to", "2026-10-06"),
        ("swap", "platform/primary", "ana@2026-10-12", "bo@2026-10-05"),
    ],
)
def test_an_edit_of_the_past_says_that_it_pages_nobody(do: Do, arguments: tuple[str, ...]) -> None:
    for words in (arguments, (*arguments, "--remove")):
        assert "all of that is over: nobody is paged differently" in do(*words)[1]


BO = ("leave", "bo", "--from", "2027-02-01", "--to", "2027-02-03")
TWO_DAYS = ("override", "platform/primary", "ana", "--from", "2026-12-16", "--to", "2026-12-17")


@pytest.mark.parametrize(
    "arguments, says",
    [
        (("leave", "bob"), "no person `bob` (did you mean `bo`?)"),
        (("leave", "bo", "--from", "2027-02-01"), "--from and --to say from when to when"),
        (("leave", "bo", "--from", "2027-02-30", "--to", "2027-03-01"), "'2027-02-30' is no instant; write it like"),
        (("leave", "bo", "--from", "2027-02-03", "--to", "2027-02-01"), "2027-02-01 is not after 2027-02-03"),
        (("leave", "bo", "--from", "2027-02-01 09:00", "--to", "2027-02-01 09:00"), "it has to end after it begins"),
        ((*BO, "--cover", "bo"), "can't stand in for themselves"),
        ((*BO, "--cover", "cyy"), "no person `cyy` (did you mean `cy`?)"),
        (
            (*BO, "--schedule", "platform/primry"),
            "no schedule `platform/primry` (did you mean `platform/primary`?)",
        ),
        (
            ("leave", "bo", "--from", "2027-01-05", "--to", "2027-01-12"),
            "`bo` is away 2026-12-29 to 2027-01-10 already; "
            "take that out first: oncall leave bo --from 2026-12-29 --remove",
        ),
        (("leave", "ana", "--remove"), "there is no such leave of `ana`"),
        (("leave", "bo", "--remove", "--from", "2026-12-28"), "there is no such leave of `bo`"),
        (("swap", "platform/primary", "ana", "bo@2026-12-14"), "say which turns: like ana@2026-12-07 bo@2026-12-14"),
        (("swap", "platform/primary", "ana@2026-12-07", "ana@2026-12-28"), "can't swap with themselves"),
        (("swap", "platform/primary", "ana@soon", "bo@2026-12-14"), "'soon' is no instant; write it like"),
        (
            ("swap", "platform/primary", "dee@2026-12-07", "bo@2026-12-14"),
            "`dee` has no turn in platform/primary at 2026-12-07, nor later",
        ),
        (
            ("swap", "platform/primary", "ana@2026-12-15", "bo@2026-12-14"),
            "`ana` has no turn in platform/primary at 2026-12-15; "
            "later turns begin 2026-12-28 09:00, 2027-01-18 09:00, 2027-02-08 09:00 (Europe/Berlin)",
        ),
        (("swap", "platform/primary", "ana", "bo", "--remove"), "there is no such swap of `ana` and `bo`"),
        (("override", "platform", "ana"), "no schedule `platform` (did you mean `platform/primary`?)"),
        (("override", "platform/primary", "zoe"), "no person `zoe`"),
        (
            ("override", "platform/primary", "ana", "--from", "2027-03-28 02:30", "--to", "2027-03-29"),
            "2027-03-28 02:30 does not exist in Europe/Berlin, the clocks jump over it",
        ),
        (
            ("override", "platform/primary", "ana", "--from", "2027-10-31 02:30", "--to", "2027-11-02"),
            "2027-10-31 02:30 comes twice in Europe/Berlin; say which: '2027-10-31 02:30+02:00'",
        ),
        (
            (*TWO_DAYS, "--instead-of", "cy"),
            "`cy` has no shift in platform/primary from 2026-12-16 to 2026-12-17; on call then: `bo`",
        ),
        (
            (*TWO_DAYS, "--instead-of", "ana"),
            "`ana` can't take over from themselves",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_nothing_is_written(do: Do, arguments: tuple[str, ...], says: str) -> None:
    before = text()
    code, out, err = do(*arguments)
    assert (code, out, text()) == (1, "", before)
    assert err.startswith("oncall: ")
    assert err.count("\n") == 1
    assert says in err


def test_an_edit_that_brings_an_error_is_refused_with_its_place(do: Do) -> None:
    before = text()
    code, out, err = do(
        *("override", "platform/primary", "bo", "--from", "2026-12-25", "--to", "2026-12-25", "--why", "x")
    )
    assert (code, out, text()) == (1, "", before)
    first, second = err.splitlines()
    assert first == "nothing is written; with this edit the inventory would be wrong:"
    assert second.startswith("inventory.yaml:20")
    assert ": overrides-overlap: `platform/primary` is taken by `ana` until Sat 2026-12-26 09:00 already" in second


@pytest.mark.parametrize(
    "why, says",
    [
        ("", "`why`: "),
        ("x" * 1001, "`why`: "),
        ("ring \x07", "character U+0007 is not allowed"),
        ("caf\udce9", "not UTF-8"),
    ],
)
def test_a_reason_that_is_no_text_is_refused(do: Do, why: str, says: str) -> None:
    before = text()
    code, out, err = do(*BO, "--cover", "cy", "--why", why)
    assert (code, out, text()) == (1, "", before)
    assert says in err


def test_odd_reasons_are_written_as_they_are(do: Do) -> None:
    for why in ("a: b # c", "[bold]no markup[/bold]", 'it\'s "so"', "zwei\nZeilen", "{", "- x", "yes", "2026"):
        assert do(*BO, "--cover", "cy", "--why", why)[0] == 2
        assert read([("a", text().encode())]).data["leave"][2]["why"] == why


def test_the_cover_of_one_schedule_only(do: Do) -> None:
    three_weeks = ("leave", "bo", "--from", "2027-02-01", "--to", "2027-02-21")
    assert do(*three_weeks, "--cover", "cy", "--schedule", "platform/primary")[0] == 2
    code, out, _ = do(*three_weeks, "--cover", "ana", "--schedule", "platform/secondary")
    assert code == 2
    assert "Ana Petrova (ana) has in platform/secondary" in out
    assert "nobody stands in" not in out
    assert do("leave", "bo", "--remove", "--schedule", "platform/primary")[0] == 2
    assert "cover: cy, schedule" not in text()
    assert "cover: ana, schedule: platform/secondary" in text()


def test_a_turn_is_swapped_once(do: Do) -> None:
    do(*PAGES["swap"])
    before = text()
    code, _, err = do("swap", "platform/primary", "bo@2026-12-14", "ana@2026-12-07")
    assert (code, text()) == (1, before)
    assert err == "oncall: `bo` and `cy` have swapped one of these turns already; take that out first, with --remove\n"


def test_hours_that_nobody_had_are_told(do: Do) -> None:
    _, out, _ = do("override", "edge/sun", "kim", "--from", "2027-07-01 22:00", "--to", "2027-07-02 00:00")
    assert out.endswith(
        "Kim Alvarez (kim) has in edge/sun (UTC):\n"
        "  Thu 2027-07-01 22:00 to Thu 2027-07-01 23:00, instead of Jo Miller (jo)\n"
        "  Thu 2027-07-01 23:00 to Fri 2027-07-02 00:00, when nobody was there\n"
    )


def test_errors_that_were_there_before_do_not_stop_an_edit(do: Do) -> None:
    Path("inventory.yaml").write_text(text().replace("until: 2027-03-31", "until: 2026-12-31"), encoding="utf-8")
    assert do("check")[0] == 1
    assert do(*PAGES["leave"])[0] == 2


def test_an_inventory_that_can_t_be_read_ends_with_its_lines(do: Do) -> None:
    Path("inventory.yaml").write_text(
        text().replace("people: [ana, bo, cy]", "people: [ana, zoe, cy]"), encoding="utf-8"
    )
    before = text()
    code, _, err = do(*PAGES["leave"])
    assert (code, text()) == (1, before)
    assert "zoe" in err
    Path("inventory.yaml").write_text("people: [", encoding="utf-8")
    code, _, err = do(*PAGES["leave"])
    assert (code, text()) == (1, "people: [")
    assert "yaml-syntax" in err


def test_moments_stand_in_the_file_as_they_were_typed(do: Do) -> None:
    do("override", "platform/primary", "ana", "--from", "2027-10-31T02:30+01:00", "--to", "2027-10-31 06:00")
    assert "from: 2027-10-31 02:30+01:00, to: 2027-10-31 06:00}\n" in text()


def test_a_person_may_be_named_by_their_address(do: Do) -> None:
    do("swap", "platform/primary", "bo@acme.example@2026-12-14", "cy@2026-12-21T09:00")
    assert "people: [bo, cy], turns: [2026-12-14, 2026-12-21 09:00]}\n" in text()


def test_a_file_from_windows_behind_a_link(do: Do, tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    before = b"\xef\xbb\xbf" + text().replace("\n", "\r\n").encode()
    real.write_bytes(before)
    Path("inventory.yaml").unlink()
    Path("inventory.yaml").symlink_to("real.yaml")
    code, out, _ = do(*BO, "--cover", "cy")
    assert (code, "\r" in out, "\\x0d" in out) == (2, False, False)
    added = b"  - {person: bo, from: 2027-02-01, to: 2027-02-03, cover: cy}\r\n"
    assert real.read_bytes().replace(added, b"") == before
    assert Path("inventory.yaml").is_symlink()


def test_a_file_of_a_folder_is_edited(do: Do, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    people, rest = text().split("\npages:", 1)
    (folder / "1-people.yaml").write_text(people, encoding="utf-8")
    (folder / "2-rest.yaml").write_text("pages:" + rest, encoding="utf-8")
    assert do(*PAGES["leave"], "--inventory", "folder")[0] == 2
    assert (folder / "1-people.yaml").read_text(encoding="utf-8") == people
    assert "skiing" in (folder / "2-rest.yaml").read_text(encoding="utf-8")


def test_fmt_spares_what_payroll_still_needs(do: Do) -> None:
    code, out, _ = do("fmt", "--before", "2026-12-01", "--now", "2027-01-15T00:00Z")
    past = [line for line in out.splitlines() if line.startswith("past: ")]
    assert (code, past) == (2, ["past: the line-up of search/desk/nights until 2026-11-30 09:00"])
    code, _, err = do("fmt", "--before", "yesterday")
    assert (code, err.startswith("oncall: 'yesterday' is no instant")) == (1, True)


def test_what_programs_get(do: Do) -> None:
    code, out, err = do(*PAGES["leave-uncovered"], "--json")
    found = json.loads(out)
    assert (code, err) == (2, "")
    assert (found["changed"], found["written"], found["taken"]) == (True, True, [])
    assert found["diff"].count("\n+") == 2
    assert [one["schedule"] for one in found["uncovered"]] == [
        "platform/primary",
        "platform/secondary",
        "platform/primary",
    ]
    assert found["uncovered"][0]["free"][0]["person"] == "cy"
    assert {one["rule"] for one in found["findings"]} == {"leave-uncovered"}
    code, out, _ = do(*PAGES["swap"], "--json", "--dry-run")
    found = json.loads(out)
    assert (code, found["changed"], found["written"]) == (2, True, False)
    assert found["taken"][0] == {
        "schedule": "platform/primary",
        "start": "2026-12-14T09:00:00+01:00",
        "end": "2026-12-21T09:00:00+01:00",
        "person": "cy",
        "instead_of": "bo",
    }
    # An override in the other turn stays with whom it names.
    assert [(one["start"][:10], one["end"][:10]) for one in found["taken"][1:]] == [
        ("2026-12-21", "2026-12-24"),
        ("2026-12-26", "2026-12-28"),
    ]
    code, out, _ = do(*PAGES["fmt"], "--json")
    found = json.loads(out)
    assert (code, len(found["dropped"]), found["kept"]) == (2, 8, [])
    assert [leave.get("from") for leave in read([("a", text().encode())]).data["leave"]] == ["2027-02-01"]

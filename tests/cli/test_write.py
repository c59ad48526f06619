"""Files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from oncall.cli.files import read_files
from oncall.cli.unified import unified
from oncall.cli.write import write_files
from oncall.errors import InventoryError


def named(folder: Path, *names: str) -> list[str]:
    return [str(folder / name) for name in names]


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    path.chmod(0o640)
    write_files(read_files(path), ((str(path), "a: 2\r\n"),))
    assert path.read_bytes() == b"\xef\xbb\xbfa: 2\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["inventory.yaml"]


def test_what_is_the_same_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text("a: 1\n")
    before = path.stat()
    write_files(read_files(path), ((str(path), "a: 1\n"),))
    assert path.stat().st_ino == before.st_ino


def test_a_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "real" / "file.yaml"
    real.parent.mkdir()
    real.write_text("a: 1\n")
    link = tmp_path / "inventory.yaml"
    link.symlink_to("real/file.yaml")
    write_files(read_files(link), ((str(link), "a: 2\n"),))
    assert link.is_symlink()
    assert real.read_text() == "a: 2\n"


def test_a_file_that_somebody_else_changed_is_left_alone(tmp_path: Path) -> None:
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("a: 1\n")
    two.write_text("b: 1\n")
    read = read_files(tmp_path)
    two.write_text("b: theirs\n")
    with pytest.raises(InventoryError, match=r"2\.yaml:1:1: unwritable-file: somebody else has changed"):
        write_files(read, ((str(one), "a: 2\n"), (str(two), "b: 2\n")))
    assert one.read_text() == "a: 1\n"
    assert two.read_text() == "b: theirs\n"
    assert sorted(os.listdir(tmp_path)) == ["1.yaml", "2.yaml"]


def test_a_file_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text("a: 1\n")
    read = read_files(path)
    path.unlink()
    with pytest.raises(InventoryError, match="unwritable-file: no such file or directory"):
        write_files(read, ((str(path), "a: 2\n"),))
    assert os.listdir(tmp_path) == []


def test_when_the_second_can_t_be_replaced_the_first_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("a: 1\n")
    two.write_text("b: 1\n")
    read = read_files(tmp_path)
    really = os.replace

    def replace(source: Path, target: Path) -> None:
        if target.name == "2.yaml":
            raise PermissionError(13, "Permission denied")
        really(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(InventoryError, match=r"2\.yaml:1:1: unwritable-file: writing it is not permitted"):
        write_files(read, ((str(one), "a: 2\n"), (str(two), "b: 2\n")))
    assert (one.read_text(), two.read_text()) == ("a: 1\n", "b: 1\n")
    assert sorted(os.listdir(tmp_path)) == ["1.yaml", "2.yaml"]


def test_a_diff_is_what_diff_prints() -> None:
    before, after = (("a", "1\n2\n3\n4\n5\n6\n7\n8\n9"),), (("a", "1\n2\n3\n4\nfive\n6\n7\n8\n9"),)
    assert unified(before, after) == (
        "--- a\n+++ a\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
    )  # fmt: skip
    assert unified(before, before) == ""
    assert unified((("a", ""),), (("a", "x"),)) == "--- a\n+++ a\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n"


def test_frequent_lines_are_not_repeated() -> None:
    before = "".join(f"k{n}:\n  turn: 1 week\n" for n in range(300))
    diff = unified((("a", before),), (("a", before.replace("k7:", "k:")),))
    assert [line for line in diff.splitlines() if line[0] in "+-"] == ["--- a", "+++ a", "-k7:", "+k:"]

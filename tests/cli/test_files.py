"""An inventory is read from a file or a folder, and what can't be read is said in one line."""

import os
from pathlib import Path

import pytest

from oncall.cli.files import read_files
from oncall.errors import InventoryError
from oncall.source import MAX_BYTES, read


def fault(path: Path) -> str:
    with pytest.raises(InventoryError) as caught:
        read_files(path)
    return str(caught.value).removeprefix(str(path) + ":1:1: ")


def test_a_file_is_read_under_the_name_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "i.yaml").write_bytes(b"a: 1\n")
    monkeypatch.chdir(tmp_path)
    assert read_files(Path("i.yaml")) == [("i.yaml", b"a: 1\n")]


def test_a_folder_is_its_yaml_files_by_name(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "notes.md", ".hidden.yaml"):
        (tmp_path / name).write_bytes(name.encode())
    assert read_files(tmp_path) == [
        (str(tmp_path / "a.yml"), b"a.yml"),
        (str(tmp_path / "b.yaml"), b"b.yaml"),
    ]


def test_files_in_a_folder_within_the_folder_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").touch()
    for name in ("docs/notes.md", ".git/config.yaml", "servers/eu.yaml"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    with pytest.raises(InventoryError) as caught:
        read_files(tmp_path)
    message = "files in a folder within the folder are not read; move them up"
    assert str(caught.value) == f"{tmp_path / 'servers'}:1:1: unread-folder: {message}"


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_bytes(b"a: 1\n")
    (tmp_path / "i.yaml").symlink_to("real.txt")
    assert read_files(tmp_path / "i.yaml") == [(str(tmp_path / "i.yaml"), b"a: 1\n")]


def test_a_missing_file(tmp_path: Path) -> None:
    assert fault(tmp_path / "i.yaml") == "no-file: there is no such file"


def test_an_empty_folder(tmp_path: Path) -> None:
    assert fault(tmp_path) == "no-file: the folder holds no *.yaml or *.yml file"


def test_a_link_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "i.yaml").symlink_to("gone.yaml")
    assert fault(tmp_path / "i.yaml") == "no-file: the link leads to no file"


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "i.yaml").symlink_to("i.yaml")
    assert fault(tmp_path / "i.yaml").startswith("unreadable-file: too many levels")


def test_a_path_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "i.yaml").write_bytes(b"")
    assert fault(tmp_path / "i.yaml" / "x.yaml") == "unreadable-file: a part of this path is no folder"


def test_a_path_with_a_nul_byte() -> None:
    assert fault(Path("a\0b")) == "unreadable-file: this can't be a path"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "i.yaml").touch(mode=0o000)
    assert fault(tmp_path / "i.yaml") == "unreadable-file: reading it is not permitted"


def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "i.yaml")
    assert fault(tmp_path / "i.yaml") == "no-file: this is no regular file"


def test_an_endless_device_does_not_hang() -> None:
    assert fault(Path("/dev/zero")) == "no-file: this is no regular file"


def test_a_folder_named_like_a_file_within_a_folder(tmp_path: Path) -> None:
    (tmp_path / "i.yaml").mkdir()
    with pytest.raises(InventoryError, match="this is a folder, not a file"):
        read_files(tmp_path)


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "i.yaml").open("wb") as file:
        file.truncate(10 * MAX_BYTES)
    files = read_files(tmp_path / "i.yaml")
    assert len(files[0][1]) == MAX_BYTES + 1
    with pytest.raises(InventoryError, match="too-large"):
        read(files)

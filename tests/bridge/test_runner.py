"""Finding and starting workerd."""

import pytest

from oncall.cli.workerd import WorkerdError, find_workerd, start_config


def executable(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 3\n")
    path.chmod(0o755)
    return path


def test_the_environment_names_the_binary_first(tmp_path):
    named = executable(tmp_path / "mine")
    executable(tmp_path / ".tools" / "bin" / "workerd")
    assert find_workerd({"ONCALL_WORKERD": str(named)}, tmp_path) == named


def test_a_named_binary_that_is_missing_is_not_replaced(tmp_path):
    executable(tmp_path / ".tools" / "bin" / "workerd")
    assert find_workerd({"ONCALL_WORKERD": str(tmp_path / "none")}, tmp_path) is None


def test_the_checkouts_own_comes_before_path(tmp_path):
    own = executable(tmp_path / ".tools" / "bin" / "workerd")
    other = executable(tmp_path / "elsewhere" / "workerd")
    assert find_workerd({"PATH": str(other.parent)}, tmp_path) == own
    own.unlink()
    assert find_workerd({"PATH": str(other.parent)}, tmp_path) == other


def test_no_binary_is_no_error_of_the_search(tmp_path):
    assert find_workerd({"PATH": ""}, tmp_path) is None


def start(tmp_path, binary):
    config = tmp_path / "config.capnp"
    return start_config(config, disk=tmp_path / "state", sockets={"webhook": "127.0.0.1:0"}, secrets={}, binary=binary)


def test_a_binary_that_ends_at_once_is_reported_with_what_it_said(tmp_path):
    binary = executable(tmp_path / "workerd")
    binary.write_text("#!/bin/sh\necho no such config >&2\nexit 3\n")
    with pytest.raises(WorkerdError, match="the bridge did not start: no such config"):
        start(tmp_path, binary)


def test_a_binary_that_is_none_is_reported(tmp_path):
    with pytest.raises(WorkerdError, match="can't be started"):
        start(tmp_path, tmp_path / "none")


@pytest.mark.worker
def test_leaving_the_block_stops_the_process(tmp_path, new_bridge):
    bridge = new_bridge()
    with bridge.running as running:
        assert running.process.poll() is None
    assert running.process.poll() is not None

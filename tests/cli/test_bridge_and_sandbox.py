"""`oncall bridge build` and `oncall sandbox` as commands."""

import json
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-11-21T12:00Z"


def test_build_writes_the_same_bytes_each_time_and_no_key(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main(["bridge", "build", str(ROOT / "inventory.yaml"), "-o", str(tmp_path / name), "--now", NOW]) == 0

    one, two = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert {"bridge.js", "core.js", "routes.json", "wrangler.jsonc", "bridge.capnp"} <= one.keys()
    assert "secrets.json" not in one


def test_build_tells_machines_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["bridge", "build", str(ROOT / "inventory.yaml"), "-o", str(tmp_path / "out"), "--now", NOW, "--json"]
    assert main(command) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["directory"] == str(tmp_path / "out")
    assert "pagerduty/platform/internal" in told["keys"]


def test_build_of_a_faulty_inventory_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "inventory.yaml"
    file.write_text("organization: Acme\n", encoding="utf-8")

    assert main(["bridge", "build", str(file), "-o", str(tmp_path / "out")]) == 1

    assert "missing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_sandbox_knows_the_inventorys_people_and_ends_when_asked() -> None:
    ports = ["--port", "0", "--pagerduty-port", "0", "--opsgenie-port", "0"]
    command = [sys.executable, "-m", "oncall.cli.main", "sandbox", str(ROOT / "inventory.yaml"), *ports, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        addresses = json.loads(running.stdout.readline())
        state = httpx.get(addresses["page"] + "/sandbox/state", trust_env=False).json()
        running.send_signal(signal.SIGTERM)  # not SIGINT, which whoever runs the tests in the background may ignore
        try:
            running.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            running.kill()
            raise

    assert running.returncode == 0
    assert "Ana Petrova" in [user["name"] for user in state["pagerduty"]["users"]]
    assert "Ana Petrova" in [user["name"] for user in state["opsgenie"]["users"]]


def test_sandbox_speaks_https_with_a_certificate_it_makes(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    ports = ["--port", "0", "--pagerduty-port", "0", "--opsgenie-port", "0", "--tls", str(folder)]
    command = [sys.executable, "-m", "oncall.cli.main", "sandbox", str(ROOT / "inventory.yaml"), *ports, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            addresses = json.loads(running.stdout.readline())
            trusted = ssl.create_default_context(cafile=str(folder / "cert.pem"))
            page = addresses["page"] + "/sandbox/state"
            assert httpx.get(page, trust_env=False, verify=trusted).is_success
            with pytest.raises(httpx.ConnectError):
                httpx.get(page, trust_env=False)
        finally:
            running.terminate()
            running.communicate(timeout=60)

    assert {
        address.partition(":")[0] for address in (addresses[name] for name in ("page", "pagerduty", "opsgenie"))
    } == {"https"}


def test_a_port_that_is_taken_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        assert main(["sandbox", str(ROOT / "inventory.yaml"), "--port", port]) == 1

    said = capfd.readouterr().err
    assert f"port {port} is in use" in said
    assert said.count("\n") == 1

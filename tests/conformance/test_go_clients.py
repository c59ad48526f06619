"""The vendors' own Go libraries, unchanged, against a sandbox over real sockets (the stories stand in `go/`).

opsgenie-go-sdk-v2 is what terraform-provider-opsgenie is built on, go-pagerduty what the newer half of
terraform-provider-pagerduty is. Skipped where there is no Go, or where their modules can't be had.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STORIES = Path(__file__).parent / "go"
LEAST_GO = (1, 25)  # go/go.mod


def go_command() -> str:
    """Where Go is; skips where there is none, or one that is too old."""
    go = shutil.which("go")
    said = subprocess.run([go, "version"], capture_output=True, text=True, check=False).stdout if go else ""
    version = re.search(r"go(\d+)\.(\d+)", said)
    if go is None or version is None or (int(version[1]), int(version[2])) < LEAST_GO:
        pytest.skip("Go {}.{} or newer is not on PATH".format(*LEAST_GO))
    return go


def test_the_go_libraries_apply_plan_empty_edit_import_and_destroy():
    go = go_command()
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly"}
    had = subprocess.run(
        [go, "mod", "download"], cwd=STORIES, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if had.returncode != 0:
        pytest.skip(f"the Go modules can't be had: {had.stderr.strip().splitlines()[-1]}")
    ports = ("--port", "0", "--pagerduty-port", "0", "--opsgenie-port", "0")
    with subprocess.Popen((sys.executable, "-m", "sandbox", *ports), stdout=subprocess.PIPE, text=True) as sandbox:
        try:
            assert sandbox.stdout is not None
            served = json.loads(sandbox.stdout.readline())
            environment |= {
                "SANDBOX_PAGE": served["page"],
                "PAGERDUTY_ADDRESS": served["pagerduty"],
                # A bare host: the SDK adds the scheme, which is http as long as "api" is no part of the host.
                "OPSGENIE_ADDRESS": served["opsgenie"].removeprefix("http://"),
            }
            command = [go, "test", "-count=1", "-v", "./..."]
            ran = subprocess.run(
                command, cwd=STORIES, env=environment, capture_output=True, text=True, timeout=300, check=False
            )
        finally:
            sandbox.terminate()
            sandbox.wait(timeout=10)
    told = "\n".join(line for line in ran.stdout.splitlines() if not re.match(r"=== |\s*--- PASS", line))
    assert ran.returncode == 0, f"{told}\n{ran.stderr}"
    assert "--- SKIP" not in ran.stdout

"""The plugin as the engine starts it: the executable, its first line, its end."""

import os
import subprocess
import sys
from pathlib import Path

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from oncall.provider.schema import VERSION

ROOT = Path(__file__).parents[2]
EXECUTABLE = ROOT / "plugin" / "pulumi-resource-oncall"


def test_it_can_be_executed_and_has_no_path_of_a_machine_in_it():
    assert os.access(EXECUTABLE, os.X_OK)
    assert EXECUTABLE.read_text().startswith("#!/bin/sh\n")
    assert "/home/" not in EXECUTABLE.read_text()


def test_it_serves_on_the_port_of_its_first_line_also_through_a_link(tmp_path):
    link = tmp_path / "pulumi-resource-oncall"
    link.symlink_to(EXECUTABLE)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    with subprocess.Popen([link, "127.0.0.1:1"], stdout=subprocess.PIPE, cwd=tmp_path, env=environment) as process:
        try:
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                stub = provider_pb2_grpc.ResourceProviderStub(channel)
                info = stub.GetPluginInfo(empty_pb2.Empty(), timeout=20)
                answer = stub.GetSchema(provider_pb2.GetSchemaRequest(), timeout=20)
        finally:
            process.terminate()

    assert info.version == VERSION
    assert '"oncall:opsgenie:Team"' in answer.schema


def test_it_ends_when_the_engine_that_started_it_is_gone():
    script = f"{EXECUTABLE} 127.0.0.1:1 & wait"

    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE) as engine:
        engine.stdout.readline()
        engine.kill()
        # The output ends only once every process that held it has ended, the plugin too.
        assert engine.stdout.read() == b""

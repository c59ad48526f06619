"""The real engine on sandbox accounts: one stack for a module, its inventory a file that the tests edit."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall.cli.engine import Engine
from oncall.cli.load import load_inventory
from oncall.cli.local_sandbox import Sandbox, known_users, running_sandbox

ROOT = Path(__file__).resolve().parents[2]
SECRET = "planted-webhook-secret-5a17c3"
# Set as people set them: what stands in clear in a stack's settings, the engine copies into its history.
SECRETS = {
    "pagerdutyToken": "sandbox-token-pdpdpd",
    "opsgenieApiKey": "11111111-2222-3333-4444-555555555555",
    "webhookSecret": SECRET,
    "oncall:opsgenieApiKey": "11111111-2222-3333-4444-555555555555",  # for `pulumi import`, which takes no provider
}


@dataclass(frozen=True)
class Stack:
    """A stack of this project on sandbox accounts of its own."""

    engine: Engine
    sandbox: Sandbox
    inventory: Path
    home: Path

    def edit(self, old: str, new: str) -> None:
        text = self.inventory.read_text()
        assert old in text
        self.inventory.write_text(text.replace(old, new))


@pytest.fixture(scope="session", autouse=True)
def _engine_is_there() -> None:
    path = os.pathsep.join([str(ROOT / ".tools" / "bin"), os.environ.get("PATH", "")])
    if shutil.which("pulumi", path=path) is None:
        pytest.skip("the Pulumi engine is not installed: run `make setup`")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stack_of(Path(__file__).parent / "inventory.yaml", tmp_path_factory.mktemp("stack")) as found:
        yield found


@contextmanager
def stack_of(source: Path, home: Path) -> Iterator[Stack]:
    """A stack of a copy of an inventory, on accounts that know the people whose users are not ours to make."""
    inventory = home / "inventory.yaml"
    shutil.copyfile(source, inventory)
    with running_sandbox() as sandbox:
        sandbox.seed(known_users(load_inventory(inventory, datetime.now(UTC))))
        settings = (ROOT / "stacks" / "Pulumi.sandbox.yaml").read_text()
        settings = settings.replace("http://127.0.0.1:8911", sandbox.pagerduty)
        settings = settings.replace("http://127.0.0.1:8912", sandbox.opsgenie)
        settings += (
            f"  oncall-as-code:inventory: {inventory}\n"
            f"  oncall-as-code:bridgeDirectory: {home / 'bridge'}\n"
            f"  oncall:opsgenieApiUrl: {sandbox.opsgenie}\n"
        )
        engine = Engine(ROOT, home, settings)
        engine.start()
        secrets = [word for name, secret in SECRETS.items() for word in ("--secret", f"{name}={secret}")]
        engine.run("config", "set-all", *secrets, "--stack", engine.stack, "--config-file", str(engine.config_file))
        yield Stack(engine, sandbox, inventory, home)

"""The Pulumi program: stack settings and the inventory in, both vendors' accounts and the bridge out."""

import signal
from datetime import UTC, datetime
from pathlib import Path

import pulumi

from components.stack import Settings, declare, typed_now
from oncall.cli.load import load_inventory, places
from oncall.errors import InventoryError

# The engine interrupts the program once a resource has failed; what it has to say then is not a traceback of ours.
signal.signal(signal.SIGINT, signal.SIG_DFL)
config = pulumi.Config()
now = typed_now(config) or datetime.now(UTC)
path = Path(config.get("inventory") or "inventory.yaml")
try:
    inventory = load_inventory(path, now)
except InventoryError as fault:
    raise pulumi.RunError("the inventory has faults:\n" + "\n".join(map(str, fault.problems))) from None
declare(inventory, Settings.of(config), now, places(path))

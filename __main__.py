"""The Pulumi program: stack settings and the inventory in, both vendors' accounts and the bridge out."""

from datetime import UTC, datetime
from pathlib import Path

import pulumi

from components.stack import Settings, declare
from oncall.cli.load import load_inventory
from oncall.errors import InventoryError

config = pulumi.Config()
setting = config.get("now")
now = datetime.fromisoformat(setting) if setting else datetime.now(UTC)
try:
    inventory = load_inventory(Path(config.get("inventory") or "inventory.yaml"), now)
except InventoryError as fault:
    raise pulumi.RunError("the inventory has faults:\n" + "\n".join(map(str, fault.problems))) from None
declare(inventory, Settings.of(config), now)

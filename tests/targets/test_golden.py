"""Inventories and the objects they become, written out.

After a wanted change: `UPDATE_GOLDEN=1 pytest tests/targets/test_golden.py`, and read the difference before it is
committed: it is what the vendors will be told.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from oncall.model import Inventory
from oncall.resource import Ref
from oncall.source import read
from oncall.targets import TARGETS

HERE = Path(__file__).parent
INVENTORIES = sorted((HERE / "inventories").glob("*.yaml"))


def plain(value):
    if isinstance(value, Ref):
        return f"<{value.field} of {value.kind} {value.key}>"
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


def written_out(resources):
    return [
        {
            "kind": resource.kind,
            "key": resource.key,
            **({"team": resource.team} if resource.team else {}),
            **({"lookup": True} if resource.lookup else {}),
            "properties": plain(resource.properties),
            **({"after": [f"{ref.kind} {ref.key}" for ref in resource.after]} if resource.after else {}),
        }
        for resource in resources
    ]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.stem)
def test_an_inventory_becomes_the_objects_that_were_agreed(path, target, now):
    inventory = Inventory.model_validate(read([(path.name, path.read_bytes())]).data)
    found = written_out(target.desired(inventory, now))
    golden = HERE / "golden" / f"{path.stem}.{target.name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def test_no_golden_file_is_left_over():
    expected = {f"{path.stem}.{target.name}.json" for path in INVENTORIES for target in TARGETS}
    assert {path.name for path in (HERE / "golden").glob("*.json")} == expected

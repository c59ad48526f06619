"""What people read is true: generated pages are fresh, the README's example is an inventory, its commands exist."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall.cli.load import check_inventory
from oncall.cli.main import COMMANDS
from oncall.handbook import inventory_page, rules_page

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "page"), [("inventory.md", inventory_page), ("rules.md", rules_page)])
def test_a_generated_page_is_fresh(name: str, page) -> None:
    file = ROOT / "docs" / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(page(), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == page(), "run `make golden`"


def test_the_readmes_inventory_is_in_order(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    file = tmp_path / "inventory.yaml"
    file.write_text(example, encoding="utf-8")

    assert check_inventory(file, datetime(2026, 11, 21, tzinfo=UTC)).problems == ()


def test_every_command_stands_in_the_readme() -> None:
    assert {line.split()[1].rstrip("`") for line in re.findall(r"`oncall [a-z-]+", README)} >= set(COMMANDS)


def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"[`$] ?make ([a-z]+)", README)) <= targets


def test_every_file_the_readme_links_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []

"""The generated JSON Schema: fresh, and of one mind with the sample and the model."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from oncall.schema import render, schema
from oncall.source import read

ROOT = Path(__file__).resolve().parents[1]


def sample() -> dict[str, Any]:
    return read([("inventory.yaml", (ROOT / "inventory.yaml").read_bytes())]).data


def complaints(data: dict[str, Any]) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    return [error.json_path for error in jsonschema.Draft202012Validator(schema()).iter_errors(data)]


def test_the_schema_in_the_repository_is_fresh() -> None:
    file = ROOT / "inventory.schema.json"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(render(), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == render(), "run `oncall schema -o inventory.schema.json`"


def test_it_is_a_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_sample_names_it_in_its_first_line() -> None:
    first = (ROOT / "inventory.yaml").read_text(encoding="utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=./inventory.schema.json"


def test_the_sample_agrees_with_it() -> None:
    assert complaints(sample()) == []


def test_a_file_of_a_folder_may_hold_one_noun() -> None:
    assert complaints({"people": sample()["people"]}) == []


def test_an_unknown_key_is_marked() -> None:
    assert complaints({"teams": {"edge": sample()["teams"]["edge"] | {"membrs": []}}}) == ["$.teams.edge"]


def test_a_key_with_forbidden_characters_is_marked() -> None:
    assert complaints({"tiers": {"A b": {"severity": "high"}}}) == ["$.tiers"]


def test_a_wrong_word_is_marked() -> None:
    assert complaints({"tiers": {"internal": {"severity": "urgent"}}}) == ["$.tiers.internal.severity"]


def test_every_noun_of_the_sample_is_explained() -> None:
    nouns = schema()["$defs"]
    assert [name for name, noun in nouns.items() if "description" not in noun] == []


def test_it_speaks_of_nothing_but_json() -> None:
    text = json.dumps(schema())
    assert [word for word in ("null", "timedelta", "PT0S") if f'"{word}"' in text] == []

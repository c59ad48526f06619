"""The JSON Schema of the inventory, generated from the model, for editors to complete and check it with.

`inventory.schema.json` is this text checked in; a test fails when it is stale.
"""

import json
from typing import Any

from oncall.model import Inventory

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema of an inventory file.

    Stricter than pydantic's own where a mapping's keys have a pattern; laxer at the top, where nothing is required:
    a file of a folder holds only some of the nouns.
    """
    generated = _tidy(Inventory.model_json_schema(mode="validation"))
    generated.pop("required")
    generated["description"] = "Who the people and teams are, who is on call when, and for which servers."
    return {"$schema": DIALECT, "title": "The inventory of on-call", **generated}


def render() -> str:
    """The text of `inventory.schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(part: Any) -> Any:
    """Without what pydantic makes of field names and of defaults in Python's terms; keys held to their patterns."""
    if isinstance(part, list):
        return [_tidy(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {
        key: {name: _tidy(each) for name, each in value.items()} if key in _BY_NAME else _tidy(value)
        for key, value in part.items()
        if key not in ("title", "default")
    }
    if "enum" in part or part.get("type") in ("boolean", "integer"):
        made |= {"default": part["default"]} if part.get("default") is not None else {}
    if "patternProperties" in made:
        made["additionalProperties"] = False
    return _without_null(made)


_BY_NAME = ("properties", "patternProperties", "$defs")  # mappings whose keys are names, `title` among them


def _without_null(part: dict[str, Any]) -> dict[str, Any]:
    """A field that may be left out, as what it is when it is there: an empty value is better not typed at all."""
    choices = [choice for choice in part.get("anyOf", []) if choice != {"type": "null"}]
    if "anyOf" not in part or len(choices) == len(part["anyOf"]):
        return part
    rest = {key: value for key, value in part.items() if key != "anyOf"}
    if len(choices) > 1:
        return {"anyOf": choices, **rest}
    # Next to a `$ref` the description of the field says more than the one referred to.
    return {**choices[0], **rest}

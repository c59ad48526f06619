"""The reference pages of `docs/`, generated: every word of the inventory, and every rule that can be printed.

`docs/inventory.md` and `docs/rules.md` are these texts checked in; a test fails when they are stale.
"""

from collections.abc import Iterator
from typing import Any

from oncall.preview import staying
from oncall.schema import schema
from oncall.targets import TARGETS
from oncall.validate import RULES, reshuffle

_ORDER = ("Person", "Pages", "Tier", "Team", "Schedule", "Rotation", "Lineup", "Step", "Repeat", "Coverage", "Server",
          "Heartbeat", "Leave", "Override", "Maintenance", "Bridge", "Watch", "Jira", "Guard", "Accept")  # fmt: skip


def inventory_page() -> str:
    """Return `docs/inventory.md`: a table of keys for each noun, from the schema."""
    whole = schema()
    nouns = whole["$defs"]
    order = [*_ORDER, *sorted(set(nouns) - set(_ORDER))]
    parts = [
        "# Every word of the inventory",
        "Generated from the model (`make golden`). Times are wall-clock in the schedule's zone; references are by key; "
        "a folder of files works as one file.",
        _section("The file", whole, ("organization", "people", "tiers", "teams", "servers", "bridge")),
        *(_section(name, nouns[name], tuple(nouns[name].get("required", ()))) for name in order),
    ]
    return "\n\n".join(parts) + "\n"


def rules_page() -> str:
    """Return `docs/rules.md`: each rule id with what it finds."""
    ours = [f"| `{rule.id}` | {rule.severity} | {_cell(rule.about)} |" for rule in RULES]
    ours.append(f"| `{reshuffle.RULE}` | error | {_cell(reshuffle.ABOUT)} |")
    ours.append(f"| `{staying.RULE}` | notice | {_cell(staying.ABOUT)} |")
    parts = [
        "# Every rule",
        "Generated (`make golden`). An *error* and a *reason* stop `pulumi up`; a reason is let through by "
        "`accept: [{rule: ..., why: ...}]` on the noun it was found on, or above it. A *notice* is told only. Faults "
        "of syntax and shape explain themselves where they are printed.",
        "## Across the inventory\n\n| rule | severity | what should hold |\n|---|---|---|\n" + "\n".join(ours),
    ]
    for target in TARGETS:
        rows = [f"| `{rule}` | {_cell(about)} |" for rule, about in target.rules.items()]
        parts.append(f"## At {target.name}\n\n| rule | what should hold |\n|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _section(name: str, noun: dict[str, Any], required: tuple[str, ...]) -> str:
    rows = [
        f"| `{key}`{'' if key in required else ' (optional)'} | {_cell(_kind(about))} | {_cell(_about(about))} |"
        for key, about in noun.get("properties", {}).items()
    ]
    head = f"## {name}\n\n{noun.get('description', '')}\n\n| key | what | meaning |\n|---|---|---|\n"
    return head + "\n".join(rows)


def _kind(about: dict[str, Any]) -> str:
    if "$ref" in about:
        name = about["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in about:
        return " or ".join(dict.fromkeys(_kind(choice) for choice in about["anyOf"]))
    if "enum" in about:
        return ", ".join(f"`{choice}`" for choice in about["enum"])
    if "const" in about:
        return f"`{about['const']}`"
    if about.get("type") == "array":
        return f"list of {_kind(about['items'])}"
    if "patternProperties" in about:
        return f"by key: {_kind(next(iter(about['patternProperties'].values())))}"
    return {"object": "mapping", "string": "text", "boolean": "true or false", "integer": "number"}.get(
        str(about.get("type")), str(about.get("type", ""))
    )


def _about(about: dict[str, Any]) -> str:
    return " ".join(_sentences(about))


def _sentences(about: dict[str, Any]) -> Iterator[str]:
    if text := about.get("description"):
        yield str(text)
    if examples := about.get("examples"):
        yield "Like " + ", ".join(f"`{example}`" for example in examples) + "."
    if about.get("default") not in (None, False):
        yield f"Default: `{about['default']}`."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

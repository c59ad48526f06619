"""BridgeConfig -> the files of a bundle, byte for byte the same for the same config: no clock, no names of machines.

Only data and switches are rendered; the JavaScript modules are copied as they are.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, StrictUndefined

from oncall.bridge.config import BridgeConfig
from oncall.bridge.templates import bundled_sources

# Fixed: a new date is a new runtime behaviour and wants its tests. Not later than the pinned workerd knows.
COMPATIBILITY_DATE = "2026-11-17"
ENTRY = "bridge.js"
# The Durable Object's identity on local disk; another one would not find the state of before.
UNIQUE_KEY = "oncall-bridge-shard"


def routes_document(config: BridgeConfig) -> dict[str, Any]:
    """Return what the Worker reads as routes.json, without its hash: plain data, keys sorted by the renderer."""
    return {
        "signature": config.signature,
        "fallback": config.fallback,
        "limits": config.limits.model_dump(),
        "targets": {name: {"vendor": each.vendor, "host": each.host} for name, each in config.targets.items()},
        "tiers": {name: {"severity": severity} for name, severity in config.tiers.items()},
        "teams": config.teams,
        "routes": {name: route.model_dump(exclude_none=True) for name, route in config.routes.items()},
        "servers": config.servers,
    }


def config_hash(config: BridgeConfig) -> str:
    """Return the hash shown by /healthz and in generated files: of all that the bridge takes from the inventory."""
    text = json.dumps([config.name, config.key_slots, routes_document(config)], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def render(config: BridgeConfig, sources: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return file name -> text of the whole bundle, sorted by name; `sources` default to the shipped ones."""
    texts = bundled_sources() if sources is None else sources
    modules = [name for name in texts if name.endswith(".js")]
    facts = {
        "name": config.name,
        "hash": config_hash(config),
        "entry": ENTRY,
        "modules": [name for name in modules if name != ENTRY],
        "routes": routes_document(config),
        "secrets": [f"KEYS_{slot}" for slot in range(config.key_slots)],
        "compatibility_date": COMPATIBILITY_DATE,
        "unique_key": UNIQUE_KEY,
    }
    environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701 - no HTML
    environment.filters["json"] = _json
    files = {name: texts[name] for name in modules}
    for name in (each for each in texts if each.endswith(".j2")):
        files[name.removesuffix(".j2")] = environment.from_string(texts[name]).render(facts)
    return dict(sorted(files.items()))


def _json(value: object, indent: int = 0) -> str:
    # Jinja's own `indent` also breaks lines at U+2028 and the like, inside of strings.
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).replace("\n", "\n" + " " * indent)

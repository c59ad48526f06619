"""The rendered bundle: byte-stable, the checked-in examples, and nothing in it but data and our own modules.

After a wanted change: `UPDATE_GOLDEN=1 pytest tests/bridge/test_render.py`, and read the difference before it is
committed: it is who will be paged.
"""

import gzip
import json
import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from oncall.bridge.config import Delivery, Limits, Route, Target
from oncall.bridge.render import COMPATIBILITY_DATE, config_hash, render, routes_document
from oncall.bridge.routes import bridge_config
from oncall.bridge.templates import bundled_sources
from oncall.model.load import load
from oncall.source import read

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
RENDERED = ("bridge.capnp", "routes.json", "wrangler.jsonc")


@pytest.fixture
def config(config_of):
    return config_of(limits=Limits())


def agreed(name, text):
    """The checked-in text of a name; brought up to date where that is asked for."""
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_text(text, encoding="utf-8")
    return (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RENDERED)
def test_the_rendered_files_are_the_checked_in_ones(config, name):
    text = render(config)[name]
    assert text == agreed(name, text)


def test_the_sample_organisation_has_the_routes_that_were_agreed():
    sample = ROOT / "inventory.yaml"
    inventory = load(read([(sample.name, sample.read_bytes())]))
    text = render(bridge_config(inventory))["routes.json"]
    assert text == agreed("sample-routes.json", text)


def test_the_modules_are_shipped_as_they_are(config):
    modules = {name: text for name, text in bundled_sources().items() if name.endswith(".js")}
    assert {name: text for name, text in render(config).items() if name.endswith(".js")} == modules


def test_rendering_twice_gives_the_same_bytes(config):
    assert render(config) == render(config.model_copy(deep=True))


def test_the_order_of_the_inventory_does_not_matter(config, config_of):
    reversed_config = config_of(
        limits=Limits(),
        routes=dict(reversed(config.routes.items())),
        servers=dict(reversed(config.servers.items())),
        teams=dict(reversed(config.teams.items())),
    )
    assert render(reversed_config) == render(config)


def test_every_change_changes_the_hash(config, config_of):
    changed = config_of(limits=Limits(), servers=config.servers | {"new-mcp": "platform/author"})
    assert config_hash(changed) != config_hash(config)
    assert json.loads(render(changed)["routes.json"])["config_hash"] == config_hash(changed)


def test_names_that_look_like_templates_or_code_stay_data(config, config_of):
    deliveries = (Delivery(target="opsgenie", key="opsgenie/odd", responder='{{ 7*7 }}"</script>\n\u2028'),)
    odd = Route(team="odd", tier="internal", severity="critical", deliveries=deliveries)
    changed = config_of(routes=config.routes | {"odd/internal": odd})
    document = json.loads(render(changed)["routes.json"])
    assert document["routes"]["odd/internal"]["deliveries"][0]["responder"] == '{{ 7*7 }}"</script>\n\u2028'


def test_routes_json_is_the_document_with_its_hash(config):
    document = json.loads(render(config)["routes.json"])
    assert {name: value for name, value in document.items() if name not in {"generated", "config_hash"}} == json.loads(
        json.dumps(routes_document(config))
    )


def test_wrangler_gets_what_a_deployment_needs(config):
    text = render(config)["wrangler.jsonc"]
    settings = json.loads("\n".join(line for line in text.splitlines() if not line.strip().startswith("//")))
    assert settings["migrations"] == [{"tag": "v1", "new_sqlite_classes": ["Shard"]}]
    assert (settings["workers_dev"], settings["preview_urls"]) == (True, False)
    assert settings["compatibility_date"] == COMPATIBILITY_DATE


def test_a_table_of_ten_thousand_servers_stays_small(config, config_of):
    routes = {
        f"team-{number}/internal": Route(
            team=f"team-{number}",
            tier="internal",
            severity="critical",
            deliveries=(Delivery(target="pagerduty", key=f"pagerduty/team-{number}/internal"),),
        )
        for number in range(500)
    }
    servers = {f"server-number-{number}": f"team-{number % 500}/internal" for number in range(10_000)}
    bundle = render(config_of(routes=config.routes | routes, servers=servers))
    assert len(gzip.compress("".join(bundle.values()).encode())) <= 150 * 1024


# ---------------------------------------------------------------- what a config may be


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"servers": {"x": "nowhere"}}, "a server names the unknown route 'nowhere'"),
        ({"teams": {"platform": {"internal": "nowhere"}}}, "a team names the unknown route 'nowhere'"),
        ({"targets": {"opsgenie": Target(vendor="opsgenie")}}, "a delivery names the unknown target 'pagerduty'"),
        ({"tiers": {"internal": "critical"}}, "unknown tiers ['author', 'thirdparty']"),
        ({"fallback": "nobody"}, "the fallback team 'nobody' has a route that pages nobody, or none at all"),
    ],
)
def test_a_config_refers_to_what_exists(config_of, changes, message):
    with pytest.raises(ValidationError) as refused:
        config_of(**changes)
    assert message in str(refused.value)


def test_a_config_is_frozen(config):
    with pytest.raises(ValidationError):
        config.fallback = "edge"


def test_a_config_holds_key_ids_only(config):
    assert config.key_ids == tuple(sorted(config.key_ids))
    assert "pagerduty/server/own-mcp" in config.key_ids

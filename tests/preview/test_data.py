"""The preview for programs: every key that comes is in docs/preview-json.md, and the other way round."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oncall.cli.load import check_inventory
from oncall.model.escalation import ScheduleRef
from oncall.plan import Change
from oncall.preview.compute import preview
from oncall.preview.data import VERSION, as_data
from oncall.preview.live import with_live
from oncall.preview.model import ByHand, Drift, Live, Obstacle, Side
from oncall.resource import Resource

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "preview-json.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
# One edit of everything: line-ups, hand-over, escalation, tier, heartbeat, vendor, coverage, leave.
EDITS = (
    ("people: [pia, olu]", "people: [olu, pia]"),
    ("docs.acme.example/mcp,      team: platform,", "docs.acme.example/mcp,      team: edge,"),
    ("      - notify: sun\n      - {notify: backup, after: 5m}\n", "      - notify: sun\n"),
    ("raise_after: 30m ", "raise_after: 45m "),
    ("alert_after: 3m}", "alert_after: 4m}"),
    ("pages_through: [opsgenie, pagerduty]", "pages_through: pagerduty"),
    ("leave:\n", "leave:\n  - {person: hana, from: 2026-12-01, to: 2026-12-04, cover: ivo}\n"),
    ("            since: 2027-04-05 ", "            since: 2027-03-29 "),
    ("            only: 09:00-17:00\n", "            only: 10:00-17:00\n"),
)

LIVE = Live(
    ("pagerduty",),
    (Drift("pagerduty", Change("delete", Resource("pagerduty:Team", "data", {"name": "Data"}), None), at=NOW),),
    (ByHand("pagerduty", ScheduleRef("data", "primary"), "Data primary", "UTC", NOW, NOW, "Zed"),),
    (Obstacle("user-missing", "pagerduty", "Zed has no user", "invite them"),),
)


def everything(tmp_path: Path) -> dict[str, Any]:
    text = (ROOT / "inventory.yaml").read_text(encoding="utf-8")
    base = check_inventory(ROOT / "inventory.yaml", NOW)
    for old, new in EDITS:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
    head = check_inventory(tmp_path / "inventory.yaml", NOW)
    accepted = tuple(each for each in head.problems if each.severity == "notice")
    found = preview(Side(base.inventory, base.problems), Side(head.inventory, accepted), NOW)
    return json.loads(json.dumps(as_data(with_live(found, LIVE, {}))))


def keys(data: Any, path: str = "") -> set[str]:
    if isinstance(data, list):
        return {path}.union(*(keys(each, f"{path}[]") for each in data))
    if not isinstance(data, dict):
        return {path}
    found: set[str] = set()
    for key, value in data.items():
        found |= keys(value, f"{path}.{'VENDOR' if path == 'objects' else key}".lstrip("."))
    return found | ({path} if path else set())


def documented(path: str) -> bool:
    """Whether a key is named with its whole path, or by itself in the row of what it belongs to."""
    if f"`{path}`" in DOC or f"`{path}[]`" in DOC:
        return True
    above, _, last = path.rpartition(".")
    rows = [line for line in DOC.splitlines() if f"`{above}`" in line.partition(" | ")[0]]
    return any(f"`{last}`" in row for row in rows)


def test_every_key_is_documented_and_what_is_documented_comes(tmp_path: Path) -> None:
    data = everything(tmp_path)
    found = {path.rstrip("[]") for path in keys(data)}  # of lists of plain values nothing more is said

    assert f"`version` is {VERSION}" in DOC
    same = {path.replace("later[]", "shifts[]").replace("fixed", "new").replace("won[]", "lost[]") for path in found}
    leaves = [path for path in sorted(same) if not any(other.startswith(f"{path}.") for other in same)]
    assert [path for path in leaves if not documented(path)] == []
    whole = {path.rstrip("[]") for path in re.findall(r"`([a-z]+[\[.][^`]*)`", DOC)}
    assert whole - found == set()

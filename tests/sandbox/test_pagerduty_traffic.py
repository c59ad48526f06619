"""The requests a recording of the official plugin holds are taken, with the status it was answered with there."""

import json
from pathlib import Path
from typing import Any

import pytest

REFERENCE = Path(__file__).parents[2] / ".." / "shared" / "reference"
# The stub behind the recording answered 201; the published document says 200.
PUBLISHED = {("POST", "/webhook_subscriptions"): 200}


def recorded(name: str) -> list[dict[str, Any]]:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip("the recording of the official plugin is not part of the repository")
    lines = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [line for line in lines if "mark" not in line]


def entity(answer: Any) -> dict[str, Any]:
    """The one object an answer wraps, or nothing."""
    if isinstance(answer, dict) and len(answer) == 1:
        (value,) = answer.values()
        return value if isinstance(value, dict) else {}
    return {}


def given_ids(theirs: Any, ours: Any) -> dict[str, str]:
    """The ids that a recorded answer to a create or update gave out, with ours for the same objects."""
    one, other = entity(theirs), entity(ours)
    found = {one["id"]: other["id"]} if "id" in one and "id" in other else {}
    by_name = {layer["name"]: layer for layer in reversed(other.get("schedule_layers") or [])}
    for layer in one.get("schedule_layers") or []:
        if layer["name"] in by_name:
            found.setdefault(layer["id"], by_name[layer["name"]]["id"])
    return found


@pytest.mark.parametrize("name", ["pagerduty-plugin-traffic.jsonl", "pagerduty-plugin-traffic-2.jsonl"])
def test_what_the_official_plugin_sends_is_taken(pagerduty, name: str) -> None:
    lines = recorded(name)
    ids = {f"PUSER{number}": pagerduty.user(f"u{number}") for number in range(3)}
    # The recording's own instant: its layers begin in 2026-10 and 2026-11.
    pagerduty.move_to("2026-11-21T12:10:00+00:00")
    pagerduty.sandbox.seed({"pagerduty": {"switches": {"early_access_needed": True}}})
    for line in lines:
        text = json.dumps({"path": line["path"], "body": line["body"]})
        for theirs, ours in ids.items():
            text = text.replace(theirs, ours)
        request = json.loads(text)
        headers = {name: text for name, text in line["headers"].items() if name != "Authorization"}
        answer = pagerduty.http.request(line["method"], request["path"], headers=headers, json=request["body"])
        expected = PUBLISHED.get((line["method"], line["path"]), line["status"])
        assert (line["method"], line["path"], answer.status_code) == (line["method"], line["path"], expected)
        if line["method"] in ("POST", "PUT") and answer.content:
            for theirs, ours in given_ids(line["response"], answer.json()).items():
                ids.setdefault(theirs, ours)
    account = pagerduty.account
    left = (account.shift_schedules, account.windows, account.subscriptions, account.orchestrations)
    assert left == ({}, {}, {}, {})
    state = pagerduty.sandbox.state()["pagerduty"]["account"]
    assert state == state | {"teams": 0, "schedules": 0, "escalation policies": 0, "services": 0}

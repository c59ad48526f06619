"""Every request of the recordings of the official plugin, answered so that the plugin can go on from the answer.

terraform-provider-pagerduty is the code inside the plugin: it sends the same.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

RECORDINGS = Path(__file__).parents[1] / "standin"


def recorded(number: int) -> list[dict[str, Any]]:
    lines = (RECORDINGS / f"recording_{number}.jsonl").read_text().splitlines()
    return [entry for entry in map(json.loads, lines) if "mark" not in entry]


def inside(answer: Any) -> dict[str, Any]:
    """The one object an answer wraps, or nothing."""
    values = list(answer.values()) if isinstance(answer, dict) else []
    return values[0] if len(values) == 1 and isinstance(values[0], dict) else {}


def new_ids(theirs: Any, ours: Any) -> dict[str, str]:
    """Ids that a recorded answer gave out, and ours in their place; layers come the other way round (see below)."""
    one, other = inside(theirs), inside(ours)
    found = {one["id"]: other["id"]} if one.get("id") else {}
    layers = zip(one.get("schedule_layers") or [], (other.get("schedule_layers") or [])[::-1], strict=False)
    return found | {their["id"]: our["id"] for their, our in layers}


def instant(value: Any) -> datetime | None:
    """The moment a text means, in RFC 3339 or in Go's print form."""
    try:
        return datetime.fromisoformat(value.replace(" +0000 UTC", "Z"))
    except (AttributeError, ValueError):
        return None


def differences(sent: Any, got: Any, where: str = "") -> list[str]:
    """What of a body an answer does not give back: each would be a difference in the provider's next plan."""
    if isinstance(sent, dict):
        if set(sent) == {"id", "type"}:  # a reference: the plugin keeps its id alone
            return [] if isinstance(got, dict) and got.get("id") == sent["id"] else [f"{where}: {got}"]
        got = got if isinstance(got, dict) else {}
        return [line for key, value in sent.items() for line in differences(value, got.get(key), f"{where}.{key}")]
    if isinstance(sent, list):
        got = got if isinstance(got, list) else []
        wrong = [] if len(sent) == len(got) else [f"{where}: {len(got)} items for {len(sent)}"]
        pairs = enumerate(zip(sent, got, strict=False))
        return wrong + [line for index, (one, two) in pairs for line in differences(one, two, f"{where}[{index}]")]
    same = sent == got or (sent in (None, "") and not got) or (instant(sent) and instant(sent) == instant(got))
    return [] if same else [f"{where}: {got!r} for {sent!r}"]


def comparable(body: Any, now: datetime) -> Any:
    """A body without what no read gives back: layers that are over, and what a rule's struct holds but never means."""
    one = {key: value for key, value in inside(body).items() if key not in ("created_at", "rotations")}
    if isinstance(one.get("contact_method"), dict):
        one["contact_method"] = {"type": one["contact_method"]["type"]}
    if "schedule_layers" in one:
        ends = [(layer, instant(layer["end"])) for layer in one["schedule_layers"]]
        one["schedule_layers"] = [layer for layer, end in ends if end is None or end > now][::-1]
        # A start in the past is moved to now, and the provider overlooks it.
        past = [layer for layer in one["schedule_layers"] if instant(layer["start"]) <= now]
        one["schedule_layers"] = [
            {key: value for key, value in layer.items() if key != "start"} if layer in past else layer
            for layer in one["schedule_layers"]
        ]
    return one


def read_back(entity: dict[str, Any], now: datetime) -> dict[str, Any]:
    """An object of an answer as the provider keeps it: without layers that are over."""
    layers = entity.get("schedule_layers")
    if layers is None:
        return entity
    ends = [(layer, instant(layer["end"])) for layer in layers]
    return {**entity, "schedule_layers": [layer for layer, end in ends if end is None or end > now]}


@pytest.mark.parametrize("number", [1, 2])
def test_the_recorded_requests_are_answered_as_the_plugin_needs(account, sandbox, number):
    ids = {f"PUSER{index}": user for index, user in enumerate(account.users)}
    written: dict[str, Any] = {}
    for entry in recorded(number):
        text = json.dumps({"path": entry["path"], "body": entry.get("body")})
        for theirs, ours in ids.items():
            text = text.replace(theirs, ours)
        path, body = json.loads(text).values()
        client = account.sdk if entry["half"] == "0.11+compatible" else account.framework
        more = (body,) if "body" in entry else ()
        exact = entry["status"] if path.startswith("/v3/") else None  # elsewhere any 2xx will do
        answer = client.call(entry["method"], path, *more, status=exact)
        place, now = path.split("?")[0], sandbox.core.clock.now()
        if entry["method"] in ("POST", "PUT") and answer:
            ids |= {theirs: ours for theirs, ours in new_ids(entry["answer"], answer).items() if theirs not in ids}
            if inside(body):
                written[f"{place}/{inside(answer)['id']}" if entry["method"] == "POST" else place] = body
                assert differences(comparable(body, now), read_back(inside(answer), now)) == []
        if entry["method"] == "GET" and place in written:
            assert differences(comparable(written[place], now), read_back(inside(answer), now)) == []
            check_needs(place, inside(answer))
            events = [event for rotation in inside(answer).get("rotations") or [] for event in rotation["events"]]
            for event in events:
                (sent,) = [written[key] for key in written if key.endswith(f"/events/{event['id']}")]
                assert differences(sent["event"], event) == []


def check_needs(path: str, one: dict[str, Any]) -> None:
    """What the plugin fails or panics without."""
    kind = path.split("/")[-2]
    assert one["id"]
    if kind == "schedules" and not path.startswith("/v3"):
        assert isinstance(one["final_schedule"], dict)
        assert all(instant(layer["rotation_virtual_start"]).tzinfo for layer in one["schedule_layers"])
        assert " UTC" not in json.dumps(one["schedule_layers"])
        assert isinstance(one["escalation_policies"], list)
        assert isinstance(one["users"], list)
    if kind == "services":
        assert one["escalation_policy"]["id"]
        assert None not in (one.get("scheduled_actions") or [])
    if kind == "integrations":
        assert len(one["integration_key"]) == 32
        assert not one.get("vendor")
    if kind == "notification_rules":
        assert not one["contact_method"]["type"].endswith("_reference")
    if kind == "escalation_policies":
        assert all(rule["id"] for rule in one["escalation_rules"])
        assert all(rule["escalation_rule_assignment_strategy"]["type"] for rule in one["escalation_rules"])

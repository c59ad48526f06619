"""What a check says about wrong inputs, and what it fills in."""

import pytest

from oncall.provider.convert import UNKNOWN

START = "2026-12-07T08:00:00Z"
ANA = {"type": "user", "username": "ana@acme.example"}
ROTATION = {"scheduleId": "s", "name": "weekly", "startDate": START, "type": "weekly", "participants": [ANA]}
HOURS = {"startHour": 9, "endHour": 17}
ESCALATION = {"name": "Edge", "ownerTeamId": "t", "rules": [{"delay": 0, "recipient": ANA}]}
RULE = {"teamId": "t", "name": "critical", "notify": {"type": "none"}}
HEARTBEAT = {"name": "weather", "interval": 3, "intervalUnit": "minutes"}
BUNDLE = {"directory": "build", "files": {}, "keys": {}}
CONDITION = {"field": "priority", "operation": "equals", "expectedValue": "P1"}

WRONG = {
    "a required property": ("opsgenie:Team", {}, "name: is required"),
    "an unknown property": ("opsgenie:Team", {"nmae": "x", "name": "x"}, "nmae: no such property (did you mean name?)"),
    "characters": (
        "opsgenie:Team",
        {"name": "Edge/EU"},
        "name: 'Edge/EU' must be made of letters, digits, spaces, _ . and - only",
    ),
    "a long name": ("opsgenie:Team", {"name": "x" * 101}, "name: has 101 characters; at most 100 are allowed"),
    "an empty name": ("opsgenie:Team", {"name": ""}, "name: must not be empty"),
    "a nested choice": (
        "opsgenie:Rotation",
        ROTATION | {"participants": [{"type": "usr", "username": "a@b.c"}]},
        "participants[0].type: 'usr' is none of user, none, team, escalation (did you mean user?)",
    ),
    "a mapping for a list": (
        "opsgenie:Rotation",
        ROTATION | {"participants": {}},
        "participants: must be a list, not a mapping",
    ),
    "an address": (
        "opsgenie:User",
        {"username": "ana", "fullName": "Ana"},
        "username: 'ana' must be an e-mail address",
    ),
    "a minute OpsGenie would move": (
        "opsgenie:Rotation",
        ROTATION | {"startDate": "2026-12-07T08:15:00Z"},
        "startDate: '2026-12-07T08:15:00Z' must be at minute 0 or 30 of the hour: OpsGenie would move it",
    ),
    "seconds": (
        "opsgenie:Rotation",
        ROTATION | {"endDate": "2026-12-08T08:00:05Z"},
        "endDate: '2026-12-08T08:00:05Z' must be at minute 0 or 30 of the hour: OpsGenie would move it",
    ),
    "a date without a zone": (
        "opsgenie:Rotation",
        ROTATION | {"startDate": "2026-12-07T08:00:00"},
        "startDate: '2026-12-07T08:00:00' must be a date with its zone, like 2026-12-07T08:00:00Z",
    ),
    "an end before the start": (
        "opsgenie:Rotation",
        ROTATION | {"endDate": START},
        f"endDate: '{START}' must be after startDate '{START}'",
    ),
    "a fraction": ("opsgenie:Rotation", ROTATION | {"length": 1.5}, "length: must be a whole number, not a fraction"),
    "nobody at all": (
        "opsgenie:Rotation",
        ROTATION | {"participants": []},
        "participants: must have at least 1 item",
    ),
    "a user without a name": (
        "opsgenie:Rotation",
        ROTATION | {"participants": [{"type": "user"}]},
        "participants[0].username: is required for type user",
    ),
    "nobody with a name": (
        "opsgenie:Rotation",
        ROTATION | {"participants": [{"type": "none", "id": "x"}]},
        "participants[0].id: is not allowed for type none",
    ),
    "a restriction of the other form": (
        "opsgenie:Rotation",
        ROTATION | {"timeRestriction": {"type": "weekday-and-time-of-day", "restriction": HOURS}},
        "timeRestriction.restrictions: is required for type weekday-and-time-of-day",
    ),
    "an hour of no day": (
        "opsgenie:Rotation",
        ROTATION | {"timeRestriction": {"type": "time-of-day", "restriction": HOURS | {"endHour": 24}}},
        "timeRestriction.restriction.endHour: 24 must be at least 0 and at most 23",
    ),
    "a recipient": (
        "opsgenie:Escalation",
        ESCALATION | {"rules": [{"delay": 0, "recipient": {"type": "schedule"}}]},
        "rules[0].recipient.id: is required for type schedule",
    ),
    "a negative delay": (
        "opsgenie:Escalation",
        ESCALATION | {"rules": [{"delay": -1, "recipient": ANA}]},
        "rules[0].delay: -1 must be at least 0",
    ),
    "no wait before a repeat": (
        "opsgenie:Escalation",
        ESCALATION | {"repeat": {"waitInterval": 0}},
        "repeat.waitInterval: 0 must be at least 1",
    ),
    "conditions that nothing uses": (
        "opsgenie:RoutingRule",
        RULE | {"criteria": {"type": "match-all", "conditions": [CONDITION]}},
        "criteria.conditions: conditions are not allowed for type match-all",
    ),
    "no conditions": (
        "opsgenie:RoutingRule",
        RULE | {"criteria": {"type": "match-any-condition"}},
        "criteria.conditions: at least one condition is needed for type match-any-condition",
    ),
    "a choosy default rule": (
        "opsgenie:RoutingRule",
        RULE | {"isDefault": True, "criteria": {"type": "match-all-conditions", "conditions": [CONDITION]}},
        "criteria: the default rule matches every alert: leave the criteria out",
    ),
    "a space in a heartbeat": (
        "opsgenie:Heartbeat",
        HEARTBEAT | {"name": "my beat"},
        "name: 'my beat' must be made of letters, digits, _ . and - only",
    ),
    "too many tags": (
        "opsgenie:Heartbeat",
        HEARTBEAT | {"alertTags": [str(tag) for tag in range(21)]},
        "alertTags: has 21 items; at most 20 are allowed",
    ),
    "a tag twice": ("opsgenie:Heartbeat", HEARTBEAT | {"alertTags": ["a", "a"]}, "alertTags: has the same tag twice"),
    "a path out of the directory": (
        "bridge:Bundle",
        BUNDLE | {"files": {"../x": ""}},
        'files["../x"]: must be a plain relative path inside the directory',
    ),
    "an absolute path": (
        "bridge:Bundle",
        BUNDLE | {"files": {"/etc/x": ""}},
        'files["/etc/x"]: must be a plain relative path inside the directory',
    ),
    "the bundle's own file": (
        "bridge:Bundle",
        BUNDLE | {"files": {"secrets.json": ""}},
        'files["secrets.json"]: is a name the bundle needs for itself',
    ),
    "a key too long for any secret": (
        "bridge:Bundle",
        BUNDLE | {"keys": {"k": "x" * 5000}},
        'keys: the key "k" takes more than 4900 bytes',
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_inputs_are_told_with_their_path_in_plain_words(plugin, name):
    kind, inputs, expected = WRONG[name]

    assert expected in plugin.check(kind, inputs)["failures"]


def test_everything_wrong_is_told_at_once(plugin):
    inputs = {"name": "x" * 101, "interval": 0, "intervalUnit": "weeks", "colour": "red"}

    assert len(plugin.check("opsgenie:Heartbeat", inputs)["failures"]) == 4


@pytest.mark.parametrize("secret", ["undefined", "null", "changeme", "short", "a" * 32, "with a space in it 0123"])
def test_a_weak_webhook_secret_is_refused_and_not_shown(plugin, secret):
    failures = plugin.check("bridge:Bundle", BUNDLE | {"webhookSecret": secret})["failures"]

    assert len(failures) == 1
    assert failures[0].startswith("webhookSecret: ")
    assert repr(secret) not in failures[0]


def test_defaults_are_filled_in_down_to_nested_records(plugin):
    rule = plugin.check("opsgenie:Escalation", ESCALATION)["rules"][0]

    assert rule == {"condition": "if-not-acked", "delay": 0, "notifyType": "default", "recipient": ANA}


def test_lists_default_to_empty_ones(plugin):
    assert plugin.check("opsgenie:Heartbeat", HEARTBEAT)["alertTags"] == []


def test_a_right_program_passes_with_unknown_ids(plugin):
    inputs = ESCALATION | {"ownerTeamId": UNKNOWN, "rules": [{"delay": 0, "recipient": UNKNOWN}]}

    assert plugin.check("opsgenie:Escalation", inputs)["ownerTeamId"] is UNKNOWN


@pytest.mark.parametrize(
    "kind, inputs",
    [
        ("opsgenie:Rotation", ROTATION | {"participants": "?", "timeRestriction": "?"}),
        ("opsgenie:Escalation", ESCALATION | {"rules": "?"}),
        ("opsgenie:RoutingRule", RULE | {"notify": "?", "criteria": "?", "isDefault": "?"}),
        ("opsgenie:Heartbeat", HEARTBEAT | {"alertTags": "?"}),
        ("bridge:Bundle", {"directory": "?", "files": "?", "keys": "?", "webhookSecret": "?"}),
    ],
)
def test_properties_unknown_as_a_whole_pass(plugin, kind, inputs):
    unknown = {name: UNKNOWN if value == "?" else value for name, value in inputs.items()}

    assert "failures" not in plugin.check(kind, unknown)

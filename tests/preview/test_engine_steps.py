"""What an edit means beside what the engine would do: where they agree, and every way in which they don't."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall.cli.load import check_document
from oncall.model import Inventory
from oncall.preview.compute import preview
from oncall.preview.data import as_data
from oncall.preview.engine_steps import NoStepsError, compare, steps_of, with_engine
from oncall.preview.markdown import NOTHING, markdown
from oncall.preview.model import Preview, Side
from oncall.preview.report import report
from oncall.source import read

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BASE = (Path(__file__).parents[1] / "e2e" / "inventory.yaml").read_text()
POLICY = ("pagerduty:EscalationPolicy", "platform/internal")
OTHER_POLICY = ("pagerduty:EscalationPolicy", "platform/author")
ROTATION = ("opsgenie:Rotation", "search/primary/weekly/2026-10-05")
HEARTBEAT = ("opsgenie:Heartbeat", "query-mcp")
SERVICE = ("pagerduty:Service", "platform/internal")
KEY = ("pagerduty:ServiceIntegration", "pagerduty/platform/internal")
NEVER = "an earlier edit that was never applied"
LATER = ("- {notify: bo, after: 5m}", "- {notify: bo, after: 7m}")
PING = ("    heartbeat: {ping_every: 1m, alert_after: 5m}\n", "")


def inventory(*edits: tuple[str, str]) -> Inventory:
    text = BASE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return check_document(read([("inventory.yaml", text.encode())]), NOW).inventory


def edited(*edits: tuple[str, str]) -> tuple[Preview, Inventory, Inventory]:
    base, head = inventory(), inventory(*edits)
    return preview(Side(base), Side(head), NOW), base, head


def told(run) -> list[tuple[str, str | None, str | None, str]]:
    return [(one.title, one.edit, one.engine, one.why) for one in run.differences]


def test_it_agrees_where_it_changes_the_same() -> None:
    found = with_engine(*edited(LATER), {POLICY: "update", OTHER_POLICY: "update"})

    assert found.engine is not None
    assert (found.engine.agrees, found.engine.counts) == (True, {"pagerduty": {"update": 2}})
    assert "engine" not in found.verdict
    section = report(found).sections[-2]
    assert (section.title, section.rows) == ("The engine agrees", (("PagerDuty", "2 changed"),))


def test_it_agrees_that_nothing_changes() -> None:
    found = with_engine(*edited(), {})

    assert (found.verdict, found.exit_code) == ("nothing changes", 0)
    assert report(found).sections[0].rows == (("nothing",),)
    assert NOTHING in markdown(report(found))


def test_a_change_that_makes_an_object_anew_is_named() -> None:
    found = with_engine(*edited(LATER), {POLICY: "replace", OTHER_POLICY: "update"})

    assert found.engine is not None
    assert found.engine.agrees
    (section,) = (one for one in report(found).sections if one.title == "The engine agrees")
    assert section.rows == (("PagerDuty", "1 changed, 1 made anew (escalation policy Platform internal)"),)


def test_what_it_would_change_besides_was_never_applied() -> None:
    run = compare(*edited(LATER), {POLICY: "update", OTHER_POLICY: "update", ROTATION: "update", HEARTBEAT: "create"})

    assert told(run) == [
        ("heartbeat query-mcp", None, "create", NEVER),
        (
            "rotation of search/primary, weekly from 2026-10-05",
            None,
            "update",
            "an earlier edit that was never applied",
        ),
    ]


def test_what_only_a_look_at_the_accounts_shows_was_done_by_hand() -> None:
    steps = {POLICY: "update", ROTATION: "update", HEARTBEAT: "create"}
    run = compare(*edited(), steps, {POLICY: "update"})

    assert {one.title: one.why for one in run.differences} == {
        "escalation policy Platform internal": "an earlier edit that was never applied",
        "rotation of search/primary, weekly from 2026-10-05": "changed there by hand",
        "heartbeat query-mcp": "deleted there by hand",
    }


def test_what_the_inventories_know_nothing_of() -> None:
    gone = ("opsgenie:NotificationPolicy", "old/held")
    run = compare(*edited(), {gone: "delete"}, {gone: "delete"})

    assert told(run) == [
        (
            "notification policy old/held",
            None,
            "delete",
            "an earlier edit that was never applied, or it is over",
        )
    ]


def test_what_refers_to_something_made_anew_follows() -> None:
    steps = {SERVICE: "replace", KEY: "replace"}
    run = compare(*edited(), steps, steps)

    assert told(run) == [
        ("service Platform internal", None, "replace", NEVER),
        ("key of platform/internal", None, "replace", "follows: service Platform internal is made anew"),
    ]


def test_what_is_done_already() -> None:
    run = compare(*edited(LATER, PING), {POLICY: "update"}, {POLICY: "update"})

    why = "done already: applied before, or by hand"
    assert told(run) == [
        ("escalation policy Platform author", "update", None, why),
        ("heartbeat query-mcp", "delete", None, why),
    ]


def test_what_is_there_otherwise_and_what_is_not_there_at_all() -> None:
    head, base = inventory(), inventory(PING)
    found = preview(Side(base), Side(head), NOW)

    run = compare(found, base, head, {HEARTBEAT: "update"})
    assert told(run) == [("heartbeat query-mcp", "create", "update", "it is there already, but otherwise")]
    run = compare(*edited(LATER), {POLICY: "create", OTHER_POLICY: "update"}, {POLICY: "update"})
    assert told(run) == [("escalation policy Platform internal", "update", "create", "deleted there by hand")]


def test_another_key_is_no_step_of_the_engine() -> None:
    words = (
        ("\n  search:\n    name: Search\n", "\n  find:\n    name: Search\n    formerly: [search]\n"),
        ("    team: search\n", "    team: find\n"),
    )
    found, base, head = edited(*words)
    silent = [one for one in found.objects["opsgenie"] if one.action == "rekey" and not one.fields]
    loud = {(one.resource.kind, one.resource.key): "update" for one in found.objects["opsgenie"] if one.fields}

    assert silent
    assert compare(found, base, head, loud).agrees
    place = (silent[0].resource.kind, silent[0].resource.key)
    assert not compare(found, base, head, {**loud, place: "update"}).agrees


@pytest.mark.parametrize(
    ("edits", "steps", "said"),
    [
        ((), {ROTATION: "update"}, "this edit changes nothing; the engine would also change 1 object"),
        ((LATER,), {POLICY: "update"}, "; the engine differs on 1 object"),
    ],
)
def test_the_first_line_says_where_they_differ(edits, steps, said) -> None:
    found = with_engine(*edited(*edits), steps, steps)

    assert found.verdict.endswith(said)
    assert "Where the engine does not agree" in [one.title for one in report(found).sections]
    assert NOTHING not in markdown(report(found))
    assert found.exit_code == (2 if edits else 0)


def test_in_the_json() -> None:
    said = as_data(with_engine(*edited(), {SERVICE: "replace"}, {}))["engine"]

    assert said == {
        "agrees": False,
        "counts": {"pagerduty": {"replace": 1}},
        "made_anew": [{"vendor": "pagerduty", "object": "service Platform internal"}],
        "differences": [
            {
                "vendor": "pagerduty",
                "object": "service Platform internal",
                "edit": None,
                "engine": "made anew",
                "why": "changed there by hand",
            }
        ],
    }


def step(op: str, types: str, name: str, **more: object) -> dict[str, object]:
    return {"op": op, "urn": f"urn:pulumi:prod::oncall-as-code::{types}::{name}", **more}


def test_steps_are_read_by_what_type_and_name_alone() -> None:
    team = "oncall:components:PagerDutyTeam"
    document = {
        "steps": [
            step("same", "pulumi:pulumi:Stack", "oncall-as-code-prod"),
            step("create", team, "web"),
            step("update", "pulumi:providers:pagerduty", "pagerduty", newState={"inputs": {"token": "planted"}}),
            step("refresh", f"{team}$pagerduty:index/team:Team", "web"),
            step("update", f"{team}$pagerduty:index/team:Team", "web"),
            step("create-replacement", f"{team}$pagerduty:index/schedule:Schedule", "web/a::b"),
            step("replace", f"{team}$pagerduty:index/schedule:Schedule", "web/a::b"),
            step("delete-replaced", f"{team}$pagerduty:index/schedule:Schedule", "web/a::b"),
            step("delete", f"{team}$oncall:pagerduty:ScheduleOverride", "web/x"),
            step("create", "oncall:components:OpsGenieTeam$oncall:opsgenie:Team", "data"),
            step("update", "oncall:components:Bridge$oncall:bridge:Bundle", "bridge"),
        ]
    }

    assert steps_of(document) == {
        ("pagerduty:Team", "web"): "update",
        ("pagerduty:Schedule", "web/a::b"): "replace",
        ("pagerduty:ScheduleOverride", "web/x"): "delete",
        ("opsgenie:Team", "data"): "create",
    }


@pytest.mark.parametrize("document", [None, [], {}, {"steps": {}}, {"steps": ["x"]}, {"steps": [{"op": 1, "urn": ""}]}])
def test_what_is_no_preview_of_the_engine(document: object) -> None:
    with pytest.raises(NoStepsError):
        steps_of(document)

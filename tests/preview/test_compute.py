"""What edits of the sample inventory mean."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall.cli.load import check_inventory
from oncall.preview.compute import preview
from oncall.preview.model import Preview, Side

SAMPLE = Path(__file__).resolve().parents[2] / "inventory.yaml"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def side(path: Path) -> Side:
    checked = check_inventory(path, NOW)
    return Side(checked.inventory, checked.problems)


@pytest.fixture
def edited(tmp_path: Path):
    """The preview of the sample with some of its text replaced."""

    def make(*edits: tuple[str, str], accepted: dict[str, str] | None = None) -> Preview:
        text = SAMPLE.read_text()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        head = tmp_path / "inventory.yaml"
        head.write_text(text)
        return preview(side(SAMPLE), side(head), NOW, accepted=accepted)

    return make


def test_nothing_changed_is_nothing_and_so_is_a_comment(edited) -> None:
    for found in (edited(), edited(("organization: Acme", "# who we are\norganization: Acme"))):
        assert (found.verdict, found.empty, found.exit_code) == ("nothing changes", True, 0)


def test_another_order_of_a_line_up_is_told_in_people_and_hours(edited) -> None:
    found = edited(("people: [pia, olu]", "people: [olu, pia]"))

    assert found.verdict == "2 people's shifts change; nothing left uncovered"
    assert [(f"{one.start:%d %b %H}", one.before, one.after) for one in found.shifts] == [
        ("02 Dec 15", ("pia",), ("olu",)),
        ("09 Dec 15", ("olu",), ("pia",)),
        ("16 Dec 15", ("pia",), ("olu",)),
    ]
    (edit,) = found.edits
    assert (edit.name, edit.first_change) == ("Data primary", datetime(2026, 12, 2, 15, tzinfo=UTC))
    assert [(each.action, each.resource.kind) for each in found.objects["pagerduty"]] == [
        ("update", "pagerduty:Schedule")
    ]


def test_a_server_that_changes_hands_and_an_escalation_told_otherwise(edited) -> None:
    found = edited(
        ("https://mcp.maps.example/mcp,       team: data", "https://mcp.maps.example/mcp,       team: platform"),
        ("{notify: secondary, after: 5m}", "{notify: secondary, after: 7m}"),
    )

    assert found.verdict == "1 server changes hands; 1 team is told in other steps; nothing left uncovered"
    (route,) = found.routes
    assert route.before
    assert route.after
    assert (route.server, route.before.team_name, route.after.team_name) == ("maps-mcp", "Data", "Platform")
    assert found.escalations[0].after == (
        "primary at once; secondary after 7m; Dee Ruiz after 10m; twice more, 20m after it began"
    )


def test_a_team_that_leaves_a_vendor_is_stopped_unless_that_is_accepted(edited) -> None:
    edit = ("pages_through: [opsgenie, pagerduty]", "pages_through: pagerduty")
    found = edited(edit)
    assert ({stop.rule for stop in found.stops}, found.exit_code) == ({"key-replaced", "leaves-vendor"}, 3)

    accepted = edited(edit, accepted={"key-replaced": "the bridge is rebuilt", "leaves-vendor": "the move is over"})
    assert (accepted.exit_code, "guard" in accepted.verdict) == (2, False)


def test_a_head_that_is_wrong_shows_what_is_wrong(edited) -> None:
    found = edited(("{notify: secondary, after: 5m}", "{notify: nobody-knows, after: 5m}"))

    assert (found.exit_code, found.verdict) == (1, "this can't be applied: 1 problem")
    assert [problem.rule for problem in found.new_problems] == ["unknown-recipient"]


def test_without_a_base_everything_is_new_and_nothing_is_guarded() -> None:
    found = preview(Side(None), side(SAMPLE), NOW)

    assert found.exit_code == 2
    assert not found.stops
    assert {change.action for changes in found.objects.values() for change in changes} == {"create"}
    assert {one.before for one in found.shifts} == {()}

"""A team whose PagerDuty schedules are kept as shifts, with the real engine: made, edited while it runs, left alone.

Every test begins where the one before ended. What counts is whom the account itself has on call.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncall.cli.engine import Engine
from oncall.cli.instants import parse_instant
from oncall.cli.load import load_inventory
from oncall.cli.local_sandbox import Sandbox, known_users, running_sandbox
from oncall.model.escalation import ScheduleRef
from oncall.shifts.intervals import Intervals, merge
from oncall.shifts.rota import Rota
from tests.e2e.conftest import ROOT
from tests.e2e.test_quiet import touched

pytestmark = pytest.mark.e2e

NOW = "2026-11-21T12:00:00Z"
TOKEN = {"Authorization": "Token token=sandbox-token-pdpdpd"}
OF_SHIFTS = ScheduleRef("platform", "primary")
WEEK, WEEKS = timedelta(weeks=1), timedelta(weeks=20)
# Our own plugin goes by the real clock: far enough ahead not to be over whenever this runs.
OVERRIDDEN = datetime(2099, 2, 27, tzinfo=UTC)
INVENTORY = """\
organization: Acme
time_zone: UTC
people:
  ana: {name: Ana Petrova, email: ana@acme.example}
  bo: {name: Bo Lind, email: bo@acme.example}
  cy: {name: Cy Okafor, email: cy@acme.example}
tiers:
  internal: {severity: critical}
teams:
  platform:
    name: Platform
    pages_through: pagerduty
    pagerduty: {schedules: shifts}
    members: [ana, bo, cy]
    schedules:
      primary:
        rotations:
          weekly: {people: [ana, bo], turn: 1 week, hand_off: Mon 09:00, since: 2026-10-05}
          office: {people: [cy, bo], turn: 1 day, hand_off: "08:00", since: 2026-10-05, only: Mon-Fri 08:00-18:00}
    escalation:
      - notify: primary
servers:
  weather-mcp: {name: Weather, url: https://weather.acme.example/mcp, team: platform, tier: internal}
bridge: {fallback: platform}
"""
WEEKLY = "weekly: {people: [ana, bo], turn: 1 week, hand_off: Mon 09:00, since: 2026-10-05}"


@dataclass
class Account:
    """The stack, its file, and the account's own answers."""

    engine: Engine
    sandbox: Sandbox
    inventory: Path

    def edit(self, old: str, new: str) -> None:
        text = self.inventory.read_text()
        assert text.count(old) == 1
        self.inventory.write_text(text.replace(old, new))

    def get(self, path: str, **query: str) -> Any:
        url = self.sandbox.pagerduty + path
        return httpx.get(url, params=query, headers=TOKEN, trust_env=False).raise_for_status().json()

    def wait(self, until: str) -> None:
        """Let time pass for the account and for the program."""
        url = f"{self.sandbox.page}/sandbox/clock"
        httpx.post(url, json={"now": until}, timeout=60, trust_env=False).raise_for_status()
        self.program_at(until)

    def program_at(self, instant: str) -> None:
        """Give the program another present."""
        text = self.engine.config_file.read_text()
        self.engine.config_file.write_text(re.sub(r'now: ".*"', f'now: "{instant}"', text))

    def soon(self) -> datetime:
        """A moment after all that a test does at once: the account's clock runs."""
        clock = httpx.get(f"{self.sandbox.page}/sandbox/clock", trust_env=False).raise_for_status().json()
        return parse_instant(clock["now"]).replace(microsecond=0) + timedelta(minutes=15)

    def held(self, since: datetime, until: datetime) -> dict[str, Intervals]:
        """Whom the account has on call between two instants."""
        names = {user["id"]: user["email"].partition("@")[0] for user in self.get("/users")["users"]}
        (row,) = self.get("/v3/schedules")["schedules"]
        window = {"since": since.isoformat(), "until": until.isoformat(), "include[]": "final_schedule"}
        final = self.get(f"/v3/schedules/{row['id']}", **window)["schedule"]["final_schedule"]
        found: dict[str, list[tuple[datetime, datetime]]] = {}
        for one in final["computed_shift_assignments"]:
            if one["member"]["type"] == "user_member":
                times = tuple(datetime.fromisoformat(one[name]) for name in ("start_time", "end_time"))
                found.setdefault(names[one["member"]["user_id"]], []).append(times)
        return {person: merge(parts) for person, parts in found.items()}

    def agrees(self, since: datetime | None = None, length: timedelta = WEEKS) -> bool:
        """Whether the account has on call whom the inventory says, from soon on for 20 weeks."""
        since = since or self.soon()
        return self.held(since, since + length) == self.said(since, since + length)

    def said(self, since: datetime, until: datetime) -> dict[str, Intervals]:
        """Whom the inventory has on call in the same time."""
        found: dict[str, list[tuple[datetime, datetime]]] = {}
        rota = Rota(load_inventory(self.inventory, since))
        for shift in rota.timeline(OF_SHIFTS, since, until).shifts:
            found.setdefault(shift.person, []).append((shift.start, shift.end))
        return {person: merge(parts) for person, parts in found.items()}


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    home = tmp_path_factory.mktemp("shifts")
    inventory = home / "inventory.yaml"
    inventory.write_text(INVENTORY)
    with running_sandbox("--now", NOW) as sandbox:
        sandbox.seed(known_users(load_inventory(inventory, parse_instant(NOW))))
        settings = (ROOT / "stacks" / "Pulumi.sandbox.yaml").read_text()
        settings = settings.replace("http://127.0.0.1:8911", sandbox.pagerduty)
        settings = settings.replace("http://127.0.0.1:8912", sandbox.opsgenie)
        settings += (
            f"  oncall-as-code:inventory: {inventory}\n"
            f"  oncall-as-code:bridgeDirectory: {home / 'bridge'}\n"
            f'  oncall-as-code:now: "{NOW}"\n'
        )
        engine = Engine(ROOT, home, settings)
        engine.start()
        yield Account(engine, sandbox, inventory)


def test_what_is_made_is_what_the_inventory_says_and_stays(account: Account) -> None:
    account.engine.up()

    assert account.agrees()
    assert account.engine.preview().changes == 0
    assert account.engine.refresh().changes == 0
    assert account.engine.preview().changes == 0


def test_the_escalation_policy_pages_who_is_on_call_there(account: Account) -> None:
    (oncall,) = account.get("/oncalls", **{"include[]": "users"})["oncalls"]

    assert oncall["user"]["email"] == "ana@acme.example"
    assert oncall["schedule"]["type"] == "schedule_v3_reference"


def test_overrides_put_their_person_on_call_and_stay(account: Account) -> None:
    account.inventory.write_text(
        account.inventory.read_text()
        + "overrides:\n  - {schedule: platform/primary, person: cy, from: 2099-03-01 20:00, to: 2099-03-03 08:30}\n"
    )

    account.engine.up()

    assert account.agrees(OVERRIDDEN, WEEK)
    assert account.engine.preview().changes == 0
    assert account.engine.refresh().changes == 0
    assert account.engine.preview().changes == 0


def test_a_running_shift_stays_when_the_line_up_after_it_changes(account: Account) -> None:
    until_then = (account.soon(), datetime(2026, 12, 7, 9, tzinfo=UTC))
    before = account.held(*until_then)
    next_line_up = "people: [bo, cy, ana], turn: 1 week, hand_off: Mon 09:00, since: 2026-12-07"

    account.edit(WEEKLY, f"weekly: {{{next_line_up}, before: {{people: [ana, bo], since: 2026-10-05}}}}")
    account.engine.up()

    assert account.held(*until_then) == before
    assert account.agrees()
    assert account.agrees(OVERRIDDEN, WEEK)
    assert account.engine.preview().changes == 0


def test_what_was_agreed_on_can_change_before_it_begins(account: Account) -> None:
    account.edit("people: [bo, cy, ana]", "people: [cy, bo]")
    account.engine.up()

    assert account.agrees()
    assert account.engine.preview().changes == 0


def test_a_day_later_nothing_is_to_be_done(account: Account) -> None:
    account.wait("2026-11-22T12:00:00Z")

    assert account.engine.preview().changes == 0


def test_a_year_later_only_the_line_up_that_is_over_is_let_go(account: Account) -> None:
    account.program_at("2027-11-22T12:00:00Z")
    try:
        assert touched(account.engine.preview().text) == ["~ pagerduty:index:Schedulev2 platform/primary"]
    finally:
        account.program_at("2026-11-22T12:00:00Z")


def test_a_line_up_that_is_over_by_then_is_no_hindrance_to_the_next_edit(account: Account) -> None:
    # Nobody ran the engine since: the account still has the event of the line-up that ended on 7 December.
    account.wait("2026-12-16T12:00:00Z")
    until_then = (account.soon(), datetime(2026, 12, 21, 9, tzinfo=UTC))
    before = account.held(*until_then)
    account.edit(
        "{people: [cy, bo], turn: 1 week, hand_off: Mon 09:00, since: 2026-12-07, "
        "before: {people: [ana, bo], since: 2026-10-05}}",
        "{people: [ana, cy], turn: 1 week, hand_off: Mon 09:00, since: 2026-12-21, "
        "before: {people: [cy, bo], since: 2026-12-07}}",
    )
    account.engine.up()

    assert account.held(*until_then) == before
    assert account.agrees()
    assert account.engine.preview().changes == 0


def test_once_a_line_up_is_over_only_its_rotation_goes(account: Account) -> None:
    account.wait("2026-12-22T12:00:00Z")
    year = (account.soon(), account.soon() + WEEKS)
    before = account.held(*year)
    seen = len(account.sandbox.journal())

    assert account.engine.up().counts.get("updated") == 1

    writes = [
        f"{one['method']} {re.sub('[A-Z0-9]{7,}', 'ID', one['path'])}"
        for one in account.sandbox.journal()[seen:]
        if one["method"] != "GET"
    ]
    assert writes == ["DELETE /v3/schedules/ID/rotations/ID"]
    assert account.held(*year) == before == account.said(*year)
    assert account.engine.preview().changes == 0


def test_the_same_schedule_can_be_kept_as_layers_again(account: Account) -> None:
    account.edit("pagerduty: {schedules: shifts}", "pagerduty: {schedules: layers}")
    account.engine.up()

    assert account.get("/v3/schedules")["schedules"] == []
    oncalls = account.get("/oncalls")["oncalls"]
    assert {one["schedule"]["type"] for one in oncalls} == {"schedule_reference"}
    assert account.engine.preview().changes == 0

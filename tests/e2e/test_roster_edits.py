"""Random roster edits through the real engine to both accounts: what they have on call is what was promised.

Every team has one rotation. In each round every team's is edited as `oncall rota` would, one `up` makes the accounts
agree, and the accounts' own renderings are asked: for the future, which is the inventory's, for the running shift,
which has not moved, and for the past.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import yaml

from oncall.cli.engine import Engine
from oncall.cli.load import check_document
from oncall.cli.local_sandbox import Sandbox, known_users, running_sandbox
from oncall.edits.refusal import Refusal
from oncall.edits.rota import plan
from oncall.edits.rota_orders import Remove
from oncall.edits.rota_outlook import outlook
from oncall.edits.rota_stage import Ask, Plan, RotationRef
from oncall.edits.rota_text import written
from oncall.model import Inventory
from oncall.shifts.intervals import Intervals, merge, subtract
from oncall.shifts.rota import Rota
from oncall.source import read
from oncall.source.writer import Files
from tests.e2e.conftest import ROOT
from tests.edits.conftest import NAIVE, PEOPLE, ZONES, rotations
from tests.edits.test_rota_promises import a_change

pytestmark = pytest.mark.e2e

SEED = 5
TEAMS = {"pagerduty": 8, "opsgenie": 8, "shifts": 4}
# Clocks change in Europe on 25 October and in America on 1 November. Plans are made some minutes before they apply.
ROUNDS = tuple(
    datetime.fromisoformat(f"{day}:50:00+00:00") for day in ("2026-10-22T11", "2026-10-29T21", "2026-11-10T04")
)
AHEAD = timedelta(minutes=9, seconds=30)
BACK, FORTH = timedelta(days=3), timedelta(weeks=9)
PAGERDUTY = {"Authorization": "Token token=sandbox-token-pdpdpd"}
OPSGENIE = {"Authorization": "GenieKey 11111111-2222-3333-4444-555555555555"}

Held = dict[str, Intervals]


def organisation(dice: Random) -> dict[str, Any]:
    """An inventory in the words of the file whose rotations both vendors can hold."""
    made: dict[str, Any] = {
        "organization": "Acme",
        "people": {
            key: {"name": key.title(), "email": f"{key}@acme.example", "phone": "+49 30 5550101"} for key in PEOPLE
        },
        "tiers": {"internal": {"severity": "critical"}},
        "teams": {},
        "servers": {},
    }
    for kind, count in TEAMS.items():
        for number in range(count):
            key = f"{kind}-{number}"
            while True:
                with_one = {**made, "teams": {key: team(dice, kind, key)}, "bridge": {"fallback": key}}
                checked = check(as_files(with_one))
                if not any(problem.severity != "notice" for problem in checked.problems):
                    break
            made["teams"] |= with_one["teams"]
    return made | {"bridge": {"fallback": "pagerduty-0"}}


def team(dice: Random, kind: str, key: str) -> dict[str, Any]:
    zone = "UTC" if kind == "shifts" else dice.choice(ZONES)
    return {
        "name": key.title(),
        "pages_through": "opsgenie" if kind == "opsgenie" else "pagerduty",
        "time_zone": zone,
        "members": list(PEOPLE),
        "schedules": {"sun": {"rotations": {"all": rotations(dice, date(2026, 10, 22))}}},
        "escalation": [{"notify": "sun"}, {"notify": "hal", "after": "5m"}],
        **({"pagerduty": {"schedules": "shifts"}} if kind == "shifts" else {}),
    }


def as_files(words: dict[str, Any]) -> Files:
    return (("inventory.yaml", yaml.safe_dump(words, sort_keys=False, default_flow_style=None, width=110)),)


def check(files: Files, now: datetime = ROUNDS[0]) -> Any:
    return check_document(read([(name, text.encode()) for name, text in files]), now)


@dataclass
class Account:
    """The stack, its file, and the accounts' own answers."""

    engine: Engine
    sandbox: Sandbox
    file: Path
    dice: Random
    files: Files
    plans: dict[str, Plan] = field(default_factory=dict)

    def inventory(self) -> Inventory:
        found: Inventory = check(self.files).inventory
        return found

    def wait(self, until: datetime) -> None:
        """Let time pass: for the accounts, for the plugins and for the program."""
        url = f"{self.sandbox.page}/sandbox/clock"
        httpx.post(url, json={"now": until.isoformat()}, timeout=60, trust_env=False).raise_for_status()
        self.at(until)

    def at(self, instant: datetime) -> None:
        text = instant.isoformat()
        self.engine.environment |= dict.fromkeys(("ONCALL_PLUGIN_NOW", "SANDBOX_PLUGIN_NOW"), text)
        config = self.engine.config_file.read_text()
        self.engine.config_file.write_text(re.sub(r'now: ".*"', f'now: "{text}"', config))

    def edit(self, now: datetime) -> None:
        """Edit every team's rotation; what would stop the program, or says no, is thrown again."""
        self.plans = {}
        for key in self.inventory().teams:
            for _ in range(60):
                made = self._thrown(key, now)
                if made is not None:
                    self.plans[key], self.files = made
                    break
        self.file.write_text(self.files[0][1])

    def _thrown(self, key: str, now: datetime) -> tuple[Plan, Files] | None:
        data = read([(name, text.encode()) for name, text in self.files]).data
        inventory = self.inventory()
        rotation = inventory.teams[key].schedules["sun"].rotations["all"]
        change = a_change(self.dice, list(rotation.people), NAIVE)
        rollout = self.dice.choice(("after-shift", "after-shift", "after-round", "now"))
        cover = self.dice.choice(PEOPLE) if isinstance(change, Remove) and rollout != "now" else None
        try:
            made = plan(inventory, Ask(RotationRef(key, "sun", "all"), change, now + AHEAD, rollout, cover))
        except Refusal:
            return None
        files = written(self.files, data, inventory, made)
        wrong = [problem for problem in check(files, now).problems if problem.severity != "notice"]
        return (made, files) if not made.empty and not wrong else None

    def said(self, since: datetime, until: datetime) -> dict[str, Held]:
        """Whom the inventory has on call, by team."""
        rota = Rota(self.inventory())
        return {
            ref.team: by_person((one.person, one.start, one.end) for one in rota.timeline(ref, since, until).shifts)
            for ref in rota.schedules()
        }

    def held(self, since: datetime, until: datetime) -> dict[str, Held]:
        """Whom the accounts have on call, by team."""
        return self._at_pagerduty(since, until) | self._of_shifts(since, until) | self._at_opsgenie(since, until)

    def _at_pagerduty(self, since: datetime, until: datetime) -> dict[str, Held]:
        users = {user["id"]: user["email"].partition("@")[0] for user in self._pages("/users", "users")}
        found = {}
        for row in self._pages("/schedules", "schedules"):
            window = {"since": since.isoformat(), "until": until.isoformat()}
            entries = self._get(f"/schedules/{row['id']}", **window)["schedule"]["final_schedule"]
            found[row["name"].partition(" ")[0].lower()] = by_person(
                (users[one["user"]["id"]], *times(one, "start", "end")) for one in entries["rendered_schedule_entries"]
            )
        return found

    def _of_shifts(self, since: datetime, until: datetime) -> dict[str, Held]:
        users = {user["id"]: user["email"].partition("@")[0] for user in self._pages("/users", "users")}
        found = {}
        for row in self._get("/v3/schedules")["schedules"]:
            window = {"since": since.isoformat(), "until": until.isoformat(), "include[]": "final_schedule"}
            schedule = self._get(f"/v3/schedules/{row['id']}", **window)["schedule"]
            found[schedule["name"].partition(" ")[0].lower()] = by_person(
                (users[one["member"]["user_id"]], *times(one, "start_time", "end_time"))
                for one in schedule["final_schedule"]["computed_shift_assignments"]
                if one["member"]["type"] == "user_member"
            )
        return found

    def _at_opsgenie(self, since: datetime, until: datetime) -> dict[str, Held]:
        found = {}
        days = (until - since).days + 1
        rows = self._get("/v2/schedules", self.sandbox.opsgenie, OPSGENIE)["data"]
        for row in rows:
            window = {"date": since.isoformat(), "interval": str(days), "intervalUnit": "days"}
            path = f"/v2/schedules/{row['id']}/timeline"
            final = self._get(path, self.sandbox.opsgenie, OPSGENIE, **window)["data"]["finalTimeline"]
            found[row["name"].rpartition("_")[0].lower().replace("_", "-")] = by_person(
                (period["recipient"]["name"].partition("@")[0], *times(period, "startDate", "endDate", until))
                for rotation in final["rotations"]
                for period in rotation["periods"]
                if period.get("recipient", {}).get("type") == "user"
            )
        return found

    def _pages(self, path: str, name: str) -> list[Any]:
        rows: list[Any] = self._get(path, limit="100")[name]
        return rows

    def _get(self, path: str, host: str = "", headers: dict[str, str] = PAGERDUTY, **query: str) -> Any:
        url = (host or self.sandbox.pagerduty) + path
        return httpx.get(url, params=query, headers=headers, trust_env=False, timeout=60).raise_for_status().json()


def times(one: dict[str, str], start: str, end: str, cut: datetime | None = None) -> tuple[datetime, datetime]:
    begins, ends = (datetime.fromisoformat(one[name]).astimezone(UTC) for name in (start, end))
    return begins, min(ends, cut) if cut else ends


def by_person(pieces: Any) -> Held:
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for person, start, end in pieces:
        if start < end:
            found.setdefault(person, []).append((start, end))
    return {person: merge(parts) for person, parts in found.items()}


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    home = tmp_path_factory.mktemp("rosters")
    file, dice = home / "inventory.yaml", Random(SEED)
    files = as_files(organisation(dice))
    file.write_text(files[0][1])
    with running_sandbox("--now", ROUNDS[0].isoformat()) as sandbox:
        sandbox.seed(known_users(check(files).inventory))
        settings = (ROOT / "stacks" / "Pulumi.sandbox.yaml").read_text()
        settings = settings.replace("http://127.0.0.1:8911", sandbox.pagerduty)
        settings = settings.replace("http://127.0.0.1:8912", sandbox.opsgenie)
        settings += (
            f"  oncall-as-code:inventory: {file}\n"
            f"  oncall-as-code:bridgeDirectory: {home / 'bridge'}\n"
            f'  oncall-as-code:now: "{ROUNDS[0].isoformat()}"\n'
        )
        engine = Engine(ROOT, home, settings)
        engine.start()
        made = Account(engine, sandbox, file, dice, files)
        made.at(ROUNDS[0])
        engine.up()
        yield made


def test_the_accounts_begin_as_the_inventory_says(account: Account) -> None:
    soon = ROUNDS[0] + AHEAD + timedelta(seconds=30)

    assert disagreements(account.held(soon, soon + FORTH), account.said(soon, soon + FORTH)) == {}


@pytest.mark.parametrize("now", ROUNDS)
def test_edits_are_what_they_promised_to_be(account: Account, now: datetime) -> None:
    account.wait(now)
    soon = now + AHEAD + timedelta(seconds=30)  # the accounts' clock runs while the engine does
    past, before = account.held(now - BACK, now), account.held(soon, soon + FORTH)

    account.edit(now)
    account.engine.up("--refresh")

    after = account.held(soon, soon + FORTH)
    assert disagreements(after, account.said(soon, soon + FORTH)) == {}
    assert disagreements(account.held(now - BACK, now), past) == {}
    for team, made in account.plans.items():
        if not made.overrides:
            first = min((one.start for one in outlook(made).displaced), default=soon + FORTH)
            assert until(after[team], first) == until(before[team], first), (team, made.ask)
    assert account.engine.preview().changes == 0


def disagreements(one: dict[str, Held], other: dict[str, Held]) -> dict[str, Any]:
    """The teams of which two say different things, with what each has that the other has not."""
    return {
        team: {
            person: [
                [f"{start:%a %m-%d %H:%M} - {end:%a %m-%d %H:%M}" for start, end in subtract(left, right)[:3]]
                for left, right in ((mine, theirs), (theirs, mine))
            ]
            for person in {*one.get(team, {}), *other.get(team, {})}
            for mine, theirs in ((one.get(team, {}).get(person, ()), other.get(team, {}).get(person, ())),)
            if mine != theirs
        }
        for team in {*one, *other}
        if one.get(team) != other.get(team)
    }


def until(held: Held, end: datetime) -> Held:
    return by_person((person, start, min(stop, end)) for person, parts in held.items() for start, stop in parts)


def test_enough_was_edited(account: Account) -> None:
    assert len(account.plans) == sum(TEAMS.values())

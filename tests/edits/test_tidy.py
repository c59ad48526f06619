"""What is past goes, and nobody is paged differently from then on: at random, and case by case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.edits.tidy import Tidied, tidy
from oncall.model import Inventory
from oncall.model.load import load
from oncall.shifts.rota import Rota
from oncall.source import read
from oncall.source.render import block
from oncall.source.writer import Files
from oncall.targets import TARGETS

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PEOPLE = ("ana", "bo", "cy", "dee", "eli")
MONDAYS = ("2026-08-31", "2026-09-28", "2026-10-26", "2026-11-09", "2026-11-16", "2026-11-23", "2026-12-07")
DAYS = ("2026-10-01", "2026-11-01", "2026-11-14", "2026-11-20", "2026-11-21", "2026-11-22", "2026-12-01", "2027-01-01")

DAY = timedelta(days=1)


def parse(files: Files) -> Inventory:
    return load(read([(name, text.encode()) for name, text in files]))


def written(data: dict[str, Any]) -> Files:
    return (("inventory.yaml", block(data, 0, 2, 2, "\n") + "\n"),)


class Chance:
    """An organisation by chance, much of it in the past."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def some(self, least: int = 1) -> list[str]:
        return self.random.sample(PEOPLE, self.random.randint(least, 3))

    def organization(self) -> dict[str, Any]:
        return {
            "organization": "Acme",
            "time_zone": "Europe/Berlin",
            "manage": self.one("none", "rules"),
            "people": {key: self.person(key) for key in (*PEOPLE, "fay")},
            "tiers": {"internal": {"severity": "critical"}, "slow": {"severity": "medium"}},
            "teams": {"one": self.team("pagerduty"), "two": self.team(self.one("opsgenie", ["opsgenie", "pagerduty"]))},
            "servers": {
                slug: {
                    "name": slug,
                    "url": f"https://{slug}.example",
                    "team": team,
                    "tier": self.one("internal", "slow"),
                }
                for slug, team in (("a", "one"), ("b", "two"))
            },
            "bridge": {"fallback": "one"},
            "horizon": "2027-12-31",
            **self.exceptions(),
        }

    def person(self, key: str) -> dict[str, Any]:
        words = {"name": key, "email": f"{key}@acme.example", "phone": "+49 30 5550101"}
        if self.random.random() < 0.4:
            words["until"] = self.one("2026-11-01", "2026-11-20", "2026-11-21", "2027-06-30")
        if self.random.random() < 0.3:
            words["holidays"] = "DE-BE"
        return words

    def team(self, pages_through: Any) -> dict[str, Any]:
        words = {
            "name": self.one("Platform", "Edge") + str(pages_through),
            "pages_through": pages_through,
            "members": self.some(),
            "schedules": {"main": self.schedule(), "second": self.schedule()},
            "escalation": [{"notify": "main"}, {"notify": ["second", self.one(*PEOPLE)], "after": "5m"}],
        }
        if self.random.random() < 0.3:
            words["on_holidays"] = {"cover": "second/a"}
        return words

    def schedule(self) -> dict[str, Any]:
        keys = self.one("a", "ab")
        words: dict[str, Any] = {"rotations": {key: self.rotation() for key in keys}}
        return words | self.one({}, {}, {"overlap": "last_wins"})

    def rotation(self) -> dict[str, Any]:
        sinces = sorted(self.random.sample(MONDAYS, self.random.randint(1, 4)))
        lineup: dict[str, Any] = {}
        for number, since in enumerate(sinces):
            before = {"before": lineup} if lineup else {}
            lineup = {"people": self.some(), "since": since, **before}
            if number and self.random.random() < 0.3:
                lineup |= {"takes_over": f"{since} 15:00", "rollout": "now"}
            if number + 1 < len(sinces) and self.random.random() < 0.3:
                lineup |= {"turn": self.one("2 weeks", "1 week")}
        words = {"turn": self.one("1 week", "1 day", "12 hours", "1 week"), **lineup}
        words["hand_off"] = "Mon 09:00" if words["turn"] == "1 week" else "09:00"
        if words["turn"] != "1 week":
            words = _without_turns(words)
        words |= self.one({}, {}, {"only": "08:00-20:00"}, {"only": "Mon-Fri 09:00-18:00"})
        words |= self.one({}, {}, {"time_zone": "America/New_York"})
        return words | self.one({}, {}, {}, {"until": "2026-11-10"})

    def exceptions(self) -> dict[str, Any]:
        names = ("one/main", "one/second", "two/main", "two/second")
        leave, swaps, overrides, maintenance = [], [], [], []
        for _ in range(self.random.randint(0, 3)):
            start, end = sorted((self.one(*DAYS), self.one(*DAYS)))
            person, cover = self.random.sample(PEOPLE, 2)
            leave.append({"person": person, "from": start, "to": end} | self.one({}, {"cover": cover}))
            swaps.append(
                {
                    "schedule": self.one(*names),
                    "people": self.random.sample(PEOPLE, 2),
                    "turns": [self.one(*DAYS), start],
                }
            )
            start, end = sorted((self.one(*DAYS), self.one(*DAYS)))
            other = self.one({}, {"instead_of": cover})
            overrides.append({"schedule": self.one(*names), "person": person, "from": start, "to": end} | other)
            maintenance.append({"servers": ["a"], "from": start, "to": end, "vendor_window": self.one(True, False)})
        nouns = {"leave": leave, "swaps": swaps, "overrides": overrides, "maintenance": maintenance}
        return {noun: some for noun, some in nouns.items() if some}


def _without_turns(lineup: dict[str, Any]) -> dict[str, Any]:
    """A chain whose line-ups all have the rotation's turn."""
    before = lineup.get("before")
    if not before:
        return lineup
    inner = {key: value for key, value in before.items() if key != "turn"}
    return {**lineup, "before": _without_turns(inner)}


def held(inventory: Inventory, start: datetime) -> list[Any]:
    rota = Rota(inventory)
    return [
        [
            (one.start, one.end, one.person, one.rotation, one.why)
            for one in rota.timeline(ref, start, start + 120 * DAY).shifts
        ]
        for ref in rota.schedules()
    ]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 60 * 24 * 20))
def test_nothing_changes_from_now_on(seed: int, minutes: int) -> None:
    files = written(Chance(seed).organization())
    now = NOW - 10 * DAY + timedelta(minutes=minutes)
    before = parse(files)
    tidied = tidy(files, before, now)
    after = parse(tidied.files)
    for later in (now, now + 3 * DAY, now + 40 * DAY):
        for target in TARGETS:
            assert target.desired(after, later) == target.desired(before, later), target.name
        assert held(after, later) == held(before, later)
    again = tidy(tidied.files, after, now)
    assert again.files == tidied.files
    assert (again.dropped, len(again.kept)) == ((), len(tidied.kept))


def rotation(**words: Any) -> dict[str, Any]:
    return {"people": ["ana", "bo"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05", **words}


def acme(rotations: dict[str, Any] | None = None, **nouns: Any) -> dict[str, Any]:
    schedules = {"main": {"rotations": rotations or {"weekly": rotation()}}}
    return {
        "organization": "Acme",
        "time_zone": "Europe/Berlin",
        "people": {key: {"name": key.title(), "email": f"{key}@acme.example"} for key in PEOPLE},
        "tiers": {"internal": {"severity": "critical"}},
        "teams": {
            "platform": {
                "name": "Platform",
                "pages_through": "pagerduty",
                "members": ["ana", "bo"],
                "schedules": schedules,
                "escalation": [{"notify": "main"}],
            }
        },
        "servers": {"a": {"name": "A", "url": "https://a.example", "team": "platform", "tier": "internal"}},
        "bridge": {"fallback": "platform"},
        **nouns,
    }


def tidied(data: dict[str, Any], now: datetime = NOW) -> Tidied:
    files = written(data)
    return tidy(files, parse(files), now)


def words(found: Tidied) -> list[str]:
    return [one.words for one in found.dropped]


def test_exceptions_go_when_they_are_over() -> None:
    over = {"from": "2026-11-10", "to": "2026-11-20"}
    running = {"from": "2026-11-10", "to": "2026-11-21"}
    found = tidied(
        acme(
            leave=[{"person": "ana", **over}, {"person": "bo", **running}],
            overrides=[{"schedule": "platform/main", "person": "ana", **over}],
        )
    )
    assert words(found) == [
        "leave of ana, 2026-11-10 to 2026-11-20",
        "ana in platform/main, 2026-11-10 to 2026-11-20",
    ]
    assert words(tidied(acme(leave=[{"person": "bo", **running}]), NOW + timedelta(hours=11))) == [
        "leave of bo, 2026-11-10 to 2026-11-21"
    ]


def test_what_was_over_by_an_earlier_day() -> None:
    spans = [{"from": f"2026-{month}-10", "to": f"2026-{month}-11"} for month in ("09", "10", "11")]
    files = written(acme(leave=[{"person": "ana", **span} for span in spans]))
    inventory = parse(files)
    for by, left in ((datetime(2026, 10, 12, tzinfo=UTC), 1), (datetime(2027, 1, 1, tzinfo=UTC), 0)):
        assert len(parse(tidy(files, inventory, NOW, by).files).leave) == left
    assert tidy(files, inventory, NOW, datetime(2026, 9, 1, tzinfo=UTC)).files == files


def test_a_maintenance_window_goes_at_its_very_end() -> None:
    data = acme(maintenance=[{"servers": ["a"], "from": "2026-11-21 10:00", "to": "2026-11-21 13:00"}])
    assert words(tidied(data, NOW - timedelta(seconds=1))) == []
    assert words(tidied(data, NOW)) == ["maintenance of a, 2026-11-21 10:00 to 2026-11-21 13:00"]


CHAIN = rotation(
    since="2026-11-16",
    before={"people": ["bo"], "since": "2026-11-09", "before": {"people": ["cy"], "since": "2026-10-05"}},
)


def test_line_ups_go_when_the_next_one_has_begun() -> None:
    assert words(tidied(acme({"weekly": CHAIN}))) == ["the line-up of platform/main/weekly until 2026-11-16 09:00"]
    earlier = tidied(acme({"weekly": CHAIN}), datetime(2026, 11, 10, tzinfo=UTC))
    assert words(earlier) == ["the line-up of platform/main/weekly until 2026-11-09 09:00"]
    left = parse(earlier.files).teams["platform"].schedules["main"].rotations["weekly"]
    assert left.before is not None
    assert (left.before.people, left.before.before) == (("bo",), None)


def test_a_swap_keeps_the_line_up_it_speaks_of() -> None:
    swap = {"schedule": "platform/main", "people": ["bo", "ana"], "turns": ["2026-11-09", "2026-11-16"]}
    data = acme({"weekly": CHAIN}, swaps=[swap])
    # Ana's turn goes on until Monday.
    assert words(tidied(data)) == ["the line-up of platform/main/weekly until 2026-11-09 09:00"]
    assert words(tidied(data, datetime(2026, 11, 23, 8, tzinfo=UTC))) == [
        "swap of bo and ana in platform/main",
        "the line-up of platform/main/weekly until 2026-11-16 09:00",
    ]


def test_a_line_up_that_decides_a_schedule_at_a_vendor_stays() -> None:
    # Two rotations whose old hours met are two schedules at PagerDuty: without the old line-up they would be one.
    old = {"people": ["cy"], "since": "2026-09-28"}
    rotations = {
        "early": rotation(until="2026-11-02", only="08:00-20:00"),
        "late": rotation(since="2026-11-09", before=old, only="08:00-20:00"),
    }
    found = tidied(acme(rotations))
    assert found.dropped == ()
    assert [one.words for one in found.kept] == ["the line-up of platform/main/late until 2026-11-09 09:00"]


def test_a_rollout_is_forgotten_after_its_first_turn() -> None:
    lineup = rotation(since="2026-11-16", takes_over="2026-11-18 10:00", rollout="now")
    data = acme({"weekly": lineup})
    assert words(tidied(data)) == []
    after = tidied(data, datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert words(after) == ["`rollout: now` of platform/main/weekly, which has been rolled out"]
    assert "takes_over: 2026-11-18 10:00" in after.files[0][1]


@pytest.mark.parametrize("until, gone", [("2026-11-20", True), ("2026-11-21", False)])
def test_people_go_after_their_last_day(until: str, gone: bool) -> None:
    data = acme()
    data["people"]["dee"]["until"] = until
    data["people"]["ana"]["until"] = until  # stands in the line-up
    assert words(tidied(data)) == (["Dee (dee), with us until 2026-11-20"] if gone else [])


def test_people_go_with_the_last_thing_that_speaks_of_them() -> None:
    over = {"from": "2026-11-10", "to": "2026-11-20"}
    data = acme(leave=[{"person": "dee", "cover": "eli", **over}])
    data["people"]["dee"]["until"] = data["people"]["eli"]["until"] = "2026-11-20"
    assert words(tidied(data)) == [
        "leave of dee, 2026-11-10 to 2026-11-20",
        "Dee (dee), with us until 2026-11-20",
        "Eli (eli), with us until 2026-11-20",
    ]

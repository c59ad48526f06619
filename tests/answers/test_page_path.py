"""Who is paged when a server is down: routes, holds, escalations at both vendors, raises, maintenance."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.answers.page_path import PagePath, who_is_paged
from oncall.answers.route import Claim
from oncall.shifts.rota import Rota

MINUTE = timedelta(minutes=1)
At = Callable[[str], datetime]
Acme = Callable[..., Rota]
MEDIUM = {"severity": "medium", "hold_outside": "Mon-Fri 09:00-18:00"}


def told(path: PagePath, incident: int = 0) -> list[str]:
    """The pages of an incident, short: minutes since the alert, level, who; `+` for those told again."""
    return [
        f"{(page.at - path.at) // MINUTE} {'+' if page.again else ''}"
        f"{' '.join(each.told.person for each in page.people) or '-'}"
        for page in path.incidents[incident].paged.pages
    ]


def test_steps_repeats_and_the_manager_in_their_order(sample: Rota, at: At) -> None:
    path = who_is_paged(sample, "weather-mcp", at("2026-12-09 02:00"))

    assert (path.route.reason, path.route.team, path.route.tier, path.incidents[0].paged.level) == (
        "server", "platform", "internal", "high urgency"
    )  # fmt: skip
    assert told(path) == [
        "0 ana", "5 cy", "10 dee", "20 ana", "25 cy", "30 dee", "40 ana", "45 cy", "50 dee"
    ]  # fmt: skip


def test_whoever_is_on_call_when_the_step_comes_is_told(sample: Rota, at: At) -> None:
    # Ana's turn ends on Monday 2026-12-14 at 09:00 in Berlin, in the middle of the escalation.
    assert told(who_is_paged(sample, "weather-mcp", at("2026-12-14 07:50"))) == [
        "0 ana", "5 cy", "10 dee", "20 bo", "25 ana", "30 dee", "40 bo", "45 ana", "50 dee"
    ]  # fmt: skip


def test_a_held_page_is_told_quietly_then_loudly_and_raised_in_between(sample: Rota, at: At) -> None:
    path = who_is_paged(sample, "maps-mcp", at("2026-12-09 02:00"))

    quiet = path.incidents[0].paged
    assert (quiet.level, quiet.held_until) == ("low urgency", at("2026-12-09 14:00"))
    assert told(path) == ["0 pia", "720 +pia", "730 quin"]
    assert [[str(way.method) for way in page.people[0].ways] for page in quiet.pages[:2]] == [
        ["email"],
        ["push", "call"],
    ]
    assert (path.incidents[1].leg.tier, told(path, 1)) == ("internal", ["30 pia", "40 quin"])
    assert (path.ticket, path.digest) == (True, "09:00")


def test_in_its_hours_a_held_tier_escalates_at_once(sample: Rota, at: At) -> None:
    path = who_is_paged(sample, "maps-mcp", at("2026-12-10 15:00"))
    assert (path.incidents[0].paged.held_until, told(path)) == (None, ["0 olu", "10 quin"])


def test_without_hours_low_urgency_stays_with_the_first_step(acme: Acme, at: At) -> None:
    rota = acme(tiers={"internal": {"severity": "medium"}})
    assert told(who_is_paged(rota, "weather", at("2026-12-09 02:00"))) == ["0 bo"]


def test_opsgenie_counts_the_steps_from_the_end_of_the_hold(acme: Acme, at: At) -> None:
    rota = acme({"pages_through": "opsgenie"}, tiers={"internal": MEDIUM})
    path = who_is_paged(rota, "weather", at("2026-12-12 10:00"))  # a Saturday; on Monday at 09:00 it's ana's turn

    assert path.incidents[0].paged.level == "P3"
    assert path.incidents[0].paged.held_until == at("2026-12-14 09:00")
    assert told(path) == ["2820 ana", "2825 bo"]


def test_pagerduty_passes_over_a_step_with_nobody_at_once_and_opsgenie_waits(acme: Acme, at: At) -> None:
    rotations = {"day": {"people": ["ana"], "turn": "1 week", "since": "2026-10-05", "only": "09:00-17:00"}}
    words = {
        "schedules": {"primary": {"rotations": rotations}},
        "escalation": [{"notify": "primary"}, {"notify": "bo", "after": "5m"}, {"notify": "cy", "after": "15m"}],
        "repeat": {"times": 1, "after": "30m"},
    }
    night = at("2026-12-09 02:00")

    found = who_is_paged(acme(words), "weather", night)
    assert told(found) == ["0 bo", "10 cy", "25 bo", "35 cy"]
    assert [bool(page.passed_over) for page in found.incidents[0].paged.pages] == [True, False, True, False]
    assert told(who_is_paged(acme({**words, "pages_through": "opsgenie"}), "weather", night)) == [
        "0 -", "5 bo", "15 cy", "30 -", "35 bo", "45 cy"
    ]  # fmt: skip


def test_pagerduty_opens_no_incident_where_nobody_is_on_call_at_all(acme: Acme, at: At) -> None:
    rotations = {"day": {"people": ["ana"], "turn": "1 week", "since": "2026-10-05", "only": "09:00-17:00"}}
    rota = acme({"schedules": {"primary": {"rotations": rotations}}, "escalation": [{"notify": "primary"}]})

    paged = who_is_paged(rota, "weather", at("2026-12-09 02:00")).incidents[0].paged
    assert (paged.pages, paged.problem) == ((), "nobody is on call in the whole policy, so PagerDuty opens no incident")


def test_a_ticket_instead_of_a_page_sends_nothing_until_the_raise(acme: Acme, at: At) -> None:
    tiers = {
        "internal": {"severity": "medium", "ticket": "jira", "raise_after": "30m", "raise_to": "critical"},
        "top": {"severity": "critical"},
    }
    path = who_is_paged(acme(tiers=tiers), "weather", at("2026-12-09 02:00"))

    assert path.incident is None
    assert (path.ticket, path.incidents[0].leg.tier, told(path)) == (True, "top", ["30 bo", "35 bo"])


def test_in_maintenance_nobody_is_paged_until_it_is_over(sample: Rota, at: At) -> None:
    path = who_is_paged(sample, "weather-mcp", at("2026-12-01 21:30"))

    assert path.maintenance is not None
    assert (path.maintenance.until, path.maintenance.why) == (at("2026-12-01 22:30"), "database upgrade")
    assert told(path)[:2] == ["60 bo", "65 cy"]
    assert who_is_paged(sample, "auth-mcp", at("2026-12-01 21:30")).maintenance is None


def test_maintenance_that_goes_on_is_one(acme: Acme, at: At) -> None:
    windows = [("10:00", "11:00"), ("10:30", "12:00"), ("12:00", "12:30"), ("13:00", "14:00")]
    rota = acme(
        maintenance=[
            {"servers": ["weather"], "from": f"2026-12-01 {start}", "to": f"2026-12-01 {end}"} for start, end in windows
        ]
    )
    found = who_is_paged(rota, "weather", at("2026-12-01 10:15")).maintenance
    assert (found.until, found.place) == (at("2026-12-01 12:30"), ("maintenance", 0))


def test_a_team_that_moves_is_paged_by_its_first_vendor(sample: Rota, at: At) -> None:
    path = who_is_paged(sample, "checkout-mcp", at("2026-12-09 02:00"))

    legs = [(leg.vendor, leg.team) for leg in path.route.legs]
    assert legs == [("opsgenie", "payments"), ("pagerduty", "payments"), ("pagerduty", "platform")]
    assert (path.incidents[0].leg.vendor, told(path)) == (
        "opsgenie", ["0 max", "5 lea max", "10 nia", "30 max", "35 lea max", "40 nia"]
    )  # fmt: skip


def test_a_server_of_a_known_owner_goes_to_that_team(sample: Rota, at: At) -> None:
    path = who_is_paged(sample, "new-mcp", at("2026-12-09 12:00"), Claim("edge", "internal"))
    assert (path.route.reason, path.route.team, path.route.tier, path.name) == ("team", "edge", "internal", None)


@settings(max_examples=50, deadline=None)
@given(
    slug=st.text(min_size=1, max_size=30),
    team=st.none() | st.text(min_size=1, max_size=9),
    tier=st.none() | st.text(max_size=9),
)
def test_a_slug_nobody_knows_goes_to_the_fallback(sample: Rota, slug: str, team: str | None, tier: str | None) -> None:
    path = who_is_paged(sample, f"{slug}?", datetime(2026, 12, 9, tzinfo=UTC), Claim(team and f"{team}?", tier))

    assert (path.route.reason, path.route.team) == ("fallback", "platform")
    assert ("unknown-server" if team is None else "unknown-team") in path.route.mismatch
    assert path.incidents


@settings(max_examples=80, deadline=None)
@given(
    minute=st.integers(0, 400 * 24 * 60),
    slug=st.sampled_from(("weather-mcp", "maps-mcp", "gateway-mcp", "query-mcp", "checkout-mcp", "menus-mcp", "?")),
)
def test_pages_come_strictly_in_order_of_time(sample: Rota, minute: int, slug: str) -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC) + minute * MINUTE
    path = who_is_paged(sample, slug, start)

    assert path.begins >= start
    for incident in path.incidents:
        assert incident.paged.problem or incident.paged.pages
        instants = [incident.at, *(page.at for page in incident.paged.pages)]
        assert instants[0] <= instants[1]
        assert all(one < other for one, other in pairwise(instants[1:]))


@pytest.mark.parametrize(
    "person, ways, by_profile",
    [
        ({}, [("push", 0), ("call", 0)], True),
        ({"manage": "rules", "phone": "+49 30 5550101"}, [("call", 0)], False),
        ({"manage": "rules", "device": "iPhone"}, [("push", 0)], False),
    ],
)
def test_how_people_are_told_is_what_the_vendor_holds(
    acme: Acme, at: At, person: dict[str, str], ways: list[tuple[str, int]], by_profile: bool
) -> None:
    people = {key: {"name": key, "email": f"{key}@acme.example", **person} for key in ("ana", "bo", "dee")}

    page = who_is_paged(acme(people=people), "weather", at("2026-12-09 02:00")).incidents[0].paged.pages[0]
    assert [(way.method, way.after // MINUTE) for way in page.people[0].ways] == ways
    assert page.people[0].by_profile is by_profile

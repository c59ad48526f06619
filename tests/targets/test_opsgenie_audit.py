import pytest

PRIMARY = "teams.platform.schedules.primary"
SERVER = {"name": "Weather", "url": "https://w.example", "team": "platform", "tier": "internal"}


@pytest.fixture
def audit(acme, team, opsgenie_audit):
    """What is found of `acme` with these nouns, its team at OpsGenie with these words."""
    return lambda nouns=None, **words: opsgenie_audit(
        acme(**{"teams": {"platform": team(**{"pages_through": "opsgenie"} | words)}} | (nouns or {}))
    )


@pytest.fixture
def audit_rotations(audit):
    """What is found of a schedule `primary` with these rotations."""
    return lambda rotations, **words: audit(schedules={"primary": {"rotations": rotations, **words}})


def test_a_plain_team_is_fine(audit):
    assert audit() == {}


def test_turns_of_months(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(turn="1 month", hand_off="09:00")})
    assert found == {("opsgenie-monthly-turn", "reason"): [f"{PRIMARY}.rotations.r.turn"]}


def test_nobody_is_no_matter(audit_rotations, rotation):
    assert audit_rotations({"r": rotation(people=["ana", "nobody"])}) == {}


def test_a_hand_off_at_an_odd_minute(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(hand_off="Mon 09:15")})
    assert found == {("opsgenie-hand-off-minutes", "error"): [f"{PRIMARY}.rotations.r.hand_off"]}


def test_a_first_hand_off_typed_at_an_odd_minute(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(since="2026-10-05 09:10")})
    assert found == {("opsgenie-hand-off-minutes", "error"): [f"{PRIMARY}.rotations.r.since"]}


def test_a_full_hour_in_a_zone_of_quarter_hours(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(time_zone="Asia/Kathmandu")})
    assert found == {("opsgenie-hand-off-minutes", "error"): [f"{PRIMARY}.rotations.r.hand_off"]}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC"])
@pytest.mark.parametrize(
    ("turn", "wanders"), [("1 hour", True), ("12 hours", True), ("24 hours", False), ("36 hours", False)]
)
def test_turns_of_parts_of_a_day(audit_rotations, rotation, zone, turn, wanders):
    found = audit_rotations({"r": rotation(turn=turn, hand_off="09:00", time_zone=zone)})
    rule = {("opsgenie-hour-turn-by-clock", "reason"): [f"{PRIMARY}.rotations.r.turn"]}
    assert found == (rule if wanders and zone != "UTC" else {})


@pytest.mark.parametrize(("since", "wanders"), [("2027-03-13", False), ("2027-03-15", True)])
def test_turns_of_parts_of_a_day_that_end_days_after_a_clock_change(audit_rotations, rotation, since, wanders):
    before = {"people": ["ana", "bo"], "turn": "12 hours", "since": "2026-11-02"}
    words = {"turn": "1 day", "hand_off": "09:00", "time_zone": "America/New_York", "since": since, "before": before}
    rule = {("opsgenie-hour-turn-by-clock", "reason"): [f"{PRIMARY}.rotations.r.before.turn"]}
    assert audit_rotations({"r": rotation(**words)}) == (rule if wanders else {})


def test_an_end_at_an_odd_minute(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(until="2026-12-24 12:05")})
    assert found == {("opsgenie-hand-off-minutes", "error"): [f"{PRIMARY}.rotations.r.until"]}


def test_too_many_stretches_of_hours(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(only=["06:00-08:00", "12:00-13:00", "18:00-20:00"])})
    assert found == {("opsgenie-too-many-hours", "error"): [f"{PRIMARY}.rotations.r.only"]}


def test_the_last_wins_where_rotations_overlap(audit_rotations, rotation):
    found = audit_rotations({"r": rotation(), "s": rotation(people=["cy"])}, overlap="last_wins")
    assert found == {("opsgenie-last-wins", "reason"): [f"{PRIMARY}.overlap"]}


def test_the_last_wins_where_rotations_never_meet(audit_rotations, rotation):
    rotations = {"r": rotation(only="08:00-20:00"), "s": rotation(only="20:00-08:00")}
    assert audit_rotations(rotations, overlap="last_wins") == {}


def test_two_tiers_of_one_severity(audit):
    tiers = {"internal": {"severity": "critical"}, "vital": {"severity": "critical"}}
    assert audit({"tiers": tiers}) == {("opsgenie-tiers-of-one-severity", "reason"): ["teams.platform"]}


def test_a_hold(audit):
    tiers = {"internal": {"severity": "critical"}, "third": {"severity": "medium", "hold_outside": "09:00-17:00"}}
    assert audit({"tiers": tiers}) == {}


def test_a_hold_by_another_clock_than_the_organisations(audit):
    tiers = {"internal": {"severity": "critical"}, "third": {"severity": "medium", "hold_outside": "09:00-17:00"}}
    found = audit({"tiers": tiers}, time_zone="America/New_York")
    assert found == {("opsgenie-hold-zone", "reason"): ["teams.platform"]}


def test_seconds_in_steps(audit):
    found = audit(escalation=[{"notify": "primary"}, {"notify": "cy", "after": "30s"}])
    assert found == {("opsgenie-step-seconds", "reason"): ["teams.platform.escalation.1.after"]}


def test_seconds_in_heartbeats(audit):
    beat = {"ping_every": "30s", "alert_after": "90s"}
    watch = {"name": "alivemcp", "team": "platform", **beat}
    found = audit(
        {
            "servers": {"weather": SERVER | {"heartbeat": beat}},
            "bridge": {"fallback": "platform", "watch": watch},
        }
    )
    places = ["servers.weather.heartbeat.alert_after", "bridge.watch.alert_after"]
    assert found == {("opsgenie-heartbeat-seconds", "reason"): places}


def test_a_service_of_a_servers_own(audit):
    found = audit({"servers": {"weather": SERVER | {"own_service": True}}})
    assert found == {("opsgenie-own-service", "reason"): ["servers.weather.own_service"]}


def test_a_service_of_a_servers_own_while_moving(audit):
    assert (
        audit({"servers": {"weather": SERVER | {"own_service": True}}}, pages_through=["opsgenie", "pagerduty"]) == {}
    )


def test_characters_opsgenie_forbids(audit):
    assert audit(name="Zürich") == {("opsgenie-name-characters", "error"): ["teams.platform.name"]}


def test_a_name_that_is_too_long(audit):
    found = audit(name="x" * 100, schedules={}, escalation=[{"notify": "ana"}])
    assert found == {("opsgenie-name-length", "error"): ["teams.platform.name"]}


def test_schedules_that_differ_only_in_what_opsgenie_forbids(audit, rotation):
    schedule = {"rotations": {"r": rotation()}}
    found = audit(schedules={"primary": schedule | {"name": "On-call"}, "other": schedule | {"name": "on call"}})
    assert found == {("opsgenie-name-taken", "error"): ["teams.platform.schedules.primary.name"]}


def test_the_bridges_heartbeat_called_like_a_servers(audit):
    beat = {"ping_every": "1m", "alert_after": "3m"}
    found = audit(
        {
            "servers": {"weather": SERVER | {"heartbeat": beat}},
            "bridge": {"fallback": "platform", "watch": {"name": "Weather", "team": "platform", **beat}},
        }
    )
    assert found == {("opsgenie-name-taken", "error"): ["bridge.watch.name"]}


def test_a_schedule_that_is_not_at_opsgenie(acme, team, opsgenie_audit):
    teams = {
        "platform": team(pages_through="opsgenie", escalation=[{"notify": ["primary", "edge/primary"]}]),
        "edge": team(name="Edge"),
    }
    found = opsgenie_audit(acme(teams=teams))
    assert found == {("opsgenie-schedule-missing", "error"): ["teams.platform.escalation.0.notify.1"]}


def test_a_team_that_is_a_part_of_another(acme, team, opsgenie_audit):
    teams = {"platform": team(), "core": team(name="Core", pages_through="opsgenie", parent="platform")}
    found = opsgenie_audit(acme(teams=teams))
    assert found == {("opsgenie-parent-team", "reason"): ["teams.core.parent"]}


@pytest.mark.parametrize(
    ("names", "schedule"), [(("Edge", "Edge_primary"), "primary"), (("Edge", "Other"), "schedule")]
)
def test_a_schedule_called_like_a_team_or_like_its_default_schedule(
    acme, team, rotation, opsgenie_audit, names, schedule
):
    words = {"pages_through": "opsgenie", "schedules": {}, "escalation": [{"notify": "ana"}]}
    teams = {name.lower(): team(name=name, **words) for name in names}
    teams["edge"] |= {"schedules": {schedule: {"rotations": {"r": rotation()}}}}
    found = opsgenie_audit(acme(teams=teams, servers={}, bridge={"fallback": "edge"}))
    assert found == {("opsgenie-schedule-like-team", "error"): [f"teams.edge.schedules.{schedule}"]}

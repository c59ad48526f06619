from datetime import UTC, datetime

from oncall.resource import Ref


def people(**words):
    base = {key: {"name": key.title(), "email": f"{key}@acme.example"} for key in ("ana", "bo", "cy", "dee")}
    return base | {key: base[key] | extra for key, extra in words.items()}


def test_people_are_looked_up_by_e_mail(acme, pagerduty):
    ana = pagerduty(acme()).get("pagerduty:User", "ana")
    assert (ana.lookup, ana.properties) == (True, {"email": "ana@acme.example"})


def test_a_person_managed_wholly_is_made(acme, pagerduty):
    inventory = acme(people=people(ana={"manage": "all", "time_zone": "Africa/Lagos"}))
    ana = pagerduty(inventory).get("pagerduty:User", "ana")
    expected = {
        "name": "Ana",
        "email": "ana@acme.example",
        "description": "Managed from the inventory",
        "time_zone": "Africa/Lagos",
    }
    assert (ana.lookup, ana.properties) == (False, expected)


def test_people_nobody_refers_to_are_left_alone(acme, team, pagerduty):
    inventory = acme(teams={"platform": team(members=["ana", "bo"])})
    assert pagerduty(inventory).keys("pagerduty:User") == ["ana", "bo"]


def test_members_keep_their_roles(acme, pagerduty):
    account = pagerduty(acme())
    expected = {
        "team_id": Ref("pagerduty:Team", "platform"),
        "user_id": Ref("pagerduty:User", "dee"),
        "role": "manager",
    }
    assert account.properties("pagerduty:TeamMembership", "platform/dee") == expected


def test_a_member_stays_through_the_last_day(acme, pagerduty):
    inventory = acme(people=people(cy={"until": "2026-11-21"}))
    assert "platform/cy" in pagerduty(inventory).keys("pagerduty:TeamMembership")


def test_a_member_is_gone_the_day_after_the_last(acme, pagerduty):
    account = pagerduty(acme(people=people(cy={"until": "2026-11-20", "manage": "all"})))
    keys = account.keys("pagerduty:TeamMembership")
    assert ("platform/cy" in keys, "cy" in account.keys("pagerduty:User")) == (False, False)


def test_the_last_day_is_that_of_the_persons_zone(acme, pagerduty):
    inventory = acme(people=people(cy={"until": "2026-11-20", "time_zone": "Pacific/Pago_Pago"}))

    early = datetime(2026, 11, 21, 10, 59, tzinfo=UTC)  # still the 20th there
    assert "platform/cy" in pagerduty(inventory, early).keys("pagerduty:TeamMembership")


def test_a_team_says_that_it_is_managed(acme, team, pagerduty):
    inventory = acme(teams={"platform": team(description="Core systems")})
    expected = {"name": "Platform", "description": "Core systems - Managed from the inventory"}
    assert pagerduty(inventory).properties("pagerduty:Team", "platform") == expected


def test_teams_elsewhere_have_nothing_here(acme, team, pagerduty):
    assert pagerduty(acme(teams={"platform": team(pages_through="opsgenie")})).resources == ()


def test_a_moving_team_exists_at_both(acme, team, pagerduty, opsgenie):
    inventory = acme(teams={"platform": team(pages_through=["opsgenie", "pagerduty"])})
    found = (pagerduty(inventory).keys("pagerduty:Team"), opsgenie(inventory).keys("opsgenie:Team"))
    assert found == (["platform"], ["platform"])


def test_a_team_is_made_after_the_one_it_is_a_part_of(acme, team, pagerduty):
    teams = {"core": team(name="Core", parent="platform"), "platform": team(), "inner": team(name="In", parent="core")}
    account = pagerduty(acme(teams=teams))
    assert account.keys("pagerduty:Team") == ["platform", "core", "inner"]
    assert account.properties("pagerduty:Team", "core")["parent"] == Ref("pagerduty:Team", "platform")


def test_a_team_whose_whole_is_elsewhere_stands_alone(acme, team, pagerduty, pagerduty_audit):
    teams = {"platform": team(pages_through="opsgenie"), "core": team(name="Core", parent="platform")}
    inventory = acme(teams=teams)
    assert "parent" not in pagerduty(inventory).properties("pagerduty:Team", "core")
    assert pagerduty_audit(inventory) == {("pagerduty-parent-elsewhere", "reason"): ["teams.core.parent"]}


def test_a_person_without_a_zone_has_that_of_the_organisation(acme, pagerduty):
    inventory = acme(people=people(ana={"manage": "all"}))
    assert pagerduty(inventory).properties("pagerduty:User", "ana")["time_zone"] == "Europe/Berlin"

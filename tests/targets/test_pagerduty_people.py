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

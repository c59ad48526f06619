"""Groups of servers and tags of teams, as each vendor has them."""

import pytest

from oncall.resource import Ref

BUSINESS, DEPENDENCY = "pagerduty:BusinessService", "pagerduty:ServiceDependency"
SERVER = {"url": "https://s.example", "team": "platform", "tier": "internal"}
SERVERS = {
    "weather": {"name": "Weather", **SERVER},
    "maps": {"name": "Maps", **SERVER},
    "ledger": {"name": "Ledger", **SERVER, "own_service": True},
    "dns": {"name": "DNS", **SERVER, "team": "edge"},
}


@pytest.fixture
def grouped(acme, team):
    """Two teams, one at each vendor, and one group with these words."""

    def make(servers, owner="platform", extras=(), **words):
        teams = {"platform": team(**words), "edge": team(name="Edge", pages_through="opsgenie")}
        groups = {"shop": {"name": "Shop", "servers": servers, "team": owner, **dict(extras)}}
        return acme(teams=teams, servers=SERVERS, groups=groups)

    return make


def test_a_group_is_a_business_service_of_its_team(grouped, pagerduty):
    expected = {
        "name": "Shop",
        "description": "Managed from the inventory",
        "team": Ref("pagerduty:Team", "platform"),
    }
    assert pagerduty(grouped(["weather"])).properties(BUSINESS, "shop") == expected


def test_services_of_the_groups_servers_support_it_each_once(grouped, pagerduty):
    account = pagerduty(grouped(["weather", "maps", "ledger"]))
    assert account.keys(DEPENDENCY) == ["shop/platform/internal", "shop/server/ledger"]
    assert account.properties(DEPENDENCY, "shop/server/ledger")["dependency"] == {
        "dependent_services": ({"id": Ref(BUSINESS, "shop"), "type": "business_service"},),
        "supporting_services": ({"id": Ref("pagerduty:Service", "server/ledger"), "type": "service"},),
    }


def test_a_group_without_a_server_here_is_none_here(grouped, pagerduty):
    assert pagerduty(grouped(["dns"])).keys(BUSINESS) == []


def test_a_group_whose_team_is_elsewhere_belongs_to_no_team_at_pagerduty(grouped, pagerduty):
    assert "team" not in pagerduty(grouped(["weather", "dns"], owner="edge")).properties(BUSINESS, "shop")


def test_a_group_is_a_service_of_its_team_at_opsgenie(grouped, opsgenie):
    expected = {
        "name": "Shop",
        "team_id": Ref("opsgenie:Team", "edge"),
        "description": "Managed from the inventory (shop)",
    }
    assert opsgenie(grouped(["weather", "dns"], owner="edge")).properties("opsgenie:Service", "shop") == expected


def test_a_group_whose_team_is_not_at_opsgenie(grouped, opsgenie_audit):
    assert opsgenie_audit(grouped(["dns"])) == {("opsgenie-group-team", "reason"): ["groups.shop.team"]}


def test_two_groups_of_one_name(acme, pagerduty_audit):
    group = {"name": "Shop", "servers": ["weather"], "team": "platform"}
    found = pagerduty_audit(acme(groups={"shop": group, "store": group | {"name": "SHOP"}}))
    assert found == {("pagerduty-name-taken", "error"): ["groups.store.name"]}


def test_a_tag_is_made_once_for_all_its_teams(acme, team, pagerduty):
    teams = {"platform": team(tags=["core", "money"]), "payments": team(name="Payments", tags=["money"])}
    account = pagerduty(acme(teams=teams))
    assert account.keys("pagerduty:Tag") == ["core", "money"]
    assert account.keys("pagerduty:TagAssignment") == ["payments/money", "platform/core", "platform/money"]
    assert account.properties("pagerduty:TagAssignment", "payments/money") == {
        "tag_id": Ref("pagerduty:Tag", "money"),
        "entity_type": "teams",
        "entity_id": Ref("pagerduty:Team", "payments"),
    }


def test_tags_of_a_team_at_opsgenie(acme, team, opsgenie_audit):
    found = opsgenie_audit(acme(teams={"platform": team(pages_through="opsgenie", tags=["core"])}))
    assert found == {("opsgenie-team-tags", "reason"): ["teams.platform.tags"]}


def test_a_group_has_a_point_of_contact_at_pagerduty(grouped, pagerduty):
    wanted = grouped(["weather"], extras={"pagerduty": {"point_of_contact": "#shop on chat"}})
    assert pagerduty(wanted).properties(BUSINESS, "shop")["point_of_contact"] == "#shop on chat"


@pytest.mark.parametrize(("who", "visibility"), [("team", "TEAM_MEMBERS"), ("everybody", "OPSGENIE_USERS")])
def test_a_group_has_tags_and_who_sees_it_at_opsgenie(grouped, opsgenie, who, visibility):
    extras = {"opsgenie": {"visible_to": who, "tags": ["web", "eu"]}}
    found = opsgenie(grouped(["dns"], owner="edge", extras=extras)).properties("opsgenie:Service", "shop")
    assert (found["visibility"], found["tags"]) == (visibility, ("web", "eu"))

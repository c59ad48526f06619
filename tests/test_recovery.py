"""What `oncall recover` decides, from the inventory's resources, a state and the account's lists."""

from typing import Any

from oncall.recovery import (
    Found,
    address,
    find,
    import_file,
    lists_needed,
    names_wanted,
    not_looked_for,
    place,
    recorded,
    token,
    unplaced,
    without_pending_creates,
)
from oncall.resource import Ref, Resource

MARK = "Managed from the inventory"
TEAM = Resource("pagerduty:Team", "web", {"name": "Web", "description": f"The site - {MARK}"}, "web")
MEMBER = Resource("pagerduty:TeamMembership", "web/ana", {"team_id": Ref("pagerduty:Team", "web")}, "web")
POLICY = Resource("pagerduty:EscalationPolicy", "web/internal", {"name": "Web internal"}, "web")
SERVICE = Resource("pagerduty:Service", "web/internal", {"name": "Web internal"}, "web")
INTEGRATION = Resource(
    "pagerduty:ServiceIntegration",
    "pagerduty/web/internal",
    {"name": "AliveMCP", "service": Ref("pagerduty:Service", "web/internal")},
    "web",
)
USER = Resource("pagerduty:User", "ana", {"name": "Ana", "email": "ana@acme.example"})
LOOKED_UP = Resource("pagerduty:User", "bo", {"email": "bo@acme.example"}, lookup=True)

ROOT = "urn:pulumi:prod::oncall-as-code::"
PROVIDER_URN = f"{ROOT}pulumi:providers:pagerduty::pagerduty"
COMPONENT_URN = f"{ROOT}oncall:components:PagerDutyTeam::web"


def urn(resource: Resource) -> str:
    return f"{ROOT}oncall:components:PagerDutyTeam${token(resource.kind)}::{resource.key}"


def state(*known: tuple[Resource, str], pending: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """An export that holds the provider, the team's component and the resources given, each with its id."""
    resources = [{"urn": PROVIDER_URN, "id": "p"}, {"urn": COMPONENT_URN}]
    resources += [{"urn": urn(resource), "id": id_} for resource, id_ in known]
    return {"version": 3, "deployment": {"resources": resources, "pending_operations": list(pending)}}


def creating(resource: Resource) -> dict[str, Any]:
    return {"type": "creating", "resource": {"urn": urn(resource)}}


def row(id_: str, name: str, description: str | None = MARK, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": name, "description": description, **more}


def test_a_urn_tells_type_and_name_also_where_the_name_has_colons() -> None:
    assert place(f"{ROOT}a:b:C$pagerduty:index/team:Team::x::y") == ("pagerduty:index/team:Team", "x::y")


def test_nothing_is_listed_where_all_is_recorded() -> None:
    known = recorded(state((TEAM, "T1"), (MEMBER, "T1:U1")))

    assert lists_needed([TEAM, MEMBER, LOOKED_UP], known) == ()


def test_only_lists_that_may_hold_something_are_asked_for() -> None:
    known = recorded(state((TEAM, "T1"), (SERVICE, "S1")))

    assert [each.path for each in lists_needed([TEAM, POLICY, SERVICE], known)] == ["/escalation_policies"]


def test_integrations_are_looked_for_in_the_list_of_services() -> None:
    known = recorded(state((TEAM, "T1"), (SERVICE, "S1")))

    assert [each.path for each in lists_needed([TEAM, SERVICE, INTEGRATION], known)] == ["/services"]


def test_what_bears_name_and_mark_is_imported() -> None:
    found = find([TEAM], recorded(state()), {"pagerduty:Team": [row("T1", "Web", f"The site - {MARK}")]})

    assert found == (Found("pagerduty:Team", "web", "Web", "T1", "import", "web"),)


def test_what_bears_the_name_but_not_the_mark_is_foreign() -> None:
    found = find([TEAM], recorded(state()), {"pagerduty:Team": [row("T1", "web", None)]})

    assert [each.verdict for each in found] == ["foreign"]


def test_what_the_state_knows_under_another_key_is_left_alone() -> None:
    other = Resource("pagerduty:Team", "old", {"name": "Web"}, "web")

    assert find([TEAM], recorded(state((other, "T1"))), {"pagerduty:Team": [row("T1", "Web")]}) == ()


def test_what_waits_for_its_deletion_is_recorded_but_not_there() -> None:
    export = state()
    export["deployment"]["resources"].append({"urn": urn(TEAM), "id": "T1", "delete": True})
    known = recorded(export)

    assert not known.has(TEAM)
    assert find([TEAM], known, {"pagerduty:Team": [row("T1", "Web")]}) == ()


def test_of_two_marked_objects_of_a_name_one_is_imported_and_one_is_spare() -> None:
    found = find([TEAM], recorded(state()), {"pagerduty:Team": [row("T2", "Web"), row("T1", "Web")]})

    assert [(each.id, each.verdict) for each in found] == [("T1", "import"), ("T2", "spare")]


def test_people_are_told_by_their_address() -> None:
    ana = {"id": "U1", "name": "Somebody", "email": "Ana@acme.example", "description": MARK}

    assert [each.id for each in find([USER], recorded(state()), {"pagerduty:User": [ana]})] == ["U1"]


def test_people_who_are_only_looked_up_are_not_looked_for() -> None:
    bo = {"id": "U1", "name": "Bo", "email": "bo@acme.example", "description": MARK}

    assert find([LOOKED_UP], recorded(state()), {"pagerduty:User": [bo]}) == ()


INTEGRATIONS = [
    {"id": "I1", "type": "events_api_v2_inbound_integration_reference", "summary": "AliveMCP"},
    {"id": "I2", "type": "events_api_v2_inbound_integration_reference", "summary": "Grafana"},
    {"id": "I3", "type": "generic_email_inbound_integration_reference", "summary": "AliveMCP"},
]


def test_an_integration_whose_key_nobody_has_is_deleted() -> None:
    services = {"pagerduty:Service": [row("S1", "Web internal", integrations=INTEGRATIONS)]}

    found = find([SERVICE, INTEGRATION], recorded(state((SERVICE, "S1"))), services)

    assert [(each.id, each.verdict) for each in found] == [("S1/I1", "delete")]


def test_an_integration_of_a_service_that_is_imported_goes_too() -> None:
    services = {"pagerduty:Service": [row("S1", "Web internal", integrations=INTEGRATIONS)]}

    found = find([SERVICE, INTEGRATION], recorded(state()), services)

    assert [(each.id, each.verdict) for each in found] == [("S1", "import"), ("S1/I1", "delete")]


def test_integrations_of_a_foreign_service_stay() -> None:
    services = {"pagerduty:Service": [row("S1", "Web internal", "by hand", integrations=INTEGRATIONS)]}

    found = find([SERVICE, INTEGRATION], recorded(state()), services)

    assert [(each.id, each.verdict) for each in found] == [("S1", "foreign")]


def test_an_integration_that_the_state_knows_stays() -> None:
    services = {"pagerduty:Service": [row("S1", "Web internal", integrations=INTEGRATIONS)]}

    assert find([SERVICE, INTEGRATION], recorded(state((SERVICE, "S1"), (INTEGRATION, "I1"))), services) == ()


def test_imports_hang_below_their_team_and_its_provider() -> None:
    known = recorded(state())
    found = find([USER, TEAM], known, {"pagerduty:Team": [row("T1", "Web"), row("T2", "Web", None)]})

    assert import_file(found, known) == {
        "nameTable": {"provider": PROVIDER_URN, "component web": COMPONENT_URN},
        "resources": [
            {
                "type": "pagerduty:index/team:Team",
                "name": "pagerduty:Team web",
                "logicalName": "web",
                "id": "T1",
                "provider": "provider",
                "parent": "component web",
            }
        ],
    }


def test_what_has_no_place_in_the_state_is_told() -> None:
    empty = recorded({"version": 3, "deployment": {}})
    found = find([TEAM], empty, {"pagerduty:Team": [row("T1", "Web")]})

    assert unplaced(found, empty) == found
    assert unplaced(found, recorded(state())) == ()


def test_only_creates_of_unknown_end_are_forgotten() -> None:
    deleting = {"type": "deleting", "resource": {"urn": urn(POLICY)}}
    export = state((POLICY, "E1"), pending=(creating(TEAM), deleting))

    cleared = without_pending_creates(export)

    assert cleared["deployment"]["pending_operations"] == [deleting]
    assert cleared["deployment"]["resources"] == export["deployment"]["resources"]
    assert export["deployment"]["pending_operations"] == [creating(TEAM), deleting]


def test_pending_creates_that_can_not_be_looked_for_are_named() -> None:
    addon = Resource("pagerduty:Addon", "1", {}, "web")
    known = recorded(state(pending=(creating(TEAM), creating(MEMBER), creating(addon))))

    assert not_looked_for(known) == (("pagerduty:index/addon:Addon", "1"),)


BUSINESS = Resource("pagerduty:BusinessService", "shop", {"name": "Shop", "description": MARK}, "web")
TAG = Resource("pagerduty:Tag", "core", {"label": "core"})


def test_a_business_service_is_told_like_any_other() -> None:
    rows = {"pagerduty:BusinessService": [row("B1", "Shop"), row("B2", "shop", "by hand")]}

    found = find([BUSINESS], recorded(state()), rows)

    assert [(each.id, each.verdict) for each in found] == [("B1", "import"), ("B2", "foreign")]


def test_a_tag_is_ours_where_its_create_was_under_way() -> None:
    rows = {"pagerduty:Tag": [{"id": "G1", "label": "core", "description": None}]}

    made = find([TAG], recorded(state(pending=(creating(TAG),))), rows)
    foreign = find([TAG], recorded(state()), rows)

    assert [(each.id, each.verdict) for each in (*made, *foreign)] == [("G1", "import"), ("G1", "foreign")]


SHIFTS = Resource("pagerduty:Schedulev2", "web/primary", {"name": "Web primary", "description": MARK}, "web")


def test_a_schedule_of_shifts_that_is_not_recorded_is_half_made_and_goes() -> None:
    rows = {"pagerduty:Schedulev2": [row("S1", "Web primary"), row("S2", "web primary", "by hand")]}

    found = find([SHIFTS], recorded(state()), rows)

    assert [(each.id, each.verdict) for each in found] == [("S1", "delete"), ("S2", "foreign")]
    assert address(found[0]) == "/v3/schedules/S1"
    assert names_wanted([SHIFTS, TEAM], recorded(state()), SHIFTS.kind) == {"web primary"}
    assert names_wanted([SHIFTS], recorded(state((SHIFTS, "S1"))), SHIFTS.kind) == frozenset()


def test_what_may_be_said_twice_is_not_asked_of_anybody() -> None:
    kinds = ("TeamMembership", "TagAssignment", "ServiceDependency")
    said = [Resource(f"pagerduty:{kind}", "web/x", {}, "web") for kind in kinds]
    known = recorded(state(pending=tuple(creating(each) for each in said)))

    assert (lists_needed(said, known), not_looked_for(known)) == ((), ())

"""Tags, business services and dependencies, through the plugin."""

import grpc
import pytest

TAG = {"tag": {"id": "G1", "type": "tag", "label": "tier-1", "summary": "tier-1", "html_url": None}}
ON_TEAM = {"entityType": "teams", "entityId": "T1", "tagId": "G1"}
TAGS = "GET /teams/T1/tags?offset=0"
LINKED = {
    "type": "service_dependency",
    "supportingServices": [{"id": "S1", "type": "service"}],
    "dependentServices": [{"id": "B1", "type": "business_service"}],
}
RELATION = {
    "id": "D1",
    "type": "service_dependency",
    "supporting_service": {"id": "S1", "type": "technical_service_reference"},
    "dependent_service": {"id": "B1", "type": "business_service_reference"},
}
OF_B1 = "/service_dependencies/business_services/B1"


def fault_of(call, *arguments):
    """The one line a failed call shows the user."""
    with pytest.raises(grpc.RpcError) as caught:
        call(*arguments)
    return caught.value.details()


def raw_service(**more):
    return {
        "business_service": {
            "id": "B1",
            "type": "business_service",
            "name": "Shop",
            "summary": "Shop",
            "description": "Managed by Pulumi",
            "point_of_contact": None,
            "team": None,
            **more,
        }
    }


@pytest.fixture
def tagged(engine, stub):
    """An engine that has put tag G1 on team T1; the stub's list of requests is empty again."""
    stub.answers("POST", "/teams/T1/change_tags", {}, 200)
    stub.answers("GET", "/teams/T1", {"team": {"id": "T1", "name": "Platform"}})
    stub.answers("GET", "/teams/T1/tags?offset=0", {"tags": [TAG["tag"]], "limit": 25, "offset": 0, "more": False})
    engine.up(lambda register: register("a", "TagAssignment", **ON_TEAM))
    stub.requests.clear()
    return engine


@pytest.fixture
def linked(engine, stub):
    """An engine that has made a dependency of business service B1 on service S1."""
    stub.answers("POST", "/service_dependencies/associate", {"relationships": [RELATION]})
    inputs = {key: value for key, value in LINKED.items() if key != "type"}
    engine.up(lambda register: register("d", "ServiceDependency", dependency=inputs))
    return engine


def test_a_tag_is_made_with_one_call(engine, stub):
    stub.answers("POST", "/tags", TAG, 201)
    state = engine.create("g", "Tag", {"label": "tier-1"})
    assert stub.calls() == ["POST /tags"]
    assert stub.requests[0]["body"] == {"tag": {"type": "tag", "label": "tier-1"}}
    assert state == {"label": "tier-1", "summary": "tier-1"}


def test_another_label_is_another_tag(engine, stub):
    stub.answers("POST", "/tags", TAG, 201)
    engine.up(lambda register: register("g", "Tag", label="tier-1"))
    assert list(engine.diff("g", {"label": "tier-2"}).replaces) == ["label"]


def test_a_tag_is_put_on_an_entity_and_looked_for(engine, stub):
    stub.answers("POST", "/teams/T1/change_tags", {}, 200)
    stub.answers("GET", "/teams/T1", {"team": {"id": "T1"}})
    pages = {"tags": [], "limit": 25, "offset": 0, "more": True}
    stub.answers("GET", "/teams/T1/tags?offset=0", pages)
    stub.answers("GET", "/teams/T1/tags?offset=25", {"tags": [TAG["tag"]], "more": False})
    engine.up(lambda register: register("a", "TagAssignment", **ON_TEAM))
    assert stub.calls() == ["POST /teams/T1/change_tags", "GET /teams/T1", TAGS, "GET /teams/T1/tags?offset=25"]
    assert stub.requests[0]["body"] == {"add": [{"type": "tag_reference", "id": "G1"}]}
    assert engine.resources["a"]["id"] == "T1.G1"


def test_an_assignment_whose_team_is_gone_is_dropped_by_a_refresh(tagged, stub):
    stub.forgets("GET", "/teams/T1")
    stub.refuses("GET", "/teams/T1", 404)
    tagged.refresh()
    assert tagged.resources == {}


def test_a_tag_is_taken_off_again(tagged, stub):
    tagged.destroy()
    assert stub.calls() == ["POST /teams/T1/change_tags"]
    assert stub.requests[0]["body"] == {"remove": [{"type": "tag_reference", "id": "G1"}]}


def test_an_assignment_is_imported_by_type_entity_and_tag(tagged):
    answer = tagged.adopt("b", "TagAssignment", "teams.T1.G1")
    assert (answer.id, dict(answer.inputs)) == ("T1.G1", ON_TEAM)


def test_an_assignment_cannot_be_imported_by_its_own_id(engine):
    fault = fault_of(engine.adopt, "a", "TagAssignment", "T1.G1")
    assert fault == "'T1.G1': a tag assignment is imported as ENTITY_TYPE.ENTITY_ID.TAG_ID"


def test_a_business_service_without_a_team_sends_an_empty_one(engine, stub):
    stub.answers("POST", "/business_services", raw_service(), 201)
    stub.answers("GET", "/business_services/B1", raw_service())
    engine.up(lambda register: register("b", "BusinessService", name="Shop"))
    assert stub.requests[0]["body"]["business_service"] == {
        "name": "Shop",
        "description": "Managed by Pulumi",
        "team": {},
        "type": "business_service",
    }
    assert stub.calls() == ["POST /business_services", "GET /business_services/B1"]


def test_a_changed_business_service_is_what_the_answer_says(engine, stub):
    stub.answers("POST", "/business_services", raw_service(), 201)
    stub.answers("GET", "/business_services/B1", raw_service())
    stub.answers("PUT", "/business_services/B1", raw_service(team={"id": "T1"}, summary="Shop!"))
    engine.up(lambda register: register("b", "BusinessService", name="Shop"))
    stub.requests.clear()
    engine.up(lambda register: register("b", "BusinessService", name="Shop", team="T1"))
    assert stub.calls() == ["PUT /business_services/B1"]
    assert stub.requests[0]["body"]["business_service"]["id"] == "B1"
    assert engine.resources["b"]["state"]["summary"] == "Shop!"


def test_a_business_service_that_is_gone_counts_as_deleted(engine, stub):
    stub.answers("POST", "/business_services", raw_service(), 201)
    stub.answers("GET", "/business_services/B1", raw_service())
    engine.up(lambda register: register("b", "BusinessService", name="Shop"))
    stub.refuses("DELETE", "/business_services/B1", 404)
    engine.destroy()
    assert stub.calls()[-1] == "DELETE /business_services/B1"


def test_a_dependency_names_services_by_their_plain_types(linked, stub):
    (sent,) = stub.requests[0]["body"]["relationships"]
    assert sent == {
        "supporting_service": {"id": "S1", "type": "service"},
        "dependent_service": {"id": "B1", "type": "business_service"},
    }
    assert linked.resources["d"]["state"] == {"dependency": LINKED}


def test_a_service_that_is_not_there_yet_is_waited_for(engine, stub):
    stub.refuses("POST", "/service_dependencies/associate", 404)
    stub.answers("POST", "/service_dependencies/associate", {"relationships": [RELATION]})
    engine.up(lambda register: register("d", "ServiceDependency", dependency=LINKED))
    assert stub.calls() == ["POST /service_dependencies/associate"] * 2


def test_a_dependency_is_read_in_its_dependent_services_list(linked, stub):
    stub.answers("GET", OF_B1, {"relationships": [{**RELATION, "id": "D0"}, RELATION]})
    linked.refresh()
    inputs = {key: value for key, value in LINKED.items() if key != "type"}
    assert linked.up(lambda register: register("d", "ServiceDependency", dependency=inputs)) == []


def test_a_dependency_that_is_not_in_the_list_is_dropped(linked, stub):
    stub.answers("GET", OF_B1, {"relationships": []})
    linked.refresh()
    assert linked.resources == {}


def test_a_dependency_is_dissolved_as_the_list_has_it(linked, stub):
    stub.answers("GET", OF_B1, {"relationships": [RELATION]})
    stub.answers("POST", "/service_dependencies/disassociate", {"relationships": [RELATION]})
    linked.destroy()
    (sent,) = stub.requests[-1]["body"]["relationships"]
    assert sent == {
        **RELATION,
        "supporting_service": {"id": "S1", "type": "service"},
        "dependent_service": {"id": "B1", "type": "business_service"},
    }


def test_a_changed_dependency_is_another_one(linked):
    other = {**LINKED, "supportingServices": [{"id": "S2", "type": "service"}]}
    assert list(linked.diff("d", {"dependency": other}).replaces) == ["dependency"]


def test_a_dependency_is_imported_by_a_service_and_its_id(engine, stub):
    stub.answers("GET", "/service_dependencies/technical_services/S1", {"relationships": [RELATION]})
    stub.answers("GET", OF_B1, {"relationships": [RELATION]})
    answer = engine.adopt("d", "ServiceDependency", "S1.service.D1")
    assert answer.id == "D1"
    assert stub.calls() == ["GET /service_dependencies/technical_services/S1", f"GET {OF_B1}"]

"""One differ over plain resources."""

from oncall.plan import FieldChange, diff
from oncall.resource import Ref, Resource


def service(key: str, **words: object) -> Resource:
    return Resource("vendor:Service", key, {"name": key, **words})


def test_equal_sets_have_no_difference_whatever_their_order() -> None:
    assert diff([service("a"), service("b")], [service("b"), service("a")]) == ()


def test_what_is_new_what_changed_and_what_goes() -> None:
    created, updated, deleted = diff([service("a"), service("b", size=1)], [service("c"), service("b", size=2)])

    assert (created.action, created.resource.key) == ("create", "c")
    assert (updated.action, updated.resource.key, updated.fields) == ("update", "b", (FieldChange("size", 1, 2),))
    assert (deleted.action, deleted.resource.key) == ("delete", "a")


def test_a_list_has_an_order_and_a_mapping_has_none() -> None:
    before = service("a", rules=("x", "y"), urgency={"type": "constant", "value": 1})
    assert diff([before], [service("a", rules=("x", "y"), urgency={"value": 1, "type": "constant"})]) == ()
    assert diff([before], [service("a", rules=("y", "x"), urgency={"type": "constant", "value": 1})])


def test_a_resource_with_another_key_is_known_by_the_one_it_had() -> None:
    old = [Resource("vendor:Team", "a", {}), service("a", team=Ref("vendor:Team", "a"))]
    new = [
        Resource("vendor:Team", "b", {}, formerly=("a",)),
        Resource("vendor:Service", "b", {"name": "a", "team": Ref("vendor:Team", "b")}, formerly=("a",)),
    ]

    assert [(each.action, each.fields) for each in diff(old, new)] == [("rekey", ()), ("rekey", ())]


def test_look_ups_make_nothing() -> None:
    assert diff([], [Resource("vendor:User", "ana", {"email": "ana@acme.example"}, lookup=True)]) == ()

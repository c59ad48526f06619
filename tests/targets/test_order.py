"""In which order objects are made and go, which is their order backwards; the shapes the SDKs take."""

import inspect
from pathlib import Path

import pulumi_pagerduty
import pytest

from oncall import sdk
from oncall.model import Inventory
from oncall.resource import Ref
from oncall.source import read
from oncall.targets import OPSGENIE, PAGERDUTY, TARGETS

HERE = Path(__file__).parent / "inventories"
CORNERS = HERE / "corners.yaml"
INVENTORIES = sorted(HERE.glob("*.yaml"))


def load(path):
    return Inventory.model_validate(read([(path.name, path.read_bytes())]).data)


def refs_in(value):
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, tuple):
        for inner in value:
            yield from refs_in(inner)
    elif hasattr(value, "values"):
        for inner in value.values():
            yield from refs_in(inner)


def needs(resource):
    return {(ref.kind, ref.key) for ref in (*resource.after, *refs_in(resource.properties))}


def all_needs(resources):
    """Everything each object directly or indirectly waits for; it goes before all of these."""
    found = {}
    for resource in resources:
        direct = needs(resource)
        found[resource.kind, resource.key] = direct.union(*(found[place] for place in direct))
    return found


@pytest.fixture(
    params=[(path, target) for path in INVENTORIES for target in TARGETS],
    ids=lambda case: f"{case[0].stem}-{case[1].name}",
)
def resources(request, now):
    path, target = request.param
    return target.desired(load(path), now)


def test_an_object_comes_after_all_it_refers_to(resources):
    seen = set()
    early = []
    for resource in resources:
        early += [(resource.kind, resource.key, place) for place in needs(resource) - seen]
        seen.add((resource.kind, resource.key))
    assert early == []


def test_no_object_is_there_twice(resources):
    places = [(resource.kind, resource.key) for resource in resources]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.stem)
def test_the_order_of_the_file_does_not_matter(path, target, now):
    inventory = load(path)
    nouns = ("people", "teams", "servers")
    turned = inventory.model_copy(update={noun: dict(reversed(getattr(inventory, noun).items())) for noun in nouns})
    assert target.desired(turned, now) == target.desired(inventory, now)


GOES_BEFORE = [
    ("pagerduty:ServiceIntegration", "pagerduty:Service"),
    ("pagerduty:Service", "pagerduty:EscalationPolicy"),
    ("pagerduty:EscalationPolicy", "pagerduty:TeamMembership"),
    ("pagerduty:Schedule", "pagerduty:TeamMembership"),
    ("pagerduty:Schedulev2", "pagerduty:TeamMembership"),
    ("pagerduty:TeamMembership", "pagerduty:Team"),
    ("opsgenie:RoutingRule", "opsgenie:Escalation"),
    ("opsgenie:Rotation", "opsgenie:Schedule"),
    ("opsgenie:Schedule", "opsgenie:Team"),
    ("opsgenie:Escalation", "opsgenie:Team"),
    ("opsgenie:ApiIntegration", "opsgenie:Team"),
    ("opsgenie:Heartbeat", "opsgenie:Team"),
]


@pytest.mark.parametrize("first, second", GOES_BEFORE)
def test_what_a_vendor_refuses_to_delete_while_it_is_used_goes_later(first, second, now):
    inventory = load(CORNERS)
    target = PAGERDUTY if first.startswith("pagerduty") else OPSGENIE
    waits = all_needs(target.desired(inventory, now))
    lonely = [
        key
        for (kind, key), found in waits.items()
        # A team's default rule may point at nothing: then no escalation waits for it.
        if kind == first and key != "quiet" and not any(place[0] == second for place in found)
    ]
    assert lonely == []


def test_a_policy_goes_before_the_schedules_it_tells(now):
    waits = all_needs(PAGERDUTY.desired(load(CORNERS), now))
    told = {key for kind, key in waits["pagerduty:EscalationPolicy", "layered/hint"] if kind == "pagerduty:Schedule"}
    assert told == {"layered/week", "moving/office/days", "moving/office/lunch", "moving/office/nights"}


def _arguments(kind):
    target, _, noun = kind.partition(":")
    if target == "pagerduty" and hasattr(sdk, f"Pagerduty{noun}"):  # of our own provider
        return set(inspect.signature(getattr(sdk, f"Pagerduty{noun}")).parameters)
    if target == "opsgenie":
        return set(inspect.signature(getattr(sdk, noun)).parameters)
    return set(inspect.signature(getattr(pulumi_pagerduty, noun)._internal_init).parameters)


def test_properties_are_arguments_of_the_sdks(resources):
    unknown = {
        (resource.kind, name)
        for resource in resources
        if not resource.lookup
        for name in resource.properties.keys() - _arguments(resource.kind)
    }
    assert unknown == set()


NESTED = {
    ("pagerduty:Schedule", "layers"): "ScheduleLayerArgsDict",
    ("pagerduty:Schedulev2", "rotations"): "Schedulev2RotationArgsDict",
    ("pagerduty:EscalationPolicy", "rules"): "EscalationPolicyRuleArgsDict",
    ("pagerduty:Service", "incident_urgency_rule"): "ServiceIncidentUrgencyRuleArgsDict",
    ("pagerduty:Service", "support_hours"): "ServiceSupportHoursArgsDict",
    ("pagerduty:Service", "scheduled_actions"): "ServiceScheduledActionArgsDict",
}


@pytest.mark.parametrize("place", NESTED, ids=str)
def test_nested_properties_are_those_of_the_sdk(place, now):
    kind, name = place
    known = set(getattr(pulumi_pagerduty, NESTED[place]).__annotations__)
    found = [
        value
        for resource in PAGERDUTY.desired(load(CORNERS), now)
        if resource.kind == kind and name in resource.properties
        for value in (
            resource.properties[name] if isinstance(resource.properties[name], tuple) else (resource.properties[name],)
        )
    ]
    assert (bool(found), set().union(*found) - known) == (True, set())


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.stem)
def test_every_finding_has_a_rule(path, target, now):
    found = {finding.rule for finding in target.audit(load(path), now)}
    assert found - set(target.rules) == set()

"""What the vendors make of edited rotations is what the plan says: random edits, rendered by the sandbox's rules."""

from collections import Counter
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from oncall.edits.refusal import Refusal
from oncall.edits.rota import plan
from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.rota import Rota
from oncall.targets import OPSGENIE, PAGERDUTY
from sandbox.opsgenie.rendering import Plan
from sandbox.pagerduty.render import layer_spans, overlay
from tests.edits.conftest import NAIVE
from tests.edits.test_rota_promises import a_case, inventory_of

FORTH, MINUTE = timedelta(weeks=6), timedelta(minutes=1)
SCHEDULE = ScheduleRef("edge", "sun")


def at_pagerduty(stored, inventory, now):
    spans = []
    for resource in PAGERDUTY.desired(inventory, now):
        if resource.kind == "pagerduty:Schedule":
            rendered = []
            for layer in map(stored.layer, resource.properties["layers"]):
                zone = resource.properties["time_zone"]
                rendered = overlay(rendered, layer_spans(layer, zone, now, now + FORTH))
            spans += rendered
    return lambda at: {span.user for span in spans if span.start <= at < span.end}


def at_opsgenie(stored, inventory, now):
    resources = OPSGENIE.desired(inventory, now)
    zones = {one.key: one.properties["timezone"] for one in resources if one.kind == "opsgenie:Schedule"}
    plans = [
        Plan(ZoneInfo(zones[one.properties["schedule_id"].key]), (stored.rotation(one),))
        for one in resources
        if one.kind == "opsgenie:Rotation"
    ]
    return lambda at: {who.name for each in plans if (who := each.holder(each.rotations[0], at))}


VENDORS = {"pagerduty": (PAGERDUTY, at_pagerduty), "opsgenie": (OPSGENIE, at_opsgenie)}


def test_edited_rotations_page_whom_the_plan_says(stored):
    done = Counter()

    @settings(max_examples=250, deadline=None, database=None, phases=[Phase.generate])
    @given(st.integers(0, 2**64))
    def run(seed):
        zone, words, name, edits = a_case(Random(seed), NAIVE)
        target, paged_by = VENDORS[name]
        inventory = Inventory.model_validate(NAIVE.acme(zone, words, name))
        for ask in edits[:4]:
            try:
                made = plan(inventory, ask)
            except Refusal:
                continue
            edited = inventory_of(inventory, made).model_copy(update={"overrides": ()})  # rotations alone
            if made.empty or any(one.severity != "notice" for one in target.audit(edited, ask.now)):
                continue
            paged, rota = paged_by(stored, edited, ask.now), Rota(edited)
            shifts = rota.timeline(SCHEDULE, ask.now, ask.now + FORTH).shifts
            edges = {edge + off for one in shifts[:150] for edge in (one.start, one.end) for off in (-MINUTE, MINUTE)}
            for at in sorted(edge for edge in edges if ask.now <= edge < ask.now + FORTH):
                assert paged(at) == {one.person for one in rota.on_call(SCHEDULE, at)}, (at, ask)
            done[name, made.after.takes_over is not None] += 1

    run()
    assert len(done) == 4, done
    assert min(done.values()) > 5, done

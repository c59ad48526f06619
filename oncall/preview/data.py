"""A preview for machines. `version` grows whenever a key changes its meaning or goes; new keys may come at any time."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from oncall.errors import Problem
from oncall.model.escalation import ScheduleRef
from oncall.preview.drift_words import thing, told
from oncall.preview.model import EngineRun, Live, Preview, Route, ShiftChange
from oncall.preview.objects import ACTIONS, ENGINE_ACTIONS, title
from oncall.shifts.intervals import Intervals

VERSION = 1


def as_data(preview: Preview) -> dict[str, Any]:
    """Return a preview as plain data: instants in UTC, lengths in minutes, people and teams by key."""
    return {
        "version": VERSION,
        "verdict": preview.verdict,
        "exit_code": preview.exit_code,
        "organization": preview.organization,
        "from": _instant(preview.start),
        "to": _instant(preview.end),
        "note": preview.note,
        "shifts": [_shift(one) for one in preview.shifts],
        "later": [_shift(one) for one in preview.later],
        "people": [
            {"person": one.person, "name": preview.names.get(one.person), "lost_minutes": _minutes(one.lost),
             "won_minutes": _minutes(one.won)}
            for one in preview.hours
        ],
        "rosters": [
            {"rotation": f"{_name(one.ref)}/{one.rotation}", "zone": one.zone, "before": list(one.before),
             "after": list(one.after), "words": [list(word) for word in one.words],
             "first_change": one.first_change and _instant(one.first_change),
             "hand_off": one.hand_off and _instant(one.hand_off), "rollout_now": one.rollout_now}
            for one in preview.edits
        ],
        "coverage": [
            {"team": one.team, "tier": one.tier, "severity": one.severity, "lost": _spans(one.lost),
             "won": _spans(one.won)}
            for one in preview.coverage
        ],
        "findings": {
            "new": [_problem(each) for each in preview.new_problems],
            "fixed": [_problem(each) for each in preview.fixed_problems],
        },
        "servers": [
            {"server": one.server, "before": _route(one.before), "after": _route(one.after)} for one in preview.routes
        ],
        "escalations": [
            {"team": one.team, "tiers": list(one.tiers), "before": one.before, "after": one.after}
            for one in preview.escalations
        ],
        "settings": [asdict(one) for one in preview.settings],
        "objects": {
            vendor: [{"action": ACTIONS[one.action], "object": title(one.resource),
                      "fields": [field.name for field in one.fields]} for one in changes]
            for vendor, changes in preview.objects.items()
        },
        "guard": [asdict(one) for one in preview.stops],
        **({"live": _live(preview.live, preview.names)} if preview.live is not None else {}),
        **({"engine": _engine(preview.engine)} if preview.engine is not None else {}),
    }  # fmt: skip


def _live(live: Live, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "asked": list(live.asked),
        "drift": [
            {"vendor": one.vendor, "kind": one.change.resource.kind, "key": one.change.resource.key,
             "object": thing(one.change.resource, names), "difference": told(one.change, names), "link": one.link,
             "by": one.who, "at": one.at and _instant(one.at)}
            for one in live.drift
        ],
        "by_hand": [
            {"vendor": one.vendor, "schedule": _name(one.ref), "from": _instant(one.start), "to": _instant(one.end),
             "who": one.who}
            for one in live.by_hand
        ],
        "preflight": [asdict(one) for one in live.obstacles],
        "foreign": {vendor: dict(counts) for vendor, counts in live.foreign.items()},
        "notes": list(live.notes),
    }  # fmt: skip


def _engine(run: EngineRun) -> dict[str, Any]:
    return {
        "agrees": run.agrees,
        "counts": {vendor: dict(counts) for vendor, counts in run.counts.items()},
        "made_anew": [{"vendor": vendor, "object": name} for vendor, name in run.made_anew],
        "differences": [
            {"vendor": one.vendor, "object": one.title, "edit": one.edit and ACTIONS[one.edit],
             "engine": one.engine and ENGINE_ACTIONS[one.engine], "why": one.why}
            for one in run.differences
        ],
    }  # fmt: skip


def _route(route: Route | None) -> dict[str, Any] | None:
    return asdict(route) if route is not None else None


def _shift(one: ShiftChange) -> dict[str, Any]:
    return {"schedule": _name(one.ref), "name": one.name, "zone": one.zone, "from": _instant(one.start),
            "to": _instant(one.end), "before": list(one.before), "after": list(one.after), "goes_on": one.goes_on,
            "reason": one.reason}  # fmt: skip


def _name(ref: ScheduleRef) -> str:
    return f"{ref.team}/{ref.schedule}"


def _instant(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _spans(spans: Intervals) -> list[dict[str, str]]:
    return [{"from": _instant(start), "to": _instant(end)} for start, end in spans]


def _problem(problem: Problem) -> dict[str, Any]:
    mark = problem.mark
    return {"file": mark.file, "line": mark.line, "column": mark.column, "rule": problem.rule,
            "severity": problem.severity, "message": problem.message}  # fmt: skip

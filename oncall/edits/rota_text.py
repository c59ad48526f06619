"""A planned rotation as text: only what changes is written, everything else stays as people have typed it."""

from datetime import date, datetime
from typing import Any

from oncall.edits.rota_orders import Add
from oncall.edits.rota_stage import Plan, RotationRef
from oncall.errors import Finding, Path
from oncall.model import HandOff, Inventory, Lineup, Rotation, Turn
from oncall.model.words import DAYS, parse_hand_off, parse_moment, parse_turn
from oncall.source.writer import Files, append, set_value
from oncall.validate import Context, dates, schedules

_WORDS = {"turn": parse_turn, "hand_off": parse_hand_off, "since": parse_moment, "takes_over": parse_moment}
_FIELDS = ("people", "turn", "hand_off", "since", "takes_over", "rollout", "before")
Typed = dict[tuple[str, Any], str]


def rotation_path(ref: RotationRef) -> Path:
    """Return where a rotation stands in the data."""
    return ("teams", ref.team, "schedules", ref.schedule, "rotations", ref.rotation)


def out_of_order(inventory: Inventory, ref: RotationRef, now: datetime) -> list[Finding]:
    """Return the errors of a rotation's line-ups themselves: with these, nobody can say what an edit would mean."""
    context, path = Context(inventory, now), rotation_path(ref)
    found = (finding for rule in (*schedules.RULES, *dates.RULES) for finding in rule.findings(context))
    return [finding for finding in found if finding.severity == "error" and finding.path[: len(path)] == path]


def written(files: Files, data: dict[str, Any], inventory: Inventory, plan: Plan) -> Files:
    """Return the files with a plan in them; `data` is what they hold and `inventory` what that means.

    Somebody who joins becomes a member of the team as well. Raises EditError where the layout can't be edited.
    """
    path, ref = rotation_path(plan.ask.ref), plan.ask.ref
    if plan.after != plan.before:
        here: Any = data
        for step in path:
            here = here[step]
        files = set_value(files, path, _rotation_words(plan.after, here))
    change = plan.ask.change
    if isinstance(change, Add) and new_member(inventory, plan):
        files = append(files, ("teams", ref.team, "members"), change.person)
    for override in plan.overrides:
        words = {
            "schedule": override.schedule,
            "person": override.person,
            "from": moment_words(override.start),
            "to": moment_words(override.end),
            "instead_of": override.instead_of,
        }
        files = append(files, ("overrides",), words)
    return files


def new_member(inventory: Inventory, plan: Plan) -> bool:
    """Whether a plan brings somebody who is no member of the team yet."""
    change, members = plan.ask.change, inventory.teams[plan.ask.ref.team].members
    joins = isinstance(change, Add) and plan.after != plan.before
    return joins and isinstance(change, Add) and all(member.person != change.person for member in members)


def moment_words(moment: date | datetime) -> str:
    """Return a moment as it is typed in the file."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")


def turn_words(turn: Turn) -> str:
    """Return a turn as it is typed: `2 weeks`."""
    return f"{turn.count} {turn.unit}{'s' if turn.count > 1 else ''}"


def hand_off_words(hand_off: HandOff) -> str:
    """Return a hand-off as it is typed: `Mon 09:00`."""
    day = f"{DAYS[hand_off.weekday]} " if hand_off.weekday is not None else ""
    return f"{day}{hand_off.at:%H:%M}"


def _rotation_words(rotation: Rotation, data: dict[str, Any]) -> dict[str, Any]:
    """Return a rotation's data: its line-ups anew, the keys that are no line-up's as they are."""
    typed = _typed(data)
    words = _lineup_words(rotation, typed)
    kept = [key for key in data if key in words or key not in _FIELDS]
    for key in _FIELDS:
        if key in words and key not in kept:  # after the line-up's key before it; `before` is long, and last
            near = next(each for each in reversed(_FIELDS[: _FIELDS.index(key)]) if each in kept)
            kept.insert(len(kept) if key == "before" else kept.index(near) + 1, key)
    return {key: words.get(key, data.get(key)) for key in kept}


def _lineup_words(lineup: Rotation | Lineup, typed: Typed) -> dict[str, Any]:
    words: dict[str, Any] = {"people": list(lineup.people)}
    if lineup.turn is not None:
        words["turn"] = typed.get(("turn", lineup.turn)) or turn_words(lineup.turn)
    if lineup.hand_off is not None:
        words["hand_off"] = typed.get(("hand_off", lineup.hand_off)) or hand_off_words(lineup.hand_off)
    words["since"] = typed.get(("since", lineup.since)) or moment_words(lineup.since)
    if lineup.takes_over is not None:
        words["takes_over"] = typed.get(("takes_over", lineup.takes_over)) or moment_words(lineup.takes_over)
    if lineup.rollout is not None:
        words["rollout"] = lineup.rollout
    if lineup.before is not None:
        words["before"] = _lineup_words(lineup.before, typed)
    return words


def _typed(data: Any) -> Typed:
    """Return how the values of line-ups are typed already: `2026-12-07T09:00` need not become `2026-12-07 09:00`."""
    found: Typed = {}
    while isinstance(data, dict):
        for field, parse in _WORDS.items():
            if isinstance(data.get(field), str):
                found.setdefault((field, parse(data[field])), data[field])
        data = data.get("before")
    return found

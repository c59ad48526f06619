"""Layers of a schedule as they are submitted, stored and answered.

What a layer may hold: https://developer.pagerduty.com/api-reference (ScheduleLayer, Restriction). Layers can't be
deleted, so a stored layer that an update leaves out is ended (a switch of the account), and stays in the answers.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.pagerduty.account import NO_STAKEHOLDERS, Account
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.render import Layer, Restriction
from sandbox.pagerduty.responses import Json, reference
from sandbox.pagerduty.times import parse_time, zoned_text

MIN_TURN = timedelta(hours=1)
MAX_TURN = timedelta(days=365)
_LONGEST = {"daily_restriction": timedelta(days=1), "weekly_restriction": timedelta(days=7)}
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


def submitted(account: Account, body: Json, fields: Fields) -> tuple[Layer, ...]:
    """Return the layers of a new schedule, in the order submitted."""
    return tuple(_layers(account, body, fields, {}))


def replaced(account: Account, old: tuple[Layer, ...], body: Json, fields: Fields) -> tuple[Layer, ...]:
    """Return the layers after an update: those left out first (so that they win over nothing), then those sent.

    One left out that is still to end is ended now; its start stays, so one that was to begin later shows nothing.
    """
    sent = _layers(account, body, fields, {layer.id: layer for layer in old})
    kept = {layer.id for layer in sent}
    ends = account.switches.absent_layer_ends
    left = [
        replace(layer, end=account.stamp()) if ends and (layer.end is None or layer.end > account.now()) else layer
        for layer in old
        if layer.id not in kept
    ]
    return (*left, *sent)


def _layers(account: Account, body: Json, fields: Fields, old: Mapping[str, Layer]) -> list[Layer]:
    layers: list[Layer] = []
    sent = body.get("schedule_layers")
    if not isinstance(sent, list) or not sent:
        fields.refuse("Schedule layers can't be empty")
        return []
    seen: set[str] = set()
    for number, one in enumerate(sent, 1):
        errors: list[str] = []
        if isinstance(one, Mapping):
            layer = _layer(account, one, errors, old, f"Layer {number}")
            if layer.id in seen:
                errors.append("the id is used twice")
            seen.add(layer.id)
            layers.append(layer)
        else:
            errors.append("must be an object")
        fields.errors.extend(f"Schedule layer {number}: {error}" for error in errors)
    return layers


def _layer(account: Account, body: Mapping[str, Any], errors: list[str], old: Mapping[str, Layer], title: str) -> Layer:
    key = body.get("id")
    before = old.get(key) if isinstance(key, str) else None
    if key is not None and before is None:
        errors.append(f"there is no layer {key}")
    turn = body.get("rotation_turn_length_seconds")
    if isinstance(turn, bool) or not isinstance(turn, int) or not MIN_TURN <= timedelta(seconds=turn) <= MAX_TURN:
        errors.append("rotation_turn_length_seconds must be from 3600 to 31536000")
        turn = 3600
    start = _time(body, "start", errors) or account.stamp()
    return Layer(
        id=before.id if before else account.new_id(),
        name=str(body.get("name") or (before.name if before else title)),
        start=_start(account, start, before),
        end=_time(body, "end", errors) if body.get("end") is not None else None,
        virtual_start=_time(body, "rotation_virtual_start", errors) or start,
        turn=timedelta(seconds=turn),
        users=_users(account, body, errors),
        restrictions=_restrictions(body, errors),
    )


def _start(account: Account, sent: datetime, before: Layer | None) -> datetime:
    """Return a layer's start: one in the past is moved to now, or stays where it was if that is past as well."""
    now = account.stamp()
    if sent > now:
        return sent
    return before.start if before and before.start <= now else now


def _time(body: Mapping[str, Any], name: str, errors: list[str]) -> datetime | None:
    try:
        return parse_time(body.get(name))
    except ValueError:
        errors.append(f"{name} must be a time with a zone")
        return None


def _users(account: Account, body: Mapping[str, Any], errors: list[str]) -> tuple[str, ...]:
    users: list[str] = []
    for one in body.get("users") or []:
        user = one.get("user", one) if isinstance(one, Mapping) else None
        key = user.get("id") if isinstance(user, Mapping) else None
        if account.stakeholder(key):
            errors.append(NO_STAKEHOLDERS)
        elif key in account.users:
            users.append(str(key))
        else:
            errors.append(f"user not found: {key}")
    if not users and not errors:
        errors.append("users can't be empty")
    return tuple(users)


def _restrictions(body: Mapping[str, Any], errors: list[str]) -> tuple[Restriction, ...]:
    found: list[Restriction] = []
    for one in body.get("restrictions") or []:
        kind = one.get("type") if isinstance(one, Mapping) else None
        if kind not in _LONGEST:
            errors.append("a restriction is a daily_restriction or a weekly_restriction")
            continue
        clock = _CLOCK.fullmatch(str(one.get("start_time_of_day")))
        seconds, weekday = one.get("duration_seconds"), one.get("start_day_of_week")
        whole = isinstance(seconds, int) and not isinstance(seconds, bool)
        if not clock or not whole or not timedelta(0) < timedelta(seconds=seconds) < _LONGEST[kind]:
            errors.append(f"a {kind} needs start_time_of_day HH:MM:SS and duration_seconds below its period")
            continue
        if kind == "daily_restriction":
            weekday = None
        elif weekday not in range(1, 8):
            errors.append("a weekly_restriction needs start_day_of_week, 1 (Monday) to 7")
            continue
        hours, minutes, rest = (int(part or 0) for part in clock.groups())
        start = timedelta(hours=hours, minutes=minutes, seconds=rest)
        found.append(Restriction(weekday, start, timedelta(seconds=seconds)))
    return tuple(found)


def layer_json(account: Account, layer: Layer, zone: str) -> Json:
    """Return a layer, times with the offset of the schedule's zone."""
    return {
        "id": layer.id,
        "name": layer.name,
        "start": zoned_text(layer.start, zone),
        "end": zoned_text(layer.end, zone) if layer.end else None,
        "rotation_virtual_start": zoned_text(layer.virtual_start, zone),
        "rotation_turn_length_seconds": int(layer.turn.total_seconds()),
        "users": [{"user": reference(account, "user", user)} for user in layer.users],
        "restrictions": [_restriction_json(one) for one in layer.restrictions],
    }


def _restriction_json(one: Restriction) -> Json:
    hours, rest = divmod(int(one.start.total_seconds()), 3600)
    answer: Json = {
        "type": "daily_restriction" if one.weekday is None else "weekly_restriction",
        "start_time_of_day": f"{hours:02}:{rest // 60:02}:{rest % 60:02}",
        "duration_seconds": int(one.length.total_seconds()),
    }
    return answer if one.weekday is None else answer | {"start_day_of_week": one.weekday}

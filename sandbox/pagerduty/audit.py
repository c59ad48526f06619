"""The audit trail: a record of every change of a user, team, schedule, escalation policy or service, and of its parts.

https://developer.pagerduty.com/docs/audit-records-api. Records are made where calls are handled, from what the object
was answered as before and after the call, so that no handler can forget to write one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import audit_subjects
from sandbox.pagerduty.audit_subjects import Subject
from sandbox.pagerduty.call import Call, Handler
from sandbox.pagerduty.responses import Json, base, reference

ACTIONS = {"POST": "create", "PUT": "update", "DELETE": "delete"}


@dataclass(frozen=True)
class Record:
    """One change."""

    id: str
    at: datetime
    kind: str
    root: Json
    action: str
    actor: Json
    token: str
    details: Json


def audited(path: str, method: str, handler: Handler) -> Handler:
    """Return a handler that also writes the record of what it changes, where the path is of an audited object."""
    kind = audit_subjects.kind_of(path)
    if method not in ACTIONS or kind is None:
        return handler

    def recorded(call: Call) -> Response:
        before = audit_subjects.subject(call, kind, path)
        answer = handler(call)
        if answer.status_code < 300:
            after = audit_subjects.subject(call, kind, path) or audit_subjects.created(call, kind, answer)
            _record(call, kind, path, before, after)
        return answer

    recorded.__doc__ = handler.__doc__
    return recorded


def _record(call: Call, kind: str, path: str, before: Subject | None, after: Subject | None) -> None:
    now = call.account.core.clock.now()
    subject = after or before
    if subject is None:
        return
    whole = before is None or after is None
    action = "update" if not whole else "create" if before is None else "delete"
    part = audit_subjects.part(call, kind, path, subject.reference)
    fields = _fields(before.fields if before else {}, after.fields if after else {})
    references = _references(before.references if before else {}, after.references if after else {})
    if action == "update" and not (part or fields or references):
        return
    details: Json = {"resource": part or subject.reference}
    details |= ({"fields": fields} if fields else {}) | ({"references": references} if references else {})
    token = audit_subjects.token_end(call)
    user = call.requester()
    actor = reference(call.account, "user", user) if user else base("api_key_reference", token, None, "/api_keys")
    record = Record(call.account.new_id("Q"), now, kind, subject.reference, action, actor, token, details)
    call.account.audit.append(record)


def _fields(before: dict[str, str], after: dict[str, str]) -> list[Json]:
    found: list[Json] = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old != new:
            row: Json = {"name": name}
            found.append(row | ({"value": new} if new is not None else {}) | ({"before_value": old} if old else {}))
    return found


def _references(before: dict[str, list[Json]], after: dict[str, list[Json]]) -> list[Json]:
    found: list[Json] = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, []), after.get(name, [])
        added = [one for one in new if one["id"] not in {other["id"] for other in old}]
        removed = [one for one in old if one["id"] not in {other["id"] for other in new}]
        if added or removed:
            found.append({"name": name, "added": added, "removed": removed})
    return found


def listed(call: Call) -> Response:
    """GET /audit/records, by root_resource_types[], actions[], actor_type with actor_id, method_type with its token."""
    kinds, actions = call.many("root_resource_types"), call.many("actions")
    actor_type, actor = call.query("actor_type"), call.query("actor_id")
    method, token = call.query("method_type"), call.query("method_truncated_token")
    audit_subjects.check_filters(actor_type, actor, method, token)

    def wanted(record: Record) -> bool:
        return (
            (not kinds or record.kind in kinds)
            and (not actions or record.action in actions)
            and actor_type in (None, record.actor["type"])
            and actor in (None, record.actor["id"])
            and method in (None, "api_token")
            and token in (None, record.token)
        )

    return _page(call, wanted)


def of_root(kind: str) -> Handler:
    """Return the handler that lists the records of one object of a kind."""

    def listed_of_root(call: Call) -> Response:
        """GET .../audit/records: of one object, deleted ones included."""
        return _page(call, lambda record: record.kind == kind and record.root["id"] == call.path())

    return listed_of_root


def _page(call: Call, wanted: Callable[[Record], bool]) -> Response:
    """Answer a part of the records, newest first; a cursor tells where the next begins."""
    since, until = audit_subjects.window(call)
    found = [one for one in reversed(call.account.audit) if since <= one.at <= until and wanted(one)]
    part, limit, following = audit_subjects.after_cursor(call, found)
    records = [_json(one) for one in part]
    return json_answer({"records": records, "next_cursor": following, "limit": limit})


def _json(record: Record) -> Json:
    at = record.at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    method: dict[str, Any] = {"type": "api_token", "truncated_token": record.token}
    return {
        "id": record.id,
        "self": None,
        "execution_time": at,
        "execution_context": {"request_id": record.id.lower(), "remote_address": "127.0.0.1"},
        "actors": [record.actor],
        "method": method,
        "root_resource": record.root,
        "action": record.action,
        "details": record.details,
    }

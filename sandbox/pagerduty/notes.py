"""Calls on the notes of an incident."""

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import webhook_events
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import invalid, not_found
from sandbox.pagerduty.history import log
from sandbox.pagerduty.incident_json import note_json
from sandbox.pagerduty.incidents import requester
from sandbox.pagerduty.models import Note

# The published document's limit, and the sandbox's own of a note's characters.
MAX_NOTES = 2000
MAX_CONTENT = 25_000


def listed(call: Call) -> Response:
    """GET /incidents/{id}/notes: all of them, without pages."""
    incident = call.account.incident(call.path())
    return json_answer({"notes": [note_json(call.account, note) for note in incident.notes]})


def create(call: Call) -> Response:
    """POST /incidents/{id}/notes: 200, as published."""
    account, incident = call.account, call.account.incident(call.path())
    agent = requester(call)
    content = _content(call)
    if len(incident.notes) >= MAX_NOTES:
        raise invalid(f"An incident can't have more than {MAX_NOTES} notes")
    note = Note(account.new_id("Q"), str(agent["id"]), content, account.now(), account.now())
    incident.notes.append(note)
    extra = {"channel": {"type": "note", "summary": content, "content": content}, "note": content}
    log(account, incident, "annotate", f"Note added by {agent['summary']}", agent, extra)
    webhook_events.of_note(account, incident, note, agent)
    return json_answer({"note": note_json(account, note)})


def update(call: Call) -> Response:
    """PUT /incidents/{id}/notes/{note}."""
    requester(call)
    note = _found(call)
    note.content, note.updated_at = _content(call), call.account.now()
    return json_answer({"note": note_json(call.account, note)})


def delete(call: Call) -> Response:
    """DELETE /incidents/{id}/notes/{note}."""
    requester(call)
    note = _found(call)
    call.account.incident(call.path()).notes.remove(note)
    return json_answer(None, 204)


def _found(call: Call) -> Note:
    for note in call.account.incident(call.path()).notes:
        if note.id == call.path("note"):
            return note
    raise not_found("Note")


def _content(call: Call) -> str:
    content = call.wrapped("note").get("content")
    if not isinstance(content, str) or not content.strip() or len(content) > MAX_CONTENT:
        raise invalid(f"Content must be a text of 1 to {MAX_CONTENT} characters")
    return content

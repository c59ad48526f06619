"""Calls on tags, and on which users, teams and escalation policies have them."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call, Handler
from sandbox.pagerduty.directory_models import Tag
from sandbox.pagerduty.errors import invalid, not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.responses import Json, base, reference

# The Tag schema of the published REST document.
MAX_LABEL = 191
ENTITIES: dict[str, tuple[str, Callable[[Account, str], Any]]] = {
    "users": ("user", Account.user),
    "teams": ("team", Account.team),
    "escalation_policies": ("escalation_policy", Account.policy),
}


def listed(call: Call) -> Response:
    """GET /tags."""
    found = [tag for tag in call.account.tags.values() if call.matches(tag.label)]
    return call.page("tags", sorted(found, key=lambda tag: tag.label.casefold()), tag_json)


def create(call: Call) -> Response:
    """POST /tags: labels are unique."""
    fields = Fields(call.wrapped("tag"))
    label = fields.text("label", None, MAX_LABEL)
    if not label or not label.strip():
        fields.refuse("Label can't be blank")
    elif _by_label(call.account, label):
        fields.refuse("Label has already been taken")
    fields.check()
    return json_answer({"tag": tag_json(_added(call.account, str(label)))}, 201)


def read(call: Call) -> Response:
    """GET /tags/{id}."""
    return json_answer({"tag": tag_json(_found(call.account, call.path()))})


def delete(call: Call) -> Response:
    """DELETE /tags/{id}: it is taken from everything that had it."""
    del call.account.tags[_found(call.account, call.path()).id]
    return json_answer(None, 204)


def entities(kind: str) -> Handler:
    """Return the handler that lists what of one kind has a tag."""

    def listed_entities(call: Call) -> Response:
        """GET /tags/{id}/{entity_type}: the users, teams or escalation policies that have a tag."""
        account, tag = call.account, _found(call.account, call.path())
        keys = [key for has, key in tag.entities if has == kind]
        return call.page(kind, keys, lambda key: reference(account, ENTITIES[kind][0], key))

    return listed_entities


def of_entity(kind: str) -> Handler:
    """Return the handler that lists the tags of one entity of a kind."""

    def listed_tags(call: Call) -> Response:
        """GET /{entity_type}/{id}/tags."""
        key = ENTITIES[kind][1](call.account, call.path()).id
        return call.page("tags", [tag for tag in call.account.tags.values() if (kind, key) in tag.entities], tag_json)

    return listed_tags


def change(kind: str) -> Handler:
    """Return the handler that adds tags to an entity of a kind, and removes others."""

    def changed(call: Call) -> Response:
        """POST /{entity_type}/{id}/change_tags: adds by id or by label, removes by id; all or nothing."""
        account, key = call.account, ENTITIES[kind][1](call.account, call.path()).id
        body = call.json if isinstance(call.json, dict) else {}
        adds, removes = _rows(body, "add"), _rows(body, "remove")
        # An unknown tag is a 400 on adding: the provider takes a 404 there for one that is yet to appear, and waits.
        if any(one.get("type") == "tag_reference" and one.get("id") not in account.tags for one in adds):
            raise invalid("Tag not found")
        if any(one.get("type") != "tag_reference" and not _is_label(one.get("label")) for one in adds):
            raise invalid("Label can't be blank")
        gone = [_found(account, str(one.get("id"))) for one in removes]
        for one in adds:
            tag = account.tags[one["id"]] if one.get("type") == "tag_reference" else _labelled(account, one["label"])
            if (kind, key) not in tag.entities:
                tag.entities.append((kind, key))
        for tag in gone:
            tag.entities = [entity for entity in tag.entities if entity != (kind, key)]
        return json_answer({})

    return changed


def forget(account: Account, kind: str, key: str) -> None:
    """Take all tags from an entity that is deleted."""
    for tag in account.tags.values():
        tag.entities = [entity for entity in tag.entities if entity != (kind, key)]


def _rows(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = body.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(one, Mapping) for one in rows):
        raise invalid(f"{name} must be an array of tags")
    return rows


def _is_label(label: Any) -> bool:
    return isinstance(label, str) and bool(label.strip()) and len(label) <= MAX_LABEL


def _found(account: Account, key: str) -> Tag:
    if key not in account.tags:
        raise not_found("Tag")
    return account.tags[key]


def _by_label(account: Account, label: str) -> Tag | None:
    return next((tag for tag in account.tags.values() if tag.label.casefold() == label.casefold()), None)


def _labelled(account: Account, label: str) -> Tag:
    return _by_label(account, label) or _added(account, label)


def _added(account: Account, label: str) -> Tag:
    tag = Tag(account.new_id(), label)
    account.tags[tag.id] = tag
    return tag


def tag_json(tag: Tag) -> Json:
    """Return a tag."""
    return base("tag", tag.id, tag.label, f"/tags/{tag.id}") | {"html_url": None, "label": tag.label}

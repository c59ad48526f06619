"""The vendors' official descriptions as judges.

Every test of the sandbox is judged by them as it runs (the fixture `judged`); here it is seen that the judge has eyes,
and, after all of them, that it saw every operation and that each known slip is still one.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Match, Route

FILES = {path.name for path in Path(__file__).parent.rglob("test_*.py")}


@pytest.fixture
def after_all(judge: Any) -> Any:
    if judge is None:
        pytest.skip("the vendors' official descriptions are not beside the checkout")
    if FILES - judge.files - {"test_spec.py"}:
        pytest.skip("looks back on all tests of the sandbox: run the whole folder")
    return judge


def description(judging: Any, tmp_path: Path, **more: Any) -> Any:
    """A small description: POST /things takes a thing and answers it."""
    thing = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "name": {"type": "string", "maxLength": 5},
            "note": {"type": "string", "nullable": True},
            "at": {"type": "string", "format": "date-time"},
            "kind": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
        },
        "required": ["id", "name"],
    }
    pets = {
        kind: {
            "type": "object",
            "properties": {"type": {"type": "string", "enum": [kind.lower()]}, voice: {"type": "string"}},
        }
        for kind, voice in (("Cat", "purr"), ("Dog", "bark"))
    }
    schema = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    call = {
        "parameters": [{"name": "include[]", "in": "query"}],
        "requestBody": schema,
        "responses": {"201": schema, "400": {"description": "No"}},
    }
    file = tmp_path / "description.json"
    file.write_text(
        json.dumps({"paths": {"/things": {"post": call}}, "components": {"schemas": {"Thing": thing, **pets}}} | more)
    )
    return judging.Description("acme", file)


GOOD = {"id": "1", "name": "Ann", "note": None, "at": "2026-03-02T09:00:00Z", "kind": {"type": "dog", "bark": "wow"}}


def said(judging: Any, judge: Any, **more: Any) -> list[str]:
    fields = {"vendor": "acme", "method": "POST", "path": "/things", "query": ("include[]",), "sent": {"name": "Ann"}}
    exchange = judging.Exchange(**fields | {"status": 201, "answered": GOOD} | more)
    return [f"{each.where} {each.at}: {each.text}" for each in judge.judge(exchange)]


def test_what_is_as_described_passes(judging, tmp_path: Path) -> None:
    assert said(judging, description(judging, tmp_path)) == []


@pytest.mark.parametrize(
    ("answered", "complaint"),
    [
        ({"name": "Annabel"}, "answer .name: 'Annabel' is too long"),
        ({"name": None}, "answer .name: None is not of type 'string'"),
        ({"at": "2026-03-02 09:00"}, "answer .at: '2026-03-02 09:00' is not a 'date-time'"),
        ({"nmae": "x"}, "answer .nmae: not described"),
        ({"kind": {"type": "dog", "bark": 1}}, "answer .kind.bark: 1 is not of type 'string'"),
        ({"kind": {"type": "cow"}}, "answer .kind.type: 'cow' is not one of ['cat']"),
    ],
)
def test_what_is_not_as_described_is_named(judging, tmp_path: Path, answered: Any, complaint: str) -> None:
    assert said(judging, description(judging, tmp_path), answered=GOOD | answered) == [complaint]


def test_a_read_only_field_is_needed_in_the_answer_only(judging, tmp_path: Path) -> None:
    answered = {name: value for name, value in GOOD.items() if name != "id"}
    assert said(judging, description(judging, tmp_path), answered=answered) == ["answer : 'id' is a required property"]


def test_only_requests_that_were_accepted_are_judged(judging, tmp_path: Path) -> None:
    wrong = {"sent": {"name": 7}, "query": ("q",)}
    accepted = said(judging, description(judging, tmp_path), **wrong)
    refused = said(judging, description(judging, tmp_path), **wrong, status=400, answered=None)
    assert (accepted, refused) == (["request ?q: not described", "request .name: 7 is not of type 'string'"], [])


def test_a_status_and_an_operation_that_are_not_described_are_named(judging, tmp_path: Path) -> None:
    small = description(judging, tmp_path)
    assert said(judging, small, status=418) == ["answer status: 418 is not described"]
    assert said(judging, small, path="/others") == ["operation : not described"]


def test_a_swagger_types_heirs_stand_for_it(judging, tmp_path: Path) -> None:
    shape = {
        "type": "object",
        "discriminator": "type",
        "required": ["type"],
        "properties": {"type": {"type": "string"}},
    }
    disc = {"allOf": [{"$ref": "#/definitions/Shape"}, {"properties": {"radius": {"type": "integer"}}}]}
    call = {
        "parameters": [{"in": "body", "name": "body", "schema": {"$ref": "#/definitions/Shape"}}],
        "responses": {"default": {"schema": {"$ref": "#/definitions/Shape"}}},
    }
    small = description(
        judging, tmp_path, paths={"/things": {"post": call}}, definitions={"Shape": shape, "Disc": disc}
    )
    found = said(judging, small, query=(), sent={"type": "disc", "radius": 1}, answered={"type": "disc", "side": 2})
    assert found == ["answer .side: not described"]


def test_after_all_every_operation_was_seen_to_be_accepted(after_all: Any, sandbox) -> None:
    seen = {
        (vendor, *_route(sandbox.vendors[vendor].routes(), method, path)) for vendor, method, path in after_all.accepted
    }
    built = {
        (vendor, method, route.path)
        for vendor, each in sandbox.vendors.items()
        for route in each.routes()
        for method in route.methods - {"HEAD"}
        if not (route.endpoint.__doc__ or "").startswith("Refuse ")
    }
    unseen = "\n".join(" ".join(each) for each in sorted(built - seen))
    if unseen:
        pytest.fail(f"no test of the sandbox has these succeed, so nobody has judged them:\n{unseen}", pytrace=False)


def test_after_all_each_slip_is_still_one(after_all: Any) -> None:
    unused = "\n".join(str(slip) for slip in after_all.slips if slip not in after_all.used)
    if unused:
        pytest.fail(f"nothing in any test of the sandbox needs these slips:\n{unused}", pytrace=False)


def _route(routes: list[Route], method: str, path: str) -> tuple[str, str]:
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "root_path": ""}
    route = next(route for route in routes if route.matches(scope)[0] is Match.FULL)
    return method, route.path

"""The judge: holds requests and answers against the vendors' official descriptions (OpenAPI 3.0 and Swagger 2.0).

The schemas are turned into JSON Schema 2020-12: `nullable` becomes a type, read-only fields are not needed in a
request, one-of is any-of (the variants overlap), and a field that the description does not have is a complaint too.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from jsonschema import Draft202012Validator, FormatChecker

METHODS = ("get", "put", "post", "delete", "patch")
PLAIN = ("type", "format", "pattern", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems")

formats = FormatChecker(formats=["email", "uuid"])


@formats.checks("date-time", raises=ValueError)
def _is_date_time(value: Any) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@formats.checks("date", raises=ValueError)
def _is_date(value: Any) -> bool:
    return not isinstance(value, str) or bool(datetime.strptime(value, "%Y-%m-%d").astimezone())


class Slip(Protocol):
    """One thing in which description and service are known to differ."""

    def covers(self, vendor: str, operation: str, complaint: str) -> bool: ...


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they passed the gate."""

    vendor: str
    method: str
    path: str
    query: tuple[str, ...]
    sent: Any
    status: int
    answered: Any

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Complaint:
    """What of an exchange is not as described: `where` is "request", "answer" or "operation"."""

    vendor: str
    operation: str
    where: str
    at: str
    text: str

    def __str__(self) -> str:
        return f"{self.vendor} {self.operation} {self.where} {self.at}: {self.text}"


class Schemas:
    """Turns the schemas of one document into JSON Schema, for requests or for answers."""

    def __init__(self, document: Mapping[str, Any], *, of_request: bool) -> None:
        self._document = document
        self._of_request = of_request
        self._defs: dict[str, Any] = {}
        self._heirs: dict[str, list[str]] = {}
        for name, schema in document.get("definitions", {}).items():
            for base in schema.get("allOf", []):
                if "$ref" in base:
                    self._heirs.setdefault(base["$ref"], []).append(f"#/definitions/{name}")

    def validator(self, schema: Mapping[str, Any]) -> Draft202012Validator:
        """Return what checks a value against a schema of the document."""
        self._defs = {}
        whole = self._made(schema)
        return Draft202012Validator({"allOf": [whole], "$defs": self._defs}, format_checker=formats)

    def undescribed(self, value: Any, schemas: list[Mapping[str, Any]], at: str = "") -> Iterator[tuple[str, str]]:
        """Give (path, name) of the fields of a value that none of the schemas it may have describes."""
        parts = [part for schema in schemas for part in self._parts(schema)]
        if isinstance(value, list):
            items = [part["items"] for part in parts if isinstance(part.get("items"), Mapping)]
            for each in value if items else []:
                yield from self.undescribed(each, items, f"{at}[]")
        elif isinstance(value, Mapping):
            named = [part["properties"] for part in parts if part.get("properties")]
            is_free = any(part.get("additionalProperties") or _is_any_object(part) for part in parts)
            if not named or is_free:
                return
            for name, each in value.items():
                about = [properties[name] for properties in named if name in properties]
                if not about:
                    yield at, name
                yield from self.undescribed(each, about, f"{at}.{name}") if about else ()

    def find(self, pointer: str) -> Any:
        """Return what a reference of the document points at."""
        found: Any = self._document
        for part in pointer.removeprefix("#/").split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            found = found[int(key)] if isinstance(found, list) else found[key]
        return found

    def _parts(self, schema: Mapping[str, Any], *, is_base: bool = False) -> Iterator[Mapping[str, Any]]:
        """Give the schemas without references and combinations that a schema is made of."""
        if "$ref" in schema:
            yield from self._parts(self.find(schema["$ref"]), is_base=is_base)
            for heir in [] if is_base else self._heirs_of(schema["$ref"]):
                yield from self._parts(self.find(heir))
            return
        yield schema
        for part in schema.get("allOf", []):
            yield from self._parts(part, is_base=True)
        for part in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
            yield from self._parts(part)

    def _made(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        if "$ref" in schema:
            return self._reference(schema["$ref"], is_base=False)
        made: dict[str, Any] = {name: schema[name] for name in PLAIN if name in schema}
        for plain, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if plain in schema:
                made[exclusive if schema.get(exclusive) is True else plain] = schema[plain]
        properties = schema.get("properties", {})
        if properties:
            made["properties"] = {name: self._made(each) for name, each in properties.items()}
            made.setdefault("type", "object")
        needed = [name for name in schema.get("required", []) if not self._is_spared(properties.get(name, {}))]
        if needed:
            made["required"] = needed
        for word in ("additionalProperties", "items"):
            if isinstance(schema.get(word), Mapping):
                made[word] = self._made(schema[word])
        if "allOf" in schema:
            made["allOf"] = [
                self._reference(each["$ref"], is_base=True) if "$ref" in each else self._made(each)
                for each in schema["allOf"]
            ]
        variants = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
        if variants:
            made["anyOf"] = [self._made(each) for each in variants]
        if "enum" in schema:
            made["enum"] = list(schema["enum"])
        return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made

    def _is_spared(self, schema: Mapping[str, Any]) -> bool:
        whole = self.find(schema["$ref"]) if "$ref" in schema else schema
        return bool(whole.get("readOnly" if self._of_request else "writeOnly"))

    def _heirs_of(self, pointer: str) -> list[str]:
        """Return the types that a type with a discriminator stands for (Swagger 2.0)."""
        return self._below(pointer) if "discriminator" in self.find(pointer) else []

    def _below(self, pointer: str) -> list[str]:
        heirs = self._heirs.get(pointer, [])
        return [*heirs, *(each for heir in heirs for each in self._below(heir))]

    def _reference(self, pointer: str, *, is_base: bool) -> dict[str, Any]:
        heirs = [] if is_base else self._heirs_of(pointer)
        name = re.sub(r"[^A-Za-z0-9]+", "_", pointer) + ("_or_heirs" if heirs else "")
        if name not in self._defs:
            self._defs[name] = True
            made = self._made(self.find(pointer))
            self._defs[name] = {"anyOf": [*(self._made({"$ref": each}) for each in heirs), made]} if heirs else made
        return {"$ref": f"#/$defs/{name}"}


def _is_any_object(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "object" and not set(schema) & {"properties", "allOf", "anyOf", "oneOf"}


class Description:
    """One official description: its operations, and the checks of their requests and answers."""

    def __init__(self, vendor: str, file: Path, prefix: str = "") -> None:
        self.vendor = vendor
        self._document = json.loads(file.read_text(encoding="utf-8"))
        self._of = {way: Schemas(self._document, of_request=way == "request") for way in ("request", "answer")}
        self._checks: dict[tuple[str, str, str], Draft202012Validator | None] = {}
        self._operations = [
            (re.compile(re.sub(r"\\\{[^/]*?\\\}", "[^/]+", re.escape(prefix + path.rstrip("/")))), prefix + path, calls)
            for path, calls in self._document["paths"].items()
        ]
        # A path without parts that vary is meant before one with them.
        self._operations.sort(key=lambda each: each[1].count("{"))

    def find(self, method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
        """Return the operation of a request: its name "POST /teams" and its description."""
        for pattern, template, calls in self._operations:
            if pattern.fullmatch(path) and method.lower() in calls:
                call = calls[method.lower()]
                return f"{method} {template}", call | {"shared": calls.get("parameters", [])}
        return None

    def judge(self, exchange: Exchange) -> Iterator[Complaint]:
        """Give what of an exchange is not as described; nothing for a refused call of an unknown operation."""
        found = self.find(exchange.method, exchange.path)
        if found is None:
            if exchange.accepted:
                yield self._complaint(exchange, f"{exchange.method} {exchange.path}", "operation", "", "not described")
            return
        name, call = found
        if exchange.accepted:
            yield from self._judge_query(exchange, name, call)
            yield from self._against(exchange, name, "request", exchange.sent, self._request_schema(call))
        answers = call["responses"]
        key = next((k for k in (str(exchange.status), f"{str(exchange.status)[0]}XX", "default") if k in answers), None)
        if key is None:
            yield self._complaint(exchange, name, "answer", "status", f"{exchange.status} is not described")
        elif exchange.status not in (204, 304):
            yield from self._against(
                exchange, name, "answer", exchange.answered, self._answer_schema(answers[key]), key
            )

    def _judge_query(self, exchange: Exchange, name: str, call: Mapping[str, Any]) -> Iterator[Complaint]:
        given = [self._whole(each) for each in [*call["shared"], *call.get("parameters", [])]]
        known = {each["name"].removesuffix("[]") for each in given if each["in"] == "query"}
        for query in exchange.query:
            if query.removesuffix("[]") not in known:
                yield self._complaint(exchange, name, "request", f"?{query}", "not described")

    def _against(
        self, exchange: Exchange, name: str, where: str, value: Any, schema: Mapping[str, Any] | None, key: str = ""
    ) -> Iterator[Complaint]:
        if schema is None:
            return
        check = self._checks.get((name, where, key))
        if check is None:
            check = self._checks[name, where, key] = self._of[where].validator(schema)
        for at, field_name in self._of[where].undescribed(value, [schema]):
            yield self._complaint(exchange, name, where, f"{at}.{field_name}", "not described")
        for error in check.iter_errors(value):
            for leaf in _leaves(error):
                path = re.sub(r"\[\d+\]", "[]", leaf.json_path.removeprefix("$"))
                yield self._complaint(exchange, name, where, path, leaf.message[:300])

    def _request_schema(self, call: Mapping[str, Any]) -> Mapping[str, Any] | None:
        if "requestBody" in call:
            content = self._whole(call["requestBody"]).get("content", {})
            return content.get("application/json", {}).get("schema")
        bodies = [self._whole(each) for each in call.get("parameters", [])]
        return next((each["schema"] for each in bodies if each["in"] == "body"), None)

    def _answer_schema(self, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
        whole = self._whole(answer)
        return whole.get("schema") or whole.get("content", {}).get("application/json", {}).get("schema")

    def _whole(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._of["answer"].find(part["$ref"]) if "$ref" in part else part

    def _complaint(self, exchange: Exchange, name: str, where: str, at: str, text: str) -> Complaint:
        return Complaint(exchange.vendor, name, where, at, text)


def _leaves(error: Any) -> Iterator[Any]:
    """Give the errors beneath an any-of's "not valid under any": those of the variant that comes closest."""
    if error.validator != "anyOf" or not error.context:
        yield error
        return
    by_variant: dict[int, list[Any]] = {}
    for each in error.context:
        by_variant.setdefault(each.schema_path[0], []).append(each)
    # A variant that is of another type altogether is not the one that was meant.
    for each in min(by_variant.values(), key=lambda errors: (any(_is_kind(e) for e in errors), len(errors))):
        yield from _leaves(each)


def _is_kind(error: Any) -> bool:
    """Return whether an error says that the value is another kind of thing: its own JSON type, or its `type`."""
    return not error.relative_path or (list(error.relative_path) == ["type"] and error.validator == "enum")


class Judge:
    """The descriptions of all vendors, and the table of what is known to be wrong in them."""

    def __init__(self, descriptions: list[Description], slips: Sequence[Slip]) -> None:
        self.descriptions = descriptions
        self.slips = slips
        self.used: set[Slip] = set()
        self.accepted: set[tuple[str, str, str]] = set()
        self.files: set[str] = set()

    def complaints(self, exchange: Exchange) -> list[str]:
        """Return what of an exchange is not as its vendor describes and not known to be so."""
        if exchange.accepted:
            self.accepted.add((exchange.vendor, exchange.method, exchange.path))
        of_vendor = [each for each in self.descriptions if each.vendor == exchange.vendor]
        # PagerDuty's events have a description of their own.
        about = next((each for each in of_vendor if each.find(exchange.method, exchange.path)), of_vendor[0])
        return sorted({str(each) for each in about.judge(exchange) if not self._is_known(each)})

    def _is_known(self, complaint: Complaint) -> bool:
        text = f"{complaint.where} {complaint.at}: {complaint.text}"
        covering = [each for each in self.slips if each.covers(complaint.vendor, complaint.operation, text)]
        self.used.update(covering)
        return bool(covering)

"""oncall:bridge:Bundle: the bridge as files, with one file that holds its secrets."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator

from oncall.bridge.secrets import WEBHOOK_SECRET, join_shards, weakness, worker_secrets
from oncall.provider.convert import UNKNOWN, has_unknown
from oncall.provider.diff import Change
from oncall.provider.faults import ProviderError
from oncall.provider.fields import Dictionary, Field, Items, Problem, Text
from oncall.provider.files import Directory, path_fault
from oncall.provider.files import Text as FileText
from oncall.provider.kinds.base import Held, Kind, Values
from oncall.provider.session import Call

SECRETS_FILE = "secrets.json"
"""A JSON object from name to value, as `wrangler secret bulk` reads it."""
IGNORE_FILE = ".gitignore"
"""Keeps the secrets out of a repository, wherever in one the directory is."""
OWN_FILES = (SECRETS_FILE, IGNORE_FILE)
GENERATED_BYTES = 32


class Bundle(Kind):
    """Nothing is written in a preview; a destroy removes what was written and is unchanged."""

    token = "oncall:bridge:Bundle"  # noqa: S105 - a type token
    doc = "The bridge as files in a directory, with one file that holds its secrets (mode 0600)."
    inputs = (
        Field("directory", Text(), "Where the files go; made if it is not there.", required=True),
        Field("files", Dictionary(Text(empty=True)), "Relative path -> text.", required=True),
        Field("keys", Dictionary(Text()), "Key id -> routing or API key.", required=True, secret=True),
        Field(
            "webhookSecret",
            Text(),
            "What AliveMCP signs with; made and kept if not given.",
            secret=True,
            given_by_vendor=True,
        ),
    )
    outputs = (
        Field("webhookSecret", Text(), "What AliveMCP signs with.", required=True, secret=True),
        Field("secretNames", Items(Text()), "The names of the Worker's secrets.", required=True),
        Field("written", Dictionary(Text()), "What was written: relative path -> SHA-256.", required=True),
    )

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """Paths that stay inside, names that are free, a secret that is one, keys that fit."""
        files, given = values["files"], values.get("webhookSecret")
        for path in files if isinstance(files, dict) else ():
            fault = path_fault(path)
            if fault is None and path in OWN_FILES:
                fault = "is a name the bundle needs for itself"
            if fault is not None:
                yield Problem(f'files["{path}"]', fault)
        if isinstance(given, str) and (fault := weakness(given)) is not None:
            yield Problem("webhookSecret", f"{fault}: take 32 random bytes, or leave it out to have one made")
        if not has_unknown(values["keys"]):
            try:
                worker_secrets(values["keys"], "")
            except ValueError as error:
                yield Problem("keys", str(error))

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """By content; and what is missing or changed on the disk is to be written again."""
        files, _ = _files(state, state["webhookSecret"])
        intact = _intact(Directory(state["directory"]), state.get("written") or {})
        harmed = [path for path, text in files.items() if intact.get(path) != text.digest]
        return super().diff(state, inputs) + [Change(f'written["{path}"]', "update") for path in harmed]

    def expected(self, state: Values | None, inputs: Values) -> Values:
        """The names of the secrets depend on the keys, the secret is known once it is made."""
        kept = state or {}
        shown = {"webhookSecret": kept.get("webhookSecret", UNKNOWN), **inputs}
        if has_unknown(inputs["keys"]):
            return {**shown, "secretNames": UNKNOWN, "written": UNKNOWN}
        if has_unknown([inputs["files"], inputs["directory"], shown["webhookSecret"]]):
            return {**shown, "secretNames": list(worker_secrets(inputs["keys"], "")), "written": UNKNOWN}
        files, names = _files(inputs, shown["webhookSecret"])
        return {**shown, "secretNames": names, "written": {path: text.digest for path, text in files.items()}}

    def create(self, call: Call, inputs: Values) -> Held:
        """Write everything; a secret is made if none is given."""
        directory = Directory(inputs["directory"])
        call.ledger.claim(directory.key, call.urn, adopted=bool(directory.manifest()))
        # An interrupted run may have told its secret to AliveMCP already: keep it.
        secret = inputs.get("webhookSecret") or self._kept_secret(directory) or secrets.token_hex(GENERATED_BYTES)
        return self._write(directory, inputs, secret, {})

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:  # noqa: ARG002
        """What is left of it. A directory that is gone leaves the resource, for the secret must outlive it."""
        if state:
            directory = Directory(state["directory"])
            return Held(resource_id, {**state, "written": _intact(directory, state.get("written") or {})}, inputs)
        return self._imported(resource_id)

    def update(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held:
        """Write what changed; another directory is written first, then the old one cleared."""
        secret = inputs.get("webhookSecret") or state.get("webhookSecret") or secrets.token_hex(GENERATED_BYTES)
        old, written = state.get("directory"), state.get("written") or {}
        moved = old is not None and old != inputs["directory"]
        held = self._write(Directory(inputs["directory"]), inputs, secret, {} if moved else written)
        if moved:
            self.delete(call, resource_id, state)
        return Held(resource_id, held.state, inputs)

    def delete(self, call: Call, resource_id: str, state: Values) -> None:
        """Remove what was written, unless somebody changed it since."""
        directory = Directory(state.get("directory") or resource_id)
        if call.ledger.adopted(directory.key):
            return
        left = directory.clear(state.get("written") or {})
        if left:
            call.warn(f"changed since they were written, and therefore left in {directory.root}: {', '.join(left)}")

    def _write(self, directory: Directory, inputs: Values, secret: str, ours: Values) -> Held:
        files, names = _files(inputs, secret)
        written = directory.write(files, ours)
        state = {**inputs, "webhookSecret": secret, "secretNames": names, "written": written}
        return Held(inputs["directory"], state, inputs)

    def _kept_secret(self, directory: Directory) -> str | None:
        if SECRETS_FILE not in directory.manifest():
            return None
        return _secrets_in(directory).get(WEBHOOK_SECRET)

    def _imported(self, path: str) -> Held | None:
        directory = Directory(path)
        written = directory.intact(directory.manifest())
        if SECRETS_FILE not in written:
            return None
        held = _secrets_in(directory)
        inputs = {
            "directory": path,
            "files": {name: directory.read(name) for name in written if name not in OWN_FILES},
            "keys": join_shards(held),
            "webhookSecret": held[WEBHOOK_SECRET],
        }
        return Held(path, {**inputs, "secretNames": list(held), "written": written}, inputs)


def _files(inputs: Values, secret: str) -> tuple[dict[str, FileText], list[str]]:
    """Every file of the bundle, and the names of the secrets."""
    held = worker_secrets(inputs["keys"], secret)
    plain = {path: FileText(content) for path, content in sorted(inputs["files"].items())}
    return {
        **plain,
        SECRETS_FILE: FileText(json.dumps(held, indent=2) + "\n", secret=True),
        IGNORE_FILE: FileText(f"/{SECRETS_FILE}\n"),
    }, list(held)


def _intact(directory: Directory, written: dict[str, str]) -> dict[str, str]:
    """What is unchanged; a file of secrets that others may read is not."""
    held = directory.intact(written)
    return {path: held[path] for path in held if not (path == SECRETS_FILE and directory.exposed(path))}


def _secrets_in(directory: Directory) -> dict[str, str]:
    try:
        held = json.loads(directory.read(SECRETS_FILE) or "{}")
    except ValueError as error:
        raise ProviderError(f"{directory.root / SECRETS_FILE} is no JSON: delete it") from error
    return {str(name): str(value) for name, value in held.items()} if isinstance(held, dict) else {}

"""The bundle as a resource: what it writes, keeps, restores and removes."""

import json
import os
import stat

import pytest
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

from oncall.bridge.secrets import join_shards
from oncall.provider.convert import UNKNOWN

KEYS = {"opsgenie/edge": "planted-key-0001", "pagerduty/platform/internal": "planted-key-0002"}
FILES = {"src/core.js": "export const core = 1;\n", "wrangler.jsonc": "{}\n"}


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "build" / "bridge"


@pytest.fixture
def inputs(directory):
    return {"directory": str(directory), "files": FILES, "keys": KEYS}


def listed(directory):
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file())


def test_a_create_writes_the_files_and_the_secrets(plugin, directory, inputs):
    held = plugin.create("bridge:Bundle", inputs)

    secrets = json.loads((directory / "secrets.json").read_text())
    assert held.id == str(directory)
    assert listed(directory) == [".gitignore", ".oncall-bundle.json", "secrets.json", "src/core.js", "wrangler.jsonc"]
    assert {name: (directory / name).read_text() for name in FILES} == FILES
    assert join_shards(secrets) == KEYS
    assert list(secrets) == held.state["secretNames"] == ["KEYS_0", "WEBHOOK_SECRET"]


def test_secrets_can_be_read_by_their_owner_only(plugin, directory, inputs):
    old = os.umask(0)
    try:
        plugin.create("bridge:Bundle", inputs)
    finally:
        os.umask(old)

    modes = {name: stat.S_IMODE((directory / name).stat().st_mode) for name in listed(directory)}
    assert {name for name, mode in modes.items() if mode == 0o600} == {"secrets.json"}
    assert {mode for name, mode in modes.items() if name != "secrets.json"} == {0o644}


def test_keys_are_in_no_other_file(plugin, directory, inputs):
    held = plugin.create("bridge:Bundle", inputs)

    plain = [(directory / name).read_text() for name in listed(directory) if name != "secrets.json"]
    assert not any(secret in text for text in plain for secret in (*KEYS.values(), held.state["webhookSecret"]))


def test_keys_and_the_webhook_secret_are_secrets_at_the_wire(plugin, inputs):
    properties = plugin.raw_create("bridge:Bundle", inputs).properties.fields

    sigs = {name: properties[name].struct_value.fields[_special_sig_key].string_value for name in properties}
    assert {name for name, sig in sigs.items() if sig == _special_secret_sig} == {"keys", "webhookSecret"}


def test_a_secret_is_made_of_32_random_bytes_and_kept(plugin, inputs):
    held = plugin.create("bridge:Bundle", inputs)

    later = plugin.update(held, inputs | {"files": {}})

    assert len(bytes.fromhex(held.state["webhookSecret"])) == 32
    assert later.state["webhookSecret"] == held.state["webhookSecret"]


def test_a_given_secret_is_used_and_leaving_it_out_later_changes_nothing(plugin, inputs):
    given = inputs | {"webhookSecret": "0123456789abcdef0123456789abcdef"}
    held = plugin.create("bridge:Bundle", given)

    assert held.state["webhookSecret"] == given["webhookSecret"]
    assert plugin.changes(held, inputs) == {}


def test_another_secret_is_a_change(plugin, inputs):
    held = plugin.create("bridge:Bundle", inputs)

    assert plugin.changes(held, inputs | {"webhookSecret": "0123456789abcdef0123456789abcdef"}) == {
        "webhookSecret": "update"
    }


def test_nothing_is_written_in_a_preview(plugin, directory, inputs):
    shown = plugin.preview("bridge:Bundle", inputs)

    assert not directory.exists()
    assert shown["webhookSecret"] is UNKNOWN
    assert shown["secretNames"] == ["KEYS_0", "WEBHOOK_SECRET"]


def test_with_unknown_keys_a_preview_knows_no_outputs(plugin, inputs):
    shown = plugin.preview("bridge:Bundle", inputs | {"keys": {"opsgenie/edge": UNKNOWN}})

    assert (shown["secretNames"], shown["written"]) == (UNKNOWN, UNKNOWN)


def test_what_was_written_needs_no_change(plugin, inputs):
    held = plugin.create("bridge:Bundle", inputs)

    assert plugin.changes(held, inputs) == {}
    assert plugin.refresh(held) == held


def test_an_edit_is_told_file_by_file(plugin, inputs):
    held = plugin.create("bridge:Bundle", inputs)

    edited = inputs | {"files": {"src/core.js": "changed\n", "new.js": ""}}

    assert plugin.changes(held, edited) == {
        'files["new.js"]': "add",
        'files["src/core.js"]': "update",
        'files["wrangler.jsonc"]': "delete",
    }


def test_an_update_writes_what_changed_and_removes_what_is_no_longer_wanted(plugin, directory, inputs):
    held = plugin.create("bridge:Bundle", inputs)

    plugin.update(held, inputs | {"files": {"main.js": "x\n"}, "keys": {}})

    assert listed(directory) == [".gitignore", ".oncall-bundle.json", "main.js", "secrets.json"]
    assert not (directory / "src").exists()
    assert join_shards(json.loads((directory / "secrets.json").read_text())) == {}


@pytest.mark.parametrize(
    "harm",
    [
        lambda directory: (directory / "src/core.js").write_text("edited by hand"),
        lambda directory: (directory / "wrangler.jsonc").unlink(),
        lambda directory: (directory / "secrets.json").write_text("{}"),
        lambda directory: (directory / "secrets.json").chmod(0o644),
    ],
    ids=["changed", "missing", "secrets changed", "secrets exposed"],
)
def test_what_was_changed_or_removed_by_hand_is_seen_and_written_again(plugin, directory, inputs, harm):
    held = plugin.create("bridge:Bundle", inputs)
    harm(directory)

    assert len(plugin.changes(held, inputs)) == 1
    assert len(plugin.changes(plugin.refresh(held), inputs)) == 1
    mended = plugin.update(plugin.refresh(held), inputs)

    assert plugin.changes(mended, inputs) == {}
    assert mended.state["webhookSecret"] == held.state["webhookSecret"]


def test_a_removed_directory_keeps_the_resource_and_its_secret(plugin, directory, inputs):
    held = plugin.create("bridge:Bundle", inputs)
    plugin.delete(held)

    refreshed = plugin.refresh(held)

    assert refreshed.state["written"] == {}
    assert len(plugin.changes(refreshed, inputs)) == 4
    assert plugin.update(refreshed, inputs).state["webhookSecret"] == held.state["webhookSecret"]


def test_a_delete_leaves_nothing_behind(plugin, directory, inputs):
    held = plugin.create("bridge:Bundle", inputs)

    plugin.delete(held)
    plugin.delete(held)

    assert not directory.exists()


def test_a_delete_leaves_alone_what_is_not_ours_or_was_changed(plugin, directory, inputs):
    held = plugin.create("bridge:Bundle", inputs)
    (directory / "notes.txt").write_text("mine")
    (directory / "wrangler.jsonc").write_text("mine too")

    plugin.delete(held)

    assert listed(directory) == ["notes.txt", "wrangler.jsonc"]
    assert plugin.warnings == [
        f"changed since they were written, and therefore left in {directory}: wrangler.jsonc",
    ]


def test_somebody_elses_file_is_not_overwritten_and_nothing_is_written(plugin, directory, inputs):
    directory.mkdir(parents=True)
    (directory / "wrangler.jsonc").write_text("mine")

    with pytest.raises(Exception, match=r"wrangler\.jsonc exists and was not written by this bundle: move it away"):
        plugin.create("bridge:Bundle", inputs)

    assert listed(directory) == ["wrangler.jsonc"]


@pytest.mark.parametrize("link", ["src", "secrets.json", ".gitignore", "wrangler.jsonc"])
def test_a_symbolic_link_is_not_followed(plugin, directory, inputs, tmp_path, link):
    outside = tmp_path / "outside"
    outside.mkdir()
    directory.mkdir(parents=True)
    (directory / link).symlink_to(outside if link == "src" else outside / "target")

    with pytest.raises(Exception, match="is a symbolic link"):
        plugin.create("bridge:Bundle", inputs)

    assert list(outside.iterdir()) == []


def test_a_killed_run_is_taken_up_with_its_secret(start, plugin, directory, inputs):
    killed = plugin.create("bridge:Bundle", inputs)
    (directory / "wrangler.jsonc").unlink()

    held = start().create("bridge:Bundle", inputs | {"files": FILES | {"src/core.js": "newer\n"}})

    assert held.state["webhookSecret"] == killed.state["webhookSecret"]
    assert (directory / "src/core.js").read_text() == "newer\n"


def test_a_resource_with_a_new_name_keeps_the_files(start, plugin, directory, inputs):
    old = plugin.create("bridge:Bundle", inputs, "old")
    run = start()
    new = run.create("bridge:Bundle", inputs, "new")

    run.delete(old)

    assert run.changes(run.refresh(new), inputs) == {}


def test_another_directory_is_written_before_the_old_one_is_cleared(plugin, directory, inputs, tmp_path):
    held = plugin.create("bridge:Bundle", inputs)

    moved = plugin.update(held, inputs | {"directory": str(tmp_path / "elsewhere")})

    assert listed(tmp_path) == [
        f"elsewhere/{name}"
        for name in (".gitignore", ".oncall-bundle.json", "secrets.json", "src/core.js", "wrangler.jsonc")
    ]
    assert moved.state["webhookSecret"] == held.state["webhookSecret"]


def test_a_bundle_is_imported_from_its_directory(start, plugin, directory, inputs):
    held = plugin.create("bridge:Bundle", inputs)

    imported = start().imported("bridge:Bundle", str(directory))

    assert imported.state == held.state
    assert plugin.changes(imported, inputs) == {}


def test_a_directory_without_a_bundle_can_not_be_imported(plugin, tmp_path):
    assert plugin.imported("bridge:Bundle", str(tmp_path)) is None


def test_a_write_that_fails_leaves_the_former_file(plugin, directory, inputs):
    held = plugin.create("bridge:Bundle", inputs)
    (directory / "src").chmod(0o500)
    if os.access(directory / "src", os.W_OK):
        (directory / "src").chmod(0o700)
        (directory / "wrangler.jsonc").unlink()
        (directory / "wrangler.jsonc").mkdir()

    with pytest.raises(Exception, match=str(directory)) as failure:
        plugin.update(held, inputs | {"files": {"src/core.js": "newer\n", "wrangler.jsonc": "newer\n"}})

    assert "\n" not in str(failure.value)
    assert [name for name in listed(directory) if name.startswith((".wrangler", "src/."))] == []

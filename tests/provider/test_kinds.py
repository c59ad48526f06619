"""Every kind of OpsGenie through the plugin's gRPC server against the sandbox: made, unchanged, changed, gone."""


def test_what_was_made_needs_no_change(plugin, kind, examples):
    inputs, _ = examples(kind)

    held = plugin.create(kind, inputs)

    assert plugin.changes(held, inputs) == {}


def test_what_was_made_needs_no_change_after_a_refresh(plugin, kind, examples):
    inputs, _ = examples(kind)
    held = plugin.create(kind, inputs)

    refreshed = plugin.refresh(held)

    assert refreshed == held


def test_an_edit_is_made_in_place_and_stays(plugin, kind, examples):
    inputs, edited = examples(kind)
    held = plugin.create(kind, inputs)
    assert plugin.changes(held, edited) != {}
    assert list(plugin.diff(held, edited).replaces) == []

    updated = plugin.update(held, edited)

    assert plugin.changes(plugin.refresh(updated), edited) == {}


def test_an_edit_can_be_taken_back(plugin, kind, examples):
    inputs, edited = examples(kind)
    updated = plugin.update(plugin.create(kind, inputs), edited)

    back = plugin.update(updated, inputs)

    assert plugin.changes(plugin.refresh(back), inputs) == {}


def test_a_deleted_object_is_gone_and_can_be_deleted_again(plugin, kind, examples):
    held = plugin.create(kind, examples(kind)[0])

    plugin.delete(held)
    plugin.delete(held)

    assert plugin.refresh(held) is None


def test_an_imported_object_agrees_with_its_program(start, plugin, kind, examples):
    inputs, _ = examples(kind)
    held = plugin.create(kind, inputs)

    imported = start().imported(kind, held.id)

    assert imported.id == held.id
    wanted = {"apiKey": "update_replace"} if kind == "opsgenie:ApiIntegration" else {}
    assert plugin.changes(imported, inputs) == wanted


def test_an_unknown_id_can_not_be_imported(plugin, team, kind):
    nested = kind not in ("opsgenie:User", "opsgenie:Team", "opsgenie:Schedule", "opsgenie:Escalation")
    nested = nested and kind.split(":")[1] not in ("ApiIntegration", "Heartbeat", "Maintenance", "Service")
    given = f"{team.id}/nothing" if nested else "nothing"

    assert plugin.imported(kind, given) is None


def test_a_create_takes_two_requests_once_the_account_is_known(plugin, kind, examples):
    inputs, _ = examples(kind)
    plugin.delete(plugin.create(kind, inputs))
    plugin.line.requests.clear()

    plugin.create(kind, inputs)

    # A team's default objects are looked at besides; a user is looked up by name.
    more = {"opsgenie:Team": 2, "opsgenie:User": 1}.get(kind, 0)
    assert len(plugin.line.requests) == 2 + more


def test_a_preview_sends_nothing(plugin, kind, examples):
    inputs, edited = examples(kind)
    held = plugin.create(kind, inputs)
    plugin.line.requests.clear()

    plugin.preview(kind, inputs)
    plugin.update(held, edited, preview=True)
    plugin.changes(held, edited)

    assert plugin.line.requests == []


def test_a_replaced_object_never_stands_beside_its_successor(plugin, kind, examples):
    inputs, edited = examples(kind)
    held = plugin.create(kind, inputs)

    assert plugin.diff(held, edited).deleteBeforeReplace is True

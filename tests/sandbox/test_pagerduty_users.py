"""PagerDuty's users, contact methods and notification rules."""

import pytest

ELI = {"user": {"name": "Eli", "email": "eli@acme.example", "role": "user", "description": "Managed"}}


def create(pagerduty) -> str:
    return pagerduty.send("POST", "/users", ELI, 201)["user"]["id"]


def test_a_user_goes_through_the_calls_the_provider_makes(pagerduty) -> None:
    key = create(pagerduty)
    pagerduty.send("PUT", f"/users/{key}", ELI)
    user = pagerduty.get(f"/users/{key}")["user"]
    licence = pagerduty.get(f"/users/{key}/license")["license"]
    assert (user["name"], user["time_zone"], user["teams"], licence["id"]) == ("Eli", "UTC", [], "PLICFUL")


def test_a_taken_e_mail_is_refused_with_the_one_text_the_client_knows(pagerduty) -> None:
    create(pagerduty)
    assert pagerduty.errors("POST", "/users", ELI) == ["Email has already been taken"]


def test_users_are_found_by_a_part_of_name_or_e_mail(pagerduty) -> None:
    for name in ("ann", "bob"):
        pagerduty.user(name)
    found = [[one["name"] for one in pagerduty.get("/users", query=text)["users"]] for text in ("ANN", "bob@", "acme")]
    assert found == [["ann"], ["bob"], ["ann", "bob"]]


def test_users_are_listed_by_team(pagerduty) -> None:
    team, ann, _ = pagerduty.team(), pagerduty.user("ann"), pagerduty.user("bob")
    pagerduty.send("PUT", f"/teams/{team}/users/{ann}", {}, 204)
    assert [one["name"] for one in pagerduty.get("/users", **{"team_ids[]": team})["users"]] == ["ann"]


@pytest.mark.parametrize(
    "change", [{"email": "nobody"}, {"name": "x" * 101}, {"role": "boss"}, {"time_zone": "Mars/One"}, {"job_title": 5}]
)
def test_a_user_out_of_bounds_is_refused(pagerduty, change: dict[str, object]) -> None:
    assert len(pagerduty.errors("POST", "/users", {"user": ELI["user"] | change})) == 1


def test_a_seeded_user_is_told_by_e_mail_and_push_at_once_for_both_urgencies(pagerduty) -> None:
    ann = pagerduty.user("ann")
    rules = pagerduty.get(f"/users/{ann}/notification_rules")["notification_rules"]
    told = sorted((one["urgency"], one["start_delay_in_minutes"], one["contact_method"]["type"]) for one in rules)
    assert told == [
        ("high", 0, "email_contact_method"),
        ("high", 0, "push_notification_contact_method"),
        ("low", 0, "email_contact_method"),
        ("low", 0, "push_notification_contact_method"),
    ]


def test_a_created_user_has_an_e_mail_method_only(pagerduty) -> None:
    methods = pagerduty.get(f"/users/{create(pagerduty)}/contact_methods")["contact_methods"]
    assert [(one["type"], one["address"]) for one in methods] == [("email_contact_method", "eli@acme.example")]


def test_with_the_switch_off_a_created_user_has_nothing(pagerduty) -> None:
    pagerduty.sandbox.seed({"pagerduty": {"switches": {"created_users_have_rules": False}}})
    user = pagerduty.get(f"/users/{create(pagerduty)}")["user"]
    assert (user["contact_methods"], user["notification_rules"]) == ([], [])


def phone(pagerduty, user: str, status: int = 201) -> dict[str, object]:
    body = {"type": "phone_contact_method", "label": "Mobile", "address": "305550101", "country_code": 49}
    return pagerduty.send("POST", f"/users/{user}/contact_methods", {"contact_method": body}, status)


def test_a_contact_method_is_kept_as_sent(pagerduty) -> None:
    user = create(pagerduty)
    method = phone(pagerduty, user)["contact_method"]
    read = pagerduty.get(f"/users/{user}/contact_methods/{method['id']}")["contact_method"]
    assert (read["type"], read["address"], read["country_code"]) == ("phone_contact_method", "305550101", 49)


def test_an_equal_contact_method_is_refused(pagerduty) -> None:
    user = create(pagerduty)
    phone(pagerduty, user)
    assert phone(pagerduty, user, 400)["error"]["errors"] == ["User Contact method must be unique"]


def rule_body(method: str, delay: int = 5) -> dict[str, object]:
    contact = {"id": method, "type": "phone_contact_method", "label": "", "address": ""}
    fields = {"type": "assignment_notification_rule", "start_delay_in_minutes": delay, "created_at": ""}
    return {"notification_rule": fields | {"contact_method": contact, "urgency": "high"}}


def test_a_notification_rule_gives_back_the_plain_contact_type(pagerduty) -> None:
    user = create(pagerduty)
    method = phone(pagerduty, user)["contact_method"]["id"]
    rule = pagerduty.send("POST", f"/users/{user}/notification_rules", rule_body(method), 201)["notification_rule"]
    read = pagerduty.get(f"/users/{user}/notification_rules/{rule['id']}")["notification_rule"]
    assert (read["contact_method"]["id"], read["contact_method"]["type"]) == (method, "phone_contact_method")
    assert (read["start_delay_in_minutes"], read["urgency"]) == (5, "high")


def test_an_equal_notification_rule_is_refused(pagerduty) -> None:
    user = create(pagerduty)
    method = phone(pagerduty, user)["contact_method"]["id"]
    pagerduty.send("POST", f"/users/{user}/notification_rules", rule_body(method), 201)
    said = pagerduty.errors("POST", f"/users/{user}/notification_rules", rule_body(method))
    assert said == ["Channel Start delay must be unique for a given contact method"]


def test_rules_and_methods_can_be_changed_and_deleted(pagerduty) -> None:
    user = create(pagerduty)
    method = phone(pagerduty, user)["contact_method"]["id"]
    rule = pagerduty.send("POST", f"/users/{user}/notification_rules", rule_body(method), 201)["notification_rule"][
        "id"
    ]
    path = f"/users/{user}/notification_rules/{rule}"
    changed = pagerduty.send("PUT", path, {"notification_rule": {"start_delay_in_minutes": 9}})["notification_rule"]
    pagerduty.send("DELETE", path, None, 204)
    pagerduty.send("DELETE", f"/users/{user}/contact_methods/{method}", None, 204)
    assert changed["start_delay_in_minutes"] == 9
    pagerduty.get(path, 404)


def test_a_user_on_a_policy_or_schedule_cant_be_deleted(pagerduty) -> None:
    ann, bob, cat = pagerduty.user("ann"), pagerduty.user("bob"), pagerduty.user("cat")
    pagerduty.policy((5, [ann]))
    pagerduty.schedule(pagerduty.layer(bob))
    statuses = [pagerduty.http.request("DELETE", f"/users/{key}").status_code for key in (ann, bob, cat)]
    assert statuses == [400, 400, 204]


def test_a_deleted_user_is_no_member_any_more(pagerduty) -> None:
    team, ann = pagerduty.team(), pagerduty.user("ann")
    pagerduty.send("PUT", f"/teams/{team}/users/{ann}", {}, 204)
    pagerduty.send("DELETE", f"/users/{ann}", None, 204)
    assert pagerduty.get(f"/teams/{team}/members")["members"] == []


def test_include_gives_contact_methods_whole(pagerduty) -> None:
    ann = pagerduty.user("ann")
    plain = pagerduty.get(f"/users/{ann}")["user"]["contact_methods"][0]
    whole = pagerduty.get(f"/users/{ann}", **{"include[]": "contact_methods"})["user"]["contact_methods"][0]
    assert (plain["type"], whole["type"], whole["address"]) == (
        "email_contact_method_reference",
        "email_contact_method",
        "ann@acme.example",
    )


def test_an_invitation_that_is_open_shows(pagerduty) -> None:
    ann = {"name": "ann", "email": "ann@acme.example", "invitation_sent": True}
    pagerduty.sandbox.seed({"pagerduty": {"users": [ann]}})
    pagerduty.user("bob")
    assert [one["invitation_sent"] for one in pagerduty.get("/users")["users"]] == [True, False]


def stakeholder(pagerduty) -> str:
    body = {"user": {"name": "Sam", "email": "sam@acme.example", "role": "read_only_limited_user"}}
    return pagerduty.send("POST", "/users", body, 201)["user"]["id"]


def test_a_stakeholder_is_refused_by_schedules_overrides_and_policies(pagerduty) -> None:
    sam, ann = stakeholder(pagerduty), pagerduty.user("ann")
    said = "Stakeholders cannot be added to schedules"
    assert pagerduty.errors("POST", "/schedules", pagerduty.schedule_body(pagerduty.layer(sam))) == [
        f"Schedule layer 1: {said}"
    ]
    schedule = pagerduty.schedule(pagerduty.layer(ann))
    override = {
        "start": "2026-03-03T09:00:00Z",
        "end": "2026-03-03T10:00:00Z",
        "user": {"id": sam, "type": "user_reference"},
    }
    (answer,) = pagerduty.send("POST", f"/schedules/{schedule}/overrides", {"overrides": [override]}, 201)
    assert (answer["status"], answer["errors"]) == (400, [said])
    body = {"escalation_policy": {"name": "P", "escalation_rules": [{"targets": [{"id": sam, "type": "user"}]}]}}
    assert pagerduty.errors("POST", "/escalation_policies", body) == [
        "Escalation rule 1: Stakeholders cannot be added to escalation policies"
    ]


def test_somebody_on_call_can_be_deleted_only_where_people_are_offboarded(pagerduty) -> None:
    ann = pagerduty.user("ann")
    schedule = pagerduty.schedule(pagerduty.layer(ann))
    policy = pagerduty.policy((5, [schedule]), (5, [ann]))
    assert len(pagerduty.errors("DELETE", f"/users/{ann}")) == 2

    pagerduty.sandbox.seed({"pagerduty": {"switches": {"offboarding": True}}})
    pagerduty.send("DELETE", f"/users/{ann}", None, 204)

    (layer,) = pagerduty.get(f"/schedules/{schedule}")["schedule"]["schedule_layers"]
    rules = pagerduty.get(f"/escalation_policies/{policy}")["escalation_policy"]["escalation_rules"]
    stubs = [
        *pagerduty.get("/schedules")["schedules"][0]["users"],
        layer["users"][0]["user"],
        rules[1]["targets"][0],
    ]
    assert [(one["id"], one["summary"], one["self"], one["deleted_at"]) for one in stubs] == [
        (ann, "ann", None, "2026-03-02T09:00:00Z")
    ] * 3
    assert pagerduty.get("/users")["users"] == []
    assert pagerduty.get("/oncalls")["oncalls"] == []
    assert pagerduty.get(f"/schedules/{schedule}/users")["users"] == []

"""Stories of the official provider (pulumi-pagerduty and terraform-provider-pagerduty are one code) at the sandbox.

Each sends what the provider sends in that case, in its order, and asserts what it needs to go on.
"""

import pytest

ELI = {"description": "Managed by Pulumi", "email": "eli@acme.example", "name": "Eli", "role": "user"}
IN_USE = "Schedule can't be deleted if it's being used by escalation policies"
STRATEGIES = "include%5B%5D=escalation_rule_assignment_strategies"
PAUSING = "include%5B%5D=auto_pause_notifications_parameters"


def phone(**more):
    body = {"type": "phone_contact_method", "label": "Mobile", "address": "305550101", "country_code": 49}
    return {"contact_method": {**body, **more}}


def rule(method, **more):
    reference = {"id": method, "type": "phone_contact_method", "label": "", "address": ""}
    body = {"type": "assignment_notification_rule", "start_delay_in_minutes": 5, "created_at": "", "urgency": "high"}
    return {"notification_rule": {**body, "contact_method": reference, **more}}


# Start, errors


def test_both_halves_check_the_credentials_at_the_start(account):
    for client in (account.sdk, account.sdk, account.framework):
        assert "teams" in client.call("GET", "/abilities")["abilities"]


def test_a_path_that_is_not_built_ends_the_providers_tries_at_once(account):
    # 404, 401 and 5xx would be asked again for minutes, and a 404 on refresh would drop the object.
    assert account.framework.answer("GET", "/standards/P1").status_code == 400


def test_errors_are_json_or_the_framework_half_reports_no_text(account):
    assert account.framework.errors("POST", "/teams", {"team": {"description": "x"}}) != []


def test_a_retried_call_of_the_framework_half_comes_without_its_body(account):
    # It reads the body's reader twice; a 400 ends that.
    assert account.framework.answer("POST", "/teams").status_code == 400


def test_a_trailing_slash_in_the_override_gives_two_slashes(account):
    assert "abilities" in account.sdk.call("GET", "//abilities")


def test_a_refused_rate_says_when_to_come_again(account, sandbox):
    sandbox.vendors["pagerduty"].limits.turn({"rest": 1})
    account.sdk.call("GET", "/abilities")
    answer = account.sdk.answer("GET", "/abilities")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, 2020)
    assert answer.headers["ratelimit-reset"].isdigit()


# Users


def test_a_user_is_made_written_again_and_read_with_a_licence(account):
    made = account.sdk.call("POST", "/users", {"user": ELI}, 201)["user"]
    path = f"/users/{made['id']}"
    account.sdk.call("PUT", path, {"user": ELI})
    read = account.sdk.call("GET", path)["user"]
    assert {key: read[key] for key in ELI} == ELI
    assert read["teams"] == []
    assert account.sdk.call("GET", f"{path}/license")["license"]["id"]


def test_a_taken_email_is_told_in_words_that_the_client_knows_and_the_user_is_found_by_it(account):
    account.sdk.call("POST", "/users", {"user": ELI}, 201)
    assert account.sdk.errors("POST", "/users", {"user": ELI}) == ["Email has already been taken"]
    (found,) = account.sdk.call("GET", "/users?query=eli%40acme.example")["users"]
    assert [found[key] for key in ("name", "email", "role")] == [ELI[key] for key in ("name", "email", "role")]


def test_pages_of_users_can_be_walked(account):
    answer = account.framework.call("GET", "/users?limit=2")
    assert [answer[key] for key in ("limit", "offset", "more")] == [2, 0, True]
    rest = account.framework.call("GET", "/users?limit=2&offset=2")
    assert (len(rest["users"]), rest["more"]) == (1, False)


def test_a_user_on_a_schedule_goes_once_the_schedule_is_gone(account):
    schedule = account.schedule(account.layer(account.users[0]))
    assert account.sdk.errors("DELETE", f"/users/{account.users[0]}") != []
    account.sdk.call("DELETE", f"/schedules/{schedule}", status=204)
    account.sdk.call("DELETE", f"/users/{account.users[0]}", status=204)


# Contact methods and notification rules


def test_a_contact_method_that_is_there_is_refused_in_known_words_and_found_in_the_list(account):
    path = f"/users/{account.users[0]}/contact_methods"
    made = account.framework.call("POST", path, phone(), 201)["contact_method"]
    assert account.framework.errors("POST", path, phone()) == ["User Contact method must be unique"]
    same = [
        one
        for one in account.framework.call("GET", path)["contact_methods"]
        if (one["type"], one["address"], one.get("country_code")) == ("phone_contact_method", "305550101", 49)
    ]
    assert [one["id"] for one in same] == [made["id"]]
    account.framework.call("GET", f"{path}/{made['id']}")


def test_an_update_onto_another_method_goes_through_once_that_is_deleted(account):
    path = f"/users/{account.users[0]}/contact_methods"
    first, second = [
        account.framework.call("POST", path, phone(address=address), 201)["contact_method"]["id"]
        for address in ("305550101", "305550102")
    ]
    body = phone(address="305550102", id=first)
    assert account.framework.errors("PUT", f"{path}/{first}", body) == ["User Contact method must be unique"]
    account.framework.call("DELETE", f"{path}/{second}", status=204)
    account.framework.call("PUT", f"{path}/{first}", body)
    read = account.framework.call("GET", f"{path}/{first}")["contact_method"]
    assert (read["id"], read["address"]) == (first, "305550102")


def test_an_email_method_without_a_country_reads_without_one(account):
    path = f"/users/{account.users[0]}/contact_methods"
    body = {"contact_method": {"type": "email_contact_method", "label": "Home", "address": "home@acme.example"}}
    made = account.framework.call("POST", path, body, 201)["contact_method"]
    read = account.framework.call("GET", f"{path}/{made['id']}")["contact_method"]
    assert not read.get("country_code")
    assert not read.get("send_short_email")


def test_a_rule_gives_its_methods_plain_type_back(account):
    user = f"/users/{account.users[0]}"
    method = account.framework.call("POST", f"{user}/contact_methods", phone(), 201)["contact_method"]["id"]
    made = account.framework.call("POST", f"{user}/notification_rules", rule(method), 201)["notification_rule"]
    path = f"{user}/notification_rules/{made['id']}"
    account.framework.call("PUT", path, rule(method, id=made["id"], start_delay_in_minutes=0))
    read = account.framework.call("GET", path)["notification_rule"]
    assert (read["contact_method"]["id"], read["contact_method"]["type"]) == (method, "phone_contact_method")
    assert (read["start_delay_in_minutes"], read["urgency"]) == (0, "high")


def test_a_rule_twice_is_refused_in_known_words(account):
    user = f"/users/{account.users[0]}"
    method = account.framework.call("POST", f"{user}/contact_methods", phone(), 201)["contact_method"]["id"]
    account.framework.call("POST", f"{user}/notification_rules", rule(method), 201)
    errors = account.framework.errors("POST", f"{user}/notification_rules", rule(method))
    assert errors == ["Channel Start delay must be unique for a given contact method"]


def test_rule_and_method_can_be_deleted_in_either_order(account):
    user = f"/users/{account.users[0]}"
    method = account.framework.call("POST", f"{user}/contact_methods", phone(), 201)["contact_method"]["id"]
    made = account.framework.call("POST", f"{user}/notification_rules", rule(method), 201)["notification_rule"]["id"]
    account.framework.call("DELETE", f"{user}/contact_methods/{method}", status=204)
    assert account.framework.answer("DELETE", f"{user}/notification_rules/{made}").status_code in (204, 404)


# Teams and memberships


def test_a_membership_is_put_and_found_in_the_list(account):
    team, user = account.team(), account.users[0]
    for role in ("responder", "manager"):
        account.framework.call("PUT", f"/teams/{team}/users/{user}", {"role": role}, 204)
        answer = account.framework.call("GET", f"/teams/{team}/members?limit=100")
        assert [(row["user"]["id"], row["role"]) for row in answer["members"]] == [(user, role)]
        assert (answer["more"], answer["limit"]) == (False, 100)


def test_a_removal_that_a_policy_forbids_is_explained_by_the_oncalls(account):
    team, user = account.team(), account.users[0]
    account.framework.call("PUT", f"/teams/{team}/users/{user}", {"role": "manager"}, 204)
    policy = account.policy(("user", user), team=team)
    errors = account.framework.errors("DELETE", f"/teams/{team}/users/{user}")
    assert errors == ["User cannot be removed as they belong to an escalation policy on this team"]
    window = "since=2026-11-21T12%3A10%3A00Z&until=2027-02-19T12%3A10%3A00Z"
    answer = account.framework.call("GET", f"/oncalls?limit=100&{window}&user_ids%5B%5D={user}")
    assert {turn["escalation_policy"]["id"] for turn in answer["oncalls"]} == {policy}


def test_a_team_goes_after_what_belongs_to_it(account):
    team = account.team()
    policy = account.policy(("user", account.users[0]), team=team)
    assert account.framework.errors("DELETE", f"/teams/{team}") != []
    account.sdk.call("DELETE", f"/escalation_policies/{policy}", status=204)
    account.framework.call("DELETE", f"/teams/{team}", status=204)
    assert account.framework.answer("GET", f"/teams/{team}").status_code == 404


# Schedules


def test_layers_come_in_reverse_of_the_order_sent_with_times_that_can_go_back(account):
    body = account.schedule_body(
        account.layer(account.users[0], name="first"), account.layer(account.users[1], name="second")
    )
    made = account.sdk.call("POST", "/schedules", body, 201)["schedule"]
    read = account.sdk.call("GET", f"/schedules/{made['id']}")["schedule"]
    assert [layer["name"] for layer in read["schedule_layers"]] == ["second", "first"]
    assert all("T" in layer["rotation_virtual_start"] for layer in read["schedule_layers"])
    assert read["final_schedule"]["rendered_schedule_entries"] == []


def test_a_layer_that_is_dropped_stays_on_record_and_is_over(account):
    path = f"/schedules/{account.schedule()}"
    (layer,) = account.sdk.call("GET", path)["schedule"]["schedule_layers"]
    kept = account.layer(account.users[1], name="new", id=layer["id"])
    dropped = account.layer(account.users[0], name="old", end="2026-11-21 12:10:00 +0000 UTC")
    account.sdk.call("PUT", path, account.schedule_body(kept, dropped))
    account.move(seconds=1)
    layers = account.sdk.call("GET", path)["schedule"]["schedule_layers"]
    assert {one["name"]: one["end"] is None for one in layers} == {"new": True, "old": False}
    assert [one["id"] for one in layers if one["name"] == "new"] == [layer["id"]]


def test_the_start_of_a_running_layer_may_be_sent_again(account):
    start = {"start": "2026-10-05T07:00:00Z", "rotation_virtual_start": "2026-10-05 07:00:00 +0000 UTC"}
    path = f"/schedules/{account.schedule(account.layer(*account.users, **start))}"
    (layer,) = account.sdk.call("GET", path)["schedule"]["schedule_layers"]
    again = account.layer(account.users[1], **start, id=layer["id"])
    account.sdk.call("PUT", path, account.schedule_body(again))
    (read,) = account.sdk.call("GET", path)["schedule"]["schedule_layers"]
    assert (read["id"], [one["user"]["id"] for one in read["users"]]) == (layer["id"], [account.users[1]])


def test_a_used_schedule_is_freed_and_then_deleted(account):
    schedule = account.schedule()
    policy = account.policy(("schedule", schedule), ("user", account.users[2]))
    read = account.sdk.call("GET", f"/schedules/{schedule}")["schedule"]
    assert [one["id"] for one in read["escalation_policies"]] == [policy]
    assert account.sdk.errors("DELETE", f"/schedules/{schedule}") == [IN_USE]
    people = "".join(f"&user_ids%5B%5D={one['id']}" for one in read["users"])
    statuses = "statuses%5B%5D=triggered&statuses%5B%5D=acknowledged"
    answer = account.sdk.call("GET", f"/incidents?date_range=all&limit=100&{statuses}{people}")
    assert answer["incidents"] == []
    full = account.sdk.call("GET", f"/escalation_policies/{policy}")["escalation_policy"]
    rules = [one for one in full["escalation_rules"] if one["targets"][0]["id"] != schedule]
    account.sdk.call(
        "PUT", f"/escalation_policies/{policy}", {"escalation_policy": {**full, "escalation_rules": rules}}
    )
    account.sdk.call("DELETE", f"/schedules/{schedule}", status=204)


# Escalation policies


def test_a_policys_rules_have_ids_and_strategies(account):
    path = f"/escalation_policies/{account.policy(('user', account.users[0]))}"
    read = account.sdk.call("GET", f"{path}?{STRATEGIES}")["escalation_policy"]
    (one,) = read["escalation_rules"]
    assert one["id"]
    assert one["escalation_rule_assignment_strategy"]["type"] == "assign_to_everyone"
    assert read["teams"] == []


def test_a_policy_waits_for_its_services(account):
    policy = account.policy(("user", account.users[0]))
    service = account.service(policy)
    assert account.sdk.errors("DELETE", f"/escalation_policies/{policy}") != []
    account.sdk.call("DELETE", f"/services/{service}", status=204)
    account.sdk.call("DELETE", f"/escalation_policies/{policy}", status=204)


# Services and integrations


def test_support_hours_without_actions_arrive_as_one_null_and_are_read_as_none(account):
    policy = account.policy(("user", account.users[0]))
    urgency = {
        "type": "use_support_hours",
        "during_support_hours": {"type": "constant", "urgency": "high"},
        "outside_support_hours": {"type": "constant", "urgency": "low"},
    }
    hours = {
        "type": "fixed_time_per_day",
        "time_zone": "Europe/Berlin",
        "start_time": "09:00:00",
        "end_time": "18:00:00",
        "days_of_week": [1, 2, 3, 4, 5],
    }
    more = {"incident_urgency_rule": urgency, "support_hours": hours, "scheduled_actions": [None]}
    service = account.service(policy, **more)
    read = account.sdk.call("GET", f"/services/{service}?{PAUSING}")["service"]
    assert read["scheduled_actions"] == []
    assert read["escalation_policy"]["id"] == policy
    assert (read["support_hours"], read["incident_urgency_rule"]) == (hours, urgency)


def test_timeouts_are_switched_off_with_null(account):
    policy = account.policy(("user", account.users[0]))
    service = account.service(policy, acknowledgement_timeout=None, auto_resolve_timeout=None)
    read = account.sdk.call("GET", f"/services/{service}?{PAUSING}")["service"]
    assert (read["acknowledgement_timeout"], read["auto_resolve_timeout"]) == (None, None)


def test_an_integration_keeps_its_key_and_has_no_vendor(account):
    service = account.service(account.policy(("user", account.users[0])))
    body = {
        "name": "AliveMCP",
        "service": {"id": service, "type": "service"},
        "type": "events_api_v2_inbound_integration",
    }
    made = account.sdk.call("POST", f"/services/{service}/integrations", {"integration": body}, 201)["integration"]
    path = f"/services/{service}/integrations/{made['id']}"
    account.sdk.call("PUT", path, {"integration": {**body, "name": "Other"}})
    read = account.sdk.call("GET", path)["integration"]
    assert (read["integration_key"], read["name"], read["type"]) == (made["integration_key"], "Other", body["type"])
    assert read.get("vendor") is None
    account.sdk.call("DELETE", path, status=204)


# All kinds


@pytest.mark.parametrize(
    "path", ["/teams/P0", "/users/P0", "/schedules/P0", "/services/P0", "/escalation_policies/P0", "/v3/schedules/P0"]
)
def test_an_object_that_is_gone_is_404_so_that_a_refresh_drops_it(account, path):
    assert account.framework.answer("GET", path).status_code == 404

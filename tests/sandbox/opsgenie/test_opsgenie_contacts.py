"""Users' contacts: what a new user has, what may be added, and what a disabled one means for pages."""

import pytest

ANA = "/v2/users/ana@acme.example"


def contact(opsgenie, method: str, to: str, **more) -> str:
    return opsgenie.make(f"{ANA}/contacts", {"method": method, "to": to}, **more)["id"]


def test_a_new_user_has_their_mail_address_and_the_app(opsgenie):
    found = opsgenie.get(f"{ANA}/contacts")
    assert [(one["method"], one["to"], one["status"], one["applyOrder"]) for one in found] == [
        ("mobile", "ana@acme.example", {"enabled": True}, 0),
        ("email", "ana@acme.example", {"enabled": True}, 1),
    ]


def test_a_user_who_never_logged_in_to_the_app_has_no_push_contact(make_opsgenie):
    opsgenie = make_opsgenie(users_have_app=False)
    opsgenie.alert(responders=[opsgenie.user("ana")])
    assert opsgenie.told() == [("0m", "Ana", "email")]


def test_a_contact_reads_back_as_it_was_made(opsgenie):
    made = contact(opsgenie, "voice", "49-1701234567")
    assert opsgenie.get(f"{ANA}/contacts/{made}") == {
        "id": made,
        "method": "voice",
        "to": "49-1701234567",
        "status": {"enabled": True},
    }


def test_a_patch_changes_the_address_only(opsgenie):
    made = contact(opsgenie, "sms", "49-1701234567")
    opsgenie.send("PATCH", f"{ANA}/contacts/{made}", {"to": "49-1707654321", "method": "voice"})
    found = opsgenie.get(f"{ANA}/contacts/{made}")
    assert (found["method"], found["to"]) == ("sms", "49-1707654321")


def test_a_deleted_contact_is_gone(opsgenie):
    made = contact(opsgenie, "sms", "49-1701234567")
    opsgenie.send("DELETE", f"{ANA}/contacts/{made}")
    assert opsgenie.http("GET", f"{ANA}/contacts/{made}").status_code == 404


def test_disabling_and_enabling_show_in_the_status(opsgenie):
    made = contact(opsgenie, "sms", "49-1701234567")
    states = []
    for verb in ("disable", "enable"):
        opsgenie.send("POST", f"{ANA}/contacts/{made}/{verb}")
        states.append(opsgenie.get(f"{ANA}/contacts/{made}")["status"]["enabled"])
    assert states == [False, True]


def test_nothing_is_sent_to_a_disabled_contact(opsgenie):
    (mail,) = [one["id"] for one in opsgenie.get(f"{ANA}/contacts") if one["method"] == "email"]
    opsgenie.send("POST", f"{ANA}/contacts/{mail}/disable")
    opsgenie.alert(responders=[opsgenie.user("ana")])
    assert opsgenie.told() == [("0m", "Ana", "push")]


@pytest.mark.parametrize("method", ["email", "sms", "voice"])
def test_there_are_two_contacts_of_a_method_at_most(opsgenie, method: str):
    numbers = ["49-1701234567", "49-1701234568", "49-1701234569"]
    addresses = ["one@acme.example", "two@acme.example"] if method == "email" else numbers
    answers = [opsgenie.http("POST", f"{ANA}/contacts", {"method": method, "to": to}) for to in addresses]
    assert [each.status_code for each in answers] == [201] * (len(addresses) - 1) + [422]


@pytest.mark.parametrize(
    "body",
    [
        {"to": "x@acme.example"},
        {"method": "pigeon", "to": "x"},
        {"method": "email", "to": "nobody"},
        {"method": "sms", "to": "ana"},
        {"method": "voice"},
    ],
)
def test_an_unusable_contact_is_refused_with_422(opsgenie, body):
    assert opsgenie.http("POST", f"{ANA}/contacts", body).status_code == 422


def test_the_same_number_twice_is_a_409_however_it_is_written(opsgenie):
    contact(opsgenie, "sms", "49-1701234567")
    assert opsgenie.http("POST", f"{ANA}/contacts", {"method": "sms", "to": "+49 1701234567"}).status_code == 409


def test_a_team_key_may_not_change_contacts(opsgenie):
    key = opsgenie.key(opsgenie.team(), allowConfigurationAccess=True)
    body = {"method": "sms", "to": "49-1701234567"}
    assert opsgenie.http("POST", f"{ANA}/contacts", body, key=key).status_code == 403


def test_a_seeded_mobile_contact_is_the_app_that_the_user_has(opsgenie):
    contacts = [{"method": "mobile", "to": "ana-phone"}, {"method": "voice", "to": "49-1701234567"}]
    for _ in range(2):
        opsgenie.vendor.seed({"users": [{"username": "ana@acme.example", "fullName": "Ana", "contacts": contacts}]})
    opsgenie.alert(responders=[opsgenie.user("ana")])
    found = [(one["method"], one["to"]) for one in opsgenie.get(f"{ANA}/contacts")]
    assert found == [("mobile", "ana-phone"), ("email", "ana@acme.example"), ("voice", "49-1701234567")]
    assert opsgenie.told() == [("0m", "Ana", "push"), ("0m", "Ana", "email")]

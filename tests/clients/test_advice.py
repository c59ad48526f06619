"""What a person can do about each refusal."""

import httpx
import pytest

from oncall.clients.advice import advice, feature
from oncall.clients.base import ApiClient, Credentials
from oncall.clients.errors import Unreachable

US, EU = "https://api.opsgenie.com", "https://api.eu.opsgenie.com"
KEY = Credentials("GenieKey", "planted-secret-0001")


@pytest.mark.parametrize(
    "vendor, url, way",
    [
        ("OpsGenie", US, f"if the account is in the EU: `pulumi config set oncall:opsgenieApiUrl {EU}`"),
        ("OpsGenie", EU, f"if the account is not in the EU: `pulumi config set oncall:opsgenieApiUrl {US}`"),
        (
            "PagerDuty",
            "https://api.eu.pagerduty.com",
            "if the account is not in the EU: `pulumi config set oncall:pagerdutyApiUrl https://api.pagerduty.com`",
        ),
    ],
)
def test_a_key_of_the_other_region_is_thought_of(vendor, url, way):
    assert advice(vendor, url, 401, "GET", "/v2/teams") == f"check the API key; {way}"


def test_elsewhere_there_is_no_other_region():
    assert advice("OpsGenie", "http://127.0.0.1:8912", 401, "GET", "/v2/teams") is None


@pytest.mark.parametrize(
    "method, right",
    [("GET", "read"), ("POST", "create and update"), ("PATCH", "create and update"), ("DELETE", "delete")],
)
def test_the_missing_right_is_named(method, right):
    words = f"the API key needs the configuration access right and the right to {right}"

    assert advice("OpsGenie", US, 403, method, "/v2/teams") == words


@pytest.mark.parametrize(
    "path, words",
    [
        ("/v2/teams/t/routing-rules", "routing rules"),
        ("/v2/schedules/s/overrides/a", "schedule overrides"),
        ("/schedules/PX/overrides", "schedule overrides"),
        ("/v1/maintenance", "maintenance"),
        ("/v2/teams", "teams"),
        ("/users/PABC123/contact_methods", "contact methods"),
        ("/users/PABC123/notification_rules/PDEF456", "notification rules"),
        ("/v2/users/x@acme.example/contacts", "contacts"),
        ("/v2/teams/1/members", "members of teams"),
        ("/webhook_subscriptions", "webhook subscriptions"),
        ("/business_services/PABC123", "business services"),
    ],
)
def test_a_path_is_told_in_words(path, words):
    assert feature(path) == words


@pytest.mark.parametrize(
    "fault, way",
    [
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "set SSL_CERT_FILE"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "is it http:// instead of https://?"),
        ("[Errno -2] Name or service not known", "there is no such host: check the address"),
    ],
)
def test_what_trying_again_does_not_mend_is_told_at_once(fault, way):
    def refuse(request):
        raise httpx.ConnectError(fault)

    client = ApiClient("OpsGenie", US, transport=httpx.MockTransport(refuse))
    with pytest.raises(Unreachable) as failure:
        client.send("GET", "/v2/teams", KEY)

    assert failure.value.retryable is False
    assert way in str(failure.value)
    assert "\n" not in str(failure.value)

"""What a program registers with the engine, under Pulumi's mocks: names, secrets, outputs."""

import pulumi
import pytest
from pulumi.runtime import Mocks
from pulumi.runtime import test as run_as_program
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

from oncall import sdk

pytestmark = pytest.mark.usefixtures("own_event_loop")
KEY = "planted-key-0001"


class Account(Mocks):
    """Answers each registration with the outputs of its kind, and keeps what it was asked."""

    def __init__(self):
        self.registered = []

    def new_resource(self, args):
        self.registered.append(args)
        outputs = {"apiKey": KEY, "defaultScheduleId": "s1"} if args.typ.startswith("oncall:") else {}
        return [f"{args.name}-id", {**args.inputs, **outputs}]

    def call(self, args):
        return {}


@pytest.fixture
def account():
    mocks = Account()
    pulumi.runtime.set_mocks(mocks, preview=False)
    return mocks


def test_inputs_are_sent_under_their_wire_names_and_nested_ones_as_they_are(account):
    @run_as_program
    def program():
        sdk.Rotation(
            "weekly",
            schedule_id="s",
            name="weekly",
            start_date="2026-12-07T08:00:00Z",
            type="weekly",
            participants=[{"type": "none"}],
            time_restriction={"type": "time-of-day", "restriction": {"startHour": 9, "endHour": 17}},
        )

    program()

    assert account.registered[0].inputs == {
        "scheduleId": "s",
        "name": "weekly",
        "startDate": "2026-12-07T08:00:00Z",
        "type": "weekly",
        "participants": [{"type": "none"}],
        "timeRestriction": {"type": "time-of-day", "restriction": {"startHour": 9, "endHour": 17}},
    }


def test_outputs_come_back_under_their_python_names(account):
    @run_as_program
    def program():
        team = sdk.Team("edge", name="Edge")

        def check(seen):
            assert seen == ["edge-id", "Edge", "s1"]

        return pulumi.Output.all(team.id, team.name, team.default_schedule_id).apply(check)

    program()


def test_keys_of_a_bundle_are_secret_and_their_ids_left_as_they_are(account):
    @run_as_program
    def program():
        sdk.Bundle("bridge", directory="build", files={"src/core.js": ""}, keys={"opsgenie/edge": KEY})

    program()

    inputs = account.registered[0].inputs
    assert inputs["files"] == {"src/core.js": ""}
    assert inputs["keys"] == {_special_sig_key: _special_secret_sig, "value": {"opsgenie/edge": KEY}}


def test_the_providers_keys_are_secret(account):
    @run_as_program
    def program():
        sdk.Provider("both", opsgenie_api_key=KEY, opsgenie_api_url="http://127.0.0.1:1", pagerduty_token=KEY)

    program()

    inputs = account.registered[0].inputs
    assert inputs["opsgenieApiUrl"] == "http://127.0.0.1:1"
    secret = {_special_sig_key: _special_secret_sig, "value": KEY}
    assert (inputs["opsgenieApiKey"], inputs["pagerdutyToken"]) == (secret, secret)

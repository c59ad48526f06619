"""Every value that is written to OpsGenie and comes back as another one is told by name, never taken for written."""

import json

import httpx
import pytest

from tests.provider.conftest import PluginError

WRITES = ("POST", "PUT", "PATCH")


def other(value):
    """A value of the same sort that is not this one."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] if value[-1:] == "x" else f"{value}x"
        case list():
            return value[1:]
        case dict():
            return {name: other(inner) for name, inner in value.items()}
    return value


class Distorting(httpx.BaseTransport):
    """The line to a vendor whose objects, once written, have another value of one word."""

    def __init__(self, inner):
        self._inner = inner
        self.word = None
        self.words = {}
        self.written = False

    def handle_request(self, request):
        answer = self._inner.handle_request(request)
        if request.method in WRITES and request.content:
            self.words |= json.loads(request.content)
            self.written = True
        elif self.word is not None and self.written and answer.status_code == 200:
            answer.read()
            return httpx.Response(200, json=self._distorted(answer.json()))
        return answer

    def _distorted(self, value):
        if isinstance(value, list):
            return [self._distorted(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {name: other(each) if name == self.word else self._distorted(each) for name, each in value.items()}


SILENT = {
    ("opsgenie:User", "details"),  # where it came from, which nobody asks for again
    ("opsgenie:RoutingRule", "order"),  # creates of others still move it; a refresh tells
    # What no program asks for: the whole is written, and what is left alone goes back as it came.
    *(("opsgenie:ApiIntegration", word) for word in ("type", "allowReadAccess", "allowDeleteAccess")),
    ("opsgenie:ApiIntegration", "allowConfigurationAccess"),
    *(("opsgenie:ApiIntegration", f"ignore{what}FromPayload") for what in ("Tags", "ExtraProperties")),
}


@pytest.fixture
def line(plugin):
    found = Distorting(plugin.line._inner)
    plugin.line._inner = found
    return found


@pytest.mark.parametrize("which", [0, 1], ids=["first", "edit"])
def test_a_value_that_comes_back_as_another_is_told(plugin, line, kind, examples, which):
    wanted = examples(kind)
    line.words = {}
    held = plugin.create(kind, wanted[0])
    if which:
        line.words = {}
        held = plugin.update(held, wanted[1])
    words = {word for word, value in line.words.items() if value not in ([], {}, None)}
    assert words

    silent = {word for word in words if not told(plugin, line, held, wanted[which], word)}

    assert {(kind, word) for word in silent} <= SILENT


def told(plugin, line, held, inputs, word):
    """Whether a write that the vendor holds with another value of a word ends in an error."""
    line.word = word
    line.written = held.urn.endswith("TeamMember::x")  # nothing is sent where the member has the role
    try:
        plugin.update(held, inputs)
    except PluginError:
        return True
    finally:
        line.word = None
    return False

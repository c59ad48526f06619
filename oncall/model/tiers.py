"""Tiers: what a class of servers deserves when one of them is down."""

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from oncall.model.base import Noun
from oncall.model.extras import OpsGenieTier
from oncall.model.people import Severity
from oncall.model.words import Clock, Duration, WindowsWord

Ticket = Literal["instead", "also"]


def parse_ticket(value: object) -> Ticket:
    """Read `jira` (a ticket instead of a page) or `{jira: also}` (a ticket and a page)."""
    if value == "jira":
        return "instead"
    if value == {"jira": "also"}:
        return "also"
    raise ValueError("a ticket is `jira` (instead of paging) or `{jira: also}` (and page)")


_TICKET_SCHEMA: dict[str, Any] = {
    "description": "Open a Jira ticket at once, instead of paging or as well.",
    "anyOf": [
        {"const": "jira"},
        {
            "type": "object",
            "properties": {"jira": {"const": "also"}},
            "required": ["jira"],
            "additionalProperties": False,
        },
    ],
}


class Tier(Noun):
    """How severe an outage is, who hears of it later, and what else happens."""

    severity: Severity
    manager_after: Annotated[Duration | None, Field(description="Page the team's managers after this.")] = None
    ticket_after_ack: Duration | None = None
    hold_outside: Annotated[
        WindowsWord | None, Field(description="Pages wait until these hours, in the team's zone.")
    ] = None
    ticket: Annotated[Ticket | None, PlainValidator(parse_ticket), WithJsonSchema(_TICKET_SCHEMA)] = None
    digest: Annotated[Clock | None, Field(description="One summary a day per team, at its local time.")] = None
    raise_after: Annotated[Duration | None, Field(description="Still down after this: page as `raise_to`.")] = None
    raise_to: Severity | None = None
    opsgenie: OpsGenieTier | None = None

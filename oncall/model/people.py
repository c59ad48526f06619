"""People, and how they are told that something is wrong."""

from typing import Annotated, Literal

from pydantic import Field

from oncall.model.base import Accept, Name, Noun, Zone
from oncall.model.extras import OpsGeniePerson, PagerDutyPerson
from oncall.model.words import Day, PageStepWord

Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")  # most severe first

Manage = Annotated[
    Literal["none", "rules", "all"],
    Field(
        description="What of a person's vendor user is ours: none (looked up only), rules (contacts and "
        "notification rules), all (the user is created too)."
    ),
]
Steps = Annotated[
    tuple[PageStepWord, ...],
    Field(strict=False, description="In this order: push, call, sms or email, `call after 5m` for a later one."),
]


class Pages(Noun):
    """How a person is told, by severity; what is left out falls back to the organisation's."""

    critical: Steps | None = None
    high: Steps | None = None
    medium: Steps | None = None
    low: Steps | None = None


class Person(Noun):
    """Somebody who can be on call."""

    name: Name
    email: Annotated[
        str,
        Field(
            pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
            max_length=254,
            description="The address people are known by at the vendors.",
            examples=["ana@acme.example"],
        ),
    ]
    phone: Annotated[
        str | None, Field(pattern=r"^\+\d[\d ()-]{5,30}$", description="With country code: +49 30 5550101.")
    ] = None
    device: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=255,
            description="The phone that gets push, by the name under which the vendors' apps registered it.",
            examples=["iPhone (Ana)"],
        ),
    ] = None
    time_zone: Zone | None = None
    holidays: Annotated[
        str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$", description="Country and region: DE-BE.")
    ] = None
    until: Annotated[Day | None, Field(description="Last day with us, inclusive.")] = None
    manage: Manage | None = None
    pages: Pages | None = None
    pagerduty: PagerDutyPerson | None = None
    opsgenie: OpsGeniePerson | None = None
    accept: Annotated[tuple[Accept, ...], Field(strict=False)] = ()

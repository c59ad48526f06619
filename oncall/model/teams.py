"""Teams, their schedules, and the order in which people are told."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from oncall.model.base import Accept, Key, Name, Noun, Text, Zone
from oncall.model.extras import OpsGenieTeam, PagerDutyTeam
from oncall.model.words import (
    DAY_MINUTES,
    Duration,
    HandOffWord,
    Moment,
    TurnWord,
    Window,
    WindowsWord,
    parse_windows,
)

TargetName = Literal["pagerduty", "opsgenie", "jsm"]
Role = Literal["manager", "responder", "observer"]
NOBODY = "nobody"  # a slot of a rotation that is left empty on purpose

FormerKeys = Annotated[
    tuple[Key, ...],
    Field(strict=False, description="The keys this had before: what was made under one of them is kept as it is."),
]
People = Annotated[
    tuple[Key, ...],
    Field(strict=False, description="In the order they take their turns; `nobody` leaves one empty."),
]

TakesOver = Annotated[
    Moment | None,
    Field(description="The line-up counts from `since`, and is on call from this later moment, within a turn."),
]
Rollout = Annotated[
    Literal["now"] | None,
    Field(description="`now`: this line-up is meant to change who is on call before the next hand-off."),
]


class Lineup(Noun):
    """A line-up of a rotation that a later one replaces; it may itself follow an earlier one."""

    people: People
    since: Annotated[Moment, Field(description="The first hand-off of this line-up: the first person's turn.")]
    turn: TurnWord | None = None
    hand_off: HandOffWord | None = None
    takes_over: TakesOver = None
    rollout: Rollout = None
    before: "Lineup | None" = None


class Rotation(Noun):
    """People taking turns, from `since` on; `before` is the line-up until then."""

    people: People
    turn: TurnWord
    since: Annotated[Moment, Field(description="The first hand-off of this line-up: the first person's turn.")]
    hand_off: Annotated[HandOffWord | None, Field(description="Weekday and time for weeks, time for days.")] = None
    only: WindowsWord | None = None
    time_zone: Zone | None = None
    until: Annotated[Moment | None, Field(description="The rotation ends here.")] = None
    takes_over: TakesOver = None
    rollout: Rollout = None
    before: Lineup | None = None


class Schedule(Noun):
    """One or more rotations answering the question who is on call."""

    rotations: dict[Key, Rotation]
    name: Name | None = None
    formerly: FormerKeys = ()
    time_zone: Zone | None = None
    overlap: Annotated[
        Literal["all", "last_wins"],
        Field(description="Where rotations overlap: everybody is on call, or the later-written one wins."),
    ] = "all"
    accept: Annotated[tuple[Accept, ...], Field(strict=False)] = ()


class Member(Noun):
    """Somebody in a team, with a role."""

    person: Key
    role: Role = "responder"


def parse_member(value: object) -> Member:
    """Read `ana` or `{ana: manager}`."""
    if isinstance(value, str):
        return Member(person=value)
    if isinstance(value, dict) and len(value) == 1:
        ((person, role),) = value.items()
        return Member(person=person, role=role)
    raise ValueError("a member is a person's key, or {key: manager | responder | observer}")


_MEMBER_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {"enum": ["manager", "responder", "observer"]},
        },
    ]
}
MemberWord = Annotated[Member, PlainValidator(parse_member), WithJsonSchema(_MEMBER_SCHEMA)]


def _one_or_more(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else [value]
    if parts and all(isinstance(part, str) and part for part in parts):
        return tuple(parts)
    raise ValueError("name a schedule or a person, or a list of them")


Names = Annotated[
    tuple[str, ...],
    PlainValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]


class Step(Noun):
    """Who is told, and how long after the alert began."""

    notify: Annotated[Names, Field(description="A schedule of the team, `team/schedule`, or a person.")]
    after: Annotated[Duration, Field(description="Time since the alert began.")] = timedelta(0)


class Repeat(Noun):
    """How often the whole escalation starts over, and when (since the alert began)."""

    times: Annotated[int, Field(ge=0, le=9)] = 0
    after: Duration | None = None


def parse_required(value: object) -> tuple[Window, ...]:
    """Read `always`, or hours of the week; `always` is seven whole days."""
    return (Window(tuple(range(7)), 0, DAY_MINUTES),) if value == "always" else parse_windows(value)


_REQUIRED_SCHEMA: dict[str, Any] = {
    "description": "`always`, or hours of the week.",
    "examples": ["always", "Mon-Fri 08:00-20:00"],
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
}
RequiredHours = Annotated[tuple[Window, ...], PlainValidator(parse_required), WithJsonSchema(_REQUIRED_SCHEMA)]


class Coverage(Noun):
    """When somebody must be there, and what the team knows about its coverage."""

    required: Annotated[
        dict[Key, RequiredHours],
        Field(description="By tier: the hours in which an outage must reach somebody. All hours, if left out."),
    ] = Field(default_factory=dict)
    accept: Annotated[tuple[Accept, ...], Field(strict=False)] = ()


class HolidayCover(Noun):
    """Public holidays are covered by whoever holds this rotation of the team."""

    cover: Annotated[str, Field(pattern=r"^[^/\s]+/[^/\s]+$")]

    @property
    def schedule(self) -> str:
        """The key of the schedule."""
        return self.cover.partition("/")[0]

    @property
    def rotation(self) -> str:
        """The key of the rotation there."""
        return self.cover.partition("/")[2]


class Limits(Noun):
    """What a team asks of its rotas; whatever goes beyond is told."""

    rest: Annotated[Duration | None, Field(description="Between two shifts of one person, at least.")] = None
    nights_in_a_row: Annotated[int | None, Field(ge=1, le=366, description="With a shift between 23:00 and 06:00.")] = (
        None
    )
    hours_a_week: Annotated[int | None, Field(ge=1, le=168, description="On call, Monday to Sunday.")] = None


OnHolidays = Literal["ignore", "list"] | HolidayCover


def parse_on_holidays(value: object) -> OnHolidays:
    """Read `ignore`, `list` or `{cover: schedule/rotation}`."""
    if value == "ignore" or value == "list":
        return value
    if isinstance(value, dict) and set(value) == {"cover"}:
        return HolidayCover(**value)
    raise ValueError("on holidays a team does `ignore`, `list` or `{cover: schedule/rotation}`")


_ON_HOLIDAYS_SCHEMA: dict[str, Any] = {
    "description": "Whoever has a public holiday on a day of their turn: stays on call (ignore), stays and is listed "
    "(list), or is covered by whoever holds a rotation of the team at that time.",
    "anyOf": [
        {"enum": ["ignore", "list"]},
        {
            "type": "object",
            "properties": {"cover": {"type": "string", "description": "schedule/rotation", "examples": ["sun/apac"]}},
            "required": ["cover"],
            "additionalProperties": False,
        },
    ],
}
OnHolidaysWord = Annotated[OnHolidays, PlainValidator(parse_on_holidays), WithJsonSchema(_ON_HOLIDAYS_SCHEMA)]

TeamTag = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,49}$")]


def _targets(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else [value]
    known = ("pagerduty", "opsgenie", "jsm")
    if not parts or any(part not in known for part in parts) or len(set(map(str, parts))) != len(parts):
        raise ValueError("pages go through pagerduty, opsgenie or jsm, or (while moving) a list of them")
    return tuple(parts)


_TARGET_SCHEMA: dict[str, Any] = {"enum": ["pagerduty", "opsgenie", "jsm"]}


class Team(Noun):
    """People who answer for servers together."""

    name: Name
    pages_through: Annotated[
        tuple[TargetName, ...],
        PlainValidator(_targets),
        WithJsonSchema(
            {
                "description": "The vendor that pages the team; while moving, a list: new incidents go to the first.",
                "anyOf": [_TARGET_SCHEMA, {"type": "array", "items": _TARGET_SCHEMA, "minItems": 1}],
            }
        ),
    ]
    members: Annotated[tuple[MemberWord, ...], Field(strict=False)]
    escalation: Annotated[tuple[Step, ...], Field(strict=False)]
    schedules: dict[Key, Schedule] = Field(default_factory=dict)
    formerly: FormerKeys = ()
    description: Text | None = None
    tags: Annotated[
        tuple[TeamTag, ...],
        Field(strict=False, max_length=20, description="Words to find the team by: letters, digits, blanks, . _ -"),
    ] = ()
    parent: Annotated[Key | None, Field(description="The team that this one is a part of.")] = None
    time_zone: Zone | None = None
    repeat: Repeat = Repeat()
    coverage: Coverage = Coverage()
    limits: Limits = Limits()
    on_holidays: OnHolidaysWord = "ignore"
    pagerduty: PagerDutyTeam | None = None
    opsgenie: OpsGenieTeam | None = None
    accept: Annotated[tuple[Accept, ...], Field(strict=False)] = ()

    @model_validator(mode="before")
    @classmethod
    def _escalation_is_a_list(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("escalation"), dict):
            raise ValueError("escalation is a list of steps, each beginning with `- notify:`")
        return data

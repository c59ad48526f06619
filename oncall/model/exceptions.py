"""What departs from the rotations on given dates: leave, swaps, overrides."""

from typing import Annotated

from pydantic import Field, model_validator

from oncall.model.base import Key, Noun, Text
from oncall.model.words import Moment

_SCHEDULE = r"^[^/\s]+/[^/\s]+$"
From = Annotated[Moment, Field(alias="from", description="The first day, or the time at which it begins.")]
To = Annotated[Moment, Field(alias="to", description="The last day, included; or the time at which it ends.")]
ScheduleName = Annotated[str, Field(pattern=_SCHEDULE, description="team/schedule")]


class Leave(Noun):
    """Somebody is away; `cover` stands in. Dates and times are by the person's clock."""

    person: Annotated[Key, Field(description="Who is away.")]
    start: From
    end: To
    cover: Annotated[Key | None, Field(description="Who stands in.")] = None
    schedule: Annotated[
        str | None, Field(pattern=_SCHEDULE, description="team/schedule: the cover is for this one only.")
    ] = None
    why: Text | None = None


class Override(Noun):
    """One person takes a schedule for a while. Dates and times are by the schedule's clock."""

    schedule: ScheduleName
    person: Annotated[Key, Field(description="Who takes it.")]
    start: From
    end: To
    instead_of: Annotated[
        Key | None, Field(description="Only their shifts are taken; else everybody's, and hours nobody has.")
    ] = None
    why: Text | None = None


class Swap(Noun):
    """Two people trade turns: the first's goes to the second, the second's to the first."""

    schedule: ScheduleName
    people: Annotated[
        tuple[Key, ...], Field(strict=False, min_length=2, max_length=2, description="The two who trade a turn each.")
    ]
    turns: Annotated[
        tuple[Moment, ...],
        Field(
            strict=False,
            min_length=2,
            max_length=2,
            description="A moment in the first one's turn, and one in the second's; a date is the turn that begins "
            "that day, else the one that runs as it begins.",
        ),
    ]
    why: Text | None = None

    @model_validator(mode="after")
    def _two_people(self) -> "Swap":
        if self.people[0] == self.people[1]:
            raise ValueError("two different people swap their turns")
        return self

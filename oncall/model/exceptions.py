"""What departs from the rotations on given dates: leave, swaps, overrides."""

from typing import Annotated

from pydantic import Field, model_validator

from oncall.model.base import Key, Noun, Text
from oncall.model.words import Moment

_SCHEDULE = r"^[^/\s]+/[^/\s]+$"
ScheduleName = Annotated[str, Field(pattern=_SCHEDULE, description="team/schedule")]


class Leave(Noun):
    """Somebody is away; `cover` stands in. Dates are inclusive, in the person's zone."""

    person: Key
    start: Annotated[Moment, Field(alias="from")]
    end: Annotated[Moment, Field(alias="to")]
    cover: Key | None = None
    schedule: Annotated[
        str | None, Field(pattern=_SCHEDULE, description="team/schedule: the cover is for this one only.")
    ] = None
    why: Text | None = None


class Override(Noun):
    """One person takes a schedule for a while."""

    schedule: ScheduleName
    person: Key
    start: Annotated[Moment, Field(alias="from")]
    end: Annotated[Moment, Field(alias="to")]
    instead_of: Annotated[
        Key | None, Field(description="Only their shifts are taken; else everybody's, and hours nobody has.")
    ] = None
    why: Text | None = None


class Swap(Noun):
    """Two people trade turns: the first's goes to the second, the second's to the first."""

    schedule: ScheduleName
    people: Annotated[tuple[Key, ...], Field(strict=False, min_length=2, max_length=2)]
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

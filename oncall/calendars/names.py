"""What the files are called. Addresses people have subscribed to must stay, so a name follows from the keys alone."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from oncall.model.escalation import ScheduleRef


@dataclass(frozen=True)
class FileNames:
    """The names of all files; `refs` are all schedules of the inventory, also those of which nothing is written."""

    refs: tuple[ScheduleRef, ...]

    def person_calendar(self, person: str) -> str:
        """The path of a person's calendar."""
        return f"people/{person}.ics"

    def team_calendar(self, team: str) -> str:
        """The path of a team's calendar."""
        return f"teams/{team}.ics"

    def team_page(self, team: str) -> str:
        """The path of a team's page, where teams have their own."""
        return f"teams/{team}.html"

    def schedule_calendar(self, ref: ScheduleRef) -> str:
        """The path of a schedule's calendar."""
        return f"schedules/{self.schedule(ref)}.ics"

    def schedule(self, ref: ScheduleRef) -> str:
        """The name of a schedule: `platform-primary`; with a dot, which no key has, where two would be called so."""
        joined = f"{ref.team}-{ref.schedule}"
        return joined if self._counts[joined] < 2 else f"{ref.team}.{ref.schedule}"

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(f"{ref.team}-{ref.schedule}" for ref in self.refs)

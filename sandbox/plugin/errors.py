"""The faults the plugin reports: one line each, for the engine to show."""

from dataclasses import dataclass
from typing import Final

NO_ANSWER: Final = 0
"""Status of a call that got no answer at all."""


class PluginError(Exception):
    """An expected fault; its text is all that the user sees."""


@dataclass(eq=False)
class ApiError(PluginError):
    """A call PagerDuty refused (status 4xx or 5xx) or that got no answer (status 0)."""

    method: str
    path: str
    status: int
    message: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        status = f"{self.status} " if self.status else ""
        details = f": {'; '.join(self.details)}" if self.details else ""
        return f"{self.method} {self.path}: {status}{self.message}{details}"


class CreatedButUnreadError(PluginError):
    """A resource was made, but what follows failed; its id must reach the state, or it would be made twice."""

    def __init__(self, resource_id: str, fault: PluginError) -> None:
        super().__init__(str(fault))
        self.resource_id = resource_id

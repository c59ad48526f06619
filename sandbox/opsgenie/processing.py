"""Alert requests: answered 202 at once, done now or a moment later, asked about by their request id."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.alert import Alert
from sandbox.opsgenie.errors import ApiError
from sandbox.opsgenie.fields import date_text
from sandbox.opsgenie.integrations import Integration

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

# What a request does: gives the alert it was about, or raises `Failed`.
Work = Callable[[], Alert]


class Failed(Exception):  # noqa: N818 - it is an outcome that is told, not an error
    """The request was processed and did not succeed, for the reason given."""


@dataclass(frozen=True)
class Outcome:
    """What became of a request."""

    action: str
    integration_id: str
    processed_at: datetime
    success: bool
    status: str
    alert_id: str = ""
    alias: str = ""

    def wire(self) -> dict[str, Any]:
        """Return the outcome as `alerts/requests/{id}` writes it."""
        return {
            "success": self.success,
            "action": self.action,
            "processedAt": date_text(self.processed_at),
            "integrationId": self.integration_id,
            "isSuccess": self.success,
            "status": self.status,
            "alertId": self.alert_id,
            "alias": self.alias,
        }


class Processing:
    """The requests of the account, done and to be done."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self._outcomes: dict[str, Outcome] = {}

    def submit(self, action: str, integration: Integration, done: str, work: Work) -> str:
        """Take a request and return its id; `done` is the status text of a success."""
        account, request_id = self._account, self._account.ids.uuid()
        if account.switches.process_at_once:
            self._process(request_id, action, integration, done, work)
        else:
            due = account.now() + timedelta(seconds=account.switches.process_after)
            account.timers.at(due, lambda: self._process(request_id, action, integration, done, work))
        return request_id

    def outcome(self, request_id: str) -> Outcome:
        """Return what became of a request; 404 until it is processed. An id never given out looks the same."""
        if request_id not in self._outcomes:
            raise ApiError(
                404,
                "Request not found. It might not be processed yet",
                headers={"X-Opsgenie-Errortype": "RequestNotProcessed"},
            )
        return self._outcomes[request_id]

    def _process(self, request_id: str, action: str, integration: Integration, done: str, work: Work) -> None:
        now = self._account.now()
        try:
            alert = work()
            outcome = Outcome(action, integration.id, now, True, done, alert.id, alert.alias)
        except Failed as failure:
            outcome = Outcome(action, integration.id, now, False, str(failure))
        self._outcomes[request_id] = outcome

"""When an alert's notifications begin: at once, or later by a notification policy or a snooze; `paging` sends them.

A delay's or a snooze's end is taken as if the alert had just come in: routing, schedules and the escalation's times
start there (docs.opsgenie.com/v1.0/docs/snooze; for delays inferred). Policies are asked once, when an alert opens.
An acknowledgement or the close ends a snooze, and no delayed alert pages once it is acknowledged.
"""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sandbox.core import instant_text
from sandbox.opsgenie.alert import Alert

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account


class Notifier:
    """Holds back, begins and begins anew the notifications of alerts."""

    def __init__(self, account: "Account") -> None:
        self._account = account

    def opened(self, alert: Alert, *, silent: bool) -> None:
        """Begin the notifications of a new alert as its notification policy says; a silent integration's has none."""
        policy = self._account.policies.notification_policy(alert)
        alert.actions, alert.silent = policy.actions if policy else None, silent
        if silent:
            self._log(alert, "silent", "The integration suppresses notifications")
        if policy is None or policy.actions is None:
            self._begin_unless_held(alert, alert.last_occurred_at)
            return
        self._log(alert, "policy", f"Notification policy {policy.name} is applied")
        if policy.actions.close_after:
            due = alert.created_at + policy.actions.close_after
            self._account.timers.at(due, partial(self._auto_close, alert), _closing(alert))
        if policy.actions.suppress:
            alert.silent = True
            self._log(alert, "silent", "Notifications are suppressed")
        if policy.actions.deduplication:
            alert.waits_for_repeats = True
            self._log(alert, "held", f"Notifications wait for {policy.actions.deduplication.count} occurrences")
        self._begin_unless_held(alert, alert.last_occurred_at)

    def repeated(self, alert: Alert) -> None:
        """Take one more occurrence of an open alert: its notifications may have waited for it."""
        if alert.waits_for_repeats:
            self._begin_unless_held(alert, alert.last_occurred_at)

    def snooze(self, alert: Alert, until: datetime) -> None:
        """Stop an alert's notifications until an instant."""
        self.end_snooze(alert)
        self._account.timers.cancel(alert.id)
        alert.snoozed_until = until
        self._account.timers.at(until, partial(self._wake, alert, until), _snooze(alert))

    def end_snooze(self, alert: Alert) -> None:
        """Forget a snooze: nothing begins at its end."""
        alert.snoozed_until = None
        self._account.timers.cancel(_snooze(alert))

    def drop(self, alert: Alert) -> None:
        """Drop all that is still to come for an alert that is closed or gone."""
        self.end_snooze(alert)
        for key in (alert.id, _closing(alert)):
            self._account.timers.cancel(key)

    def _begin_unless_held(self, alert: Alert, now: datetime) -> None:
        """Begin the notifications unless something still holds them."""
        actions = alert.actions
        if alert.silent or alert.snoozed_until is not None:
            return
        if alert.waits_for_repeats and actions and actions.deduplication:
            if not actions.deduplication.reached(alert.occurrences, now):
                return
            alert.waits_for_repeats = False
        if actions and actions.delay:
            today = self._account.switches.delay_may_end_today
            until = actions.delay.until(now, self._account.zone(self._account.time_zone), may_end_today=today)
            self._log(alert, "held", f"Notifications are delayed until {instant_text(until)}")
            self._account.timers.at(until, partial(self._begin, alert, until), alert.id)
        else:
            self._begin(alert, now)

    def _begin(self, alert: Alert, moment: datetime, restarts: int = 0) -> None:
        if alert.acknowledged:
            self._log(alert, "skipped", "Notifications do not begin, alert is acknowledged")
            return
        self._account.pager.begin(alert, moment)
        restart = alert.actions.restart if alert.actions else None
        if restart and restarts < restart.most:
            due = moment + restart.span
            self._account.timers.at(due, partial(self._restart, alert, due, restarts + 1), alert.id)

    def _restart(self, alert: Alert, due: datetime, number: int) -> None:
        if not alert.acknowledged:
            self._account.timers.cancel(alert.id)
            self._log(alert, "repeated", f"Notifications start over, {number} times so far")
        self._begin(alert, due, number)

    def _wake(self, alert: Alert, moment: datetime) -> None:
        alert.snoozed_until = None
        self._log(alert, "woken", "Snooze has ended")
        self._account.webhooks.publish(alert, "SnoozeEnded", "System")
        if alert.acknowledged:
            self._account.alerts.unacknowledge(alert, "System")
        if not alert.silent:
            self._begin(alert, moment)

    def _auto_close(self, alert: Alert) -> None:
        self._account.alerts.close(alert, "System")

    def _log(self, alert: Alert, what: str, text: str) -> None:
        self._account.alerts.note_down(alert, what, text)


def _closing(alert: Alert) -> str:
    return f"{alert.id} close"


def _snooze(alert: Alert) -> str:
    return f"{alert.id} snooze"

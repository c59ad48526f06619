"""What people do to open alerts beside acknowledging and closing: snooze, assign, escalate, add and take away.

Sources: docs.opsgenie.com/docs/alert-api; docs.opsgenie.com/v1.0/docs/snooze (a week at most; the end is like a new
alert). That an assignment does not acknowledge, and that a responder who is one already is not paged anew, is inferred.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.core import instant_text
from sandbox.opsgenie.alert import Alert, RecipientState
from sandbox.opsgenie.processing import Failed
from sandbox.opsgenie.recipients import Recipient

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

LONGEST_SNOOZE = timedelta(days=7)


def snooze(account: "Account", alert: Alert, until: datetime, by: str) -> None:
    """Stop an alert's notifications until an instant; then it is open and unacknowledged, and pages like a new one."""
    account.notifier.snooze(alert, until)
    _changed(account, alert, "snoozed", f"Alert is snoozed until {instant_text(until)}", by)
    account.webhooks.publish(alert, "Snooze", by, snoozeEndDate=instant_text(until))


def assign(account: "Account", alert: Alert, owner: Recipient | None, by: str) -> None:
    """Give an alert an owner, who is told where a notification rule of theirs is for that."""
    user = account.users.by_id.get(owner.id) if owner else None
    if user is None:
        raise Failed("Owner does not exist")
    now = account.now()
    alert.owner = user.username
    alert.recipients.setdefault(user.id, RecipientState(now, now))
    _changed(account, alert, "assigned", f"Alert is assigned to {user.username}", by)
    account.pager.tell(alert, "assigned-alert", by, only=user.id)
    account.webhooks.publish(alert, "AssignOwnership", by, owner=user.username)


def escalate(account: "Account", alert: Alert, to: Recipient | None, by: str) -> None:
    """Run the next rule of an escalation now."""
    escalation = account.escalations.by_id.get(to.id) if to else None
    if escalation is None:
        raise Failed("Escalation does not exist")
    _changed(account, alert, "escalated", f"Alert is escalated to the next of {escalation.name}", by)
    if not account.pager.escalate_to_next(alert, escalation):
        raise Failed("Escalation has no rule left")
    notify = {"id": escalation.id, "name": escalation.name, "type": "escalation"}
    account.webhooks.publish(alert, "EscalateNext", by, escalationNotify=notify)


def respond(account: "Account", alert: Alert, responder: Recipient | None, by: str) -> None:
    """Add a responder, who is paged as those of a new alert are."""
    if responder is None:
        raise Failed("Responder does not exist")
    if responder in alert.responders:
        return
    alert.responders.append(responder)
    _changed(account, alert, "added", f"{responder.type} {account.name_of(responder)} is added as responder", by)
    if responder.type == "team":
        account.webhooks.publish(alert, "AddTeam", by, new_team=responder.id, team=responder.id)
    else:
        account.webhooks.publish(alert, "AddResponder", by, responder={"id": responder.id, "type": responder.type})
    if not alert.silent and alert.snoozed_until is None:
        account.pager.respond(alert, responder, account.now())


def remove_tags(account: "Account", alert: Alert, tags: list[str], by: str) -> None:
    """Take tags away; those it does not have are passed over."""
    alert.content.tags = [each for each in alert.content.tags if each not in tags]
    _changed(account, alert, "changed", f"Tags are removed: {', '.join(tags)}", by)
    account.webhooks.publish(alert, "RemoveTags", by, removedTags=",".join(tags))


def remove_details(account: "Account", alert: Alert, keys: list[str], by: str) -> None:
    """Take details away; those it does not have are passed over."""
    alert.content.details = {name: text for name, text in alert.content.details.items() if name not in keys}
    _changed(account, alert, "changed", f"Details are removed: {', '.join(keys)}", by)


def run_action(account: "Account", alert: Alert, name: str, by: str) -> None:
    """Run one of the alert's own actions: what it does is the affair of outgoing integrations."""
    if name not in alert.content.actions:
        raise Failed("Alert has no such action")
    _changed(account, alert, "action", f"Action {name} is executed", by)
    account.webhooks.publish(alert, name, by)


def _changed(account: "Account", alert: Alert, what: str, text: str, by: str) -> None:
    alert.updated_at = account.now()
    account.alerts.note_down(alert, what, text, by)

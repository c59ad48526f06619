"""Paging: from an alert's responders, by routing rules, escalations and schedules, to each user's messages.

Delays of an escalation's rules count from when the alert's notifications begin: its creation, unless something held
them back. A rule runs unless the alert is acknowledged (if-not-acked) or closed; so do the messages it starts. An
escalation is taken as it is when the notifications begin (inferred), schedules are read when a rule runs.
Sources: opsgenie-oas escalation and notification rules.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sandbox.opsgenie.alert import Alert, Notification, RecipientState
from sandbox.opsgenie.contacts import METHODS
from sandbox.opsgenie.escalations import Escalation, Rule
from sandbox.opsgenie.notification_rules import NEW_ALERT, Step
from sandbox.opsgenie.oncall import neighbours, on_call
from sandbox.opsgenie.recipients import NONE, Recipient
from sandbox.opsgenie.users import User

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NOT_ACKED = "if-not-acked"


class Pager:
    """Starts and carries on the paging of alerts."""

    def __init__(self, account: "Account") -> None:
        self._account = account

    def begin(self, alert: Alert, moment: datetime) -> None:
        """Page an alert's responders; times count from `moment`, which is now or was when the request came."""
        alert.paging_from = moment
        if not alert.responders:
            self._log(alert, "nobody", "Alert has no responder")
        for responder in alert.responders:
            self.respond(alert, responder, moment)

    def respond(self, alert: Alert, responder: Recipient, moment: datetime) -> None:
        """Page one responder, a team by its routing rules."""
        self._notify(alert, responder, "default", NOT_ACKED, moment, frozenset(), routed=True)

    def _notify(
        self,
        alert: Alert,
        to: Recipient,
        notify_type: str,
        condition: str,
        moment: datetime,
        seen: frozenset[Recipient],
        *,
        routed: bool,
    ) -> None:
        """Page a recipient at a moment; `seen` are the escalations on the way to it: a rotation may name an
        escalation, so there can be circles."""
        account, name = self._account, self._account.name_of(to)
        if to.type == "user" and (user := account.users.by_id.get(to.id)):
            self._page(alert, user, condition, moment)
        elif to.type == "schedule" and (schedule := account.schedules.by_id.get(to.id)):
            if notify_type in ("next", "previous"):
                found = neighbours(account, schedule, moment, 1 if notify_type == "next" else -1)
            else:
                found = on_call(account, schedule, moment)
            self._log(alert, "schedule", f"Schedule {name}: {self._names(found) or 'nobody'}")
            for each in found:
                self._notify(alert, each, "default", condition, moment, seen, routed=False)
        elif to.type == "escalation" and to not in seen and (escalation := account.escalations.by_id.get(to.id)):
            self._log(alert, "escalation", f"Escalation {name} starts")
            self._escalate(alert, escalation, alert.paging_from or moment, seen | {to})
        elif to.type == "team" and to.id in account.teams.by_id:
            if routed:
                self._route(alert, to.id, moment, seen)
            else:
                for each in self._members(alert, to.id, notify_type):
                    self._notify(alert, each, "default", condition, moment, seen, routed=False)

    def _route(self, alert: Alert, team_id: str, moment: datetime, seen: frozenset[Recipient]) -> None:
        account, team = self._account, self._account.teams.by_id[team_id]
        rule = account.routing.first_match(team, alert.facts(account), moment)
        if rule is None:
            return
        name = "nobody" if rule.notify.type == NONE else account.name_of(rule.notify)
        self._log(alert, "routed", f"Team {team.name}: routing rule {rule.name} notifies {name}")
        self._notify(alert, rule.notify, "default", NOT_ACKED, moment, seen, routed=False)

    def _members(self, alert: Alert, team_id: str, notify_type: str) -> list[Recipient]:
        team = self._account.teams.by_id[team_id]
        members = team.members
        if notify_type in ("users", "admins"):
            members = [each for each in members if each.role == notify_type.removesuffix("s")]
        elif notify_type == "random" and members:
            # Any member will do; the alert's number makes it the same in every run.
            members = [members[alert.number % len(members)]]
        return [Recipient("user", each.user_id) for each in members]

    def escalate_to_next(self, alert: Alert, escalation: Escalation) -> bool:
        """Run the next rule of an escalation now, its first where it has not begun; False if none is left. The rule's
        own time stays (inferred)."""
        now, to = self._account.now(), Recipient("escalation", escalation.id)
        begun = alert.escalations.get(escalation.id)
        rules = sorted(escalation.rules, key=lambda rule: rule.delay)
        if begun is not None:
            rules = [rule for rule in rules if begun + rule.delay > now]
        if rules:
            alert.escalations.setdefault(escalation.id, now)
            self._run(alert, escalation, rules[0], now, frozenset({to}))
        return bool(rules)

    def _escalate(self, alert: Alert, escalation: Escalation, begin: datetime, seen: frozenset[Recipient]) -> None:
        repeat = escalation.repeat
        alert.escalations[escalation.id] = begin
        last = max(rule.delay for rule in escalation.rules)
        for turn in range(repeat.rounds()):
            start = begin + turn * (last + repeat.wait)
            if turn:
                self._at(alert, start, partial(self._repeat, alert, escalation, turn))
            for rule in escalation.rules:
                due = start + rule.delay
                self._at(alert, due, partial(self._run, alert, escalation, rule, due, seen))
        if repeat.close_after_all and repeat.wait:
            end = begin + repeat.rounds() * (last + repeat.wait)
            self._at(alert, end, partial(self._account.alerts.close, alert, "System"))

    def _repeat(self, alert: Alert, escalation: Escalation, turn: int) -> None:
        self._log(alert, "repeated", f"Escalation {escalation.name} starts over, {turn} of {escalation.repeat.count}")
        if escalation.repeat.reset_states and alert.acknowledged:
            self._account.alerts.unacknowledge(alert, "System")

    def _run(self, alert: Alert, escalation: Escalation, rule: Rule, due: datetime, seen: frozenset[Recipient]) -> None:
        if not _holds(alert, rule.condition):
            self._log(alert, "skipped", f"Escalation {escalation.name}: a rule is skipped, alert is acknowledged")
            return
        name = self._account.name_of(rule.recipient)
        minutes = int(rule.delay.total_seconds() // 60)
        self._log(alert, "escalated", f"Escalation {escalation.name}, minute {minutes}: {rule.recipient.type} {name}")
        self._notify(alert, rule.recipient, rule.notify_type, rule.condition, due, seen, routed=False)

    def _page(self, alert: Alert, user: User, condition: str, moment: datetime) -> None:
        """Start a user's notification rule, once a moment however many ways lead to the user."""
        now = self._account.now()
        receiver = self._account.forwarding_rules.receiver(user, now)
        if receiver is not user:
            self._log(alert, "forwarded", f"{user.full_name} forwards to {receiver.full_name}", kind="recipient")
            user = receiver
        if (user.id, moment) in alert.paged:
            return
        alert.paged.add((user.id, moment))
        alert.recipients.setdefault(user.id, RecipientState(now, now))
        rule = self._account.notification_rules.match(user, NEW_ALERT, alert.facts(self._account), now)
        if rule is None:
            self._log(alert, "unnotified", f"No notification rule of {user.username} matches", kind="recipient")
            return
        for begin in rule.rounds():
            for step in rule.steps:
                due = now + begin + step.after
                self._at(alert, due, partial(self._send_while, alert, user, step, condition, rule.name))

    def tell(self, alert: Alert, action_type: str, by: str, only: str = "") -> None:
        """Tell those an alert has paged of what somebody else did to it, where a rule of theirs is for that; at
        once, for the delays of such rules' steps are not documented. `only` is the id of the one it is for."""
        facts = alert.facts(self._account)
        for user in [self._account.users.by_id.get(each) for each in alert.recipients if only in ("", each)]:
            if user is not None and user.username != by.casefold():
                rule = self._account.notification_rules.match(user, action_type, facts, self._account.now())
                for step in rule.steps if rule else ():
                    self._send(alert, user, step, rule.name if rule else "")

    def _send_while(self, alert: Alert, user: User, step: Step, condition: str, why: str) -> None:
        if _holds(alert, condition):
            self._send(alert, user, step, why)

    def _send(self, alert: Alert, user: User, step: Step, why: str) -> None:
        """Send one message to the contact a step names, if both are enabled and the contact is there."""
        now, how = self._account.now(), METHODS[step.method]
        contact = self._account.contacts.at(user, step.method, step.to)
        if not step.enabled or contact is None or not contact.enabled:
            reason = "the step is disabled" if not step.enabled else "the contact is missing or disabled"
            self._log(alert, "unnotified", f"{user.full_name} is not notified by {how}: {reason}", kind="recipient")
            return
        alert.notifications.append(Notification(now, user.id, user.username, how, contact.to, why))
        state = alert.recipients[user.id]
        if state.state == "notactive":
            alert.recipients[user.id] = replace(state, state="active", updated_at=now)
        self._log(alert, "notified", f"{user.full_name} is notified by {how}", user.username, "alertRecipient")

    def _at(self, alert: Alert, due: datetime, action: Callable[[], None]) -> None:
        """Do it now if it is due, else by the clock; closing the alert drops it."""
        if due - self._account.now() <= timedelta(0):
            action()
        else:
            self._account.timers.at(due, action, alert.id)

    def _names(self, recipients: list[Recipient]) -> str:
        return ", ".join(self._account.name_of(each) for each in recipients)

    def _log(self, alert: Alert, what: str, text: str, by: str = "", kind: str = "system") -> None:
        self._account.alerts.note_down(alert, what, text, by, kind)


def _holds(alert: Alert, condition: str) -> bool:
    return alert.open and not (condition == NOT_ACKED and alert.acknowledged)

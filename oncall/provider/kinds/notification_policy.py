"""oncall:opsgenie:NotificationPolicy: what becomes of a team's notifications: delayed, suppressed, repeated."""

from __future__ import annotations

from collections.abc import Iterator

from oncall.provider.convert import UNKNOWN
from oncall.provider.fields import Field, Flag, Problem, Record, Text, Whole
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.policy import SHARED, Policy, team_field
from oncall.provider.kinds.times import DURATION, duration_of

# https://docs.opsgenie.com/docs/policy-api#create-notification-policy
FOR_DURATION = "for-duration"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DELAYS = (FOR_DURATION, "next-time", "next-weekday", *(f"next-{day}" for day in DAYS))
DEDUPLICATIONS = ("value-based", "frequency-based")
FEWEST_DUPLICATES, MOST_DUPLICATES = 2, 100
MOST_REPEATS = 20

DELAY = Record(
    "oncall:opsgenie:DelayAction",
    "Tell nobody before a time.",
    (
        Field("delayOption", Text(choices=DELAYS), "For a duration, or until the next such time.", required=True),
        Field("untilHour", Whole(0, 23), "The hour, in the account's zone; for every option but for-duration."),
        Field("untilMinute", Whole(0, 59), "The minute; for every option but for-duration."),
        Field("duration", DURATION, "How long; for for-duration."),
    ),
)
AUTO_CLOSE = Record(
    "oncall:opsgenie:AutoCloseAction",
    "Close an alert after a time.",
    (Field("duration", DURATION, "After how long.", required=True),),
)
AUTO_RESTART = Record(
    "oncall:opsgenie:AutoRestartAction",
    "Start the notifications again.",
    (
        Field("duration", DURATION, "After how long.", required=True),
        Field("maxRepeatCount", Whole(1, MOST_REPEATS), "How many times.", required=True),
    ),
)
DEDUPLICATION = Record(
    "oncall:opsgenie:DeduplicationAction",
    "Tell nobody until an alert has come several times.",
    (
        Field("deduplicationActionType", Text(choices=DEDUPLICATIONS), "How it is counted.", required=True),
        Field("count", Whole(FEWEST_DUPLICATES, MOST_DUPLICATES), "How many times.", required=True),
        Field("duration", DURATION, "Within how long; for frequency-based."),
    ),
)
ACTIONS = ("delayAction", "autoCloseAction", "autoRestartAction", "deduplicationAction")


class NotificationPolicy(Policy):
    """A policy of a team; the first that matches an alert decides."""

    token = "oncall:opsgenie:NotificationPolicy"  # noqa: S105 - a type token
    noun = "notification policy"
    type = "notification"
    doc = 'What becomes of the notifications of a team\'s alerts. Its id is "teamId/policyId".'
    inputs = (
        team_field(required=True, doc="The team it belongs to."),
        *SHARED,
        Field("delayAction", DELAY, "Whether they are delayed."),
        Field("suppress", Flag(), "Whether there are none at all.", default=False),
        Field("autoCloseAction", AUTO_CLOSE, "Whether the alert is closed by itself."),
        Field("autoRestartAction", AUTO_RESTART, "Whether they start again."),
        Field("deduplicationAction", DEDUPLICATION, "Whether an alert must come several times."),
    )

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """A delay that says until when or for how long; none beside a suppression; something to do."""
        yield from super().cross_check(values)
        delay = values.get("delayAction")
        if isinstance(delay, dict) and delay.get("delayOption") is not UNKNOWN:
            yield from _delay_problems(delay)
            if values["suppress"] is True:
                yield Problem("suppress", "can't be true beside a delayAction: what is suppressed is never sent")
        counted = values.get("deduplicationAction")
        by_frequency = isinstance(counted, dict) and counted.get("deduplicationActionType") == DEDUPLICATIONS[1]
        if isinstance(counted, dict) and by_frequency and counted.get("duration") is None:
            yield Problem("deduplicationAction.duration", "is required for frequency-based")

    def more_body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/policy-api#create-notification-policy."""
        return {"suppress": inputs["suppress"]} | {name: inputs[name] for name in ACTIONS if name in inputs}

    def more_inputs_of(self, found: Values) -> Values:
        """Actions that are not there come as nothing or empty."""
        actions: Values = {}
        for name in ACTIONS:
            action = found.get(name)
            if action:
                duration = {"duration": duration_of(action["duration"])} if action.get("duration") else {}
                actions[name] = {key: value for key, value in action.items() if value is not None} | duration
        return {"suppress": bool(found.get("suppress"))} | actions


def _delay_problems(delay: Values) -> Iterator[Problem]:
    for_duration = delay["delayOption"] == FOR_DURATION
    option = delay["delayOption"]
    for name in ("untilHour", "untilMinute", "duration"):
        wanted = for_duration == (name == "duration")
        if wanted and delay.get(name) is None:
            yield Problem(f"delayAction.{name}", f"is required for {option}")
        if not wanted and delay.get(name) is not None:
            yield Problem(f"delayAction.{name}", f"is not allowed for {option}")

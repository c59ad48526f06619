"""oncall:opsgenie:AlertPolicy: what becomes of alerts as they come in: their texts, tags, priority."""

from __future__ import annotations

from collections.abc import Iterator

from oncall.provider.fields import Dictionary, Field, Flag, Items, Problem, Text
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.policy import SHARED, Policy, team_field
from oncall.provider.kinds.recipients import recipient, recipient_of, recipient_problems

# https://docs.opsgenie.com/docs/alert-api#create-alert: a policy writes the fields of an alert.
MESSAGE_LENGTH = 130
ALIAS_LENGTH = 512
DESCRIPTION_LENGTH = 15_000
ENTITY_LENGTH = 512
SOURCE_LENGTH = 100
MOST_TAGS, TAG_LENGTH = 20, 50
MOST_ACTIONS, ACTION_LENGTH = 10, 50
MOST_RESPONDERS = 50
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")

RESPONDER = recipient("PolicyResponder", ("user", "team"), "Who is told besides.")
IGNORED = ("ignoreOriginalActions", "ignoreOriginalDetails", "ignoreOriginalResponders", "ignoreOriginalTags")
PLAIN = ("message", "continue", "alias", "entity", "source", *IGNORED, "actions", "tags", "details")


class AlertPolicy(Policy):
    """A policy of a team or of the account; the first that matches decides, unless it lets others follow."""

    token = "oncall:opsgenie:AlertPolicy"  # noqa: S105 - a type token
    noun = "alert policy"
    type = "alert"
    doc = 'What becomes of alerts as they come in. Its id is "teamId/policyId", or "policyId" for the account\'s own.'
    inputs = (
        team_field(required=False, doc="The team it belongs to; the account if not given."),
        *SHARED,
        Field("message", Text(MESSAGE_LENGTH), "The alert's message.", default="{{message}}"),
        Field("continue", Flag(), "Whether the policies after it are looked at as well.", default=False),
        Field("alias", Text(ALIAS_LENGTH), "The alert's alias.", default="{{alias}}"),
        Field("alertDescription", Text(DESCRIPTION_LENGTH), "The alert's description.", default="{{description}}"),
        Field("entity", Text(ENTITY_LENGTH), "The alert's entity.", default="{{entity}}"),
        Field("source", Text(SOURCE_LENGTH), "The alert's source.", default="{{source}}"),
        Field("ignoreOriginalActions", Flag(), "Whether the alert's own actions go.", default=False),
        Field("ignoreOriginalDetails", Flag(), "Whether the alert's own details go.", default=False),
        Field("ignoreOriginalResponders", Flag(), "Whether the alert's own responders go.", default=False),
        Field("ignoreOriginalTags", Flag(), "Whether the alert's own tags go.", default=False),
        Field("actions", Items(Text(ACTION_LENGTH), ordered=False, most=MOST_ACTIONS), "Actions it adds.", default=[]),
        Field("tags", Items(Text(TAG_LENGTH), ordered=False, most=MOST_TAGS), "Tags it adds.", default=[]),
        Field("details", Dictionary(Text(empty=True)), "Details it adds.", default={}),
        Field("responders", Items(RESPONDER, ordered=False, most=MOST_RESPONDERS), "Who is told besides.", default=[]),
        Field("priority", Text(choices=PRIORITIES), "The alert's priority; its own if not given."),
    )

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """Responders named as their type asks."""
        yield from super().cross_check(values)
        if isinstance(values["responders"], list):
            for index, each in enumerate(values["responders"]):
                yield from recipient_problems(each, f"responders[{index}]")

    def more_body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/policy-api#create-alert-policy.

        The alert's description is `description` there; `alertDescription`, which older clients sent, is passed over.
        """
        priority = {"priority": inputs["priority"]} if "priority" in inputs else {}
        told = {"description": inputs["alertDescription"], "responders": inputs["responders"]}
        return {name: inputs[name] for name in PLAIN} | told | priority

    def more_inputs_of(self, found: Values) -> Values:
        """The inputs that an alert policy of the account stands for."""
        flags = {name: bool(found.get(name)) for name in ("continue", *IGNORED)}
        given = {"alertDescription": "description"} | {name: name for name in ("message", "alias", "entity", "source")}
        texts = {name: found.get(key) or f"{{{{{key}}}}}" for name, key in given.items()}
        return (
            flags
            | texts
            | {
                "actions": found.get("actions") or [],
                "tags": found.get("tags") or [],
                "details": found.get("details") or {},
                "responders": [recipient_of(each) for each in found.get("responders") or []],
                "priority": found.get("priority"),
            }
        )

"""Incident rules of services and incident templates: kept and answered, for incidents themselves are not built.

Not in the API's official description; shapes after opsgenie-go-sdk-v2 `service` and `incident`. A read by the provider
panics on any refusal but a 404, so these must be there.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.alert import PRIORITIES
from sandbox.opsgenie.criteria import EVERYTHING, Criteria, read_criteria
from sandbox.opsgenie.errors import invalid, not_found
from sandbox.opsgenie.fields import Fields

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

MESSAGE_LIMIT = 130
DESCRIPTION_LIMIT = 10_000
TEMPLATE_DESCRIPTION_LIMIT = 1_000
STAKEHOLDER_DESCRIPTION_LIMIT = 15_000
NAME_LIMIT = 130
TAG_LIMIT, TAG_COUNT = 50, 20
SERVICE_LIMIT, SERVICE_COUNT = 130, 20


@dataclass
class IncidentRule:
    """A rule of a service: which alerts open an incident, and what it would be made of."""

    id: str
    criteria: Criteria = EVERYTHING
    properties: dict[str, Any] = field(default_factory=dict)

    def wire(self, order: int) -> dict[str, Any]:
        """Return the rule as the API writes it."""
        criteria = {"conditions": []} | self.criteria.wire("conditionMatchType")
        return {"id": self.id, "order": order, "incidentProperties": self.properties} | criteria


@dataclass
class IncidentTemplate:
    """What incidents can be made of, by name."""

    id: str
    content: dict[str, Any] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        """Return the template as the API writes it."""
        return {"id": self.id} | self.content


class IncidentTemplates:
    """All incident templates of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, IncidentTemplate] = {}

    def find(self, identifier: str) -> IncidentTemplate:
        """Return a template by id; 404 if there is none."""
        if identifier not in self.by_id:
            raise not_found("incident template", identifier)
        return self.by_id[identifier]

    def create(self, fields: Fields) -> IncidentTemplate:
        """Add a template."""
        template = IncidentTemplate(self._account.ids.uuid())
        self.replace(template, fields)
        self.by_id[template.id] = template
        return template

    def replace(self, template: IncidentTemplate, fields: Fields) -> None:
        """Give a template other content (PUT): a field left out is empty."""
        name = fields.text("name", required=True, limit=NAME_LIMIT, cut=False)
        if any(each.content["name"] == name and each is not template for each in self.by_id.values()):
            raise self._account.duplicate("incident template", name)
        services = fields.texts("impactedServices", limit=SERVICE_LIMIT, count=SERVICE_COUNT)
        if unknown := [each for each in services if each not in self._account.services.by_id]:
            raise invalid("impactedServices", f"names no service of this account: {', '.join(unknown)}")
        properties = read_properties(fields, TEMPLATE_DESCRIPTION_LIMIT)
        template.content = {"name": name, "impactedServices": services} | properties


def make_rule(account: "Account", fields: Fields) -> IncidentRule:
    """Return a new incident rule."""
    rule = IncidentRule(account.ids.uuid())
    replace_rule(rule, fields)
    return rule


def replace_rule(rule: IncidentRule, fields: Fields) -> None:
    """Give a rule other content (PUT); without a `conditionMatchType` it is for every alert."""
    given = fields.has("conditionMatchType")
    criteria = read_criteria(fields, "conditionMatchType", any_field=True) if given else EVERYTHING
    inner = fields.inner("incidentProperties")
    if inner is None:
        raise invalid("incidentProperties", "is required")
    rule.properties, rule.criteria = read_properties(inner, DESCRIPTION_LIMIT), criteria


def read_properties(fields: Fields, description_limit: int) -> dict[str, Any]:
    """Return what an incident is made of, as it is written."""
    told = fields.inner("stakeholderProperties")
    if told is None:
        raise invalid(fields.name_of("stakeholderProperties"), "is required")
    return {
        "message": fields.text("message", required=True, limit=MESSAGE_LIMIT, cut=False),
        "description": fields.text("description", limit=description_limit, cut=False),
        "tags": fields.texts("tags", limit=TAG_LIMIT, count=TAG_COUNT),
        "details": fields.table("details"),
        "priority": fields.choice("priority", PRIORITIES),
        "stakeholderProperties": {
            "enable": told.flag("enable", default=True),
            "message": told.text("message", required=True, limit=STAKEHOLDER_DESCRIPTION_LIMIT, cut=False),
            "description": told.text("description", limit=STAKEHOLDER_DESCRIPTION_LIMIT, cut=False),
        },
    }

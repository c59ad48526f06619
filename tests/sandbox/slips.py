"""Where the official descriptions and the services part, each with its reason: what the judge lets pass.

Sources are named as in the documents: "docs" is developer.pagerduty.com/docs or docs.opsgenie.com/docs, "client" the
vendors' own Go clients and Terraform providers.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """Complaints to let pass: patterns of the operation, of "where at: text", and why."""

    vendor: str
    operation: str
    complaint: str
    reason: str

    def covers(self, vendor: str, operation: str, complaint: str) -> bool:
        return (
            vendor == self.vendor
            and re.search(self.operation, operation) is not None
            and re.search(self.complaint, complaint) is not None
        )


PD, OG = "pagerduty", "opsgenie"

SLIPS = (
    # --- PagerDuty: true of every operation ---
    Slip(
        PD,
        "",
        r"None is not of type '(string|integer|number|boolean|object)'",
        "absent scalars and references are null, in requests too (docs: wrapped entities); few are described so",
    ),
    Slip(
        PD,
        "^(POST|PUT)",
        r"^request .*'type' is a required property",
        "the client sends no type where the path tells it",
    ),
    Slip(PD, "^PUT", r"^request .* is a required property", "PUT may be partial (docs: wrapped entities)"),
    Slip(
        PD,
        "^(POST|PUT)",
        r"^request .*\.type: '(user|schedule|service|escalation_policy|team)' is not one of",
        "the plain type is taken for a reference (docs: references; the client sends it)",
    ),
    Slip(
        PD,
        "",
        r"^answer status: (400|405|413) is not described",
        "refusals are not all listed: in use, already ended, too large",
    ),
    # --- PagerDuty: users, contact methods, notification rules ---
    Slip(PD, "/users", r"\.license: not described", "GET and POST give the licence, the client reads it"),
    Slip(
        PD,
        "notification_rules",
        r"contact_method\.type: '\w+_contact_method' is not one of",
        "the plain type is answered, and sent: the client stores and compares it",
    ),
    Slip(PD, "notification_rules", r"\.created_at: not described", "answered by the service"),
    Slip(
        PD,
        r"^GET /users",
        r"contact_methods\[\]\.type: '\w+_contact_method' is not one of",
        "include[]=contact_methods gives them whole",
    ),
    Slip(
        PD,
        "POST .*contact_methods",
        r"^request \.contact_method: 'country_code' is a required property",
        "it has a default (the description says so itself)",
    ),
    # --- PagerDuty: teams, policies, schedules, services ---
    Slip(PD, "/teams", r"\.parent: not described", "a team's parent is sent and read by the client"),
    Slip(
        PD,
        "/escalation_policies",
        r"\.escalation_rule_assignment_strategy: ",
        "an object {type}, not a text: sent and read by the client",
    ),
    Slip(
        PD,
        "POST /escalation_policies",
        r"^request .*\.teams: None is not of type 'array'",
        "the client always sends teams, null for none",
    ),
    Slip(PD, "/schedules", r"rendered_schedule_entries\[\]\.id: not described", "entries have an id"),
    Slip(
        PD,
        "/schedules",
        r"^request .*schedule_layers\[\]\.(end|rotation_virtual_start): .* is not a 'date-time'",
        "the client sends Go's printed form of a time",
    ),
    Slip(
        PD,
        "POST /schedules/{id}/overrides",
        r"^(request \.override: not described|answer : \{'override')",
        "the single form is still taken, and answered in kind",
    ),
    Slip(
        PD,
        "GET /schedules/{id}/overrides",
        r"^answer status: 200 is not described",
        "the description says 201 for this GET",
    ),
    Slip(
        PD,
        "(GET|DELETE) /services/[^/]+/integrations",
        r"^operation",
        "only POST, and GET and PUT of one are described; the client deletes too",
    ),
    Slip(PD, "/integrations", r"\.integration_key: not described", "what the integration is for; the client reads it"),
    Slip(PD, "/vendors", r"(\.generic_service_type|\?query): not described", "the client searches by it and reads it"),
    # --- PagerDuty: incidents, events ---
    Slip(
        PD,
        "/incidents",
        r"\.(description|impacted_services|subscriber_requests): not described",
        "answered by the service beside what is described",
    ),
    Slip(
        PD,
        "/(incidents|log_entries)",
        r"(acknowledger|last_status_change_by|agent)\.type: '\w+_inbound_integration_reference' is not",
        "an integration is referred to by its own kind, as the description's examples do",
    ),
    Slip(PD, "/alerts", r"\.cef_details: not described", "the event in common form stands in every alert's body"),
    Slip(PD, "/log_entries", r"channel\.\w+: not described", "a channel holds what its kind needs"),
    Slip(PD, "/log_entries", r"'acknowledge_log_entry' is not one of", "spelt so in the description's other places"),
    Slip(
        PD,
        "POST /v2/enqueue",
        r"^request \.payload\.\w+: not described",
        "other fields of a payload are taken and passed on",
    ),
    # --- PagerDuty: maintenance windows, webhook subscriptions, incidents ---
    Slip(
        PD,
        "GET /maintenance_windows",
        r"\.(services\[\]|created_by)\.(type: '(service|user)' is not one of|.*: not described)",
        "include[] gives them whole",
    ),
    Slip(PD, "POST /webhook_subscriptions", r"custom_headers: None", "the client sends null where there are none"),
    Slip(
        PD,
        "PUT /webhook_subscriptions",
        r"^request .*\.delivery_method: not described",
        "the client sends the whole subscription; the delivery method is passed over",
    ),
    Slip(PD, "/incidents", r"\.priority\.color: not described", "a priority has a colour (GET /priorities)"),
    Slip(PD, "GET /priorities", r"\.color: not described", "answered by the service"),
    Slip(
        PD,
        "GET /vendors/{id}",
        r"^answer \.vendor: \{",
        "one vendor is an object, not the array that is described",
    ),
    Slip(
        PD,
        "/incidents",
        r"\.body\.(details: .* is not of type 'object'|type: not described)",
        "details are a text (docs: incident creation; the description's own example)",
    ),
    Slip(
        PD,
        "PUT /incidents/{id}/alerts",
        r"^request .*\.(id|type): not described",
        "the description's own example sends them",
    ),
    Slip(
        PD,
        "^GET /(log_entries|incidents|escalation_policies|services|oncalls|teams/)",
        r"\.type: '[a-z0-9_]+' is not one of \['.*_reference'",
        "include[] gives them whole",
    ),
    Slip(
        PD,
        "/incidents",
        r"escalation_rule_assignment_strategy: {'type'",
        "an object with a type, as the policy's own calls have it and the client reads it",
    ),
    # --- PagerDuty: event orchestrations, extensions, tags ---
    Slip(
        PD, "/event_orchestrations", r"orchestration_path\.self: not described", "the document's own examples have it"
    ),
    Slip(
        PD,
        "/extension_schemas",
        r"\.(id|type|summary|self|html_url): not described",
        "every entity has them (docs: references); so do the document's own examples",
    ),
    Slip(
        PD,
        "(change_tags|/event_orchestrations/.*/integrations)",
        r"^answer status: 404 is not described",
        "the client takes a 404 for an object that is gone",
    ),
    # --- PagerDuty: schedules of API v3 ---
    Slip(
        PD,
        "/v3/",
        r"^answer \.error\.errors: \[.*\] is not of type 'object'",
        "a list, a text or an object by field: the client takes all three",
    ),
    Slip(PD, "/v3/schedules", r"\.schedule\.summary: not described", "every entity has a summary (docs: references)"),
    Slip(PD, "POST /v3/schedules", r"^request \.schedule\.rotations: not described", "the client sends an empty list"),
    # --- OpsGenie: true of every operation ---
    Slip(OG, "", r"^answer \.errors: not described", "422 explains itself by field (docs: response; client: ApiError)"),
    Slip(
        OG,
        "^(POST|PUT|PATCH|DELETE)",
        r"^answer \.result: not described",
        "writes say what became of them (docs: response)",
    ),
    Slip(OG, "", r"^request \.[A-Z]\w+: not described", "the client sends its own fields too, capitalised"),
    Slip(OG, "", r"^request \?apiKey: not described", "a way to give the key (docs: authentication)"),
    Slip(OG, "^PATCH", r"^request .*None is not of type", "null is sent to empty a field"),
    # --- OpsGenie: one by one ---
    Slip(OG, "/v2/alerts", r"\.(seen|teams): not described", "answered by the service beside isSeen and responders"),
    Slip(OG, "/v2/alerts/requests", r"\.success: not described", "answered beside isSuccess (docs: alert API)"),
    Slip(OG, "/details", r"^request \.details\.\w+: \d+ is not of type 'string'", "values are turned into texts"),
    Slip(
        OG,
        "/v2/heartbeats",
        r"\.(alertMessage|alertPriority|alertTags|ownerTeam): not described",
        "answered by the service (docs: heartbeat API)",
    ),
    Slip(OG, "/ping$", r"^operation", "only GET is described; docs name POST, PUT and PATCH"),
    Slip(
        OG,
        "/v2/integrations",
        r"\.data\.(apiKey|emailAddress|type): not described",
        "the create gives the key, once, or the address of an e-mail integration (client: integration)",
    ),
    Slip(
        OG,
        "POST /v2/schedules$",
        r"^request \.rotations: \[\] should be non-empty",
        "the client makes schedules without rotations",
    ),
    Slip(
        OG,
        "notification-rules",
        r"sendAfter\.timeUnit: 'minute' is not one of",
        "the Terraform provider writes the singular",
    ),
    Slip(
        OG,
        "notification-rules/{ruleId}/(change-order|enable|disable)",
        r"^answer \.data\.\w+: not described",
        "answered with the whole rule's short form",
    ),
    Slip(
        OG, "PUT /v2/integrations", r"^request \.ownerTeam: None", "the provider names no owner in an update (client)"
    ),
    Slip(OG, "PUT .*/overrides", r"^request \.alias: not described", "it stands in the path; ignored in the body"),
    Slip(OG, "PATCH .*/contacts", r"^request \.method: not described", "ignored: the method of a contact stays"),
    Slip(
        OG,
        "^POST /v2/alerts",
        r"^request \.(owner|escalation|team|responder): 'type' is a required",
        "the field's name tells the type; the client sends none",
    ),
    Slip(
        OG, "saved-searches", r"^request \.owner: 'type' is a required", "an owner is a user; the client sends no type"
    ),
    Slip(OG, "/v2/policies", r"\.deduplicationAction\.deduplicationType: not described", "sent and read by the client"),
    Slip(OG, "/v2/policies", r"^request \.deduplicationActionAction: not described", "the client's own spelling"),
    Slip(
        OG,
        "/v2/policies",
        r"^request \.responders\[\]\.username: not described",
        "users are named by it everywhere else",
    ),
    Slip(
        OG,
        "PUT /v2/policies",
        r"^answer \.data\.(enabled|order|type): not described",
        "answered with the whole short form",
    ),
    Slip(OG, "/v2/policies/.*/change-order", r"^request : 'targetIndex' is a required", "the client leaves out a 0"),
    Slip(
        OG,
        " /v1/(services|incident-templates)",
        r"^operation",
        "the APIs of services and of what incidents are made of are younger than the description",
    ),
    Slip(OG, "/v1/maintenance/[^/]+/change-end-date", r"^operation", "in the docs and the client"),
    Slip(OG, "/v2/forwarding-rules", r"\.alias: not described", "answered with the whole short form"),
)

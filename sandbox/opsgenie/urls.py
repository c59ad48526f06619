"""Every path of OpsGenie's API that is built, in the order they are tried, and what answers it.

What is not here answers 400 (never 404, which a provider takes for "gone"). UNBUILT lists paths that would
otherwise be taken for an object's: `/v2/schedules/on-calls.ics` for the schedule of that id.
"""

from collections.abc import Callable
from typing import NamedTuple

from starlette.routing import BaseRoute

from sandbox.opsgenie import responses_alert_actions as actions
from sandbox.opsgenie import responses_alerts as alerts
from sandbox.opsgenie import responses_directory as directory
from sandbox.opsgenie import responses_incident_settings as incidents
from sandbox.opsgenie import responses_operations as operations
from sandbox.opsgenie import responses_others as others
from sandbox.opsgenie import responses_policies as policies
from sandbox.opsgenie import responses_schedules as schedules
from sandbox.opsgenie import responses_teams as teams
from sandbox.opsgenie import responses_users as users
from sandbox.opsgenie.errors import ApiError
from sandbox.opsgenie.models import Account
from sandbox.opsgenie.responses import ALERT, CONFIGURATION, PING, Answer, Call, Handler, endpoint
from sandbox.opsgenie.routes import PartRoute


class Url(NamedTuple):
    """One method of one path, its handler, and the domain of rights it belongs to."""

    method: str
    path: str
    handler: Handler
    domain: str = CONFIGURATION


def unbuilt(call: Call) -> Answer:
    """Refuse a path of the real API that the sandbox does not have."""
    raise ApiError(400, f"The sandbox does not have {call.request.method} {call.request.url.path}")


ALERT_ID, TEAM_ID, SCHEDULE_ID = "/v2/alerts/{identifier}", "/v2/teams/{identifier}", "/v2/schedules/{identifier}"
CONTACTS, RULES = "/v2/users/{identifier}/contacts", "/v2/users/{identifier}/notification-rules"
SEARCHES, MAINTENANCE_ID = "/v2/alerts/saved-searches", "/v1/maintenance/{identifier}"
INCIDENT_RULES, TEMPLATES = "/v1/services/{identifier}/incident-rules", "/v1/incident-templates"
STEPS = f"{RULES}/{{rule}}/steps"
UNBUILT = (Url("GET", "/v2/schedules/{identifier}.ics", unbuilt),)
URLS = (
    *UNBUILT,
    Url("GET", "/v2/account", directory.get_account),
    Url("GET", "/v2/users", teams.list_users),
    Url("POST", "/v2/users", teams.create_user),
    Url("GET", "/v2/users/{identifier}", teams.get_user),
    Url("PATCH", "/v2/users/{identifier}", teams.update_user),
    Url("DELETE", "/v2/users/{identifier}", teams.delete_user),
    Url("GET", "/v2/users/{identifier}/teams", teams.list_user_teams),
    Url("GET", "/v2/users/{identifier}/schedules", teams.list_user_schedules),
    Url("GET", "/v2/users/{identifier}/escalations", teams.list_user_escalations),
    Url("GET", CONTACTS, users.list_contacts),
    Url("POST", CONTACTS, users.create_contact),
    Url("GET", f"{CONTACTS}/{{contact}}", users.get_contact),
    Url("PATCH", f"{CONTACTS}/{{contact}}", users.update_contact),
    Url("DELETE", f"{CONTACTS}/{{contact}}", users.delete_contact),
    Url("POST", f"{CONTACTS}/{{contact}}/enable", users.enable_contact),
    Url("POST", f"{CONTACTS}/{{contact}}/disable", users.disable_contact),
    Url("GET", RULES, users.list_rules),
    Url("POST", RULES, users.create_rule),
    Url("GET", f"{RULES}/{{rule}}", users.get_rule),
    Url("PATCH", f"{RULES}/{{rule}}", users.update_rule),
    Url("DELETE", f"{RULES}/{{rule}}", users.delete_rule),
    Url("POST", f"{RULES}/{{rule}}/enable", users.enable_rule),
    Url("POST", f"{RULES}/{{rule}}/disable", users.disable_rule),
    Url("POST", f"{RULES}/{{rule}}/change-order", users.move_rule),
    Url("GET", STEPS, users.list_steps),
    Url("POST", STEPS, users.create_step),
    Url("GET", f"{STEPS}/{{step}}", users.get_step),
    Url("PATCH", f"{STEPS}/{{step}}", users.update_step),
    Url("DELETE", f"{STEPS}/{{step}}", users.delete_step),
    Url("POST", f"{STEPS}/{{step}}/enable", users.enable_step),
    Url("POST", f"{STEPS}/{{step}}/disable", users.disable_step),
    Url("GET", "/v2/teams", teams.list_teams),
    Url("POST", "/v2/teams", teams.create_team),
    Url("GET", TEAM_ID, teams.get_team),
    Url("PATCH", TEAM_ID, teams.update_team),
    Url("DELETE", TEAM_ID, teams.delete_team),
    Url("GET", f"{TEAM_ID}/logs", teams.list_logs),
    Url("POST", f"{TEAM_ID}/members", teams.add_member),
    Url("DELETE", f"{TEAM_ID}/members/{{member}}", teams.remove_member),
    Url("GET", f"{TEAM_ID}/routing-rules", teams.list_rules),
    Url("POST", f"{TEAM_ID}/routing-rules", teams.create_rule),
    Url("GET", f"{TEAM_ID}/routing-rules/{{rule}}", teams.get_rule),
    Url("PATCH", f"{TEAM_ID}/routing-rules/{{rule}}", teams.update_rule),
    Url("DELETE", f"{TEAM_ID}/routing-rules/{{rule}}", teams.delete_rule),
    Url("POST", f"{TEAM_ID}/routing-rules/{{rule}}/change-order", teams.move_rule),
    Url("GET", "/v2/schedules", schedules.list_schedules),
    Url("POST", "/v2/schedules", schedules.create_schedule),
    Url("GET", "/v2/schedules/on-calls", schedules.list_on_calls),
    Url("GET", SCHEDULE_ID, schedules.get_schedule),
    Url("PATCH", SCHEDULE_ID, schedules.update_schedule),
    Url("DELETE", SCHEDULE_ID, schedules.delete_schedule),
    Url("GET", f"{SCHEDULE_ID}/timeline", schedules.get_timeline),
    Url("GET", f"{SCHEDULE_ID}/on-calls", schedules.get_on_calls),
    Url("GET", f"{SCHEDULE_ID}/next-on-calls", schedules.get_next_on_calls),
    Url("GET", f"{SCHEDULE_ID}/rotations", schedules.list_rotations),
    Url("POST", f"{SCHEDULE_ID}/rotations", schedules.create_rotation),
    Url("GET", f"{SCHEDULE_ID}/rotations/{{rotation}}", schedules.get_rotation),
    Url("PATCH", f"{SCHEDULE_ID}/rotations/{{rotation}}", schedules.update_rotation),
    Url("DELETE", f"{SCHEDULE_ID}/rotations/{{rotation}}", schedules.delete_rotation),
    Url("GET", f"{SCHEDULE_ID}/overrides", schedules.list_overrides),
    Url("POST", f"{SCHEDULE_ID}/overrides", schedules.create_override),
    Url("GET", f"{SCHEDULE_ID}/overrides/{{alias}}", schedules.get_override),
    Url("PUT", f"{SCHEDULE_ID}/overrides/{{alias}}", schedules.replace_override),
    Url("DELETE", f"{SCHEDULE_ID}/overrides/{{alias}}", schedules.delete_override),
    Url("GET", "/v2/escalations", others.list_escalations),
    Url("POST", "/v2/escalations", others.create_escalation),
    Url("GET", "/v2/escalations/{identifier}", others.get_escalation),
    Url("PATCH", "/v2/escalations/{identifier}", others.update_escalation),
    Url("DELETE", "/v2/escalations/{identifier}", others.delete_escalation),
    Url("GET", "/v2/integrations", others.list_integrations),
    Url("POST", "/v2/integrations", others.create_integration),
    Url("POST", "/v2/integrations/authenticate", others.authenticate_integration, ALERT),
    Url("GET", "/v2/integrations/{identifier}", others.get_integration),
    Url("PUT", "/v2/integrations/{identifier}", others.replace_integration),
    Url("DELETE", "/v2/integrations/{identifier}", others.delete_integration),
    Url("POST", "/v2/integrations/{identifier}/enable", others.enable_integration),
    Url("POST", "/v2/integrations/{identifier}/disable", others.disable_integration),
    Url("GET", "/v2/integrations/{identifier}/actions", others.list_actions),
    Url("POST", "/v2/integrations/{identifier}/actions", others.create_action),
    Url("PUT", "/v2/integrations/{identifier}/actions", others.replace_all_actions),
    Url("GET", "/v2/policies/alert", policies.list_alert_policies),
    Url("GET", "/v2/policies/notification", policies.list_notification_policies),
    Url("POST", "/v2/policies", policies.create_policy),
    Url("GET", "/v2/policies/{policy}", policies.get_policy),
    Url("PUT", "/v2/policies/{policy}", policies.replace_policy),
    Url("DELETE", "/v2/policies/{policy}", policies.delete_policy),
    Url("POST", "/v2/policies/{policy}/enable", policies.enable_policy),
    Url("POST", "/v2/policies/{policy}/disable", policies.disable_policy),
    Url("POST", "/v2/policies/{policy}/change-order", policies.move_policy),
    Url("GET", "/v1/maintenance", operations.list_maintenances),
    Url("POST", "/v1/maintenance", operations.create_maintenance),
    Url("GET", MAINTENANCE_ID, operations.get_maintenance),
    Url("PUT", MAINTENANCE_ID, operations.replace_maintenance),
    Url("DELETE", MAINTENANCE_ID, operations.delete_maintenance),
    Url("POST", f"{MAINTENANCE_ID}/cancel", operations.cancel_maintenance),
    Url("POST", f"{MAINTENANCE_ID}/change-end-date", operations.change_maintenance_end),
    Url("GET", "/v1/services", operations.list_services),
    Url("POST", "/v1/services", operations.create_service),
    Url("GET", "/v1/services/{identifier}", operations.get_service),
    Url("PATCH", "/v1/services/{identifier}", operations.update_service),
    Url("DELETE", "/v1/services/{identifier}", operations.delete_service),
    Url("GET", INCIDENT_RULES, incidents.list_rules),
    Url("POST", INCIDENT_RULES, incidents.create_rule),
    Url("PUT", f"{INCIDENT_RULES}/{{rule}}", incidents.replace_service_rule),
    Url("DELETE", f"{INCIDENT_RULES}/{{rule}}", incidents.delete_rule),
    Url("GET", TEMPLATES, incidents.list_templates),
    Url("POST", TEMPLATES, incidents.create_template),
    Url("PUT", f"{TEMPLATES}/{{identifier}}", incidents.replace_template),
    Url("DELETE", f"{TEMPLATES}/{{identifier}}", incidents.delete_template),
    Url("GET", "/v2/users/{identifier}/forwarding-rules", operations.list_user_forwarding_rules),
    Url("GET", "/v2/forwarding-rules", operations.list_forwarding_rules),
    Url("POST", "/v2/forwarding-rules", operations.create_forwarding_rule),
    Url("GET", "/v2/forwarding-rules/{identifier}", operations.get_forwarding_rule),
    Url("PUT", "/v2/forwarding-rules/{identifier}", operations.replace_forwarding_rule),
    Url("DELETE", "/v2/forwarding-rules/{identifier}", operations.delete_forwarding_rule),
    Url("GET", "/v2/roles", directory.list_roles),
    Url("POST", "/v2/roles", directory.create_role),
    Url("GET", "/v2/roles/{identifier}", directory.get_role),
    Url("PUT", "/v2/roles/{identifier}", directory.update_role),
    Url("DELETE", "/v2/roles/{identifier}", directory.delete_role),
    Url("GET", "/v2/heartbeats", others.list_heartbeats),
    Url("POST", "/v2/heartbeats", others.create_heartbeat),
    Url("GET", "/v2/heartbeats/{name}", others.get_heartbeat),
    Url("PATCH", "/v2/heartbeats/{name}", others.update_heartbeat),
    Url("DELETE", "/v2/heartbeats/{name}", others.delete_heartbeat),
    Url("POST", "/v2/heartbeats/{name}/enable", others.enable_heartbeat),
    Url("POST", "/v2/heartbeats/{name}/disable", others.disable_heartbeat),
    *(Url(method, "/v2/heartbeats/{name}/ping", others.ping, PING) for method in ("GET", "POST", "PUT", "PATCH")),
    Url("GET", "/v2/alerts", alerts.list_alerts, ALERT),
    Url("POST", "/v2/alerts", actions.create_alert, ALERT),
    Url("GET", "/v2/alerts/count", alerts.count_alerts, ALERT),
    Url("GET", "/v2/alerts/requests/{request}", alerts.get_request, ALERT),
    Url("GET", SEARCHES, directory.list_saved_searches, ALERT),
    Url("POST", SEARCHES, directory.create_saved_search, ALERT),
    Url("GET", f"{SEARCHES}/{{identifier}}", directory.get_saved_search, ALERT),
    Url("PATCH", f"{SEARCHES}/{{identifier}}", directory.update_saved_search, ALERT),
    Url("DELETE", f"{SEARCHES}/{{identifier}}", directory.delete_saved_search, ALERT),
    Url("GET", ALERT_ID, alerts.get_alert, ALERT),
    Url("DELETE", ALERT_ID, actions.delete_alert, ALERT),
    Url("GET", f"{ALERT_ID}/recipients", alerts.list_recipients, ALERT),
    Url("GET", f"{ALERT_ID}/logs", alerts.list_logs, ALERT),
    Url("GET", f"{ALERT_ID}/notes", alerts.list_notes, ALERT),
    Url("POST", f"{ALERT_ID}/notes", actions.add_note, ALERT),
    Url("POST", f"{ALERT_ID}/close", actions.close_alert, ALERT),
    Url("POST", f"{ALERT_ID}/acknowledge", actions.acknowledge_alert, ALERT),
    Url("POST", f"{ALERT_ID}/unacknowledge", actions.unacknowledge_alert, ALERT),
    Url("POST", f"{ALERT_ID}/tags", actions.add_tags, ALERT),
    Url("DELETE", f"{ALERT_ID}/tags", actions.remove_tags, ALERT),
    Url("POST", f"{ALERT_ID}/details", actions.add_details, ALERT),
    Url("DELETE", f"{ALERT_ID}/details", actions.remove_details, ALERT),
    Url("POST", f"{ALERT_ID}/snooze", actions.snooze_alert, ALERT),
    Url("POST", f"{ALERT_ID}/assign", actions.assign_alert, ALERT),
    Url("POST", f"{ALERT_ID}/escalate", actions.escalate_alert, ALERT),
    Url("POST", f"{ALERT_ID}/responders", actions.add_responder, ALERT),
    Url("POST", f"{ALERT_ID}/teams", actions.add_team, ALERT),
    Url("POST", f"{ALERT_ID}/actions/{{action}}", actions.run_action, ALERT),
    Url("PUT", f"{ALERT_ID}/priority", actions.set_priority, ALERT),
    Url("PUT", f"{ALERT_ID}/message", actions.set_message, ALERT),
    Url("PUT", f"{ALERT_ID}/description", actions.set_description, ALERT),
)


def make_routes(account: Callable[[], Account]) -> list[BaseRoute]:
    """Return the routes; `account` gives the present account, for a reset makes a new one."""
    return [PartRoute(url.path, endpoint(account, url.handler, url.domain), methods=[url.method]) for url in URLS]

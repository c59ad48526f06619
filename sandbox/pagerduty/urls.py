"""The table of calls: method, path, handler."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.core import body_of
from sandbox.pagerduty import (
    alerts,
    audit,
    catalogue,
    custom_shifts,
    events,
    incident_actions,
    incidents,
    log_entries,
    maintenance,
    notes,
    oncalls,
    opening,
    policies,
    rotations,
    schedules,
    services,
    shift_overrides,
    shift_schedules,
    teams,
    urls_directory,
    users,
    webhooks,
)
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call, Handler
from sandbox.pagerduty.errors import EventError, invalid
from sandbox.pagerduty.responses import addressed

EVENT_PATHS = ("/v2/enqueue", "/v2/change/enqueue")

_USER = "/users/{user}"
_SERVICE = "/services/{service}"
_INCIDENT = "/incidents/{id}"
_SHIFTS = "/v3/schedules/{id}"
_ROTATION = f"{_SHIFTS}/rotations/{{rotation}}"
CALLS: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/v2/enqueue", events.enqueue),
    ("POST", "/v2/change/enqueue", events.change),
    ("GET", "/abilities", catalogue.abilities),
    ("GET", "/abilities/{id}", catalogue.ability),
    ("GET", "/licenses", catalogue.licenses),
    ("GET", "/priorities", catalogue.priorities),
    ("GET", "/vendors", catalogue.vendors),
    ("GET", "/vendors/{id}", catalogue.vendor),
    ("GET", "/users", users.listed),
    ("POST", "/users", users.create),
    ("GET", "/users/{id}", users.read),
    ("PUT", "/users/{id}", users.update),
    ("DELETE", "/users/{id}", users.delete),
    ("GET", "/users/{id}/license", catalogue.user_license),
    ("GET", f"{_USER}/contact_methods", users.contact_methods),
    ("POST", f"{_USER}/contact_methods", users.create_contact_method),
    ("GET", f"{_USER}/contact_methods/{{id}}", users.contact_method),
    ("PUT", f"{_USER}/contact_methods/{{id}}", users.update_contact_method),
    ("DELETE", f"{_USER}/contact_methods/{{id}}", users.delete_contact_method),
    ("GET", f"{_USER}/notification_rules", users.notification_rules),
    ("POST", f"{_USER}/notification_rules", users.create_notification_rule),
    ("GET", f"{_USER}/notification_rules/{{id}}", users.notification_rule),
    ("PUT", f"{_USER}/notification_rules/{{id}}", users.update_notification_rule),
    ("DELETE", f"{_USER}/notification_rules/{{id}}", users.delete_notification_rule),
    ("GET", "/teams", teams.listed),
    ("POST", "/teams", teams.create),
    ("GET", "/teams/{id}", teams.read),
    ("PUT", "/teams/{id}", teams.update),
    ("DELETE", "/teams/{id}", teams.delete),
    ("GET", "/teams/{id}/members", teams.members),
    ("PUT", "/teams/{id}/users/{user}", teams.put_member),
    ("DELETE", "/teams/{id}/users/{user}", teams.delete_member),
    ("PUT", "/teams/{id}/escalation_policies/{policy}", teams.put_policy),
    ("DELETE", "/teams/{id}/escalation_policies/{policy}", teams.delete_policy),
    ("GET", "/schedules", schedules.listed),
    ("POST", "/schedules", schedules.create),
    ("POST", "/schedules/preview", schedules.preview),
    ("GET", "/schedules/{id}", schedules.read),
    ("PUT", "/schedules/{id}", schedules.update),
    ("DELETE", "/schedules/{id}", schedules.delete),
    ("GET", "/schedules/{id}/users", schedules.users),
    ("GET", "/schedules/{id}/overrides", schedules.overrides),
    ("POST", "/schedules/{id}/overrides", schedules.create_overrides),
    ("DELETE", "/schedules/{id}/overrides/{override}", schedules.delete_override),
    ("GET", "/v3/schedules", shift_schedules.listed),
    ("POST", "/v3/schedules", shift_schedules.create),
    ("GET", _SHIFTS, shift_schedules.read),
    ("PUT", _SHIFTS, shift_schedules.update),
    ("DELETE", _SHIFTS, shift_schedules.delete),
    ("GET", f"{_SHIFTS}/rotations", rotations.listed),
    ("POST", f"{_SHIFTS}/rotations", rotations.create),
    ("GET", _ROTATION, rotations.read),
    ("DELETE", _ROTATION, rotations.delete),
    ("GET", f"{_ROTATION}/events", rotations.events),
    ("POST", f"{_ROTATION}/events", rotations.create_event),
    ("GET", f"{_ROTATION}/events/{{event}}", rotations.event),
    ("PUT", f"{_ROTATION}/events/{{event}}", rotations.update_event),
    ("DELETE", f"{_ROTATION}/events/{{event}}", rotations.delete_event),
    ("GET", f"{_SHIFTS}/custom_shifts", custom_shifts.listed),
    ("POST", f"{_SHIFTS}/custom_shifts", custom_shifts.create),
    ("GET", f"{_SHIFTS}/custom_shifts/{{shift}}", custom_shifts.read),
    ("PUT", f"{_SHIFTS}/custom_shifts/{{shift}}", custom_shifts.update),
    ("DELETE", f"{_SHIFTS}/custom_shifts/{{shift}}", custom_shifts.delete),
    ("GET", f"{_SHIFTS}/overrides", shift_overrides.listed),
    ("POST", f"{_SHIFTS}/overrides", shift_overrides.create),
    ("GET", f"{_SHIFTS}/overrides/{{override}}", shift_overrides.read),
    ("PUT", f"{_SHIFTS}/overrides/{{override}}", shift_overrides.update),
    ("DELETE", f"{_SHIFTS}/overrides/{{override}}", shift_overrides.delete),
    ("GET", "/oncalls", oncalls.listed),
    ("GET", "/escalation_policies", policies.listed),
    ("POST", "/escalation_policies", policies.create),
    ("GET", "/escalation_policies/{id}", policies.read),
    ("PUT", "/escalation_policies/{id}", policies.update),
    ("DELETE", "/escalation_policies/{id}", policies.delete),
    ("GET", "/services", services.listed),
    ("POST", "/services", services.create),
    ("GET", "/services/{id}", services.read),
    ("PUT", "/services/{id}", services.update),
    ("DELETE", "/services/{id}", services.delete),
    ("GET", f"{_SERVICE}/integrations", services.integrations),
    ("POST", f"{_SERVICE}/integrations", services.create_integration),
    ("GET", f"{_SERVICE}/integrations/{{id}}", services.integration),
    ("PUT", f"{_SERVICE}/integrations/{{id}}", services.update_integration),
    ("DELETE", f"{_SERVICE}/integrations/{{id}}", services.delete_integration),
    ("GET", "/incidents", incidents.listed),
    ("POST", "/incidents", opening.create),
    ("PUT", "/incidents", incidents.update_many),
    ("GET", "/incidents/{id}", incidents.read),
    ("PUT", "/incidents/{id}", incidents.update),
    ("POST", f"{_INCIDENT}/snooze", incident_actions.snooze),
    ("PUT", f"{_INCIDENT}/merge", incident_actions.merge),
    ("GET", f"{_INCIDENT}/alerts", alerts.listed),
    ("PUT", f"{_INCIDENT}/alerts", alerts.update_many),
    ("GET", f"{_INCIDENT}/alerts/{{alert}}", alerts.read),
    ("PUT", f"{_INCIDENT}/alerts/{{alert}}", alerts.update),
    ("GET", f"{_INCIDENT}/notes", notes.listed),
    ("POST", f"{_INCIDENT}/notes", notes.create),
    ("PUT", f"{_INCIDENT}/notes/{{note}}", notes.update),
    ("DELETE", f"{_INCIDENT}/notes/{{note}}", notes.delete),
    ("GET", f"{_INCIDENT}/log_entries", log_entries.of_incident),
    ("GET", "/log_entries", log_entries.listed),
    ("GET", "/log_entries/{id}", log_entries.read),
    ("GET", "/maintenance_windows", maintenance.listed),
    ("POST", "/maintenance_windows", maintenance.create),
    ("GET", "/maintenance_windows/{id}", maintenance.read),
    ("PUT", "/maintenance_windows/{id}", maintenance.update),
    ("DELETE", "/maintenance_windows/{id}", maintenance.delete),
    ("GET", "/webhook_subscriptions", webhooks.listed),
    ("POST", "/webhook_subscriptions", webhooks.create),
    ("GET", "/webhook_subscriptions/{id}", webhooks.read),
    ("PUT", "/webhook_subscriptions/{id}", webhooks.update),
    ("DELETE", "/webhook_subscriptions/{id}", webhooks.delete),
    ("POST", "/webhook_subscriptions/{id}/enable", webhooks.enable),
    ("POST", "/webhook_subscriptions/{id}/ping", webhooks.ping),
    *urls_directory.CALLS,
)


def routes(account: Account) -> list[BaseRoute]:
    """Return the table as starlette routes over one account."""
    return [_route(account, method, path, audit.audited(path, method, handler)) for method, path, handler in CALLS]


def _route(account: Account, method: str, path: str, handler: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            # Some of the provider's GETs carry a JSON body: it is read, and means nothing.
            json = await body_of(request)
        except ValueError:
            raise (EventError("Event is not JSON") if path in EVENT_PATHS else invalid("Body is not JSON")) from None
        return addressed(request, handler(Call(account, request, json)))

    endpoint.__doc__ = handler.__doc__
    return Route(path, endpoint, methods=[method])

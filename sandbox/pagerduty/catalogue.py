"""Calls on what an account comes with: abilities, licences, vendors, priorities."""

from collections import Counter

from starlette.responses import Response

from sandbox.core import instant_text, json_answer
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import PagerDutyError, not_found
from sandbox.pagerduty.models import User
from sandbox.pagerduty.responses import (
    LICENSES,
    PRIORITIES,
    VENDORS,
    Json,
    licence_for,
    license_json,
    priority_json,
    reference,
    vendor_json,
)

# Of each licence the account has this many.
MAX_ALLOCATIONS = 1000


def abilities(call: Call) -> Response:
    """GET /abilities."""
    return json_answer({"abilities": call.account.access.abilities})


def ability(call: Call) -> Response:
    """GET /abilities/{id}: 204 if the account has it, else 402."""
    if call.path() not in call.account.access.abilities:
        raise PagerDutyError(402, 2014, "Missing Account Ability")
    return json_answer(None, 204)


def licenses(call: Call) -> Response:
    """GET /licenses: how many of each are in use, and how many are left."""
    used = Counter(user.license or licence_for(user.role) for user in call.account.users.values())
    full = [
        license_json(key)
        | {
            "current_value": used[key],
            "allocations_available": MAX_ALLOCATIONS - used[key],
            "role_group": LICENSES[key]["role_group"],
        }
        for key in LICENSES
    ]
    return json_answer({"licenses": full})


def allocations(call: Call) -> Response:
    """GET /license_allocations: which user has which licence, and since when."""
    account = call.account

    def show(user: User) -> Json:
        return {
            "license": license_json(user.license or licence_for(user.role)),
            "user": reference(account, "user", user.id),
            "allocated_at": instant_text(user.created_at or account.now()),
        }

    return call.page("license_allocations", list(account.users.values()), show)


def user_license(call: Call) -> Response:
    """GET /users/{id}/license; the provider reads its id after each create."""
    user = call.account.user(call.path())
    return json_answer({"license": license_json(user.license or licence_for(user.role))})


def vendors(call: Call) -> Response:
    """GET /vendors."""
    keys = [key for key, facts in VENDORS.items() if call.matches(facts["name"])]
    return call.page("vendors", keys, vendor_json)


def vendor(call: Call) -> Response:
    """GET /vendors/{id}."""
    if call.path() not in VENDORS:
        raise not_found("Vendor")
    return json_answer({"vendor": vendor_json(call.path())})


def priorities(call: Call) -> Response:
    """GET /priorities."""
    return call.page("priorities", list(PRIORITIES), priority_json)

"""Calls about custom roles, saved searches and the account itself."""

from sandbox.opsgenie.responses import Answer, Call, created, deleted, updated
from sandbox.opsgenie.roles import Role
from sandbox.opsgenie.saved_searches import SavedSearch

# --- custom roles ---------------------------------------------------------------------------------------------------


def list_roles(call: Call) -> Answer:
    """GET /v2/roles: the custom ones."""
    return Answer([each.wire() for each in call.account.roles.by_id.values()])


def create_role(call: Call) -> Answer:
    """POST /v2/roles."""
    call.reach(None)
    role = call.account.roles.create(call.fields())
    return created({"id": role.id, "name": role.name})


def get_role(call: Call) -> Answer:
    """GET /v2/roles/{identifier}?identifierType=id|name."""
    return Answer(_role(call).wire())


def update_role(call: Call) -> Answer:
    """PUT /v2/roles/{identifier}."""
    call.reach(None)
    role = _role(call)
    call.account.roles.update(role, call.fields())
    return updated({"id": role.id, "name": role.name})


def delete_role(call: Call) -> Answer:
    """DELETE /v2/roles/{identifier}."""
    call.reach(None)
    call.account.roles.delete(_role(call))
    return deleted()


def _role(call: Call) -> Role:
    return call.account.roles.find(call.path("identifier"), call.kind())


# --- saved searches -------------------------------------------------------------------------------------------------


def list_saved_searches(call: Call) -> Answer:
    """GET /v2/alerts/saved-searches."""
    return Answer([each.meta() for each in call.account.saved_searches.by_id.values()])


def create_saved_search(call: Call) -> Answer:
    """POST /v2/alerts/saved-searches."""
    return created(call.account.saved_searches.create(call.fields()).meta())


def get_saved_search(call: Call) -> Answer:
    """GET /v2/alerts/saved-searches/{identifier}?identifierType=id|name."""
    return Answer(_saved_search(call).wire())


def update_saved_search(call: Call) -> Answer:
    """PATCH /v2/alerts/saved-searches/{identifier}."""
    search = _saved_search(call)
    call.account.saved_searches.update(search, call.fields())
    return updated(search.wire())


def delete_saved_search(call: Call) -> Answer:
    """DELETE /v2/alerts/saved-searches/{identifier}."""
    del call.account.saved_searches.by_id[_saved_search(call).id]
    return deleted()


def _saved_search(call: Call) -> SavedSearch:
    return call.account.saved_searches.find(call.path("identifier"), call.kind())


# --- account --------------------------------------------------------------------------------------------------------


def get_account(call: Call) -> Answer:
    """GET /v2/account: the name, the plan and how many users it holds and may hold."""
    switches = call.account.switches
    plan = {"maxUserCount": switches.most_users, "name": switches.plan, "isYearly": True}
    return Answer({"name": "sandbox", "userCount": len(call.account.users.by_id), "plan": plan})

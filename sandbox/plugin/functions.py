"""The functions of the provider: look-ups of users and of how they are reached."""

import time
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlencode

from sandbox.plugin.api import Again, Api, Half
from sandbox.plugin.errors import PluginError
from sandbox.plugin.values import Value, Values

PAGE: Final = 100


async def get_user(api: Api, args: Values) -> Values:
    """The user with exactly this e-mail: the search finds parts, the rest is decided here."""
    email = args["email"]
    answer = await api.send(
        Half.FRAMEWORK,
        "GET",
        "/users",
        query=urlencode({"query": email}),
        again=Again.ALL_BUT_BAD_REQUEST,
    )
    for user in answer.get("users", []):
        if user.get("email") == email:
            return _outputs(user)
    raise PluginError(f"no user has the e-mail {email!r}")


async def get_users(api: Api, args: Values) -> Values:
    """All users, or those of some teams; pages of 100."""
    team_ids = args.get("teamIds") or []
    users: list[Value] = []
    offset = 0
    while True:
        query = {"limit": PAGE, **({"offset": offset} if offset else {}), "team_ids[]": team_ids}
        answer = await api.send(
            Half.FRAMEWORK,
            "GET",
            "/users",
            query=urlencode(query, doseq=True),
            again=Again.ALL_BUT_BAD_REQUEST,
        )
        users += [_outputs(user) for user in answer.get("users", [])]
        if not answer.get("more"):
            break
        offset += answer.get("limit") or PAGE
    result: Values = {"id": str(int(time.time())), "users": users}
    return {**result, "teamIds": team_ids} if team_ids else result


async def get_user_contact_method(api: Api, args: Values) -> Values:
    """The user's contact method of this type and label: all are listed, the rest is decided here."""
    answer = await api.send(
        Half.SDK, "GET", f"/users/{args['userId']}/contact_methods", again=Again.ALL_BUT_BAD_REQUEST
    )
    for method in answer.get("contact_methods", []):
        if method.get("label") == args["label"] and method.get("type") == args["type"]:
            found = {name: method.get(key) for key, name in _METHOD.items() if method.get(key) is not None}
            return {"userId": args["userId"], **found}
    raise PluginError(f"no contact method of type {args['type']!r} has the label {args['label']!r}")


_METHOD: Final = {
    "id": "id",
    "type": "type",
    "label": "label",
    "address": "address",
    "blacklisted": "blacklisted",
    "country_code": "countryCode",
    "device_type": "deviceType",
    "enabled": "enabled",
    "send_short_email": "sendShortEmail",
}


def _outputs(user: Values) -> Values:
    names = {
        "id": "id",
        "name": "name",
        "email": "email",
        "role": "role",
        "description": "description",
        "job_title": "jobTitle",
        "time_zone": "timeZone",
    }
    return {name: user.get(key) or "" for key, name in names.items()}


FUNCTIONS: Final[dict[str, Callable[[Api, Values], Awaitable[Values]]]] = {
    "pagerduty:index/getUser:getUser": get_user,
    "pagerduty:index/getUsers:getUsers": get_users,
    "pagerduty:index/getUserContactMethod:getUserContactMethod": get_user_contact_method,
}
"""Every function the plugin has, by token."""

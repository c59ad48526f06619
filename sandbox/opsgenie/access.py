"""Keys beyond the account's own, by seed, and what its plan leaves out.

A key of an API integration has that integration's rights; one from the page "API key management" can't touch alerts
and is told so with 403 and code 40301 (seen: "To perform this action, use an API key from an API integration.").
A path the plan leaves out answers 402 (docs.opsgenie.com/docs/response); its text is not published.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.core import covers
from sandbox.opsgenie.errors import ApiError
from sandbox.opsgenie.integrations import API, Integration

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

_KEY = {"key": str, "name": str, "team": str, "management": bool}
_RIGHTS = {
    "read": "allow_read",
    "write": "allow_write",
    "delete": "allow_delete",
    "configuration": "allow_configuration",
}


class Access:
    """Keys that are none of an API integration's, and the paths the plan does not include."""

    def __init__(self) -> None:
        self._management: set[str] = set()
        self._left_out: tuple[str, ...] = ()

    def seed(self, account: "Account", data: Mapping[str, Any]) -> None:
        """Add {"keys": [{key, name?, team?, read?, write?, delete?, configuration?, management?}]} (rights true
        unless told otherwise) and replace {"left_out": [paths]}; ValueError for anything else."""
        for raw in data.get("keys") or []:
            integration = _integration(account, raw)
            account.integrations.by_id[integration.id] = integration
            if raw.get("management"):
                self._management.add(integration.id)
        if "left_out" in data:
            paths = data["left_out"]
            if not isinstance(paths, list) or not all(isinstance(each, str) for each in paths):
                raise ValueError("opsgenie: left_out is a list of paths")
            self._left_out = tuple(paths)

    def check(self, key: Integration, method: str, path: str) -> ApiError | None:
        """Return the refusal of what the kind of key or the plan does not allow, or None."""
        if method != "GET" and key.id in self._management and covers("/v2/alerts", path):
            return ApiError(403, "To perform this action, use an API key from an API integration.", code=40301)
        if any(covers(each, path) for each in self._left_out):
            return ApiError(402, f"Your account's plan does not include {path}")
        return None


def _integration(account: "Account", raw: Any) -> Integration:
    kinds = _KEY | dict.fromkeys(_RIGHTS, bool)
    if not isinstance(raw, Mapping) or set(raw) - set(kinds) or not raw.get("key"):
        raise ValueError(f"opsgenie: a key is {{{', '.join(kinds)}}}, not {raw!r}")
    if any(type(value) is not kinds[name] for name, value in raw.items()):
        raise ValueError(f"opsgenie: key, name and team are texts, the rights true or false: {raw!r}")
    team = raw.get("team")
    if team is not None and not account.id_of("team", team):
        raise ValueError(f"opsgenie: no team {team!r}")
    rights = {attribute: raw.get(name, True) for name, attribute in _RIGHTS.items()}
    return Integration(
        id=account.ids.uuid(),
        name=raw.get("name", f"key {len(account.integrations.by_id)}"),
        type=API,
        key=raw["key"],
        team_id=account.id_of("team", team) if team else None,
        **rights,
    )

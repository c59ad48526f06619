"""Routes that keep an encoded slash (%2F) inside the part of the path it is in: an alias may hold one."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote, unquote

from starlette.routing import Match, Route


class PartRoute(Route):
    """A route that matches part by part of the path as it was sent; parameters are decoded afterwards."""

    def matches(self, scope: MutableMapping[str, Any]) -> tuple[Match, MutableMapping[str, Any]]:
        """Match a request's path, an encoded slash being no end of a part."""
        match, found = super().matches({**scope, "path": encoded_path(scope)})
        if match is not Match.NONE:
            given = found["path_params"]
            found["path_params"] = given | {name: unquote(given[name]) for name in self.param_convertors}
        return match, found


def encoded_path(scope: MutableMapping[str, Any]) -> str:
    """Return a request's path with every part encoded (empty parts left out); without a raw path, the decoded one."""
    raw = scope.get("raw_path")
    path = raw.decode("ascii", "replace").partition("?")[0] if raw else quote(scope["path"])
    parts = [quote(unquote(part), safe="@:$&+,;=()!*'") for part in path.split("/") if part]
    return "/" + "/".join(parts)

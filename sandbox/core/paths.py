"""Paths as faults and tokens name them: a prefix of whole parts ("/teams"), or a template ("/teams/{id}/users")."""

import re


def covers(pattern: str, path: str, *, exact: bool = False) -> bool:
    """Return whether a pattern is meant for a path.

    A pattern with a `{part}` is a template of the whole path; any other is the path itself, and all below it unless
    `exact`.
    """
    if "{" in pattern:
        # Each {part} is one part of the path.
        template = "".join(
            "[^/]+" if piece.startswith("{") else re.escape(piece) for piece in re.split(r"(\{[^/{}]*\})", pattern)
        )
        return re.fullmatch(template, path) is not None
    whole = pattern.rstrip("/") or "/"
    return path == whole or (not exact and (whole == "/" or path.startswith(f"{whole}/")))

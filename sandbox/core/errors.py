"""The base of the errors that a vendor answers with."""

from collections.abc import Mapping
from typing import Any


class VendorError(Exception):
    """An answer that refuses, in the vendor's own form; each vendor subclasses it."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})

"""What a vendor's API can answer instead of the thing asked for.

    ClientError
    ├── Interrupted      the run was stopped before the request was sent
    ├── Unreachable      no answer: no connection, a timeout, TLS; `sent` says whether the request may have been done
    ├── AuthError        401: the key is not accepted
    ├── Forbidden        403, 402: the key, or the account's plan, lacks the right
    ├── NotFound         404, 410
    ├── Conflict         409: the name or id is taken
    ├── Refused          other 3xx and 4xx: the content or the address is not accepted
    ├── RateLimited      429
    └── ServerError      5xx, and answers that are no JSON

Each prints as one line without any credential; bodies are never part of it, only the vendor's own message.
"""

from __future__ import annotations

from collections.abc import Mapping

LONGEST_SAYING = 300
"""Characters of a vendor's message that are passed on."""


def _one_line(text: str) -> str:
    """Return a vendor's text without what a terminal would act on."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


class ClientError(Exception):
    """A request that did not bring what was asked. `status` is 0 where there was no answer."""

    retryable = False
    advice = ""

    def __init__(
        self,
        vendor: str,
        said: str,
        *,
        status: int = 0,
        fields: Mapping[str, str] | None = None,
        retry_after: float | None = None,
        advice: str | None = None,
    ) -> None:
        self.vendor = vendor
        self.advice = advice if advice is not None else type(self).advice
        self.status = status
        self.said = _one_line(said)[:LONGEST_SAYING]
        self.fields = {_one_line(name): _one_line(text) for name, text in (fields or {}).items()}
        self.retry_after = retry_after
        super().__init__(self.said)

    @property
    def what(self) -> str:
        """What happened, without the way out."""
        details = "; ".join(f"{name}: {text}" for name, text in self.fields.items())
        said = " ".join(f"{self.said}{' (' if details else ''}{details}{')' if details else ''}".split())
        return f"{self.vendor} answered {self.status}: {said}" if self.status else f"{self.vendor} {said}"

    def __str__(self) -> str:
        return f"{self.what}; {self.advice}" if self.advice else self.what


class Unreachable(ClientError):  # noqa: N818 - named after what happened, like the others below
    """No answer came. `sent`: the request may have reached the vendor and been carried out."""

    retryable = True
    advice = "check the address, the network and the proxy settings"

    def __init__(
        self, vendor: str, said: str, *, sent: bool, retryable: bool = True, advice: str | None = None
    ) -> None:
        super().__init__(vendor, said, advice=advice)
        self.sent = sent
        self.retryable = retryable


class Interrupted(ClientError):  # noqa: N818
    """The run was stopped while the request waited for its turn: it was not sent."""

    advice = "run again to go on"


class AuthError(ClientError):
    """The credentials are not accepted."""

    advice = "check the API key, and that it belongs to this region"


class Forbidden(ClientError):  # noqa: N818
    """The credentials are known but lack the right, or the account's plan lacks the feature."""

    advice = "the API key needs the configuration access right, and the plan this feature"


class NotFound(ClientError):  # noqa: N818
    """There is no such object."""


class Conflict(ClientError):  # noqa: N818
    """The name or id is taken."""


class Refused(ClientError):  # noqa: N818
    """The content is not accepted."""


class RateLimited(ClientError):  # noqa: N818
    """Too many requests; `retry_after` is the vendor's advice in seconds where it gave one."""

    retryable = True
    advice = "wait a few minutes and run again"


class ServerError(ClientError):
    """The vendor failed; whether the request was carried out is not known."""

    retryable = True
    advice = "run again later"


def error_class(status: int) -> type[ClientError]:
    """The error of an HTTP status: total, so that no answer goes unclassified."""
    exact: dict[int, type[ClientError]] = {
        401: AuthError,
        402: Forbidden,
        403: Forbidden,
        404: NotFound,
        409: Conflict,
        410: NotFound,
        429: RateLimited,
    }
    if status in exact:
        return exact[status]
    # A redirect is a wrong address: following it could carry the key to another host.
    return Refused if 300 <= status < 500 else ServerError

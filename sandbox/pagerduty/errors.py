"""PagerDuty's error answers, {"error": {"message", "code", "errors"}}.

Codes and messages: https://developer.pagerduty.com/docs/errors
"""

from sandbox.core import VendorError


class PagerDutyError(VendorError):
    """A refusal in the form of the REST API."""

    def __init__(self, status: int, code: int, message: str, *errors: str) -> None:
        body: dict[str, object] = {"message": message, "code": code}
        if errors:
            body["errors"] = list(errors)
        super().__init__(status, {"error": body})


def invalid(*errors: str) -> PagerDutyError:
    """Return the 400 for input that can't be used; clients match some of the texts word by word."""
    return PagerDutyError(400, 2001, "Invalid Input Provided", *errors)


def not_found(what: str = "") -> PagerDutyError:
    """Return the 404 for an object that is not there; `what` is its kind ("Team")."""
    return PagerDutyError(404, 2100, "Not Found", *((f"{what} Not Found",) if what else ()))


def no_user() -> VendorError:
    """Return the 400 for /users/me with an account's token; its error is a text (python-pagerduty `api_key_access`)."""
    return VendorError(400, {"error": "This call is not for an account-level access token: it needs a user's"})


def bad_range(text: str) -> PagerDutyError:
    """Return the 400 for a `since` or `until` that can't be used."""
    return PagerDutyError(400, 2004, "Invalid time values in 'since' and/or 'until' parameters", text)


class EventError(VendorError):
    """A refusal in the form of the Events API v2."""

    def __init__(self, *errors: str, status: int = 400) -> None:
        body = {"status": "invalid event", "message": "Event object is invalid", "errors": list(errors)}
        super().__init__(status, body)

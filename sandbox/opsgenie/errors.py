"""OpsGenie's refusals: a status, a message, and for bad fields a text for each.

Envelope: {message, took, requestId, code?, errors?}; `errors` maps a field to a text, for the Go SDK reads
nothing else (docs.opsgenie.com/docs/response; opsgenie-go-sdk-v2 client `ApiError`).
"""

from collections.abc import Mapping

from sandbox.core import VendorError


class ApiError(VendorError):
    """A refusal; `took` and `requestId` are added where it is answered."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: int | None = None,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        body: dict[str, object] = {"message": message}
        if code is not None:
            body["code"] = code
        if errors:
            body["errors"] = dict(errors)
        super().__init__(status, body, headers)


def unauthorized() -> ApiError:
    """Return the refusal of an unknown key, or of a disabled integration's."""
    return ApiError(401, "Key is not valid or its integration is disabled")


def forbidden(why: str) -> ApiError:
    """Return the refusal of a key that lacks the right (code 40301)."""
    return ApiError(403, f"You are not authorized: {why}", code=40301)


def not_found(noun: str, identifier: str) -> ApiError:
    """Return the answer for an object that is not there."""
    return ApiError(404, f"No {noun} found with identifier [{identifier}]")


def invalid(field: str, text: str) -> ApiError:
    """Return the refusal of a field whose meaning is wrong."""
    return ApiError(422, f"Request body is not processable: {field} {text}", errors={field: text})


def in_use(noun: str, name: str, user: str) -> ApiError:
    """Return the refusal to delete something another object needs."""
    return ApiError(422, f"{noun} [{name}] cannot be deleted: it is used by {user}")

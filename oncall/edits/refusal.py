"""Why an edit is not made."""


class Refusal(Exception):  # noqa: N818 - nothing failed: what was asked for is not done, and the text says why
    """An edit that is not made: one sentence that says why, and the way out."""

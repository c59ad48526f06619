"""The one comment that a preview keeps on a pull request: what has to be done so that it says the newest thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncall.clients.threads import Comment
from oncall.preview.markdown import MARKER, NOTHING

SHORT = f"{MARKER}\n{NOTHING}\nNothing changes any more: nobody is paged differently.\n"
SETTLED = f"{MARKER}\n{NOTHING}\nThe accounts say what the inventory says.\n"
SPARE = f"{MARKER}\n{NOTHING}\nThis is kept in another issue.\n"


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do: a text to add, or one of ours to change to it; others of ours that are too many go."""

    add: str | None = None
    change: tuple[int, str] | None = None
    drop: tuple[int, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether all is as it should be."""
        return self.add is None and self.change is None and not self.drop


def steps(written: Sequence[Comment], body: str, author: str | None) -> Steps:
    """Return what makes `body` the one comment of ours.

    Ours begins with the hidden marker and was written by `author` (None: whoever); the same words in anybody else's
    comment are theirs. A preview in which nothing changes adds no comment, and shortens the one there is.
    """
    ours = [one for one in written if is_ours(one.body, one.author, author)]
    spare = tuple(one.id for one in ours[1:])
    empty = NOTHING in body
    if not ours:
        return Steps() if empty else Steps(add=body)
    text = SHORT if empty else body
    first = ours[0]
    return Steps(change=None if _same(first.body, text) else (first.id, text), drop=spare)


def is_ours(body: str, by: str, author: str | None) -> bool:
    """Whether a comment is the preview's: it begins with the marker, and was written by `author` where one is known."""
    return body.lstrip().startswith(MARKER) and (author is None or by == author)


def _same(one: str, other: str) -> bool:
    """Whether two texts are the same to a reader; hosts change line ends and trim."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()

"""Posting outgoing webhooks over the network, beside the requests that the sandbox answers.

One worker thread, so that deliveries keep their order; it tells each outcome to a callback in its own thread.
"""

import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx

TIMEOUT_SECONDS = 5.0
# What a try came to: the answer's status, or None and what went wrong.
Outcome = tuple[int | None, str]


@dataclass(frozen=True)
class Post:
    """One thing to post."""

    url: str
    body: bytes
    done: Callable[[Outcome], None]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Courier(Protocol):
    """Takes posts, and calls `done` of each once it knows what became of it."""

    def post(self, post: Post, /) -> None:
        """Take a post; it may be sent at once or later, in any thread."""
        ...


class ThreadCourier:
    """Posts from a thread of its own, which starts with the first post; no proxies, no redirects."""

    def __init__(self) -> None:
        self._posts: queue.SimpleQueue[Post] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def post(self, post: Post, /) -> None:
        """Take a post for the worker thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="opsgenie webhooks", daemon=True)
            self._thread.start()
        self._posts.put(post)

    def _work(self) -> None:
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            while True:
                post = self._posts.get()
                post.done(_sent(client, post))


def _sent(client: httpx.Client, post: Post) -> Outcome:
    try:
        answer = client.post(post.url, content=post.body, headers=dict(post.headers))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return None, type(error).__name__
    return answer.status_code, ""

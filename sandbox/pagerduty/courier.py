"""Carrying webhook messages over HTTP: each in a thread, so that a slow receiver holds up nothing else."""

import ssl
import threading
from queue import Empty, SimpleQueue
from typing import Protocol

import httpx

# https://developer.pagerduty.com/docs/webhooks-behavior: a 2xx is expected within five seconds.
TIMEOUT_SECONDS = 5.0

Result = tuple[str, int | None, str]


class Courier(Protocol):
    """Sends messages; what came of them is asked for later."""

    def send(self, key: str, url: str, headers: dict[str, str], body: bytes, /) -> None:
        """Begin to POST a body; never raises and never waits."""
        ...

    def results(self) -> list[Result]:
        """Return what came in since last asked: (key, status or None, "tls" or another fault's name)."""
        ...


class HttpCourier:
    """The real one. Redirects are not followed, proxies of the environment not used."""

    def __init__(self) -> None:
        self._results: SimpleQueue[Result] = SimpleQueue()

    def send(self, key: str, url: str, headers: dict[str, str], body: bytes, /) -> None:
        """Begin to POST a body."""
        # Daemon threads, so that the sandbox ends at once when it is told to.
        threading.Thread(target=self._post, args=(key, url, headers, body), daemon=True).start()

    def _post(self, key: str, url: str, headers: dict[str, str], body: bytes) -> None:
        try:
            with httpx.Client(trust_env=False, timeout=TIMEOUT_SECONDS) as client:
                status = client.post(url, headers=headers, content=body).status_code
        except httpx.TimeoutException:
            self._results.put((key, None, "timeout"))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._results.put((key, None, "tls" if _is_tls(error) else "connection"))
        else:
            self._results.put((key, status, ""))

    def results(self) -> list[Result]:
        """Return what came in since last asked."""
        found: list[Result] = []
        while True:
            try:
                found.append(self._results.get_nowait())
            except Empty:
                return found


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False

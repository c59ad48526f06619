"""What a webhook subscription holds, and the messages on their way to it."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Delivery:
    """One message to one subscription; `id` is repeated over its attempts, as X-Webhook-Id."""

    id: str
    subscription: str
    event_type: str
    about: str
    body: bytes
    made_at: datetime
    first_tried: datetime | None = None
    tried: int = 0
    outcome: str = "waiting"


@dataclass
class Subscription:
    """Who wants which events of which objects, and where to; `drops` counts messages given up in a row."""

    id: str
    delivery_id: str
    url: str
    headers: dict[str, str]
    description: str | None
    events: tuple[str, ...]
    filter_type: str
    filter_id: str | None
    secret: str
    active: bool = True
    drops: int = 0
    disabled_until: datetime | None = None
    queue: deque[Delivery] = field(default_factory=deque)

    def disabled(self, now: datetime) -> bool:
        """Return whether it is shut for a day, after too many messages were given up."""
        return self.disabled_until is not None and now < self.disabled_until

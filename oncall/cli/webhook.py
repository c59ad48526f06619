"""Send the bridge what AliveMCP would send: a signed webhook."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import httpx


def send_webhook(address: str, secret: str, event: Mapping[str, Any]) -> int:
    """Post the event, signed as AliveMCP signs (hex HMAC-SHA256 of the body), and return the status answered."""
    body = json.dumps(event).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "x-alivemcp-signature": signature}
    return httpx.post(f"{address}/alivemcp", content=body, headers=headers, timeout=30, trust_env=False).status_code

"""A stand-in for OpsGenie's REST API, as its official Go SDK and Terraform provider use it.

Roles: `urls` (paths), `responses*` (requests and answers), `models` and the modules of the nouns (the account),
`errors`. `rendering`, `restrictions`, `criteria` and `notification_actions` are pure; `courier` alone opens
connections. What no document settles is in `switches`.
"""

from sandbox.opsgenie.switches import Switches
from sandbox.opsgenie.vendor import ACCOUNT_KEY, OpsGenie

__all__ = ["ACCOUNT_KEY", "OpsGenie", "Switches"]

"""A team that is no part of another any more: the official plugin sends nothing for that, so it would stay one, and the
other could never be deleted.
"""

from collections.abc import Sequence
from contextlib import closing
from urllib.parse import quote

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

from components.aside import aside
from oncall.clients.base import ApiClient
from oncall.clients.errors import ClientError
from oncall.clients.pagerduty import Pagerduty, api_token
from oncall.clients.retry import Retrier


def letting_go(url: str, token: pulumi.Output[str]) -> Sequence[pulumi.ResourceHook]:
    """Return what takes a PagerDuty team out of the one it was a part of, before the plugin's own update of it.

    An engine that knows no hooks leaves it there.
    """
    if resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS not in settings.SETTINGS.monitor_features:
        return ()

    async def let_go(args: pulumi.ResourceHookArgs) -> None:
        was, will = args.old_outputs or {}, args.new_inputs or {}
        if not was.get("parent") or will.get("parent"):
            return
        try:
            await aside(_take_out, url, await token.future() or "", args.id, str(was.get("name")))
        except ClientError as fault:
            pulumi.log.warn(f"the team {args.name} is still a part of another one at PagerDuty: {fault}")

    return (pulumi.ResourceHook("let go of the parent", let_go),)


def _take_out(url: str, token: str, own: str, name: str) -> None:
    with closing(ApiClient("PagerDuty", url)) as client:
        account = Pagerduty(client, api_token(token), Retrier())
        account.put(f"/teams/{quote(own, safe='')}", {"team": {"type": "team", "name": name, "parent": None}})

"""What no document settles about OpsGenie, as settings; the defaults are what a careful client must survive."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Switches:
    """Behaviours that can be told otherwise; see each comment for what is known."""

    # A second object of one name: documents name 409, many endpoints are seen to answer 422.
    duplicate_status: int = 409
    # Alert texts over their limit: refused with 422, or cut (documents say "cut" for most, not for which).
    cut_long_text: bool = False
    # Alert requests: done while the request is answered, or a moment later (`alerts/requests/{id}` is 404 until then).
    process_at_once: bool = True
    # Seconds until a request is processed, where it is not done at once.
    process_after: float = 0.5
    # Closing an alert that is closed already is a failure in `alerts/requests/{id}`, or a success (not confirmed).
    closing_twice_fails: bool = True
    # A schedule or escalation that a routing rule, an escalation or a rotation points at can't be deleted (inferred).
    refuse_delete_in_use: bool = True
    # Daily and weekly turns keep their wall-clock hand-off over changes of daylight saving (not confirmed).
    wall_clock_turns: bool = True
    # An override's person is on call for all of it, also where the rotations it covers have nobody (inferred).
    override_fills_gaps: bool = True
    # `null` in a PATCH: ignored like an absent field, or the field emptied (not confirmed).
    patch_null_clears: bool = False
    # A heartbeat waits for its first ping (JSM's status "Pending" suggests it), or its time runs from creation.
    heartbeat_starts_at_creation: bool = False
    # A ping closes the alert that its heartbeat's expiry opened (not confirmed).
    ping_closes_alert: bool = True
    # An API integration works as soon as it is made, without an `enable` (the provider sends one anyway).
    new_integrations_enabled: bool = True
    # A PUT that names no owner (or null, as the provider's) leaves an integration with its team (not confirmed).
    put_keeps_owner: bool = True
    # Every user has logged in to the mobile app once, so has a contact for push messages (no API call makes one).
    users_have_app: bool = True
    # A step of a notification rule must name a contact that the user has (inferred).
    steps_need_contact: bool = True
    # A notification rule made without an `order` goes above the user's others, or below them (not confirmed).
    new_rules_first: bool = False
    # The account's zone: new objects' default, and what the hours of policies mean
    # (support.atlassian.com/opsgenie/docs/time-constraints-and-timezones).
    account_time_zone: str = "UTC"
    # A delay until "next weekday" or "next Monday" may end on the very day it begins, if the time is yet to come.
    delay_may_end_today: bool = True
    # The account's plan: policies are in Standard and Enterprise.
    plan: str = "Enterprise"
    # How many users the plan holds; one more is a 402.
    most_users: int = 1000
    # A key of an integration that a maintenance disables is refused with 401 like that of a disabled one (the two
    # are called the same); or its alerts are taken and lost.
    maintenance_refuses_key: bool = True
    # A webhook that meets a fault, a 429 or a 5xx is tried so often in all, so many seconds apart (not documented).
    webhook_tries: int = 3
    webhook_retry_after: float = 10.0
    # Webhooks may be posted to other machines than this one.
    webhooks_anywhere: bool = False

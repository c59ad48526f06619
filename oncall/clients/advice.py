"""What a person can do about a refusal: which right is missing, which plan, which region."""

from __future__ import annotations

from urllib.parse import urlsplit

US_AND_EU = {
    "OpsGenie": ("oncall:opsgenieApiUrl", "https://api.opsgenie.com", "https://api.eu.opsgenie.com"),
    "PagerDuty": ("oncall:pagerdutyApiUrl", "https://api.pagerduty.com", "https://api.eu.pagerduty.com"),
}
"""Vendor -> the setting of its address, and the address of each region; a key of one region is unknown in the other."""

# https://docs.opsgenie.com/docs/api-access-management: the rights of an API integration's key.
RIGHTS = {"GET": "read", "DELETE": "delete"}
OTHER_RIGHT = "create and update"

FEATURES = {
    "policies": "alert and notification policies (OpsGenie's Standard and Enterprise plans have them)",
    "services": "services (OpsGenie's Standard and Enterprise plans have them)",
    "maintenance": "maintenance",
    "heartbeats": "heartbeats",
    "routing-rules": "routing rules",
    "escalations": "escalations",
    "rotations": "schedules",
    "overrides": "schedule overrides",
    "notification-rules": "notification rules",
    "notification_rules": "notification rules",
    "contact_methods": "contact methods",
    "contacts": "contacts",
    "members": "members of teams",
}
"""The last collection of a path -> what a plan calls it."""


def advice(vendor: str, base_url: str, status: int, method: str, path: str) -> str | None:
    """The way out of a refusal of a request, None where its own words must do."""
    if status == 401:
        return _of_a_key(vendor, base_url)
    if status == 402:
        return f"the account's plan does not include {feature(path)}: change the plan, or leave this out"
    if status == 403:
        return _of_a_right(vendor, method, path)
    return None


def feature(path: str) -> str:
    """What a path is about, in words: the last of its collections that has a name here, else the first."""
    parts = [part for part in path.partition("?")[0].split("/") if part]
    named = [FEATURES[part] for part in parts if part in FEATURES]
    plain = [part for part in parts if part not in ("v1", "v2", "v3")]
    return named[-1] if named else (plain or ["this"])[0].replace("-", " ").replace("_", " ")


def _of_a_key(vendor: str, base_url: str) -> str | None:
    if vendor not in US_AND_EU:
        return None
    setting, us, eu = US_AND_EU[vendor]
    host = urlsplit(base_url).hostname
    for here, there, place in ((us, eu, "in the EU"), (eu, us, "not in the EU")):
        if host == urlsplit(here).hostname:
            return f"check the API key; if the account is {place}: `pulumi config set {setting} {there}`"
    return None


def _of_a_right(vendor: str, method: str, path: str) -> str:
    if vendor == "OpsGenie":
        right = RIGHTS.get(method, OTHER_RIGHT)
        return f"the API key needs the configuration access right and the right to {right}"
    if method == "GET":
        return f"the token's user may not read {feature(path)}"
    return f"the token is read-only, or its user may not change {feature(path)}: take a full-access key of an admin"

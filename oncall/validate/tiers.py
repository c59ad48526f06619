"""Tiers: words that go together, raises that lead upwards, holds that stay quiet (vendors.md, section 1)."""

from collections.abc import Iterator

from oncall.errors import Path
from oncall.model import SEVERITIES
from oncall.validate.base import Context, Fault, Rule
from oncall.validate.people import ALOUD


def hold_without_page(context: Context) -> Iterator[Fault]:
    """Find holds of pages that are never sent."""
    for key, tier in context.inventory.tiers.items():
        if tier.ticket == "instead" and tier.hold_outside is not None:
            message = "`ticket: jira` opens a ticket instead of paging: there is nothing to hold"
            yield Fault(message, ("tiers", key, "hold_outside"), "leave it out, or write `ticket: {jira: also}`")


def hold_too_severe(context: Context) -> Iterator[Fault]:
    """Find critical and high pages that would wait for business hours."""
    for key, tier in context.inventory.tiers.items():
        if tier.hold_outside is not None and tier.severity not in ("medium", "low"):
            message = f"{tier.severity} pages can't wait for business hours"
            yield Fault(message, ("tiers", key, "hold_outside"), "only medium and low can be held")


def raise_incomplete(context: Context) -> Iterator[Fault]:
    """Find raises without a time or without a severity."""
    for key, tier in context.inventory.tiers.items():
        if (tier.raise_after is None) != (tier.raise_to is None):
            given, other = ("raise_to", "raise_after") if tier.raise_after is None else ("raise_after", "raise_to")
            yield Fault(f"`{given}` needs `{other}`", ("tiers", key, given))


def raise_not_higher(context: Context) -> Iterator[Fault]:
    """Find raises that don't lead to a more severe page."""
    for key, tier in context.inventory.tiers.items():
        if tier.raise_to is not None and SEVERITIES.index(tier.raise_to) >= SEVERITIES.index(tier.severity):
            higher = SEVERITIES[: SEVERITIES.index(tier.severity)]
            hint = f"more severe: {', '.join(higher)}" if higher else "nothing is more severe; leave the raise out"
            yield Fault(f"{tier.raise_to} is not more severe than {tier.severity}", ("tiers", key, "raise_to"), hint)


def raise_without_tier(context: Context) -> Iterator[Fault]:
    """Find raises to a severity that no tier has."""
    severities = {tier.severity for tier in context.inventory.tiers.values()}
    for key, tier in context.inventory.tiers.items():
        if tier.raise_to is not None and tier.raise_to not in severities:
            message = f"no tier is {tier.raise_to}, so nobody knows whom the raise pages"
            yield Fault(message, ("tiers", key, "raise_to"), f"there are {', '.join(sorted(severities))}")


def raise_cannot_page(context: Context) -> Iterator[Fault]:
    """Find raises to a tier that holds its pages or opens tickets instead: a raise pages at any hour."""
    tiers = context.inventory.tiers
    for key, tier in tiers.items():
        if tier.raise_to is None:
            continue
        for target, found in tiers.items():
            if found.severity != tier.raise_to or target == key:
                continue
            if found.hold_outside is not None or found.ticket == "instead":
                what = "holds its pages" if found.hold_outside is not None else "opens tickets instead of paging"
                message = f"a raise pages at any hour, and tier `{target}` {what}"
                yield Fault(message, ("tiers", key, "raise_to"))


def ticket_without_jira(context: Context) -> Iterator[Fault]:
    """Find tickets without a place to open them."""
    if context.inventory.bridge.jira is None:
        for key, tier in context.inventory.tiers.items():
            for word in ("ticket", "ticket_after_ack"):
                if getattr(tier, word) is not None:
                    yield Fault(f"`{word}` needs to know where tickets go", ("tiers", key, word), "give `bridge.jira`")


def hold_calls(context: Context) -> Iterator[Fault]:
    """Find people who would be called or texted at night by a page that is meant to wait.

    Outside the hold's hours PagerDuty runs a person's low-urgency rules, which are made from `pages.medium`.
    """
    inventory = context.inventory
    held: dict[Path, str] = {}
    for team, tiers in context.in_use.items():
        if "pagerduty" not in inventory.teams[team].pages_through:
            continue
        for tier in tiers:
            if inventory.tiers[tier].hold_outside is None:
                continue
            for recipient in context.recipients(team, tier):
                for key in context.people_of(recipient):
                    person = inventory.people.get(key)
                    if person is None or inventory.manage_of(person) == "none":
                        continue
                    own = person.pages is not None and person.pages.medium is not None
                    for place, step in enumerate(inventory.pages_of(person, "medium")):
                        if step.method in ALOUD:
                            path: Path = ("pages", "medium", place)
                            if own:
                                path = ("people", key, *path)
                            held.setdefault(path, tier)
    for path, tier in sorted(held.items(), key=str):
        message = f"tier `{tier}` waits for its hours, and PagerDuty tells people by these ways until then"
        yield Fault(message, path, "outside the hours only push and email")


RULES = (
    Rule("hold-without-page", "error", "A tier that opens tickets instead of paging holds nothing.", hold_without_page),
    Rule("hold-too-severe", "error", "Only medium and low wait for business hours.", hold_too_severe),
    Rule("raise-incomplete", "error", "`raise_after` and `raise_to` come together.", raise_incomplete),
    Rule("raise-not-higher", "error", "A raise leads to a more severe page.", raise_not_higher),
    Rule("raise-without-tier", "error", "Some tier has the severity that is raised to.", raise_without_tier),
    Rule("raise-cannot-page", "error", "What is raised to pages at any hour.", raise_cannot_page),
    Rule("ticket-without-jira", "error", "Tickets have a Jira to go to.", ticket_without_jira),
    Rule("hold-calls", "error", "Pages that wait don't call or text anybody meanwhile.", hold_calls),
)

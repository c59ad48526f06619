"""Words for one vendor that would do nothing where they stand."""

from collections.abc import Iterator

from oncall.validate.base import Context, Fault, Rule


def extra_without_service(context: Context) -> Iterator[Fault]:
    """Find words for a PagerDuty service on servers that share the team's."""
    for slug, server in context.inventory.servers.items():
        if server.pagerduty is not None and not server.own_service:
            message = f"`{slug}` shares the service of its team and tier, so it can't have words of its own for it"
            yield Fault(message, ("servers", slug, "pagerduty"), "give `own_service: true`, or write them on the team")


def extra_unused(context: Context) -> Iterator[Fault]:
    """Tell of words for a vendor that has nothing of the noun, or has nothing to do them to."""
    yield from _of_people(context)
    yield from _of_teams(context)
    yield from _of_groups(context)
    inventory = context.inventory
    at_opsgenie = {
        tier
        for key, used in context.in_use.items()
        if "opsgenie" in inventory.teams[key].pages_through
        for tier in used
    }
    for key, tier in inventory.tiers.items():
        if tier.opsgenie is not None and key not in at_opsgenie:
            yield Fault(f"no team at OpsGenie uses tier `{key}`", ("tiers", key, "opsgenie"))


def _of_people(context: Context) -> Iterator[Fault]:
    inventory = context.inventory
    for key, person in inventory.people.items():
        for word in ("pagerduty", "opsgenie"):
            if getattr(person, word) is not None and inventory.manage_of(person) != "all":
                message = f"the user of `{key}` is not ours to write"
                yield Fault(message, ("people", key, word), "only `manage: all` writes users")


def _of_teams(context: Context) -> Iterator[Fault]:
    for key, team in context.inventory.teams.items():
        for word in ("pagerduty", "opsgenie"):
            if getattr(team, word) is not None and word not in team.pages_through:
                yield Fault(f"team `{key}` does not page through {word}", ("teams", key, word))
        if team.opsgenie is None or team.repeat.times:
            continue
        for word in ("close_after_all", "reset_states"):
            if getattr(team.opsgenie, word):
                message = f"`{word}` is about repeats, and the escalation of team `{key}` has none"
                yield Fault(message, ("teams", key, "opsgenie", word), "give `repeat`")


def _of_groups(context: Context) -> Iterator[Fault]:
    inventory = context.inventory
    for key, group in inventory.groups.items():
        paged = {inventory.servers[slug].team for slug in group.servers if slug in inventory.servers}
        concerned: dict[str, set[str]] = {"pagerduty": paged, "opsgenie": {group.team}}
        for word, teams in concerned.items():
            vendors = {each for team in teams & inventory.teams.keys() for each in inventory.teams[team].pages_through}
            if getattr(group, word) is not None and word not in vendors:
                message = f"group `{key}` is nothing at {word}"
                who = "a server's team" if word == "pagerduty" else "its team"
                yield Fault(message, ("groups", key, word), f"it is where {who} pages through {word}")


RULES = (
    Rule(
        "extra-without-service",
        "error",
        "Words for a PagerDuty service stand on servers with `own_service`.",
        extra_without_service,
    ),
    Rule("extra-unused", "notice", "Words for one vendor stand where that vendor has something of it.", extra_unused),
)

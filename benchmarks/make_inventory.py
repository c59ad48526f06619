"""Write an inventory of any size: `python -m benchmarks.make_inventory 500 > big.yaml`.

Teams are of four kinds in turn, so that every rule has something to do: two schedules with a line-up on its way at
PagerDuty, the same at OpsGenie, one that moves between them, and follow-the-sun with a backup.
"""

import sys

HEAD = """\
organization: Acme
time_zone: Europe/Berlin

pages:
  critical: [push, call]
  high: [push, call after 5m]
  medium: [email]

tiers:
  internal: {severity: critical, manager_after: 10m, ticket_after_ack: 15m}
  author: {severity: high, ticket_after_ack: 15m}
"""
PLAIN = """\
  {team}:
    name: {name}
    pages_through: {vendors}
    members: [{a}, {b}, {c}, {d}, {{{e}: manager}}]
    schedules:
      primary:
        rotations:
          weekly:
            people: [{a}, {b}, {c}]
            turn: 1 week
            hand_off: Mon 09:00
            since: 2026-12-07
            before: {{people: [{a}, {b}], since: 2026-09-28}}
      secondary:
        rotations:
          weekly: {{people: [{d}, {a}, {b}], turn: 1 week, hand_off: Mon 09:00, since: 2026-09-28}}
    escalation:
      - notify: primary
      - {{notify: secondary, after: 5m}}
    repeat: {{times: 2, after: 20m}}
"""
SUN = """\
  {team}:
    name: {name}
    pages_through: {vendors}
    time_zone: UTC
    members: [{a}, {b}, {c}, {d}, {{{e}: manager}}]
    schedules:
      sun:
        rotations:
          day: {{people: [{a}, {b}], turn: 1 week, hand_off: Mon 08:00, since: 2026-10-05, only: "08:00-20:00"}}
          night: {{people: [{c}, {d}], turn: 1 week, hand_off: Mon 20:00, since: 2026-10-05, only: "20:00-08:00"}}
    escalation:
      - notify: sun
      - {{notify: {e}, after: 10m}}
"""
KINDS = ((PLAIN, "pagerduty"), (PLAIN, "opsgenie"), (PLAIN, "[opsgenie, pagerduty]"), (SUN, "pagerduty"))


def make(teams: int, servers: int = 20, vendor: str | None = None) -> str:
    """The text of an inventory with so many teams, five people each, and so many servers in each.

    With a `vendor` all of them page through that one.
    """
    people: list[str] = ["people:\n"]
    nouns: list[str] = ["teams:\n"]
    rows: list[str] = ["servers:\n"]
    for number in range(teams):
        team = f"team-{number:03}"
        keys = [f"p{number:03}-{letter}" for letter in "abcde"]
        for key in keys:
            phone = f"+49 30 {number_of(key) % 10_000_000:07}"
            people.append(f'  {key}: {{name: Person {key}, email: {key}@acme.example, phone: "{phone}"}}\n')
        text, vendors = KINDS[number % len(KINDS)]
        vendors = vendor or vendors
        nouns.append(
            text.format(team=team, name=f"Team {number:03}", vendors=vendors, **dict(zip("abcde", keys, strict=True)))
        )
        for server in range(servers):
            slug = f"s{number:03}-{server:02}-mcp"
            tier = "internal" if server % 2 else "author"
            url = f"https://{slug}.acme.example/mcp"
            rows.append(f"  {slug}: {{name: Server {number:03}-{server:02}, url: {url}, team: {team}, tier: {tier}}}\n")
    tail = """
bridge:
  fallback: team-000
  watch: {name: alivemcp, ping_every: 5m, alert_after: 12m, team: team-000}
  jira: {site: acme.atlassian.net, project: OPS, email: bot@acme.example}
"""
    return "\n".join([HEAD, "".join(people), "".join(nouns), "".join(rows)]) + tail + "horizon: 2027-12-31\n"


def number_of(text: str) -> int:
    """A number of a text, the same on every run."""
    return int.from_bytes(text.encode(), "big")


if __name__ == "__main__":
    sys.stdout.write(make(int(sys.argv[1]) if len(sys.argv) > 1 else 500))

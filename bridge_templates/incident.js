// The life of one server's incident, as pure steps: what an event does to it, what its timers do, and what is shown
// of it. A server has at most one open incident; a test event has a lane of its own beside the real one.

/**
 * The parts of an incident, oldest first. Each has a key of its own at the vendor, because a second trigger under the
 * same key notifies nobody: the page itself, the raised page after a tier's `raise_after`, and the notice that no
 * recovery was seen for a day.
 */
export const PARTS = ["page", "raised", "notice"];

const DASHBOARD = "https://alivemcp.com/status/";

/** The lane of an event: all that happens in one lane happens in order. A slug holds no "/". */
export function laneOf(event) {
  return event.test ? `test/${event.slug}` : event.slug;
}

/**
 * Whether an event is younger than all that was applied. Then it is no duplicate whatever its id says: a sender that
 * puts a server's or an account's id where an event's is expected must not lose its second outage.
 */
export function isYoungest(lane, event) {
  return event.at !== null && lane.event_at !== null && event.at > lane.event_at;
}

/**
 * What an event does to its lane: `open`, `absorb`, `close`, `nothing` or `stale`.
 *
 * `lane` is `{incident, event_at, event_type}` as last applied (incident null when none is open). Events that carry
 * a time apply in the order of their times, a resolve winning a tie; events without one in the order they arrive.
 */
export function effectOf(lane, event) {
  if (event.at !== null && lane.event_at !== null) {
    if (event.at < lane.event_at) return "stale";
    const tied = event.at === lane.event_at;
    if (tied && event.type === "triggered" && lane.event_type === "resolved") return "stale";
  }
  if (event.type === "triggered") return lane.incident === null ? "open" : "absorb";
  return lane.incident === null ? "nothing" : "close";
}

/** The lane after an event was applied. A time once seen is kept: an event without one can't turn it back. */
export function laneAfter(lane, event, incident) {
  return { incident, event_at: event.at ?? lane.event_at, event_type: event.type };
}

/**
 * A new incident: its id (slug and opening), its timers, and nothing about where it is sent.
 *
 * `raise_after` (seconds) is null for a route that is never raised. A server may have been down for a while when its
 * first event gets through, so the raise counts from `started_at` where the event has one.
 */
export function openIncident(event, now, raiseAfter, limits) {
  const opening = event.at ?? now;
  const down = Math.min(event.started_at ?? opening, opening);
  return {
    id: `${laneOf(event)}@${new Date(opening).toISOString()}`,
    opened_at: now,
    raise_at: event.test || raiseAfter === null ? null : Math.max(now, down + raiseAfter * 1000),
    stop_at: event.test ? null : now + limits.stop_ms,
    resolve_at: event.test ? now + limits.test_resolve_ms : null,
  };
}

/** The timer of an open incident that is due: `resolve`, `raise` or `stop`; null when none is. */
export function dueTimer(incident, now) {
  const due = (at) => at !== null && at <= now;
  if (due(incident.resolve_at)) return "resolve";
  if (due(incident.raise_at)) return "raise";
  return due(incident.stop_at) ? "stop" : null;
}

/** The next instant at which an incident's own timers want attention; Infinity when none does. */
export function nextTimer(incident) {
  return Math.min(incident.resolve_at ?? Infinity, incident.stop_at ?? Infinity, incident.raise_at ?? Infinity);
}

/** The key that de-duplicates a part of an incident at the vendor (PagerDuty dedup_key, OpsGenie alias). */
export function dedupKey(event, part) {
  if (event.test) return `alivemcp-test-${event.slug}`;
  const suffix = { page: "", raised: "-raised", notice: "-unrecovered" }[part];
  return `alivemcp-${event.slug}${suffix}`;
}

/** What a vendor is told about one part of an incident, in our own words; vendors' modules make theirs from it. */
export function pageOf(incident, part, leg) {
  const { event } = incident;
  return {
    dedup_key: dedupKey(event, part),
    title: titleOf(event, part),
    severity: event.test || part === "notice" ? "low" : leg.severity,
    slug: event.slug,
    name: event.name,
    team: leg.team,
    tier: leg.tier,
    responder: leg.responder,
    failure: event.failure,
    last_failures: event.last_failures,
    check_url: event.check_url,
    dashboard: `${DASHBOARD}${event.slug}`,
    opened_at: new Date(event.started_at ?? event.at ?? incident.opened_at).toISOString(),
    routing: leg.note,
  };
}

function titleOf(event, part) {
  if (part === "raised") return `MCP server still down: ${event.name}`;
  if (part === "notice") return `No recovery seen for 24 h: ${event.name}`;
  return event.test ? `[TEST] MCP server down: ${event.name}` : `MCP server down: ${event.name}`;
}

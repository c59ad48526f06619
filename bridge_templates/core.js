// The webhook as plain values: from raw bytes to an event, and from a slug to the shard that keeps its state.
// Pure: the clock is an argument.

import { cleanText, publicUrl, withoutUrlSecrets } from "./text.js";

/** Shards of state. Fixed for ever: another number would strand every open incident in a shard nobody asks. */
export const SHARDS = 64;

const SLUG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const EVENT_ID_UNITS = 200;
const TYPES = { "alert.triggered": "triggered", "alert.resolved": "resolved" };

// An event's own time orders retries that arrive late (the sender retries for 24.35 h). A time outside this window
// is a broken clock: believing one far-off instant would make every later event look old and lose its page.
const TIME_BEHIND_MS = 26 * 3600 * 1000;
const TIME_AHEAD_MS = 5 * 60 * 1000;

const NAME_UNITS = 1024;
const FAILURE_UNITS = 8000;
const LAST_FAILURES = 3;

/** 32-bit FNV-1a of the slug's bytes, modulo 64. Never change it: see SHARDS. (A slug is ASCII.) */
export function shardOf(slug) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < slug.length; i += 1) {
    hash = Math.imul(hash ^ slug.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash % SHARDS;
}

/** The name of a shard's object. Fixed for ever, like the hash. */
export function shardName(slug) {
  return `shard-${String(shardOf(slug)).padStart(2, "0")}`;
}

/**
 * Reads a webhook's body.
 *
 * Gives one of `{event}`, `{ignored: word}` (signed and well-formed, but nothing for us to do) or
 * `{status, reason}` (a 4xx: it can never work, however often it is sent).
 */
export function parseEvent(bytes, now) {
  let body;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return { status: 400, reason: "not-json" };
  }
  if (body === null || typeof body !== "object" || Array.isArray(body)) return { status: 422, reason: "not-an-object" };
  const { type: byType, event: byEvent } = body;
  if (byType != null && byEvent != null && byType !== byEvent) return { status: 422, reason: "type-and-event-differ" };
  const named = byType ?? byEvent;
  if (typeof named !== "string" || named === "") return { status: 422, reason: "no-type" };
  if (!Object.hasOwn(TYPES, named)) return { ignored: "unknown-type" };
  if (typeof body.server_slug !== "string" || !SLUG.test(body.server_slug)) return { status: 422, reason: "bad-slug" };
  return { event: fieldsOf(body, TYPES[named], now) };
}

function fieldsOf(body, type, now) {
  const slug = body.server_slug;
  const failure = cleanText(body.failure_reason);
  return {
    type,
    slug,
    test: body.test === true,
    id: eventId(body.id ?? body.event_id),
    at: instant(body.occurred_at ?? body.timestamp, now),
    started_at: instant(body.started_at, now),
    name: (cleanText(body.server_name) ?? slug).slice(0, NAME_UNITS).toWellFormed(),
    tier: cleanText(body.server_tier),
    tags: Array.isArray(body.server_tags) ? body.server_tags.map(cleanText).filter((tag) => tag !== null) : [],
    team: cleanText(body.server_owner_team),
    failure: failure === null ? null : withoutUrlSecrets(failure).slice(0, FAILURE_UNITS).toWellFormed(),
    check_url: publicUrl(body.check_url),
    last_failures: lastFailures(body.last_failures),
  };
}

function eventId(value) {
  const text = typeof value === "number" ? String(value) : cleanText(value);
  return text !== null && text.length <= EVENT_ID_UNITS ? text : null;
}

/** Milliseconds since the epoch from RFC 3339 text or epoch seconds or milliseconds; null when absent or absurd. */
function instant(value, now) {
  let at = NaN;
  if (typeof value === "string") at = Date.parse(value);
  else if (typeof value === "number") at = value < 1e11 ? value * 1000 : value;
  return at >= now - TIME_BEHIND_MS && at <= now + TIME_AHEAD_MS ? Math.floor(at) : null;
}

function lastFailures(value) {
  if (!Array.isArray(value)) return [];
  return value
    .map((entry) => {
      if (entry === null || typeof entry !== "object") return cleanText(entry);
      const reason = cleanText(entry.failure_reason) ?? cleanText(entry.reason);
      const at = cleanText(entry.at) ?? cleanText(entry.occurred_at);
      return reason === null || at === null ? reason : `${at} ${reason}`;
    })
    .filter((text) => text !== null)
    .slice(-LAST_FAILURES)
    .map((text) => withoutUrlSecrets(text).slice(0, NAME_UNITS).toWellFormed());
}

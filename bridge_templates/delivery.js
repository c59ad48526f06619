// One delivery = one part of an incident at one place (a leg of its pinned route): what should be there (`desired`),
// what is there as far as we know (`known`), and what to do next about the difference. Pure: rows and answers in,
// rows out.
//
//   desired  standby (a later leg, not needed so far) | open | closed
//   known    none | accepted (202, not yet confirmed) | open | closing (close accepted, not yet confirmed) | closed
//            refused (will never take this page) | stuck (refuses the close) | abandoned
//   unsure   an attempt ended without an answer: the vendor may hold the alert all the same

const RETRY = new Set([408, 425, 429]);
const CLOSE_GIVE_UP_MS = 24 * 3600 * 1000;
const CLOSE_ATTEMPTS_UNCONFIRMED = 6;
const LEASE_SLACK_MS = 1000;

/** `ok`, `retry` or `refused` for an HTTP status; 0 stands for no answer (network fault, timeout). */
export function classifyStatus(status) {
  if (status >= 200 && status < 300) return "ok";
  if (status >= 400 && status < 500 && !RETRY.has(status)) return "refused";
  return "retry";
}

/** Milliseconds that a Retry-After header asks for (seconds or an HTTP date), else null. */
export function retryAfterMs(header, now) {
  if (header === null || header === undefined) return null;
  const text = header.trim();
  const ms = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, Math.ceil(ms)) : null;
}

/** The wait after the `tries`th attempt: doubling up to the cap, and never shorter than the vendor asked for. */
export function backoffMs(tries, retryAfter, limits) {
  const own = Math.min(limits.retry_first_ms * 2 ** Math.min(Math.max(tries - 1, 0), 30), limits.retry_cap_ms);
  return Math.max(own, Math.min(retryAfter ?? 0, limits.retry_after_cap_ms));
}

/** What a row wants done, now or later: `trigger`, `resolve`, `confirm`, or null when it is settled. */
export function actionOf(row) {
  if (row.desired === "open") {
    const wanted = { none: "trigger", accepted: "confirm", open: row.repeat_at === null ? null : "trigger" };
    return wanted[row.known] ?? null;
  }
  if (row.desired === "closed") {
    const unsure = row.unsure ? "resolve" : null;
    const wanted = {
      none: unsure,
      refused: unsure,
      accepted: "confirm",
      open: "resolve",
      closing: "confirm",
      stuck: "resolve",
    };
    return wanted[row.known] ?? null;
  }
  return null;
}

function dueAt(row) {
  if (row.desired === "open" && row.known === "open") return Math.max(row.repeat_at, row.next_at ?? 0);
  return row.next_at ?? 0;
}

/**
 * Chooses what a lane may do at `now` from its unsettled rows, oldest incident first.
 *
 * Two incidents of one server share their vendor keys, so at one place a later row waits until the earlier one is
 * settled: else a close that was retried late would close the new incident. A close the vendor refuses doesn't hold
 * up a page: it is given up as soon as a newer incident needs the key. Gives `{due, abandoned, next}` (rows, rows,
 * instant or Infinity).
 */
export function pick(rows, now) {
  const queues = new Map();
  for (const row of rows.filter((each) => actionOf(each) !== null)) {
    const place = JSON.stringify([row.target, row.key_id, row.part]);
    if (!queues.has(place)) queues.set(place, []);
    queues.get(place).push(row);
  }
  const abandoned = [];
  const due = [];
  let next = Infinity;
  for (const queue of queues.values()) {
    while (queue.length > 1 && queue[0].known === "stuck") abandoned.push(queue.shift());
    const at = dueAt(queue[0]);
    if (at <= now) due.push(queue[0]);
    else next = Math.min(next, at);
  }
  return { due, abandoned, next };
}

/**
 * Marks a row as being attempted: written before the call leaves, so that a crash can't forget that it may have
 * arrived. `next_at` is a lease: whoever finds the row after it takes the attempt for lost and makes another.
 */
export function claim(row, now, limits) {
  const action = actionOf(row);
  const job = { action, attempt: row.attempt + 1, was_unsure: row.unsure, row };
  const claimed = {
    ...row,
    attempt: row.attempt + 1,
    tries: row.tries + 1,
    next_at: now + limits.call_timeout_ms + LEASE_SLACK_MS,
    unsure: row.unsure || (action === "trigger" && row.known === "none"),
  };
  return { job, claimed };
}

/**
 * A row after an attempt, and what that means: `{row, effect}`.
 *
 * `verdict` is `{outcome: ok|accepted|pending|retry|refused, request_id?, retry_after?, not_taken?}`. `context` is
 * `{repeats, closed_at}`: whether this part repeats while open, and when its incident was closed. Effects: `sent`,
 * `repeated`, `confirmed`, `unconfirmed`, `refused`, `closed`, `abandoned`, `failed` (will be tried again) or `late`
 * (a newer attempt owns the row: nothing is changed).
 */
export function settle(row, job, verdict, now, limits, context) {
  if (row.attempt !== job.attempt) return { row, effect: "late" };
  if (job.action === "trigger") return settleTrigger(row, job, verdict, now, limits, context);
  if (job.action === "resolve") return settleResolve(row, verdict, now, limits, context);
  return settleConfirm(row, verdict, now, limits, context);
}

function isOpen(row, now, limits, context) {
  const repeat = context.repeats && row.desired === "open" ? now + limits.repeat_ms : null;
  return { ...row, known: "open", unsure: false, tries: 0, next_at: null, request_id: null, repeat_at: repeat };
}

function settleTrigger(row, job, verdict, now, limits, context) {
  const repeated = row.known === "open";
  if (verdict.outcome === "retry") {
    const unsure = verdict.not_taken ? job.was_unsure : row.unsure;
    return {
      row: { ...row, unsure, next_at: now + backoffMs(row.tries, verdict.retry_after, limits) },
      effect: "failed",
    };
  }
  if (repeated)
    return { row: isOpen(row, now, limits, context), effect: verdict.outcome === "refused" ? "failed" : "repeated" };
  if (verdict.outcome === "refused") {
    return { row: { ...row, known: "refused", unsure: job.was_unsure, next_at: null }, effect: "refused" };
  }
  if (verdict.outcome === "accepted") return { row: awaiting(row, "accepted", verdict, now, limits), effect: "sent" };
  return { row: isOpen(row, now, limits, context), effect: "sent" };
}

function awaiting(row, known, verdict, now, limits) {
  return {
    ...row,
    known,
    unsure: known === "closing" && row.unsure,
    tries: known === "closing" ? row.tries : 0,
    request_id: verdict.request_id,
    accepted_at: now,
    next_at: now + limits.confirm_after_ms,
  };
}

function settleResolve(row, verdict, now, limits, context) {
  if (verdict.outcome === "ok") return { row: settled(row, "closed"), effect: "closed" };
  if (verdict.outcome === "accepted") return { row: awaiting(row, "closing", verdict, now, limits), effect: "sent" };
  const neverSeenOpen = row.known === "none" || row.known === "refused";
  const hopeless = now - context.closed_at > CLOSE_GIVE_UP_MS;
  if (hopeless || (verdict.outcome === "refused" && neverSeenOpen))
    return { row: settled(row, "abandoned"), effect: "abandoned" };
  const wait = verdict.outcome === "refused" ? limits.retry_cap_ms : backoffMs(row.tries, verdict.retry_after, limits);
  const known = verdict.outcome === "refused" ? "stuck" : row.known;
  return { row: { ...row, known, next_at: now + wait }, effect: "failed" };
}

function settleConfirm(row, verdict, now, limits, context) {
  const closing = row.known === "closing";
  if (verdict.outcome === "ok") {
    return {
      row: closing ? settled(row, "closed") : isOpen(row, now, limits, context),
      effect: closing ? "closed" : "confirmed",
    };
  }
  if (verdict.outcome === "refused" && !closing) {
    return { row: { ...row, known: "refused", unsure: false, next_at: null, request_id: null }, effect: "refused" };
  }
  if (verdict.outcome === "refused") {
    // The vendor could not process the close: ask again, but not for ever, as an alert closed by hand says the same.
    if (row.unsure || row.tries >= CLOSE_ATTEMPTS_UNCONFIRMED) return { row: settled(row, "closed"), effect: "closed" };
    const wait = backoffMs(row.tries, null, limits);
    return { row: { ...row, known: "open", request_id: null, next_at: now + wait }, effect: "failed" };
  }
  if (now - row.accepted_at >= limits.confirm_within_ms) {
    // Accepted with 202 and nobody to say more: believing it beats paging twice.
    return { row: closing ? settled(row, "closed") : isOpen(row, now, limits, context), effect: "unconfirmed" };
  }
  const wait = Math.min(backoffMs(row.tries, verdict.retry_after, limits), limits.confirm_within_ms);
  return { row: { ...row, next_at: now + wait }, effect: "failed" };
}

function settled(row, known) {
  return { ...row, known, unsure: false, next_at: null, request_id: null, repeat_at: null };
}

/**
 * The row that takes over after `row` was refused, out of all rows of its part in leg order, made ready to send.
 *
 * After the last leg it starts again from the first, slowly: a key mended by the next deployment then still pages.
 */
export function nextLeg(rows, row, now, limits) {
  const index = rows.findIndex((each) => each.leg === row.leg);
  const successor = rows[(index + 1) % rows.length];
  const wraps = index + 1 >= rows.length;
  return {
    row: { ...successor, desired: "open", known: "none", tries: 0, next_at: wraps ? now + limits.retry_cap_ms : now },
    exhausted: wraps,
  };
}

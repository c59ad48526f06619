// PagerDuty Events API v2: https://developer.pagerduty.com/docs/events-api-v2-overview

import { classifyStatus } from "./delivery.js";
import { cut } from "./text.js";

// Limits in characters: https://developer.pagerduty.com/docs/send-alert-event
const SUMMARY = 1024;
const DEDUP_KEY = 255;
// An event may have 512 KB in all; a detail longer than this helps nobody on a phone.
const DETAIL = 4000;

const SEVERITY = { critical: "critical", high: "error", medium: "warning", low: "info" };
const SOURCE = "AliveMCP";

/** The request that opens or closes a page. The routing key in the body is the credential. */
export function request(action, page, key) {
  const body = { routing_key: key, event_action: action, dedup_key: cut(page.dedup_key, DEDUP_KEY) };
  if (action === "trigger") Object.assign(body, triggerFields(page));
  return {
    method: "POST",
    path: "/v2/enqueue",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

function triggerFields(page) {
  return {
    client: SOURCE,
    client_url: page.dashboard,
    payload: {
      summary: cut(page.title, SUMMARY),
      source: SOURCE,
      severity: SEVERITY[page.severity],
      timestamp: page.opened_at,
      component: page.slug,
      group: page.team,
      class: page.tier,
      custom_details: detailsOf(page),
    },
    // A link without an address is refused with 400, and the page with it.
    links: [
      { href: page.dashboard, text: "AliveMCP dashboard" },
      { href: page.check_url, text: "MCP endpoint" },
    ].filter((link) => link.href !== null),
  };
}

function detailsOf(page) {
  const details = {
    server_slug: page.slug,
    failure_reason: page.failure === null ? null : cut(page.failure, DETAIL),
    check_url: page.check_url,
    dashboard: page.dashboard,
    last_failures: page.last_failures.length > 0 ? page.last_failures.map((text) => cut(text, DETAIL)) : null,
    routing: page.routing,
  };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null));
}

/** 202 with status "success" is a page; 429 says that the event was not taken (docs: events-api-v2 rate limits). */
export function verdict(action, { status, text }) {
  const outcome = classifyStatus(status);
  if (outcome !== "ok") return { outcome, not_taken: status === 429 };
  return { outcome: statusWord(text) === "success" ? "ok" : "retry" };
}

function statusWord(text) {
  try {
    return JSON.parse(text).status;
  } catch {
    return undefined;
  }
}

// OpsGenie Alert API v2: https://docs.opsgenie.com/docs/alert-api
// Every write answers 202 "will be processed"; whether it was is told by the request's own address.

import { classifyStatus } from "./delivery.js";
import { cut } from "./text.js";

// Limits in characters: https://docs.opsgenie.com/docs/alerts-and-alert-fields
const MESSAGE = 130;
const ALIAS = 512;
const DESCRIPTION = 15000;
const TAGS = 20;
const TAG = 50;
const ENTITY = 512;
const DETAILS_TOTAL = 8000;
// Details share one budget; no single one may use up more than this of it.
const DETAIL = 2000;

const PRIORITY = { critical: "P1", high: "P2", medium: "P3", low: "P5" };
const SOURCE = "AliveMCP";

/** The request that opens, closes or asks after an alert. */
export function request(action, page, key, row) {
  const alias = cut(page.dedup_key, ALIAS);
  if (action === "confirm") return call("GET", `/v2/alerts/requests/${encodeURIComponent(row.request_id)}`, key);
  if (action === "trigger") return call("POST", "/v2/alerts", key, alertOf(page, alias));
  return call("POST", `/v2/alerts/${encodeURIComponent(alias)}/close?identifierType=alias`, key, {
    source: SOURCE,
    note: cut(`MCP server ${page.name} recovered. AliveMCP confirmed that the endpoint is healthy.`, DESCRIPTION),
  });
}

function call(method, path, key, body) {
  const headers = { authorization: `GenieKey ${key}` };
  if (body === undefined) return { method, path, headers };
  return { method, path, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
}

function alertOf(page, alias) {
  const alert = {
    message: cut(page.title, MESSAGE),
    alias,
    description: cut(descriptionOf(page), DESCRIPTION),
    tags: ["mcp-server", "alivemcp", page.tier].slice(0, TAGS).map((tag) => cut(tag, TAG)),
    priority: PRIORITY[page.severity],
    details: detailsOf(page),
    entity: cut(page.slug, ENTITY),
    source: SOURCE,
  };
  // The team that owns the integration: its routing rules then decide, once.
  if (page.responder !== null) alert.responders = [{ type: "team", name: page.responder }];
  return alert;
}

function descriptionOf(page) {
  const lines = [
    page.failure === null ? null : `Failure: ${page.failure}`,
    page.check_url === null ? null : `Endpoint: ${page.check_url}`,
    `Dashboard: ${page.dashboard}`,
    ...page.last_failures.map((text) => `Before: ${text}`),
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function detailsOf(page) {
  const entries = [
    ["server_slug", page.slug],
    ["dashboard", page.dashboard],
    ["down_since", page.opened_at],
    ["routing", page.routing],
    ["check_url", page.check_url],
    ["failure_reason", page.failure],
  ];
  const details = {};
  let left = DETAILS_TOTAL;
  for (const [name, value] of entries.filter(([, text]) => text !== null)) {
    const room = Math.min(DETAIL, left - name.length);
    if (room < 1) break;
    details[name] = cut(value, room);
    left -= name.length + details[name].length;
  }
  return details;
}

/** 202 only accepts; a processed request says whether it worked; an alert that is gone needs no closing. */
export function verdict(action, { status, text }) {
  const outcome = classifyStatus(status);
  if (action === "confirm") return confirmation(status, outcome, parsed(text));
  if (outcome === "ok") {
    const id = parsed(text).requestId;
    return typeof id === "string" && id !== "" ? { outcome: "accepted", request_id: id } : { outcome: "ok" };
  }
  if (action === "resolve" && status === 404) return { outcome: "ok" };
  return { outcome, not_taken: status === 429 };
}

function confirmation(status, outcome, body) {
  if (outcome === "ok") return { outcome: (body.data?.success ?? body.data?.isSuccess) === false ? "refused" : "ok" };
  // 404 is "not processed yet"; a key without the right to read can't tell, and the 202 stands.
  return { outcome: "retry" };
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

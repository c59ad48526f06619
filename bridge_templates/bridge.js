// The entry of the bridge: AliveMCP webhooks in, pages at PagerDuty and OpsGenie out. What is answered: 2xx only when
// the event is durably recorded or there is nothing to do, 401 for a signature, another 4xx for what can never work,
// 503 when nothing was recorded (AliveMCP then sends it again, for 24 hours).

import table from "./routes.json";
import { readBody } from "./body.js";
import { parseEvent, shardName } from "./core.js";
import { log } from "./log.js";
import { readSecrets } from "./secrets.js";
import { verifySignature } from "./signature.js";

export { Shard } from "./shard.js";

const RETRY_AFTER_S = "30";

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    try {
      if (pathname === "/healthz") return health(request, env);
      if (pathname === "/alivemcp" || pathname === "/") return await webhook(request, env);
      return answer(404, { error: "not-found" });
    } catch (error) {
      log("error", "fault", { name: error?.name ?? "unknown", message: String(error?.message ?? "").slice(0, 200) });
      return answer(503, { error: "not-recorded" }, { "retry-after": RETRY_AFTER_S });
    }
  },
};

async function webhook(request, env) {
  if (request.method !== "POST") return answer(405, { error: "method" }, { allow: "POST" });
  const secrets = readSecrets(env);
  if (!secrets.usable) {
    log("error", "misconfigured", { problems: secrets.problems });
    return answer(503, { error: "misconfigured" }, { "retry-after": RETRY_AFTER_S });
  }
  const now = Date.now();
  const read = await readBody(request, table.limits.body_bytes);
  if (read.status !== undefined) return reject(read.status, read.reason);
  const signature = await verifySignature(request.headers, read.bytes, secrets.webhook, table.signature, now);
  if (!signature.ok) return reject(401, "signature");
  const parsed = parseEvent(read.bytes, now);
  if (parsed.status !== undefined) return reject(parsed.status, parsed.reason);
  if (parsed.ignored !== undefined) {
    log("warn", "ignored", { reason: parsed.ignored });
    return answer(202, { status: "ignored" });
  }
  const event = { ...parsed.event, id: parsed.event.id ?? signature.id };
  const status = await env.SHARD.get(env.SHARD.idFromName(shardName(event.slug))).accept(event);
  log("info", "webhook", { slug: event.slug, type: event.type, test: event.test, status });
  return answer(202, { status });
}

function reject(status, reason) {
  log("warn", "rejected", { status, reason });
  return answer(status, { error: reason });
}

/** What is deployed and whether it could work: the table's hash and words, no names. */
function health(request, env) {
  if (request.method !== "GET" && request.method !== "HEAD")
    return answer(405, { error: "method" }, { allow: "GET, HEAD" });
  const secrets = readSecrets(env);
  const wanted = new Set(
    Object.values(table.routes).flatMap((route) => route.deliveries.map((delivery) => delivery.key)),
  );
  const missing = [...wanted].filter((id) => !secrets.keys.has(id)).length;
  const problems = [...secrets.problems];
  if (secrets.keys.size > 0 && missing > 0) problems.push("keys-missing");
  const sound = problems.length === 0;
  return answer(sound ? 200 : 503, { status: sound ? "ok" : "problem", config: table.config_hash, problems });
}

function answer(status, body, headers = {}) {
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}

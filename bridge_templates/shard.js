// A shard of state: the Durable Object that records an event first, sends second, and goes on by alarm until what the
// vendors hold is what it should be. All decisions are made by the pure modules; here are the clock, the database and
// the calls.

import { DurableObject } from "cloudflare:workers";

import table from "./routes.json";
import { actionOf, claim, nextLeg, pick, retryAfterMs, settle } from "./delivery.js";
import { dueTimer, effectOf, isYoungest, laneAfter, laneOf, nextTimer, openIncident, pageOf, PARTS } from "./incident.js";
import { log } from "./log.js";
import { legsOf, routeOf } from "./route.js";
import { readSecrets } from "./secrets.js";
import { Store } from "./store.js";
import { VENDORS } from "./vendors.js";

const limits = table.limits;
// The webhook's answer waits this long for the first attempt: usually enough to see it through, never long enough for
// the sender to give up. What isn't done by then goes on without it.
const ANSWER_WAIT_MS = 1000;
const BODY_LOOKED_AT = 65536;
// Six connections may be open at once; a seventh call would spend its time-out in the queue.
// https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections
const CONNECTIONS = 6;

export class Shard extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.store = new Store(ctx.storage.sql);
    this.alarmAt = null;
    ctx.blockConcurrencyWhile(async () => {
      this.store.migrate();
      this.alarmAt = await ctx.storage.getAlarm();
      this.schedule();
    });
  }

  /** Takes a verified event. When this returns a word, the event is on disk; when it throws, nothing was recorded. */
  async accept(event) {
    const lane = laneOf(event);
    const budget = { left: limits.calls_per_run };
    const [status, jobs] = this.write(lane, (now) => [this.record(lane, event, now), this.claimDue(lane, now, budget)]);
    if (jobs.length === 0) return status;
    const sending = this.run(lane, jobs, budget).catch((error) => this.logFault(error));
    // A sender that hangs up must not cut an attempt short.
    this.ctx.waitUntil(sending);
    let timer;
    await Promise.race([sending, new Promise((resolve) => (timer = setTimeout(resolve, ANSWER_WAIT_MS)))]);
    clearTimeout(timer);
    return status;
  }

  async alarm() {
    this.alarmAt = null;
    try {
      this.ctx.storage.transactionSync(() => this.store.prune(Date.now(), limits));
      const lanes = this.store.dueLanes(Date.now(), limits.calls_per_run);
      // The free plan allows 50 calls per invocation; the rest follows in the next one.
      const budget = { left: limits.calls_per_run };
      const work = async () => {
        for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) await this.attend(lane, budget);
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, work));
    } catch (error) {
      this.logFault(error);
    } finally {
      this.schedule();
    }
  }

  /** Does what a lane wants done. A lane that fails is put off, so that it can't keep the others from their turn. */
  async attend(lane, budget) {
    try {
      const jobs = this.write(lane, (now) => this.claimDue(lane, now, budget));
      await this.run(lane, jobs, budget);
    } catch (error) {
      this.logFault(error);
      this.store.setDue(lane, Date.now() + limits.retry_cap_ms);
    }
  }

  /** Runs `change` in a transaction, with the lane's next instant and the alarm brought up to date in the same one. */
  write(lane, change) {
    const now = Date.now();
    const result = this.ctx.storage.transactionSync(() => {
      const outcome = change(now);
      const { incident } = this.store.lane(lane);
      const timer = incident === null ? Infinity : nextTimer(this.store.incident(incident));
      const { due, next } = pick(this.store.pending(lane), now);
      const at = Math.min(timer, due.length > 0 ? now : next);
      this.store.setDue(lane, at === Infinity ? null : at);
      return outcome;
    });
    this.schedule();
    return result;
  }

  /** Sets the alarm to the shard's next instant. Not awaited: it is stored together with the writes before it. */
  schedule() {
    const due = this.store.nextDue(limits);
    if (due === Infinity || due === this.alarmAt) return;
    this.alarmAt = due;
    this.ctx.storage.setAlarm(due);
  }

  record(lane, event, now) {
    const state = this.store.lane(lane);
    const known = event.id !== null && !this.store.remember(lane, event.type, event.id, now);
    if (known && !isYoungest(state, event)) return "duplicate";
    const effect = effectOf(state, event);
    if (effect === "stale") return "stale";
    const incident = effect === "open" ? this.open(lane, event, now) : effect === "close" ? null : state.incident;
    this.store.putLane(lane, laneAfter(state, event, incident));
    if (effect === "close") this.close(state.incident, now, "alivemcp");
    return { open: "opened", close: "closed", absorb: "absorbed", nothing: "nothing-open" }[effect];
  }

  open(lane, event, now) {
    const { route: id, reason, mismatch } = routeOf(table, event);
    const route = table.routes[id];
    const incident = openIncident(event, now, route.raised?.after_seconds ?? null, limits);
    const { team, tier, severity } = route;
    const seq = this.store.addIncident({ ...incident, lane, event, route: id, team, tier, severity, reason });
    const routes = {
      page: id,
      raised: event.test ? null : route.raised?.route,
      notice: event.test ? null : route.notice,
    };
    for (const part of PARTS.filter((each) => routes[each] != null)) {
      const legs = legsOf(table, routes[part], reason === "fallback" ? `fallback: ${mismatch.join(", ")}` : null);
      legs.forEach((leg, index) => this.store.addDelivery({ seq, part, leg: index, lane, ...leg }));
    }
    this.want(seq, "page", now);
    this.store.log(seq, now, "opened", "alivemcp");
    log(reason === "server" && mismatch.length === 0 ? "info" : "warn", "opened", {
      incident: incident.id,
      route: id,
      reason,
      mismatch,
    });
    return seq;
  }

  /** Wants a part of an incident open at the first of its legs. */
  want(seq, part, now) {
    const first = this.store.deliveries(seq).find((row) => row.part === part);
    if (first !== undefined) this.put({ ...first, desired: "open", next_at: now });
  }

  close(seq, now, by) {
    const incident = this.store.incident(seq);
    this.store.updateIncident(seq, { closed_at: now, raise_at: null, stop_at: null, resolve_at: null });
    for (const row of this.store.deliveries(seq).filter((each) => each.desired === "open")) {
      this.put({ ...row, desired: "closed", tries: 0, repeat_at: null });
    }
    this.store.log(seq, now, "resolved", by);
    log("info", "resolved", { incident: incident.id, by });
  }

  put(row) {
    this.store.putDelivery(row, actionOf(row) !== null);
  }

  /**
   * Marks what the lane's timers and deliveries want done now, as far as the budget of calls allows, and returns it as
   * jobs. The alarm does the rest.
   */
  claimDue(lane, now, budget) {
    const { incident } = this.store.lane(lane);
    if (incident !== null) this.runTimers(lane, incident, now);
    const { due, abandoned } = pick(this.store.pending(lane), now);
    for (const row of abandoned) this.put({ ...row, known: "abandoned", next_at: null });
    const chosen = due.slice(0, budget.left);
    budget.left -= chosen.length;
    return chosen.map((row) => {
      const { job, claimed } = claim(row, now, limits);
      this.put(claimed);
      return job;
    });
  }

  runTimers(lane, seq, now) {
    const timer = dueTimer(this.store.incident(seq), now);
    if (timer === "resolve") {
      this.store.putLane(lane, { ...this.store.lane(lane), incident: null });
      this.close(seq, now, "bridge");
    } else if (timer !== null) {
      // One repeats at a time: the newest part, and none once a day has passed.
      for (const row of this.store.deliveries(seq)) this.put({ ...row, repeat_at: null });
      const raise = timer === "raise";
      this.store.updateIncident(seq, raise ? { raise_at: null, raised_at: now } : { stop_at: null, stopped_at: now });
      this.want(seq, raise ? "raised" : "notice", now);
      this.store.log(seq, now, raise ? "raised" : "unrecovered", "bridge");
    }
  }

  /** Does the jobs, and whatever becomes due in the lane by what they lead to. */
  async run(lane, jobs, budget) {
    await Promise.all(jobs.map(async (job) => this.run(lane, await this.attempt(lane, job, budget), budget)));
  }

  /** One call to a vendor and what it means: the jobs that follow. A fault of the call is an answer too. */
  async attempt(lane, job, budget) {
    const { row } = job;
    const incident = this.store.incident(row.seq);
    const started = Date.now();
    const { verdict, status } = await this.call(incident, job);
    const [effect, next] = this.write(lane, (now) => [
      this.settleAttempt(job, verdict, now),
      this.claimDue(lane, now, budget),
    ]);
    const level = ["sent", "repeated", "confirmed", "closed"].includes(effect) ? "info" : "warn";
    log(level, "attempt", {
      incident: incident.id,
      part: row.part,
      action: job.action,
      target: row.target,
      key_id: row.key_id,
      effect,
      status,
      tries: row.tries + 1,
      ms: Date.now() - started,
    });
    return next;
  }

  async call(incident, job) {
    const { row } = job;
    const target = Object.hasOwn(table.targets, row.target) ? table.targets[row.target] : undefined;
    const key = readSecrets(this.env).keys.get(row.key_id);
    // A target or key that a later deployment took away refuses the page like a revoked key does.
    if (target === undefined || key === undefined) return { verdict: { outcome: "refused" }, status: "no-key" };
    const vendor = VENDORS[target.vendor];
    const { method, path, headers, body } = vendor.request(job.action, pageOf(incident, row.part, row), key, row);
    let answer;
    let fault = null;
    try {
      const response = await fetch(`https://${target.host}${path}`, {
        method,
        headers,
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(limits.call_timeout_ms),
      });
      const text = await response.text();
      answer = {
        status: response.status,
        text: text.slice(0, BODY_LOOKED_AT),
        wait: response.headers.get("retry-after"),
      };
    } catch (error) {
      answer = { status: 0, text: "", wait: null };
      fault = error.name;
    }
    const verdict = { ...vendor.verdict(job.action, answer), retry_after: retryAfterMs(answer.wait, Date.now()) };
    return { verdict, status: fault ?? answer.status };
  }

  settleAttempt(job, verdict, now) {
    const { seq, part, leg } = job.row;
    const incident = this.store.incident(seq);
    const newest = { page: incident.raised_at === null, raised: true, notice: false }[part];
    const context = {
      repeats: newest && !incident.event.test && incident.stopped_at === null,
      closed_at: incident.closed_at,
    };
    const { row, effect } = settle(this.store.delivery(seq, part, leg), job, verdict, now, limits, context);
    if (effect === "late") return effect;
    this.put(row);
    if (["sent", "closed", "refused", "abandoned"].includes(effect)) {
      const what = effect === "sent" && job.action === "resolve" ? "close-sent" : effect;
      this.store.log(seq, now, what, "bridge", row);
    }
    if (effect === "refused" && row.desired === "open") {
      const rows = this.store.deliveries(seq).filter((each) => each.part === part);
      const next = nextLeg(rows, row, now, limits);
      this.put(next.row);
      if (next.exhausted) log("error", "undeliverable", { incident: incident.id, part });
    }
    return effect;
  }

  logFault(error) {
    log("error", "fault", { name: error?.name ?? "unknown", message: String(error?.message ?? "").slice(0, 200) });
  }
}

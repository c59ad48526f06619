// Who is paged: the inventory's server entry, else the payload's owner team x tier, else the fallback team, loudly.
// Works on the route table (routes.json), which holds names and key ids but never a key.

const SEVERITIES = ["critical", "high", "medium", "low"];

// What the three usual tier words mean where the inventory gives a tier of that name no severity of its own.
const USUAL_SEVERITY = { internal: "critical", author: "high", thirdparty: "medium" };
const TAG_TIERS = [
  ["internal", "internal"],
  ["author", "author"],
  ["claimed", "author"],
];
const DEFAULT_TIER = "thirdparty";

/**
 * Decides the route of an event.
 *
 * Gives `{route, reason, mismatch}`: the route's id in the table, one of `server`, `team`, `fallback`, and the words
 * that describe where payload and inventory disagree (for the log; the page goes out all the same).
 */
export function routeOf(table, event) {
  const claim = tierOf(table, event);
  const own = lookup(table.servers, event.slug);
  if (own !== undefined) {
    const { team, tier } = table.routes[own];
    const mismatch = [];
    if (event.team !== null && event.team !== team) mismatch.push("team-differs-from-inventory");
    if (event.tier !== null && event.tier !== tier) mismatch.push("tier-differs-from-inventory");
    return { route: own, reason: "server", mismatch };
  }
  const mismatch = claim.known ? [] : ["unknown-tier"];
  const team = event.team === null ? undefined : lookup(table.teams, event.team);
  if (team !== undefined && Object.keys(team).length > 0) {
    return nearest(table, team, claim, "team", mismatch);
  }
  mismatch.push(event.team === null ? "unknown-server" : "unknown-team");
  return nearest(table, table.teams[table.fallback], claim, "fallback", mismatch);
}

/**
 * The places a route pages, in the order they are tried: its own targets, then the fallback team's.
 *
 * Each is `{target, key_id, responder, team, tier, severity, note}`, ready to be pinned to an incident.
 */
export function legsOf(table, id, note) {
  const route = table.routes[id];
  const rescue = nearest(table, table.teams[table.fallback], { tier: route.tier, severity: route.severity }, "", []);
  const legs = [...deliveriesOf(route, note), ...deliveriesOf(table.routes[rescue.route], "fallback-after-refusal")];
  const first = (leg) => legs.findIndex((other) => other.target === leg.target && other.key_id === leg.key_id);
  return legs.filter((leg, index) => first(leg) === index);
}

function deliveriesOf(route, note) {
  const { team, tier, severity } = route;
  return route.deliveries.map(({ target, key, responder }) => ({
    target,
    key_id: key,
    responder: responder ?? null,
    team,
    tier,
    severity,
    note,
  }));
}

/** The tier an event claims: `server_tier` if the table knows it, else by tags, else the default tier. */
function tierOf(table, event) {
  if (event.tier !== null && severityOf(table, event.tier) !== undefined) return tierNamed(table, event.tier, true);
  const tagged = TAG_TIERS.find(([tag]) => event.tags.includes(tag));
  if (tagged !== undefined) return tierNamed(table, tagged[1], event.tier === null);
  if (event.tier === null) return tierNamed(table, DEFAULT_TIER, true);
  // A misspelt tier must not become the quietest one: without a better hint it counts as the most severe.
  return { tier: event.tier, severity: SEVERITIES[0], known: false };
}

function tierNamed(table, tier, known) {
  return { tier, severity: severityOf(table, tier), known };
}

function severityOf(table, tier) {
  return lookup(table.tiers, tier)?.severity ?? lookup(USUAL_SEVERITY, tier);
}

/** The team's route for a tier: exact, else the next more severe tier in use, else the most severe one. */
function nearest(table, team, { tier, severity }, reason, mismatch) {
  const exact = lookup(team, tier);
  if (exact !== undefined) return { route: exact, reason, mismatch };
  const rank = (name) => SEVERITIES.indexOf(table.tiers[name].severity);
  const bySeverity = Object.keys(team).sort((a, b) => rank(a) - rank(b));
  const moreSevere = bySeverity.filter((name) => rank(name) < SEVERITIES.indexOf(severity));
  const chosen = moreSevere.at(-1) ?? bySeverity[0];
  return { route: team[chosen], reason, mismatch: [...mismatch, "tier-not-in-use"] };
}

// Slugs, teams and tiers come from outside: "constructor" must not find Object's own.
function lookup(map, key) {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

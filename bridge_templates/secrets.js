// What the environment gives the bridge: the webhook secret (current and previous) and the vendors' keys, which
// come as JSON objects {"key id": "key"} in KEYS_0, KEYS_1, ... because one secret holds 5 KB at most
// (https://developers.cloudflare.com/workers/platform/limits/).

import { secretProblem } from "./signature.js";

const cache = new WeakMap();

/**
 * `{webhook: [texts], keys: Map, problems: [words], usable}` of a Worker's environment.
 *
 * Not usable means: nothing may be accepted (no trustworthy secret to verify with, or no key to page through).
 */
export function readSecrets(env) {
  let secrets = cache.get(env);
  if (secrets === undefined) {
    secrets = parseSecrets(env);
    cache.set(env, secrets);
  }
  return secrets;
}

/** `readSecrets` without its memory. */
export function parseSecrets(env) {
  const problems = [];
  const webhook = [];
  const current = secretProblem(env.WEBHOOK_SECRET);
  if (current === null) webhook.push(env.WEBHOOK_SECRET);
  else problems.push(`webhook-secret-${current}`);
  const previous = secretProblem(env.WEBHOOK_SECRET_PREVIOUS);
  if (previous === null) webhook.push(env.WEBHOOK_SECRET_PREVIOUS);
  else if (previous === "weak") problems.push("previous-webhook-secret-weak");
  const keys = new Map();
  let unreadable = false;
  for (const name of Object.keys(env)
    .filter((key) => /^KEYS_[0-9]+$/.test(key))
    .sort()) {
    if (typeof env[name] === "string" && env[name] !== "" && !addKeys(keys, env[name])) unreadable = true;
  }
  if (unreadable) problems.push("keys-unreadable");
  if (keys.size === 0) problems.push("keys-unset");
  return { webhook, keys, problems, usable: current === null && keys.size > 0 };
}

function addKeys(keys, text) {
  let entries;
  try {
    entries = Object.entries(JSON.parse(text));
  } catch {
    return false;
  }
  let sound = true;
  for (const [id, key] of entries) {
    if (typeof key === "string" && key !== "") keys.set(id, key);
    else sound = false;
  }
  return sound;
}

// Is this webhook really from AliveMCP? HMAC-SHA256 over the raw body by crypto.subtle.verify, which compares in
// constant time and answers false to a signature of the wrong length (timingSafeEqual throws there).

const SECRET_MIN_BYTES = 16;
const SECRET_MIN_DISTINCT = 4;
// What an unset variable or a hurried person leaves, also several times over: importing it as a key would succeed.
const PLACEHOLDER = /^((undefined|null|none|change[-_ ]?me|secret|password|todo|xxx)[-_ ]?)+$/i;
const MAX_SIGNATURES = 4;
// Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
// The timestamp is that of the attempt, so the sender's retries stay inside the tolerance.
const STANDARD_TOLERANCE_S = 300;

const encoder = new TextEncoder();
const keys = new Map();

/** Null for a usable webhook secret, else the word that says why it is refused: `unset` or `weak`. */
export function secretProblem(secret) {
  if (typeof secret !== "string" || secret === "") return "unset";
  const text = secret.trim();
  if (encoder.encode(text).length < SECRET_MIN_BYTES || PLACEHOLDER.test(text)) return "weak";
  return new Set(text).size < SECRET_MIN_DISTINCT ? "weak" : null;
}

/**
 * Verifies the signature headers over `body` (Uint8Array) with any of `secrets`.
 *
 * `scheme` is `alivemcp` (hex in x-alivemcp-signature), `standard` (Standard Webhooks) or `either`. Gives
 * `{ok, id}`: `id` is the message id when the scheme signs one, else null.
 */
export async function verifySignature(headers, body, secrets, scheme, now) {
  const own = headers.get("x-alivemcp-signature");
  if (scheme === "alivemcp" || (scheme === "either" && own !== null)) {
    return { ok: await anyMatches(hexSignatures(own ?? ""), body, secrets.map(plainBytes)), id: null };
  }
  const id = headers.get("webhook-id") ?? "";
  const stamp = headers.get("webhook-timestamp") ?? "";
  const fresh = /^[0-9]{1,12}$/.test(stamp) && Math.abs(Number(stamp) - now / 1000) <= STANDARD_TOLERANCE_S;
  if (id === "" || !fresh) return { ok: false, id: null };
  const signed = joined(encoder.encode(`${id}.${stamp}.`), body);
  const found = standardSignatures(headers.get("webhook-signature") ?? "");
  return { ok: await anyMatches(found, signed, secrets.map(standardBytes)), id };
}

async function anyMatches(signatures, data, secrets) {
  for (const secret of secrets) {
    const key = await importedKey(secret);
    for (const signature of signatures) {
      if (await crypto.subtle.verify("HMAC", key, signature, data)) return true;
    }
  }
  return false;
}

/** The imported key of a secret; importing costs as much as verifying, so it is done once per isolate. */
function importedKey(secret) {
  const name = secret.join(",");
  let key = keys.get(name);
  if (key === undefined) {
    key = crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    keys.set(name, key);
  }
  return key;
}

/** Up to four hex signatures, each bare or as `sha256=` or `v1=`, separated by commas or spaces. */
function hexSignatures(header) {
  return header
    .split(/[\s,]+/)
    .slice(0, MAX_SIGNATURES)
    .map((text) => /^(?:sha256=|v1=)?([0-9a-f]{64})$/i.exec(text))
    .filter((match) => match !== null)
    .map((match) => Uint8Array.from(match[1].match(/../g), (pair) => Number.parseInt(pair, 16)));
}

/** The `v1` (symmetric) signatures of a Standard Webhooks header; others are of other schemes and skipped. */
function standardSignatures(header) {
  return header
    .split(/\s+/)
    .slice(0, MAX_SIGNATURES)
    .filter((text) => text.startsWith("v1,"))
    .map((text) => base64Bytes(text.slice(3)))
    .filter((bytes) => bytes !== null);
}

function plainBytes(secret) {
  return encoder.encode(secret.trim());
}

function standardBytes(secret) {
  const text = secret.trim();
  return (text.startsWith("whsec_") ? base64Bytes(text.slice(6)) : null) ?? encoder.encode(text);
}

function base64Bytes(text) {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function joined(head, tail) {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}

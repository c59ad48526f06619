// Texts and addresses made fit to leave the bridge: cut to a vendor's limit, free of control characters and of
// whatever a URL may carry in its user, query or fragment part.

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
const URL_IN_TEXT = /\bhttps?:\/\/[^\s<>"']+/gi;

/** A text field of an event: a trimmed, well-formed string, or null when there is nothing to show. */
export function cleanText(value) {
  if (typeof value !== "string") return null;
  const text = value.toWellFormed().replace(CONTROL, " ").trim();
  return text === "" ? null : text;
}

/**
 * `text` in at most `units` UTF-16 units, ending in an ellipsis when something was cut off.
 *
 * The vendors only say "characters". Counting UTF-16 units never gives more code points than that, so the result
 * fits whichever of the two a vendor counts; a surrogate pair is never split.
 */
export function cut(text, units) {
  if (text.length <= units) return text;
  let end = units - 1;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return `${text.slice(0, end)}…`;
}

/** Origin and path of a web address; null for anything else (private tokens live in user, query and fragment). */
export function publicUrl(value) {
  if (typeof value !== "string" || !URL.canParse(value)) return null;
  const url = new URL(value);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return `${url.origin}${url.pathname}`;
}

/** Free text with every address in it reduced to origin and path. */
export function withoutUrlSecrets(text) {
  return text.replace(URL_IN_TEXT, (address) => publicUrl(address) ?? "(address removed)");
}

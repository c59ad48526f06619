// One JSON line per thing that happened. Never bodies, keys, secrets or addresses: only ids, words and figures.

/** Writes a line: `level` (info | warn | error), `event` (what happened) and its fields. */
export function log(level, event, fields) {
  console.log(JSON.stringify({ level, event, ...fields }));
}

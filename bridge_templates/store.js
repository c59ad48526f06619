// The tables of a shard and every statement on them. Rows go in and out as plain objects whose fields are the
// columns, so that the pure modules work on the same words.

const VERSION = 1;
// Forgetting waits a little, so that it happens in batches and not once per row.
const FORGET_SLACK_MS = 3600 * 1000;

const TABLES = [
  `CREATE TABLE IF NOT EXISTS meta (version INTEGER NOT NULL)`,
  // One row per server (and per server under test): what was applied last, and when the lane wants attention.
  `CREATE TABLE IF NOT EXISTS lane (
     lane TEXT PRIMARY KEY, incident INTEGER, event_at INTEGER, event_type TEXT, due_at INTEGER) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS lane_due ON lane (due_at) WHERE due_at IS NOT NULL`,
  // Event ids already taken, kept longer than the sender retries. Never a hash of the body: two outages of a server
  // may be told in identical bodies.
  `CREATE TABLE IF NOT EXISTS seen (
     lane TEXT, type TEXT, id TEXT, at INTEGER NOT NULL, PRIMARY KEY (lane, type, id)) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS seen_at ON seen (at)`,
  // event is the opening event as JSON. Team, tier, severity and reason are the route pinned at the opening.
  `CREATE TABLE IF NOT EXISTS incident (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, lane TEXT NOT NULL, event TEXT NOT NULL,
     route TEXT NOT NULL, team TEXT NOT NULL, tier TEXT NOT NULL, severity TEXT NOT NULL, reason TEXT NOT NULL,
     opened_at INTEGER NOT NULL, closed_at INTEGER, raised_at INTEGER, stopped_at INTEGER,
     raise_at INTEGER, stop_at INTEGER, resolve_at INTEGER)`,
  `CREATE INDEX IF NOT EXISTS incident_closed ON incident (closed_at) WHERE closed_at IS NOT NULL`,
  // Pinned places and outbox in one: desired and last known state per place, and when to act on the difference.
  `CREATE TABLE IF NOT EXISTS delivery (
     seq INTEGER NOT NULL, part TEXT NOT NULL, leg INTEGER NOT NULL, lane TEXT NOT NULL,
     target TEXT NOT NULL, key_id TEXT NOT NULL, responder TEXT, team TEXT NOT NULL, tier TEXT NOT NULL,
     severity TEXT NOT NULL, note TEXT, desired TEXT NOT NULL, known TEXT NOT NULL, unsure INTEGER NOT NULL,
     attempt INTEGER NOT NULL, tries INTEGER NOT NULL, next_at INTEGER, repeat_at INTEGER, request_id TEXT,
     accepted_at INTEGER, pending INTEGER NOT NULL, PRIMARY KEY (seq, part, leg)) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS delivery_pending ON delivery (lane) WHERE pending = 1`,
  // Who did what when, to each incident: kept 30 days for reports, two-way sync and recognising our own echo.
  `CREATE TABLE IF NOT EXISTS transition (
     number INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL,
     by TEXT NOT NULL, part TEXT, target TEXT, key_id TEXT)`,
  `CREATE INDEX IF NOT EXISTS transition_at ON transition (at)`,
];

const EMPTY_DELIVERY = {
  desired: "standby",
  known: "none",
  unsure: false,
  attempt: 0,
  tries: 0,
  next_at: null,
  repeat_at: null,
  request_id: null,
  accepted_at: null,
};

/** All reading and writing of a shard's SQLite database. Call the writing methods inside one transaction. */
export class Store {
  constructor(sql) {
    this.sql = sql;
  }

  /** Creates what is missing. A later version of the tables finds the version it has to start from in `meta`. */
  migrate() {
    for (const statement of TABLES) this.sql.exec(statement);
    if (this.all("SELECT version FROM meta").length === 0) this.sql.exec("INSERT INTO meta VALUES (?)", VERSION);
  }

  all(statement, ...values) {
    return this.sql.exec(statement, ...values).toArray();
  }

  lane(lane) {
    return (
      this.all("SELECT * FROM lane WHERE lane = ?", lane)[0] ?? {
        lane,
        incident: null,
        event_at: null,
        event_type: null,
      }
    );
  }

  putLane(lane, { incident, event_at, event_type }) {
    this.sql.exec(
      `INSERT INTO lane (lane, incident, event_at, event_type) VALUES (?, ?, ?, ?)
       ON CONFLICT (lane) DO UPDATE SET incident = excluded.incident, event_at = excluded.event_at,
         event_type = excluded.event_type`,
      lane,
      incident,
      event_at,
      event_type,
    );
  }

  setDue(lane, at) {
    this.sql.exec("UPDATE lane SET due_at = ? WHERE lane = ? AND due_at IS NOT ?", at, lane, at);
  }

  dueLanes(now, count) {
    return this.all("SELECT lane FROM lane WHERE due_at <= ? ORDER BY due_at LIMIT ?", now, count).map(
      (row) => row.lane,
    );
  }

  /** The next instant at which the shard has work: a lane's, or something old to forget; Infinity for none. */
  nextDue(limits) {
    const { due } = this.all("SELECT min(due_at) AS due FROM lane")[0];
    const { seen } = this.all("SELECT min(at) AS seen FROM seen")[0];
    const { past } = this.all("SELECT min(at) AS past FROM transition")[0];
    const forget = (at, kept) => (at === null ? null : at + kept + FORGET_SLACK_MS);
    const times = [due, forget(seen, limits.seen_ms), forget(past, limits.history_ms)];
    return times.reduce((least, at) => (at === null ? least : Math.min(least, at)), Infinity);
  }

  /** Remembers an event id; false when it was known already. */
  remember(lane, type, id, now) {
    const statement = "INSERT INTO seen VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING at";
    return this.all(statement, lane, type, id, now).length > 0;
  }

  addIncident(incident) {
    const names = [
      "id",
      "lane",
      "event",
      "route",
      "team",
      "tier",
      "severity",
      "reason",
      "opened_at",
      "raise_at",
      "stop_at",
      "resolve_at",
    ];
    const marks = names.map(() => "?").join(", ");
    const values = names.map((name) => (name === "event" ? JSON.stringify(incident.event) : incident[name]));
    return this.all(`INSERT INTO incident (${names.join(", ")}) VALUES (${marks}) RETURNING seq`, ...values)[0].seq;
  }

  incident(seq) {
    const row = this.all("SELECT * FROM incident WHERE seq = ?", seq)[0];
    return { ...row, event: JSON.parse(row.event) };
  }

  updateIncident(seq, fields) {
    const names = Object.keys(fields);
    const sets = names.map((name) => `${name} = ?`).join(", ");
    this.sql.exec(`UPDATE incident SET ${sets} WHERE seq = ?`, ...names.map((name) => fields[name]), seq);
  }

  addDelivery(fields) {
    this.putDelivery({ ...EMPTY_DELIVERY, ...fields }, false);
  }

  /** Writes a whole row; `pending` marks it as unsettled, so that lanes find their work without reading history. */
  putDelivery(row, pending) {
    const record = { ...row, unsure: row.unsure ? 1 : 0, pending: pending ? 1 : 0 };
    const names = Object.keys(record);
    const marks = names.map(() => "?").join(", ");
    this.sql.exec(
      `INSERT OR REPLACE INTO delivery (${names.join(", ")}) VALUES (${marks})`,
      ...names.map((name) => record[name]),
    );
  }

  deliveries(seq) {
    return this.all("SELECT * FROM delivery WHERE seq = ? ORDER BY part, leg", seq).map(delivery);
  }

  delivery(seq, part, leg) {
    return delivery(this.all("SELECT * FROM delivery WHERE seq = ? AND part = ? AND leg = ?", seq, part, leg)[0]);
  }

  pending(lane) {
    return this.all("SELECT * FROM delivery WHERE lane = ? AND pending = 1 ORDER BY seq, part, leg", lane).map(
      delivery,
    );
  }

  log(seq, at, what, by, row) {
    this.sql.exec(
      "INSERT INTO transition (seq, at, what, by, part, target, key_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
      seq,
      at,
      what,
      by,
      row?.part ?? null,
      row?.target ?? null,
      row?.key_id ?? null,
    );
  }

  /** Forgets event ids, transitions and long-closed incidents whose time has passed. */
  prune(now, limits) {
    this.sql.exec("DELETE FROM seen WHERE at <= ?", now - limits.seen_ms);
    const past = now - limits.history_ms;
    this.sql.exec("DELETE FROM transition WHERE at <= ?", past);
    this.sql.exec("DELETE FROM delivery WHERE seq IN (SELECT seq FROM incident WHERE closed_at <= ?)", past);
    this.sql.exec("DELETE FROM incident WHERE closed_at <= ?", past);
  }
}

function delivery(row) {
  const { pending: _, ...fields } = row;
  return { ...fields, unsure: row.unsure === 1 };
}

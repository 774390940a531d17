// A report, indexed for looking at it.

const IDENTITY = [1, 0, 0, 1, 0, 0];

/** Two rounds of 32-bit FNV-1a with different starts: 16 hex digits. Names
    things, keeps nothing secret; needs no secure context. */
export function hash(text) {
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ (code & 0xff), 0x01000193);
    a = Math.imul(a ^ (code >> 8), 0x01000193);
    b = Math.imul(b ^ (code >> 8), 0x01000193);
    b = Math.imul(b ^ (code & 0xff), 0x01000193) ^ (b >>> 15);
  }
  return [a, b].map((n) => (n >>> 0).toString(16).padStart(8, "0")).join("");
}

const spotKey = (spot) => (spot ? [spot.page, spot.text ?? "", spot.boxes.map((box) => box.map(Math.round).join(",")).join(";")] : null);

/** Stays the same when the comparison is made anew: what changed, and where. */
export const changeKey = (change) => hash(JSON.stringify([change.kind, change.op, spotKey(change.old), spotKey(change.new)]));

export const around = (boxes) => boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);

export const apply = ([a, b, c, d, e, f], [x, y]) => [a * x + c * y + e, b * x + d * y + f];

/** First `first`, then `then`. */
export const compose = (first, then) => {
  const [a, b, c, d, e, f] = first;
  const [A, B, C, D, E, F] = then;
  return [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
};

export const invert = ([a, b, c, d, e, f]) => {
  const k = a * d - b * c || 1;
  return [d / k, -b / k, -c / k, a / k, (c * f - d * e) / k, (b * e - a * f) / k];
};

/** Where `box` comes to lie: the box around it. */
export const mapBox = (m, [x0, y0, x1, y1]) => {
  const corners = [[x0, y0], [x1, y0], [x0, y1], [x1, y1]].map((p) => apply(m, p));
  const xs = corners.map((p) => p[0]);
  const ys = corners.map((p) => p[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

/** One entry of `report.pages`, with the space both pages share. */
function rowOf(page, index) {
  const transform = page.old !== null && page.new !== null ? page.transform : IDENTITY;
  const frames = [];
  if (page.new_size) frames.push([0, 0, ...page.new_size]);
  if (page.old_size) frames.push(mapBox(transform, [0, 0, ...page.old_size]));
  return {
    ...page,
    index,
    transform,
    frame: frames.length ? around(frames) : [0, 0, 595, 842],
    gap: "",
    unseen: "",
    changes: [],
    matrix: { old: transform, new: IDENTITY },
    size: { old: page.old_size, new: page.new_size },
  };
}

/** “Page 4 → 5”, and what became of it. */
export function rowTitle(row) {
  // A page of one side that neither came nor went has its text on other pages.
  if (row.old === null) return `Page ${row.new}${row.status === "inserted" ? ", inserted" : ""}`;
  if (row.new === null) return `Old page ${row.old}${row.status === "deleted" ? ", deleted" : ""}`;
  const pages = row.old === row.new ? `Page ${row.new}` : `Page ${row.old} → ${row.new}`;
  return row.status === "moved" ? `${pages}, moved` : pages;
}

export const FLOWED = "the text runs differently";

/** What of a page could not be compared, in words; empty where all could. */
function gapOf({ coverage }, { only, ignore }) {
  const gaps = [];
  if (coverage.text < 0.995) gaps.push(`${Math.ceil((1 - coverage.text) * 100)} % of the text cannot be read`);
  const drawing = (!only.length || only.includes("drawing")) && !ignore.includes("drawing");
  if (drawing && !coverage.drawing) gaps.push("lines not compared");
  if (coverage.text_source.includes("ocr")) gaps.push("text by recognition");
  return gaps.join(", ");
}

/** Why pixels were not compared, by side and page. */
function unseenPages({ warnings }) {
  const reasons = { "no-pixels": "the page could not be rendered", "page-failed": "the page could not be read" };
  return new Map(warnings.filter(({ code }) => reasons[code]).map(({ side, page, code }) => [`${side} ${page}`, reasons[code]]));
}

/** Pages that came, went or moved as a whole stand in the list like changes do,
    so that nobody steps past them. Their ids are below zero: the report has none. */
function pageEvents(rows) {
  const ops = { inserted: "added", deleted: "removed", moved: "moved" };
  const spot = (page) => (page === null ? null : { page, boxes: [] });
  return rows.filter((row) => ops[row.status]).map((row) => ({
    id: -1 - row.index, kind: "page", op: ops[row.status], old: spot(row.old), new: spot(row.new), summary: rowTitle(row),
  }));
}

/** Two lists in the order of the pages as one. */
function inOrder(events, changes) {
  const all = [];
  let next = 0;
  for (const change of changes) {
    while (next < events.length && events[next].row.index <= change.row.index) all.push(events[next++]);
    all.push(change);
  }
  return all.concat(events.slice(next));
}

const ORDER = ["page", "text", "style", "drawing", "image", "pixels", "annotation", "form", "link", "metadata", "attachment"];

export class Model {
  /** `partial`: pixels are still to be compared. */
  constructor(report, { partial = false } = {}) {
    this.report = report;
    this.rows = report.pages.map(rowOf);
    this.#coverage(partial);
    this.rowBy = { old: new Map(), new: new Map() };
    for (const row of this.rows) {
      if (row.old !== null) this.rowBy.old.set(row.old, row);
      if (row.new !== null) this.rowBy.new.set(row.new, row);
    }
    this.byId = new Map();
    this.byKey = new Map();
    const events = pageEvents(this.rows);
    for (const change of [...events, ...report.changes]) this.#index(change);
    // What is on the pages comes first, then what belongs to the whole document.
    this.changes = [...inOrder(events, report.changes.filter((change) => change.row)), ...report.changes.filter((change) => !change.row)];
    this.groups = report.groups ?? [];
    this.kinds = new Map();
    for (const kind of ORDER) this.kinds.set(kind, 0);
    for (const change of this.changes) {
      if (!change.noise) this.kinds.set(change.kind, (this.kinds.get(change.kind) ?? 0) + 1);
    }
    for (const [kind, n] of this.kinds) if (!n) this.kinds.delete(kind);
    this.noisy = report.changes.filter((change) => change.noise).length;
  }

  /** What of each page could not be compared, and why its pixels were not. */
  #coverage(partial) {
    const { settings } = this.report;
    const reasons = unseenPages(this.report);
    for (const row of this.rows) {
      if (!row.coverage || row.old === null || row.new === null) continue;
      row.gap = gapOf(row, settings);
      if (row.coverage.pixels || !settings.pixels || partial) continue;
      // Pages of words and lines alone are compared by those where text has flowed on.
      row.unseen = reasons.get(`old ${row.old}`) ?? reasons.get(`new ${row.new}`) ?? FLOWED;
    }
  }

  #index(change) {
    change.noise = Boolean(change.evidence?.noise);
    // Each stands alone in the list, as a sentence does.
    change.summary = change.summary.charAt(0).toUpperCase() + change.summary.slice(1);
    let key = changeKey(change);
    // The very same edit at the very same place twice: told apart by order.
    for (let n = 2; this.byKey.has(key); n += 1) key = hash(`${changeKey(change)}#${n}`);
    change.key = key;
    const words = [change.summary, change.old?.text, change.new?.text, change.kind, change.op];
    change.words = words.filter(Boolean).join(" ").toLowerCase();
    this.byId.set(change.id, change);
    this.byKey.set(key, change);
    change.rows = {};
    for (const side of ["old", "new"]) {
      const spot = change[side];
      const row = spot?.page ? this.rowBy[side].get(spot.page) : null;
      if (row) change.rows[side] = row;
    }
    change.row = change.rows.new ?? change.rows.old ?? null;
    for (const row of new Set(Object.values(change.rows))) row.changes.push(change);
  }
}

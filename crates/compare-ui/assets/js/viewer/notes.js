// What must be said beside the changes: the outcome, warnings, settings.
import { h, many } from "../dom.js";
import { FLOWED } from "./model.js";

/** The outcome in one line. */
export function verdict({ report: { identical, summary }, kinds }, { state }) {
  let changes = 0;
  for (const [kind, n] of kinds) if (kind !== "page") changes += n;
  const parts = changes ? [many(changes, "change")] : [];
  for (const status of ["inserted", "deleted", "moved"]) if (summary.pages[status]) parts.push(`${many(summary.pages[status], "page")} ${status}`);
  const text = identical ? "No differences" : parts.join(" · ") || "No changes of content";
  return state === "partial" ? `${text} so far` : text;
}

/** Warnings, pages that could be compared in part only, and what was set. */
export function notes(report, app) {
  const found = [];
  const gaps = app.model.rows.filter((row) => row.gap);
  if (report.warnings.length || gaps.length) {
    found.push(h("details", { class: "warnings" },
      h("summary", null, `Not everything could be compared · ${report.warnings.length + gaps.length}`),
      h("ul", null,
        report.warnings.map((warning) => h("li", null, where(warning, app), warning.message)),
        gaps.map((row) => h("li", null, link(row, app, row.new ? `Page ${row.new}` : `Old page ${row.old}`), `: ${row.gap}`)))));
  }
  const { settings } = report;
  const flowed = app.model.rows.filter((row) => row.unseen === FLOWED).length;
  // Usual where text runs differently now: no reason to worry, yet to be known.
  if (flowed) found.push(h("p", { class: "set" }, `On ${many(flowed, "page")} ${FLOWED} now: words and lines were compared there, pixels were not.`));
  const set = [];
  if (settings.only.length) set.push(`only ${settings.only.join(", ")}`);
  if (settings.ignore.length) set.push(`without ${settings.ignore.join(", ")}`);
  if (settings.ignore_regions.length) set.push(many(settings.ignore_regions.length, "ignored area"));
  if (settings.pages) set.push(`pages ${settings.pages}`);
  if (!settings.pixels) set.push("without pixels");
  if (set.length) found.push(h("p", { class: "set" }, `Compared ${set.join("; ")}.`));
  return found;
}

const link = (row, app, text) => h("button", { type: "button", class: "plainly", onclick: () => app.goTo(row) }, text);

function where({ side, page }, app) {
  if (!page) return "";
  const row = app.model.rowBy[side ?? "new"].get(page);
  const text = side === "old" ? `Old page ${page}` : `Page ${page}`;
  return [row ? link(row, app, text) : text, ": "];
}

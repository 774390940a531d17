// Verdicts and comments, kept with the comparison under a name of the change
// that survives comparing again.
import { h, failed } from "../dom.js";
import { get, put } from "../api.js";

export const VERDICTS = { reviewed: "Reviewed", accepted: "Accepted", query: "Query" };

export class Reviews {
  constructor(path, { readOnly }) {
    this.path = path;
    this.readOnly = readOnly;
    this.kept = new Map();
  }

  async load() {
    try {
      const answer = await get(`${this.path}/reviews`);
      for (const review of answer.items ?? answer) this.kept.set(review.change, review);
    } catch (error) {
      // What is not there is told once, in place of everything.
      if (!this.readOnly && error.status !== 404) failed(error);
    }
  }

  get any() { return this.kept.size > 0; }
  verdict(change) { return this.kept.get(change.key)?.verdict ?? "open"; }
  comment(change) { return this.kept.get(change.key)?.comment ?? ""; }

  async set(change, { verdict = this.verdict(change), comment = this.comment(change) }) {
    const before = this.kept.get(change.key);
    this.kept.set(change.key, { change: change.key, verdict, comment });
    try {
      this.kept.set(change.key, (await put(`${this.path}/reviews/${change.key}`, { verdict, comment })) ?? this.kept.get(change.key));
    } catch (error) {
      if (before) this.kept.set(change.key, before); else this.kept.delete(change.key);
      failed(error);
    }
  }
}

/** The buttons and the comment of one change. */
export function reviewBox(app, change) {
  const { reviews } = app;
  const comment = reviews.comment(change);
  if (reviews.readOnly) return comment ? h("p", { class: "comment" }, comment) : null;
  const buttons = Object.entries(VERDICTS).map(([value, name]) => h("button", {
    type: "button", dataset: { verdict: value }, "aria-pressed": String(reviews.verdict(change) === value), onclick: () => app.judge(change, value),
  }, name));
  const box = h("textarea", { name: "comment", rows: "2", placeholder: "Comment", "aria-label": "Comment", maxlength: "4000" });
  box.value = comment;
  const save = () => { if (box.value.trim() !== reviews.comment(change)) app.comment(change, box.value.trim()); };
  box.addEventListener("change", save);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) { event.stopPropagation(); save(); box.closest(".item").querySelector(".sum").focus(); }
  });
  return h("div", { class: "review" }, h("div", { class: "group", role: "group", "aria-label": "Verdict" }, buttons), box);
}

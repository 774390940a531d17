// The list of changes beside the pages.
import { $, h, many } from "../dom.js";
import { rowTitle } from "./model.js";
import { KINDS } from "./filter.js";
import { reviewBox, VERDICTS } from "./reviews.js";

const MARK = { added: "+", removed: "−", replaced: "≠", moved: "↕", restyled: "A" };
const PART = 300; // entries built at once

export class List {
  constructor(app) {
    this.app = app;
    this.box = $("items");
    this.shown = [];
    this.items = new Map(); // change → element
    this.built = 0;
    this.box.addEventListener("click", (event) => {
      const item = event.target.closest(".item");
      if (item && !event.target.closest(".detail")) app.select(app.model.byId.get(Number(item.dataset.change)), { from: "list" });
    });
    this.watcher = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && this.#build(), { root: this.box, rootMargin: "600px" });
    let pause = 0;
    $("filter").addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => { app.filter.text = $("filter").value.trim().toLowerCase(); app.filtered(); }, 100);
    });
  }

  /** Other changes are to be shown. */
  draw() {
    const { model, filter } = this.app;
    this.shown = model.changes.filter((change) => filter.passes(change));
    this.items.clear();
    this.built = 0;
    this.heading = null;
    this.watcher.disconnect();
    this.box.replaceChildren();
    this.box.setAttribute("aria-busy", "false");
    this.#chips();
    this.#groups();
    if (!this.shown.length) this.box.append(this.#nothing());
    this.sentinel = h("div");
    this.#build();
    const all = model.changes.filter((change) => filter.noise || !change.noise);
    const pages = all.filter((change) => change.kind === "page").length;
    const counted = [many(all.length - pages, "change"), pages && many(pages, "page")].filter(Boolean).join(" and ");
    $("shown").textContent = this.shown.length === all.length ? counted : `${this.shown.length.toLocaleString("en")} of ${counted}`;
    $("handle-text").textContent = $("shown").textContent;
  }

  #nothing() {
    const { model, filter } = this.app;
    if (filter.active) {
      return h("div", { class: "none" }, h("p", null, "No change passes the filters."),
        h("button", { type: "button", onclick: () => this.app.clearFilters() }, "Show all"));
    }
    return h("p", { class: "none" }, model.report.identical ? "The two documents are the same."
      : "What differs is left to rendering.");
  }

  #chips() {
    const { model, filter } = this.app;
    const chip = (name, pressed, act, data) => h("button", { type: "button", class: "chip", "aria-pressed": String(pressed), dataset: data, onclick: act }, name);
    $("kinds").replaceChildren(...[...model.kinds].map(([kind, n]) => chip(`${KINDS[kind] ?? kind} ${n}`, filter.kinds?.has(kind) ?? false,
      () => { filter.toggle(kind); this.app.filtered(); }, { kind })));
    const flags = [];
    if (model.noisy) flags.push(chip(`Noise ${model.noisy}`, filter.noise, () => { filter.noise = !filter.noise; this.app.filtered(); }, { flag: "noise" }));
    if (this.app.reviews.any) {
      for (const [value, name] of [["open", "To do"], ...Object.entries(VERDICTS)]) {
        flags.push(chip(name, filter.verdict === value, () => { filter.verdict = filter.verdict === value ? null : value; this.app.filtered(); }, { verdict: value }));
      }
    }
    if (model.rows.some((row) => row.status === "unchanged")) {
      flags.push(chip("Changed pages only", this.app.state.changed, () => this.app.showChangedOnly(!this.app.state.changed), { flag: "changed" }));
    }
    if (filter.group) flags.push(chip(`Group ${filter.group} ×`, true, () => { filter.group = null; this.app.filtered(); }, { flag: "group" }));
    $("flags").replaceChildren(...flags);
    $("flags").hidden = !flags.length;
  }

  #groups() {
    const { model, filter } = this.app;
    if (!model.groups.length || filter.active) return;
    this.box.append(h("details", { class: "groups", open: model.groups.length <= 3 },
      h("summary", null, `Same edit in many places · ${model.groups.length}`),
      h("ul", null, model.groups.map((group) => h("li", null,
        h("button", { type: "button", class: "plainly", onclick: () => { filter.group = group.id; this.app.filtered(); this.app.step(1); } }, group.summary))))));
  }

  #build() {
    const until = Math.min(this.shown.length, this.built + PART);
    this.sentinel.remove();
    for (; this.built < until; this.built += 1) {
      const change = this.shown[this.built];
      const title = change.row ? rowTitle(change.row) : "Document";
      if (title !== this.heading) {
        this.heading = title;
        this.box.append(h("h3", { class: "of-page" }, title));
      }
      this.box.append(this.#item(change));
    }
    if (this.built < this.shown.length) {
      this.box.append(this.sentinel);
      this.watcher.observe(this.sentinel);
    }
  }

  #item(change) {
    const verdict = this.app.reviews.verdict(change);
    const comment = this.app.reviews.comment(change);
    const item = h("div", { class: `item${change.noise ? " noise" : ""}`, dataset: { change: change.id, kind: change.kind, op: change.op } },
      h("span", { class: `mark op-${change.op}`, "aria-hidden": "true" }, MARK[change.op]),
      h("div", { class: "body" },
        h("button", { type: "button", class: "sum", tabindex: this.#isStop(change) ? "0" : "-1" }, change.summary),
        h("span", { class: "facts" }, h("span", null, KINDS[change.kind]), h("span", null, change.op),
          change.group && h("span", null, `group ${change.group}`),
          change.evidence?.pixels === false && h("span", null, "not visible"),
          verdict !== "open" && h("span", { class: `verdict-${verdict}` }, VERDICTS[verdict]),
          comment && h("span", { title: comment }, "commented"))));
    if (change === this.app.state.change) this.#open(item, change);
    this.items.set(change, item);
    return item;
  }

  /** The list is one stop of the Tab key; arrows go on from there. */
  #isStop(change) {
    return change === (this.app.state.change ?? this.shown[0]);
  }

  /** The entry of the selected change says more, and takes a verdict. */
  #open(item, change) {
    item.setAttribute("aria-current", "true");
    item.querySelector(".sum").setAttribute("aria-current", "true");
    const same = change.old?.text === change.new?.text;
    item.querySelector(".body").append(h("div", { class: "detail" },
      same && change.new?.text && h("p", { class: "same" }, change.new.text),
      !same && change.old?.text && h("p", { class: "was" }, h("del", null, change.old.text)),
      !same && change.new?.text && h("p", { class: "is" }, h("ins", null, change.new.text)),
      change.evidence?.reason && h("p", { class: "hint" }, change.evidence.reason),
      reviewBox(this.app, change)));
  }

  /** Only this entry has changed. */
  refresh(change) {
    const item = this.items.get(change);
    if (!item) return;
    const focused = item.contains(document.activeElement) ? document.activeElement.dataset.verdict ?? document.activeElement.name : null;
    const fresh = this.#item(change);
    item.replaceWith(fresh);
    if (focused) fresh.querySelector(`[data-verdict="${focused}"], [name="${focused}"]`)?.focus();
  }

  select(change, before, { focus = false } = {}) {
    if (before) this.refresh(before);
    const index = this.shown.indexOf(change);
    while (change && index >= this.built) this.#build();
    if (change) this.refresh(change);
    const item = change && this.items.get(change);
    item?.scrollIntoView({ block: "nearest" });
    if (focus) item?.querySelector(".sum").focus({ preventScroll: true });
    $("at").textContent = change && index >= 0 ? `${index + 1} of ${this.shown.length}` : `${this.shown.length}`;
  }
}

// The mini-map: every page with where its changes are.
import { $, h, s } from "../dom.js";
import { mapBox, rowTitle } from "./model.js";

export class PageMap {
  constructor(app) {
    this.app = app;
    this.box = $("map");
    this.links = new Map();
    this.here = null;
    this.box.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      app.goTo(app.model.rows[Number(link.dataset.row)]);
    });
    this.box.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const links = [...this.links.values()];
      const next = step && links[links.indexOf(document.activeElement) + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  }

  draw(rows) {
    this.links.clear();
    this.here = null;
    this.box.replaceChildren(...rows.map((row) => this.#link(row)));
    this.box.hidden = rows.length < 2;
  }

  #link(row) {
    const [x0, y0, x1, y1] = row.frame;
    const passing = row.changes.filter((change) => this.app.filter.passes(change));
    const least = Math.max(x1 - x0, y1 - y0) / 28; // what a small change is drawn as
    const marks = [];
    for (const change of passing.slice(0, 400)) {
      for (const side of ["old", "new"]) {
        if (change.rows[side] !== row) continue;
        for (const box of change[side].boxes.slice(0, 20)) {
          const [a, b, c, d] = mapBox(row.matrix[side], box);
          marks.push(s("rect", { class: side, x: a, y: b, width: Math.max(least, c - a), height: Math.max(least, d - b) }));
        }
      }
    }
    const title = `${rowTitle(row)}, ${passing.length} ${passing.length === 1 ? "change" : "changes"}`;
    const link = h("a", { href: `?page=${row.index + 1}`, class: `is-${row.status}`, tabindex: "-1", title, "aria-label": title, dataset: { row: row.index } },
      s("svg", { viewBox: `${x0} ${y0} ${x1 - x0} ${y1 - y0}`, "aria-hidden": "true" }, marks),
      h("span", { "aria-hidden": "true" }, row.new ?? `−${row.old}`));
    link.style.containIntrinsicSize = "auto 4.5rem";
    this.links.set(row, link);
    return link;
  }

  /** The page looked at. */
  at(row) {
    if (row === this.here) return;
    const before = this.here && this.links.get(this.here);
    before?.removeAttribute("aria-current");
    if (before) before.tabIndex = -1;
    this.here = row;
    const link = this.links.get(row);
    if (!link) return;
    link.setAttribute("aria-current", "true");
    link.tabIndex = 0;
    const { offsetTop, offsetHeight } = link;
    if (offsetTop < this.box.scrollTop || offsetTop + offsetHeight > this.box.scrollTop + this.box.clientHeight) {
      this.box.scrollTo({ top: offsetTop - this.box.clientHeight / 2, behavior: "instant" });
    }
  }
}

// Boxes of the changes, on both sides, as SVG above the canvas.
import { s } from "../dom.js";
import { around, compose, mapBox } from "./model.js";

const GROW = 1; // points around a box, so that a thin line has one

const outline = ([x0, y0, x1, y1]) => `M${x0 - GROW} ${y0 - GROW}H${x1 + GROW}V${y1 + GROW}H${x0 - GROW}Z`;
const matrixText = (m) => `matrix(${m.map((v) => v.toFixed(5)).join(" ")})`;

export class Marks {
  /** `shows(change)` says whether a change passes the filters. */
  constructor(panes, shows) {
    this.shows = shows;
    this.svgs = { old: panes.old.querySelector("svg"), new: panes.new.querySelector("svg") };
    this.pages = { old: new Map(), new: new Map() }; // row → g, those in the DOM
    this.rings = {};
    for (const side of ["old", "new"]) {
      this.rings[side] = s("rect", { class: `ring ${side}`, rx: 4, visibility: "hidden" });
      this.svgs[side].append(this.rings[side]);
    }
    this.active = null;
    this.on = true;
  }

  /** Everything is drawn anew: another report or other filters. */
  reset() {
    for (const side of ["old", "new"]) {
      for (const g of this.pages[side].values()) g.remove();
      this.pages[side].clear();
    }
  }

  select(change) {
    for (const side of ["old", "new"]) {
      for (const mark of this.svgs[side].querySelectorAll(".m.active")) mark.classList.remove("active");
      if (change) this.svgs[side].querySelector(`[data-change="${change.id}"]`)?.classList.add("active");
    }
    this.active = change;
  }

  #page(side, row) {
    const g = s("g", { class: "page" });
    // Large ones first, so that small ones inside them can be clicked.
    const changes = row.changes.filter((c) => c.rows[side] === row && this.shows(c));
    const area = (c) => { const [x0, y0, x1, y1] = around(c[side].boxes); return (x1 - x0) * (y1 - y0); };
    const drawn = changes.filter((c) => c[side].boxes.length).map((c) => [area(c), c]).sort((a, b) => b[0] - a[0]);
    for (const [, change] of drawn) {
      g.append(s("path", {
        class: `m ${side} op-${change.op} kind-${change.kind}${change.noise ? " noise" : ""}${change === this.active ? " active" : ""}`,
        d: change[side].boxes.map(outline).join(""),
        "data-change": change.id,
      }, s("title", null, change.summary)));
    }
    return g;
  }

  /** `visible[side]`: [row, matrix from its page's points to px of the pane]. */
  frame(visible, camera) {
    for (const side of ["old", "new"]) {
      const pages = this.pages[side];
      const now = new Set();
      for (const [row, matrix] of this.on ? visible[side] : []) {
        now.add(row);
        let g = pages.get(row);
        if (!g) {
          g = this.#page(side, row);
          pages.set(row, g);
          this.svgs[side].insertBefore(g, this.rings[side]);
        }
        g.setAttribute("transform", matrixText(matrix));
      }
      for (const [row, g] of pages) {
        if (now.has(row)) continue;
        g.remove();
        pages.delete(row);
      }
    }
    this.#ring(camera);
  }

  #ring(camera) {
    for (const side of ["old", "new"]) {
      const ring = this.rings[side];
      const change = this.active;
      const other = side === "old" ? "new" : "old";
      // Where it is, or, for what one side lacks, where it would be.
      const from = change?.[side]?.boxes.length ? side : camera.free || camera.view !== "side" ? null : other;
      const row = from && change?.rows[from];
      const boxes = row && change[from].boxes;
      if (!boxes?.length) { ring.setAttribute("visibility", "hidden"); continue; }
      const { layout, x, y } = camera.of(side);
      const matrix = compose(compose(row.matrix[from], layout.matrix(row)), [1, 0, 0, 1, -x, -y]);
      const [x0, y0, x1, y1] = mapBox(matrix, around(boxes));
      const grow = (least, a, b) => Math.max(5, (least - (b - a)) / 2);
      const [gx, gy] = [grow(26, x0, x1), grow(26, y0, y1)];
      for (const [name, value] of Object.entries({ x: x0 - gx, y: y0 - gy, width: x1 - x0 + 2 * gx, height: y1 - y0 + 2 * gy })) {
        ring.setAttribute(name, value.toFixed(1));
      }
      ring.setAttribute("class", `ring ${side}${from === side ? "" : " ghost"}`);
      ring.setAttribute("visibility", "visible");
    }
  }
}

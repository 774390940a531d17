// One frame: what shows in each pane, drawn in the view chosen.
import { $ } from "../dom.js";
import { compose, FLOWED, mapBox, rowTitle } from "./model.js";

const BLINK = 800; // ms

const colours = () => (document.documentElement.dataset.palette === "safe" ? { old: "#e06a00", new: "#0072b2" } : { old: "#d62a14", new: "#0a5be0" });

export class Stage {
  constructor(app) {
    this.app = app;
    this.panes = { old: $("pane-old"), new: $("pane-new") };
    this.tags = { old: $("tag-old"), new: $("tag-new") };
    this.titles = [];
    this.phase = "new";
    this.asked = false;
    this.frame = this.frame.bind(this);
    addEventListener("themechange", () => this.ask());
  }

  /** Draws with the next frame. */
  ask() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(this.frame);
  }

  place() {
    const { camera } = this.app;
    const { view } = camera;
    $("stage").dataset.view = view;
    for (const pane of camera.panes) {
      for (const side of pane.sides) {
        Object.assign(this.panes[side].style, { left: `${pane.x}px`, top: `${pane.y}px`, width: `${pane.w}px`, height: `${pane.h}px` });
        Object.assign(this.tags[side].style, { left: `${pane.x + pane.w - 8}px`, top: `${pane.y + 8}px` });
      }
    }
    $("swipe").hidden = view !== "swipe";
    const size = `${camera.width}x${camera.height}`;
    if (size !== this.size) {
      this.size = size;
      this.app.painter.resize(camera.width, camera.height);
    }
    clearInterval(this.timer);
    this.timer = 0;
    if (view === "blink" && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.timer = setInterval(() => this.flip(), BLINK);
  }

  flip() {
    this.phase = this.phase === "new" ? "old" : "new";
    $("stage").dataset.phase = this.phase;
    this.ask();
  }

  /** Stops blinking; each call shows the other side. */
  step() {
    clearInterval(this.timer);
    this.timer = 0;
    this.flip();
  }

  /** Visible rows of a side: [row, page's points to px of the viewport, index]. */
  visible(side, pane) {
    const { layout, x, y } = this.app.camera.of(side);
    const shift = [1, 0, 0, 1, pane.x - x, pane.y - y];
    return layout.visible(y, y + pane.h).map((row) => {
      const frame = compose(layout.matrix(row), shift);
      return { row, frame, page: compose(row.matrix[side], frame) };
    });
  }

  frame() {
    this.asked = false;
    const { camera, painter, marks, model, state } = this.app;
    if (!model || !camera.layout || !camera.width) return;
    if (this.shape !== `${camera.view} ${camera.width}x${camera.height}`) {
      this.shape = `${camera.view} ${camera.width}x${camera.height}`;
      this.place();
    }
    painter.begin();
    const shown = { old: [], new: [] };
    for (const pane of camera.panes) {
      for (const side of pane.sides) shown[side] = this.visible(side, pane);
      if (camera.view === "side") this.#single(pane, pane.sides[0], shown[pane.sides[0]]);
      else this.#both(camera.view, pane, shown, state.split);
      this.#neighbours(pane, shown[pane.sides.at(-1)]);
    }
    painter.end();
    const local = (side) => {
      const pane = camera.panes.find((p) => p.sides.includes(side));
      return shown[side].map(({ row, page }) => [row, compose(page, [1, 0, 0, 1, -pane.x, -pane.y])]);
    };
    marks.frame({ old: local("old"), new: local("new") }, camera);
    this.#clip(camera.view, state.split);
    this.#titles(camera, shown);
    this.app.looked();
  }

  #priority(pane, { row, frame }) {
    const [, y0, , y1] = mapBox(frame, row.frame);
    return Math.abs((y0 + y1) / 2 - (pane.y + pane.h / 2)) / 100;
  }

  #single(pane, side, rows) {
    const { painter } = this.app;
    painter.within(pane, () => {
      for (const entry of rows) {
        const { row, frame, page } = entry;
        const size = row.size[side];
        if (row[side] === null) {
          // Text that flowed is on a page of that document which has a counterpart of its own.
          painter.paper(mapBox(frame, row.frame), row.remark ? `Text ${row.remark}` : `Not in the ${side} document`);
          continue;
        }
        painter.paper(size ? mapBox(page, [0, 0, ...size]) : mapBox(frame, row.frame));
        painter.page(side, row, page, pane, this.#priority(pane, entry));
      }
    });
  }

  #both(view, pane, shown, split) {
    const { painter } = this.app;
    painter.within(pane, () => { for (const { row, frame } of shown.new) painter.paper(mapBox(frame, row.frame)); });
    const draw = (side, part, context) => {
      for (const entry of shown[side]) painter.page(side, entry.row, entry.page, part, this.#priority(pane, entry), context);
    };
    if (view === "overlay") {
      const colour = colours();
      const papers = shown.new.map(({ row, frame }) => mapBox(frame, row.frame));
      for (const side of ["new", "old"]) painter.tinted(colour[side], pane, papers, (context) => draw(side, pane, context));
      return;
    }
    if (view === "blink") {
      painter.within(pane, () => draw(this.phase, pane));
      // The other side is fetched before its turn.
      painter.within({ x: 0, y: 0, w: 0, h: 0 }, () => draw(this.phase === "new" ? "old" : "new", pane));
      return;
    }
    const border = pane.x + (pane.w * split) / 100;
    const parts = { old: { ...pane, w: border - pane.x }, new: { ...pane, x: border, w: pane.x + pane.w - border } };
    for (const side of ["old", "new"]) painter.within(parts[side], () => draw(side, parts[side]));
  }

  /** What is scrolled to next is fetched before. */
  #neighbours(pane, rows) {
    const { camera, painter } = this.app;
    const last = camera.layout.at.get(rows.at(-1)?.row);
    for (const row of [camera.rows[last + 1], camera.rows[last + 2], camera.rows[camera.layout.at.get(rows[0]?.row) - 1]]) {
      if (!row) continue;
      for (const side of pane.sides) painter.within({ x: 0, y: 0, w: 0, h: 0 }, () => painter.page(side, row, [camera.zoom, 0, 0, camera.zoom, 0, 0], { x: 0, y: 0, w: 0, h: 0 }, 1000));
    }
  }

  #clip(view, split) {
    const clip = { old: "", new: "" };
    if (view === "swipe") {
      clip.old = `inset(0 ${100 - split}% 0 0)`;
      clip.new = `inset(0 0 0 ${split}%)`;
      $("swipe").style.left = `${split}%`;
      $("swipe").setAttribute("aria-valuenow", Math.round(split));
    }
    for (const side of ["old", "new"]) {
      this.panes[side].style.clipPath = clip[side];
      this.panes[side].classList.toggle("away", view === "blink" && this.phase !== side);
      this.tags[side].classList.toggle("away", view === "blink" && this.phase !== side);
    }
  }

  /** Titles above the rows. */
  #titles(camera, shown) {
    const viewport = $("viewport");
    const wanted = [];
    for (const pane of camera.panes) {
      const side = pane.sides.at(-1);
      for (const { row, frame } of shown[side]) {
        const [x0, y0, x1] = mapBox(frame, row.frame);
        wanted.push({ row, side: camera.view === "side" ? side : "both", left: Math.max(pane.x + 4, x0), top: y0 - 30, width: Math.min(pane.x + pane.w - 4, x1) - Math.max(pane.x + 4, x0), pane });
      }
    }
    while (this.titles.length < wanted.length) {
      const element = document.createElement("div");
      this.titles.push(element);
      viewport.append(element);
    }
    this.titles.forEach((element, i) => {
      const { row, side, left, top, width, pane } = wanted[i] ?? {};
      const off = !row || top < pane.y - 30 || top > pane.y + pane.h - 26;
      element.hidden = off;
      if (off) return;
      const text = titleOf(row, side);
      if (element.dataset.text !== text) {
        element.dataset.text = text;
        element.className = `title is-${row.status} ${side}`;
        element.textContent = text;
      }
      element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
      element.style.maxWidth = `${Math.max(60, Math.round(width))}px`;
    });
  }
}

function titleOf(row, side) {
  if (side === "old") return row.old === null ? "" : row.status === "deleted" ? `Page ${row.old} · deleted` : row.status === "moved" ? `Page ${row.old} · moved to ${row.new}` : `Page ${row.old}`;
  const parts = [side === "both" ? rowTitle(row) : row.new === null ? "" : `Page ${row.new}`];
  if (row.new !== null && side !== "both") {
    if (row.status === "inserted") parts.push("inserted");
    if (row.status === "moved") parts.push(`moved, was ${row.old}`);
  }
  if (row.status === "unchanged") parts.push("unchanged");
  if (row.remark) parts.push(row.remark);
  if (row.gap) parts.push(`⚠ ${row.gap}`);
  if (row.unseen) parts.push(`${row.unseen === FLOWED ? "" : "⚠ "}pixels not compared: ${row.unseen}`);
  return parts.filter(Boolean).join(" · ");
}

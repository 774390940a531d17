// What is looked at: position and zoom. The scroller's own position is the
// camera, so that wheels, touch, keys and scroll bars work as everywhere; the
// old side has one of its own while it is let go.
import { Layout, GAP, PAD, panes } from "./layout.js";

export const ZOOMS = { least: 0.02, most: 24 }; // px per point
const FOCUS = 0.4; // of the pane's height: where one looks
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Camera {
  constructor({ scroller, world, viewport, changed }) {
    Object.assign(this, { scroller, world, viewport, changed });
    this.rows = [];
    this.view = "side";
    this.mode = "fit"; // "fit", "width" or "free"
    this.zoom = 1;
    this.free = null; // {x, y, zoom} of the old side while let go
    this.flight = 0;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.resize()).observe(scroller);
  }

  get x() { return this.scroller.scrollLeft; }
  get y() { return this.scroller.scrollTop; }
  get pane() { return this.panes.at(-1); }

  setRows(rows) {
    const kept = this.centre();
    this.rows = rows;
    this.resize();
    if (kept && rows.includes(kept.row)) this.look(kept.row, kept.point);
  }

  setView(view) {
    const kept = this.centre();
    this.view = view;
    if (view !== "side") this.free = null;
    this.resize();
    if (kept && this.mode === "fit") this.top(kept.row, true);
    else if (kept) this.look(kept.row, kept.point);
  }

  resize() {
    const kept = this.layout ? this.centre() : null;
    this.width = this.scroller.clientWidth;
    this.height = this.scroller.clientHeight;
    this.panes = panes(this.view, this.width, this.height);
    if (this.mode !== "free") this.zoom = this.fitting(this.mode, kept?.row);
    this.#lay();
    if (kept && this.rows.includes(kept.row)) this.look(kept.row, kept.point);
    this.changed();
  }

  /** The zoom at which the row's page (or its width) fills the pane. */
  fitting(mode, row = this.rows[0]) {
    if (!row) return 1;
    const [x0, y0, x1, y1] = row.frame;
    const wide = (this.pane.w - 34) / (x1 - x0);
    return Math.max(ZOOMS.least, mode === "width" || this.width < 560 ? wide : Math.min(wide, (this.pane.h - GAP - 16) / (y1 - y0)));
  }

  /** A zoom at which something of this size (points) can be read and fits. */
  closeTo(width, height) {
    const most = Math.min((this.pane.w * 0.85) / Math.max(1, width), (this.pane.h * 0.7) / Math.max(1, height));
    const least = Math.min(12 / Math.max(2, Math.min(width, height)), 5);
    return Math.max(ZOOMS.least, Math.min(most, Math.max(least, this.zoom)));
  }

  /** Where to look for all of a box to show: the whole page, or its left edge
      beside the box, where there is room for them, else the box in the middle. */
  aim(row, [x0, y0, x1, y1], zoom) {
    const wide = this.pane.w / zoom;
    const margin = PAD / zoom;
    const [left, , right] = row.frame;
    let x = (x0 + x1) / 2;
    if (right - left <= wide) x = (left + right) / 2;
    else if (x1 - left + 2 * margin <= wide) x = left - margin + wide / 2;
    return [x, (y0 + y1) / 2];
  }

  #lay() {
    this.layout = new Layout(this.rows, this.zoom, this.pane.w);
    if (this.free) this.freeLayout = new Layout(this.rows, this.free.zoom, this.pane.w);
    this.world.style.width = `${this.width + this.layout.width - this.pane.w}px`;
    this.world.style.height = `${Math.max(this.height, this.height + this.layout.height - this.pane.h)}px`;
    this.viewport.style.width = `${this.width}px`;
    this.viewport.style.height = `${this.height}px`;
  }

  #scrolled() {
    this.changed();
  }

  /** Layout and position for a side. */
  of(side) {
    if (side === "old" && this.free) return { layout: this.freeLayout, x: this.free.x, y: this.free.y };
    return { layout: this.layout, x: this.x, y: this.y };
  }

  /** The row looked at and the point of it that is. */
  centre() {
    if (!this.rows.length || !this.layout) return null;
    return this.layout.find([this.x + this.pane.w / 2, this.y + this.pane.h * FOCUS]);
  }

  /** Brings a point of a row into the middle. */
  look(row, point, zoom = this.zoom) {
    if (zoom !== this.zoom) { this.zoom = zoom; this.#lay(); }
    const [x, y] = this.layout.place(row, point);
    this.scroller.scrollTo({ left: x - this.pane.w / 2, top: y - this.pane.h * FOCUS, behavior: "instant" });
    this.changed();
  }

  /** Brings the beginning of a row to the top. */
  top(row, atOnce = false) {
    const [x] = this.layout.place(row, [(row.frame[0] + row.frame[2]) / 2, 0]);
    const to = { left: x - this.pane.w / 2, top: this.layout.top(row) - GAP };
    if (atOnce) this.scroller.scrollTo({ ...to, behavior: "instant" });
    else this.fly(to);
  }

  /** Goes to a point smoothly, or at once where motion is not wanted. */
  flyTo(row, point, zoom) {
    if (zoom !== this.zoom) this.mode = "free";
    if (calm.matches) return this.look(row, point, zoom);
    const from = this.centre();
    if (!from || zoom === this.zoom) {
      const [x, y] = this.layout.place(row, point);
      return this.fly({ left: x - this.pane.w / 2, top: y - this.pane.h * FOCUS });
    }
    const start = this.zoom;
    const ratio = zoom / start;
    const [x, y] = from.row === row ? from.point : point;
    this.#animate(320, (t) => {
      if (t === 1) return this.look(row, point, zoom);
      // Seen from the screen the target comes near evenly.
      const share = (1 - ratio ** -t) / (1 - 1 / ratio);
      this.look(row, [x + (point[0] - x) * share, y + (point[1] - y) * share], start * ratio ** t);
    });
  }

  fly({ left, top }) {
    const [x, y] = [this.x, this.y];
    // Far away there is nothing to see on the way.
    if (calm.matches || Math.abs(top - y) > 3 * this.height) {
      this.scroller.scrollTo({ left, top, behavior: "instant" });
      return;
    }
    this.#animate(240, (t) => this.scroller.scrollTo({ left: x + (left - x) * t, top: y + (top - y) * t, behavior: "instant" }));
  }

  #animate(ms, step) {
    const flight = ++this.flight;
    const begun = performance.now();
    const tick = (now) => {
      if (flight !== this.flight) return;
      const t = Math.min(1, Math.max(0, (now - begun) / ms));
      step(t === 1 ? 1 : 1 - (1 - t) ** 3);
      if (t < 1) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  stop() { this.flight += 1; }

  /** Zooms by a factor about a point of the viewport, px. */
  zoomBy(factor, at) {
    this.stop();
    const [x, y] = at ?? [this.pane.x + this.pane.w / 2, this.pane.y + this.pane.h / 2];
    const pane = this.panes.find((p) => x >= p.x && x <= p.x + p.w && y >= p.y && y <= p.y + p.h) ?? this.pane;
    if (this.free && pane.sides[0] === "old") return this.#zoomFree(factor, [x - pane.x, y - pane.y]);
    const zoom = Math.min(ZOOMS.most, Math.max(ZOOMS.least, this.zoom * factor));
    const found = this.layout.find([this.x + x - pane.x, this.y + y - pane.y]);
    if (!found || zoom === this.zoom) return;
    this.mode = "free";
    this.zoom = zoom;
    this.#lay();
    const [px, py] = this.layout.place(found.row, found.point);
    this.scroller.scrollTo({ left: px - (x - pane.x), top: py - (y - pane.y), behavior: "instant" });
    this.changed();
  }

  #zoomFree(factor, [x, y]) {
    const zoom = Math.min(ZOOMS.most, Math.max(ZOOMS.least, this.free.zoom * factor));
    const found = this.freeLayout.find([this.free.x + x, this.free.y + y]);
    this.free.zoom = zoom;
    this.#lay();
    const [px, py] = this.freeLayout.place(found.row, found.point);
    this.moveFree(px - x - this.free.x, py - y - this.free.y);
  }

  /** Moves the old side alone. */
  moveFree(dx, dy) {
    const { free, freeLayout: lay, pane } = this;
    free.x = Math.max(0, Math.min(Math.max(0, lay.width - pane.w), free.x + dx));
    free.y = Math.max(0, Math.min(Math.max(0, lay.height - pane.h), free.y + dy));
    this.changed();
  }

  /** Fits the page looked at, or the page of `row`. */
  fit(mode, row) {
    this.stop();
    const at = row ? { row } : this.centre();
    this.mode = mode;
    if (this.free) this.free = null;
    if (at) {
      this.zoom = this.fitting(mode, at.row);
      this.#lay();
      const [x0, , x1] = at.row.frame;
      if (mode === "fit") this.top(at.row);
      else this.look(at.row, [(x0 + x1) / 2, at.point[1]]);
    }
  }

  /** Lets the old side go, or ties it to the new one again. */
  lock(on) {
    this.free = on || this.view !== "side" ? null : { x: this.x, y: this.y, zoom: this.zoom };
    this.#lay();
    this.changed();
  }

  /** Brings a point of a row into the middle of the old side, let go. */
  lookFree(row, point) {
    const [x, y] = this.freeLayout.place(row, point);
    this.moveFree(x - this.pane.w / 2 - this.free.x, y - this.pane.h * FOCUS - this.free.y);
  }
}

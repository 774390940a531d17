// Drawing a box around what is not to be compared: makes a new comparison.
import { $, failed } from "../dom.js";
import { post } from "../api.js";
import { apply, compose, invert, mapBox } from "./model.js";

export class Ignoring {
  constructor(app) {
    this.app = app;
    this.on = false;
    this.start = null;
    $("ignore").addEventListener("click", () => this.toggle());
    $("ignore-dialog").addEventListener("close", () => { if ($("ignore-dialog").returnValue === "yes") this.#compare(); });
  }

  toggle(on = !this.on) {
    this.on = on;
    $("ignore").setAttribute("aria-pressed", String(on));
    $("viewport").classList.toggle("drawing", on);
    $("rubber").hidden = true;
    this.start = null;
    this.app.say(on ? "Draw a box around what is not to be compared." : "");
  }

  begin(event, at) {
    if (!this.on) return false;
    event.preventDefault();
    $("viewport").setPointerCapture(event.pointerId);
    this.start = at;
    return true;
  }

  move(at) {
    if (!this.start) return false;
    const [x, y] = this.start;
    Object.assign($("rubber").style, {
      left: `${Math.min(x, at[0])}px`, top: `${Math.min(y, at[1])}px`, width: `${Math.abs(at[0] - x)}px`, height: `${Math.abs(at[1] - y)}px`,
    });
    $("rubber").hidden = false;
    return true;
  }

  end(at) {
    if (!this.start) return false;
    const from = this.start;
    this.start = null;
    if (Math.abs(at[0] - from[0]) < 4 || Math.abs(at[1] - from[1]) < 4) { $("rubber").hidden = true; return true; }
    const found = this.#onPage(from, at);
    if (!found) { this.toggle(false); return true; }
    this.found = found;
    $("ignore-text").textContent = `${found.number ? `Page ${found.number}: ` : ""}${Math.round(found.box[2] - found.box[0])} × ${Math.round(found.box[3] - found.box[1])} points.`;
    $("ignore-dialog").returnValue = "";
    $("ignore-dialog").showModal();
    this.toggle(false);
    return true;
  }

  /** The box in points of the page it was drawn on: the new one where there
      is one. */
  #onPage(a, b) {
    const { camera } = this.app;
    const pane = camera.panes.find((p) => a[0] >= p.x && a[0] <= p.x + p.w && a[1] >= p.y && a[1] <= p.y + p.h);
    if (!pane) return null;
    const { layout, x, y } = camera.of(pane.sides[0]);
    const row = layout.find([a[0] - pane.x + x, a[1] - pane.y + y])?.row;
    if (!row) return null;
    const side = row.new === null ? "old" : "new";
    const screen = compose(compose(row.matrix[side], layout.matrix(row)), [1, 0, 0, 1, pane.x - x, pane.y - y]);
    const back = invert(screen);
    const [p, q] = [apply(back, a), apply(back, b)];
    const box = mapBox([1, 0, 0, 1, 0, 0], [Math.min(p[0], q[0]), Math.min(p[1], q[1]), Math.max(p[0], q[0]), Math.max(p[1], q[1])]);
    const [w, h] = row.size[side] ?? [1e5, 1e5];
    const cut = [Math.max(0, box[0]), Math.max(0, box[1]), Math.min(w, box[2]), Math.min(h, box[3])].map((v) => Number(v.toFixed(1)));
    return cut[0] < cut[2] && cut[1] < cut[3] ? { box: cut, number: row[side] } : null;
  }

  async #compare() {
    const { comparison } = this.app;
    const all = document.querySelector('#ignore-dialog input[name="pages"]:checked').value === "all";
    const region = `${all ? "*" : this.found.number}:${this.found.box.join(",")}`;
    const options = { ...comparison.options, regions: [...(comparison.options?.regions ?? []), region] };
    try {
      const answer = await post("/comparisons", { old: comparison.old, new: comparison.new, options });
      location.href = `/c/${answer.comparison.id}${location.search}`;
    } catch (error) { failed(error); }
  }
}

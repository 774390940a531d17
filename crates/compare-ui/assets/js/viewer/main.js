// The viewer: puts its parts together and keeps what is looked at.
import { $, h, many, trouble } from "../dom.js";
import { get, session } from "../api.js";
import { Model, around, mapBox } from "./model.js";
import { Camera } from "./camera.js";
import { Images } from "./images.js";
import { Painter } from "./painter.js";
import { Marks } from "./marks.js";
import { Filter } from "./filter.js";
import { Reviews } from "./reviews.js";
import { List } from "./list.js";
import { PageMap } from "./map.js";
import { Stage } from "./stage.js";
import { Ignoring } from "./ignore.js";
import { Live } from "./live.js";
import { notes, verdict } from "./notes.js";
import { preview } from "./preview.js";
import * as address from "./address.js";
import * as input from "./input.js";
import * as keys from "./keys.js";
import * as share from "./share.js";

const shared = document.body.classList.contains("is-shared");
const asked = address.read();

/** In place of everything. */
function unreachable(error) {
  $("items").setAttribute("aria-busy", "false");
  if (error.status !== 404) return $("items").replaceChildren(trouble(error, () => location.reload()));
  // There is nothing to look at: no tools, no list, no map.
  document.body.classList.add("gone");
  const [title, text] = shared
    ? ["This link does not open anything", "It may have ended or been taken back. Ask whoever sent it for a new one."]
    : ["There is no such comparison here", "It may have been deleted, or belong to another browser."];
  document.title = `${title} · PDF Compare`;
  $("notice").replaceChildren(h("h2", null, title), h("p", null, text),
    h("p", { class: "actions" }, shared
      ? h("a", { class: "button", href: "/" }, "Compare documents of your own")
      : [h("a", { class: "button primary", href: "/comparisons" }, "To your comparisons"), h("a", { class: "button", href: "/" }, "To your library")]));
  $("notice").hidden = false;
}

class App {
  /** `path` of the comparison below the API. */
  constructor(path) {
    this.path = path;
    this.state = { view: asked.view, change: null, split: asked.split, changed: asked.changed };
    this.filter = Object.assign(new Filter(), { kinds: asked.kinds, text: asked.text.toLowerCase(), noise: asked.noise, group: asked.group, verdict: asked.verdict });
    $("filter").value = asked.text;
    this.model = null;
    this.reviews = new Reviews(path, { readOnly: shared });
    this.filter.verdictOf = (change) => this.reviews.verdict(change);
    this.images = new Images(() => this.stage.ask());
    this.painter = new Painter($("canvas"), this.images, {});
    this.stage = new Stage(this);
    this.camera = new Camera({ scroller: $("scroller"), world: $("world"), viewport: $("viewport"), changed: () => this.stage.ask() });
    this.camera.view = asked.view;
    this.marks = new Marks(this.stage.panes, (change) => this.filter.passes(change));
    this.marks.on = asked.boxes;
    this.list = new List(this);
    this.map = new PageMap(this);
    this.write = address.writer(this);
    if (!shared) this.ignoring = new Ignoring(this);
    this.live = new Live({ path, shared, show: (report, comparison) => this.show(report, comparison), lost: (error) => this.lost(error) });
    this.controls();
  }

  controls() {
    const on = (id, act) => $(id)?.addEventListener("click", act);
    for (const button of document.querySelectorAll("[data-view]:is(button)")) button.addEventListener("click", () => this.setView(button.dataset.view));
    on("previous", () => this.step(-1));
    on("next", () => this.step(1));
    on("zoom-in", () => this.camera.zoomBy(1.25));
    on("zoom-out", () => this.camera.zoomBy(0.8));
    on("zoom-fit", () => this.camera.fit(this.camera.mode === "fit" ? "width" : "fit"));
    on("lock", () => this.toggleLock());
    on("marks", () => this.toggleBoxes());
    on("help-open", () => this.help());
    on("handle", () => this.openPanel());
    for (const link of document.querySelectorAll("[data-format]")) {
      link.addEventListener("click", () => {
        link.href = this.live.exportUrl(link.dataset.format, this.filter.active ? this.list.shown : null);
        $("export").open = false;
      });
      link.href = this.live.exportUrl(link.dataset.format);
    }
    addEventListener("click", (event) => { if (!$("export").contains(event.target)) $("export").open = false; });
    $("export").addEventListener("keydown", (event) => { if (event.key === "Escape") { $("export").open = false; $("export").querySelector("summary").focus(); event.stopPropagation(); } });
    if (!shared) share.attach(this.path);
    input.attach(this);
    keys.attach(this);
    this.pressed();
  }

  async start() {
    try {
      await Promise.all([this.reviews.load(), this.live.start()]);
      if (this.model && !this.previewed) this.filtered();
    } catch (error) { this.lost(error); }
  }

  lost(error) {
    if (this.model) this.say(error.message, 6000);
    else unreachable(error);
  }

  say(text, ms = 0) {
    clearTimeout(this.saying);
    $("notice").replaceChildren(h("p", null, text));
    $("notice").hidden = !text;
    if (ms) this.saying = setTimeout(() => { $("notice").hidden = true; }, ms);
  }

  /** A report, the first or a fuller one: what is looked at stays. */
  show(report, comparison) {
    this.comparison = comparison;
    for (const side of ["old", "new"]) {
      $(`name-${side}`).textContent = comparison[`${side}_name`];
      $(`name-${side}`).title = comparison[`${side}_name`];
      $(`tag-${side}`).textContent = side === "old" ? "Old" : "New";
    }
    document.title = `${comparison.old_name} → ${comparison.new_name} · PDF Compare`;
    for (const link of document.querySelectorAll("[data-format]")) link.setAttribute("download", `${comparison.old_name.replace(/\.pdf$/i, "")} to ${comparison.new_name.replace(/\.pdf$/i, "")}.${link.dataset.format}`);
    if (!report) return void this.preview(comparison);
    const first = !this.model || this.previewed;
    this.previewed = false;
    const kept = this.state.change?.key ?? (first ? asked.change : null);
    const centre = first ? null : this.camera.centre();
    this.painter.documents = { old: comparison.old, new: comparison.new };
    this.model = new Model(report, { partial: comparison.state === "partial" });
    this.marks.reset();
    this.state.change = kept ? this.model.byKey.get(kept) ?? null : null;
    $("verdict").textContent = verdict(this.model, comparison);
    $("notes").replaceChildren(...notes(report, this));
    this.camera.setRows(this.rows());
    this.list.draw();
    this.map.draw(this.rows());
    this.marks.select(this.state.change);
    this.list.select(this.state.change, null);
    if (first) this.begin();
    else if (centre) {
      const row = this.model.rows.find((r) => r.new === centre.row.new && r.old === centre.row.old);
      if (row) this.camera.look(row, centre.point);
    }
    this.stage.ask();
  }

  /** Pages to look at while they are being compared. */
  async preview(comparison) {
    if (this.model || this.previewing) return;
    this.previewing = true;
    const report = await preview(comparison).catch(() => null); // the comparison itself says what is wrong
    this.previewing = false;
    if (!report || this.model) return;
    this.model = new Model(report);
    this.previewed = true;
    this.painter.documents = { old: comparison.old, new: comparison.new };
    this.camera.setRows(this.model.rows);
    this.begin();
  }

  /** Where the address points, or the first change. */
  begin() {
    const row = this.model.rows[(asked.page ?? 1) - 1] ?? this.model.rows[0];
    if (!row) return;
    if (asked.zoom) { this.camera.mode = "free"; this.camera.look(row, asked.at ?? [(row.frame[0] + row.frame[2]) / 2, row.frame[1]], asked.zoom); return; }
    this.camera.mode = asked.fit;
    this.camera.resize();
    if (asked.page && row !== this.model.rows[0]) this.camera.top(row);
    if (this.state.change) this.fly(this.state.change);
  }

  rows() {
    return this.state.changed ? this.model.rows.filter((row) => row.status !== "unchanged") : this.model.rows;
  }

  showChangedOnly(on) {
    this.state.changed = on;
    this.camera.setRows(this.rows());
    this.map.draw(this.rows());
    this.filtered();
  }

  filtered() {
    if (!this.model || this.previewed) return;
    if (this.state.change && !this.filter.passes(this.state.change)) this.select(null);
    this.list.draw();
    this.list.select(this.state.change, null);
    this.marks.reset();
    this.map.draw(this.rows());
    this.map.at(this.camera.centre()?.row);
    this.stage.ask();
  }

  clearFilters() {
    Object.assign(this.filter, { kinds: null, text: "", group: null, verdict: null });
    $("filter").value = "";
    this.filtered();
  }

  select(change, { focus = false, from } = {}) {
    const before = this.state.change;
    this.state.change = change ?? null;
    this.marks.select(this.state.change);
    if (before !== change || !change) this.list.select(this.state.change, before, { focus });
    if (change && from !== "page") this.fly(change);
    if (change && from === "page") this.openPanel(true);
    this.stage.ask();
  }

  step(by, options) {
    const { shown } = this.list;
    if (!shown.length) return;
    const at = shown.indexOf(this.state.change);
    const next = at < 0 ? (by > 0 ? 0 : shown.length - 1) : at + by;
    if (next < 0 || next >= shown.length) return this.say(by > 0 ? "That was the last change." : "That was the first change.", 1800);
    this.select(shown[next], options);
  }

  stepPage(by) {
    const rows = this.rows();
    const at = rows.indexOf(this.camera.centre()?.row);
    for (let i = at + by; i >= 0 && i < rows.length; i += by) {
      if (rows[i].status !== "unchanged") return this.goTo(rows[i]);
    }
    this.say(by > 0 ? "No changed page after this one." : "No changed page before this one.", 1800);
  }

  goTo(row) {
    this.relock();
    this.camera.top(row);
  }

  fly(change) {
    const side = change.rows.new ? "new" : change.rows.old ? "old" : null;
    const row = side && change.rows[side];
    if (row && !this.camera.layout.at.has(row)) return;
    // What has no place on a page is not to be looked for in a corner of it.
    if (!row || !change[side].boxes.length) {
      this.relock();
      this.camera.fit("fit", row ?? undefined);
      return;
    }
    const box = mapBox(row.matrix[side], around(change[side].boxes));
    const zoom = this.camera.closeTo(box[2] - box[0], box[3] - box[1]);
    this.apart(change);
    this.camera.flyTo(row, this.camera.aim(row, box, zoom), zoom);
  }

  /** What moved to another page shows on both: each side at its own place. */
  apart(change) {
    const { camera } = this;
    const { old, new: young } = change.rows;
    if (camera.view !== "side" || !old || !young || old === young || !change.old.boxes.length) return this.relock();
    if (!camera.free) { this.parted = true; camera.lock(false); this.pressed(); }
    camera.lookFree(old, camera.aim(old, mapBox(old.matrix.old, around(change.old.boxes)), camera.free.zoom));
  }

  relock() {
    if (!this.parted) return;
    this.parted = false;
    this.camera.lock(true);
    this.pressed();
  }

  setView(view) {
    this.state.view = view;
    this.camera.setView(view);
    this.pressed();
  }

  setSplit(split) { this.state.split = split; this.stage.ask(); }
  toggleLock() { this.parted = false; this.camera.lock(Boolean(this.camera.free)); this.pressed(); }
  toggleBoxes() { this.marks.on = !this.marks.on; this.marks.reset(); this.pressed(); }
  help() { $("help").showModal(); }

  openPanel(open = $("panel").dataset.open === undefined) {
    if (open) $("panel").dataset.open = ""; else delete $("panel").dataset.open;
    $("handle").setAttribute("aria-expanded", String(open));
  }

  async judge(change, verdictAsked) {
    if (shared) return;
    await this.reviews.set(change, { verdict: this.reviews.verdict(change) === verdictAsked ? "open" : verdictAsked });
    this.list.refresh(change);
  }

  async comment(change, comment) {
    await this.reviews.set(change, { comment });
    this.list.refresh(change);
  }

  /** The buttons say how things stand. */
  pressed() {
    for (const button of document.querySelectorAll("[data-view]:is(button)")) button.setAttribute("aria-pressed", String(button.dataset.view === this.state.view));
    $("lock").setAttribute("aria-pressed", String(!this.camera.free));
    $("lock").textContent = this.camera.free ? "Let go" : "Locked";
    $("lock").disabled = this.camera.view !== "side";
    $("marks").setAttribute("aria-pressed", String(this.marks.on));
    this.stage.ask();
  }

  /** After every frame. */
  looked() {
    if (this.previewed) return;
    const row = this.camera.centre()?.row;
    this.map.at(row);
    $("zoom-fit").textContent = this.camera.mode === "free" ? `${Math.round(this.camera.zoom * 100)} %` : this.camera.mode === "fit" ? "Fit" : "Width";
    $("canvas").setAttribute("aria-label", row ? `${many(this.rows().length, "page")}, at ${row.new ? `page ${row.new}` : `old page ${row.old}`}` : "Pages");
    this.write();
  }
}

async function open() {
  if (!shared) {
    await session();
    return `/comparisons/${location.pathname.split("/").pop()}`;
  }
  return `/comparisons/${(await get("")).id}`;
}

open().then((path) => new App(path).start(), unreachable);

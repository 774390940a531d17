// From a comparison that is being made to its report: the partial one as soon
// as there is one, the whole one after it.
import { $, told } from "../dom.js";
import { base, get, jobs, post } from "../api.js";

const ENDED = ["ready", "failed"];

/** “This is a first result; still comparing pages, 3 of 12.” */
export function doing({ state, job }) {
  if (job.state === "queued") return "Waiting for its turn…";
  const stage = job.stage || "comparing";
  const text = state === "partial" ? `This is a first result; still ${stage}` : stage[0].toUpperCase() + stage.slice(1);
  return job.total ? `${text}, ${job.done} of ${job.total}.` : `${text}…`;
}

export class Live {
  /** `path` of the comparison below the API; `show(report, comparison)`. */
  constructor({ path, shared, show, lost }) {
    Object.assign(this, { path, shared, show, lost });
    this.report = null; // name of the report shown
    this.again = 0;
    $("cancel").addEventListener("click", () => this.#act());
  }

  async start() {
    await this.look();
    if (this.shared || !this.comparison || ENDED.includes(this.comparison.state)) return;
    this.events = jobs((job) => {
      if (job.comparison !== this.comparison.id) return;
      this.comparison.job = job;
      this.progress();
      // A report appears between two of its events; ended ones say what became of it.
      if (["done", "failed", "cancelled"].includes(job.state)) this.look();
      else this.soon(this.report ? 1500 : 300);
    }, () => this.look());
  }

  soon(ms) {
    this.again ||= setTimeout(() => { this.again = 0; this.look(); }, ms);
  }

  async look() {
    if (this.looking) { this.once = true; return; }
    this.looking = true;
    try {
      const comparison = await get(this.path);
      this.comparison = comparison;
      this.progress();
      if (comparison.report && comparison.report !== this.report) {
        const report = await get(`${this.path}/report.json`);
        this.report = comparison.report;
        this.show(report, comparison);
      } else if (!this.report) this.show(null, comparison);
      if (!ENDED.includes(comparison.state) && comparison.job.state !== "cancelled") this.soon(this.report ? 2500 : 700);
      else { this.events?.close(); this.events = null; }
    } catch (error) {
      // Not there yet is no failure; a lost connection is told and tried again.
      if (error.status === 409 || error.status === 0 || error.status >= 500 || error.status === 429) this.soon(2000);
      if (error.status !== 409) this.lost(error);
    }
    this.looking = false;
    if (this.once) { this.once = false; this.look(); }
  }

  progress() {
    const { state, job, error } = this.comparison;
    const going = state === "processing" || state === "partial";
    const stopped = job.state === "cancelled" || (going && job.state === "failed");
    $("progress").hidden = !going || stopped;
    $("cancel").hidden = this.shared;
    if (state === "failed" || (stopped && !this.report)) {
      this.trouble(job.state === "cancelled" ? "This comparison was stopped." : error ?? job.error ?? "The comparison failed.");
      return;
    }
    $("notice").hidden = true;
    if (!going) return;
    $("progress-text").textContent = doing(this.comparison);
    if (job.total) { $("progress-bar").max = job.total; $("progress-bar").value = job.done; } else $("progress-bar").removeAttribute("value");
  }

  trouble(text) {
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Compare again";
    again.addEventListener("click", () => this.#retry());
    const line = document.createElement("p");
    line.textContent = text;
    $("notice").replaceChildren(line, ...(this.shared ? [] : [again]));
    $("notice").hidden = false;
  }

  async #act() {
    try { await post(`/jobs/${this.comparison.job.id}/cancel`); await this.look(); } catch (error) { this.trouble(told(error)); }
  }

  async #retry() {
    try { await post(`/jobs/${this.comparison.job.id}/retry`); await this.start(); } catch (error) { this.trouble(told(error)); }
  }

  /** Where an export is to be had. */
  exportUrl(format, changes) {
    // The filter goes along where it fits into an address.
    const ids = (changes ?? []).map((change) => change.id).filter((id) => id > 0);
    const only = ids.length && format !== "json" && ids.length <= 1500 ? `&changes=${ids.join(",")}` : "";
    return `${base}${this.path}/report.${format}?download=true${only}`;
  }
}

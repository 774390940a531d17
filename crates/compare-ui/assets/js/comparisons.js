// The list of comparisons, with what each found.
import { $, h, date, many, failed, toast, trouble } from "./dom.js";
import { get, post, remove, jobs, lookAfter, session } from "./api.js";

const list = $("list");
const shown = new Map();
let next = null;

async function load(more = false) {
  list.setAttribute("aria-busy", "true");
  try {
    const cursor = more && next ? `&cursor=${encodeURIComponent(next)}` : "";
    const page = await get(`/comparisons?limit=50${cursor}`);
    if (!more) shown.clear();
    for (const entry of page.items) shown.set(entry.id, entry);
    next = page.next;
    draw();
  } catch (error) { list.replaceChildren(trouble(error, () => load(more))); }
  list.setAttribute("aria-busy", "false");
}

/** “12 changes, 2 pages inserted”. */
export function counted(summary) {
  if (!summary) return "";
  const counts = typeof summary === "string" ? JSON.parse(summary) : summary;
  let changes = 0;
  for (const ops of Object.values(counts.changes ?? {})) for (const n of Object.values(ops)) changes += n;
  const parts = [];
  if (changes) parts.push(many(changes, "change"));
  for (const status of ["inserted", "deleted", "moved"]) {
    const n = counts.pages?.[status];
    if (n) parts.push(`${many(n, "page")} ${status}`);
  }
  return parts.join(", ") || "no differences";
}

function state(entry) {
  const { job } = entry;
  if (entry.state === "failed") return "failed";
  if (entry.state === "ready") return counted(entry.summary);
  if (job.state === "cancelled") return "cancelled";
  if (job.state === "queued") return "waiting";
  return job.total ? `${job.stage || "comparing"}, ${job.done} of ${job.total}` : job.stage || "comparing";
}

function row(entry) {
  return h("article", { class: "row", dataset: { id: entry.id } },
    h("h2", null, h("a", { href: `/c/${entry.id}` },
      h("span", { class: "was" }, entry.old_name), h("span", { class: "arrow" }, " → "), h("span", { class: "is" }, entry.new_name))),
    h("button", { type: "button", class: "icon", "aria-label": `Delete ${entry.old_name} to ${entry.new_name}`, title: "Delete", onclick: () => drop(entry) }, "×"),
    h("p", { class: "facts" },
      h("span", null, h("span", { class: `state ${entry.state}` }, state(entry))),
      h("span", null, date(entry.created)),
      entry.options && entry.options !== "{}" && Object.keys(entry.options).length > 0 && h("span", null, "with options")),
    entry.error && h("p", { class: "error" }, entry.error));
}

function draw() {
  $("more").hidden = !next;
  list.replaceChildren(...(shown.size ? [...shown.values()].map(row) : [h("div", { class: "nothing" },
    h("h2", null, "Nothing compared yet"),
    h("p", null, "Drop two PDFs on the library, or choose two documents you have."),
    h("p", { class: "actions" }, h("a", { class: "button primary", href: "/compare" }, "Compare two…"), h("a", { class: "button", href: "/" }, "To the library")))]));
}

async function drop(entry) {
  shown.delete(entry.id);
  draw();
  try {
    await remove(`/comparisons/${entry.id}`);
    toast("The comparison was deleted.", { action: "Undo", act: async () => {
      try { await post(`/comparisons/${entry.id}/restore`); load(); } catch (error) { failed(error); }
    } });
  } catch (error) { failed(error); load(); }
}

const ended = (job) => ["done", "failed", "cancelled"].includes(job.state);

async function refresh({ id }) {
  try {
    shown.set(id, await get(`/comparisons/${id}`));
    draw();
  } catch {
    // Deleted meanwhile, or the connection is lost: the next look tells.
  }
}

$("more").addEventListener("click", () => load(true));
jobs(async (job) => {
  const entry = job.comparison && shown.get(job.comparison);
  // A new connection tells all jobs again.
  if (!entry || (entry.job.id === job.id && entry.job.updated >= job.updated && entry.job.state === job.state)) return;
  entry.job = job;
  if (ended(job)) await refresh(entry);
  else draw();
}, () => load());
lookAfter(() => [...shown.values()].filter((entry) => ["processing", "partial"].includes(entry.state) && !ended(entry.job)), refresh);
session().then(() => load()).catch((error) => list.replaceChildren(trouble(error, () => location.reload())));

// The library: documents by series, uploads, comparing two of them.
import { $, h, bytes, many, told, toast, failed, trouble } from "../dom.js";
import { get, patch, post, remove, jobs, lookAfter, session } from "../api.js";
import { documentCard, revision } from "./card.js";
import { uploads } from "./uploads.js";

const documents = new Map(); // id → document
const heard = new Map(); // document id → its job as last told, which may come before the document
let next = null;
let picked = []; // ids, old first

const list = $("documents");

async function load(more = false) {
  list.setAttribute("aria-busy", "true");
  try {
    const cursor = more && next ? `&cursor=${encodeURIComponent(next)}` : "";
    const page = await get(`/documents?limit=50${cursor}`);
    if (!more) documents.clear();
    for (const document of page.items) documents.set(document.id, document);
    next = page.next;
    draw();
    page.items.forEach(catchUp);
  } catch (error) {
    list.replaceChildren(trouble(error, () => load(more)));
  }
  list.setAttribute("aria-busy", "false");
  usage();
}

async function usage() {
  try {
    const { usage: used, limits } = await session(true);
    const room = limits?.workspace_bytes ?? limits?.bytes;
    $("usage").textContent = used.documents
      ? `${many(used.documents, "document")}, ${bytes(used.bytes)}${room ? ` of ${bytes(room)}` : ""} used`
      : "";
  } catch {
    // The list says what is wrong with the connection.
  }
}

/** Newest first, as the API lists them: the same order however they arrived. */
const newestFirst = (a, b) => b.created - a.created || (a.id < b.id ? 1 : -1);

function seriesOf(all) {
  const groups = new Map();
  for (const document of all) {
    const group = groups.get(document.series);
    if (group) group.push(document); else groups.set(document.series, [document]);
  }
  for (const group of groups.values()) group.reverse();
  return groups;
}

let waiting = 0;

function draw() {
  clearTimeout(waiting);
  // Nobody loses an open menu or a half-written name to news of another file.
  if (list.querySelector("details.menu[open], .name input")) {
    waiting = setTimeout(draw, 300);
    return;
  }
  const focus = focused();
  const all = [...documents.values()].sort(newestFirst);
  $("empty").hidden = all.length > 0;
  $("more").hidden = !next;
  const groups = seriesOf(all);
  list.replaceChildren(...[...groups.entries()].map(([series, group]) => seriesBox(series, group, groups)));
  focus?.();
  showPicked();
}

/** Gives the focus back to the same control of the same document or series. */
function focused() {
  const { activeElement } = document;
  const box = list.contains(activeElement) && activeElement.closest("[data-id], [data-series]");
  if (!box) return null;
  const { id, series } = box.dataset;
  const at = id ? `[data-id="${id}"]` : `[data-series="${series}"]`;
  const act = activeElement.closest(".menu") ? "more" : activeElement.dataset.act;
  return () => (list.querySelector(`${at} [data-act="${act}"]`) ?? list.querySelector(`${at} .name a`))?.focus({ preventScroll: true });
}

function seriesBox(series, group, groups) {
  const shown = [...group].reverse();
  const cards = shown.map((entry) => documentCard(entry, {
    picked: picked.indexOf(entry.id),
    revision: group.length > 1 ? revision(group.indexOf(entry)) : null,
    previous: group[group.indexOf(entry) - 1] ?? null,
    others: [...groups.entries()].filter(([id]) => id !== series).map(([id, docs]) => ({ id, name: docs.at(-1).name })),
    act: actions(entry),
  }));
  const last = group.at(-1);
  return h("article", { class: "series", "data-series": series },
    group.length > 1 && h("header", null,
      h("h2", null, `${last.name} `, h("span", { class: "rev" }, many(group.length, "revision"))),
      h("button", { type: "button", dataset: { act: "add" }, onclick: () => addTo(series) }, "Add a revision…")),
    cards);
}

const actions = (entry) => ({
  pick: (on) => {
    picked = picked.filter((id) => id !== entry.id);
    if (on) picked.push(entry.id);
    if (picked.length > 2) picked.shift();
    draw();
  },
  rename: async (name) => {
    const before = entry.name;
    update({ ...entry, name });
    try { update(await patch(`/documents/${entry.id}`, { name })); } catch (error) { update({ ...entry, name: before }); failed(error); }
  },
  regroup: async (series) => {
    try { update(await patch(`/documents/${entry.id}`, { series })); } catch (error) { failed(error); }
  },
  compare: (old) => compare(old.id, entry.id),
  addRevision: () => addTo(entry.series),
  retry: async () => {
    try { await post(`/jobs/${entry.job.id}/retry`); await refresh(entry.id); } catch (error) { failed(error); }
  },
  cancel: async () => {
    try { await post(`/jobs/${entry.job.id}/cancel`); await refresh(entry.id); } catch (error) { failed(error); }
  },
  remove: async () => {
    documents.delete(entry.id);
    picked = picked.filter((id) => id !== entry.id);
    draw();
    try {
      await remove(`/documents/${entry.id}`);
      usage();
      toast(`“${entry.name}” was deleted.`, { action: "Undo", act: () => restore(entry) });
    } catch (error) { failed(error); load(); }
  },
});

async function restore(entry) {
  try {
    await post(`/documents/${entry.id}/restore`);
    await load();
    list.querySelector(`[data-id="${entry.id}"] .name a`)?.focus();
  } catch (error) { failed(error); }
}

function update(document) {
  documents.set(document.id, document);
  draw();
}

async function refresh(id) {
  try {
    const fresh = await get(`/documents/${id}`);
    // An answer may be overtaken by a later one.
    if (!(documents.get(id)?.job.updated > fresh.job.updated)) update(fresh);
  } catch (error) { if (error.status !== 404) failed(error); }
}

function showPicked() {
  picked = picked.filter((id) => documents.has(id));
  const [old, young] = picked.map((id) => documents.get(id));
  $("selection").hidden = !old;
  $("swap-selected").hidden = $("compare-selected").disabled = !young;
  $("selected").replaceChildren(...(young
    ? [h("b", { class: "was" }, old.name), " → ", h("b", { class: "is" }, young.name)]
    : old ? [h("b", null, old.name), " – choose one more to compare"] : []));
}

async function compare(old, young, options = {}) {
  try {
    const { id } = created(await post("/comparisons", { old, new: young, options }));
    location.href = `/c/${id}`;
  } catch (error) { failed(error); }
}

const created = (answer) => answer.comparison ?? answer;

const files = $("files");
let target = null;
function addTo(series) { target = series; files.click(); }
for (const id of ["choose", "choose-first"]) $(id).addEventListener("click", () => addTo(null));

const up = uploads($("uploads"), {
  arrived: (document) => {
    update(document);
    catchUp(document);
    usage();
  },
  pair: (old, young) => compare(old.id, young.id),
});
// A newer revision is added to its series; two files chosen otherwise are compared.
files.addEventListener("change", () => { up.add([...files.files], { series: target, go: !target }); files.value = ""; });

let depth = 0;
const carries = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragenter", (event) => { if (carries(event)) { depth += 1; $("dropzone").hidden = false; event.preventDefault(); } });
addEventListener("dragleave", (event) => { if (carries(event)) { depth -= 1; if (depth <= 0) { depth = 0; $("dropzone").hidden = true; } } });
addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  depth = 0;
  $("dropzone").hidden = true;
  up.add([...event.dataTransfer.files], { go: true });
});

for (const button of document.querySelectorAll(".sample")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const pair = await Promise.all([button.dataset.old, button.dataset.new].map(async (name) => {
        const response = await fetch(`/samples/${name}`);
        if (!response.ok) throw new Error("The sample could not be loaded. Try again.");
        return new File([await response.blob()], name, { type: "application/pdf" });
      }));
      await up.add(pair, { go: true });
    } catch (error) { toast(told(error), { error: true }); }
    button.disabled = false;
  });
}

$("more").addEventListener("click", () => load(true));
$("clear-selected").addEventListener("click", () => { picked = []; draw(); });
$("swap-selected").addEventListener("click", () => { picked.reverse(); draw(); });
$("compare-selected").addEventListener("click", () => compare(...picked));

const ended = (job) => ["done", "failed", "cancelled"].includes(job.state);

/** What was told of a document's job while the document was on its way. */
function catchUp(entry) {
  const job = heard.get(entry.id);
  if (!job || job.updated < entry.job.updated || (job.updated === entry.job.updated && job.state === entry.job.state)) return;
  follow(entry, job);
}

function follow(entry, job) {
  if (ended(job) || entry.pages === null) refresh(entry.id);
  else update({ ...entry, job });
}

jobs((job) => {
  if (!job.document) return;
  heard.set(job.document, job);
  const entry = documents.get(job.document);
  if (entry) catchUp(entry);
}, () => load());
lookAfter(() => [...documents.values()].filter((entry) => entry.state === "processing" && !ended(entry.job)), (entry) => refresh(entry.id));
session().then(() => load()).catch((error) => list.replaceChildren(trouble(error, () => location.reload())));

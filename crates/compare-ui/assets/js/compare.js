// Picking old and new, and what to leave out.
import { $, h, bytes, many, failed, thumbnail, told } from "./dom.js";
import { get, post, pageImage, session, upload } from "./api.js";

const form = $("compare");
const documents = new Map();
const selects = { old: form.elements.namedItem("old"), new: form.elements.namedItem("new") };

async function load() {
  let cursor = "";
  do {
    const page = await get(`/documents?limit=200${cursor}`);
    for (const entry of page.items) add(entry);
    cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : "";
  } while (cursor);
  const asked = new URLSearchParams(location.search);
  for (const side of ["old", "new"]) {
    if (documents.has(asked.get(side))) selects[side].value = asked.get(side);
    preview(side);
  }
}

/** What is missing before anything can be compared; empty where nothing is. */
function missing() {
  const [old, young] = [selects.old.value, selects.new.value];
  if (!old && !young) return "Choose an old and a new document.";
  if (!old) return "Choose an old document, too.";
  if (!young) return "Choose a new document, too.";
  return old === young ? "Old and new are the same document. Choose another one." : "";
}

function add(entry) {
  if (documents.has(entry.id)) return;
  documents.set(entry.id, entry);
  for (const side of ["old", "new"]) selects[side].append(h("option", { value: entry.id }, entry.name));
}

function preview(side) {
  const entry = documents.get(selects[side].value);
  const box = form.querySelector(`[data-side="${side}"] .preview`);
  box.replaceChildren(...(entry ? [thumbnail(pageImage(entry.id, 1, 0.5), "")] : []));
  const url = new URL(location.href);
  if (entry) url.searchParams.set(side, entry.id); else url.searchParams.delete(side);
  history.replaceState(null, "", url);
  const button = form.querySelector(`[data-upload="${side}"]`);
  $("missing").textContent = missing();
  form.querySelector("[type=submit]").disabled = Boolean(missing());
  button.textContent = entry ? `${entry.pages === null ? "" : `${many(entry.pages, "page")}, `}${bytes(entry.bytes)} – or choose another file` : "or drop or choose a file";
}

async function take(side, file) {
  const button = form.querySelector(`[data-upload="${side}"]`);
  button.disabled = true;
  say("");
  try {
    const answer = await upload(file, { progress: (share) => { button.textContent = `Uploading, ${Math.round(share * 100)} %`; } });
    const entry = answer.document ?? answer;
    add(entry);
    selects[side].value = entry.id;
  } catch (error) { say(told(error)); }
  button.disabled = false;
  preview(side);
}

function say(text) {
  $("error").textContent = text;
  $("error").hidden = !text;
}

let wanted = "old";
const file = $("file");
file.addEventListener("change", () => { if (file.files[0]) take(wanted, file.files[0]); file.value = ""; });
for (const side of ["old", "new"]) {
  const box = form.querySelector(`[data-side="${side}"]`);
  selects[side].addEventListener("change", () => preview(side));
  box.querySelector("[data-upload]").addEventListener("click", () => { wanted = side; file.click(); });
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    const [first, second] = event.dataTransfer.files;
    if (first) take(side, first);
    if (second) take(side === "old" ? "new" : "old", second);
  });
}
// A file beside the boxes would open in the browser and lose the page.
for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());

$("swap").addEventListener("click", () => {
  [selects.old.value, selects.new.value] = [selects.new.value, selects.old.value];
  preview("old");
  preview("new");
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (missing()) return;
  const data = new FormData(form);
  const options = {};
  if (data.getAll("ignore").length) options.ignore = data.getAll("ignore");
  if (data.get("pages").trim()) options.pages = data.get("pages").replaceAll(" ", "");
  if (data.get("tolerance")) options.tolerance = Number(data.get("tolerance"));
  try {
    const answer = await post("/comparisons", { old: selects.old.value, new: selects.new.value, options });
    location.href = `/c/${(answer.comparison ?? answer).id}`;
  } catch (error) { say(told(error)); }
});

session().then(load).catch(failed);

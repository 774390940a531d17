// The pages of one document, with the hits of a search on them.
import { $, h, bytes, date, many, trouble } from "./dom.js";
import { base, get, session } from "./api.js";
import { markedPage } from "./hits.js";

const id = location.pathname.split("/").pop();
const pages = $("pages");
let entry = null;
let sizes = [];

async function load() {
  try {
    entry = await get(`/documents/${id}`);
    document.title = `${entry.name} · PDF Compare`;
    $("title").textContent = entry.name;
    $("facts").replaceChildren(h("span", { class: "facts" },
      entry.pages !== null && h("span", null, many(entry.pages, "page")), h("span", null, bytes(entry.bytes)), h("span", null, date(entry.created))));
    $("actions").replaceChildren(
      h("a", { class: "button", href: `/compare?old=${id}` }, "Compare with…"),
      h("a", { class: "button", href: `${base}/documents/${id}/file`, download: entry.name }, "Download"));
    ({ sizes } = await get(`/documents/${id}/pages`));
    await find();
  } catch (error) {
    $("find").hidden = true;
    pages.replaceChildren(trouble(error, load));
  }
  pages.setAttribute("aria-busy", "false");
}

async function find() {
  const query = $("q").value.trim();
  const hits = new Map();
  if (query) {
    let cursor = "";
    do {
      const part = await get(`/search?q=${encodeURIComponent(query)}&document=${id}&limit=200${cursor}`);
      for (const hit of part.items) hits.set(hit.page, hit);
      cursor = part.next ? `&cursor=${encodeURIComponent(part.next)}` : "";
    } while (cursor);
  }
  draw(hits, query);
}

function draw(hits, query) {
  if (!sizes.length) {
    pages.replaceChildren(h("div", { class: "nothing" }, h("h2", null, "No pages yet"),
      h("p", null, entry.error ?? "The document is still being read. Its pages appear here when they are.")));
    return;
  }
  pages.replaceChildren(...sizes.map((size, i) => {
    const hit = hits.get(i + 1) ?? { document: id, name: entry.name, page: i + 1, size, boxes: [] };
    return h("figure", { id: `page-${i + 1}`, class: hit.boxes.length ? "hits" : null },
      h("figcaption", null, `Page ${i + 1}${hit.boxes.length ? ` · ${many(hit.boxes.length, "hit")}` : ""}`),
      markedPage({ ...hit, size }, { scale: Math.max(size[0], size[1]) > 1400 ? 0.5 : 1 }));
  }));
  $("said").textContent = !query ? "" : hits.size ? `${many(hits.size, "page")} with ${query}` : `Nothing in this document holds ${query}.`;
  const target = document.getElementById(location.hash.slice(1)) ?? pages.querySelector(".hits");
  target?.scrollIntoView({ block: "start" });
}

$("q").value = new URLSearchParams(location.search).get("q") ?? "";
$("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const url = new URL(location.href);
  url.searchParams.set("q", $("q").value.trim());
  url.hash = "";
  history.replaceState(null, "", url);
  find().catch((error) => pages.replaceChildren(trouble(error, find)));
});
session().then(load).catch((error) => pages.replaceChildren(trouble(error, () => location.reload())));

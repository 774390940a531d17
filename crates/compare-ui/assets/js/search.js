// Search across all documents.
import { $, h, many, trouble } from "./dom.js";
import { get, session } from "./api.js";
import { markedPage, snippet } from "./hits.js";

const box = $("hits");
let running = null;
let next = null;
let found = [];

async function search(query, more = false) {
  running?.abort();
  running = new AbortController();
  if (!query) {
    found = [];
    draw("");
    $("said").textContent = "";
    return;
  }
  $("said").textContent = more ? "" : "Searching…";
  try {
    const cursor = more && next ? `&cursor=${encodeURIComponent(next)}` : "";
    const page = await get(`/search?q=${encodeURIComponent(query)}&limit=30${cursor}`, { signal: running.signal });
    found = more ? [...found, ...page.items] : page.items;
    next = page.next;
    draw(query);
  } catch (error) {
    if (error.name === "AbortError") return;
    $("said").textContent = "";
    box.replaceChildren(trouble(error, () => search(query)));
  }
}

function draw(query) {
  $("more").hidden = !next;
  const documents = new Map();
  for (const hit of found) {
    if (documents.has(hit.document)) documents.get(hit.document).push(hit);
    else documents.set(hit.document, [hit]);
  }
  if (query) {
    $("said").textContent = found.length
      ? `${many(found.length, "page")}${next ? " and more" : ""} in ${many(documents.size, "document")}`
      : `Nothing holds ${query}. Try fewer words, or a part of the number.`;
  }
  box.replaceChildren(...[...documents.values()].map((hits) => h("article", { class: "found" },
    h("h2", null, hits[0].name),
    h("ul", null, hits.map((hit) => h("li", null, result(hit, query)))))));
}

function result(hit, query) {
  return h("a", { class: "hit", href: `/d/${hit.document}?q=${encodeURIComponent(query)}#page-${hit.page}`, dataset: { page: hit.page } },
    markedPage(hit, { scale: 2, around: [216, 144] }),
    h("div", null, h("b", null, `Page ${hit.page}`), snippet(hit.snippet), hit.boxes.length > 1 && h("p", { class: "facts" }, `${hit.boxes.length} places on this page`)));
}

function query() {
  return new URLSearchParams(location.search).get("q")?.trim() ?? "";
}

function ask(text, how) {
  const url = new URL(location.href);
  if (text) url.searchParams.set("q", text); else url.searchParams.delete("q");
  history[how](null, "", url);
  search(text);
}

let typing = 0;
$("q").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => ask($("q").value.trim(), "replaceState"), 250);
});
$("find").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  ask($("q").value.trim(), "pushState");
});
$("more").addEventListener("click", () => search(query(), true));
addEventListener("popstate", () => { $("q").value = query(); search(query()); });
$("q").value = query();
session().then(() => search(query())).catch((error) => box.replaceChildren(trouble(error, () => location.reload())));

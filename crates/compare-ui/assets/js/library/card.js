// One document of the library.
import { h, bytes, date, many, thumbnail } from "../dom.js";
import { pageImage } from "../api.js";

/** Rev A, B, …, Z, AA as drawings have them. */
export function revision(index) {
  let text = "";
  for (let n = index; n >= 0; n = Math.floor(n / 26) - 1) text = String.fromCharCode(65 + (n % 26)) + text;
  return text;
}

function working(document) {
  const { job } = document;
  if (document.state !== "processing") return null;
  if (job.state === "cancelled") return h("p", { class: "error" }, "Reading was cancelled. It can be compared, but not searched.");
  const label = job.state === "queued" ? "waits to be read" : job.total ? `${job.stage || "reading"}, page ${job.done} of ${job.total}` : job.stage || "reading";
  return h("div", { class: "working", role: "status" },
    h("span", null, label),
    h("progress", job.total ? { max: job.total, value: job.done, "aria-label": `Reading ${document.name}` } : { "aria-label": `Reading ${document.name}` }));
}

function nameOf(document, revisionName, rename) {
  const link = h("a", { href: `/d/${document.id}`, dataset: { act: "open" } }, document.name);
  const box = h("div", { class: "name" }, link, revisionName && h("span", { class: "rev" }, `Rev ${revisionName}`));
  const edit = () => {
    const input = h("input", { value: document.name, "aria-label": "Name", maxlength: "255" });
    input.value = document.name;
    let over = false;
    const done = (keep) => {
      if (over) return;
      over = true;
      const name = input.value.trim();
      // Who went elsewhere with the mouse has the focus there.
      const stays = input.matches(":focus");
      box.replaceChildren(link);
      if (stays) link.focus();
      if (keep && name && name !== document.name) rename(name);
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") done(true);
      if (event.key === "Escape") done(false);
    });
    input.addEventListener("blur", () => done(true));
    box.replaceChildren(input);
    input.focus();
    const dot = document.name.lastIndexOf(".");
    input.setSelectionRange(0, dot > 0 ? dot : document.name.length);
  };
  return { box, edit };
}

function moreMenu(document, { others, act }, edit) {
  const close = (run) => (event) => { event.currentTarget.closest("details").open = false; run(); };
  const regroup = others.length > 0 && h("button", { type: "button", onclick: (event) => {
    const menu = event.currentTarget.closest(".items");
    menu.replaceChildren(...others.slice(0, 12).map((other) =>
      h("button", { type: "button", onclick: close(() => act.regroup(other.id)) }, other.name)));
    menu.firstChild.focus();
  } }, "Is a revision of…");
  return h("details", { class: "menu" },
    h("summary", { role: "button", "aria-label": `More for ${document.name}`, class: "icon", dataset: { act: "more" } }, "⋯"),
    h("div", { class: "items" },
      h("button", { type: "button", dataset: { act: "rename" }, onclick: close(edit) }, "Rename"),
      h("button", { type: "button", dataset: { act: "revision" }, onclick: close(act.addRevision) }, "Add a newer revision…"),
      regroup,
      document.state === "processing" && document.job.state !== "cancelled" && h("button", { type: "button", onclick: close(act.cancel) }, "Stop reading"),
      (document.state === "failed" || document.job.state === "cancelled") && h("button", { type: "button", onclick: close(act.retry) }, "Read again"),
      h("button", { type: "button", class: "danger", dataset: { act: "delete" }, onclick: close(act.remove) }, "Delete")));
}

/** The card; `act` says what its buttons do. */
export function documentCard(document, options) {
  const { picked, previous, act } = options;
  const { box, edit } = nameOf(document, options.revision, act.rename);
  return h("div", { class: picked >= 0 ? "doc picked" : "doc", dataset: { id: document.id, state: document.state } },
    h("input", { type: "checkbox", dataset: { act: "pick" }, checked: picked >= 0, "aria-label": `Choose ${document.name} to compare`,
      onchange: (event) => act.pick(event.target.checked) }),
    h("a", { class: "thumb", href: `/d/${document.id}`, tabindex: "-1", "aria-hidden": "true" },
      document.state !== "failed" && document.pages !== null && thumbnail(pageImage(document.id, 1, 0.25), "")),
    h("div", { class: "about" },
      box,
      h("p", { class: "facts" },
        document.pages !== null && h("span", null, many(document.pages, "page")),
        h("span", null, bytes(document.bytes)),
        h("span", null, date(document.created))),
      working(document),
      document.state === "failed" && h("p", { class: "error", role: "alert" }, document.error ?? "This file could not be read.")),
    h("div", { class: "do" },
      previous && h("button", { type: "button", dataset: { act: "previous" }, onclick: () => act.compare(previous) }, "Compare with previous"),
      moreMenu(document, options, edit)));
}

// One menu at a time, and none after a click elsewhere or Escape.
addEventListener("click", (event) => {
  for (const menu of globalThis.document.querySelectorAll("details.menu[open]")) {
    // By the path of the event: what was clicked may have left the menu since.
    if (!event.composedPath().includes(menu)) menu.open = false;
  }
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of globalThis.document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// What search and a single document both draw: hits on a page, and snippets.
import { h, s, thumbnail } from "./dom.js";
import { pageImage } from "./api.js";

/** The page (or the part around the first hit) with the hits marked. */
export function markedPage(hit, { scale, around = null }) {
  const [width, height] = hit.size;
  let region = null;
  if (around && hit.boxes.length) {
    const [x0, y0, x1, y1] = hit.boxes[0];
    const w = Math.min(width, around[0]);
    const t = Math.min(height, around[1]);
    const left = Math.max(0, Math.min(width - w, (x0 + x1) / 2 - w / 2));
    const top = Math.max(0, Math.min(height - t, (y0 + y1) / 2 - t / 2));
    region = [left, top, left + w, top + t];
  }
  const [x0, y0, x1, y1] = region ?? [0, 0, width, height];
  // On a large page, too, a short word is seen.
  const grow = Math.max(1, (x1 - x0) / 300);
  const sheet = h("div", { class: "sheet" },
    thumbnail(pageImage(hit.document, hit.page, scale, region), `Page ${hit.page} of ${hit.name}`, [Math.round((x1 - x0) * scale), Math.round((y1 - y0) * scale)]),
    s("svg", { viewBox: `${x0} ${y0} ${x1 - x0} ${y1 - y0}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      hit.boxes.map(([a, b, c, d]) => s("rect", { x: a - grow, y: b - grow, width: c - a + 2 * grow, height: d - b + 2 * grow }))));
  sheet.style.aspectRatio = `${x1 - x0} / ${y1 - y0}`;
  return sheet;
}

/** Text with the matches, which stand between U+E000 and U+E001, marked. */
export function snippet(text) {
  const line = h("p", { class: "snippet" });
  for (const part of text.split("\uE000")) {
    const end = part.indexOf("\uE001");
    if (end < 0) line.append(part);
    else line.append(h("mark", null, part.slice(0, end)), part.slice(end + 1));
  }
  return line;
}

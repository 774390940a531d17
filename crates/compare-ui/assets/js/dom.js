// Building and saying things. Text is only ever set as text.

export const $ = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.setAttribute("class", value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "style") Object.assign(element.style, value);
    else if (name in element && typeof value !== "string" && element.namespaceURI !== SVG) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child !== undefined && child !== null && child !== false) element.append(child);
  }
  return element;
}

/** An element with properties and children. */
export const h = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);

/** The same for SVG. */
export const s = (tag, properties, ...children) => fill(document.createElementNS(SVG, tag), properties, children);

/** A message at the edge of the window, with one thing to do about it. */
export function toast(text, { action, act, error = false, ms = 8000 } = {}) {
  const close = () => box.remove();
  const box = h(
    "div",
    { class: error ? "toast error" : "toast", role: error ? "alert" : null },
    h("span", null, text),
    action && h("button", { type: "button", onclick: () => { close(); act(); } }, action),
    h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: close }, "×"),
  );
  $("toasts").append(box);
  // Long enough to read and to reach; stays while it is pointed at or focused.
  const later = () => setTimeout(() => (box.matches(":hover, :focus-within") ? later() : close()), ms);
  later();
  return { close };
}

export const failed = (error) => toast(told(error), { error: true, ms: 12000 });

/** What an error says to a person. */
export function told(error) {
  if (error?.name === "AbortError") return "Stopped.";
  return error?.detail || error?.title || error?.message || "Something went wrong. Try again.";
}

/** In place of a list that could not be loaded. */
export const trouble = (error, again) =>
  h("div", { class: "trouble", role: "alert" },
    h("h2", null, error?.title ?? "This could not be loaded"),
    h("p", null, told(error)),
    error?.status >= 500 && error.body?.trace_id
      && h("p", { class: "hint" }, "If it stays, give this number to whoever runs the service: ", h("code", null, error.body.trace_id)),
    // What is gone stays gone: the way on leads elsewhere.
    error?.status === 404 ? h("p", null, h("a", { class: "button", href: "/" }, "To your library"))
      : again && h("p", null, h("button", { type: "button", onclick: again }, "Try again")));

/** In the units limits are set in: “200 MiB”. */
export const bytes = (n) => {
  if (n < 1024) return `${n} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let i = -1;
  do { n /= 1024; i += 1; } while (n >= 1023.5 && i < units.length - 1);
  return `${n < 10 ? Number(n.toFixed(1)) : Math.round(n)} ${units[i]}`;
};

export const many = (n, one, more = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : more}`;

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A date a person can place, with the exact one behind it. */
export function date(ms) {
  const then = new Date(ms);
  const minutes = Math.round((Date.now() - ms) / 60000);
  let text;
  if (minutes < 1) text = "just now";
  else if (minutes < 60) text = `${minutes} min ago`;
  else if (minutes < 24 * 60) text = `${Math.round(minutes / 60)} h ago`;
  else text = DAY.format(then);
  return h("time", { datetime: then.toISOString(), title: FULL.format(then) }, text);
}

/** A page picture that appears when it is there, and says so when it is not. */
export function thumbnail(src, alt, size) {
  const image = h("img", { src, alt, loading: "lazy", decoding: "async" });
  if (size) { image.width = size[0]; image.height = size[1]; }
  image.addEventListener("load", () => image.classList.add("ready"));
  image.addEventListener("error", () => image.classList.add("broken"));
  return image;
}

// The address carries what is looked at, so that a link opens the same.

/** What the address says. */
export function read() {
  const asked = new URLSearchParams(location.search);
  const number = (name) => (asked.has(name) && Number.isFinite(Number(asked.get(name))) ? Number(asked.get(name)) : null);
  const at = asked.get("at")?.split(",").map(Number);
  return {
    view: ["side", "overlay", "swipe", "blink"].includes(asked.get("view")) ? asked.get("view") : "side",
    page: number("page"),
    change: asked.get("change"),
    zoom: number("zoom"),
    fit: asked.get("zoom") === "width" ? "width" : "fit",
    at: at?.length === 2 && at.every(Number.isFinite) ? at : null,
    kinds: asked.get("kinds") ? new Set(asked.get("kinds").split(",")) : null,
    text: asked.get("text") ?? "",
    noise: asked.has("noise"),
    group: number("group"),
    verdict: asked.get("verdict"),
    changed: asked.has("changed"),
    split: number("split") ?? 50,
    boxes: asked.get("boxes") !== "off",
  };
}

function text(app) {
  const { state, filter, camera, marks } = app;
  const put = new URLSearchParams();
  const set = (name, value) => { if (value !== null && value !== undefined && value !== "" && value !== false) put.set(name, value === true ? "" : String(value)); };
  set("view", state.view === "side" ? null : state.view);
  const centre = camera.centre();
  set("page", centre && centre.row.index + 1);
  if (camera.mode === "free") {
    set("zoom", Number(camera.zoom.toFixed(3)));
    set("at", centre?.point.map((v) => v.toFixed(1)).join(","));
  } else if (camera.mode === "width") set("zoom", "width");
  set("change", state.change?.key);
  set("kinds", filter.kinds && [...filter.kinds].join(","));
  set("text", filter.text);
  set("noise", filter.noise);
  set("group", filter.group);
  set("verdict", filter.verdict);
  set("changed", state.changed);
  set("split", state.view === "swipe" && state.split !== 50 ? Math.round(state.split) : null);
  set("boxes", marks.on ? null : "off");
  const query = put.toString().replaceAll("%2C", ",").replace(/=(?=&|$)/g, "");
  return location.pathname + (query ? `?${query}` : "");
}

/** Writes the address: at once, or with the next pause while it keeps changing
    (browsers allow about six a second). */
export function writer(app) {
  let last = 0;
  let timer = 0;
  const write = () => {
    timer = 0;
    last = performance.now();
    const next = text(app);
    if (next !== location.pathname + location.search) history.replaceState(null, "", next);
  };
  return () => {
    if (timer) return;
    const wait = 200 - (performance.now() - last);
    if (wait <= 0) write(); else timer = setTimeout(write, wait);
  };
}

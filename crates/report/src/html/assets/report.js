// The page reads well without this; with it one can step, filter, zoom and
// look through the overlay. No text is ever turned into markup here.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const body = document.body;
  const root = document.documentElement;
  const main = $("main");
  const items = all(".item");
  // What stepping stops at: changes, and pages that came, went or moved.
  const stops = all(".item, .event a");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // Marks of a change, found once: there may be tens of thousands.
  const marks = new Map();
  for (const mark of all("[data-c]:not(.item)")) {
    const list = marks.get(mark.dataset.c);
    if (list) list.push(mark); else marks.set(mark.dataset.c, [mark]);
  }
  const marksOf = (item) => marks.get(item.dataset.c) || [];
  const words = items.map((item) => item.textContent.toLowerCase());

  let noise = false;
  let active = null;
  let visible = [];

  // ---- filter ----
  const chips = all(".chip[data-kind]");
  const search = $("search");
  const sections = all(".of-page");

  function filter() {
    const kinds = new Set(chips.filter((c) => c.ariaPressed === "true").map((c) => c.dataset.kind));
    // Kinds that only occur as noise have no chip.
    const known = new Set(chips.map((c) => c.dataset.kind));
    const wanted = search.value.trim().toLowerCase();
    let shown = 0;
    items.forEach((item, i) => {
      const kind = item.dataset.kind;
      const show = (kinds.has(kind) || !known.has(kind)) && (noise || !("noise" in item.dataset)) &&
        (!wanted || words[i].includes(wanted));
      item.parentElement.hidden = !show;
      for (const mark of marksOf(item)) mark.classList.toggle("off", !show);
      if (show) shown += 1;
    });
    const filtered = wanted || kinds.size < chips.length;
    for (const section of sections) {
      const some = section.querySelector("li:not([hidden])");
      section.hidden = !some && (filtered || !("event" in section.dataset));
    }
    visible = stops.filter((stop) => stop.matches(".item") ? !stop.parentElement.hidden : !filtered);
    $("none").hidden = shown > 0 || items.length === 0;
    const total = items.filter((item) => noise || !("noise" in item.dataset)).length;
    const said = (n) => n.toLocaleString("en") + (n === 1 ? " change" : " changes");
    $("shown").textContent = shown === total ? said(total) : shown.toLocaleString("en") + " of " + said(total);
    if (active && !visible.includes(active)) select(null);
    position();
  }

  for (const chip of chips) {
    chip.addEventListener("click", () => {
      const pressed = chips.filter((c) => c.ariaPressed === "true");
      // The first click asks for this kind alone; the only one left brings all back.
      if (pressed.length === chips.length && chips.length > 1) {
        for (const c of chips) c.ariaPressed = String(c === chip);
      } else if (pressed.length === 1 && pressed[0] === chip) {
        for (const c of chips) c.ariaPressed = "true";
      } else {
        chip.ariaPressed = String(chip.ariaPressed !== "true");
      }
      filter();
    });
  }
  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });

  function setNoise(on) {
    if (!$("noise")) return;
    noise = on;
    $("noise").ariaPressed = String(on);
    body.classList.toggle("with-noise", on);
    filter();
  }
  $("noise")?.addEventListener("click", () => setNoise(!noise));

  // ---- one change at a time ----
  function position() {
    const at = active ? visible.indexOf(active) : -1;
    $("position").textContent = (at < 0 ? "–" : (at + 1).toLocaleString("en")) + " / " + visible.length.toLocaleString("en");
  }

  function select(item, focus) {
    if (active) {
      active.removeAttribute("aria-current");
      for (const mark of marksOf(active)) mark.classList.remove("active");
    }
    active = item;
    position();
    if (!item) { ring([]); history.replaceState(null, "", "#"); return; }
    item.setAttribute("aria-current", "true");
    const own = marksOf(item);
    for (const mark of own) mark.classList.add("active");
    const target = own.find((mark) => mark.id) || own[0];
    if (target) show(target);
    ring(own);
    if (!target) pageOf(item)?.scrollIntoView();
    item.scrollIntoView({ block: "nearest" });
    if (focus) item.focus({ preventScroll: true });
    history.replaceState(null, "", item.hash);
  }

  const pageOf = (item) => document.getElementById(item.closest(".of-page").querySelector("h2 a").hash.slice(1));

  // Centre of the mark to the centre of the view, both ways; half of what is
  // far away is scrolled at once, because flying over 90 pages helps nobody.
  function show(mark) {
    // Sheets far off screen are not laid out inside: bring the sheet in first.
    const sheet = mark.closest(".sheet");
    const shape = mark.querySelector("path") || mark;
    const scroller = mark.closest(".scroll");
    let box = shape.getBoundingClientRect();
    if (sheet && !box.width && !box.height) { sheet.scrollIntoView(); box = shape.getBoundingClientRect(); }
    const frame = main.getBoundingClientRect();
    const top = main.scrollTop + box.top - frame.top - Math.max(40, (frame.height - Math.min(box.height, frame.height)) / 2);
    const near = Math.abs(top - main.scrollTop) < frame.height * 1.5;
    main.scrollTo({ top, behavior: near && !calm.matches ? "smooth" : "instant" });
    const side = body.dataset.view === "overlay" ? mark.closest(".sheets") : scroller;
    if (side && side.scrollWidth > side.clientWidth) {
      const view = side.getBoundingClientRect();
      side.scrollLeft += box.left - view.left - (view.width - box.width) / 2;
    }
  }

  // On a large drawing a changed value is a few pixels: ring it.
  const RING = 44;
  function ring(own) {
    for (const old of all(".ring")) old.remove();
    for (const mark of own) {
      const svg = mark.ownerSVGElement;
      const shape = mark.querySelector?.("path");
      if (!svg || !shape || mark.classList.contains("ghost")) continue;
      const unit = svg.viewBox.baseVal.width / (svg.getBoundingClientRect().width || 1);
      const box = shape.getBBox();
      if (Math.max(box.width, box.height) > RING * unit * 0.7) continue;
      const circle = document.createElementNS(svg.namespaceURI, "circle");
      circle.setAttribute("class", "ring");
      circle.setAttribute("cx", box.x + box.width / 2);
      circle.setAttribute("cy", box.y + box.height / 2);
      circle.setAttribute("r", RING / 2 * unit);
      mark.append(circle);
    }
  }

  function step(by) {
    if (!visible.length) return;
    let at = active ? visible.indexOf(active) : -1;
    if (at < 0) {
      at = by > 0 ? firstBelow() : visible.length - 1;
    } else {
      at = (at + by + visible.length) % visible.length;
    }
    select(visible[at]);
  }

  // With nothing selected, stepping starts from what is on the screen.
  function firstBelow() {
    if (main.scrollTop < 10) return 0;
    const top = main.getBoundingClientRect().top;
    const below = (element) => element.getBoundingClientRect().bottom > top + 1;
    const at = visible.findIndex((item) => item.dataset.c ? marksOf(item).some(below) : below(pageOf(item)));
    return Math.max(at, 0);
  }

  document.addEventListener("click", (event) => {
    const item = event.target.closest(".item, .event a");
    const place = event.target.closest("[data-goto]");
    const mark = event.target.closest("[data-c]:not(.item)");
    if (item && !item.dataset.c) {
      event.preventDefault();
      select(item, true);
      return;
    }
    const number = item?.dataset.c || place?.dataset.goto || mark?.dataset.c;
    if (number) {
      if (item && (event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const wanted = byNumber(number);
      if (wanted) select(wanted, Boolean(item));
      return;
    }
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash.length > 1) {
      const target = document.getElementById(link.hash.slice(1));
      if (target) {
        event.preventDefault();
        target.scrollIntoView({ block: "start" });
        history.replaceState(null, "", link.hash);
        if (link.classList.contains("skip")) main.focus();
      }
    }
  });
  const numbers = new Map(items.map((item) => [item.dataset.c, item]));
  function byNumber(number) {
    const item = numbers.get(number);
    if (item && item.parentElement.hidden) {
      // Asked for by name: let go of the filter that hides it.
      search.value = "";
      for (const chip of chips) chip.ariaPressed = "true";
      if ("noise" in item.dataset) setNoise(true); else filter();
    }
    return item;
  }
  $("next").addEventListener("click", () => step(1));
  $("prev").addEventListener("click", () => step(-1));

  // ---- looking ----
  const views = all("button[data-view]");
  function anchored(change) {
    // What is in the middle of the screen stays there.
    const frame = main.getBoundingClientRect();
    const middle = frame.top + frame.height / 2;
    const pair = all(".pair, .quiet").find((p) => p.getBoundingClientRect().bottom > middle);
    const before = pair?.getBoundingClientRect();
    const share = before && before.height ? (middle - before.top) / before.height : 0;
    change();
    if (pair) {
      const after = pair.getBoundingClientRect();
      main.scrollTop += after.top + share * after.height - middle;
    }
  }
  function look(view) {
    anchored(() => {
      body.dataset.view = view;
      delete body.dataset.blink;
      for (const button of views) button.ariaPressed = String(button.dataset.view === view);
    });
    if (active) select(active);
  }
  for (const button of views) button.addEventListener("click", () => look(button.dataset.view));

  function blink() {
    if (body.dataset.view !== "overlay") { look("overlay"); return; }
    const next = { undefined: "old", old: "new" }[body.dataset.blink];
    if (next) body.dataset.blink = next; else delete body.dataset.blink;
  }

  const steps = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4, 6];
  let zoom = 1;
  function setZoom(value) {
    zoom = value;
    anchored(() => root.style.setProperty("--zoom", zoom));
    $("fit").textContent = Math.round(zoom * 100) + " %";
    if (active) {
      const own = marksOf(active);
      const target = own.find((mark) => mark.id) || own[0];
      if (target) show(target);
      ring(own);
    }
  }
  const zoomBy = (by) => setZoom(steps[Math.min(Math.max(steps.indexOf(zoom) + by, 0), steps.length - 1)]);
  $("in").addEventListener("click", () => zoomBy(1));
  $("out").addEventListener("click", () => zoomBy(-1));
  $("fit").addEventListener("click", () => setZoom(1));

  // Both pages of a pair scroll sideways together.
  document.addEventListener("scroll", (event) => {
    const from = event.target;
    if (!from.classList?.contains("scroll")) return;
    for (const other of all(".scroll", from.closest(".sheets"))) {
      if (other !== from && Math.abs(other.scrollLeft - from.scrollLeft) > 1) other.scrollLeft = from.scrollLeft;
    }
  }, true);

  function toggleMarks() {
    const hidden = body.classList.toggle("no-marks");
    $("marks").ariaPressed = String(!hidden);
  }
  $("marks").addEventListener("click", toggleMarks);

  function toggleTheme() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  }
  $("theme").addEventListener("click", toggleTheme);

  const help = $("help");
  $("helper").addEventListener("click", () => help.showModal());
  $("help-close").addEventListener("click", () => help.close());

  // ---- the map follows ----
  const places = new Map(all(".map a").map((a) => [a.hash.slice(1), a]));
  let here = null;
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      const place = places.get(entry.target.id);
      if (!place || place === here) continue;
      here?.removeAttribute("aria-current");
      here = place;
      here.setAttribute("aria-current", "true");
      here.scrollIntoView({ block: "nearest" });
    }
  }, { root: main, rootMargin: "-45% 0px -45% 0px" });
  const pairs = all(".pair, .thumbs li");
  for (const pair of pairs) seen.observe(pair);

  function page(by) {
    const top = main.getBoundingClientRect().top + 20;
    const tops = pairs.map((p) => p.getBoundingClientRect().top);
    const next = by > 0 ? tops.findIndex((t) => t > top) : tops.findLastIndex((t) => t < top - 20);
    pairs[next]?.scrollIntoView({ block: "start" });
  }

  // ---- keys ----
  const keys = {
    n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1),
    "]": () => page(1), "[": () => page(-1),
    "/": () => search.focus(), s: () => look("side"), o: () => look(body.dataset.view === "overlay" ? "side" : "overlay"),
    b: blink, "+": () => zoomBy(1), "=": () => zoomBy(1), "-": () => zoomBy(-1), 0: () => setZoom(1),
    h: toggleMarks, x: () => setNoise(!noise), d: toggleTheme, "?": () => help.showModal(),
    Escape: () => select(null),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target === search) {
      if (event.key === "Escape") { search.value = ""; filter(); search.blur(); }
      if (event.key === "Enter") { search.blur(); step(1); }
      return;
    }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  filter();
  if (/^#c\d+$/.test(location.hash)) {
    const item = byNumber(location.hash.slice(2));
    if (item) select(item);
  }
})();

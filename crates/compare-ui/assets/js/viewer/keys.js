// Keys. Without modifiers, and not while something is written.
import { $ } from "../dom.js";

const VIEWS = ["side", "overlay", "swipe", "blink"];

export function attach(app) {
  const { camera } = app;
  const judge = (verdict) => app.state.change && app.judge(app.state.change, verdict);
  const acts = {
    j: () => app.step(1), n: () => app.step(1), k: () => app.step(-1), p: () => app.step(-1),
    "]": () => app.stepPage(1), "[": () => app.stepPage(-1),
    "+": () => camera.zoomBy(1.25), "=": () => camera.zoomBy(1.25), "-": () => camera.zoomBy(0.8), 0: () => camera.fit("fit"), w: () => camera.fit("width"),
    l: () => app.toggleLock(), b: () => app.toggleBoxes(), i: () => app.ignoring?.toggle(),
    "/": () => { app.openPanel(true); $("filter").focus(); $("filter").select(); },
    r: () => judge("reviewed"), a: () => judge("accepted"), q: () => judge("query"),
    c: () => { app.openPanel(true); document.querySelector('.item textarea[name="comment"]')?.focus(); },
    "?": () => app.help(),
  };
  VIEWS.forEach((view, i) => { acts[i + 1] = () => app.setView(view); });

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const writing = event.target.closest("input, textarea, select");
    if (event.key === "Escape") {
      if (writing) { writing.blur(); $("scroller").focus({ preventScroll: true }); return; }
      if (app.ignoring?.on) app.ignoring.toggle(false);
      else app.select(null);
      return;
    }
    if (writing) return;
    const onItem = event.target.closest(".item");
    if (onItem && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      app.step(event.key === "ArrowDown" ? 1 : -1, { focus: true });
      return;
    }
    if (event.target.closest("button, a, summary") && (event.key === " " || event.key === "Enter")) return;
    if (event.key === " " && camera.view === "blink") {
      event.preventDefault();
      app.stage.step();
      return;
    }
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

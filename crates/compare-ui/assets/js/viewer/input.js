// Hands on the pages: drag, pinch, wheel, clicks on boxes, drawing an area.
import { $ } from "../dom.js";

const CLICK = 5; // px a press may stray

export function attach(app) {
  const { camera } = app;
  const viewport = $("viewport");
  const overOld = (event) => camera.free && camera.panes[0].sides[0] === "old" && within(camera.panes[0], point(event));
  const point = (event) => {
    const box = viewport.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const within = (pane, [x, y]) => x >= pane.x && x <= pane.x + pane.w && y >= pane.y && y <= pane.y + pane.h;

  $("scroller").addEventListener("wheel", (event) => {
    camera.stop();
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      // A notch of a wheel is about 100, a pinch on a touchpad gives small steps.
      camera.zoomBy(Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) * (event.deltaMode ? 0.05 : Math.abs(event.deltaY) < 40 ? 0.01 : 0.0022)), point(event));
    } else if (overOld(event)) {
      event.preventDefault();
      const unit = event.deltaMode ? 30 : 1;
      camera.moveFree(event.deltaX * unit, event.deltaY * unit);
    }
  }, { passive: false });

  let press = null;
  viewport.addEventListener("pointerdown", (event) => {
    if (event.button > 1 || event.target.closest("#swipe")) return;
    camera.stop();
    if (app.ignoring?.begin(event, point(event))) return;
    if (event.pointerType === "touch" && !overOld(event)) { press = { x: event.clientX, y: event.clientY, touch: true, target: event.target }; return; }
    press = { x: event.clientX, y: event.clientY, at: [event.clientX, event.clientY], old: overOld(event), target: event.target };
  });
  viewport.addEventListener("pointermove", (event) => {
    if (app.ignoring?.move(point(event))) return;
    if (!press || press.touch) return;
    if (!press.dragging) {
      if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < CLICK) return;
      press.dragging = true;
      viewport.setPointerCapture(event.pointerId);
      viewport.classList.add("dragging");
    }
    const [dx, dy] = [press.at[0] - event.clientX, press.at[1] - event.clientY];
    press.at = [event.clientX, event.clientY];
    if (press.old) camera.moveFree(dx, dy);
    else $("scroller").scrollBy({ left: dx, top: dy, behavior: "instant" });
  });
  const release = (event) => {
    viewport.classList.remove("dragging");
    if (app.ignoring?.end(point(event))) { press = null; return; }
    const was = press;
    press = null;
    if (!was || was.dragging || event.type === "pointercancel") return;
    if (Math.hypot(event.clientX - was.x, event.clientY - was.y) > CLICK * 2) return;
    const id = was.target.closest?.("[data-change]")?.dataset.change;
    app.select(id ? app.model.byId.get(Number(id)) : null, { from: "page" });
  };
  viewport.addEventListener("pointerup", release);
  viewport.addEventListener("pointercancel", release);
  viewport.addEventListener("dblclick", (event) => camera.zoomBy(2, point(event)));

  // Two fingers zoom about the point between them and move with it.
  let pinch = null;
  const two = (event) => {
    const [a, b] = event.touches;
    return { middle: point({ clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 }), apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) };
  };
  viewport.addEventListener("touchstart", (event) => {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    press = null;
    pinch = two(event);
  }, { passive: false });
  viewport.addEventListener("touchmove", (event) => {
    if (!pinch || event.touches.length !== 2) return;
    const now = two(event);
    // Where one finger had begun to scroll, the browser moves the pages itself.
    if (event.cancelable) {
      event.preventDefault();
      $("scroller").scrollBy({ left: pinch.middle[0] - now.middle[0], top: pinch.middle[1] - now.middle[1], behavior: "instant" });
    }
    camera.zoomBy(now.apart / pinch.apart, now.middle);
    pinch = now;
  }, { passive: false });
  viewport.addEventListener("touchend", (event) => { if (event.touches.length < 2) pinch = null; });

  swipe(app, viewport, point);
}

function swipe(app, viewport, point) {
  const handle = $("swipe");
  const to = (share) => app.setSplit(Math.max(0, Math.min(100, share)));
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    const move = (moved) => to((point(moved)[0] / viewport.clientWidth) * 100);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), { once: true });
  });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -2, ArrowRight: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    to(app.state.split + step);
  });
}

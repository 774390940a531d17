// Uploads, a few at a time, each with its progress.
import { h, bytes, told, toast } from "../dom.js";
import { upload } from "../api.js";

const AT_ONCE = 3;

/** Looks like a PDF: by type, by name, or by its first bytes. */
async function isPdf(file) {
  if (file.type === "application/pdf" || /\.pdf$/i.test(file.name)) return true;
  const start = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  return String.fromCharCode(...start).includes("%PDF-");
}

/** Which of two ages a name says: “contract old” is before “contract new”. */
function age(name) {
  const says = (words) => new RegExp(`(^|[^a-z])(${words})([^a-z]|$)`, "i").test(name);
  return says("old|before|orig|original|prev|previous") ? -1 : says("new|after|revised|current|latest|final") ? 1 : 0;
}

function revisionOrder(a, b) {
  // Where two files are dropped, their names tell which is older: words, or
  // “Rev B” and “Rev C”, or dates; else the time of the file; else the order given.
  const byAge = age(a.name) - age(b.name);
  if (byAge) return byAge;
  const byName = a.name.localeCompare(b.name, "en", { numeric: true });
  return byName || a.lastModified - b.lastModified;
}

/** `arrived(document)` for each; `pair(old, new)` where two were given to go. */
export function uploads(box, { arrived, pair }) {
  const waiting = [];
  let running = 0;

  function row(file) {
    const bar = h("progress", { max: 1, value: 0, "aria-label": `Uploading ${file.name}` });
    const state = h("span", null, bytes(file.size));
    const stop = new AbortController();
    const button = h("button", { type: "button", class: "icon", "aria-label": `Stop ${file.name}`, onclick: () => stop.abort() }, "×");
    const element = h("div", { class: "upload" }, h("span", null, h("b", null, file.name), " ", state), button, bar);
    return { element, bar, state, button, signal: stop.signal };
  }

  function pump() {
    while (running < AT_ONCE && waiting.length) {
      running += 1;
      waiting.shift()().finally(() => { running -= 1; pump(); });
    }
    box.hidden = box.childElementCount === 0;
  }

  function one(file, series) {
    const line = row(file);
    box.append(line.element);
    return new Promise((done) => {
      waiting.push(async () => {
        try {
          if (line.signal.aborted) throw new DOMException("stopped", "AbortError");
          if (!(await isPdf(file))) throw new Error("This is not a PDF.");
          const limit = Number(document.body.dataset.maxUpload);
          if (limit && file.size > limit) throw new Error(`The file is larger than the ${bytes(limit)} this service takes.`);
          const answer = await upload(file, {
            series,
            signal: line.signal,
            progress: (share) => {
              line.bar.value = share;
              line.state.textContent = share < 1 ? `${Math.round(share * 100)} %` : "being stored";
            },
          });
          line.element.remove();
          const stored = answer.document ?? answer;
          if (answer.known) toast(`“${file.name}” was here already.`);
          arrived(stored);
          done(stored);
        } catch (error) {
          line.bar.remove();
          line.state.textContent = told(error);
          line.state.className = "error";
          line.button.onclick = null;
          line.button.setAttribute("aria-label", `Close ${file.name}`);
          line.button.addEventListener("click", () => { line.element.remove(); pump(); });
          done(null);
        }
      });
    });
  }

  return {
    /** Resolves when all have ended, one way or the other. */
    async add(files, { series = null, go = false } = {}) {
      const ordered = go && files.length === 2 ? [...files].sort(revisionOrder) : files;
      const ends = ordered.map((file) => one(file, series));
      pump();
      const stored = await Promise.all(ends);
      pump();
      if (go && stored.length === 2 && stored.every(Boolean) && stored[0].id !== stored[1].id) pair(...stored);
      return stored;
    },
  };
}

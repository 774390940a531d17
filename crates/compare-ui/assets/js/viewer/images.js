// Page pictures: wanted anew in every frame, fetched a few at a time, nearest
// first, given up when no longer wanted, kept while there is room.
import { pageImage } from "../api.js";
import * as trace from "../trace.js";

const AT_ONCE = 6;
const ROOM = (navigator.deviceMemory && navigator.deviceMemory < 4 ? 96 : 256) * 1e6; // bytes of pixels
const RETRY = 4000; // ms

export class Images {
  constructor(changed) {
    this.changed = changed;
    this.kept = new Map(); // key → bitmap, least recently used first
    this.loading = new Map(); // key → AbortController
    this.failed = new Map(); // key → when
    this.wanted = new Map(); // key → {url, priority}
    this.used = new Set();
    this.bytes = 0;
  }

  begin() {
    this.wanted.clear();
    this.used.clear();
  }

  /** The picture if it is here. Marks it as in use. */
  peek(document, page, scale, region) {
    const key = keyOf(document, page, scale, region);
    const bitmap = this.kept.get(key);
    if (bitmap) {
      this.used.add(key);
      this.kept.delete(key);
      this.kept.set(key, bitmap);
    }
    return bitmap ?? null;
  }

  /** The picture if it is here; else it is fetched. Lower priority first. */
  want(document, page, scale, region, priority) {
    const bitmap = this.peek(document, page, scale, region);
    const key = keyOf(document, page, scale, region);
    if (!bitmap && !this.wanted.has(key)) this.wanted.set(key, { url: pageImage(document, page, scale, region), priority });
    return bitmap;
  }

  isFailed(document, page, scale) {
    return this.failed.has(keyOf(document, page, scale, null));
  }

  /** Ends a frame: stops what nobody wants, starts what somebody does. */
  settle() {
    for (const [key, stop] of this.loading) if (!this.wanted.has(key)) stop.abort();
    const next = [...this.wanted.entries()]
      .filter(([key]) => !this.loading.has(key) && !(Date.now() - this.failed.get(key) < RETRY))
      .sort((a, b) => a[1].priority - b[1].priority);
    for (const [key, { url }] of next) {
      if (this.loading.size >= AT_ONCE) break;
      this.#load(key, url);
    }
  }

  async #load(key, url) {
    const stop = new AbortController();
    this.loading.set(key, stop);
    try {
      const response = await fetch(url, { signal: stop.signal, headers: trace.headers(), credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      const bitmap = await createImageBitmap(await response.blob());
      this.failed.delete(key);
      trace.end();
      this.#keep(key, bitmap);
    } catch (error) {
      if (error.name !== "AbortError") {
        this.failed.set(key, Date.now());
        setTimeout(this.changed, RETRY + 50);
      }
    }
    this.loading.delete(key);
    this.changed();
  }

  #keep(key, bitmap) {
    this.kept.set(key, bitmap);
    this.bytes += bitmap.width * bitmap.height * 4;
    for (const [old, image] of this.kept) {
      if (this.bytes <= ROOM) break;
      if (this.used.has(old) || old === key) continue;
      this.kept.delete(old);
      this.bytes -= image.width * image.height * 4;
      image.close();
    }
  }
}

const keyOf = (document, page, scale, region) => `${document}/${page}@${scale}${region ? `:${region.join(",")}` : ""}`;

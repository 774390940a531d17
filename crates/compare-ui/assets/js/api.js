// The public API. Problems (RFC 9457) become errors with a title and a detail.

import * as trace from "./trace.js";

/** Base of the API for this page; that of a share where one is read. */
export const base = document.body.dataset.api;

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail || body?.title || `The server answered ${status}.`);
    this.name = "Problem";
    this.status = status;
    this.type = body?.type ?? "";
    this.title = body?.title;
    this.detail = body?.detail;
    this.body = body;
  }
}

let opening = null;

/** The session: its CSRF token, what is used, what is allowed. */
export function session(fresh = false) {
  if (fresh || !opening) {
    opening = request("GET", "/session");
    opening.catch(() => { opening = null; });
  }
  return opening;
}

async function answer(response) {
  if (response.ok) {
    if (response.status === 204) return null;
    const type = response.headers.get("content-type") ?? "";
    return type.includes("json") ? response.json() : response.text();
  }
  throw await problem(response);
}

async function problem(response) {
  let body = null;
  try { body = await response.json(); } catch { /* not every proxy speaks JSON */ }
  if (!body && response.status >= 502) {
    body = { title: "The service is not reachable", detail: "It may be restarting. Try again in a moment." };
  }
  return new Problem(response.status, body);
}

async function request(method, path, { body, signal, headers = {} } = {}) {
  const init = { method, signal, headers: { accept: "application/json", ...trace.headers(), ...headers }, credentials: "same-origin" };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers["content-type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(base + path, init);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { title: "No connection", detail: "The service cannot be reached. Check the connection and try again." });
  }
  return answer(response);
}

async function unsafe(method, path, options = {}) {
  const send = async (fresh) => {
    const { csrf_token: token } = await session(fresh);
    const headers = { "x-csrf-token": token, ...options.headers };
    if (method === "POST") headers["idempotency-key"] = options.key;
    return request(method, path, { ...options, headers });
  };
  options.key ??= trace.hex(16);
  try {
    return await send(false);
  } catch (error) {
    // The session may have ended or been renewed by another tab.
    if (error.status === 403 || error.status === 401) return send(true);
    throw error;
  }
}

export const get = (path, options) => request("GET", path, options);
export const post = (path, body, options) => unsafe("POST", path, { body, ...options });
export const patch = (path, body) => unsafe("PATCH", path, { body });
export const put = (path, body) => unsafe("PUT", path, { body });
export const remove = (path) => unsafe("DELETE", path);

/** Address of a page picture; `scale` in pixels per point, `region` in points. */
export function pageImage(document, page, scale, region) {
  const where = region ? `&region=${region.map((v) => Number(v.toFixed(3))).join(",")}` : "";
  return `${base}/documents/${document}/pages/${page}/image?scale=${scale}${where}`;
}

/** Uploads a file; tells the share that is sent. Gives `{document, job}`. */
export async function upload(file, { series, progress, signal } = {}) {
  trace.begin();
  const { csrf_token: token } = await session();
  const form = new FormData();
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", `${base}/documents${series ? `?series=${series}` : ""}`);
    xhr.setRequestHeader("x-csrf-token", token);
    xhr.setRequestHeader("idempotency-key", trace.hex(16));
    for (const [name, value] of Object.entries(trace.headers())) xhr.setRequestHeader(name, value);
    xhr.setRequestHeader("accept", "application/json");
    xhr.responseType = "json";
    xhr.upload.onprogress = (event) => event.lengthComputable && progress?.(event.loaded / event.total);
    xhr.onload = () => (xhr.status < 300 ? resolve(xhr.response) : reject(new Problem(xhr.status, xhr.response)));
    xhr.onerror = () => reject(new Problem(0, {
      title: "The upload broke off",
      detail: "The connection was lost, or the file is larger than the service takes. Try again.",
    }));
    xhr.onabort = () => reject(new DOMException("stopped", "AbortError"));
    signal?.addEventListener("abort", () => xhr.abort());
    xhr.send(form);
  });
}

/** Calls `ask(entry)` for what `pending()` lists, now and then: an event may be
    lost, and a stream refused. */
export function lookAfter(pending, ask) {
  const LONGEST = 8000; // ms
  let pause = 1500;
  const look = async () => {
    const entries = document.hidden ? [] : pending();
    pause = entries.length ? Math.min(LONGEST, pause * 1.3) : 1500;
    await Promise.all(entries.slice(0, 20).map(ask));
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}

/** Calls `tell(job)` for every change of a job of this workspace. */
export function jobs(tell, again) {
  let source = null;
  let lost = false;
  let closed = false;
  const open = () => {
    source = new EventSource(`${base}/events`);
    source.addEventListener("job", (event) => tell(JSON.parse(event.data)));
    source.onerror = () => {
      lost = true;
      // Refused for good, as with too many streams: tried again by and by.
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => closed || document.hidden || open(), 10000);
    };
    // What happened while the connection was away has to be asked for.
    source.onopen = () => { if (lost) { lost = false; again?.(); } };
  };
  // A browser has few connections for all its tabs: one not seen gives its up.
  const seen = () => {
    source?.close();
    source = null;
    lost = true;
    if (!document.hidden && !closed) open();
  };
  session().then(() => {
    document.addEventListener("visibilitychange", seen);
    if (!closed && !document.hidden) open();
  }).catch(() => {});
  return { close: () => { closed = true; document.removeEventListener("visibilitychange", seen); source?.close(); } };
}

// The trace of one person's errand: from an upload over the comparison to the first page
// drawn, across pages of this tab, so that operators find all of it under one id.

const KEY = "trace";
const LONGEST = 15 * 60 * 1000; // ms: an errand left lying is over

export const hex = (n) => Array.from(crypto.getRandomValues(new Uint8Array(n)), (b) => b.toString(16).padStart(2, "0")).join("");

function kept() {
  try {
    const { id, since } = JSON.parse(sessionStorage.getItem(KEY));
    return Date.now() - since < LONGEST ? id : null;
  } catch {
    return null; // none, or no storage: then every page has errands of its own
  }
}

let current = kept();

/** Begins an errand, or goes on with the one under way. */
export function begin() {
  if (current) return;
  current = hex(16);
  try { sessionStorage.setItem(KEY, JSON.stringify({ id: current, since: Date.now() })); } catch { /* as above */ }
}

/** Ends it: what was wanted is there. */
export function end() {
  current = null;
  try { sessionStorage.removeItem(KEY); } catch { /* as above */ }
}

/** What tells services the trace (W3C trace context); nothing where there is no errand. */
export const headers = () => (current ? { traceparent: `00-${current}-${hex(8)}-01` } : {});

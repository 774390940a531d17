// The pages themselves, before anything is known of their changes.
import { get } from "../api.js";

/** What stands in for a report: page n beside page n, nothing said of it.
    `null` while the pages are not known. */
export async function preview(comparison) {
  const [old, young] = await Promise.all([comparison.old, comparison.new].map(async (id) => (await get(`/documents/${id}/pages`)).sizes));
  if (!old.length || !young.length) return null;
  const pages = Array.from({ length: Math.max(old.length, young.length) }, (_, i) => ({
    old: i < old.length ? i + 1 : null,
    new: i < young.length ? i + 1 : null,
    status: "pending",
    old_size: old[i] ?? null,
    new_size: young[i] ?? null,
    transform: [1, 0, 0, 1, 0, 0],
  }));
  return { pages, changes: [], groups: [], warnings: [] };
}

// Links that open this one comparison to others.
import { $, h, date, failed, toast } from "../dom.js";
import { get, post, remove } from "../api.js";

let made = null; // id of the link that is shown

export function attach(path) {
  const dialog = $("share-dialog");
  $("share").addEventListener("click", () => { $("share-made").hidden = true; dialog.showModal(); list(path); });
  $("share-close").addEventListener("click", () => dialog.close());
  $("share-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const days = Number(event.target.elements.namedItem("expires").value);
    try {
      const share = await post(`${path}/shares`, days ? { expires: Date.now() + days * 86400000 } : {});
      const url = new URL(share.url ?? `/s/${share.secret}`, location.href);
      // Others see the same pages and changes, at a size that suits their window.
      const looked = new URLSearchParams(location.search);
      for (const own of ["zoom", "at"]) looked.delete(own);
      url.search = looked.toString().replaceAll("%2C", ",");
      $("share-url").value = url.href;
      made = share.id;
      $("share-made").hidden = false;
      $("share-url").select();
      list(path);
    } catch (error) { failed(error); }
  });
  $("share-copy").addEventListener("click", async () => {
    $("share-url").select();
    try {
      await navigator.clipboard.writeText($("share-url").value);
      $("share-copy").textContent = "Copied";
      setTimeout(() => { $("share-copy").textContent = "Copy"; }, 2000);
    } catch {
      toast("The link is selected: copy it with Ctrl+C.");
    }
  });
}

async function list(path) {
  try {
    const answer = await get(`${path}/shares`);
    const shares = answer.items ?? answer;
    $("share-list").replaceChildren(shares.length ? h("ul", { class: "shares" }, shares.map((share) => h("li", null,
      h("span", null, "Made ", date(share.created), share.expires ? [", ends ", new Date(share.expires).toLocaleDateString()] : ", does not end"),
      h("button", { type: "button", dataset: { share: share.id }, onclick: () => revoke(path, share) }, "Revoke")))) : "");
  } catch (error) { failed(error); }
}

async function revoke(path, share) {
  try {
    await remove(`/shares/${share.id}`);
    toast("The link no longer opens anything.");
    if (share.id === made) $("share-made").hidden = true;
    list(path);
  } catch (error) { failed(error); }
}

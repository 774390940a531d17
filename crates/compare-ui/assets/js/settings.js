// Space, tokens, and deleting everything.
import { $, h, bytes, date, many, failed, toast, trouble } from "./dom.js";
import { get, post, remove, session } from "./api.js";

const meter = (label, used, limit, say) => h("div", { class: "meter" },
  h("span", null, limit ? `${label}: ${say(used)} of ${say(limit)}` : `${label}: ${say(used)}`),
  limit > 0 && h("progress", { max: limit, value: Math.min(used, limit), "aria-label": label }));

async function usage() {
  const box = $("usage");
  try {
    const { usage: used, limits } = await session(true);
    box.replaceChildren(
      meter("Documents together", used.bytes, limits.workspace_bytes, bytes),
      meter("Documents", used.documents, limits.documents, (n) => n.toLocaleString("en")),
      h("p", { class: "hint" }, `${many(used.comparisons, "comparison")}.`,
        limits.upload_bytes ? ` One file may have ${bytes(limits.upload_bytes)}.` : ""));
  } catch (error) { box.replaceChildren(trouble(error, usage)); }
  box.setAttribute("aria-busy", "false");
}

async function tokens() {
  const box = $("tokens");
  try {
    const listed = await get("/tokens");
    const items = listed.items ?? listed;
    box.replaceChildren(items.length ? h("table", null,
      h("thead", null, h("tr", null, ["Name", "Made", "Last used", ""].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", null, items.map((token) => h("tr", null,
        h("td", null, token.name), h("td", null, date(token.created)), h("td", null, token.used ? date(token.used) : "never"),
        h("td", null, h("button", { type: "button", "aria-label": `Revoke ${token.name}`, onclick: () => revoke(token) }, "Revoke"))))))
      : h("p", { class: "hint" }, "No tokens yet."));
  } catch (error) { box.replaceChildren(trouble(error, tokens)); }
  box.setAttribute("aria-busy", "false");
}

async function revoke(token) {
  try {
    await remove(`/tokens/${token.id}`);
    toast(`“${token.name}” no longer opens anything.`);
    tokens();
  } catch (error) { failed(error); }
}

$("new-token").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    const made = await post("/tokens", { name: form.elements.namedItem("name").value.trim() });
    $("secret").replaceChildren("Copy the token now, it is not shown again:", h("code", null, made.secret ?? made.token));
    form.reset();
    tokens();
  } catch (error) { failed(error); }
});

$("wipe").addEventListener("click", () => $("sure").showModal());
$("sure").addEventListener("close", async () => {
  if ($("sure").returnValue !== "yes") return;
  try {
    await remove("/session?data=true");
    location.href = "/";
  } catch (error) { failed(error); }
});

session().then(() => { usage(); tokens(); }).catch((error) => $("usage").replaceChildren(trouble(error, () => location.reload())));

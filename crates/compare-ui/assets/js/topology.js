// The databases, for operators: who leads, how far others are behind, where reads go.
import { $, h, bytes, many, told } from "./dom.js";
import { get } from "./api.js";

const EVERY = 2000; // ms
const KEY = "operator-token";

let token = sessionStorage.getItem(KEY) ?? "";
let last = null; // the nodes as last told, and when
let timer = 0;

const ROLES = {
  leader: ["Primary", "good", "takes every write"],
  replica: ["Replica", "", "follows the primary"],
  primary: ["Claims to lead", "bad", "not followed: another node leads"],
  unknown: ["Unknown", "bad", "does not answer"],
};

const badge = (text, kind, title) => h("span", { class: `badge ${kind}`, title }, text);
const cell = (label, ...content) => h("td", { "data-label": label }, h("div", null, content.flat()));

function behind(node) {
  if (!node.up) return "–";
  if (node.role === "leader") return h("span", { class: "hint" }, "it leads");
  if (!node.lag.bytes) return "nothing";
  return [h("b", null, bytes(node.lag.bytes)), ` · ${node.lag.ms.toLocaleString("en")} ms`];
}

/** Reads sent since the router started, and in the last seconds. */
function reads(node, before, seconds) {
  const earlier = before?.find((other) => other.name === node.name);
  const rate = earlier && node.reads >= earlier.reads ? (node.reads - earlier.reads) / seconds : null;
  return [h("b", null, node.reads.toLocaleString("en")), rate !== null && h("span", { class: "hint" }, ` · ${rate.toFixed(rate < 10 ? 1 : 0)}/s`)];
}

const serves = (node) => {
  if (node.read_from) return "is read from";
  return node.role === "leader" ? "only for what replicas lack" : "is not read from now";
};

function row(node, share, before, seconds) {
  const [name, kind, why] = ROLES[node.role] ?? [node.role, "", ""];
  return h("tr", null,
    h("th", { scope: "row" }, node.name),
    cell("Role", badge(name, kind, why)),
    cell("Health", node.up ? badge("healthy", "good") : badge("down", "bad"), node.error && h("p", { class: "error" }, node.error)),
    cell("Behind", behind(node)),
    cell("Reads sent", h("div", { class: "reads" }, h("span", null, reads(node, before, seconds)),
      h("meter", { min: 0, max: 1, value: share, "aria-label": `Share of reads at ${node.name}` }),
      h("span", { class: "hint" }, serves(node)))),
    cell("Connections", `${node.connections - node.idle} busy of ${node.connections}`),
    cell("Position", h("code", null, node.position ?? "–")));
}

function sum(nodes) {
  const leader = nodes.find((node) => node.role === "leader");
  const replicas = nodes.filter((node) => node.role === "replica");
  const serving = replicas.filter((node) => node.read_from).length;
  const lost = nodes.length - replicas.length - (leader ? 1 : 0);
  let whence = `${serving} of ${many(replicas.length, "replica")} ${serving === 1 ? "is" : "are"} read from. `;
  if (!replicas.length) whence = `${lost ? "No replica answers" : "There are no replicas"}: the primary answers every read. `;
  return [
    leader ? [h("b", null, leader.name), " leads. "] : h("b", { class: "error" }, "No database takes writes. "),
    whence,
    lost > 0 && h("b", { class: "error" }, `${many(lost, "node")} ${lost === 1 ? "is" : "are"} out of order.`),
  ];
}

function show(nodes) {
  const before = last?.nodes;
  const seconds = last ? (Date.now() - last.at) / 1000 : 1;
  const total = nodes.reduce((all, node) => all + node.reads, 0);
  $("sum").replaceChildren(...sum(nodes).flat().filter(Boolean));
  $("nodes").replaceChildren(h("table", null,
    h("thead", null, h("tr", null, ["Node", "Role", "Health", "Behind", "Reads sent", "Connections", "Position"].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", null, nodes.map((node) => row(node, total ? node.reads / total : 0, before, seconds)))));
  $("about").hidden = false;
}

function say(title, ...text) {
  $("sum").replaceChildren();
  $("nodes").replaceChildren(h("div", { class: "nothing" }, h("h2", null, title), text.map((line) => h("p", null, line))));
  $("about").hidden = true;
}

const embedded = () => say("One embedded store, no replicas",
  "Everything is kept in one SQLite file, which takes every read and every write. There is nothing to route.",
  "Replicas come with PostgreSQL: see the scaled deployment in the documentation.");

const closed = () => say("This page is closed",
  ["No ", h("code", null, "OPERATOR_TOKEN"), " is set, so nobody can open it."],
  ["Set one of 32 characters or more, such as ", h("code", null, "openssl rand -hex 32"), " writes, in ", h("code", null, ".env"),
    " and start the gateway anew; for ", h("code", null, "pdf-compare serve"), " give it as ", h("code", null, "--operator-token"), " or in the environment."]);

function ask(why) {
  $("open").hidden = false;
  $("why").textContent = why;
  $("why").hidden = !why;
  $("sum").replaceChildren();
  $("nodes").replaceChildren();
  $("about").hidden = true;
  $("token").focus();
}

async function look() {
  clearTimeout(timer);
  let again = true;
  try {
    const nodes = await get("/topology", { headers: token ? { authorization: `Bearer ${token}` } : {} });
    if (token) sessionStorage.setItem(KEY, token);
    $("open").hidden = true;
    $("stale").hidden = true;
    if (nodes.length) show(nodes); else embedded();
    last = { nodes, at: Date.now() };
    $("when").textContent = new Date().toLocaleTimeString();
  } catch (error) {
    again = error.status !== 404 && error.status !== 401;
    if (error.status === 404) closed();
    else if (error.status === 401) {
      ask(token ? "This is not the operators' token." : "");
      token = "";
      sessionStorage.removeItem(KEY);
    } else {
      $("stale").textContent = `${told(error)}${last ? " What is shown is as it was." : ""} It is asked again.`;
      $("stale").hidden = false;
      if (!last) $("nodes").replaceChildren();
    }
  }
  $("nodes").setAttribute("aria-busy", "false");
  if (again) timer = setTimeout(() => (document.hidden ? undefined : look()), EVERY);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && last) look(); });
$("open").addEventListener("submit", (event) => {
  event.preventDefault();
  token = $("token").value.trim();
  $("token").value = "";
  look();
});
look();

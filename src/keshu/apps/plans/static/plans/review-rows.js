// The right pane: the current row with its tools, selected rows, and answers of the server put into the page.

import { marksOf, showPlace, syncMarks } from "./review-text.js";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

export const review = $("#review");
const mayReview = "mayReview" in review.dataset;

export const rows = () => $$("#grid .entry");
export const current = () => $('#grid .entry[aria-current="true"]');
export const rowOf = (ref) => document.getElementById(`row-${ref}`);
export const tab = () => $("#grid-head")?.dataset.tab || "targets";
export const version = () => $("#review-version").value;
export const toast = (message, tone = "at-risk") =>
  document.body.dispatchEvent(new CustomEvent("toast", { detail: { message, tone } }));

// --- the current row
export function setCurrent(row, { sync = true, scroll = true, force = false } = {}) {
  const before = current();
  if (before && before !== row) {
    before.removeAttribute("aria-current");
    $(".entry__tools", before)?.remove();
  }
  for (const mark of $$("#manuscript .is-current")) mark.classList.remove("is-current", "is-exact");
  if (!row) return;
  row.setAttribute("aria-current", "true");
  equip(row);
  if (scroll) bringIntoView(row);
  lightCurrent(row.dataset.ref);
  if (sync) showPlace(row.dataset.ref, Number(row.dataset.start), { force });
}

export function lightCurrent(ref) {
  for (const mark of marksOf(ref)) {
    mark.classList.add("is-current");
    mark.classList.toggle("is-exact", mark.classList.contains("mark--value") && mark.dataset.rows.startsWith(ref));
  }
}

function equip(row) {
  const template = $(`#tools-${row.dataset.kind}`);
  if (!template || "question" in row.dataset || $(".entry__tools, .entry__form", row)) return;
  const tools = template.content.firstElementChild.cloneNode(true);
  const state = row.dataset.review;
  $("[data-pending]", tools).hidden = state !== "pending";
  $("[data-kept]", tools).hidden = state === "rejected";
  $("[data-rejected]", tools).hidden = state !== "rejected";
  row.append(tools);
}

function bringIntoView(row) {
  const pane = $("#grid-scroll");
  const head = $("thead", pane)?.getBoundingClientRect().height || 0;
  const box = pane.getBoundingClientRect();
  const place = row.getBoundingClientRect();
  // Stacked panes on a small screen do not scroll on their own.
  if (getComputedStyle(pane).overflowY === "visible") {
    if (place.top < 60 || place.bottom > innerHeight) row.scrollIntoView({ block: "center" });
  } else if (place.top < box.top + head) pane.scrollTop += place.top - box.top - head - 8;
  else if (place.bottom > box.bottom - 8) pane.scrollTop += place.bottom - box.bottom + 48;
}

// A form is shown with its row, from the top where it is taller than the pane.
export function showForm(row) {
  const pane = $("#grid-scroll");
  const head = $("thead", pane)?.getBoundingClientRect().height || 0;
  const box = pane.getBoundingClientRect();
  const place = row.getBoundingClientRect();
  if (getComputedStyle(pane).overflowY === "visible") row.scrollIntoView({ block: "nearest" });
  else if (place.bottom > box.bottom || place.top < box.top + head) {
    pane.scrollTop += Math.min(place.bottom - box.bottom + 8, place.top - box.top - head);
  }
}

export function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  setCurrent(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
}

export function toFirst() {
  if (Number($("#grid .rows")?.dataset.begins)) loadGrid();
  else setCurrent(rows()[0]);
}

// The last of all rows, not of those that have arrived.
export function toLast() {
  if ($("#rows-more")) loadGrid({}, { at: LAST });
  else setCurrent(rows().at(-1));
}

export function following(row, fits) {
  const all = rows();
  const at = all.indexOf(row);
  return [...all.slice(at + 1), ...all.slice(0, at)].find(fits);
}

export const isPending = (row) => row.dataset.review === "pending" && !("question" in row.dataset);

// --- selected rows
export const ticked = () => $$("#grid [data-tick]:checked").map((tick) => tick.closest(".entry"));

export function showTicked() {
  const bar = $("#bulk");
  if (!bar) return;
  const chosen = ticked();
  bar.hidden = chosen.length === 0;
  $("[data-count]", bar).textContent = chosen.length;
}

export function tickAll(checked) {
  for (const tick of $$("#grid [data-tick]")) tick.checked = checked && tick.closest(".entry").dataset.review !== "rejected";
  showTicked();
}

export function untick() {
  for (const tick of $$("#grid [data-tick]:checked, #grid [data-tick-all]")) tick.checked = false;
  showTicked();
}

// --- asking the server; a request that fails has told so by a toast of the frame
export const ask = (method, path, wanted) => window.htmx.ajax(method, review.dataset.base + path, wanted).catch(() => undefined);

export function post(path, values = {}, source = review) {
  const sent = { ...values, version: version() };
  return ask("POST", path, { source, target: "#grid", swap: "none", values: sent });
}

// While an answer is under way that will say which row is the current one, keys wait for it: whoever presses 撤销 and Enter means
// the row that is brought back, not the one the cursor happens to stand on until the server has spoken.
let moving = 0;
const keys = [];

export async function moves(asking) {
  moving += 1;
  await asking;
  moving -= 1;
  while (!moving && keys.length) keys.shift()();
}

// The rows themselves come after the page.
if (!$("#grid-head")) moves(new Promise((done) => $("#grid").addEventListener("htmx:afterRequest", done, { once: true })));

// At once, or after the answer.
export function inTurn(act) {
  if (moving) keys.push(act);
  else act();
}

// What did not succeed leaves the cursor where it was, which is not where the keys were meant for.
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) keys.length = 0;
});

// The address of the page says what the grid shows, so that a link or a reload brings the same.
const LAST = "last";
const WIDE = { show: "", tense: "", chapter: "", office: "" };
let asked = new URLSearchParams(location.search);
let afterLoad = null;
let insists = false;
let leads = true;

export const shown = (name) => asked.get(name) || "";

// `at` names the row to be the current one; with `insist`, filters that leave it out are lifted. With `lead`, and when the
// page opens, the text follows the first row.
export function loadGrid(changes = {}, { at = null, insist = false, lead = false } = {}) {
  asked = new URLSearchParams(asked);
  for (const name of ["through", "at", "first"]) asked.delete(name);
  for (const [name, value] of Object.entries(changes)) {
    if (value) asked.set(name, value);
    else asked.delete(name);
  }
  const address = asked.size ? `?${asked}` : location.pathname;
  history.replaceState(history.state, "", address);
  const query = new URLSearchParams(asked);
  if (at) query.set("through", at);
  afterLoad = at;
  insists = insist;
  leads = lead;
  // Once the present answer is through: htmx calls a request done that it only puts behind one of the same element.
  const asking = Promise.resolve().then(() => ask("GET", `grid/?${query}`, { source: "#grid", target: "#grid", swap: "innerHTML" }));
  return moves(asking);
}

export function goTo(ref) {
  const row = rowOf(ref);
  if (row) {
    setCurrent(row);
    return;
  }
  const wanted = ref.startsWith("target-") ? "targets" : "tasks";
  loadGrid({ ...WIDE, tab: wanted === "targets" ? "" : wanted }, { at: ref });
}

export const look = (query) => loadGrid({ tab: "", ...WIDE, ...Object.fromEntries(new URLSearchParams(query)) });
export const widen = () => loadGrid({ chapter: "", office: "" });

function offerNarrowing() {
  const place = $("#grid [data-narrowing]");
  const choices = $("#narrow-choices");
  if (!place || !choices) return;
  place.replaceChildren(...$$("select", choices).map((select) => select.cloneNode(true)));
  for (const select of $$("select", place)) {
    select.value = place.dataset[select.dataset.narrow];
    select.classList.toggle("is-set", Boolean(select.value));
  }
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "outline-panel") offerNarrowing();
  if (event.detail.target.id !== "grid") return;
  const head = $("#grid-head");
  if (head) $("#review-version").value = head.dataset.version;
  offerNarrowing();
  const ref = afterLoad || review.dataset.at;
  const named = ref === LAST ? rows().at(-1) : ref && rowOf(ref);
  const row = named || $("#grid .entry");
  const sync = Boolean(named) || leads;
  const mustFind = insists && ref && !named;
  afterLoad = null;
  insists = leads = false;
  review.dataset.at = "";
  if (mustFind) goTo(ref);
  else if (row) setCurrent(row, { sync, scroll: Boolean(named), force: sync });
  showTicked();
});

// --- answers: pieces of the page by id, put in place of what is there
export function applyAnswer(html, { keepForms = false, isRefusal = false } = {}) {
  const box = document.createElement("template");
  box.innerHTML = html;
  let last = null;
  for (const part of box.content.querySelectorAll("template[data-patch]")) {
    const row = put(part.dataset.patch, part.content.firstElementChild, keepForms);
    last ??= row;
  }
  const counts = box.content.querySelector("template[data-counts]");
  for (const { name, value } of counts?.attributes || []) {
    const place = document.getElementById(name.replace(/^data-/, "count-"));
    if (place) place.textContent = value;
  }
  // The question before 接受全部无存疑的 names the rows that are left now.
  const clear = $("[data-do=accept-clear]");
  const left = $("#review-progress")?.dataset.clear;
  if (clear && left) {
    clear.hidden = left === "0";
    clear.dataset.confirm = clear.dataset.confirm.replace(/^\d+/, left);
  }
  if (!$("#grid .entry--question")) for (const title of $$("#questions-title")) title.remove();
  if (isRefusal && last) setCurrent(last);
  showTicked();
}

function put(id, piece, keepForms) {
  const old = document.getElementById(id);
  const fresh = piece?.tagName === "TABLE" ? piece.tBodies[0] : piece;
  if (!fresh) {
    const next = old?.getAttribute("aria-current") === "true" && following(old, () => true);
    old?.remove();
    if (next) setCurrent(next, { sync: false });
    return null;
  }
  const isRow = fresh.classList.contains("entry");
  if (old && keepForms && $(".entry__form", old)) return null;
  if (old) {
    const wasCurrent = old.getAttribute("aria-current") === "true";
    const tick = $("[data-tick]", old)?.checked;
    old.replaceWith(fresh);
    if (isRow && $("[data-tick]", fresh)) $("[data-tick]", fresh).checked = Boolean(tick) && fresh.dataset.review !== "rejected";
    if (wasCurrent) setCurrent(fresh, { sync: false });
  } else if (isRow && !insert(fresh)) {
    syncMarks(fresh);
    return null;
  }
  window.htmx.process(fresh);
  if (isRow) syncMarks(fresh);
  return isRow ? fresh : null;
}

function insert(row) {
  const isTarget = row.dataset.kind === "target";
  const table = $("#grid .rows");
  if (isTarget !== (tab() === "targets") || tab() === "details") return false;
  if (!table) {
    loadGrid({}, { at: row.dataset.ref });
    return false;
  }
  const before = [...rows()].reverse().find((other) => !("question" in other.dataset) && Number(other.dataset.start) <= Number(row.dataset.start));
  const after = isTarget && current() && shown("order") !== "text" ? current() : before;
  if (after) after.after(row);
  else table.append(row);
  row.classList.add("entry--new");
  if (mayReview) setCurrent(row, { sync: false });
  return true;
}

// A draft beside its findings: linked both ways, keys, one finding at a time.

import "../plans/review-divider.js";
import { marksOf, refsAt, showPlace } from "../plans/review-text.js";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const review = $("#review");
const rows = () => $$("#finding-list .finding");
const current = () => $('#finding-list .finding[aria-current="true"]');
let at = "";

function setCurrent(row, { sync = true, scroll = true } = {}) {
  current()?.removeAttribute("aria-current");
  for (const mark of $$("#manuscript .is-current")) mark.classList.remove("is-current");
  if (!row) return;
  at = row.dataset.ref;
  row.setAttribute("aria-current", "true");
  for (const mark of marksOf(at)) mark.classList.add("is-current");
  if (scroll) bringIntoView(row);
  if (sync) showPlace(at, Number(row.dataset.start));
}

function bringIntoView(row) {
  const pane = $("#finding-list");
  const box = pane.getBoundingClientRect();
  const place = row.getBoundingClientRect();
  // Stacked panes on a small screen do not scroll on their own.
  if (getComputedStyle(pane).overflowY === "visible") {
    if (place.top < 60 || place.bottom > innerHeight) row.scrollIntoView({ block: "center" });
  } else if (place.top < box.top || place.bottom > box.bottom) pane.scrollTop += place.top - box.top - 40;
}

function step(by) {
  const all = rows();
  const from = all.indexOf(current());
  const next = all[Math.min(Math.max(from + by, 0), all.length - 1)];
  if (next) setCurrent(next);
}

function goTo(ref) {
  const row = document.getElementById(ref);
  if (row) {
    setCurrent(row);
    return;
  }
  // A figure that the present choice leaves out: every figure, then this one.
  at = ref;
  const address = `${review.dataset.base}?show=all&order=text${numberOfResult()}`;
  window.htmx.ajax("GET", address, { target: "#findings", swap: "outerHTML" }).catch(() => undefined);
  history.pushState(null, "", address);
}

const numberOfResult = () => {
  const number = new URLSearchParams(location.search).get("result");
  return number ? `&result=${number}` : "";
};

// --- judging
function judge(value) {
  const row = current();
  const button = row && $(`.finding__tools button[value="${value}"]`, row);
  if (button) button.click();
  else if (value) step(1);
}

// A key that comes before the answer to the last one is done after it.
let isJudging = false;
let keysWaiting = [];

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.target.closest?.(".finding");
  if (!row) return;
  at = row.dataset.ref;
  isJudging = true;
});

for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.body.addEventListener(name, () => {
    isJudging = false;
    keysWaiting = [];
  });
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  const { target, requestConfig } = event.detail;
  if (requestConfig?.verb === "post" && target?.classList?.contains("finding")) {
    settled(document.getElementById(at));
  } else if (target?.id === "findings") setCurrent(document.getElementById(at) || rows()[0]);
  else return;
  isJudging = false;
  while (keysWaiting.length && !isJudging) keysWaiting.shift()();
});

// One that has just been judged gives way to the next that waits.
function settled(row) {
  if (!row) return;
  const isJudged = "judged" in row.dataset;
  for (const mark of marksOf(row.dataset.ref)) mark.classList.toggle("mark--judged", isJudged);
  const all = rows();
  const rest = all.slice(all.indexOf(row) + 1).concat(all);
  const next = isJudged ? rest.find((each) => !("judged" in each.dataset) && !("sound" in each.dataset)) : row;
  setCurrent(next || row);
}

// --- linked both ways
let lit = [];

function light(ref) {
  for (const element of lit) element.classList.remove("is-linked");
  lit = ref ? [...marksOf(ref), document.getElementById(ref)].filter(Boolean) : [];
  for (const element of lit) element.classList.add("is-linked");
}

review.addEventListener("mouseover", (event) => light(event.target.closest(".finding")?.dataset.ref || refsAt(event.target)[0]));
review.addEventListener("mouseleave", () => light());

$("#manuscript").addEventListener("click", (event) => {
  const [ref] = refsAt(event.target);
  if (ref && !String(getSelection())) goTo(ref);
});

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const place = on("[data-goto]");
  if (place) {
    event.preventDefault();
    goTo(place.dataset.goto);
  } else if (on("[data-keys]")) $("#keys").showModal();
  else if (on(".finding") && !on("a, input, .finding__tools button")) setCurrent(on(".finding"), { scroll: false });
});

// --- keyboard
const keys = {
  j: () => step(1),
  arrowdown: () => step(1),
  k: () => step(-1),
  arrowup: () => step(-1),
  enter: () => judge("handled"),
  x: () => judge("dismissed"),
  u: () => judge(""),
  o: () => $("a[data-source]", current() || document.createElement("i"))?.click(),
  "?": () => $("#keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (event.target.closest("input, select, textarea, .drawer, .review__divider, details[open]")) return;
  if (key === "enter" && event.target.closest("a, button, summary")) return;
  if (/^arrow/.test(key) && $("#manuscript:focus-visible")) return;
  const act = keys[key];
  if (!act) return;
  event.preventDefault();
  if (isJudging) keysWaiting.push(act);
  else act();
});

const first = location.hash.startsWith("#finding-") && document.getElementById(location.hash.slice(1));
if (rows().length) setCurrent(first || rows()[0], { scroll: Boolean(first) });

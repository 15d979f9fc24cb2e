// The review page: a document beside what was read from it. Keys, buttons, the two panes linked both ways.

import { applyAnswer, ask, current, following, goTo, inTurn, isPending, lightCurrent, loadGrid, look, moves, post, review, rowOf, setCurrent, showForm, showTicked, step, tab, tickAll, ticked, toast, toFirst, toLast, untick, version, widen } from "./review-rows.js";
import { focusFind } from "./review-find.js";
import "./review-divider.js";
import { showPicked } from "./review-owners.js";
import { marksOf, refreshChunks, refsAt, selectedPlaces, showPlace } from "./review-text.js";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const mayReview = "mayReview" in review.dataset;
const CONTROLS = "a, button, input, select, textarea, label, summary";
const TYPING = "input:not([type=checkbox]), select, textarea, .drawer, .entry__form, .review__divider, details[open]";

// --- what one can do with rows
function accept(row) {
  if (!row || row.dataset.review !== "pending") {
    step(1);
    return;
  }
  if ("question" in row.dataset) {
    edit(row);
    return;
  }
  const next = following(row, isPending);
  const sent = post("accept/", { rows: [row.dataset.ref] }, row);
  if (next) setCurrent(next);
  return sent;
}

function edit(row) {
  if (!row || $(".entry__form", row)) return;
  if (row.dataset.review === "rejected") {
    toast("这一行已剔除，请先恢复（X）再修改。");
    return;
  }
  open(row, { target: "targets", node: "nodes", mention: "owners" }[row.dataset.kind]);
}

// Until the form is there, keys are neither for it nor for the rows.
let isOpening = false;

async function open(row, folder, rest = "") {
  if (!row || isOpening) return;
  const id = row.dataset.ref.split("-")[1];
  isOpening = true;
  await ask("GET", `${folder}/${id}/${rest}`, { source: row, target: row, swap: "beforeend" });
  isOpening = false;
}

function cancel(row) {
  $(".entry__form", row)?.remove();
  setCurrent(row, { sync: false });
}

const dialog = $("#reject");

function reject(chosen) {
  const kept = chosen.filter((row) => row && row.dataset.review !== "rejected" && !("question" in row.dataset));
  if (!kept.length) return;
  $("form", dialog).reset();
  const name = kept.length > 1 ? `所选 ${kept.length} 行` : `“${$(".entry__name, .entry__printed", kept[0]).textContent.trim()}”`;
  $("[data-subject]", dialog).textContent = name;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    const { reason, reason_text } = Object.fromEntries(new FormData($("form", dialog)));
    const next = kept.length === 1 ? following(kept[0], isPending) : null;
    post("reject/", { rows: kept.map((row) => row.dataset.ref), reason, reason_text }, kept[0]).then(untick);
    if (next) setCurrent(next);
  }, { once: true });
}

const restore = (row) => post("restore/", { rows: [row.dataset.ref] }, row);

function merge() {
  const keep = current();
  const chosen = ticked();
  const all = [...new Set([chosen.includes(keep) || chosen.length < 2 ? keep : chosen[0], ...chosen])].filter(Boolean);
  if (all.length < 2) {
    toast("先按空格选中要合并的行，再按 M；保留的是当前行。");
    return;
  }
  post("merge/", { rows: all.map((row) => row.dataset.ref) }).then(untick);
}

function nextDoubt() {
  const next = following(current(), (row) => "doubtful" in row.dataset);
  if (next) setCurrent(next);
  else loadGrid({ tab: tab() === "targets" ? "tasks" : "", show: "doubtful" });
}

const actions = {
  accept: () => accept(current()),
  edit: () => edit(current()),
  rename: () => open(current(), "owners", "name/"),
  split: () => current()?.dataset.kind === "target" && current().dataset.review !== "rejected" && open(current(), "targets", "split/"),
  reject: () => reject([current()]),
  restore: () => restore(current()),
  merge,
  undo: () => moves(post("undo/")),
  cancel: () => cancel(current()),
  "accept-clear": () => post("accept-clear/"),
  "accept-selected": () => post("accept/", { rows: ticked().map((row) => row.dataset.ref) }).then(untick),
  "reject-selected": () => reject(ticked()),
  "select-none": untick,
  "next-doubt": nextDoubt,
  keys: () => $("#keys").showModal(),
  revise: () => $("#revise").showModal(),
};

// --- answers of the server
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.getResponseHeader("X-Review") !== "patch") return;
  event.detail.shouldSwap = false;
  applyAnswer(xhr.responseText, { isRefusal: xhr.status === 422 });
  const reload = xhr.getResponseHeader("X-Review-Reload");
  const at = xhr.getResponseHeader("X-Review-At");
  if (reload) loadGrid({}, { at: at || current()?.dataset.ref, insist: Boolean(at) });
  if (reload === "all") refreshChunks();
});

// One word of success at a time; what went wrong stays until it is read.
document.body.addEventListener("toast", () => {
  for (const old of $$("#toasts .toast--done")) old.remove();
}, { capture: true });

document.body.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  if (target.id === "move-body") {
    if (!$("#move").open) $("#move").showModal();
  }
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const form = $("#grid .entry__form form");
  if (!form || !event.detail.elt.closest?.("#grid")) return;
  const row = form.closest(".entry");
  if (current() !== row) setCurrent(row, { sync: false });
  $(".entry__tools", row)?.remove();
  if (form.matches("[data-resolve]")) showPicked(form);
  const wrong = $(".field--wrong input, .field--wrong select, .field--wrong textarea", form);
  if (!form.contains(document.activeElement)) (wrong || $("[autofocus], input:not([type=hidden]), select, textarea", form))?.focus();
  showForm(row);
  // A refusal stands beside the ticks at the foot of the form.
  if ($("[role=alert]", form)) $(".row-form__foot", form).scrollIntoView({ block: "nearest" });
});

// --- linked both ways
let lit = [];

function light(refs) {
  for (const element of lit) element.classList.remove("is-linked");
  lit = refs.flatMap((ref) => [...marksOf(ref), rowOf(ref)].filter(Boolean));
  for (const element of lit) element.classList.add("is-linked");
}

review.addEventListener("mouseover", (event) => {
  const row = event.target.closest(".entry");
  light(row ? [row.dataset.ref] : refsAt(event.target));
});
review.addEventListener("mouseleave", () => light([]));

$("#manuscript").addEventListener("click", (event) => {
  const refs = refsAt(event.target);
  if (!refs.length || String(getSelection())) return;
  const at = refs.indexOf(current()?.dataset.ref);
  goTo(refs[(at + 1) % refs.length]);
});

document.addEventListener("review:text-arrived", () => {
  const row = current();
  if (row) lightCurrent(row.dataset.ref);
});

// --- clicks
document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const row = on("#grid .entry");
  if (row && row !== current() && !on(".entry__form")) inTurn(() => setCurrent(row.isConnected ? row : rowOf(row.dataset.ref)));
  else if (row && !on(CONTROLS)) showPlace(row.dataset.ref, Number(row.dataset.start));
  const place = on("[data-goto]");
  if (place) {
    event.preventDefault();
    goTo(place.dataset.goto);
  } else if (on("[data-look]")) {
    event.preventDefault();
    on("dialog")?.close();
    look(on("[data-look]").dataset.look);
  } else if (on("[data-widen]")) widen();
  else if (on("[data-do]")) inTurn(actions[on("[data-do]").dataset.do]);
  else if (on("button[data-tab]")) loadGrid({ tab: on("[data-tab]").dataset.tab === "targets" ? "" : on("[data-tab]").dataset.tab, show: "", tense: "" });
  else if (on("button[data-show]")) loadGrid({ show: on("[data-show]").dataset.show, ...("reset" in on("[data-show]").dataset ? { tense: "", chapter: "", office: "" } : {}) });
  else if (on("[data-add]")) add(on("[data-add]").dataset.add);
  else if (on("[data-close-dialog]")) on("dialog").close();
});

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches("[data-tick]")) showTicked();
  else if (target.matches("[data-tick-all]")) tickAll(target.checked);
  else if (target.matches("[data-legend]")) $("#manuscript").classList.toggle(`hides-${target.dataset.legend}`, !target.checked);
  else if (target.matches("select[data-tense]")) loadGrid({ tense: target.value });
  else if (target.matches("select[data-narrow]")) loadGrid({ [target.dataset.narrow]: target.value }, { lead: true });
  else if (target.matches("select[data-order]")) loadGrid({ order: target.value });
  else if (target.dataset.enables) document.getElementById(target.dataset.enables).disabled = !target.checked;
});

// --- words selected in the text
const bar = $("#selection-bar");
let places = null;
let timer = 0;

function showBar() {
  const found = mayReview ? selectedPlaces() : null;
  // The bar itself must not take the selection away by being pressed.
  if (!found && bar.contains(document.activeElement)) return;
  places = found;
  bar.hidden = !found;
  if (!found) return;
  const { rectangle } = found;
  const size = bar.getBoundingClientRect();
  const above = rectangle.top - size.height - 6;
  bar.style.top = `${above > 56 ? above : Math.min(rectangle.bottom + 6, innerHeight - size.height - 8)}px`;
  bar.style.left = `${Math.max(8, Math.min(rectangle.left, innerWidth - size.width - 8))}px`;
}

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(showBar, 120);
});
$("#manuscript").addEventListener("scroll", () => !bar.hidden && showBar(), { passive: true });
bar.addEventListener("mousedown", (event) => event.preventDefault());

function add(path) {
  const found = selectedPlaces() || places;
  if (!found) {
    toast("先在左侧原文中选中要补录的文字，再按 A。");
    return;
  }
  bar.hidden = true;
  ask("GET", `${path}?start=${found.start}&end=${found.end}`, { source: bar, target: "#drawer", swap: "innerHTML" });
}

// --- keyboard
const plain = {
  j: () => step(1),
  arrowdown: () => step(1),
  k: () => step(-1),
  arrowup: () => step(-1),
  home: toFirst,
  end: toLast,
  f: focusFind,
  "?": actions.keys,
  1: () => loadGrid({ tab: "", show: "", tense: "" }),
  2: () => loadGrid({ tab: "tasks", show: "", tense: "" }),
  3: () => loadGrid({ tab: "details", show: "", tense: "" }),
};
const working = {
  enter: actions.accept,
  e: actions.edit,
  x: () => (current()?.dataset.review === "rejected" ? actions.restore() : actions.reject()),
  u: actions.undo,
  a: () => add("targets/add/"),
  s: actions.split,
  m: actions.merge,
  " ": () => $("[data-tick]", current() || document.createElement("i"))?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const within = (selector) => event.target.closest?.(selector);
  if (key === "escape") {
    const form = within("#grid .entry__form");
    if (form) {
      event.preventDefault();
      cancel(form.closest(".entry"));
    } else if (!bar.hidden) getSelection().removeAllRanges();
    return;
  }
  if (within(TYPING)) return;
  if (["enter", " "].includes(key) && within(CONTROLS)) return;
  // Somebody who came to the text by keyboard scrolls it with the arrows; J and K still change rows.
  if (/^arrow|home|end/.test(key) && $("#manuscript:focus-visible")) return;
  const act = plain[key] || (mayReview && working[key]);
  if (!act) return;
  event.preventDefault();
  if (!isOpening) inTurn(act);
});

// --- who else is here, and what they have changed; a poll that fails says nothing, the next one may succeed
async function present() {
  if (document.visibilityState !== "visible") return;
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
  const body = new URLSearchParams({ version: version() });
  try {
    const answer = await fetch(review.dataset.presence, { method: "POST", headers, body, redirect: "error" });
    if (answer.ok) applyAnswer(await answer.text(), { keepForms: true });
  } catch {
    // The next poll will tell.
  }
}

if (review.dataset.presence) {
  present();
  setInterval(present, 15000);
  document.addEventListener("visibilitychange", present);
}

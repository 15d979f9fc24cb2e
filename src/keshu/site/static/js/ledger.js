// The ledger: rows by mouse and keyboard, selection with its bar, filters without empty parameters in the address.

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const ledger = () => $("#ledger");
const CONTROLS = "a, button, input, select, textarea, label, summary";

// --- the current row
const rows = () => $$(".ledger__table tbody tr");
const current = () => $('.ledger__table tr[aria-current="true"]');

function moveTo(row) {
  if (!row) return;
  current()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
  moveTo(all[next]);
  const drawer = $("#drawer");
  if (!drawer.hidden && drawer.dataset.browsing) open(all[next]);
}

function open(row) {
  if (!row) return;
  if (row.dataset.drawer) {
    $("#drawer").dataset.browsing = "1";
    window.htmx.ajax("GET", row.dataset.drawer, { source: row, target: "#drawer", swap: "innerHTML", select: "unset" })
      .catch(() => undefined); // one that gave way to the next, or a failure the frame has told of
  } else if (row.dataset.page) location.assign(row.dataset.page);
}

// --- selection
function showSelection() {
  const bar = $("[data-ledger-bulk]");
  if (!bar) return;
  const ticks = $$('input[name="ids"]');
  const ticked = ticks.filter((tick) => tick.checked);
  const everything = $('input[name="everything"]', bar);
  if (ticked.length < ticks.length) everything.value = "0";
  bar.hidden = ticked.length === 0;
  const button = $("[data-everything]", bar);
  if (button) button.hidden = everything.value === "1";
  $("[data-count]", bar).textContent = everything.value === "1" ? Number(button.dataset.total).toLocaleString("zh-CN") : ticked.length;
  for (const tick of ticks) tick.closest("tr").classList.toggle("is-selected", tick.checked);
  const head = $("[data-tick-all]");
  if (!head) return;
  head.checked = ticked.length > 0 && ticked.length === ticks.length;
  head.indeterminate = ticked.length > 0 && ticked.length < ticks.length;
}

function tickAll(on) {
  for (const tick of $$('input[name="ids"]')) tick.checked = on;
  showSelection();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) tickAll(event.target.checked);
  else if (event.target.matches('input[name="ids"]')) showSelection();
});

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  if (on("[data-none]")) tickAll(false);
  else if (on("[data-everything]")) {
    tickAll(true);
    $('[data-ledger-bulk] input[name="everything"]').value = "1";
    showSelection();
  } else if (on("[data-ledger-more]")) {
    const button = on("[data-ledger-more]");
    const more = $("#ledger-more");
    more.hidden = !more.hidden;
    button.setAttribute("aria-expanded", String(!more.hidden));
  }
  const row = on(".ledger__table tbody tr");
  // Marking text with the mouse is not opening the row.
  if (row && !on(CONTROLS) && !String(getSelection())) {
    moveTo(row);
    open(row);
  }
});

// --- keyboard: J and K (or arrows, once in the table), Enter, X
document.addEventListener("keydown", (event) => {
  if (!ledger() || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
  const inControl = event.target.closest(`${CONTROLS}, [contenteditable], #drawer`);
  const inTable = event.target.closest(".ledger__scroll");
  const drawerRow = event.target.closest("#drawer") && $("#drawer").dataset.browsing && !event.target.closest(CONTROLS);
  if (inControl && !drawerRow) return;
  const key = event.key.toLowerCase();
  if (key === "j" || (inTable && key === "arrowdown")) step(1);
  else if (key === "k" || (inTable && key === "arrowup")) step(-1);
  else if (key === "enter" && current()) open(current());
  else if (key === "x" && current()) $('input[name="ids"]', current())?.click();
  else return;
  event.preventDefault();
});

// After walking through rows with the drawer open, the focus returns to the row last looked at.
document.addEventListener("keshu:drawer-closed", () => {
  if ($("#drawer").dataset.browsing) current()?.focus({ preventScroll: true });
});

// --- address: parameters that say nothing are left out
document.body.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt.closest("[data-ledger-form], [data-ledger-columns]");
  if (!form) return;
  const fields = event.detail.parameters;
  for (const name of new Set(Object.keys(fields))) {
    const held = [fields[name]].flat().filter((value) => value !== "");
    if (!held.length) delete fields[name];
  }
  // Column boxes come one by one; the address holds them as one list.
  if (form.matches("[data-ledger-columns]")) {
    const boxes = $$('input[name="columns"]', form).filter((box) => box.checked);
    fields.columns = boxes.map((box) => box.value).join(",");
  }
});

// --- the search box is part of what an answer brings anew: an answer to half a word, or one that comes while 拼音 is being composed,
// would take away what has been typed since. It is left out; the next one follows.
let isComposing = false;
const isSearch = (element) => element?.id === "ledger-q";

document.addEventListener("compositionstart", ({ target }) => (isComposing = isSearch(target)));
document.addEventListener("compositionend", ({ target }) => {
  if (!isSearch(target)) return;
  isComposing = false;
  target.dispatchEvent(new Event("input", { bubbles: true }));
});
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (isComposing && isSearch(event.detail.elt)) event.preventDefault();
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { elt, parameters } = event.detail.requestConfig ?? {};
  if (isSearch(elt) && elt.isConnected && (isComposing || (parameters.q ?? "") !== elt.value)) event.detail.shouldSwap = false;
});

// A box that stays open while one ticks several choices is still open in the answer.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "ledger" || !event.detail.shouldSwap) return;
  const kept = $$("#ledger details[data-menu-keep][open]").map((menu) => menu.dataset.menuKeep);
  const more = $("#ledger-more") && !$("#ledger-more").hidden;
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const name of kept) $(`#ledger details[data-menu-keep="${name}"]`)?.setAttribute("open", "");
    if (more && $("#ledger-more")?.hidden) $("[data-ledger-more]").click();
  }, { once: true });
});

document.body.addEventListener("htmx:afterSettle", () => watchScroll());

// The first column gets an edge as soon as something is hidden behind it.
function watchScroll() {
  const box = $(".ledger__scroll");
  if (!box || box.dataset.watched) return;
  box.dataset.watched = "1";
  box.addEventListener("scroll", () => box.classList.toggle("ledger__scroll--shifted", box.scrollLeft > 0), { passive: true });
}

watchScroll();
// Also when the browser shows the page again with the boxes as they were left.
window.addEventListener("pageshow", showSelection);

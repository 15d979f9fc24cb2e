// The task tree: collapse and expand, rows by mouse and keyboard, the drawer with a row's source.

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const tree = $("[data-tree]");
const CONTROLS = "a, button, input, select, textarea, label, summary";
const depth = (row) => Number(row.dataset.depth);
const rows = () => $$("tbody tr", tree);
const shown = () => rows().filter((row) => !row.hidden);
const toggle = (row) => $("button.tree__toggle", row);
const isOpen = (row) => toggle(row)?.getAttribute("aria-expanded") !== "false";
const KEY = `keshu:tree:${location.pathname}${new URLSearchParams(location.search).get("plan") || ""}`;

function beneath(row) {
  const found = [];
  for (let next = row.nextElementSibling; next && depth(next) > depth(row); next = next.nextElementSibling) found.push(next);
  return found;
}

// A row is shown when every row above it is open.
function draw() {
  let closedAt = Infinity;
  for (const row of rows()) {
    if (depth(row) <= closedAt) closedAt = Infinity;
    row.hidden = depth(row) > closedAt;
    if (!row.hidden && toggle(row) && !isOpen(row)) closedAt = depth(row);
  }
}

function set(row, open) {
  const button = toggle(row);
  if (!button) return;
  button.setAttribute("aria-expanded", String(open));
}

// The rows of a long chapter come when it is opened.
async function fetchBranch(row) {
  const address = row.dataset.branch;
  if (!address) return;
  delete row.dataset.branch;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) {
    row.dataset.branch = address;
    set(row, false);
    document.body.dispatchEvent(new CustomEvent("toast", { detail: { message: "没有取到这一章的内容，请重试。", tone: "late" } }));
    return;
  }
  row.insertAdjacentHTML("afterend", await answer.text());
  for (let next = row.nextElementSibling; next && depth(next) > depth(row); next = next.nextElementSibling) window.htmx.process(next);
  const left = $("[data-tree-closed]");
  if (left && !$("[data-branch]", tree)) left.hidden = true;
  draw();
}

async function openAll() {
  for (const row of rows()) set(row, true);
  for (const row of $$("[data-branch]", tree)) await fetchBranch(row);
  draw();
}

function remember() {
  const closed = rows().filter((row) => toggle(row) && !isOpen(row)).map((row) => row.id);
  sessionStorage.setItem(KEY, closed.join(" "));
}

function recall() {
  for (const id of (sessionStorage.getItem(KEY) || "").split(" ")) {
    const row = id && document.getElementById(id);
    if (row) set(row, false);
  }
  draw();
}

// --- the current row
const current = () => $('tr[aria-current="true"]', tree);

function moveTo(row) {
  if (!row) return;
  current()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = shown();
  const at = all.indexOf(current());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  moveTo(next);
  const drawer = $("#drawer");
  if (!drawer.hidden && drawer.dataset.browsing) open(next);
}

function open(row) {
  if (!row) return;
  $("#drawer").dataset.browsing = "1";
  window.htmx.ajax("GET", row.dataset.drawer, { source: row, target: "#drawer", swap: "innerHTML" }).catch(() => undefined);
}

function parentOf(row) {
  for (let above = row.previousElementSibling; above; above = above.previousElementSibling) {
    if (depth(above) < depth(row)) return above;
  }
  return null;
}

function fold(row, isWanted) {
  if (!row) return;
  if (toggle(row) && isOpen(row) !== isWanted) {
    set(row, isWanted);
    fetchBranch(row);
    draw();
    remember();
  } else if (!isWanted) moveTo(parentOf(row));
  else if (beneath(row).length) moveTo(shown()[shown().indexOf(row) + 1]);
}

if (tree) {
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    const all = on("[data-tree-all]");
    if (all) {
      // 全部收起 keeps the chapters in sight.
      if (all.dataset.treeAll === "open") openAll().then(remember);
      else {
        for (const row of rows()) set(row, false);
        draw();
        remember();
      }
      return;
    }
    if (on("[data-tree-print]")) {
      openAll().then(() => window.print());
      return;
    }
    const row = on("[data-tree] tbody tr");
    if (!row) return;
    if (on("button.tree__toggle")) {
      set(row, !isOpen(row));
      fetchBranch(row);
      draw();
      remember();
    } else if (!on(CONTROLS) && !String(getSelection())) {
      moveTo(row);
      open(row);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    const inControl = event.target.closest(`${CONTROLS}, #drawer`);
    const browsing = event.target.closest("#drawer") && $("#drawer").dataset.browsing && !event.target.closest(CONTROLS);
    if (inControl && !browsing) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "arrowdown") step(1);
    else if (key === "k" || key === "arrowup") step(-1);
    else if (key === "arrowright") fold(current(), true);
    else if (key === "arrowleft") fold(current(), false);
    else if (key === "enter" && current()) open(current());
    else return;
    event.preventDefault();
  });

  document.addEventListener("keshu:drawer-closed", () => current()?.focus({ preventScroll: true }));
  // What one searched for is never hidden in a closed branch.
  if (!$("tr.is-context", tree)) recall();
}

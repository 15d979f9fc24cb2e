// Getting about in the left pane: words found in the whole document, loaded or not, and the list of chapters.

import { clearFound, showFound, showPlace } from "./review-text.js";

const base = document.querySelector("#review").dataset.base;
const box = document.querySelector("#find-words");
const told = document.querySelector("#find-count");
const steps = [...document.querySelectorAll("[data-find-step]")];
const outline = document.querySelector("#outline");

let places = [];
let total = 0;
let at = -1;
let asked = "";
let timer = 0;

async function search() {
  clearTimeout(timer);
  const words = box.value.trim();
  if (words === asked) return;
  asked = words;
  if (!words) {
    take({ places: [], total: 0 });
    return;
  }
  try {
    const answer = await fetch(`${base}find/?${new URLSearchParams({ words })}`, { redirect: "error" });
    if (words === asked && answer.ok) take(await answer.json());
  } catch {
    asked = "";
    told.textContent = "没有连上服务器";
  }
}

function take(found) {
  ({ places, total } = found);
  at = places.length ? 0 : -1;
  show();
}

function show() {
  for (const button of steps) button.disabled = places.length < 2;
  told.textContent = places.length ? `${at + 1} / ${total}` : asked ? "没有找到" : "";
  if (at < 0) clearFound();
  else showFound(...places[at]);
}

async function step(by) {
  if (box.value.trim() !== asked) {
    await search();
    return;
  }
  if (!places.length) return;
  at = (at + by + places.length) % places.length;
  show();
}

export function focusFind() {
  box.focus();
  box.select();
}

box.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, 250);
});
box.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    box.value = "";
    search();
    box.blur();
  }
});
for (const button of steps) button.addEventListener("click", () => step(Number(button.dataset.findStep)));

outline.addEventListener("click", (event) => {
  const entry = event.target.closest("[data-place]");
  if (!entry) return;
  outline.open = false;
  showPlace(entry.dataset.ref, Number(entry.dataset.place), { force: true });
});
document.addEventListener("click", (event) => {
  if (outline.open && !outline.contains(event.target)) outline.open = false;
});
outline.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !outline.open) return;
  event.stopPropagation();
  outline.open = false;
  outline.querySelector("summary").focus();
});

// The left pane: marks and the rows they belong to, places in the text, chunks that are fetched when one scrolls to them.

const manuscript = document.querySelector("#manuscript");

export const marksOf = (ref) => [...manuscript.querySelectorAll(`[data-rows~="${ref}"]`)];
export const refsAt = (element) => (element.closest("[data-rows]")?.dataset.rows || "").split(" ").filter(Boolean);

const chunkAt = (place) =>
  [...manuscript.querySelectorAll(".chunk")].find((chunk) => place >= Number(chunk.dataset.start) && place < Number(chunk.dataset.end));

// --- showing a row's place
// What is to be kept in sight while chunks around it arrive and push it away; gone as soon as the reader scrolls.
const PATIENCE = 20000;
let kept = null;

// A third from the top, so that what comes before and after is seen with it.
function bringIntoView(element, { force = false } = {}) {
  const box = manuscript.getBoundingClientRect();
  const place = element.getBoundingClientRect();
  if (!force && place.top >= box.top + 24 && place.bottom <= box.top + box.height * 0.75) return;
  manuscript.scrollTop += place.top - box.top - box.height / 3;
}

function keep(show, { until = performance.now() + PATIENCE } = {}) {
  kept = { show, until };
}

export function showPlace(ref, start, { force = false } = {}) {
  const again = () => showPlace(ref, start, { force: true });
  const marks = marksOf(ref);
  const chunk = chunkAt(start);
  if (marks.length) bringIntoView(marks[0], { force });
  else if (chunk) bringIntoView(chunk, { force: true });
  // A chunk that comes into view fetches itself; the mark is shown when it has arrived.
  keep(again, !marks.length && chunk?.classList.contains("chunk--waiting") ? { until: Infinity } : {});
}

for (const name of ["wheel", "pointerdown", "touchstart", "keydown"]) {
  manuscript.addEventListener(name, () => (kept = null), { passive: true });
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  const arrived = event.detail.elt;
  if (!manuscript.contains(arrived)) return;
  document.dispatchEvent(new CustomEvent("review:text-arrived"));
  if (!kept) return;
  const { show, until } = kept;
  kept = null;
  if (performance.now() < until) show();
});

// --- words found: a place in characters, shown where it stands
const FOUND = "found";

export function showFound(start, end) {
  const chunk = chunkAt(start);
  if (!chunk) return;
  const range = chunk.classList.contains("chunk--waiting") ? null : rangeOf(chunk, start, end);
  clearFound();
  if (range) globalThis.CSS?.highlights?.set(FOUND, new Highlight(range));
  bringIntoView(range || chunk, { force: !range });
  keep(() => showFound(start, end), range ? {} : { until: Infinity });
}

export const clearFound = () => globalThis.CSS?.highlights?.delete(FOUND);

function rangeOf(chunk, start, end) {
  const pieces = [...chunk.querySelectorAll("[data-from]")];
  const first = pieces.findLast((piece) => Number(piece.dataset.from) <= start);
  const last = pieces.findLast((piece) => Number(piece.dataset.from) < end);
  if (!first?.firstChild || !last?.firstChild) return null;
  const range = document.createRange();
  range.setStart(first.firstChild, offsetIn(first, start));
  range.setEnd(last.firstChild, offsetIn(last, end));
  return range;
}

function offsetIn(piece, place) {
  const characters = [...piece.textContent];
  return characters.slice(0, place - Number(piece.dataset.from)).join("").length;
}

// --- marks follow their rows
export function syncMarks(row) {
  const { ref, review, tense, start } = row.dataset;
  const marks = marksOf(ref);
  if (!marks.length) {
    refreshChunk(Number(start));
    return;
  }
  for (const mark of marks) {
    const alone = mark.dataset.rows === ref;
    // Words that several rows stand on (a split that was undone): the server says how they look.
    if (!alone && mark.classList.contains("mark--rejected") !== (review === "rejected")) {
      refreshChunk(Number(start));
      return;
    }
    if (alone || "doubtful" in row.dataset) mark.classList.toggle("mark--doubt", "doubtful" in row.dataset);
    if (alone) {
      mark.classList.toggle("mark--rejected", review === "rejected");
      mark.classList.toggle("mark--decided", !["pending", "rejected"].includes(review));
      if (tense && (mark.classList.contains("mark--target") || mark.classList.contains("mark--actual"))) {
        mark.classList.toggle("mark--target", tense === "target");
        mark.classList.toggle("mark--actual", tense === "actual");
      }
    }
  }
}

export function refreshChunks() {
  for (const chunk of manuscript.querySelectorAll(".chunk:not(.chunk--waiting)")) refreshChunk(Number(chunk.dataset.start));
}

const refreshing = new Set();

function refreshChunk(place) {
  const chunk = chunkAt(place);
  if (!chunk || chunk.classList.contains("chunk--waiting") || refreshing.has(chunk.id)) return;
  refreshing.add(chunk.id);
  const base = document.querySelector("#review").dataset.base;
  window.htmx
    .ajax("GET", `${base}text/${chunk.dataset.index}/`, { source: chunk, target: chunk, swap: "outerHTML" })
    .catch(() => undefined)
    .finally(() => refreshing.delete(chunk.id));
}

// --- selected words as places in the source text; the server counts characters, the browser counts half of some
const count = (text) => [...text].length;

export function selectedPlaces() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!manuscript.contains(range.commonAncestorContainer)) return null;
  let start = null;
  let end = null;
  for (const chunk of manuscript.querySelectorAll(".chunk:not(.chunk--waiting)")) {
    if (!range.intersectsNode(chunk)) continue;
    for (const piece of chunk.querySelectorAll("[data-from]")) {
      if (!range.intersectsNode(piece)) continue;
      const text = piece.textContent;
      const from = piece.contains(range.startContainer) ? range.startOffset : 0;
      const until = piece.contains(range.endContainer) ? range.endOffset : text.length;
      const words = text.slice(from, until);
      if (!words.trim()) continue;
      const first = Number(piece.dataset.from) + count(text.slice(0, from));
      start ??= first + count(words) - count(words.trimStart());
      end = first + count(words.trimEnd());
    }
  }
  return start === null ? null : { start, end, rectangle: range.getBoundingClientRect() };
}

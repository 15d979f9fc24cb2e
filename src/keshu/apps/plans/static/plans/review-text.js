// The left pane: marks and the rows they belong to, places in the text, chunks that are fetched when one scrolls to them.

const manuscript = document.querySelector("#manuscript");

export const marksOf = (ref) => [...manuscript.querySelectorAll(`[data-rows~="${ref}"]`)];
export const refsAt = (element) => (element.closest("[data-rows]")?.dataset.rows || "").split(" ").filter(Boolean);

const chunkAt = (place) =>
  [...manuscript.querySelectorAll(".chunk")].find((chunk) => place >= Number(chunk.dataset.start) && place < Number(chunk.dataset.end));

// --- showing a row's place
let wanted = null;

function bringIntoView(element) {
  const box = manuscript.getBoundingClientRect();
  const place = element.getBoundingClientRect();
  if (place.top >= box.top + 24 && place.bottom <= box.bottom - 24) return;
  manuscript.scrollTop += place.top - box.top - box.height / 3;
}

export function showPlace(ref, start) {
  const marks = marksOf(ref);
  if (marks.length) {
    wanted = null;
    bringIntoView(marks[0]);
    return;
  }
  const chunk = chunkAt(start);
  if (!chunk) return;
  // A chunk that comes into view fetches itself; the mark is shown when it has arrived.
  wanted = chunk.classList.contains("chunk--waiting") ? { ref, start } : null;
  bringIntoView(chunk);
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  const arrived = event.detail.elt;
  if (!manuscript.contains(arrived)) return;
  document.dispatchEvent(new CustomEvent("review:text-arrived"));
  if (wanted && marksOf(wanted.ref).length) showPlace(wanted.ref, wanted.start);
});

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

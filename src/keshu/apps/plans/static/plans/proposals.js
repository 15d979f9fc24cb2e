// The page of a draft: one key decides, the chosen piece stays in view, filters apply when they are changed.
const area = () => document.getElementById("proposal");
let place = 0;

function keepInView() {
  const text = document.getElementById("proposal-text");
  const chosen = text?.querySelector(".is-chosen");
  if (!text) return;
  text.scrollTop = place;
  if (!chosen) return;
  const [box, piece] = [text.getBoundingClientRect(), chosen.getBoundingClientRect()];
  if (piece.top < box.top || piece.bottom > box.bottom) text.scrollTop += piece.top - box.top - box.height / 3;
}

document.body.addEventListener("htmx:beforeSwap", () => {
  place = document.getElementById("proposal-text")?.scrollTop ?? 0;
});
document.body.addEventListener("htmx:afterSettle", keepInView);
keepInView();

document.addEventListener("change", (event) => {
  if (event.target.matches("#proposal [data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const asked = event.target.closest("#proposal [data-ask]");
  if (asked && !window.confirm(asked.dataset.ask)) event.preventDefault();
}, true);

// Leaving a sentence half changed for another one asks first.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  const form = document.querySelector("#proposal form[data-guard][data-changed]");
  if (!form || event.detail.elt === form) return;
  if (!window.confirm("这一条的修改还没有保存，要放弃吗？")) event.preventDefault();
});
document.addEventListener("input", (event) => {
  const form = event.target.closest("#proposal form[data-guard]");
  if (form) form.dataset.changed = "1";
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !area()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const button = area().querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  if (button.dataset.wants) {
    const field = area().querySelector(`[name="${button.dataset.wants}"]`);
    if (!field.value.trim()) {
      field.focus();
      return;
    }
  }
  button.click();
});

// Choosing the organisations a printed name means: find by a few characters, tick, see what is ticked.

const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

const formOf = (element) => element.closest?.("form[data-resolve]");

function filter(form, words) {
  const wanted = words.trim();
  let found = 0;
  for (const group of $$(".choices__group", form)) {
    let here = 0;
    for (const label of $$("label", group)) {
      const name = `${label.textContent} ${label.querySelector("input").dataset.name || ""}`;
      label.hidden = Boolean(wanted) && !name.includes(wanted);
      here += label.hidden ? 0 : 1;
    }
    group.hidden = here === 0;
    found += here;
  }
  form.querySelector("[data-nothing]").hidden = found > 0;
}

export function showPicked(form) {
  const box = form.querySelector("[data-picked]");
  const ticks = $$("[data-choices] input:checked", form);
  box.replaceChildren(...ticks.map((tick) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip chip--on";
    chip.textContent = `${tick.nextElementSibling.textContent} ✕`;
    chip.setAttribute("aria-label", `去掉${tick.nextElementSibling.textContent}`);
    chip.addEventListener("click", () => {
      tick.checked = false;
      showPicked(form);
    });
    return chip;
  }));
}

// Organisations, a group of them, or a body outside: one of the three.
function keepOne(form, changed) {
  if (!changed.checked || !["group", "organisation_ids", "is_outside"].includes(changed.name)) return;
  for (const other of $$("input[type=checkbox]", form)) {
    if (other.name !== changed.name && other.name !== "remember") other.checked = false;
  }
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-find]")) filter(formOf(event.target), event.target.value);
});

document.addEventListener("change", (event) => {
  const form = formOf(event.target);
  if (!form || event.target.type !== "checkbox") return;
  keepOne(form, event.target);
  showPicked(form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick]");
  if (!button) return;
  const form = formOf(button);
  const tick = form.querySelector(`input[name="organisation_ids"][value="${button.dataset.pick}"]`);
  if (!tick) return;
  tick.checked = !tick.checked;
  keepOne(form, tick);
  showPicked(form);
});

// Enter in the search box takes the first one found; with the box empty it sends the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("[data-find]") || !event.target.value.trim()) return;
  event.preventDefault();
  const form = formOf(event.target);
  const first = $$("[data-choices] label", form).find((label) => !label.hidden && !label.parentElement.hidden);
  if (!first) return;
  const tick = first.querySelector("input");
  tick.checked = true;
  keepOne(form, tick);
  event.target.value = "";
  filter(form, "");
  showPicked(form);
});

// The search box of the top bar: hits appear under it as one types; arrows choose among them, Enter opens, Esc closes.

const box = document.querySelector("[data-search]");
const list = document.querySelector("#found");

const options = () => [...list.querySelectorAll('[role="option"]')];
const chosen = () => list.querySelector('[aria-selected="true"]');

function show(open) {
  list.hidden = !open;
  box.setAttribute("aria-expanded", String(open));
  if (!open) choose(null);
}

function choose(option) {
  chosen()?.removeAttribute("aria-selected");
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  } else box.removeAttribute("aria-activedescendant");
}

function step(by) {
  const all = options();
  if (!all.length) return;
  const place = all.indexOf(chosen()) + by;
  // Beyond either end one is back in the box, whose Enter lists everything.
  choose(place === -2 ? all.at(-1) : all[place]);
}

if (box && list) {
  list.addEventListener("htmx:afterSwap", () => show(list.childElementCount > 0 && document.activeElement === box));
  box.addEventListener("focus", () => show(list.childElementCount > 0 && box.value.trim() !== ""));
  box.addEventListener("input", () => {
    choose(null);
    if (!box.value.trim()) show(false);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden && list.childElementCount) show(true);
      if (list.hidden) return;
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden && chosen()) {
      event.preventDefault();
      chosen().click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!list.hidden && !event.target.closest(".bar__search")) show(false);
  });
  box.addEventListener("blur", (event) => {
    if (!event.relatedTarget?.closest?.(".bar__search")) setTimeout(() => document.activeElement !== box && show(false), 150);
  });
}

// Pages of check-ins: last period's words taken into a field, and the page read anew after the drawer has changed it.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take-words]");
  if (!button) return;
  const field = document.getElementById(button.dataset.into);
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n${button.dataset.takeWords}` : button.dataset.takeWords;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// Loaded before everything else, and small for that reason. On a slow line a page is seen before its scripts have arrived: what
// somebody does meanwhile is held and done once they are there, so that no key is lost, nothing is sent without the question that
// belongs before it, and no place stays empty because its filling was asked for too early.
{
  const CONTROLS = "a, button, input, select, textarea, label, summary";
  const TYPING = "input, select, textarea, [contenteditable]";
  const held = [];

  function hold(event, { stops = true } = {}) {
    const { type, target } = event;
    event.stopImmediatePropagation();
    if (stops) event.preventDefault();
    document.body.classList.add("is-busy");
    const last = held.at(-1);
    const copy = type === "submit" ? event.submitter : new event.constructor(type, event);
    // Who presses a button twice because nothing happened means one press; of a field only its last content counts.
    if (type !== "keydown" && last?.type === type && last.target === target) held.pop();
    held.push({ type, target, copy });
  }

  const isOurs = (element) => [...element.attributes].some(({ name }) => /^(hx|data)-/.test(name));

  // A link, a box to tick or a menu that means nothing to the scripts does what the browser does with it.
  function isForScripts(target) {
    const control = target.closest(CONTROLS);
    if (!control || control.matches("button")) return true;
    if (control.matches("a")) return !control.target && isOurs(control);
    return control.matches("summary") && Boolean(control.closest("summary[hx-get], details[hx-get]"));
  }

  const isModified = (event) => event.ctrlKey || event.metaKey || event.altKey;

  const holders = {
    click: (event) => !isModified(event) && !event.shiftKey && isForScripts(event.target) && hold(event),
    submit: (event) => isOurs(event.target) && hold(event),
    input: (event) => hold(event, { stops: false }),
    change: (event) => hold(event, { stops: false }),
    keydown: (event) => {
      if (isModified(event) || event.isComposing || !/^([a-z0-9?]|Enter)$/i.test(event.key) || event.target.closest(TYPING)) return;
      if (event.key !== "Enter" || !event.target.closest(CONTROLS)) hold(event);
    },
  };

  for (const [type, holder] of Object.entries(holders)) window.addEventListener(type, holder, true);

  // Modules and htmx have run, and what htmx itself does when the page is there came before: it listens nearer to the document.
  window.addEventListener("DOMContentLoaded", () => {
    for (const [type, holder] of Object.entries(holders)) window.removeEventListener(type, holder, true);
    document.body.classList.remove("is-busy");
    for (const { type, target, copy } of held) {
      if (!target.isConnected) continue;
      if (type === "submit") target.requestSubmit(copy);
      else target.dispatchEvent(copy);
    }
  });

  // The search box needs nothing but itself: what is typed after Ctrl K goes into it at once.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "k") return;
    const box = document.querySelector("[data-search]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

// 审签: J and K move, Enter signs, X returns, the space bar ticks; what is signed leaves the list without reading it anew.

const form = document.querySelector("[data-sign]");
const items = () => [...form.querySelectorAll("[data-sign-item]")];
const toast = (message, tone) => document.body.dispatchEvent(new CustomEvent("toast", { detail: { message, tone } }));
let current = null;

function show(item) {
  current?.removeAttribute("aria-current");
  current = item ?? null;
  if (!current) return;
  current.setAttribute("aria-current", "true");
  current.focus({ preventScroll: true });
  current.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = items();
  const at = current ? all.indexOf(current) + by : 0;
  show(all[Math.max(0, Math.min(all.length - 1, at))]);
}

// One request at a time. What comes before the answer is done after it: whoever presses Enter twice means two items, whoever
// presses one button twice means one.
let isSigning = false;
const waiting = [];

async function sign(chosen) {
  if (isSigning) {
    waiting.push(() => chosen.some((item) => item.isConnected) && sign(chosen.filter((item) => item.isConnected)));
    return;
  }
  if (!chosen.length) {
    toast("没有勾选要审签的项目。", "at-risk");
    return;
  }
  isSigning = true;
  const isAnswered = await send(chosen).catch(() => false);
  isSigning = false;
  if (!isAnswered) {
    waiting.length = 0;
    toast("没有审签，请刷新页面后再试。", "late");
  }
  while (waiting.length && !isSigning) waiting.shift()();
}

async function send(chosen) {
  const body = new FormData();
  for (const item of chosen) body.append("ids", item.dataset.signItem);
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
  const answer = await fetch(form.action, { method: "POST", headers, body });
  if (!answer.ok || !(answer.headers.get("Content-Type") || "").includes("json")) return false;
  const { signed, refused } = await answer.json();
  for (const pk of signed) leave(form.querySelector(`[data-sign-item="${pk}"]`));
  for (const [pk, why] of Object.entries(refused)) form.querySelector(`[data-sign-item="${pk}"] [data-said]`).textContent = why;
  if (signed.length) toast(`已审签 ${signed.length} 项。`, "done");
  if (!items().length) location.reload();
  return true;
}

function leave(item) {
  const all = items();
  const next = all[all.indexOf(item) + 1] ?? all[all.indexOf(item) - 1];
  if (item === current) show(next);
  item.remove();
  const left = form.querySelector("[data-left]");
  left.textContent = String(Math.max(0, Number(left.textContent) - 1));
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const one = event.submitter?.closest("[data-sign-one]");
    sign(one ? [one.closest("[data-sign-item]")] : items().filter((item) => item.querySelector("[name=ids]:checked")));
  });
  form.querySelector("[data-tick-all]").addEventListener("change", ({ target }) => {
    for (const box of form.querySelectorAll("[data-sign-item] > [name=ids]")) box.checked = target.checked;
  });
  form.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-sign-item]");
    if (item && item !== current) {
      current?.removeAttribute("aria-current");
      current = item;
      item.setAttribute("aria-current", "true");
    }
  });
  document.addEventListener("keydown", (event) => {
    const isBusy = event.target.closest("input:not([type=checkbox]), textarea, select, #drawer, dialog");
    if (isBusy || event.ctrlKey || event.altKey || event.metaKey) return;
    const isControl = event.target.closest("a, button");
    const keys = {
      j: () => step(1),
      k: () => step(-1),
      x: () => current?.querySelector("[data-return-one]").click(),
      Enter: () => !isControl && current && sign([current]),
      " ": () => {
        const box = current?.querySelector("[name=ids]");
        if (!box || isControl || event.target === box) return false;
        box.checked = !box.checked;
        return true;
      },
    };
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    const isHeld = isSigning && !isControl && !event.target.matches("input");
    if (isHeld) waiting.push(act);
    if (isHeld || act() !== false) event.preventDefault();
  });
}

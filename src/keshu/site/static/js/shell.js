// The frame of every page: navigation, search key, drawer, toasts, questions before acting, unsaved changes.

const $ = (selector, within = document) => within.querySelector(selector);
const shell = $(".shell");

// --- navigation: the choice is kept in a cookie, so that the server draws the page right the first time
function collapseNavigation() {
  const small = shell.dataset.nav !== "small";
  if (small) shell.dataset.nav = "small";
  else delete shell.dataset.nav;
  document.cookie = `keshu_nav=${small ? "small" : "wide"}; path=/; max-age=31536000; samesite=lax`;
  showCollapse();
}

function showCollapse() {
  const button = $("[data-nav-collapse]");
  if (!button) return;
  const small = shell.dataset.nav === "small";
  button.setAttribute("aria-expanded", String(!small));
  $("span", button).textContent = small ? "展开" : "收起";
}

function openNavigation(open) {
  const nav = $("#nav");
  const button = $("[data-nav-open]");
  nav.toggleAttribute("data-open", open);
  button.setAttribute("aria-expanded", String(open));
  if (open) $("a", nav)?.focus();
}

// --- drawer: #drawer is filled by htmx; it opens when something arrives and gives the focus back when it closes
const drawer = $("#drawer");
let opener = null;

function openDrawer() {
  if (drawer.hidden) opener = opener?.isConnected ? opener : document.activeElement;
  drawer.hidden = false;
  const title = $("#drawer-title", drawer);
  if (title) drawer.setAttribute("aria-label", title.textContent.trim());
  const field = $("[autofocus], .drawer__body input:not([type=hidden]), .drawer__body select, .drawer__body textarea", drawer);
  if (field && !drawer.dataset.browsing) field.focus();
  else if (!drawer.dataset.browsing) drawer.focus();
}

function closeDrawer() {
  if (drawer.hidden) return;
  drawer.hidden = true;
  drawer.replaceChildren();
  if (opener?.isConnected) opener.focus();
  opener = null;
  document.dispatchEvent(new CustomEvent("keshu:drawer-closed"));
  delete drawer.dataset.browsing;
}

document.addEventListener("keshu:close-drawer", closeDrawer);

// --- toasts
const TONES = { done: "done", success: "done", "at-risk": "at-risk", warning: "at-risk", late: "late", error: "late" };

function toast(message, tone) {
  const box = $("#toast-template").content.firstElementChild.cloneNode(true);
  const known = TONES[tone] || "unknown";
  box.classList.add(`toast--${known}`);
  for (const holder of box.querySelectorAll("[data-icon]")) {
    if (holder.dataset.icon === known) holder.replaceWith(holder.firstElementChild);
    else holder.remove();
  }
  $("p", box).textContent = message;
  $("#toasts").append(box);
  expire(box);
}

function expire(box) {
  // What went wrong stays until it is closed; the rest goes by itself.
  if (!box.classList.contains("toast--late")) setTimeout(() => box.remove(), 8000);
}

document.body.addEventListener("toast", (event) => {
  const detail = event.detail || {};
  toast(String(detail.message ?? detail.value ?? ""), detail.tone ?? detail.level);
});
for (const box of document.querySelectorAll("[data-toast]")) expire(box);

// --- questions before acting: data-confirm on a button, link or form; hx-confirm on what htmx sends
function ask(question, { yes = "确定", danger = false } = {}) {
  const dialog = $("#confirm");
  $("#confirm-text").textContent = question;
  const button = $("#confirm-yes");
  button.textContent = yes;
  button.classList.toggle("button--danger", danger);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

const agreed = new WeakSet();

async function askFirst(event, element, go) {
  if (agreed.has(element)) {
    agreed.delete(element);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const { confirm, confirmYes } = element.dataset;
  if (await ask(confirm, { yes: confirmYes, danger: "confirmDanger" in element.dataset })) {
    agreed.add(element);
    go();
  }
}

document.addEventListener("click", (event) => {
  const element = event.target.closest("a[data-confirm], button[data-confirm]");
  if (element) askFirst(event, element, () => element.click());
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-confirm]");
  if (form) askFirst(event, form, () => form.requestSubmit(event.submitter));
}, true);

document.body.addEventListener("htmx:confirm", (event) => {
  const isAgain = isPressedAgain(event.detail);
  if (!event.detail.question && !isAgain) return;
  event.preventDefault();
  if (isAgain) return;
  const element = event.detail.elt;
  const wanted = { yes: element.dataset.confirmYes, danger: "confirmDanger" in element.dataset };
  ask(event.detail.question, wanted).then((yes) => yes && event.detail.issueRequest(true));
});

// --- forms: what the browser itself finds wrong is said in the words of the site, whatever language the browser speaks
function wrongWith(field) {
  const { validity } = field;
  const name = field.labels?.[0]?.firstChild?.textContent.trim().replace(/[：*\s]+$/, "");
  const what = name ? `“${name}”` : "这一项";
  if (validity.valueMissing) return `${field.matches("select, [type=radio], [type=checkbox], [type=file]") ? "请选择" : "请填写"}${what}。`;
  if (validity.badInput) return field.type === "number" ? "请填数字，例如 320。" : "请填完整的日期，例如 2026-03-05。";
  if (validity.typeMismatch) return field.type === "email" ? "请填完整的邮箱，例如 name@example.cn。" : `${what}的写法不对，请重新填写。`;
  if (validity.rangeUnderflow) return `${what}不能小于 ${field.min}。`;
  if (validity.rangeOverflow) return `${what}不能大于 ${field.max}。`;
  return `${what}的写法不对，请重新填写。`;
}

document.addEventListener("invalid", ({ target }) => {
  target.setCustomValidity("");
  if (!target.validity.valid) target.setCustomValidity(wrongWith(target));
}, true);
for (const kind of ["input", "change"]) document.addEventListener(kind, ({ target }) => target.setCustomValidity?.(""), true);

// --- forms: leaving with changes asks (data-guard), drafts are saved as one types (data-autosave="address")
const changed = new Set();
const timers = new WeakMap();

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  if (!form) return;
  if ("guard" in form.dataset) changed.add(form);
  if (form.dataset.autosave) {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => saveDraft(form), 1000));
  }
});

document.addEventListener("submit", ({ target }) => {
  changed.delete(target);
  clearTimeout(timers.get(target));
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) changed.delete(event.detail.elt.closest("form"));
});

// One draft on the way at a time, so that the last one sent is the last one kept; what is typed meanwhile follows.
const saving = new WeakSet();

async function saveDraft(form) {
  if (saving.has(form)) {
    timers.set(form, setTimeout(() => saveDraft(form), 1000));
    return;
  }
  const note = $("[data-saved]", form);
  const last = timers.get(form);
  saving.add(form);
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" } });
    if (!answer.ok) throw new Error(String(answer.status));
    if (timers.get(form) === last) changed.delete(form);
    if (note) note.textContent = `草稿已保存 ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" })}`;
  } catch {
    if (note) note.textContent = "草稿没有存上，请检查网络；离开前请先提交。";
  } finally {
    saving.delete(form);
  }
}

window.addEventListener("beforeunload", (event) => {
  for (const form of changed) if (!form.isConnected) changed.delete(form);
  if (changed.size) event.preventDefault();
});

// --- a button pressed twice because the answer is slow means one press. Where no other page came (the answer was a file), the form
// is free again after a while.
const PATIENCE = 10000;
let sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (Date.now() - (sent.get(form) ?? 0) < PATIENCE) event.preventDefault();
  else sent.set(form, Date.now());
});
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) sent = new WeakMap();
});

const posting = new WeakSet();
const isPosted = (element, verb) => verb !== "get" && element?.matches?.("form, button");
const isPressedAgain = ({ elt, verb, triggeringEvent }) =>
  isPosted(elt, verb) && posting.has(elt) && ["submit", "click"].includes(triggeringEvent?.type);

document.body.addEventListener("htmx:beforeSend", ({ detail }) => isPosted(detail.elt, detail.requestConfig.verb) && posting.add(detail.elt));
document.body.addEventListener("htmx:afterRequest", ({ detail }) => posting.delete(detail.elt));

// --- a form whose answer is a file leaves its page as it was: the note around it looks whether it is still due, and says it is done
const LOOKS = 120;

document.addEventListener("submit", (event) => {
  const note = event.target.closest("[data-follow-up]");
  if (!note || event.defaultPrevented) return;
  const button = $("button", event.target);
  setTimeout(() => { button.disabled = true; });
  let looks = 0;
  const timer = setInterval(async () => {
    const answer = await fetch(location.href).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const isDone = page !== null && page.getElementById(note.id) === null;
    if (isDone) {
      event.target.remove();
      note.classList.replace("notice--at-risk", "notice--done");
      $("p", note).textContent = note.dataset.followUp;
    }
    if (!isDone && ++looks < LOOKS) return;
    clearInterval(timer);
    button.disabled = false;
  }, 1000);
});

// --- htmx: busy line, failures in words, the drawer
let running = 0;
const busy = (step) => {
  running = Math.max(0, running + step);
  document.body.classList.toggle("is-busy", running > 0);
};
// A panel that looks again every second is not something the reader waits for.
const isQuiet = (event) => event.detail.elt?.matches("[data-job], [data-search]");

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (!isQuiet(event)) busy(1);
  if (event.detail.target === drawer && drawer.hidden) opener = document.activeElement;
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!isQuiet(event)) busy(-1);
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  // A session that ended answers with the sign-in page, which has no business inside this one.
  const address = event.detail.xhr.responseURL;
  if (address && new URL(address).pathname.includes("/sign-in")) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== drawer) return;
  if (drawer.childElementCount) openDrawer();
  else closeDrawer();
});
document.body.addEventListener("htmx:sendError", () => toast("没有连上服务器，请检查网络后再试。", "late"));
document.body.addEventListener("htmx:timeout", () => toast("服务器很久没有答复，请稍后再试。", "late"));
document.body.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (/"?toast"?/.test(xhr.getResponseHeader("HX-Trigger") || "")) return;
  const words = { 403: "您的账号不能办理这项内容。", 404: "没有找到这项内容，可能已被他人移走，请刷新页面。", 413: "文件太大，没有上传。" };
  toast(words[xhr.status] || "没有办成，内容没有变动。请稍后再试。", "late");
});

// A ledger is printed whole, by a page of its own; anything else as it stands.
function printWhole() {
  const ledger = $("[data-ledger-print]");
  if (ledger) ledger.click();
  else window.print();
}

// --- clicks, changes and keys of the frame
document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  if (on("[data-nav-collapse]")) collapseNavigation();
  else if (on("[data-nav-open]")) openNavigation(!$("#nav").hasAttribute("data-open"));
  else if (on("[data-drawer-close]")) closeDrawer();
  else if (on("[data-toast-close]")) on("[data-toast]").remove();
  else if (on("[data-print]")) printWhole();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target) || on(".menu__item, .menu__view button")) menu.open = false;
  }
  if ($("#nav[data-open]") && !on("#nav") && !on("[data-nav-open]")) openNavigation(false);
});

document.addEventListener("change", (event) => {
  if (event.target.closest("form[data-submit-on-change]")) event.target.form.requestSubmit();
});

function closeTopmost() {
  const menu = $("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    $("summary", menu).focus();
  } else if ($("#nav[data-open]")) {
    openNavigation(false);
    $("[data-nav-open]").focus();
  } else closeDrawer();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !$("dialog[open]")) closeTopmost();
});

showCollapse();

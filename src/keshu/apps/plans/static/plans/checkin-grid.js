// 我的填报: a grid filled by keyboard. Every row is saved by itself shortly after typing; a block copied from Excel is laid
// over the cells; two people on one row choose whose words stay.

const table = document.querySelector("[data-fill]");
const FIELDS = ["number", "progress", "problems", "help_needed"];
const WORDS = { number: "完成情况", progress: "进展情况", problems: "存在问题", help_needed: "需协调事项" };
const PAUSE = 900;
const timers = new WeakMap();
const running = new WeakMap();
const unsaved = new Set();

const rows = () => [...table.querySelectorAll("tr[data-form]")];
const writable = () => rows().filter((row) => row.dataset.save);
const cellOf = (row, name) => row.querySelector(`[data-cell="${name}"]`);
const toast = (message, tone) => document.body.dispatchEvent(new CustomEvent("toast", { detail: { message, tone } }));

// --- what a row says of itself
function say(row, text, tone = "") {
  const place = row.querySelector("[data-said]");
  if (!place) return;
  place.textContent = text;
  place.dataset.tone = tone;
}

function showErrors(row, errors) {
  for (const old of row.querySelectorAll(".fill__error")) old.remove();
  for (const name of FIELDS) cellOf(row, name)?.removeAttribute("aria-invalid");
  for (const [name, text] of Object.entries(errors)) {
    const cell = cellOf(row, name) ?? cellOf(row, "progress");
    cell.setAttribute("aria-invalid", "true");
    const note = document.createElement("p");
    note.className = "fill__error";
    note.id = `${cell.id}-error`;
    note.textContent = text;
    cell.setAttribute("aria-describedby", note.id);
    cell.closest("td").append(note);
  }
}

// --- talking to the server
async function send(address, body) {
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
  const answer = await fetch(`${address}?${table.dataset.query}`, { method: "POST", headers, body });
  if (answer.headers.get("HX-Redirect")) location.href = answer.headers.get("HX-Redirect");
  const trigger = JSON.parse(answer.headers.get("HX-Trigger") || "{}");
  if (trigger.toast) toast(trigger.toast.message, trigger.toast.tone);
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  return { status: answer.status, data: isJson ? await answer.json() : { message: trigger.toast?.message } };
}

function contents(row) {
  const body = new FormData();
  body.set("version", row.dataset.version);
  for (const name of FIELDS) body.set(name, cellOf(row, name).value);
  return body;
}

function touch(row) {
  unsaved.add(row);
  say(row, "未保存");
  clearTimeout(timers.get(row));
  timers.set(row, setTimeout(() => save(row), PAUSE));
}

// One request of a row at a time; what was typed meanwhile follows.
async function save(row, { file = false } = {}) {
  clearTimeout(timers.get(row));
  while (running.get(row)) await running.get(row);
  if (!row.isConnected || row.dataset.clash) return false;
  if (!file && !unsaved.has(row)) return !row.querySelector(".fill__error");
  const work = attempt(row, file);
  running.set(row, work);
  try {
    return await work;
  } finally {
    running.delete(row);
  }
}

async function attempt(row, file) {
  const body = contents(row);
  if (file) body.set("file", "1");
  unsaved.delete(row);
  say(row, file ? "正在报送…" : "正在保存…");
  let answer;
  try {
    answer = await send(row.dataset.save, body);
  } catch {
    unsaved.add(row);
    say(row, "没有保存：没有连上服务器，稍后自动再试", "late");
    timers.set(row, setTimeout(() => save(row), 5000));
    return false;
  }
  const { status, data } = answer;
  if (status === 200) {
    showErrors(row, {});
    if (data.row) return replace(row, data);
    row.dataset.version = data.version;
    if (!unsaved.has(row)) say(row, `已保存 ${data.saved}`, "done");
    return true;
  }
  unsaved.add(row);
  if (status === 409) clash(row, data);
  else if (data?.errors) {
    showErrors(row, data.errors);
    say(row, file ? "没有报送，请看红字" : "没有保存，请看红字", "late");
  } else say(row, `没有保存：${data?.message ?? "请刷新页面后再试"}`, "late");
  return false;
}

function replace(row, { row: html, figures }) {
  unsaved.delete(row);
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild;
  const hadFocus = row.contains(document.activeElement);
  const next = writable()[writable().indexOf(row) + 1];
  row.replaceWith(fresh);
  window.htmx?.process(fresh);
  putFigures(figures);
  if (hadFocus) (next ?? fresh).querySelector("[data-cell], [data-open]")?.focus();
  return true;
}

function putFigures(html) {
  if (!html) return;
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  document.querySelector("[data-figures]")?.replaceWith(holder.content.firstElementChild);
}

// --- two people on one row
function clash(row, data) {
  if (data.row) {
    toast(data.message, "late");
    replace(row, data);
    return;
  }
  row.dataset.clash = "1";
  say(row, "他人已改过，请选择", "late");
  const box = document.querySelector("#fill-clash").content.firstElementChild.cloneNode(true);
  box.querySelector("[data-clash]").textContent = "这一行在您填写时已被他人修改，现有内容如下。您填的还在格子里，没有保存。";
  for (const name of FIELDS) {
    if (data.values[name] === cellOf(row, name).value) continue;
    const pair = document.createElement("div");
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = WORDS[name];
    words.textContent = data.values[name] || "（空）";
    pair.append(term, words);
    box.querySelector("[data-theirs]").append(pair);
  }
  const settle = (isMine) => {
    delete row.dataset.clash;
    row.dataset.version = data.version;
    box.remove();
    if (!isMine) for (const name of FIELDS) cellOf(row, name).value = data.values[name];
    if (isMine) save(row);
    else {
      unsaved.delete(row);
      say(row, "已改用现有内容", "done");
    }
    cellOf(row, "progress").focus();
  };
  box.querySelector("[data-keep-mine]").addEventListener("click", () => settle(true));
  box.querySelector("[data-take-theirs]").addEventListener("click", () => settle(false));
  row.after(box);
  box.querySelector("[data-keep-mine]").focus();
}

// --- last period's words into the empty cells of a row
function takeBefore(row) {
  let taken = 0;
  for (const name of FIELDS) {
    const cell = cellOf(row, name);
    if (cell?.dataset.before && !cell.value.trim()) {
      cell.value = cell.dataset.before;
      taken += 1;
    }
  }
  if (taken) touch(row);
  else say(row, "没有空格可以带入");
  cellOf(row, "progress").focus();
}

// --- moving about
function go(cell, step, name = cell.dataset.cell) {
  const all = writable();
  const row = all[all.indexOf(cell.closest("tr")) + step];
  const to = row && cellOf(row, name);
  if (!to) return false;
  to.focus();
  to.select();
  return true;
}

function sideways(cell, step) {
  const to = cellOf(cell.closest("tr"), FIELDS[FIELDS.indexOf(cell.dataset.cell) + step]);
  to?.focus();
  return Boolean(to);
}

function arrow(event, cell) {
  const { selectionStart: start, selectionEnd: end, value } = cell;
  const isWhole = start === 0 && end === value.length;
  const [atStart, atEnd] = [start === end && start === 0, start === end && end === value.length];
  const moves = {
    ArrowUp: () => (isWhole || atStart || cell.matches("input")) && go(cell, -1),
    ArrowDown: () => (isWhole || atEnd || cell.matches("input")) && go(cell, 1),
    ArrowLeft: () => atStart && sideways(cell, -1),
    ArrowRight: () => atEnd && sideways(cell, 1),
  };
  return moves[event.key]?.() ?? false;
}

function onKey(event) {
  const cell = event.target.closest("[data-cell]");
  if (!cell || event.isComposing) return;
  const row = cell.closest("tr");
  let done = false;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    save(row, { file: true });
    done = true;
  } else if (event.key === "Enter" && event.altKey) {
    if (cell.matches("textarea")) {
      cell.setRangeText("\n", cell.selectionStart, cell.selectionEnd, "end");
      grow(cell);
      touch(row);
    }
    done = true;
  } else if (event.key === "Enter") {
    if (!go(cell, event.shiftKey ? -1 : 1)) save(row);
    done = true;
  } else if (event.altKey && event.key.toLowerCase() === "p") {
    takeBefore(row);
    done = true;
  } else if (!event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) done = arrow(event, cell);
  if (done) event.preventDefault();
}

// --- a block of cells from Excel: tabs between columns, lines between rows, quotes round a cell with lines of its own
function cellsOf(text) {
  const found = [[""]];
  let quoted = false;
  const put = (letter) => (found.at(-1)[found.at(-1).length - 1] += letter);
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < clean.length; at += 1) {
    const letter = clean[at];
    const isFresh = found.at(-1).at(-1) === "";
    if (quoted) {
      if (letter !== '"') put(letter);
      else if (clean[at + 1] === '"') {
        put('"');
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && isFresh) quoted = true;
    else if (letter === "\t") found.at(-1).push("");
    else if (letter === "\n") found.push([""]);
    else put(letter);
  }
  return found;
}

function onPaste(event) {
  const cell = event.target.closest("[data-cell]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!cell || !(text.includes("\t") || (text.trim().includes("\n") && cell.matches("input")))) return;
  event.preventDefault();
  const all = writable();
  const [top, left] = [all.indexOf(cell.closest("tr")), FIELDS.indexOf(cell.dataset.cell)];
  const block = cellsOf(text);
  let [laid, over] = [0, 0];
  block.forEach((line, down) => {
    const row = all[top + down];
    line.forEach((value, right) => {
      const to = row && FIELDS[left + right] && cellOf(row, FIELDS[left + right]);
      if (!to) {
        over += value.trim() ? 1 : 0;
        return;
      }
      to.value = to.matches("input") ? value.trim() : value;
      grow(to);
      laid += 1;
    });
    if (row) touch(row);
  });
  const rest = over ? `，另有 ${over} 格超出表格，没有粘贴` : "";
  toast(`已粘贴 ${laid} 格${rest}。`, over ? "at-risk" : "done");
}

// --- filing all rows that say something
async function fileAll(button) {
  button.disabled = true;
  const filled = writable().filter((row) => cellOf(row, "progress").value.trim() || cellOf(row, "number").value.trim());
  const saved = [];
  for (const row of filled) if (await save(row)) saved.push(row);
  if (!filled.length) toast("还没有填写任何一行。", "at-risk");
  else if (saved.length) await fileThese(saved, filled.length);
  else toast("填写的行都有问题，没有报送，请看红字。", "late");
  button.disabled = false;
}

async function fileThese(saved, filled) {
  const body = new FormData();
  for (const row of saved) body.append("ids", row.dataset.form);
  const { status, data } = await send(document.querySelector("[data-file-all]").dataset.address, body);
  if (status !== 200) return;
  for (const row of saved) {
    const pk = row.dataset.form;
    if (data.rows[pk]) replace(row, { row: data.rows[pk] });
    else if (data.refused[pk]) {
      showErrors(row, { progress: data.refused[pk] });
      say(row, "没有报送，请看红字", "late");
    }
  }
  putFigures(data.figures);
  const count = Object.keys(data.rows).length;
  const left = filled - count;
  toast(left ? `已报送 ${count} 行，${left} 行没有报送，请看红字。` : `已报送 ${count} 行。`, left ? "at-risk" : "done");
}

// A cell grows with its words.
function grow(cell) {
  if (!cell.matches("textarea")) return;
  cell.rows = 2;
  cell.rows = Math.min(8, Math.max(2, Math.ceil((cell.scrollHeight - 8) / 22)));
}

function openDrawer(row) {
  save(row).then(() => window.htmx.ajax("GET", row.dataset.drawer, { target: "#drawer", swap: "innerHTML" }));
}

if (table) {
  table.addEventListener("keydown", onKey);
  table.addEventListener("paste", onPaste);
  table.addEventListener("input", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    grow(cell);
    touch(cell.closest("tr"));
  });
  table.addEventListener("focusout", (event) => {
    const row = event.target.closest("tr[data-save]");
    if (row && !row.contains(event.relatedTarget)) save(row);
  });
  table.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-form]");
    if (!row) return;
    if (event.target.closest("[data-file-row]")) save(row, { file: true });
    else if (event.target.closest("[data-take]")) takeBefore(row);
    else if (event.target.closest("[data-open]")) openDrawer(row);
  });
  for (const cell of table.querySelectorAll("textarea[data-cell]")) if (cell.value) grow(cell);
  document.querySelector("[data-file-all]")?.addEventListener("click", (event) => fileAll(event.currentTarget));
  window.addEventListener("beforeunload", (event) => {
    for (const row of unsaved) if (!row.isConnected) unsaved.delete(row);
    if (unsaved.size) event.preventDefault();
  });
  document.body.addEventListener("checkin-changed", async (event) => {
    const row = table.querySelector(`tr[data-form="${event.detail.pk}"]`);
    if (!row) return;
    const answer = await fetch(`${row.dataset.rowAt}?${table.dataset.query}`, { headers: { "HX-Request": "true" } });
    if (answer.ok) replace(row, await answer.json());
  });
}

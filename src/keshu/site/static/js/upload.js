// Uploads: several files by choosing or dropping, each sent on its own with its own progress. The lines stand beside the form,
// not in it: what the server answers may hold forms of its own.
// The server answers each file with a piece of HTML for its line (a job panel, say), or with 4xx and a sentence of plain text.

const $ = (selector, within = document) => within.querySelector(selector);

function send(form, input, file) {
  const line = $("[data-upload-row]", form.parentElement).content.firstElementChild.cloneNode(true);
  const status = $("[data-status]", line);
  const bar = $("progress", line);
  const stop = $("[data-stop]", line);
  $(".upload__name", line).textContent = file.name;
  status.textContent = "等待上传";
  $("[data-uploads]", form.parentElement).append(line);

  const failed = (words) => {
    line.dataset.failed = "1";
    bar.remove();
    status.textContent = words;
    status.className = "field__error";
    stop.textContent = "移去";
    stop.onclick = () => line.remove();
  };

  const tooLarge = beyond(form, file);
  if (tooLarge) {
    failed(tooLarge);
    return Promise.resolve();
  }

  const body = new FormData(form);
  body.delete(input.name);
  body.append(input.name, file, file.name);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-Upload", "1");

  stop.onclick = () => request.abort();
  return new Promise((resolve) => {
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      const share = Math.floor((event.loaded / event.total) * 100);
      bar.value = share;
      status.textContent = share < 100 ? `已上传 ${share}%` : "已上传，正在检查";
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        line.innerHTML = request.responseText;
        window.htmx.process(line);
      } else failed(said(request));
    };
    request.onerror = () => failed("没有连上服务器，请检查网络后再传。");
    request.onabort = () => failed("已取消上传。");
    request.onloadend = resolve;
    request.send(body);
  });
}

function beyond(form, file) {
  // What is known to be refused is not sent over a slow line; the server has the last word.
  const limit = Number(form.dataset.limitMb);
  if (file.size === 0) return "这是空文件（0 字节），里面没有内容。请重新导出或另存后再上传。";
  if (!limit || file.size <= limit * 1024 * 1024) return "";
  return `文件有 ${Math.ceil(file.size / 1024 / 1024)} MB，超过 ${limit} MB 的上限，没有上传。${form.dataset.tooLarge || "请压缩其中的图片、另存为 .docx，或拆成几个文件后再上传。"}`;
}

function said(request) {
  const type = request.getResponseHeader("Content-Type") || "";
  if (type.startsWith("text/plain") && request.responseText) return request.responseText;
  try {
    const detail = JSON.parse(request.getResponseHeader("HX-Trigger") || "{}").toast;
    if (detail) return detail.message ?? String(detail);
  } catch {
    // The header is not for us; the words below serve.
  }
  return request.status === 413 ? "文件太大，没有上传。" : "没有传成，请稍后再试。";
}

async function sendAll(form, input, files) {
  // One after another: a slow office line carries one file well and ten badly.
  for (const file of files) await send(form, input, file);
}

function start(form, files) {
  const input = $('input[type="file"]', form);
  if (files.length) sendAll(form, input, [...files]);
  input.value = "";
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (form && event.target.type === "file") start(form, [...event.target.files]);
});

const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!holdsFiles(event) || !$("form[data-upload]")) return;
    event.preventDefault();
    $("[data-drop]").classList.add("drop--over");
  });
}

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) $("[data-drop]")?.classList.remove("drop--over");
});

document.addEventListener("drop", (event) => {
  const form = $("form[data-upload]");
  if (!form || !holdsFiles(event)) return;
  event.preventDefault();
  $("[data-drop]", form).classList.remove("drop--over");
  start(form, event.dataTransfer.files);
});

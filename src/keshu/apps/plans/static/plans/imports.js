// The import page: when a document has been read, its panel leads to the review, and the list of drafts shows it.

document.body.addEventListener("htmx:afterSwap", (event) => {
  for (const panel of document.querySelectorAll('.uploads .job[data-job="done"]:not([data-told])')) {
    panel.dataset.told = "1";
    const link = panel.querySelector("a.button--primary");
    if (link) link.lastChild.textContent = "去核对"; // one that offers to delete its draft keeps 查看结果
    if (event.detail.target.id !== "drafts") {
      window.htmx.ajax("GET", location.pathname, { source: "#drafts", target: "#drafts", select: "#drafts", swap: "outerHTML" }).catch(() => undefined);
    }
  }
});

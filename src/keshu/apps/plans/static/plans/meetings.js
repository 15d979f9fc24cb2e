// The agenda: offices folded and unfolded together, unfolded on paper and where the address names one of their lines.

const offices = [...document.querySelectorAll(".agenda__reports > li > details")];
const button = document.querySelector("[data-unfold]");
const allOpen = () => offices.every((office) => office.open);

function name() {
  button.textContent = allOpen() ? "全部收起" : "全部展开";
}

function showNamed() {
  const line = location.hash.startsWith("#item-") && document.getElementById(location.hash.slice(1));
  const office = line && line.closest(".agenda__reports details");
  if (!office || office.open) return;
  office.open = true;
  line.scrollIntoView({ block: "center" });
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = !allOpen();
    for (const office of offices) office.open = open;
  });
  for (const office of offices) office.addEventListener("toggle", name);
  name();
}
showNamed();
window.addEventListener("hashchange", showNamed);

let folded = [];
window.addEventListener("beforeprint", () => {
  folded = offices.filter((office) => !office.open);
  for (const office of folded) office.open = true;
});
window.addEventListener("afterprint", () => {
  for (const office of folded) office.open = false;
});

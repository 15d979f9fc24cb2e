// The bar between a document and what is said of it. The share is kept in a cookie, so that the server draws the page right the
// first time.
const review = document.querySelector("#review");
const divider = document.querySelector(".review__divider");

function setSplit(share) {
  const wanted = Math.max(30, Math.min(70, Math.round(share / 2) * 2));
  if (Number(review.dataset.split) === wanted) return;
  review.dataset.split = wanted;
  divider.setAttribute("aria-valuenow", wanted);
  document.cookie = `keshu_split=${wanted}; path=/; max-age=31536000; samesite=lax`;
}

divider.addEventListener("pointerdown", (event) => {
  divider.setPointerCapture(event.pointerId);
  event.preventDefault();
});
divider.addEventListener("pointermove", (event) => {
  if (!divider.hasPointerCapture(event.pointerId)) return;
  const box = review.getBoundingClientRect();
  setSplit(((event.clientX - box.left) / box.width) * 100);
});
divider.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
  if (!by) return;
  event.preventDefault();
  setSplit(Number(review.dataset.split) + by);
});

// `props.value` is {images, now} or None.
const root = $(".faces"), row = $(".row");
function draw() {
  const v = props.value, held = row.contains(document.activeElement);
  root.hidden = !v;
  row.replaceChildren(...(v ? v.images : []).map((image, i) => {
    const button = makeButton("", { index: i }, makeImage(image));
    button.setAttribute("aria-label", tr("Face {number} of {count}", { number: i + 1, count: v.images.length }));
    button.setAttribute("aria-pressed", String(i === v.now));
    return button;
  }));
  if (held && v) row.children[v.now ?? 0]?.focus();
}
row.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button && button.getAttribute("aria-pressed") !== "true") trigger("choose", { index: Number(button.dataset.index) });
});
follow({ value: 0 }, draw);

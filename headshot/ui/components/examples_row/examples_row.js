// `props.value` is [{name, title, credit, image}].
const row = $(".row");
function draw() {
  row.replaceChildren(...(props.value || []).map((one) => {
    const button = makeButton("", { name: one.name }, makeImage(one.image));
    button.setAttribute("aria-label", tr("Try with an example: {title}", one));
    button.title = one.title + " (" + one.credit + ")";
    return button;
  }));
}
row.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) trigger("pick", { name: button.dataset.name });
});
follow({ value: 0 }, draw);

// `props.value` is {adjustments: [{name, label, reason}]} or None. A click fires adjust with the name.
const root = $(".same");
let drawn = "";
const turn = inTurn((waiting, next) => [...waiting, next].slice(-8));
function draw() {
  $(".why").textContent = "";
  const rows = props.value ? props.value.adjustments : [], now = JSON.stringify(rows.map((r) => r.label));
  if (now !== drawn) root.replaceChildren(...rows.map((r) => makeButton("", { name: r.name }, r.label)));
  drawn = now;
  rows.forEach((r, i) => {
    root.children[i].setAttribute("aria-disabled", String(Boolean(r.reason))); // keeps the focus, unlike disabled
    if (r.reason) root.children[i].title = r.reason; else root.children[i].removeAttribute("title");
  });
}
root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const why = button.getAttribute("aria-disabled") === "true" ? button.title : "";
  $(".why").textContent = why;
  if (!why) turn.press("adjust", { name: button.dataset.name });
});
follow({ value: 0 }, () => { draw(); turn.answered(); });

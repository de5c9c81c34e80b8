// `props.value` is {adjustments: [{name, label, reason}], why, undo, redo} or None. Clicks fire adjust with the name, undo and redo.
const root = $(".adjust"), chips = $(".chips"), why = $(".why");
let names = "";

function off(button, is) { button.setAttribute("aria-disabled", String(Boolean(is))); } // keeps the focus, unlike disabled
function draw() {
  const value = props.value;
  root.dataset.state = value ? "ready" : "empty";
  if (!value) return;
  const now = JSON.stringify(value.adjustments.map((n) => n.label));
  if (now !== names) {
    names = now;
    chips.replaceChildren(...value.adjustments.map((n) => makeButton("", { name: n.name }, n.label)));
  }
  value.adjustments.forEach((n, i) => {
    off(chips.children[i], n.reason);
    if (n.reason) chips.children[i].title = n.reason; else chips.children[i].removeAttribute("title");
  });
  why.textContent = value.why;
  off($("[data-act=undo]"), !value.undo);
  off($("[data-act=redo]"), !value.redo);
}
function walk(back) {
  if (back) trigger("undo", {}); else trigger("redo", {});
}
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  if (button.dataset.name) trigger("adjust", { name: button.dataset.name });
  else walk(button.dataset.act === "undo");
});
onPageKey(root, (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return false;
  const value = props.value;
  if (value && (event.shiftKey ? value.redo : value.undo)) walk(!event.shiftKey);
  return true;
});
follow({ value: 0 }, draw);

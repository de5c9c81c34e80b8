// `props.value` is {nudges: [{name, label, reason}], why, undo, redo} or None. Clicks fire nudge with the name, undo and redo.
const root = element.querySelector(".going"), chips = element.querySelector(".chips"), why = element.querySelector(".why");
let names = "";

function off(button, is) { button.setAttribute("aria-disabled", String(Boolean(is))); } // keeps the focus, unlike disabled
function draw() {
  const value = props.value;
  root.dataset.state = value ? "ready" : "empty";
  if (!value) return;
  const now = JSON.stringify(value.nudges.map((n) => n.label));
  if (now !== names) {
    names = now;
    chips.replaceChildren(...value.nudges.map((n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.name = n.name;
      button.textContent = n.label;
      return button;
    }));
  }
  value.nudges.forEach((n, i) => {
    off(chips.children[i], n.reason);
    if (n.reason) chips.children[i].title = n.reason; else chips.children[i].removeAttribute("title");
  });
  why.textContent = value.why;
  off(element.querySelector("[data-act=undo]"), !value.undo);
  off(element.querySelector("[data-act=redo]"), !value.redo);
}
function walk(back) {
  if (back) trigger("undo", {}); else trigger("redo", {});
}
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  if (button.dataset.name) trigger("nudge", { name: button.dataset.name });
  else walk(button.dataset.act === "undo");
});
const typing = (node) => node instanceof Element && (node.isContentEditable || node.closest(
  "textarea, select, [role=textbox], [role=combobox], input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file])"));
function onKey(event) {
  if (!element.isConnected) return document.removeEventListener("keydown", onKey);
  if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
  if (typing(event.target) || !root.offsetParent || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  const value = props.value;
  if (value && (event.shiftKey ? value.redo : value.undo)) walk(!event.shiftKey);
}
document.addEventListener("keydown", onKey);
watch(Object.keys({ value: 0 }), draw);
draw();

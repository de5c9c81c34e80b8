// `element`, `props`, `trigger` and `watch` come from gr.HTML; the template is static and holds only the frame.
const group = element.querySelector(".rungs");
let drawn = "";

const nearest = () => {
  const at = Number(props.value);
  return props.rungs.reduce((best, rung) => (Math.abs(rung.at - at) < Math.abs(best.at - at) ? rung : best));
};

function make(tag, name, text) {
  const node = document.createElement(tag);
  node.className = name;
  if (text) node.textContent = text;
  return node;
}
function build() {
  group.replaceChildren(...props.rungs.map((rung) => {
    const button = make("button", "rung");
    button.type = "button";
    button.setAttribute("role", "radio");
    button.dataset.at = rung.at;
    button.append(make("span", "dot"), make("span", "name", rung.title));
    if (rung.reason) {
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("aria-label", rung.title + ", not available here: " + rung.reason);
      button.append(make("span", "lock", "not here yet"));
    }
    return button;
  }));
  const why = new Map(); // one line for all rungs that want the same
  for (const rung of props.rungs) if (rung.reason) {
    const known = why.get(rung.reason);
    if (known) known.names.push(rung.title); else why.set(rung.reason, { names: [rung.title], action: rung.action });
  }
  element.querySelector(".reasons").replaceChildren(...[...why].map(([reason, { names, action }]) => {
    const line = make("p", "reason");
    const list = names.join(", ");
    line.append(make("strong", "", list[0].toUpperCase() + list.slice(1)), document.createTextNode(" " + reason));
    if (action) {
      const button = make("button", "setup", action);
      button.type = "button";
      button.dataset.rung = names[0];
      line.append(document.createTextNode(" · "), button);
    }
    return line;
  }));
}
function draw() {
  const now = JSON.stringify(props.rungs);
  if (now !== drawn) { build(); drawn = now; }
  const chosen = nearest();
  const buttons = [...group.children];
  buttons.forEach((button, i) => {
    const on = props.rungs[i] === chosen || props.rungs[i].at === chosen.at;
    button.setAttribute("aria-checked", String(on));
    button.tabIndex = on ? 0 : -1;
    button.classList.toggle("below", props.rungs[i].at < chosen.at);
  });
  element.querySelector(".detail").textContent = chosen.detail;
}
function choose(i, focus) {
  const rung = props.rungs[i];
  if (focus) group.children[i].focus();
  if (rung.reason) { // say why, where the eye is
    const line = [...element.querySelectorAll(".reason")].find((p) => p.textContent.includes(rung.reason));
    if (line) { line.classList.remove("nudge"); void line.offsetWidth; line.classList.add("nudge"); }
    return;
  }
  if (rung.at === Number(props.value)) return;
  props.value = rung.at;
  draw();
  trigger("input", { value: rung.at, title: rung.title });
}
group.addEventListener("click", (event) => {
  const button = event.target.closest(".rung");
  if (button) choose([...group.children].indexOf(button), true);
});
group.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const buttons = [...group.children], count = buttons.length;
  let i = buttons.indexOf(document.activeElement);
  if (i < 0) return;
  if (event.key === "Home") i = -1; else if (event.key === "End") i = count; else if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  const move = step || (event.key === "Home" ? 1 : -1);
  for (i += move; i >= 0 && i < count; i += move) if (!props.rungs[i].reason) return choose(i, true);
});
element.addEventListener("click", (event) => {
  const button = event.target.closest(".setup");
  if (button) trigger("setup", { rung: button.dataset.rung });
});
// Not a literal list of names: gr.HTML takes every quoted name in this script for an event of its own, and an
// update of the property of that name from Python would fail.
watch(Object.keys({ value: 0, rungs: 0 }), draw);
draw();

const group = $(".rungs");
let drawn = "";

const nearest = () => {
  const at = Number(props.value);
  return props.rungs.reduce((best, rung) => (Math.abs(rung.at - at) < Math.abs(best.at - at) ? rung : best));
};

function build() {
  group.replaceChildren(...props.rungs.map((rung) => {
    const button = makeButton("rung", { at: rung.at }, make("span", "dot"), make("span", "name", rung.title));
    button.setAttribute("role", "radio");
    if (rung.reason) {
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("aria-label", tr("{title}, not available here: {reason}", rung));
      button.append(make("span", "lock", tr("not here yet")));
    }
    return button;
  }));
  const why = new Map(); // one line for all rungs that want the same
  for (const rung of props.rungs) if (rung.reason) {
    const known = why.get(rung.reason);
    if (known) known.names.push(rung.title); else why.set(rung.reason, { names: [rung.title], action: rung.action });
  }
  $(".reasons").replaceChildren(...[...why].map(([reason, { names, action }]) => {
    const list = names.join(", ");
    const line = make("p", "reason", make("strong", "", list[0].toUpperCase() + list.slice(1)), " " + reason);
    if (action) line.append(" · ", makeButton("setup", { rung: names[0] }, action));
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
  $(".detail").textContent = chosen.detail;
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
  if (button) choose(place(button), true);
});
const place = (button) => [...group.children].indexOf(button);
rove(group, () => [...group.children], (button) => choose(place(button), true),
  { columns: () => 1, can: (button) => !props.rungs[place(button)].reason });
element.addEventListener("click", (event) => {
  const button = event.target.closest(".setup");
  if (button) trigger("setup", { rung: button.dataset.rung });
});
follow({ value: 0, rungs: 0 }, draw);

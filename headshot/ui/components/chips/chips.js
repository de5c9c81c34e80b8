// `props.value` is {rows: [{said, text, why, state, action, name, done}], all, ready: [..], meter: {text, share}, note}.
// A press of a row's button fires `press` with {said, action}, `action` use, drop, add or all; `settled` follows a moment after the last new value.
const PAUSE = 900; // ms without a change: somebody has stopped typing
const part = (name) => element.querySelector("." + name);
let drawn = "", timer = 0;

function node(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  if (text) made.textContent = text;
  return made;
}
function button(text, said, action, label) {
  const made = node("button", "", text);
  made.type = "button";
  made.dataset.said = said;
  made.dataset.action = action;
  if (label) made.setAttribute("aria-label", label);
  return made;
}
function line(row) {
  const item = node("li", "row"), words = node("span", "words");
  item.dataset.state = row.state;
  words.append(node("span", "said", row.said));
  if (row.text) words.append(document.createTextNode(" " + row.text));
  if (row.why) words.append(node("span", "why", row.why));
  item.append(words);
  if (row.done) item.append(node("span", "done", "✓ " + row.done));
  if (row.action) item.append(button(row.action, row.said, row.action === "✕" ? "drop" : "use", row.name));
  return item;
}
function put(name, text) {
  part(name).textContent = text || "";
  part(name).hidden = !text;
}
function draw() {
  const now = JSON.stringify(props.value || {});
  if (now === drawn) return;
  const first = drawn === "", focus = element.contains(document.activeElement) && document.activeElement.dataset.said;
  drawn = now;
  const value = props.value || {}, ready = value.ready || [], meter = value.meter;
  part("rows").replaceChildren(...(value.rows || []).map(line));
  put("all", value.all);
  part("ready").replaceChildren(...ready.map((said) => button("+ " + said, said, "add", "Keep " + said)));
  part("ready").hidden = !ready.length;
  part("meter").hidden = !meter;
  if (meter) {
    element.querySelector(".meter p").textContent = meter.text;
    element.querySelector(".bar span").style.width = Math.min(100, 100 * meter.share) + "%";
  }
  put("note", value.note);
  if (focus) [...element.querySelectorAll("button")].find((b) => b.dataset.said === focus)?.focus();
  clearTimeout(timer);
  if (!first) timer = setTimeout(() => element.isConnected && trigger("settled", {}), PAUSE);
}
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (pressed) trigger("press", { said: pressed.dataset.said || "", action: pressed.dataset.action || "all" });
});
// Not a literal list of names: gr.HTML takes every quoted name in this script for an event of its own.
watch(Object.keys({ value: 0 }), draw);
draw();

// `props.value` is {rows: [{said, text, why, state, action, name, done}], all, ready: [..], meter: {text, share}, note}.
// A press of a row's button fires `press` with {said, action}, `action` use, drop, add or all; `settled` follows a moment after the last new value.
const PAUSE = 900; // ms without a change: somebody has stopped typing
const part = (name) => $("." + name);
let drawn = "", timer = 0;

function button(text, said, action, label) {
  const made = makeButton("", { said, action }, text);
  if (label) made.setAttribute("aria-label", label);
  return made;
}
function line(row) {
  const item = make("li", "row"), words = make("span", "words");
  item.dataset.state = row.state;
  words.append(make("span", "said", row.said));
  if (row.text) words.append(" " + row.text);
  if (row.why) words.append(make("span", "why", row.why));
  item.append(words);
  if (row.done) item.append(make("span", "done", "✓ " + row.done));
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
  part("ready").replaceChildren(...ready.map((said) => button("+ " + said, said, "add", tr("Keep {said}", { said }))));
  part("ready").hidden = !ready.length;
  part("meter").hidden = !meter;
  if (meter) {
    $(".meter p").textContent = meter.text;
    $(".bar span").style.width = Math.min(100, 100 * meter.share) + "%";
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
follow({ value: 0 }, draw);

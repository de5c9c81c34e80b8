// `element`, `props`, `trigger` and `watch` come from gr.HTML; the template is static and holds only the frame.
const strip = element.querySelector(".strip");
const SILHOUETTE = '<svg viewBox="0 0 80 100" aria-hidden="true"><circle cx="40" cy="42" r="17"/><path d="M6 100c2-26 16-35 34-35s32 9 34 35z"/></svg>';
let names = "";

function build() {
  strip.replaceChildren(...props.looks.map((look) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "look";
    button.dataset.name = look.name;
    button.setAttribute("role", "radio");
    if (look.summary) button.title = look.summary;
    const frame = document.createElement("span");
    frame.className = "frame";
    frame.innerHTML = SILHOUETTE;
    const title = document.createElement("span");
    title.className = "title";
    title.textContent = look.title;
    button.append(frame, title);
    return button;
  }));
}
function draw() {
  const now = JSON.stringify(props.looks.map((look) => [look.name, look.title, look.summary]));
  if (now !== names) { build(); names = now; }
  const chosen = props.looks.findIndex((look) => look.name === props.value);
  [...strip.children].forEach((button, i) => {
    const { image } = props.looks[i], frame = button.querySelector(".frame");
    let img = frame.querySelector("img");
    if (image && !img) { img = document.createElement("img"); img.alt = ""; img.draggable = false; frame.append(img); }
    if (img && image && img.src !== image) img.src = image;
    if (img && !image) img.remove();
    button.setAttribute("aria-checked", String(i === chosen));
    button.tabIndex = i === Math.max(chosen, 0) ? 0 : -1;
  });
  element.querySelector(".summary").textContent = chosen < 0 ? "" : props.looks[chosen].summary;
  reveal(strip.children[chosen]);
}
function reveal(button) { // scrolls the strip, never the page
  if (!button || strip.scrollWidth <= strip.clientWidth) return;
  const a = button.getBoundingClientRect(), b = strip.getBoundingClientRect();
  if (a.left < b.left || a.right > b.right) strip.scrollBy({ left: a.left - b.left - (b.width - a.width) / 2 });
}
function choose(i) {
  const look = props.looks[i];
  if (!look) return;
  strip.children[i].focus({ preventScroll: true });
  if (look.name === props.value) return;
  props.value = look.name;
  draw();
  trigger("input", { value: look.name, title: look.title });
}
strip.addEventListener("click", (event) => {
  const button = event.target.closest(".look");
  if (button) choose([...strip.children].indexOf(button));
});
strip.addEventListener("keydown", (event) => {
  const buttons = [...strip.children], here = buttons.indexOf(document.activeElement);
  if (here < 0) return;
  const above = buttons[0].offsetTop, columns = buttons.filter((b) => b.offsetTop === above).length;
  const last = buttons.length - 1;
  const to = { ArrowRight: here + 1, ArrowLeft: here - 1, ArrowDown: here + (columns > last ? 1 : columns),
    ArrowUp: here - (columns > last ? 1 : columns), Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (to >= 0 && to <= last) choose(to);
});
function onKey(event) { // nothing has the focus: the arrows walk through the looks
  if (!element.isConnected) return document.removeEventListener("keydown", onKey);
  if (event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey || !strip.offsetParent) return;
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  choose(props.looks.findIndex((look) => look.name === props.value) + step);
}
document.addEventListener("keydown", onKey);
// Not a literal list of names: gr.HTML takes every quoted name in this script for an event of its own, and an
// update of the property of that name from Python would fail.
watch(Object.keys({ value: 0, looks: 0 }), draw);
draw();

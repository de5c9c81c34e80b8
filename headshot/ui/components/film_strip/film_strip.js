// `props.value` is {now, items: [{id, image, mark, title, later, state, sign, words, detail}]} or None; `props.label` names it,
// `props.empty` is said while there is nothing, `props.large` wraps larger tiles. A click fires pick with the id.
const root = element.querySelector(".film"), row = element.querySelector(".row");
row.setAttribute("aria-label", props.label);
root.dataset.large = String(Boolean(props.large));
element.querySelector(".none").textContent = props.empty;
let shown = null, drawn = "";

function part(name, text) {
  const made = document.createElement("span");
  made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}
function tile(item) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.id = item.id;
  const frame = part("frame", item.image ? undefined : item.waits || "");
  if (item.image) {
    const img = document.createElement("img");
    img.src = item.image;
    img.alt = "";
    img.draggable = false;
    frame.append(img);
  }
  button.disabled = !item.image;
  if (item.mark) frame.append(part("mark", item.mark));
  button.append(frame, part("title", item.title));
  button.className = "tile";
  if (item.words) {
    const says = part("says"), sign = part("hs-sign", item.sign);
    sign.setAttribute("aria-hidden", "true");
    says.append(sign, part("word", item.words));
    button.append(says);
    button.classList.add("hs-" + item.state);
  }
  if (item.detail) button.title = item.detail;
  button.dataset.later = String(Boolean(item.later));
  const later = item.later ? "undone" : "";
  button.setAttribute("aria-label", [item.mark, item.title, item.words, item.detail, later].filter(Boolean).join(". "));
  return button;
}
function draw() {
  const value = props.value, items = (value && value.items) || [];
  root.dataset.state = items.length ? "ready" : "empty";
  const focused = row.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const made = JSON.stringify(items);
  if (made !== drawn) row.replaceChildren(...items.map(tile)); // else a press under way would lose its tile
  drawn = made;
  const now = value ? value.now : null;
  for (const button of row.children) button.setAttribute("aria-current", String(button.dataset.id === now));
  const current = [...row.children].find((b) => b.dataset.id === now) || (props.large ? null : row.lastElementChild);
  if (focused) [...row.children].find((b) => b.dataset.id === focused)?.focus({ preventScroll: true });
  if (current && now !== shown) { // scrolls the strip, never the page
    const a = current.getBoundingClientRect(), b = row.getBoundingClientRect();
    if (a.left < b.left || a.right > b.right) row.scrollBy({ left: a.left - b.left - (b.width - a.width) / 2 });
  }
  shown = now;
}
row.addEventListener("click", (event) => {
  const button = event.target.closest(".tile");
  if (!button || button.disabled) return;
  for (const other of row.children) other.setAttribute("aria-current", String(other === button));
  if (props.leaves) document.getElementById("tabs")?.scrollIntoView({ block: "start" }); // it is shown at the top of another tab
  trigger("pick", { id: button.dataset.id });
});
row.addEventListener("keydown", (event) => {
  const tiles = [...row.children], here = tiles.indexOf(document.activeElement);
  const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tiles.length - 1 }[event.key];
  if (here < 0 || to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  tiles[to]?.focus();
});
watch(Object.keys({ value: 0 }), draw);
draw();

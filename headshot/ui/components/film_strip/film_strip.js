// `props.value` is {now, items: [{id, image, mark, title, state, sign, words, detail}]} or None. A click
// fires pick with the id.
const root = $(".film"), row = $(".row");
let shown = null, drawn = "";

function tile(item) {
  const frame = make("span", "frame", item.image ? makeImage(item.image) : item.waits);
  const button = makeButton("tile", { id: item.id }, frame, make("span", "title", item.title));
  button.disabled = !item.image;
  if (item.mark) frame.append(make("span", "mark", item.mark));
  if (item.words) {
    button.append(make("span", "says", sign(item.sign), make("span", "word", item.words)));
    button.classList.add("hs-" + item.state);
  }
  if (item.detail) button.title = item.detail;
  button.setAttribute("aria-label", [item.mark, item.title, item.words, item.detail].filter(Boolean).join(". "));
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
  const current = [...row.children].find((b) => b.dataset.id === now) || (root.dataset.large === "true" ? null : row.lastElementChild);
  if (focused) [...row.children].find((b) => b.dataset.id === focused)?.focus({ preventScroll: true });
  if (current && now !== shown) scrollWithin(row, current);
  shown = now;
}
row.addEventListener("click", (event) => {
  const button = event.target.closest(".tile");
  if (!button || button.disabled) return;
  for (const other of row.children) other.setAttribute("aria-current", String(other === button));
  trigger("pick", { id: button.dataset.id });
});
rove(row, () => [...row.children], (tile) => tile.focus());
follow({ value: 0 }, draw);

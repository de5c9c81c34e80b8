// `props.value` is {sentences: [{place, text}]} or None.
const box = $(".disclosure"), places = $(".places"), text = $(".text"), done = $(".done");
let chosen = 0;
const known = () => (props.value && props.value.sentences) || [];
function draw() {
  const rows = known();
  box.hidden = !rows.length;
  if (!rows.length) return;
  chosen = Math.min(chosen, rows.length - 1);
  const focus = places.contains(document.activeElement);
  places.replaceChildren(...rows.map((row, number) => {
    const button = makeButton("", { number }, row.place);
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", String(number === chosen));
    button.tabIndex = number === chosen ? 0 : -1;
    return button;
  }));
  if (focus) places.children[chosen].focus();
  if (text.textContent !== rows[chosen].text) done.textContent = "";
  text.textContent = rows[chosen].text;
}
function choose(button) { chosen = Number(button.dataset.number); draw(); places.children[chosen].focus(); }
places.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) choose(button);
});
rove(places, () => [...places.children], choose, { columns: () => 1 });
async function copy() {
  try { await navigator.clipboard.writeText(text.textContent); } catch { // no secure address: the old way
    getSelection().selectAllChildren(text);
    if (!document.execCommand("copy")) { done.textContent = tr("Marked: copy it by hand."); return; }
  }
  done.textContent = tr("✓ Copied");
}
$(".copy").addEventListener("click", copy);
follow({ value: 0 }, draw);

// `props.value` is {now, undo, redo, full, items: [{id, title, image, starred}]} or None.
const root = $(".tray"), row = $(".row");
let drawn = "", shown = null, chosen = [], choosing = false, told = "", telling = 0;
const WHY = { undo: tr("This is where it began: there is nothing to undo."), redo: tr("There is nothing to redo."),
  compare: tr("Make a second picture, then compare."), pack: tr("Give a picture a star first.") };
// The newest wins: of pictures that are chosen the last one counts, and a star pressed twice is none.
const turn = inTurn((waiting, next) => {
  if (next.event === "pick") return [...waiting.filter((one) => one.event === "star"), next];
  if (next.event === "together") return [...waiting.filter((one) => one.event !== next.event), next];
  const twice = next.event === "star" ? waiting.findIndex((one) => one.event === "star" && one.data.id === next.data.id) : -1;
  return twice < 0 ? [...waiting, next] : waiting.toSpliced(twice, 1);
});
function tell(act) { // why a button does nothing now
  told = WHY[act];
  clearTimeout(telling);
  telling = setTimeout(() => { told = ""; draw(); }, 5000);
  draw();
}

function tile(item) {
  const pick = makeButton("pick", { id: item.id }, makeImage(item.image)), star = makeButton("star", { id: item.id });
  pick.title = item.title;
  const box = make("div", "tile", pick, star, make("span", "mark"));
  box.dataset.id = item.id;
  return box;
}
function off(act, is) { // keeps the focus
  const button = $("[data-act=" + act + "]");
  button.says ??= button.title;
  button.setAttribute("aria-disabled", String(Boolean(is)));
  button.title = is ? WHY[act] : button.says;
}
function draw() {
  const v = props.value, items = v ? v.items : [];
  root.dataset.state = v ? "ready" : "empty";
  if (!v) { chosen = []; choosing = false; }
  const now = JSON.stringify(items.map((i) => [i.id, i.title, i.image]));
  if (now !== drawn) { // known tiles stay: a press under way would lose its own
    const known = Object.fromEntries([...row.children].map((n) => [n.dataset.id, n]));
    const same = (node, item) => node && node.querySelector("img").named === item.image && node.firstElementChild.title === item.title;
    row.replaceChildren(...items.map((item) => (same(known[item.id], item) ? known[item.id] : tile(item))));
  }
  drawn = now;
  items.forEach((item, i) => {
    const box = row.children[i], [pick, star, mark] = box.children, at = chosen.indexOf(item.id), current = v.now === item.id;
    box.dataset.now = String(current);
    pick.setAttribute("aria-current", String(current));
    pick.tabIndex = current ? 0 : -1;
    star.tabIndex = current ? 0 : -1;
    pick.setAttribute("aria-label", [item.title, item.starred ? tr("starred") : "", at >= 0 ? tr("compared") : ""].filter(Boolean).join(", "));
    star.textContent = item.starred ? "★" : "☆";
    star.setAttribute("aria-pressed", String(item.starred));
    star.setAttribute("aria-label", tr("Star {title}", item));
    mark.textContent = at >= 0 ? "ABCD"[at] : "";
  });
  const stars = items.filter((i) => i.starred).length;
  $(".count").textContent = told ? told : choosing ? tr("Choose two to four pictures") : v?.full ? tr("The last {many} pictures, and all with a star", { many: items.length }) : items.length === 1 ? tr("1 picture, all kept") : tr("{many} pictures, all kept", { many: items.length });
  off("undo", !v || !v.undo);
  off("redo", !v || !v.redo);
  off("compare", items.length < 2);
  off("pack", !stars);
  $("[data-act=compare]").setAttribute("aria-pressed", String(choosing));
  if (v && v.now !== shown) { const box = [...row.children].find((n) => n.dataset.now === "true"); if (box) scrollWithin(row, box); shown = v.now; }
}
function walk(back) { if (back) turn.press("undo"); else turn.press("redo"); }
function stop() {
  if (chosen.length > 1) turn.press("together", { ids: [] });
  chosen = [];
  choosing = false;
}
function press(id) {
  if (!choosing) return turn.press("pick", { id });
  chosen = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-4);
  if (chosen.length > 1) turn.press("together", { ids: chosen });
  draw();
}
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { act, id } = button.dataset;
  if (button.getAttribute("aria-disabled") === "true") return tell(act);
  told = "";
  if (button.classList.contains("star")) turn.press("star", { id });
  else if (id) press(id);
  else if (act === "compare") {
    if (choosing) stop(); else { choosing = true; chosen = props.value ? [props.value.now] : []; }
    draw();
  } else if (act === "pack") trigger("pack", {});
  else walk(act === "undo");
});
rove(row, () => [...row.querySelectorAll(".pick")], (pick) => pick.focus(), { columns: () => 1 });
onPageKey(root, (event) => {
  const v = props.value, key = event.key.toLowerCase();
  if (!v) return false;
  if ((event.ctrlKey || event.metaKey) && key === "z") {
    if (event.shiftKey ? v.redo : v.undo) walk(!event.shiftKey); else tell(event.shiftKey ? "redo" : "undo");
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.target !== document.body) return false;
  if (key === "s") { turn.press("star", { id: v.now }); return true; }
  const step = { arrowup: -1, arrowdown: 1 }[key], at = v.items.findIndex((i) => i.id === v.now);
  if (!step) return false;
  if (v.items[at + step]) turn.press("pick", { id: v.items[at + step].id });
  return true;
});
follow({ value: 0 }, () => { draw(); turn.answered(); });

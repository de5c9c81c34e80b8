// Joined in front of every component's script by assets.component. gr.HTML gives `element`, `props`, `trigger` and `watch`.
// It also takes every quoted word of a script for an event of its own, and an update of the property of that name from
// Python would fail: names of properties are never quoted here, so `follow` takes them as the keys of an object.
const $ = (selector) => element.querySelector(selector);
// A text in tr("…") is translated on its way to the browser (server/translated.py); `values` fill its {names}.
const tr = (text, values = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const SILHOUETTE = '<svg viewBox="0 0 100 100" preserveAspectRatio="xMidYMin slice" aria-hidden="true"><circle cx="50" cy="42" r="19"/><path d="M8 112c2-34 19-45 42-45s40 11 42 45z"/></svg>';

function make(tag, name, ...children) { // children: nodes or words; nothing is made of "" and undefined
  const node = document.createElement(tag);
  node.className = name || "";
  node.append(...children.filter((child) => child || child === 0));
  return node;
}
function makeButton(name, data, ...children) {
  const button = make("button", name, ...children);
  button.type = "button";
  Object.assign(button.dataset, data);
  return button;
}
// A picture comes by its address ("picture/…", server/pictures.py), named in every answer that shows it. It is fetched once
// for the whole page and stays in the page's memory; `pictureAt` is what an img can show, or the promise of it.
const pictures = (window.headshotPictures ??= new Map());
function pictureAt(url) {
  if (!url.startsWith("picture/")) return url;
  if (!pictures.has(url)) {
    const coming = fetch(new URL(url, document.baseURI)).then(async (answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      const known = URL.createObjectURL(await answer.blob());
      pictures.set(url, known);
      return known;
    }).catch(() => { pictures.delete(url); return ""; }); // the next answer that names it tries again
    pictures.set(url, coming);
  }
  return pictures.get(url);
}
function setImage(img, url) { // `img.named`: what it shows, or is about to
  if (img.named === url) return;
  img.named = url;
  const known = pictureAt(url);
  if (typeof known !== typeof "") known.then((src) => { if (img.named === url && src) img.src = src; });
  else if (known) img.src = known;
}
function makeImage(src) {
  const img = make("img");
  if (src) setImage(img, src);
  img.alt = "";
  img.draggable = false;
  return img;
}
function sign(symbol) { // a state's symbol; its word stands beside it
  const node = make("span", "hs-sign", symbol);
  node.setAttribute("aria-hidden", "true");
  return node;
}
// Roving focus: arrows, Home and End call `go` with the next of `items()` that `can`. `columns`: how far down and up lead.
function rove(box, items, go, { columns = () => 0, can = () => true } = {}) {
  box.addEventListener("keydown", (event) => {
    const all = items(), here = all.indexOf(document.activeElement);
    if (here < 0) return;
    const down = columns(all);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: down, ArrowUp: -down, Home: 1, End: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    let to = { Home: 0, End: all.length - 1 }[event.key] ?? here + step;
    while (all[to] && !can(all[to])) to += step;
    if (all[to]) go(all[to]);
  });
}
function scrollWithin(strip, child) { // scrolls the strip, never the page
  const a = child.getBoundingClientRect(), b = strip.getBoundingClientRect();
  if (a.left < b.left || a.right > b.right) strip.scrollBy({ left: a.left - b.left - (b.width - a.width) / 2 });
  if (a.top < b.top || a.bottom > b.bottom) strip.scrollBy({ top: a.top - b.top - (b.height - a.height) / 2 });
}
// Requests in turn: one is on its way, what is pressed meanwhile waits here, where `merge(waiting, next)` says what is left
// of it. `answered` when an answer came; where none does, the next one goes after a while.
function inTurn(merge) {
  let waiting = [], busy = false, late = 0;
  function send() {
    const next = waiting.shift();
    busy = Boolean(next);
    clearTimeout(late);
    if (!next) return;
    late = setTimeout(send, 8000);
    trigger(next.event, next.data);
  }
  return {
    press(event, data = {}) { waiting = merge(waiting, { event, data }); if (!busy) send(); },
    answered() { if (busy) send(); },
  };
}
const typing = (node) => node instanceof Element && (node.isContentEditable || node.closest(
  "textarea, select, [role=textbox], [role=combobox], input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=file])"));
// Keys of the whole page while `box` is in sight and nothing is being typed; `act` returns whether the key was its own.
function onPageKey(box, act) {
  function listen(event) {
    if (!element.isConnected) return document.removeEventListener("keydown", listen);
    if (event.defaultPrevented || event.altKey || typing(event.target)) return;
    if (!box.offsetParent || document.querySelector("dialog[open]")) return;
    if (act(event)) event.preventDefault();
  }
  document.addEventListener("keydown", listen);
}
function follow(names, draw) { // draws now, and after each update of one of these properties from Python
  watch(Object.keys(names), draw);
  draw();
}

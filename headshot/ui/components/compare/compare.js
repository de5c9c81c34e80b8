// The template never changes, so what is attached to its nodes survives every value; mode, zoom, centre and split are
// kept here. compare_input.js and compare_mend.js follow.
const root = $(".compare"), stage = $(".stage"), handle = $(".handle"), auto = $("[data-act=auto]");
const panes = { original: $(".pane.original"), result: $(".pane.result"), third: $("[data-pane=third]"), fourth: $("[data-pane=fourth]") };
let many = 2; // pictures that are compared
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const ZOOMS = ["eyes", "fit", "full"];
const MAX_SCALE = 8; // CSS px for one picture px

// The slider first, although blinking tells most: it shows both pictures and how to go on before anything is pressed.
const view = { mode: "slider", zoom: 1, x: 0.5, y: 0.5, split: 0.5, layer: "result" };
const KEPT = "headshot-view"; // slider or side by side, as this browser chose last; the other views are for a moment
try { if (localStorage.getItem(KEPT) === "side") view.mode = "side"; } catch { /* no storage */ }
let size = null, eyes = null, ticket = 0, latest = null, beat = null, usual = "slider";
const names = { original: tr("Original"), result: tr("Headshot") };

const clamp = (v, low, high) => Math.min(Math.max(v, low), Math.max(low, high));
const paneBox = () => {
  const width = view.mode === "side" ? (stage.clientWidth - 2 * (many - 1)) / many : stage.clientWidth;
  return { width, height: stage.clientHeight };
};

function fitScale() {
  const pane = paneBox();
  return Math.min(pane.width / size.width, pane.height / size.height);
}
// Half a stage is a tall pane: side by side starts with the sides cropped, for a larger face. "Fit" shows all.
const fillZoom = () => clamp(paneBox().height / size.height / fitScale(), 1, 1.6);
const near = (a, b) => Math.abs(a - b) < 0.01;
const maxZoom = () => Math.max(MAX_SCALE / fitScale(), 1);

function geometry(zoom = view.zoom, x = view.x, y = view.y) {
  const pane = paneBox(), scale = fitScale() * zoom;
  const place = (at, extent, length) => {
    const half = extent / 2 / (length * scale);
    return half >= 0.5 ? 0.5 : clamp(at, half, 1 - half);
  };
  const cx = place(x, pane.width, size.width), cy = place(y, pane.height, size.height);
  return { pane, scale, cx, cy, tx: pane.width / 2 - cx * size.width * scale, ty: pane.height / 2 - cy * size.height * scale };
}

function draw() {
  root.dataset.mode = view.mode;
  root.dataset.layer = view.layer;
  for (const button of element.querySelectorAll("button[data-mode]"))
    button.setAttribute("aria-pressed", String(button.dataset.mode === view.mode));
  for (const button of element.querySelectorAll(".bar button")) button.disabled = !size;
  for (const seg of element.querySelectorAll(".seg")) { // one Tab stop each, the arrows lead on
    const all = [...seg.children], on = all.find((b) => b.getAttribute("aria-pressed") === "true") || all[0];
    for (const button of all) button.tabIndex = button === on ? 0 : -1;
  }
  if (!size || !stage.clientWidth) return;
  const g = geometry();
  view.x = g.cx; view.y = g.cy;
  const left = clamp(g.tx, 0, g.pane.width), right = clamp(g.tx + size.width * g.scale, 0, g.pane.width);
  const top = clamp(g.ty, 0, g.pane.height), bottom = clamp(g.ty + size.height * g.scale, 0, g.pane.height);
  root.style.setProperty("--panes", String(many));
  for (const pane of Object.values(panes)) {
    const img = pane.querySelector("img");
    img.style.width = size.width + "px";
    img.style.height = size.height + "px";
    img.style.transform = "translate(" + g.tx + "px, " + g.ty + "px) scale(" + g.scale + ")";
    pane.style.setProperty("--left", left + "px");
    pane.style.setProperty("--right", g.pane.width - right + "px");
    pane.style.setProperty("--top", top + "px");
  }
  root.dataset.narrow = String(right - left < 220);
  const edge = left + view.split * (right - left);
  panes.result.style.clipPath = view.mode === "slider" ? "inset(0 0 0 " + edge + "px)" : "none";
  handle.style.left = edge + "px";
  handle.style.top = top + "px";
  handle.style.height = bottom - top + "px";
  stage.tabIndex = view.mode === "slider" ? -1 : 0; // one Tab stop: the divider hears the stage's keys too
  const percent = Math.round(view.split * 100);
  handle.setAttribute("aria-valuenow", String(percent));
  handle.setAttribute("aria-valuetext", percent + "% " + names.original.toLowerCase() + ", " + (100 - percent) + "% " + names.result.toLowerCase());
  const zoomed = view.zoom > 1.001;
  stage.dataset.zoomed = String(zoomed);
  $("[data-act=fit]").setAttribute("aria-pressed", String(!zoomed));
  $("[data-act=eyes]").setAttribute("aria-pressed", String(zoomed && atEyes()));
  $("[data-act=full]").disabled = !zoomed && near(fullZoom(), 1); // it is as large as that, or larger, already
  $("[data-act=full]").setAttribute("aria-pressed", String(zoomed && near(view.zoom, fullZoom())));
  $(".scale").textContent = Math.round(g.scale * window.devicePixelRatio * 100) + "%";
  if (view.mode === "profile") profile(g);
  root.dispatchEvent(new Event("drawn"));
}

// The circle of a profile page: a square with the eyes in its middle, at 42% of its height, as most portraits have them.
const SIZES = [[400, tr("on a profile page")], [100, tr("in search")], [56, tr("in a feed")]];
function profile() {
  const side = Math.min(size.width, size.height), [ex, ey] = [(eyes[0] + eyes[2]) / 2, (eyes[1] + eyes[3]) / 2];
  const x = clamp(ex - side / 2, 0, size.width - side), y = clamp(ey - 0.42 * side, 0, size.height - side);
  const room = Math.min(1, (stage.clientHeight - 150) / 400, (stage.clientWidth - 60) / 2 / 400);
  $(".profile").replaceChildren(...["original", "result"].map((key) => {
    const who = make("div", "who", make("p", "name", names[key]));
    for (const [px, where] of SIZES) {
      const shown = px > 100 ? Math.round(px * clamp(room, 0.2, 1)) : px, scale = shown / side, circle = make("span", "circle");
      const img = makeImage(panes[key].querySelector("img").src);
      Object.assign(circle.style, { width: shown + "px", height: shown + "px" });
      Object.assign(img.style, { width: size.width * scale + "px", transform: "translate(" + -x * scale + "px, " + -y * scale + "px)" });
      img.alt = tr("{name} as a circle of {shown} pixels, {where}", { name: names[key], shown, where });
      circle.append(img);
      who.append(circle);
    }
    return who;
  }));
}

function zoomAt(factor, px, py) { // keeps the picture's point under (px, py), in pane px, where it is
  const g = geometry();
  const fx = (px - g.tx) / (size.width * g.scale), fy = (py - g.ty) / (size.height * g.scale);
  view.zoom = clamp(view.zoom * factor, 1, maxZoom());
  const scale = fitScale() * view.zoom;
  view.x = fx + (g.pane.width / 2 - px) / (size.width * scale);
  view.y = fy + (g.pane.height / 2 - py) / (size.height * scale);
  draw();
}
function pan(dx, dy) {
  const scale = fitScale() * view.zoom;
  view.x -= dx / (size.width * scale);
  view.y -= dy / (size.height * scale);
  draw();
}
const eyesCentre = () => [(eyes[0] + eyes[2]) / 2 / size.width, (eyes[1] + eyes[3]) / 2 / size.height];
function eyesZoom() {
  const pane = paneBox();
  const scale = Math.min(pane.width / ((eyes[2] - eyes[0]) * 1.35), pane.height / ((eyes[3] - eyes[1]) * 1.35));
  return clamp(scale / fitScale(), 1.5, maxZoom());
}
function atEyes() {
  const goal = geometry(eyesZoom(), ...eyesCentre());
  return near(view.zoom, eyesZoom()) && near(view.x, goal.cx) && near(view.y, goal.cy);
}
const fullZoom = () => clamp(1 / window.devicePixelRatio / fitScale(), 1, maxZoom());
function zoomTo(what) {
  if (!size) return;
  const full = what === "full" && view.zoom <= 1.001;
  if (what === "fit" || (what === "eyes" && atEyes())) { view.zoom = 1; [view.x, view.y] = [eyesCentre()[0], 0.5]; }
  else {
    view.zoom = what === "eyes" ? eyesZoom() : fullZoom();
    if (what === "eyes" || full) [view.x, view.y] = eyesCentre();
  }
  draw();
}

function setMode(mode) {
  if (!size || mode === view.mode) return;
  const plain = view.zoom <= 1.001 || (view.mode === "side" && near(view.zoom, fillZoom()));
  const scale = fitScale() * view.zoom;
  view.mode = mode;
  if (mode !== "blink") stopBeat();
  if (!plain) view.zoom = clamp(scale / fitScale(), 1, maxZoom()); // as large as before
  else if (mode !== "side") view.zoom = 1;
  else { view.zoom = fillZoom(); [view.x, view.y] = eyesCentre(); }
  draw();
}
let before = null; // the mode in which the original was asked for
function peek(on) { // holding Space: the original in place
  if (!size || on === (before !== null)) return;
  if (on) { before = [view.mode, view.layer]; view.mode = "blink"; view.layer = "original"; }
  else { [view.mode, view.layer] = before; before = null; }
  root.dataset.peek = String(on);
  draw();
}
function show(layer) {
  view.layer = layer;
  root.dataset.layer = layer;
  $(".sr").textContent = beat ? "" : tr("Showing: {name}", { name: names[layer] });
}
const flip = () => show(view.layer === "original" ? "result" : "original");
function blink() { // first press enters the mode and already changes what is seen
  if (!size) return;
  if (view.mode !== "blink") { setMode("blink"); show("original"); } else flip();
}
function stopBeat() { clearInterval(beat); beat = null; auto.checked = false; }
function startBeat() {
  clearInterval(beat);
  beat = setInterval(() => { if (element.isConnected) flip(); else stopBeat(); }, 1000); // one switch a second: 0.5 Hz
}
function motion() {
  auto.disabled = calm.matches;
  auto.parentElement.title = calm.matches ? tr("Off, because your system asks for reduced motion") : "";
  if (calm.matches) stopBeat();
}
calm.addEventListener("change", motion);
motion();

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { mode, act } = button.dataset;
  if (mode === "blink") blink(); else if (mode) setMode(mode);
  if (mode) try { localStorage.setItem(KEPT, mode); } catch { /* no storage */ }
  else if (act === "switch") flip(); else if (act === "screen") screen(); else if (ZOOMS.includes(act)) zoomTo(act);
});
auto.addEventListener("change", () => (auto.checked ? startBeat() : stopBeat()));

// ---- values
function screen() {
  if (document.fullscreenElement) document.exitFullscreen(); else root.requestFullscreen?.();
}
for (const seg of element.querySelectorAll(".seg"))
  rove(seg, () => [...seg.children].filter((b) => b.offsetParent), (button) => { button.focus(); if (button.dataset.mode) button.click(); });
async function decode(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
}
function tell(value) {
  if (!value || "older" in value) root.dataset.older = String(Boolean(value && value.older)); // else as it was
  root.dataset.busy = String(Boolean(value && value.busy));
  // What came during the work is seen as it is, to its end: only what the work is to replace is dimmed.
  root.dataset.preview = String(Boolean(value && value.busy && (value.result || root.dataset.preview === "true")));
  // The photo stands in both places while there is no headshot yet.
  if (!value?.busy || value.result) root.dataset.alone = String(Boolean(value?.busy && value.original === value.result && !value.names));
  stage.setAttribute("aria-busy", root.dataset.busy);
  $(".what").textContent = value && value.busy ? value.note || tr("Working") : "";
  $(".note").textContent = $(".note").title = value && !value.busy ? value.note || "" : "";
  const known = value && typeof value.progress === "number";
  root.dataset.progress = String(Boolean(known));
  $(".fill").style.width = known ? clamp(value.progress, 0, 1) * 100 + "%" : "0";
}
function empty() {
  size = null;
  stopBeat();
  root.dataset.state = "empty";
  for (const pane of Object.values(panes)) pane.querySelector("img").removeAttribute("src");
  tell(null);
  draw();
}
async function update() {
  const value = props.value && typeof props.value === "object" ? { ...props.value } : null;
  latest = value;
  if (value && !(value.original && value.result)) return tell(value); // the pictures that are there, or on their way, stay
  const turn = ++ticket;
  if (!value) return empty();
  const urls = await Promise.all([value.original, value.result, ...(value.more || [])].map(pictureAt));
  if (turn !== ticket) return;
  const images = Object.values(panes).map((pane) => pane.querySelector("img")).slice(0, urls.length);
  try {
    await Promise.all(urls.filter((url, i) => images[i].src !== url).map(decode));
  } catch (error) {
    console.error("compare: a picture could not be decoded", error);
  }
  if (turn !== ticket) return; // newer pictures came while these were decoded
  images.forEach((img, i) => { if (img.src !== urls[i]) img.src = urls[i]; });
  [names.original, names.result, names.third, names.fourth] = value.names || [tr("Original"), tr("Headshot")];
  for (const [i, [key, pane]] of Object.entries(panes).entries()) {
    pane.querySelector(".tag").textContent = names[key] || "";
    if (value.names) pane.querySelector("img").alt = names[key] || "";
    pane.hidden = i >= urls.length;
    pane.style.setProperty("--at", String(i));
  }
  many = urls.length;
  const several = many > 2, first = size === null;
  if (several !== (root.dataset.several === "true")) { // three or four stand side by side; afterwards all is as before
    if (several) { usual = view.mode; view.mode = "side"; } else view.mode = usual;
    view.zoom = 1;
  }
  root.dataset.several = String(several);
  size = { width: value.width, height: value.height };
  eyes = value.eyes || [0.32 * size.width, 0.3 * size.height, 0.68 * size.width, 0.5 * size.height];
  if (first) [view.x, view.y] = [eyesCentre()[0], 0.5];
  root.style.setProperty("--ratio", String(size.width / size.height));
  root.dataset.state = "ready";
  root.dataset.older = String(Boolean(value.older));
  tell(latest);
  draw();
}
new ResizeObserver(draw).observe(stage);
follow({ value: 0 }, update);

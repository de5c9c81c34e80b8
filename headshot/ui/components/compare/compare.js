// The template never changes, so what is attached to its nodes survives every value; mode, zoom, centre and split are
// kept here. compare_input.js follows.
const root = $(".compare"), stage = $(".stage"), handle = $(".handle"), auto = $("[data-act=auto]");
const panes = { original: $(".pane.original"), result: $(".pane.result") };
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const MAX_SCALE = 8; // CSS px for one picture px

// The slider first, although blinking tells most: it shows both pictures and how to go on before anything is pressed.
const view = { mode: "slider", zoom: 1, x: 0.5, y: 0.5, split: 0.5, layer: "result" };
let size = null, eyes = null, ticket = 0, latest = null, beat = null;
const names = { original: "Original", result: "Headshot" };

const clamp = (v, low, high) => Math.min(Math.max(v, low), Math.max(low, high));
const paneBox = () => {
  const width = view.mode === "side" ? (stage.clientWidth - 2) / 2 : stage.clientWidth;
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
  if (!size || !stage.clientWidth) return;
  const g = geometry();
  view.x = g.cx; view.y = g.cy;
  const left = clamp(g.tx, 0, g.pane.width), right = clamp(g.tx + size.width * g.scale, 0, g.pane.width);
  const top = clamp(g.ty, 0, g.pane.height), bottom = clamp(g.ty + size.height * g.scale, 0, g.pane.height);
  for (const pane of Object.values(panes)) {
    const img = pane.querySelector("img");
    img.style.width = size.width + "px";
    img.style.height = size.height + "px";
    img.style.transform = "translate(" + g.tx + "px, " + g.ty + "px) scale(" + g.scale + ")";
    pane.style.setProperty("--left", left + "px");
    pane.style.setProperty("--right", g.pane.width - right + "px");
    pane.style.setProperty("--top", top + "px");
  }
  const edge = left + view.split * (right - left);
  panes.result.style.clipPath = view.mode === "slider" ? "inset(0 0 0 " + edge + "px)" : "none";
  handle.style.left = edge + "px";
  handle.style.top = top + "px";
  handle.style.height = bottom - top + "px";
  const percent = Math.round(view.split * 100);
  handle.setAttribute("aria-valuenow", String(percent));
  handle.setAttribute("aria-valuetext", percent + "% " + names.original.toLowerCase() + ", " + (100 - percent) + "% " + names.result.toLowerCase());
  const zoomed = view.zoom > 1.001;
  stage.dataset.zoomed = String(zoomed);
  $("[data-act=fit]").setAttribute("aria-pressed", String(!zoomed));
  $("[data-act=eyes]").setAttribute("aria-pressed", String(zoomed && atEyes()));
  $("[data-act=full]").setAttribute("aria-pressed", String(zoomed && near(view.zoom, fullZoom())));
  $(".scale").textContent = Math.round(g.scale * window.devicePixelRatio * 100) + "%";
  $(".hint").textContent = zoomed ? "Drag to move · double-click to fit"
    : view.mode === "blink" ? "Press B, or click the picture" : "Click the picture, then scroll to zoom";
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
const value_named = () => Boolean(latest && latest.names);
function show(layer) {
  view.layer = layer;
  root.dataset.layer = layer;
  $(".sr").textContent = beat ? "" : "Showing " + (value_named() ? names[layer] : layer === "original" ? "the original" : "the headshot");
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
  auto.parentElement.title = calm.matches ? "Off, because your system asks for reduced motion" : "";
  if (calm.matches) stopBeat();
}
calm.addEventListener("change", motion);
motion();

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { mode, act } = button.dataset;
  if (mode === "blink") blink(); else if (mode) setMode(mode);
  else if (act === "switch") flip(); else if (act) zoomTo(act);
});
auto.addEventListener("change", () => (auto.checked ? startBeat() : stopBeat()));

// ---- values
async function decode(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
}
function tell(value) {
  root.dataset.busy = String(Boolean(value && value.busy));
  root.dataset.preview = String(Boolean(value && value.busy && value.result));
  stage.setAttribute("aria-busy", root.dataset.busy);
  $(".what").textContent = value && value.busy ? value.note || "Working" : "";
  $(".note").textContent = value && !value.busy ? value.note || "" : "";
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
  const urls = [value.original, value.result];
  const images = Object.values(panes).map((pane) => pane.querySelector("img"));
  try {
    await Promise.all(urls.filter((url, i) => images[i].src !== url).map(decode));
  } catch (error) {
    console.error("compare: a picture could not be decoded", error);
  }
  if (turn !== ticket) return; // newer pictures came while these were decoded
  images.forEach((img, i) => { if (img.src !== urls[i]) img.src = urls[i]; });
  if (value.names) [names.original, names.result] = value.names;
  for (const [key, pane] of Object.entries(panes)) {
    pane.querySelector(".tag").textContent = names[key];
    if (value.names) pane.querySelector("img").alt = names[key];
  }
  const first = size === null;
  size = { width: value.width, height: value.height };
  eyes = value.eyes || [0.32 * size.width, 0.3 * size.height, 0.68 * size.width, 0.5 * size.height];
  if (first) [view.x, view.y] = [eyesCentre()[0], 0.5];
  root.style.setProperty("--ratio", String(size.width / size.height));
  root.dataset.state = "ready";
  tell(latest);
  draw();
}
new ResizeObserver(draw).observe(stage);
follow({ value: 0 }, update);

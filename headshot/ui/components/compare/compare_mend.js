// The third part of compare.js: a click says what belongs to the person in the cut-out, or which spot to heal. Both pictures are framed alike, so
// it may be in either. The arrow keys move a cross, Enter sets it.
const mend = $("[data-act=mend]"), cross = $(".cross"), belongs = [...element.querySelectorAll("[data-belongs]")];
let mending = false, at = { x: 0.5, y: 0.3 };
function setMending(on) {
  mending = on && Boolean(size);
  root.dataset.mending = String(mending);
  mend.setAttribute("aria-pressed", String(mending));
  if (mending && view.mode !== "side") setMode("side");
  if (mending) stage.focus({ preventScroll: true });
  $(".sr").textContent = mending ? tr("Click what the cut-out has wrong, or a spot to heal, or move the cross with the arrow keys and press Enter.") : "";
  if (mending && says() === "heal") suggest();
  drawCross();
}
function suggest() { trigger("mended", { says: "suggest" }); }
let spots = []; // shares of the picture: suggested, each healed by a click on its ring
function drawRings() {
  const g = size && mending && says() === "heal" ? geometry() : null, seen = g ? spots : [];
  const rings = [...stage.querySelectorAll(".ring")];
  for (const one of rings.slice(seen.length)) one.remove();
  seen.forEach(([x, y], i) => {
    const one = rings[i] || stage.insertBefore(make("button", "ring"), cross);
    one.type = "button";
    one.setAttribute("aria-label", tr("Heal this spot"));
    one.dataset.at = [x, y].join();
    const left = g.tx + x * size.width * g.scale, top = g.ty + y * size.height * g.scale;
    one.hidden = left < 0 || top < 0 || left > g.pane.width || top > g.pane.height;
    const apart = seen.map(([a, b], k) => (k === i ? Infinity : Math.hypot((a - x) * size.width, (b - y) * size.height) * g.scale));
    one.style.setProperty("--wide", clamp(Math.min(...apart) - 2, 12, 30) + "px"); // so that none lies over another's middle
    Object.assign(one.style, { left: left + (view.mode === "side" ? g.pane.width + 2 : 0) + "px", top: top + "px" });
  });
}
follow({ value: 0 }, () => {
  const value = props.value;
  if (!value || value.spots || value.result) spots = (value && value.spots) || [];
  drawRings();
});
root.addEventListener("drawn", drawCross);
function drawCross() {
  drawRings();
  if (!mending || !size) return;
  const g = geometry();
  cross.style.left = g.tx + at.x * size.width * g.scale + (view.mode === "side" ? g.pane.width + 2 : 0) + "px";
  cross.style.top = g.ty + at.y * size.height * g.scale + "px";
}
const says = () => belongs.find((one) => one.getAttribute("aria-pressed") === "true").dataset.belongs;
function setPlace() {
  if (root.dataset.busy === "true" || at.x < 0 || at.x > 1 || at.y < 0 || at.y > 1) return;
  trigger("mended", { x: at.x, y: at.y, says: says() });
}
function take(event) { // before the picture's own gestures
  if (!mending || event.button !== 0 || event.target.closest("button")) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  const [x, y] = inStage(event), g = geometry();
  at = { x: (x - g.tx) / (size.width * g.scale), y: (y - g.ty) / (size.height * g.scale) };
  drawCross();
  setPlace();
}
stage.addEventListener("pointerdown", take, true);
stage.addEventListener("keydown", (event) => {
  if (!mending || event.target.closest("button") || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  const far = event.shiftKey ? 0.1 : 0.02;
  if (step) at = { x: clamp(at.x + step[0] * far, 0, 1), y: clamp(at.y + step[1] * far, 0, 1) };
  else if (event.key === "Enter") setPlace();
  else if (event.key === "Escape") setMending(false);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
  drawCross();
}, true);
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.classList.contains("ring")) {
    if (root.dataset.busy === "true") return;
    const [x, y] = button.dataset.at.split(",").map(Number);
    trigger("mended", { x, y, says: "heal" });
    stage.focus({ preventScroll: true });
  } else if (button === mend) setMending(!mending);
  else if (button.dataset.act === "mended") { setMending(false); mend.focus({ preventScroll: true }); }
  else if (button.dataset.belongs) {
    for (const one of belongs) one.setAttribute("aria-pressed", String(one === button));
    if (says() === "heal") suggest(); else drawRings();
  }
  else if (button.dataset.mode && mending && button.dataset.mode !== "side") setMending(false);
});
new ResizeObserver(drawCross).observe(stage);

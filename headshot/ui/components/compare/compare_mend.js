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
  drawCross();
}
function drawCross() {
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
  if (button === mend) setMending(!mending);
  else if (button.dataset.act === "mended") { setMending(false); mend.focus({ preventScroll: true }); }
  else if (button.dataset.belongs) for (const one of belongs) one.setAttribute("aria-pressed", String(one === button));
  else if (button.dataset.mode && mending && button.dataset.mode !== "side") setMending(false);
});
new ResizeObserver(drawCross).observe(stage);

// The second half of compare.js, joined to it in compare.py: pointer, wheel and keyboard.
// Pointer: drag the divider, pan, pinch, click or hold to blink
const fingers = new Map();
let gesture = null, hold = null, pinch = 0, downAt = 0;
const HOLD_MS = 400;
const inStage = (event) => {
  const box = stage.getBoundingClientRect(), pane = paneBox();
  let x = event.clientX - box.left - stage.clientLeft;
  if (view.mode === "side") x %= pane.width + 2;
  return [x, event.clientY - box.top - stage.clientTop];
};
function splitTo(px) {
  const g = geometry();
  const left = clamp(g.tx, 0, g.pane.width), right = clamp(g.tx + size.width * g.scale, 0, g.pane.width);
  view.split = clamp((px - left) / (right - left), 0, 1);
  draw();
}
stage.addEventListener("pointerdown", (event) => {
  if (!size || event.button !== 0 || event.target.closest(".blinkbar, .mend, .mendbar, .ring")) return;
  const [x, y] = inStage(event);
  fingers.set(event.pointerId, [x, y]);
  stage.setPointerCapture(event.pointerId);
  (event.target.closest(".handle") || stage).focus({ preventScroll: true });
  event.preventDefault();
  if (fingers.size === 2) { gesture = "pinch"; pinch = spread(); clearTimeout(hold); return; }
  const onHandle = Boolean(event.target.closest(".handle"));
  gesture = view.mode === "slider" && (onHandle || view.zoom <= 1.001) ? "split" : "pan";
  if (gesture === "split" && !onHandle) {
    if (event.pointerType === "touch") gesture = "swipe"; // perhaps the page is being scrolled past the picture
    else splitTo(x);
  }
  if (view.mode === "blink") {
    gesture = "tap";
    downAt = event.timeStamp;
    hold = setTimeout(() => { gesture = "hold"; flip(); }, HOLD_MS);
  }
});
const spread = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
stage.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const [x, y] = inStage(event);
  if (gesture === "swipe") {
    if (Math.abs(x - before[0]) < 6) return;
    gesture = "split";
  }
  if (gesture === "tap") {
    if (Math.hypot(x - before[0], y - before[1]) < 5) return;
    clearTimeout(hold);
    gesture = "pan";
  }
  fingers.set(event.pointerId, [x, y]);
  if (gesture === "split") splitTo(x);
  else if (gesture === "pan") pan(x - before[0], y - before[1]);
  else if (gesture === "pinch" && fingers.size === 2) {
    const [a, b] = [...fingers.values()], now = spread();
    pan((x - before[0]) / 2, (y - before[1]) / 2);
    if (pinch > 0) zoomAt(now / pinch, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    pinch = now;
  }
});
function lift(event) {
  if (!fingers.delete(event.pointerId)) return;
  clearTimeout(hold);
  if (event.type === "pointerup" && gesture === "tap") flip();
  if (event.type === "pointerup" && gesture === "swipe") splitTo(inStage(event)[0]);
  if (gesture === "hold" && event.timeStamp - downAt >= HOLD_MS) flip(); // a tap that a busy page took for a hold stays
  gesture = fingers.size ? "pan" : null;
}
stage.addEventListener("pointerup", lift);
stage.addEventListener("pointercancel", lift);
stage.addEventListener("dblclick", (event) => { if (!event.target.closest(".blinkbar, .mend, .mendbar, .ring")) zoomTo("fit"); });
stage.addEventListener("wheel", (event) => {
  // The page scrolls past the picture: the wheel is ours only with Ctrl (a pinch on a touchpad comes so), or once zoomed
  // in while the picture has the focus.
  const ours = event.ctrlKey || event.metaKey || (view.zoom > 1.001 && stage.contains(document.activeElement));
  if (!size || !ours) return;
  event.preventDefault();
  const [x, y] = inStage(event);
  const lines = event.deltaMode === 1 ? 16 : 1;
  zoomAt(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), x, y);
}, { passive: false });

// ---- keyboard
stage.addEventListener("keydown", (event) => {
  if (!size || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  const middle = paneBox();
  if (event.target === handle && (event.key === "Home" || event.key === "End")) view.split = event.key === "End" ? 1 : 0;
  else if (step && step[0] && (event.target === handle || (view.mode === "slider" && view.zoom <= 1.001)))
    view.split = clamp(view.split + step[0] * (event.shiftKey ? 0.1 : 0.02), 0, 1);
  else if (step && view.zoom > 1.001) pan(-40 * step[0], -40 * step[1]);
  else if (event.key === "+" || event.key === "=") zoomAt(1.25, middle.width / 2, middle.height / 2);
  else if (event.key === "-") zoomAt(0.8, middle.width / 2, middle.height / 2);
  else if (event.key === "0") zoomTo("fit");
  else return;
  event.preventDefault();
  event.stopPropagation();
  draw();
});
onPageKey(root, (event) => {
  if (event.ctrlKey || event.metaKey) return false;
  const key = event.key.toLowerCase();
  if (key === " " && !event.target.closest?.("button, input, summary, a, [role=radio]")) { peek(true); return true; }
  if (event.repeat) return false;
  if (key === "b" || key === "c") blink(); else if (key === "z") zoomTo("eyes"); else if (key === "f") screen(); else return false;
  return true;
});
document.addEventListener("keyup", (event) => { if (event.key === " ") peek(false); });
window.addEventListener("blur", () => peek(false));

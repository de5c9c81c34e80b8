// The fourth part of compare.js: a table's "Show me" flies to the region of the face that its row speaks of, in both
// pictures, and rings it for a moment.
const spot = $(".spot");
let flight = 0, ring = null, spotted = null;
function drawSpot() {
  spot.hidden = !spotted || !size;
  if (spot.hidden) return;
  const g = geometry(), [x0, y0, x1, y1] = spotted;
  Object.assign(spot.style, {
    left: g.tx + x0 * g.scale + "px", top: g.ty + y0 * g.scale + "px", width: (x1 - x0) * g.scale + "px", height: (y1 - y0) * g.scale + "px",
  });
}
function showRegion(name) {
  const box = latest?.regions?.[name] || (name === "eyes" && eyes);
  if (!size || !box) return zoomTo("fit");
  if (view.mode === "profile" || view.mode === "difference") setMode("slider");
  if (mending) setMending(false);
  if (view.mode === "blink") show("result");
  view.split = 0.5;
  const pane = paneBox(), room = 1.15, from = { zoom: view.zoom, x: view.x, y: view.y };
  const fit = Math.min(pane.width / ((box[2] - box[0]) * room), pane.height / ((box[3] - box[1]) * room)) / fitScale();
  const to = { zoom: clamp(fit, 1, maxZoom()), x: (box[0] + box[2]) / 2 / size.width, y: (box[1] + box[3]) / 2 / size.height };
  const began = performance.now(), turn = ++flight, long = calm.matches ? 0 : 450;
  function step(now) {
    if (turn !== flight || !size) return;
    const t = long ? clamp((now - began) / long, 0, 1) : 1, k = t * t * (3 - 2 * t);
    view.zoom = from.zoom * (to.zoom / from.zoom) ** k; // as much larger with each step
    view.x = from.x + (to.x - from.x) * k;
    view.y = from.y + (to.y - from.y) * k;
    draw();
    drawSpot();
    if (t < 1) requestAnimationFrame(step);
  }
  spotted = box;
  clearTimeout(ring);
  ring = setTimeout(() => { spotted = null; drawSpot(); }, 2600);
  requestAnimationFrame(step);
  stage.scrollIntoView({ block: "nearest" }); // on a phone the picture to check stands above the table
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".hs-show");
  if (button && element.isConnected && button.closest(".hs-tab") === root.closest(".hs-tab")) showRegion(button.dataset.region);
});
new ResizeObserver(drawSpot).observe(stage);
stage.addEventListener("pointerdown", () => { spotted = null; drawSpot(); });

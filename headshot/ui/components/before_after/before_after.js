// `props.value` is {before, after, credit} or None.
const root = $(".before-after");
$(".drawing").innerHTML = SILHOUETTE;
async function draw() {
  const v = props.value;
  if (!v) return;
  const images = [$(".before"), $(".after")];
  [images[0].src, images[1].src] = await Promise.all([v.before, v.after].map(pictureAt));
  await Promise.all(images.map((img) => img.decode())).catch(() => {});
  $("figcaption").textContent = v.credit;
  root.dataset.state = "ready";
}
// Made only for who looks at it: a visitor who comes with a photo has no need to wait behind it.
const IDLE = 2500; // ms
let asked = 0;
const seen = new IntersectionObserver((entries) => { // each time it comes to be seen: after a photo was forgotten, too
  clearTimeout(asked);
  if (!element.isConnected) return seen.disconnect();
  if (props.value || !entries.at(-1).isIntersecting) return;
  asked = setTimeout(() => {
    if (element.isConnected && root.checkVisibility() && !props.value && !document.querySelector("#photo img")) trigger("wanted", {});
  }, IDLE);
});
seen.observe(root);
follow({ value: 0 }, () => { if (props.value) clearTimeout(asked); draw(); });

// `props.value` is {image, state, sign, words} or None.
const root = $(".photo-strip"), button = $("button");
const studio = () => document.getElementById("studio");
function draw() {
  const v = props.value;
  if (v && root.dataset.state === "empty") window.scrollTo(0, 0); // from wherever the first page was left
  root.dataset.state = v ? v.state : "empty";
  root.className = "photo-strip" + (v && !v.image ? " refused" : "") + (v ? " hs-" + v.state : "");
  if (!v || v.image) $(".thumb").replaceChildren(...(v ? [makeImage(v.image)] : []));
  $(".sign").textContent = v ? v.sign : "";
  $(".words").textContent = v ? v.words : "";
  button.setAttribute("aria-label", v ? tr("Your photo: {words}. Open it.", v) : tr("No photo"));
  if (!v && studio()) { delete studio().dataset.photo; shut(false); }
}
function shut(is) { // while the photo is open all else is out of reach, for Tab and for a screen reader
  for (const rest of document.querySelectorAll("#top, #keys, #tabs > .tab-wrapper, #strip, #work, #foot")) rest.inert = is;
  const sheet = document.querySelector("#start .hs-sheet");
  if (is) { sheet?.setAttribute("role", "dialog"); sheet?.setAttribute("aria-modal", "true"); sheet?.setAttribute("aria-label", tr("Your photo")); }
  else for (const name of Object.keys({ role: 0, "aria-modal": 0, "aria-label": 0 })) sheet?.removeAttribute(name);
}
function show(open) {
  if (!studio()) return;
  if (open) studio().dataset.photo = "open"; else delete studio().dataset.photo;
  shut(open);
  const to = open ? document.querySelector("#photo-close") : button;
  setTimeout(() => to?.focus(), 0);
}
button.addEventListener("click", () => show(true));
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#photo-close") || event.target.id === "start") show(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && studio()?.dataset.photo === "open") { event.preventDefault(); show(false); }
});
follow({ value: 0 }, draw);

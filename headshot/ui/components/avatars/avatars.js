const root = $(".avatars");
const ROWS = [[56, "in a feed", ["light", "dark"]], [100, "in search", ["light", "dark"]], [400, "on a profile page", ["plain"]]];
const WHO = { original: "Original", result: "Headshot" };

function person(px, who) {
  const avatar = make("span", "avatar");
  avatar.style.setProperty("--px", px + "px");
  avatar.innerHTML = SILHOUETTE;
  const img = makeImage();
  img.dataset.who = who;
  img.alt = WHO[who] + " as a circle of " + px + " pixels";
  avatar.append(img);
  const lines = make("span", "lines", make("span", "name", WHO[who]), make("span", "bar wide"), make("span", "bar"));
  return make("span", "person", avatar, lines);
}
root.replaceChildren(...ROWS.map(([px, where, chips]) => {
  const row = make("div", "row size" + px);
  const label = make("p", "label", make("strong", "", px + " px"), " " + where, make("span", "actual"));
  row.dataset.px = px;
  row.append(label, make("div", "chips", ...chips.map((tone) => make("div", "chip " + tone, person(px, "original"), person(px, "result")))));
  return row;
}));

function update() {
  for (const img of root.querySelectorAll("img")) {
    const url = props.value ? props.value[img.dataset.who] : "";
    if (url) { if (img.src !== url) img.src = url; } else img.removeAttribute("src");
  }
}
new ResizeObserver(() => { // say so where the column is too narrow for the true size
  for (const row of root.children) {
    const shown = Math.round(row.querySelector(".avatar").offsetWidth);
    row.querySelector(".actual").textContent = shown && shown < Number(row.dataset.px) ? ", shown at " + shown + " px here" : "";
  }
}).observe(root);
follow({ value: 0 }, update);

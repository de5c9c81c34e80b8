// `element`, `props` and `watch` come from gr.HTML; the template is static.
const root = element.querySelector(".circles");
const SILHOUETTE = '<svg viewBox="0 0 100 100" aria-hidden="true"><circle cx="50" cy="42" r="19"/><path d="M8 112c2-34 19-45 42-45s40 11 42 45z"/></svg>';
const ROWS = [[56, "in a feed", ["light", "dark"]], [100, "in search", ["light", "dark"]], [400, "on a profile page", ["plain"]]];
const WHO = { original: "Original", result: "Headshot" };

function make(tag, name, ...children) {
  const node = document.createElement(tag);
  node.className = name;
  node.append(...children);
  return node;
}
function person(px, who) {
  const avatar = make("span", "avatar");
  avatar.style.setProperty("--px", px + "px");
  avatar.innerHTML = SILHOUETTE;
  const img = make("img", "");
  img.dataset.who = who;
  img.alt = WHO[who] + " as a circle of " + px + " pixels";
  img.draggable = false;
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
watch("value", update);
update();

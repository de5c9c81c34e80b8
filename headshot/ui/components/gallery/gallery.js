const strip = $(".strip"), OWN = "yours";
const filter = $(".filter"), field = $(".find input"), found = $(".found"), all = $(".all");
const root = $(".gallery");
let names = "", tag = "", waiting = 0, words = [], texts = [], wide = false, near = [], brought = -1;

// Small letters without their accents, so that "cafe" finds "Café".
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
const label = (name) => (props.groups || []).find(([group]) => group === name)?.[1] || "";
// Each word as the beginning of a word of the look, so that "pa" finds "painted" and "man" does not find "woman".
const matches = (i) => words.every((word) => (" " + texts[i]).includes(" " + word));
const grams = (text) => new Set([...Array(Math.max(0, text.length - 1)).keys()].map((i) => text.slice(i, i + 2)));
function nearness(word, text) { // the share of pairs of letters in common with the likest word of the look
  const mine = grams(word);
  return Math.max(0, ...text.split(" ").filter((w) => w.length > 2).map((w) => {
    const theirs = grams(w), both = [...mine].filter((g) => theirs.has(g)).length;
    return (2 * both) / Math.max(1, mine.size + theirs.size);
  }));
}
const first = () => props.chosen || [];
const folded = () => !wide && !tag && !words.length && first().length > 0 && first().length < props.looks.length;
function fits(look, i) {
  if (folded()) return first().includes(look.name) || look.tags?.includes(OWN) || look.name === props.value;
  return has(look, tag) && (near.length ? near.includes(i) : matches(i));
}
const has = (look, name) => !name || Boolean(look.tags?.includes(name));

function build() {
  texts = props.looks.map((look) => fold([look.title, look.summary, look.words, ...(look.tags || []).map(label)].join(" ")).split(/[^\p{L}\p{N}]+/u).join(" "));
  strip.replaceChildren(...props.looks.map((look) => {
    const frame = make("span", "frame"), button = makeButton("look", { name: look.name }, frame, make("span", "title", look.title));
    frame.innerHTML = SILHOUETTE;
    button.setAttribute("role", "radio");
    if (look.summary) button.title = look.summary;
    return button;
  }));
  const tags = [["", tr("All")], ...(props.groups || [])].filter(([name]) => props.looks.some((look) => has(look, name)));
  $(".find").hidden = !props.looks.length;
  filter.hidden = tags.length < 2;
  filter.replaceChildren(...tags.map(([name, label]) => {
    const chip = makeButton("chip", { tag: name }, label, " ", make("span", "many"));
    chip.setAttribute("role", "radio");
    return chip;
  }));
  if (!tags.some(([name]) => name === tag)) tag = "";
}
const shown = () => [...strip.children].filter((button) => !button.hidden).sort((a, b) => a.style.order - b.style.order);
function draw() {
  const now = JSON.stringify(props.looks.map((look) => [look.name, look.title, look.summary]));
  if (now !== names) { build(); names = now; }
  const chosen = at(props.value);
  for (const chip of filter.children) {
    chip.setAttribute("aria-checked", String(chip.dataset.tag === tag));
    chip.tabIndex = chip.dataset.tag === tag ? 0 : -1;
    const many = props.looks.filter((look, i) => has(look, chip.dataset.tag) && matches(i)).length;
    chip.querySelector(".many").textContent = many;
    chip.toggleAttribute("data-none", !many);
  }
  [...strip.children].forEach((button, i) => {
    const image = bare() ? "" : props.looks[i].image, frame = button.querySelector(".frame");
    let img = frame.querySelector("img");
    if (image && !img) frame.append(img = makeImage());
    if (img && image) setImage(img, image);
    if (img && !image) img.remove();
    button.setAttribute("aria-checked", String(i === chosen));
    button.hidden = !fits(props.looks[i], i);
    const place = folded() ? first().indexOf(props.looks[i].name) : -1;
    button.style.order = String(place >= 0 ? place : 100 + i);
    button.tabIndex = -1;
  });
  tell();
  const entry = strip.children[chosen]?.hidden === false ? strip.children[chosen] : shown()[0];
  if (entry) entry.tabIndex = 0;
  const look = props.looks[chosen], away = strip.children[chosen]?.hidden; // a chosen look out of sight says its name
  const adds = look?.adds ? " " + tr("Your own clothes stay; a generator could paint: {adds}.", look) : "";
  $(".summary").textContent = look ? (away ? `${look.title}: ` : "") + look.summary + adds : "";
  if (chosen !== brought && strip.children[chosen]?.hidden === false) scrollWithin(strip, strip.children[chosen]);
  brought = chosen;
}
// One of the visitor's own is named after the look below it, "linkedin/yours-2": where it is gone, that one is shown.
function at(name) {
  const i = props.looks.findIndex((look) => look.name === name);
  return i >= 0 ? i : props.looks.findIndex((look) => look.name === name?.split("/")[0]);
}
function tell() { // how many are left of a search, or what is offered in its place
  const many = shown().length, group = tag && label(tag), wanted = field.value.trim();
  const said = near.length ? tr("No look is called “{wanted}”. The nearest:", { wanted })
    : words.length ? (group ? tr("{many} of {all} looks, in “{group}”", { many, all: props.looks.length, group }) : tr("{many} of {all} looks", { many, all: props.looks.length })) : "";
  const line = found.querySelector("p");
  if (line.textContent !== said) line.textContent = said; // only what is new is read out
  root.dataset.all = String(!folded());
  all.hidden = Boolean(words.length || tag) || !first().length || first().length >= props.looks.length;
  all.textContent = wide ? tr("Fewer looks") : tr("All {all} looks", { all: props.looks.length });
  all.setAttribute("aria-expanded", String(wide));
  filter.hidden = filter.children.length < 2 || folded();
}
function show(name) {
  tag = name;
  strip.scrollTo({ left: 0, top: 0 });
  draw();
  ask();
}
function seek() {
  words = fold(field.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  near = [];
  if (words.length && !props.looks.some((look, i) => has(look, tag) && matches(i))) {
    tag = "";
    const score = (i) => words.reduce((sum, word) => sum + nearness(word, texts[i]), 0);
    near = props.looks.map((look, i) => i).sort((a, b) => score(b) - score(a)).slice(0, 4);
  }
  show(tag);
}
// `props.coming`: {done, all, left}, how many looks show this face, and how many seconds the others take.
// None done: a photo has come or gone, and the faces of the one before go with it.
const bare = () => props.coming?.done === 0;
let left = 0, ticking = 0;
function tellComing() {
  const { done, all: many } = props.coming || {};
  const words = !many || done >= many ? "" : left >= 1 ? tr("{done} of {many} on your face, about {left} s left", { done, many, left })
    : tr("{done} of {many} on your face", { done, many });
  $(".coming").textContent = words;
}
function ask() { // the looks that are in sight are wanted first
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const b = strip.getBoundingClientRect();
    const seen = shown().filter((button) => {
      const a = button.getBoundingClientRect();
      return a.width && a.right > b.left && a.left < b.right && a.bottom > b.top && a.top < b.bottom;
    }).map((button) => button.dataset.name);
    if (seen.length) trigger("sought", { names: seen });
  }, 120);
}
function choose(i) {
  const look = props.looks[i];
  if (!look) return;
  strip.children[i].focus({ preventScroll: true });
  if (look.name === props.value) return;
  props.value = look.name;
  draw();
  trigger("input", { value: look.name, title: look.title });
}
strip.addEventListener("click", (event) => {
  const button = event.target.closest(".look");
  if (button) choose([...strip.children].indexOf(button));
});
field.addEventListener("input", seek);
field.addEventListener("keydown", (event) => { // the page's own keys stay out of it
  event.stopPropagation();
  if (event.isComposing) return;
  if (event.key === "Escape" && field.value) { event.preventDefault(); field.value = ""; seek(); }
  if (event.key !== "ArrowDown" && event.key !== "Enter") return;
  event.preventDefault();
  if (event.key === "Enter" && words.length && shown()[0]) chooseButton(shown()[0]);
  else shown().find((button) => button.tabIndex === 0)?.focus();
});
all.addEventListener("click", () => {
  wide = !wide;
  draw();
  ask();
});
strip.addEventListener("scroll", ask, { passive: true });
filter.addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (chip) show(chip.dataset.tag);
});
rove(filter, () => [...filter.children], (chip) => { chip.focus(); show(chip.dataset.tag); }, { columns: () => 1 });
const chooseButton = (button) => choose([...strip.children].indexOf(button));
rove(strip, shown, chooseButton, { columns: (buttons) => {
  const above = buttons[0].offsetTop, many = buttons.filter((b) => b.offsetTop === above).length;
  return many < buttons.length ? many : 1; // all in one row: up and down lead on in it
} });
onPageKey(strip, (event) => { // nothing has the focus: the arrows walk through the looks
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || event.target !== document.body || event.ctrlKey || event.metaKey) return false;
  const buttons = shown(), here = buttons.indexOf(strip.children[at(props.value)]);
  const next = buttons[here < 0 ? (step > 0 ? 0 : buttons.length - 1) : here + step];
  if (next) chooseButton(next);
  return true;
});
follow({ coming: 0 }, () => {
  clearInterval(ticking);
  left = Math.round(props.coming?.left || 0);
  if (left) ticking = setInterval(() => { left = Math.max(0, left - 1); tellComing(); if (!left) clearInterval(ticking); }, 1000);
  tellComing();
});
follow({ value: 0, looks: 0, chosen: 0, coming: 0 }, () => {
  draw();
  if (tag || words.length || strip.scrollTop || strip.scrollLeft) ask();
});

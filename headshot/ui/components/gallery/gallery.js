// `element`, `props`, `trigger` and `watch` come from gr.HTML; the template is static and holds only the frame.
const strip = element.querySelector(".strip");
const SILHOUETTE = '<svg viewBox="0 0 80 100" aria-hidden="true"><circle cx="40" cy="42" r="17"/><path d="M6 100c2-26 16-35 34-35s32 9 34 35z"/></svg>';
const filter = element.querySelector(".filter"), field = element.querySelector(".find input");
const found = element.querySelector(".found"), all = element.querySelector(".all");
let names = "", tag = "", waiting = 0, words = [], texts = [];

// Small letters without their accents, so that "cafe" finds "Café".
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
const label = (name) => (props.groups || []).find(([group]) => group === name)?.[1] || "";
const matches = (i) => words.every((word) => texts[i].includes(word));
const has = (look, name) => !name || Boolean(look.tags?.includes(name));

function build() {
  texts = props.looks.map((look) => fold([look.title, look.summary, ...(look.tags || []).map(label)].join("\n")));
  strip.replaceChildren(...props.looks.map((look) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "look";
    button.dataset.name = look.name;
    button.setAttribute("role", "radio");
    if (look.summary) button.title = look.summary;
    const frame = document.createElement("span");
    frame.className = "frame";
    frame.innerHTML = SILHOUETTE;
    const title = document.createElement("span");
    title.className = "title";
    title.textContent = look.title;
    button.append(frame, title);
    return button;
  }));
  const tags = [["", "All"], ...(props.groups || [])].filter(([name]) => props.looks.some((look) => has(look, name)));
  element.querySelector(".find").hidden = !props.looks.length;
  filter.hidden = tags.length < 2;
  filter.replaceChildren(...tags.map(([name, label]) => {
    const chip = document.createElement("button"), many = document.createElement("span");
    chip.type = "button";
    chip.className = "chip";
    chip.dataset.tag = name;
    chip.setAttribute("role", "radio");
    many.className = "many";
    chip.append(label, " ", many);
    return chip;
  }));
  if (!tags.some(([name]) => name === tag)) tag = "";
}
const shown = () => [...strip.children].filter((button) => !button.hidden);
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
    const { image } = props.looks[i], frame = button.querySelector(".frame");
    let img = frame.querySelector("img");
    if (image && !img) { img = document.createElement("img"); img.alt = ""; img.draggable = false; frame.append(img); }
    if (img && image && img.src !== image) img.src = image;
    if (img && !image) img.remove();
    button.setAttribute("aria-checked", String(i === chosen));
    button.hidden = !has(props.looks[i], tag) || !matches(i);
    button.tabIndex = -1;
  });
  tell();
  const entry = strip.children[chosen]?.hidden === false ? strip.children[chosen] : shown()[0];
  if (entry) entry.tabIndex = 0;
  const look = props.looks[chosen], away = strip.children[chosen]?.hidden; // a chosen look out of sight says its name
  element.querySelector(".summary").textContent = look ? (away ? `${look.title}: ` : "") + look.summary : "";
  reveal(strip.children[chosen]);
}
// One of the visitor's own is named after the look below it, "linkedin/yours-2": where it is gone, that one is shown.
function at(name) {
  const i = props.looks.findIndex((look) => look.name === name);
  return i >= 0 ? i : props.looks.findIndex((look) => look.name === name?.split("/")[0]);
}
function tell() { // how many are left of a search, or that none is
  const many = shown().length, none = !many && words.length > 0, group = tag && label(tag);
  found.toggleAttribute("data-none", none);
  strip.hidden = none;
  all.hidden = !none;
  const said = none ? `No look matches “${field.value.trim()}”${group ? ` in “${group}”` : ""}.`
    : words.length ? `${many} of ${props.looks.length} looks${group ? `, in “${group}”` : ""}` : "";
  const line = found.querySelector("p");
  if (line.textContent !== said) line.textContent = said; // only what is new is read out
}
function reveal(button) { // scrolls the strip, never the page
  if (!button || button.hidden) return;
  const a = button.getBoundingClientRect(), b = strip.getBoundingClientRect();
  if (a.left < b.left || a.right > b.right) strip.scrollBy({ left: a.left - b.left - (b.width - a.width) / 2 });
  if (a.top < b.top || a.bottom > b.bottom) strip.scrollBy({ top: a.top - b.top - (b.height - a.height) / 2 });
}
function show(name) {
  tag = name;
  strip.scrollTo({ left: 0, top: 0 });
  draw();
  ask();
}
function seek() {
  words = fold(field.value).split(/\s+/).filter(Boolean);
  show(tag);
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
  const entry = shown().find((button) => button.tabIndex === 0);
  (entry || (all.hidden ? null : all))?.focus();
});
all.addEventListener("click", () => {
  field.value = "";
  tag = "";
  seek();
  field.focus();
});
strip.addEventListener("scroll", ask, { passive: true });
filter.addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (chip) show(chip.dataset.tag);
});
filter.addEventListener("keydown", (event) => {
  const chips = [...filter.children], here = chips.indexOf(document.activeElement), last = chips.length - 1;
  const to = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: last }[event.key];
  if (here < 0 || to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (!chips[to]) return;
  chips[to].focus();
  show(chips[to].dataset.tag);
});
strip.addEventListener("keydown", (event) => {
  const buttons = shown(), here = buttons.indexOf(document.activeElement);
  if (here < 0) return;
  const above = buttons[0].offsetTop, columns = buttons.filter((b) => b.offsetTop === above).length;
  const last = buttons.length - 1;
  const to = { ArrowRight: here + 1, ArrowLeft: here - 1, ArrowDown: here + (columns > last ? 1 : columns),
    ArrowUp: here - (columns > last ? 1 : columns), Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (to >= 0 && to <= last) choose([...strip.children].indexOf(buttons[to]));
});
function onKey(event) { // nothing has the focus: the arrows walk through the looks
  if (!element.isConnected) return document.removeEventListener("keydown", onKey);
  if (event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey || !strip.offsetParent) return;
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = shown(), here = buttons.indexOf(strip.children[at(props.value)]);
  const next = buttons[here < 0 ? (step > 0 ? 0 : buttons.length - 1) : here + step];
  if (next) choose([...strip.children].indexOf(next));
}
document.addEventListener("keydown", onKey);
// Not a literal list of names: gr.HTML takes every quoted name in this script for an event of its own, and an
// update of the property of that name from Python would fail.
watch(Object.keys({ value: 0, looks: 0 }), () => {
  draw();
  if (tag || words.length || strip.scrollTop || strip.scrollLeft) ask();
});
draw();

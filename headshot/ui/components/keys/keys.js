const sheet = $("dialog"), soon = $(".soon"), told = $(".told");
const working = () => Boolean(document.querySelector("#compare .compare[data-state=ready]"));

// ---- the sheet of keys
function open() { if (!sheet.open) sheet.showModal(); }
$(".ask").addEventListener("click", open);
document.addEventListener("click", (event) => { if (element.isConnected && event.target.closest?.(".hs-settings")) open(); }); // the footer's
$(".close").addEventListener("click", () => sheet.close());
sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
document.addEventListener("keydown", (event) => {
  if (!element.isConnected || event.key !== "?" || typing(event.target) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (sheet.open) sheet.close(); else open();
});

// ---- light or dark, remembered in this browser
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const wanted = () => { try { return localStorage.getItem("headshot-theme") || "system"; } catch { return "system"; } };
function paint() {
  const name = new URLSearchParams(location.search).get("__theme") || wanted();
  document.body.classList.toggle("dark", name === "dark" || (name === "system" && dark.matches));
  for (const button of element.querySelectorAll(".themes button")) button.setAttribute("aria-pressed", String(button.dataset.theme === wanted()));
}
$(".themes").addEventListener("click", (event) => {
  const name = event.target.closest("button")?.dataset.theme;
  if (!name) return;
  try { localStorage.setItem("headshot-theme", name); } catch { /* a browser without storage: for this visit */ }
  paint();
});
dark.addEventListener("change", paint);
paint();

// ---- the language, remembered in this browser: the page comes anew in it (server/spoken.js), asking first at work
const languages = $(".languages");
languages.replaceChildren(...props.languages.map(([code, name]) => new Option(name, code)));
languages.value = document.documentElement.lang;
languages.addEventListener(Object.keys({ change: 0 })[0], (event) => {
  event.stopPropagation();
  const address = new URL(location.href), code = languages.value;
  try { localStorage.setItem("headshot-language", code); } catch { /* the address has it */ }
  address.searchParams.set("lang", code);
  location.assign(address);
  languages.value = document.documentElement.lang; // where the visitor stays after all
});

// ---- how long the photo is still kept: each request counts as use, as on the server
let used = Date.now(), over = false;
if (!window.headshotFetch) {
  window.headshotFetch = window.fetch;
  window.fetch = (...request) => {
    if (String(request[0]?.url || request[0]).includes("/queue/join")) document.dispatchEvent(new CustomEvent("headshot-used"));
    return window.headshotFetch(...request);
  };
}
document.addEventListener("headshot-used", () => { used = Date.now(); over = false; });
const clock = setInterval(() => {
  if (!element.isConnected) return clearInterval(clock);
  const left = Math.ceil(props.keep - (Date.now() - used) / 1000);
  soon.hidden = !working() || left > props.warned || left <= 0;
  if (working() && left > 0 && left <= props.warned) {
    soon.firstElementChild.textContent = tr("Your photo is forgotten in {time}", { time: Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0") });
    if (!told.textContent) told.textContent = tr("Your photo is forgotten in two minutes, unless you use it.");
  } else if (left > props.warned) told.textContent = "";
  if (working() && left <= 0 && !over) { over = true; forgetPictures(); trigger("forgotten", {}); }
}, 1000);
soon.lastElementChild.addEventListener("click", () => { used = Date.now(); soon.hidden = true; trigger("keep", {}); });
window.addEventListener("beforeunload", (event) => { if (working() && element.isConnected) event.preventDefault(); });

// ---- pictures in a report's HTML, and all of them forgotten with the photo
new MutationObserver(() => {
  for (const img of document.querySelectorAll("img[data-picture]:not([src])")) setImage(img, img.dataset.picture);
}).observe(document.body, { childList: true, subtree: true });
function forgetPictures() {
  for (const [url, known] of pictures) {
    if (typeof known === typeof "") URL.revokeObjectURL(known);
    pictures.set(url, ""); // an answer that comes late does not fetch it again
  }
}

// ---- the photo: the camera's button, and one that is pasted
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#camera")) return;
  document.querySelector("#photo .source-selection button:nth-of-type(2), #photo button[aria-label*=ebcam]")?.click();
  let tries = 0; // Gradio asks for another click before it asks the browser for the camera
  const waiting = setInterval(() => {
    const allow = document.querySelector("#photo video ~ div button");
    allow?.click();
    if (allow || ++tries > 30) clearInterval(waiting);
  }, 100);
});
function give(file) {
  const button = document.querySelector("#change-photo");
  const field = working() ? button?.querySelector("input[type=file]") || button?.parentElement.querySelector("input[type=file]")
    : document.querySelector("#photo input[type=file]");
  if (!field || !document.querySelector("#studio")?.checkVisibility()) return; // another tab has fields of its own
  const carried = new DataTransfer();
  carried.items.add(file);
  field.files = carried.files;
  field.dispatchEvent(new Event(Object.keys({ change: 0 })[0], { bubbles: true }));
}
document.addEventListener("paste", (event) => {
  const file = [...(event.clipboardData?.files || [])].find((f) => f.type.startsWith("image/"));
  if (file && !typing(event.target)) give(file);
});
// At work a photo, or a saved headshot with its settings, may be dropped anywhere in the studio.
const over_studio = (event) => working() && event.target.closest?.("#work") && !event.target.closest("#look-load");
document.addEventListener("dragover", (event) => { if (over_studio(event)) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const file = event.dataTransfer?.files[0];
  if (!file || !over_studio(event)) return;
  event.preventDefault();
  give(file);
});

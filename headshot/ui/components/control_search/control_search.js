const field = $("input"), said = $("p");
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
function seek() {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  const groups = [...document.querySelectorAll("#all-controls .hs-group, #retouch .hs-group")];
  let many = 0;
  for (const group of groups) {
    const title = fold(group.querySelector(".hs-heading")?.textContent || "");
    let here = 0;
    for (const control of group.querySelectorAll("[id^=set-]")) {
      const text = title + " " + fold(control.textContent), fits = words.every((word) => text.includes(word));
      control.classList.toggle("hs-away", !fits);
      here += fits;
    }
    group.classList.toggle("hs-away", words.length > 0 && !here);
    if (words.length && here) group.closest("#retouch")?.querySelector("button[aria-expanded=false]")?.click();
    many += here;
  }
  const line = !words.length ? "" : many === 1 ? tr("1 control") : many ? tr("{many} controls", { many }) : tr("No control is called “{word}”. Say it in your words above.", { word: field.value.trim() });
  if (said.textContent !== line) said.textContent = line;
}
field.addEventListener("keydown", (event) => {
  event.stopPropagation(); // the page's own keys stay out of it
  if (event.key === "Escape" && field.value) { event.preventDefault(); field.value = ""; seek(); }
});
field.addEventListener(Object.keys({ input: 0 })[0], (event) => { event.stopPropagation(); seek(); });
// Controls that belong together are told so to a screen reader, under their heading.
new MutationObserver(name).observe(element.closest("#panel-adjust") || document.body, { childList: true, subtree: true });
function name() {
  for (const group of document.querySelectorAll("#all-controls .hs-group:not([role]), #retouch .hs-group:not([role])")) {
    const heading = group.querySelector(".hs-heading");
    if (!heading) continue;
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", heading.textContent);
  }
}
name();

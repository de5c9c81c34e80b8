// `props.value` is {state, sign, title, sentence, brief, count}, {busy, seconds} or None.
const root = $(".verdict");
let left = 0, ticking = 0;
function wait(seconds) { // counts down what the check took the last time
  clearInterval(ticking);
  left = Math.round(seconds || 0);
  root.style.setProperty("--seconds", left + "s");
  root.dataset.timed = String(left > 1);
  const tell = () => { $(".sentence").textContent = left > 0 ? tr("About {left} s left", { left }) : ""; };
  if (left > 1) ticking = setInterval(() => { left -= 1; tell(); if (left < 1) clearInterval(ticking); }, 1000);
  if (left > 1) tell();
}
function draw() {
  const v = props.value, busy = Boolean(v && v.busy);
  root.dataset.state = v ? (busy ? "busy" : v.state) : "empty";
  root.className = "verdict" + (v && !busy ? " hs-" + v.state : "");
  $(".sign").textContent = v && !busy ? v.sign : "";
  $("strong").textContent = busy ? tr("Checking that it is still you") : v ? v.title + "." : "";
  $(".sentence").textContent = v && !busy ? v.brief || v.sentence : "";
  wait(busy ? v.seconds : 0);
  $(".count").textContent = v && !busy ? v.count : "";
  const said = v && !busy ? [v.title, v.sentence, v.count].filter(Boolean).join(". ") : "";
  $("button").setAttribute("aria-label", (said || (busy ? tr("Checking") : tr("No verdict yet"))) + ". " + tr("Open the check") + ".");
  if ($(".sr").textContent !== said) $(".sr").textContent = said;
}
const studio = element.closest("#studio");
element.addEventListener("click", () => {
  if (!props.value) return;
  if (studio) { // to the table, and back from it
    const open = studio.dataset.panel === "check";
    document.dispatchEvent(new CustomEvent("headshot-panel", { detail: open ? "looks" : "check" }));
    return;
  }
  const table = document.querySelector("#j-report"); // it stands there already
  table?.scrollIntoView({ block: "nearest" });
  table?.classList.remove("hs-nudged");
  void table?.offsetWidth;
  table?.classList.add("hs-nudged");
});
follow({ value: 0 }, draw);

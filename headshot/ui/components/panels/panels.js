// On a wide page looks and controls are one part: "adjust" is "looks" there.
const buttons = [...element.querySelectorAll("button")];
const wide = window.matchMedia("(min-width: 861px)");
let now = "looks";

function choose(name) {
  now = wide.matches && name === "adjust" ? "looks" : name;
  const studio = element.closest("#studio") || document.getElementById("studio");
  if (studio) studio.dataset.panel = now;
  for (const button of buttons) {
    button.setAttribute("aria-selected", String(button.dataset.panel === now));
    button.tabIndex = button.dataset.panel === now ? 0 : -1;
  }
}
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) choose(button.dataset.panel);
});
rove($(".panels"), () => buttons.filter((b) => b.offsetParent), (button) => { choose(button.dataset.panel); button.focus(); });
document.addEventListener("headshot-panel", (event) => choose(event.detail));
wide.addEventListener("change", () => choose(now));
choose(now);

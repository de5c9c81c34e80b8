// First of all on the page: the visitor's own choice of language, kept in this browser; Gradio's own words follow it.
(() => {
  const address = new URL(location.href), html = document.documentElement;
  let chosen = "";
  try { chosen = localStorage.getItem("headshot-language") || ""; } catch { /* a browser without storage */ }
  if (/^[a-z]{2,3}$/.test(chosen) && chosen !== html.lang && !address.searchParams.has("lang")) {
    address.searchParams.set("lang", chosen);
    location.replace(address);
    return;
  }
  const spoken = html.lang;
  if (!navigator.language.startsWith(spoken)) {
    Object.defineProperty(navigator, "language", { get: () => spoken });
    Object.defineProperty(navigator, "languages", { get: () => [spoken] });
  }
})();

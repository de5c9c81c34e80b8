() => {
  // Gradio empties a filled field before it uploads what was dropped on it, with an event that looks like that of the "×".
  document.addEventListener("drop", (event) => {
    const coming = [...(event.dataTransfer?.files || [])].some((file) => file.type.startsWith("image/"));
    window.headshotDropped = coming ? performance.now() : -Infinity;
  }, true);
}

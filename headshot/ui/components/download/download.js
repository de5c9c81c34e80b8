// `props.value` is {id, name, mime, data (base64)}: a new id saves the bytes, without a file on the server.
let last = null;
function save() {
  const file = props.value;
  if (!file || !file.data || file.id === last) return;
  last = file.id;
  const bytes = Uint8Array.from(atob(file.data), (c) => c.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: file.mime }));
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
// D downloads, when no text field has the focus.
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key.toLowerCase() !== "d" || field || event.ctrlKey || event.metaKey || event.altKey) return;
  const button = document.querySelector("#save");
  if (button && !button.disabled && button.offsetParent) button.click();
});
follow({ value: 0 }, save);

() => {
  const tr = (words) => words; // translated on their way to the browser (server/translated.py)
  // A browser gives a file a type by its ending, and none to what its system does not know: IMG_0001.HEIC. Gradio takes
  // such a file for no picture: it uploads nothing, and a drop empties a filled field all the same. So files for photo
  // fields get their type here, by ending or first bytes, before Gradio sees them; what is no picture is refused in words.
  const ENDINGS = { jpg: "jpeg", jpeg: "jpeg", jpe: "jpeg", jfif: "jpeg", mpo: "jpeg", png: "png", webp: "webp", heic: "heic", heif: "heif",
    hif: "heif", avif: "avif", gif: "gif", bmp: "bmp", dib: "bmp", tif: "tiff", tiff: "tiff" };
  for (const raw of "3fr arw cr2 cr3 dcr dng erf iiq kdc mef mrw nef nrw orf pef raf raw rw2 rwl srw x3f".split(" ")) ENDINGS[raw] = "x-raw"; // the server names it
  const BYTES = [[0, "ÿØÿ", "jpeg"], [0, "\x89PNG", "png"], [0, "GIF8", "gif"], [0, "BM", "bmp"], [8, "WEBP", "webp"], [0, "II*\0", "tiff"], [0, "MM\0*", "tiff"],
    [8, "heic", "heic"], [8, "heix", "heic"], [8, "mif1", "heif"], [8, "msf1", "heif"], [8, "avif", "avif"]];
  const known = (file) => file.type.startsWith("image/");
  const isPhotoInput = (node) => node instanceof HTMLInputElement && node.type === "file" && /image/.test(node.accept);

  async function typed(file) {
    if (known(file)) return file;
    let kind = ENDINGS[file.name.toLowerCase().split(".").pop()];
    if (!kind) {
      const first = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer().catch(() => [])));
      kind = BYTES.find(([at, text]) => first.startsWith(text, at))?.[2];
    }
    return kind && new File([file], file.name, { type: "image/" + kind, lastModified: file.lastModified });
  }

  async function carried(files) { // a DataTransfer of those that are pictures; the others are refused in words
    const pictures = await Promise.all(files.map(typed)), transfer = new DataTransfer();
    for (const picture of pictures) if (picture) transfer.items.add(picture);
    say(files.filter((_, i) => !pictures[i]).map((file) => file.name));
    return transfer;
  }

  let said;
  function say(names) {
    said?.remove();
    if (!names.length) return;
    said = document.createElement("p");
    said.className = "hs-refused";
    said.setAttribute("role", "alert");
    said.style.cssText = "position: fixed; left: 50%; bottom: 16px; transform: translateX(-50%); z-index: 1000; max-width: min(560px, 92vw); margin: 0; padding: 10px 14px; " +
      "border-radius: 8px; background: var(--body-text-color); color: var(--body-background-fill); overflow-wrap: anywhere;";
    const words = tr("“{name}” is not taken: it is no photo that is read here. Use JPEG, PNG, WebP, HEIC or AVIF.");
    said.textContent = names.map((name) => words.replace("{name}", () => name.slice(0, 80))).join(" ");
    document.body.append(said);
    setTimeout((old) => old.remove(), 20000, said);
  }

  document.addEventListener("change", async (event) => {
    const input = event.target, files = [...(input.files || [])];
    if (!isPhotoInput(input) || !files.length || files.every(known)) return;
    event.stopImmediatePropagation();
    const transfer = await carried(files);
    input.files = transfer.files;
    if (transfer.files.length) input.dispatchEvent(new Event("change", { bubbles: true }));
    else input.value = "";
  }, true);

  document.addEventListener("drop", async (event) => {
    const files = [...(event.dataTransfer?.files || [])], target = event.target;
    const other = target.closest?.(".block, [id]")?.querySelector("input[type=file]");
    if (!files.length || (other && !isPhotoInput(other))) return; // a field for another kind of file
    if (files.every(known)) {
      // Gradio empties a filled field before it uploads what was dropped on it, with an event that looks like that of the "×".
      window.headshotDropped = performance.now();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const transfer = await carried(files);
    if (transfer.files.length) target.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }, true);
}

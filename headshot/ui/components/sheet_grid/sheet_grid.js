// `props.value` is {id, rows, columns, across, down, cells: [{row, column, image, state, sign, words, detail}], busy, done,
// total, note}. A new id starts an empty sheet; later values with the same id add cells, so that each picture comes once.
const root = $(".sheet"), grid = $(".grid"), note = $(".note"), bar = $(".progress");
const EMPTY = tr("Here your sheet will fill in, one picture after another. Clicking one puts it on the stage.");
let id = null, width = 0;

function build(value) {
  width = value.columns.length;
  grid.style.setProperty("--columns", width);
  const head = [make("span", "corner"), ...value.columns.map((label) => make("span", "across", label))];
  const rows = value.rows.map((label, r) => {
    const cells = value.columns.map((other, c) => {
      const name = label + ", " + other;
      const button = makeButton("cell", { row: r, column: c, name }, make("span", "frame"), make("span", "says"));
      button.disabled = true;
      button.setAttribute("role", "gridcell");
      button.setAttribute("aria-label", name);
      return button;
    });
    const title = make("span", "down", label);
    title.setAttribute("role", "rowheader");
    return [title, ...cells];
  });
  head.forEach((title, i) => (i ? title.setAttribute("role", "columnheader") : title.setAttribute("aria-hidden", "true")));
  grid.replaceChildren(...[head, ...rows].map((parts) => {
    const row = make("div", "line", ...parts);
    row.setAttribute("role", "row");
    return row;
  }));
}
function fill(cell) {
  const button = [...grid.querySelectorAll(".cell")][cell.row * width + cell.column];
  if (!button || button.dataset.done) return;
  button.dataset.done = "1";
  const frame = button.querySelector(".frame"), says = button.querySelector(".says");
  if (cell.image) {
    frame.append(makeImage(cell.image));
    button.disabled = false;
  }
  says.replaceChildren(sign(cell.sign), make("span", "word", cell.words));
  button.classList.add("hs-" + cell.state);
  button.title = cell.detail;
  button.setAttribute("aria-label", [button.dataset.name, cell.words, cell.detail].filter(Boolean).join(". "));
}
function draw() {
  const value = props.value;
  if (!value) { id = null; grid.replaceChildren(); note.textContent = EMPTY; bar.hidden = true; root.dataset.state = "empty"; return; }
  if (value.id !== undefined && value.id !== id && value.rows) {
    id = value.id;
    build(value);
  }
  (value.cells || []).forEach((cell) => { if (value.id === id) fill(cell); });
  note.textContent = value.note || "";
  root.dataset.state = value.busy ? "busy" : "done";
  bar.hidden = !value.busy;
  bar.setAttribute("aria-valuemax", value.total || 0);
  bar.setAttribute("aria-valuenow", value.done || 0);
  bar.firstElementChild.style.width = 100 * (value.done || 0) / Math.max(1, value.total || 1) + "%";
  if (value.picked) [...grid.querySelectorAll(".cell")].forEach((b) => b.setAttribute("aria-selected", String(b.dataset.row == value.picked[0] && b.dataset.column == value.picked[1])));
}
grid.addEventListener("click", (event) => {
  const button = event.target.closest(".cell");
  if (!button || button.disabled) return;
  grid.querySelectorAll(".cell").forEach((b) => b.setAttribute("aria-selected", String(b === button)));
  trigger("pick", { row: Number(button.dataset.row), column: Number(button.dataset.column) });
});
rove(grid, () => [...grid.querySelectorAll(".cell")], (cell) => cell.focus(),
  { columns: () => width, can: (cell) => !cell.disabled });
follow({ value: 0 }, draw);

// Each row is two native sliders on one track: from and to.
const list = $(".ranges");
const written = new Intl.NumberFormat(document.documentElement.lang);

function slider(row, end, label) {
  const input = make("input", end);
  input.type = "range";
  Object.assign(input, { min: row.low, max: row.high, step: row.step });
  input.setAttribute("aria-label", row.title + ", " + label);
  return input;
}
const rows = props.rows.map((row) => {
  const from = slider(row, "from", "at least"), to = slider(row, "to", "at most");
  const fill = make("span", "fill"), output = make("output", "");
  const dual = make("div", "dual", fill, from, to), head = make("legend", "head", row.title, output);
  const box = make("fieldset", "row", head, dual, make("p", "source", row.source));
  const unit = row.unit === "%" ? "%" : " " + row.unit;
  const share = (value) => (value - row.low) / (row.high - row.low);
  const draw = () => {
    const a = Number(from.value), b = Number(to.value);
    // The thumbs' middles run from 11 px to the width less 11 px.
    fill.style.left = "calc(11px + " + share(a) + " * (100% - 22px))";
    fill.style.width = "calc(" + (share(b) - share(a)) + " * (100% - 22px))";
    output.textContent = (a === b ? written.format(a) : tr("{from} to {to}", { from: written.format(a), to: written.format(b) })) + unit;
    from.setAttribute("aria-valuetext", written.format(a) + unit);
    to.setAttribute("aria-valuetext", written.format(b) + unit);
    from.style.zIndex = share(a) > 0.5 ? 2 : 1; // where both lie on one spot, the one that can still move is on top
    to.style.zIndex = share(a) > 0.5 ? 1 : 2;
  };
  const send = () => {
    props.value = Object.fromEntries(rows.map((r) => [r.key, [Number(r.from.value), Number(r.to.value)]]));
    trigger("input", { key: row.key });
  };
  const moved = (mine, other, before) => {
    if (before(Number(mine.value), Number(other.value))) other.value = mine.value;
    draw();
  };
  const moves = Object.keys({ input: 0 })[0], ends = Object.keys({ change: 0 })[0];
  from.addEventListener(moves, (event) => { event.stopPropagation(); moved(from, to, (a, b) => a > b); });
  to.addEventListener(moves, (event) => { event.stopPropagation(); moved(to, from, (b, a) => b < a); });
  for (const node of [from, to]) node.addEventListener(ends, (event) => { event.stopPropagation(); send(); });
  return { key: row.key, from, to, box, draw };
});
list.replaceChildren(...rows.map((r) => r.box));

function update() {
  for (const row of rows) {
    const pair = props.value && props.value[row.key];
    if (pair) [row.from.value, row.to.value] = pair;
    row.draw();
  }
}
follow({ value: 0 }, update);

// The table of rows, by keyboard as in a spreadsheet. Every cell is a field of a form that works without this.
"use strict";

{
const CELLS = "#grid tr[data-fix] input[type=text]";
const isCell = (element) => element instanceof Element && element.matches(CELLS);
const rowOf = (element) => element.closest("tr[data-row]");
const cellsOf = (row) => [...row.querySelectorAll("input[type=text]")];
const go = (input) => { input.focus(); input.select(); };

// The cell so many rows and columns away, rows that cannot be changed left out.
const neighbour = (input, rows, columns) => {
  const row = rowOf(input), cell = input.closest("td");
  if (columns) return cellsOf(row)[cellsOf(row).indexOf(input) + columns];
  for (let next = row; (next = rows < 0 ? next.previousElementSibling : next.nextElementSibling);) {
    const found = next.children[cell.cellIndex]?.querySelector("input[type=text]");
    if (found) return found;
  }
  return null;
};

const isWhole = (input) => input.selectionStart === 0 && input.selectionEnd === input.value.length;
// At the left or right end of what is written: words of Arabic or Hebrew letters begin on the right.
const beginsRight = (input) => /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(input.value);
const isAtStart = (input) => isWhole(input) || input.selectionEnd === 0;
const isAtEnd = (input) => isWhole(input) || input.selectionStart === input.value.length;
const isAtLeft = (input) => beginsRight(input) ? isAtEnd(input) : isAtStart(input);
const isAtRight = (input) => beginsRight(input) ? isAtStart(input) : isAtEnd(input);
const RIGHT = document.documentElement.dir === "rtl" ? -1 : 1; // how many columns further the one to the right is
const ARROWS = {
  ArrowUp: [-1, 0, () => true],
  ArrowDown: [1, 0, () => true],
  ArrowLeft: [0, -RIGHT, isAtLeft],
  ArrowRight: [0, RIGHT, isAtRight],
};

let entered = ""; // the row in which Enter was pressed: its answer moves on to the next bad cell
document.addEventListener("keydown", (event) => {
  if (!isCell(event.target) || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const input = event.target;
  if (event.key === "Enter") entered = rowOf(input).id;
  if (event.key === "Escape" && input.value !== input.defaultValue) { input.value = input.defaultValue; input.select(); }
  if (event.key === "Escape" && cellsOf(rowOf(input)).every((one) => one.value === one.defaultValue)) delete rowOf(input).dataset.dirty;
  const [rows, columns, may] = ARROWS[event.key] ?? [0, 0, () => false];
  const next = may(input) && neighbour(input, rows, columns);
  if (next) { event.preventDefault(); go(next); }
});

// Undo and redo of whole edits; while a cell is being typed in, its own text is undone first.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !document.querySelector("#grid")) return;
  const key = event.key.toLowerCase();
  const isRedo = key === "y" || key === "z" && event.shiftKey;
  const field = event.target.closest("input, textarea, select");
  if (key !== "z" && !isRedo || field && (!isCell(field) || field.value !== field.defaultValue)) return;
  const form = document.getElementById(isRedo ? "redo-edit" : "undo-edit");
  if (form) { event.preventDefault(); form.requestSubmit(); }
});

// A corrected row is checked when the person leaves it; Enter checks it at once.
document.addEventListener("input", (event) => {
  if (isCell(event.target)) rowOf(event.target).dataset.dirty = "yes";
});
document.addEventListener("focusout", (event) => {
  const row = event.target.closest("tr[data-fix]");
  if (!row?.dataset.dirty || row.contains(event.relatedTarget)) return;
  const isChanged = cellsOf(row).some((one) => one.value !== one.defaultValue);
  delete row.dataset.dirty;
  if (isChanged) row.querySelector("form").requestSubmit();
});

// After the answer the focus is where work goes on: the next bad cell, or the row itself. It is never lost.
document.addEventListener("htmx:afterSettle", (event) => {
  const row = event.detail.elt?.matches?.("tr[data-row]") ? document.getElementById(event.detail.elt.id) : null;
  if (!row) return;
  const isLost = document.activeElement === document.body;
  const next = badCellFrom(row);
  if (entered === row.id && next || isLost && next && rowOf(next) === row) go(next);
  else if (isLost) (row.querySelector("td.why button:not(.unseen-until-focus)") ?? next)?.focus();
  if (entered === row.id) entered = "";
});
const badCellFrom = (row) => {
  const bad = [...document.querySelectorAll("#grid input[aria-invalid=true]")];
  return bad.find((one) => row.contains(one) || row.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) ?? bad[0];
};

// A block of cells is pasted over the rows and columns that follow: one form, one answer, one step to undo. Each line goes to the row that stands
// there: what falls on a row that cannot be changed, or beside the table, is left out, and the answer says how much that was.
document.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "") ?? "";
  if (!isCell(event.target) || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const grid = document.getElementById("grid");
  const form = Object.assign(document.createElement("form"), { method: "post", action: grid.dataset.paste, hidden: true });
  const add = (name, value) => form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  add("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  add("back", location.search.slice(1));
  const column = event.target.closest("td").cellIndex;
  let row = rowOf(event.target), unplaced = 0;
  for (const line of text.split("\n")) {
    const places = row ? [...row.cells].slice(column).map((cell) => cell.querySelector("input[type=text]")) : [];
    line.split("\t").forEach((value, at) => places[at] ? add(places[at].id, value) : value.trim() && unplaced++);
    row = row?.nextElementSibling;
  }
  add("unplaced", unplaced);
  document.body.append(form);
  form.requestSubmit();
});

// A link to a row puts the focus into it: once the page has loaded, since scrolling to the row takes the focus away.
window.addEventListener("load", () => setTimeout(() => {
  const row = /^#row-\d+$/.test(location.hash) ? document.querySelector(location.hash) : null;
  const place = row && ["input[aria-invalid=true]", "input[type=text]", "td.why button"].map((one) => row.querySelector(one)).find(Boolean);
  place?.focus();
}));
}

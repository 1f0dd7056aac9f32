// Makes pages that already work a little nicer. Nothing here is needed to send a spreadsheet.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);

// An answer with errors puts the focus on its summary, on first load and after htmx has swapped.
const focusErrors = (root) => $(".errors", root)?.focus();
focusErrors(document);
document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));

// A file that a page has waited for is downloaded as soon as it is made; its button stays.
document.addEventListener("htmx:afterSwap", () => $("#operation [data-when-ready]")?.click());

// Answers of 4xx with a page of their own (a form that came back) are shown like any other.
document.addEventListener("htmx:beforeSwap", (event) => {
  const takesNothing = event.detail.xhr.status === 503 && event.detail.requestConfig.verb === "post";
  if (event.detail.xhr.status === 422 || takesNothing) { event.detail.shouldSwap = true; event.detail.isError = false; }
});

// A part that asks again by itself changes nothing under a hand: what was opened in it stays open, the focus stays where it is, and a
// press that has begun is let go first.
let pressed = null, before = null;
const asksByItself = (part) => part.getAttribute("hx-trigger")?.includes("every");
document.addEventListener("pointerdown", (event) => { if (event.button === 0) pressed = event.target; });
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(() => { pressed = null; }));
window.addEventListener("blur", () => { pressed = null; });
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target, requestConfig } = detail;
  if (asksByItself(requestConfig.elt) && target.contains(pressed)) { detail.shouldSwap = false; return; }
  before = { opened: [...target.querySelectorAll("details[id][open]")].map(({ id }) => id), focus: document.activeElement.id };
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of before?.opened ?? []) document.getElementById(id)?.setAttribute("open", "");
  if (before?.focus && document.activeElement === document.body) document.getElementById(before.focus)?.focus();
  before = null;
});

// What kept a step from being taken is said until one is taken.
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.requestConfig.verb === "post" && event.detail.xhr.status < 500) $("#problem")?.replaceChildren();
});

// A page that asks again by itself says so when nobody answers.
const offline = (is) => { const said = $("#offline"); if (said) said.hidden = !is; };
document.addEventListener("htmx:sendError", () => offline(true));
document.addEventListener("htmx:responseError", () => offline(true));
document.addEventListener("htmx:afterOnLoad", () => offline(false));

// A second press on the same button sends nothing twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  delete form.closest("tr[data-fix]")?.dataset.dirty;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  form.dataset.sent = "yes";
  setTimeout(() => { for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true"); });
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

// A file dropped anywhere on the upload page is the same as one chosen there; a page that names the upload page leads to it with the
// file. Nowhere does the browser open a dropped file in place of the page.
const dropsInto = () => $("#upload-form input[type=file]:not(:disabled)");
const dropsOnto = () => $("[data-drop-goes-to]")?.dataset.dropGoesTo;
const isOfFiles = (event) => event.dataTransfer?.types.includes("Files") && !event.target.closest?.("input[type=file]:not(#upload-form *)");
const dragging = (is) => document.body.classList.toggle("dragging", is);
document.addEventListener("dragover", (event) => {
  if (!isOfFiles(event)) return;
  event.preventDefault();
  const isTaken = dropsInto() || dropsOnto();
  event.dataTransfer.dropEffect = isTaken ? "copy" : "none";
  dragging(Boolean(isTaken));
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) dragging(false); });
document.addEventListener("drop", async (event) => {
  if (!isOfFiles(event)) return;
  event.preventDefault();
  dragging(false);
  const files = [...event.dataTransfer.files];
  if (!files.length || !(dropsInto() || dropsOnto())) return;
  if (!dropsInto()) await goToUpload(dropsOnto());
  const input = dropsInto(), taken = new DataTransfer();
  if (!input) return;
  taken.items.add(files[0]);
  input.files = taken.files;
  const several = $("#several-dropped");
  if (several) several.hidden = files.length < 2;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
});
async function goToUpload(address) {
  await htmx.ajax("GET", address, { target: "#main", select: "#main", swap: "outerHTML" });
  history.pushState(null, "", address);
  addEventListener("popstate", () => location.reload(), { once: true });
}

// A press on a column of the preview opens the list of fields that it may be. What was scrolled there stays so when it is drawn anew.
document.addEventListener("click", (event) => {
  const cell = event.target.closest?.("#preview tbody td");
  const list = cell && $("select", cell.closest("table").tHead.rows[0].cells[cell.cellIndex]);
  if (!list) return;
  list.focus();
  try { list.showPicker(); } catch { /* the browser opens it by a key */ }
});
let scrolled = 0;
document.addEventListener("htmx:beforeSwap", () => { scrolled = $("#preview")?.scrollLeft ?? 0; });
for (const swapped of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(swapped, () => { const room = $("#preview"); if (room) room.scrollLeft = scrolled; });

// Select boxes marked so send their form as soon as they change; without this script a button does.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-send-on-change]")) event.target.form.requestSubmit();
});

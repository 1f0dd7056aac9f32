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
document.addEventListener("pointerdown", (event) => { pressed = event.target; });
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(() => { pressed = null; }));
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target, requestConfig } = detail;
  if (requestConfig.verb === "get" && target.contains(pressed)) { detail.shouldSwap = false; return; }
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

// A file dropped around the field is the same as one chosen in it.
for (const drop of document.querySelectorAll(".drop")) {
  const input = $("input[type=file]", drop);
  const over = (on) => (event) => { event.preventDefault(); drop.classList.toggle("drop-over", on); };
  drop.addEventListener("dragover", over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}

// Select boxes marked so send their form as soon as they change; without this script a button does.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-send-on-change]")) event.target.form.requestSubmit();
});

// What was typed or chosen in a form marked `data-kept` when a session ended, when a page could not be had, or when it was loaded anew, is
// there again for the same person in the same window. It is not sent by itself. A form marked `data-kept="redraw"` is drawn anew by the
// server with it; one marked `data-kept="session"` holds consents and is filled in anew when a page is loaded anew. A form marked
// `data-keeps` leads back to this page, and names the form whose choices are to be there still.
"use strict";
{
const KEPT = "rowcall-typed";
const person = () => document.body.dataset.person ?? "";
const addressOf = (form) => form.getAttribute("action") ?? location.pathname;
const entriesOf = (form) => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");

let changed = null;  // the form in which something was typed or chosen last
const keep = (form, isOver, isLeft = false) => {
  const entries = entriesOf(form).map(([name, value]) => value instanceof File ? [name, value.name, "file"] : [name, value]);
  const kept = { person: person(), goesTo: addressOf(form), form: form.id, entries, isOver, isLeft };
  try { sessionStorage.setItem(KEPT, JSON.stringify(kept)); } catch { sessionStorage.removeItem(KEPT); /* more than there is room for */ }
};
for (const kind of ["input", "change"]) addEventListener(kind, ({ target }) => { if (target.form?.matches("[data-kept]:not([data-kept=session])")) changed = target.form; });
const unsaved = () => changed?.isConnected ? changed : changed?.dataset.kept === "redraw" ? document.getElementById(changed.id) : null;
addEventListener("submit", ({ target }) => {
  if (target.dataset.keeps && unsaved()?.id === target.dataset.keeps) keep(unsaved(), true);
  if (target.matches("form[data-kept]") && !target.hasAttribute("hx-post")) keep(target, false);
}, true);
document.addEventListener("htmx:beforeOnLoad", ({ detail: { elt, xhr } }) => {
  const form = elt.closest?.("form[data-kept]") ?? elt.closest?.("tr")?.querySelector("form[data-kept]");
  if (form && (xhr.getResponseHeader("HX-Redirect") || xhr.getResponseHeader("HX-Refresh"))) keep(form, true);
});
document.addEventListener("session-ended", ({ target }) => keep(target, true));
addEventListener("pagehide", () => {
  const form = unsaved();
  if (form && !sessionStorage.getItem(KEPT)) keep(form, false, true);  // what is kept already was sent, or waits for a session
});
addEventListener("pageshow", ({ persisted }) => { if (persisted) sessionStorage.removeItem(KEPT); });  // it is there as it was left
const comesAgain = () => /^(reload|back_forward)$/.test(performance.getEntriesByType("navigation")[0]?.type);

// The same fields of the same names; the focus goes to the first one that is not as the page has it.
const putBack = (form, { entries, isOver }) => {
  let changed = null;
  for (const field of form.elements) {
    const ours = entries.filter(([name]) => name === field.name);
    if (/^(checkbox|radio)$/.test(field.type)) {
      const is = ours.some(([, value]) => value === field.value);
      if (field.checked !== is) { field.checked = is; changed ??= field; }
    } else if (ours.length && /^(text|tel|textarea|select-one|number|date|time)$/.test(field.type)) {
      const [, value] = ours[0];
      if (field.value !== value) { field.value = value; changed ??= field; }
    } else if (field.type === "file" && ours[0]?.[1] && isOver) chooseAgain(form, ours[0][1]);
  }
  changed?.closest("details")?.setAttribute("open", "");
  changed?.focus();
  changed?.select?.();
  changed?.dispatchEvent(new Event("change", { bubbles: true }));
};
// A browser gives no page a file that a person has not chosen there; what was chosen is named where the session ended before it was taken.
const chooseAgain = (form, name) => {
  const room = form.querySelector("[data-choose-again]");
  if (!room) return;
  room.hidden = false;
  room.querySelector("span").textContent = room.dataset.chooseAgain.replace("{name}", name);
};
const redraw = (entries) => {
  const values = new FormData();
  for (const [name, value] of [...entries, ["refresh", "yes"]]) values.append(name, value);
  htmx.ajax("POST", location.pathname, { target: "#main", select: "#main", swap: "outerHTML", values });
};

addEventListener("load", () => setTimeout(() => {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (!kept) return;
  if (!person()) { sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, isOver: true })); return; }
  sessionStorage.removeItem(KEPT);
  const form = document.getElementById(kept.form);
  if (!(kept.isOver || kept.isLeft && comesAgain()) || kept.person !== person() || !form || kept.goesTo !== addressOf(form)) return;
  changed = form;
  if (form.dataset.kept === "redraw") redraw(kept.entries); else putBack(form, kept);
}));
}

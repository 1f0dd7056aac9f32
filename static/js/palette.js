// Pages, campaigns and imports by the keyboard. Without this script the button leads to a page with the same results.
"use strict";

{
  const dialog = document.querySelector("#palette");
  const field = dialog?.querySelector("[role=combobox]");
  const list = dialog?.querySelector("[role=listbox]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };

  const move = (by) => {
    const all = options(), at = all.indexOf(chosen());
    if (all.length) choose(all[(at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by + all.length) % all.length]);
  };

  const open = () => {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    field.value = "";
    dialog.showModal();
    field.dispatchEvent(new Event("palette:open"));
  };

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => chosen() && location.assign(chosen().dataset.href),
  };

  if (dialog) {
    for (const button of document.querySelectorAll("[data-palette]")) {
      button.setAttribute("aria-haspopup", "dialog");
      if (/Mac|iPhone|iPad/.test(navigator.platform)) for (const keyName of button.querySelectorAll("kbd")) keyName.textContent = "⌘ K";
      button.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;  // a tab or window of its own
        event.preventDefault();
        open();
      });
    }
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (dialog.open) dialog.close(); else open();
    });
    field.addEventListener("keydown", (event) => {
      if (!keys[event.key] || event.isComposing || event.key === "Enter" && !chosen()) return;
      event.preventDefault();
      keys[event.key]();
    });
    // Until the options of the new words are here, none is chosen: Enter must not lead to one of the words before.
    field.addEventListener("input", () => choose(null));
    list.addEventListener("htmx:afterSwap", () => {
      field.setAttribute("aria-expanded", String(options().length > 0));
      choose(options()[0]);
    });
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.href);
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }
}

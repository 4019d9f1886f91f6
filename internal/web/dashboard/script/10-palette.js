// The command palette: Ctrl-K, or Cmd-K, and the slash lead to the field that searches, which shows below it what there is.
"use strict";

const field = document.querySelector("[data-palette]");

if (field) {
  const list = document.createElement("ul");
  list.id = "jump-list";
  list.className = "jump-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Found");
  list.hidden = true;
  field.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list" })) field.setAttribute(name, value);

  let chosen = -1;
  let asked = 0;
  let shownFor = null; // what the list is the answer to

  const choose = (n) => {
    const options = [...list.children].filter((o) => o.getAttribute("role") === "option");
    chosen = options.length ? (n + options.length) % options.length : -1;
    options.forEach((o, i) => o.setAttribute("aria-selected", String(i === chosen)));
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    }
  };

  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) field.removeAttribute("aria-activedescendant");
  };

  const fill = (found) => {
    list.replaceChildren(...found.map((f, i) => {
      const option = document.createElement("li");
      option.id = `jump-${i}`;
      option.setAttribute("role", "option");
      option.dataset.path = f.path;
      const kind = document.createElement("span");
      kind.className = "quiet";
      kind.textContent = f.kind;
      option.append(f.name, " ", kind);
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        location.assign(f.path);
      });
      return option;
    }));
    show(found.length > 0);
    choose(0);
  };

  const look = async () => {
    const mine = ++asked;
    const typed = field.value;
    const answer = await fetch(`${field.form.action}.json?q=${encodeURIComponent(typed)}`);
    if (!answer.ok || answer.redirected) return;
    const found = await answer.json();
    if (mine !== asked || document.activeElement !== field) return;
    shownFor = typed;
    fill(found ?? []);
  };

  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 80);
  });
  field.addEventListener("focus", look);
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", async (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
      return;
    }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    }
    if (event.key === "Enter") {
      event.preventDefault();
      if (shownFor !== field.value) { // whoever types fast does not want what was there before
        clearTimeout(waiting);
        await look();
      }
      if (chosen >= 0) location.assign(list.children[chosen].dataset.path);
      else field.form.submit();
    }
  });

  addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    const palette = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (!palette && (event.key !== "/" || typing)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

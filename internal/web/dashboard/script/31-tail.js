// Requests as they come, put at the top of the list.
"use strict";

const button = document.querySelector("[data-tail]");
const rows = document.querySelector("[data-tail-rows]");
const most = 200;

if (button && rows) {
  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  let source = null;
  button.addEventListener("click", () => {
    if (source) {
      source.close();
      source = null;
    } else {
      source = new EventSource(button.dataset.tail);
      source.addEventListener("row", (event) => add(event.data));
    }
    button.setAttribute("aria-pressed", String(Boolean(source)));
    button.textContent = source ? "Stop watching" : "Watch live";
  });
}

function add(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const row = holder.content.firstElementChild;
  row.classList.add("fresh");
  rows.prepend(row);
  rows.closest("table").hidden = false;
  document.querySelector("[data-tail-empty]")?.remove();
  while (rows.children.length > most) rows.lastElementChild.remove();
}

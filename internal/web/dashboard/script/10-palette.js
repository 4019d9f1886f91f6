// Ctrl-K, or Cmd-K, and the slash lead to the field that searches.
"use strict";

const field = document.querySelector("[data-palette]");

addEventListener("keydown", (event) => {
  if (!field) return;
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  const palette = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  if (!palette && (event.key !== "/" || typing)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

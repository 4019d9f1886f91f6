// Keys that lead somewhere: ? shows them, and g with a letter after it goes to a page.
"use strict";

const help = document.querySelector("[data-shortcuts]");

if (help) {
  const typing = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
  const patience = 1500; // ms between the g and its letter
  let going = 0;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      help.togglePopover();
    } else if (event.key === "g") {
      going = event.timeStamp;
    } else if (going && event.timeStamp - going < patience) {
      going = 0;
      help.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    }
  });
}

// What the members' pages do beyond plain HTML: a form is sent once, and the page says so when the extension is logged in.
"use strict";

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });
}

// A page that the browser kept may be sent once more.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});

// The extension marks the page when it has taken the code out of it and is logged in. What is to be done next is another
// page then.
if (document.querySelector("[data-unpaired]")) {
  const paired = () => document.documentElement.dataset.sharesmart === "paired" && location.reload();
  new MutationObserver(paired).observe(document.documentElement, { attributes: true, attributeFilter: ["data-sharesmart"] });
  paired();
}

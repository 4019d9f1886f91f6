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

// The extension marks the page when it has taken the code out of it and is logged in.
const place = document.querySelector("[data-pairing]");
if (place) {
  const paired = () => {
    if (document.documentElement.dataset.sharesmart !== "paired") return;
    place.querySelector(".unpaired").hidden = true;
    place.querySelector(".paired").hidden = false;
  };
  new MutationObserver(paired).observe(document.documentElement, { attributes: true, attributeFilter: ["data-sharesmart"] });
  paired();
}

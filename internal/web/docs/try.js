// Trying a call: its form opens beside the page that it is linked from, is sent without a new page, and is filled with
// what was sent before. Everything comes from the pages below /docs/try, which work without this.
"use strict";

const tryDrawer = document.getElementById("try-drawer");
const tryContent = document.getElementById("try-content");
const trySaid = document.getElementById("try-said");
const tryPrefix = "/docs/try/";
const storedTry = (operation) => `docs-try-${operation}`;

// box finds the form in an answer of the server.
async function box(answer) {
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".try-box");
  if (!found) throw new Error(answer.statusText);
  return document.adoptNode(found);
}

// putBox shows a form in the place of another, with its buttons.
function putBox(place, fresh) {
  place.replaceWith(fresh);
  addCopy(fresh);
  return fresh;
}

function fillDrawer(fresh) {
  tryContent.replaceChildren(fresh);
  addCopy(fresh);
  document.getElementById("try-title").textContent = fresh.dataset.title;
  if (!tryDrawer.open) tryDrawer.showModal();
  tryContent.scrollTop = 0;
}

// openTry opens a form. One whose address says nothing of its fields has what was sent the last time.
async function openTry(link) {
  const address = new URL(link.href);
  const operation = address.pathname.slice(tryPrefix.length);
  const before = remembered(storedTry(operation));
  if (!address.search && before) address.search = new URLSearchParams(before);
  try {
    fillDrawer(await box(await fetch(address)));
  } catch {
    location = link.href;
  }
}

// fieldsOf are the parameters in a form, as they are kept: neither its key nor the name that is being added.
const fieldsOf = (form) => [...new FormData(form)].filter(([name]) => /^(path|p):/.test(name));

async function sendTry(form, button) {
  const place = form.closest(".try-box");
  const adds = button?.hasAttribute("data-add");
  const fields = new URLSearchParams(adds ? [...fieldsOf(form), ["add", form.elements.add.value]] : [...new FormData(form)]);
  if (adds && !form.elements.add.value.trim()) return form.elements.add.focus();
  form.setAttribute("aria-busy", "true");
  if (!adds) trySaid.textContent = trySaid.dataset.sending;
  try {
    const answer = await fetch(adds ? `${form.action}?${fields}` : form.action, adds ? {} : { method: "POST", body: fields });
    const fresh = putBox(place, await box(answer));
    if (adds) return added(fresh, form);
    remember(storedTry(fresh.dataset.operation), fieldsOf(fresh.querySelector(".try-form")));
    const shown = fresh.querySelector(".try-answer") ?? fresh.querySelector('[role="alert"]');
    shown?.scrollIntoView({ block: "nearest" });
    fresh.querySelector(".try-answer")?.focus({ preventScroll: true });
    trySaid.textContent = `${trySaid.dataset.answered}: ${fresh.querySelector('[data-testid="try-status"]')?.textContent ?? shown?.textContent}`;
  } catch {
    form.submit();
  }
}

// added puts the focus into the field that came, so that its value can be typed at once.
function added(fresh, before) {
  const had = new Set(fieldsOf(before).map(([name]) => name));
  const field = [...fresh.querySelector(".try-form").elements].find((e) => /^p:/.test(e.name) && !had.has(e.name));
  (field ?? fresh.querySelector("#try-add")).focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (!link.hasAttribute("data-try") && !(tryDrawer.contains(link) && link.pathname.startsWith(tryPrefix))) return;
  event.preventDefault();
  openTry(link);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".try-form")) return;
  event.preventDefault();
  sendTry(form, event.submitter);
});

// Enter in the name of another parameter adds it, and does not send what is not complete yet.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "try-add") return;
  event.preventDefault();
  sendTry(event.target.form, event.target.form.querySelector("[data-add]"));
});

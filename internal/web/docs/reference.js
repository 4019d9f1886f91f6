// What the reference does beyond plain HTML: samples change their language, all at once; what is within a field is shown
// in its place instead of on a page of its own; and a link to what is within a closed field opens it.
"use strict";

const boxes = [...document.querySelectorAll("[data-reference-samples]")];
const tabsOf = (box) => [...box.querySelectorAll(".tabs a")];
const panelOf = (tab) => document.getElementById(tab.id.replace("tab-", "sample-"));

// showLanguage shows a language in every sample. What is above moves, so the box that was used is held in its place.
function showLanguage(lang, held) {
  const before = held?.getBoundingClientRect().top;
  for (const box of boxes) showTab(tabsOf(box), panelOf, tabsOf(box).find((tab) => tab.dataset.lang === lang));
  if (held) scrollBy(0, held.getBoundingClientRect().top - before);
}

for (const box of boxes) {
  makeTabs(box.querySelector(".tabs"), tabsOf(box), panelOf, (tab) => {
    showLanguage(tab.dataset.lang, box);
    rememberLanguage(tab.dataset.lang);
  });
}
if (boxes.length) {
  const chosen = tabsOf(boxes[0]).find((tab) => tab.hasAttribute("aria-current"));
  for (const box of boxes) for (const tab of tabsOf(box)) tab.removeAttribute("aria-current");
  showLanguage(chosen.dataset.lang);
}

// A link to the page of what is within a field becomes a field that opens here. Without an answer it stays a link.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-more]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.append(...link.childNodes);
    details.append(summary, ...page.querySelector("[data-part]").childNodes);
    details.open = true;
    link.closest(".more").replaceWith(details);
    summary.focus();
  } catch {
    location = link.href;
  }
});

// openTarget opens what the address names, wherever it is.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.closest("details")) return;
  for (let e = target.closest("details"); e; e = e.parentElement.closest("details")) e.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", openTarget);
openTarget();

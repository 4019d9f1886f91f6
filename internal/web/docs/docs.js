// What the documentation does beyond plain HTML: samples change their language without a new page, code is copied, the
// contents mark where one is, keys are shown, and shortcuts. The search is in search.js.
"use strict";

const words = document.body.dataset;

// makeTabs makes links to languages tabs of panels. choose is called with the one that somebody wants.
function makeTabs(list, tabs, panel, choose) {
  list.setAttribute("role", "tablist");
  for (const tab of tabs) {
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel(tab).id);
    panel(tab).setAttribute("role", "tabpanel");
    panel(tab).setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      choose(tab);
    });
  }
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === " ") event.preventDefault(), document.activeElement.click();
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs.at(to % tabs.length);
    tab.focus();
    choose(tab);
  });
}

// showTab shows the panel of one tab and hides the others.
function showTab(tabs, panel, shown) {
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", tab === shown);
    tab.tabIndex = tab === shown ? 0 : -1;
    panel(tab).hidden = tab !== shown;
  }
}

// rememberLanguage keeps the language that was chosen, in the address and for other pages.
function rememberLanguage(lang) {
  document.cookie = `__Host-sample=${lang}; Path=/; Max-Age=31536000; Secure; SameSite=Lax`;
  const address = new URL(location);
  address.searchParams.set("lang", lang);
  history.replaceState(null, "", address);
}

for (const box of document.querySelectorAll("[data-samples]")) {
  const list = box.querySelector(".tabs");
  const tabs = [...list.querySelectorAll("a")];
  const panel = (tab) => document.getElementById(`sample-${tab.dataset.lang}`);
  makeTabs(list, tabs, panel, (tab) => {
    showTab(tabs, panel, tab);
    rememberLanguage(tab.dataset.lang);
  });
  showTab(tabs, panel, tabs.find((tab) => tab.hasAttribute("aria-current")));
  for (const tab of tabs) tab.removeAttribute("aria-current");
}

// textOf is code as it is copied: with keys in full.
function textOf(code) {
  const copy = code.cloneNode(true);
  for (const masked of copy.querySelectorAll(".key-masked")) masked.remove();
  return copy.textContent.trimEnd();
}

// copier is a button that copies what text() gives, and says that it is done.
function copier(label, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = label;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(await text());
      button.textContent = words.sayCopied;
    } catch {
      button.textContent = words.sayFailed;
    }
    setTimeout(() => (button.textContent = label), 2000);
  });
  return button;
}

// addCopy lets the code in a part of the page be copied, and its keys be shown.
function addCopy(within) {
  for (const box of within.querySelectorAll("[data-copy]")) {
    const shown = () => [...box.querySelectorAll("pre")].find((pre) => !pre.closest("[hidden]"));
    const top = box.querySelector(".code-top") ?? box;
    if (box.querySelector(".key")) top.append(keySwitch(box));
    top.append(copier(words.sayCopy, () => textOf(shown())));
  }
}

// keySwitch shows and hides the keys in a box for good, not only while one is over it.
function keySwitch(box) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  const say = (shown) => {
    box.toggleAttribute("data-keys-shown", shown);
    button.textContent = shown ? words.sayHide : words.sayShow;
  };
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => say(!box.hasAttribute("data-keys-shown")));
  say(false);
  return button;
}
addCopy(document);

// A page can be copied as Markdown.
const markdown = document.querySelector('link[rel="alternate"][type="text/markdown"]');
const title = document.querySelector("main h1");
if (markdown && title) {
  const button = copier(words.sayMarkdown, async () => {
    const answer = await fetch(markdown.href);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  });
  button.classList.add("copy-page");
  title.after(button);
}

// A heading leads to itself, so that its address can be copied.
for (const heading of document.querySelectorAll(".prose h2[id]")) {
  const link = document.createElement("a");
  link.className = "anchor";
  link.href = `#${heading.id}`;
  link.append(...heading.childNodes);
  heading.append(link);
}

// The contents mark the part of the page that is read: the last one whose heading is in the upper third or above.
const places = [...document.querySelectorAll('.contents a[href^="#"]')];
const parts = places.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
function markPlace() {
  let at = -1;
  parts.forEach((part, i) => {
    if (part && part.getBoundingClientRect().top < innerHeight / 3 && (at < 0 || parts[at].getBoundingClientRect().top <= part.getBoundingClientRect().top)) at = i;
  });
  for (const [i, link] of places.entries()) {
    if (at >= 0 && parts[i] === parts[at]) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
}
if (places.length) {
  let waits = false;
  addEventListener("scroll", () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      markPlace();
    });
  }, { passive: true });
  markPlace();
}

// Boxes are dialogs: what is behind waits, Esc closes, and the focus goes back to where it was.
for (const box of document.querySelectorAll("dialog.box")) {
  box.querySelector("[data-close]").addEventListener("click", () => box.close());
  box.addEventListener("click", (event) => event.target === box && box.close());
}
const keysBox = document.getElementById("keys-box");
const singleKeys = document.getElementById("single-keys");
const storedKeys = "docs-single-keys";

// remembered and remember keep what is only this browser's. Where nothing may be kept, nothing is.
function remembered(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}
function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // It is not kept.
  }
}

function showKeys() {
  singleKeys.checked = remembered(storedKeys) !== false;
  keysBox.showModal();
}
for (const button of document.querySelectorAll("[data-keys-open]")) {
  button.hidden = false;
  button.addEventListener("click", showKeys);
}
function hintKeys() {
  for (const hint of document.querySelectorAll(".search-open kbd")) hint.hidden = remembered(storedKeys) === false;
}
singleKeys.addEventListener("change", () => {
  remember(storedKeys, singleKeys.checked ? null : false);
  hintKeys();
});
hintKeys();

// Keys that work alone can be turned off, as they get into the way of who speaks to their computer.
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openSearch();
    return;
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey || event.altKey || typing || document.querySelector("dialog[open]") || remembered(storedKeys) === false) return;
  const act = { "/": openSearch, "?": showKeys }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

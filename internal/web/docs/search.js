// The search that opens over a page: a field with a list of what was found, which the server sends as it shows it on the
// page of the search.
"use strict";

const searchBox = document.getElementById("search-box");
const searchInput = document.getElementById("search-input");
const searchHits = document.getElementById("search-hits");
const searchNone = document.getElementById("search-none");
const searchSaid = document.getElementById("search-said");
const searchHint = [...searchNone.childNodes];
const storedRecent = "docs-recent";
const mostRecent = 5;
let searchMoved = false; // whether the reader went through the list
let searchAsked = 0; // counts questions, so that a late answer is no surprise
let searchAnswered = Promise.resolve();
let sayLater;

function openSearch() {
  if (searchBox.open) return;
  for (const box of document.querySelectorAll("dialog[open]")) box.close();
  searchBox.showModal();
  searchInput.select();
  searchInput.focus();
  if (!searchInput.value) showRecent();
}
for (const link of document.querySelectorAll("[data-search-open]")) {
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openSearch();
  });
}

const options = () => [...searchHits.querySelectorAll('[role="option"]')];

// activate chooses an option. The focus stays in the field.
function activate(option) {
  for (const other of options()) other.setAttribute("aria-selected", other === option);
  if (option) searchInput.setAttribute("aria-activedescendant", option.id);
  else searchInput.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

// list shows groups of links as options of the field. A listbox may have nothing else in it.
function list(content) {
  searchHits.replaceChildren(...content);
  for (const group of searchHits.querySelectorAll("section")) {
    const name = group.querySelector("h2");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name.firstElementChild.textContent);
    name.setAttribute("aria-hidden", "true");
    for (const plain of group.querySelectorAll("ul, li")) plain.setAttribute("role", "none");
  }
  for (const [i, link] of [...searchHits.querySelectorAll("a")].entries()) {
    link.id = `search-hit-${i}`;
    link.tabIndex = -1;
    link.setAttribute("role", "option");
  }
  const some = options().length > 0;
  searchHits.hidden = !some;
  searchNone.hidden = some;
  searchInput.setAttribute("aria-expanded", some);
  searchMoved = false;
  searchHits.scrollTop = 0;
  activate(options()[0]);
}

// say tells those who hear the page how much was found, once they stop typing.
function say(text) {
  clearTimeout(sayLater);
  sayLater = setTimeout(() => (searchSaid.textContent = text), 400);
}

async function ask() {
  const question = searchInput.value.trim();
  const asked = ++searchAsked;
  if (!question) {
    say("");
    return showRecent();
  }
  try {
    const answer = await fetch(`/docs/search/hits?q=${encodeURIComponent(question)}`);
    if (!answer.ok) throw new Error(answer.statusText);
    const text = await answer.text();
    if (asked !== searchAsked) return;
    const hits = new DOMParser().parseFromString(text, "text/html").querySelector(".hits");
    const none = hits.querySelector(".hits-none");
    list(none ? [] : hits.children);
    if (none) searchNone.replaceChildren(none);
    say(hits.dataset.said);
  } catch {
    if (asked !== searchAsked) return;
    list([]);
    searchNone.textContent = searchBox.dataset.failed;
    say(searchBox.dataset.failed);
  }
}
searchInput.addEventListener("input", () => (searchAnswered = ask()));

// Before anything is typed, what was opened last is there again.
function showRecent() {
  const recent = remembered(storedRecent) ?? [];
  if (!recent.length) {
    list([]);
    searchNone.replaceChildren(...searchHint);
    return;
  }
  const group = document.createElement("section");
  group.className = "hit-group";
  const name = document.createElement("h2");
  name.append(Object.assign(document.createElement("span"), { textContent: searchBox.dataset.recent }));
  const rows = recent.map(({ title, text, path }) => {
    const link = Object.assign(document.createElement("a"), { href: path });
    link.append(Object.assign(document.createElement("span"), { className: "hit-title", textContent: title }), " ");
    link.append(Object.assign(document.createElement("span"), { className: "hit-text", textContent: text }));
    const row = document.createElement("li");
    row.append(link);
    return row;
  });
  const all = document.createElement("ul");
  all.lang = "en";
  all.append(...rows);
  group.append(name, all);
  list([group]);
  const forget = Object.assign(document.createElement("button"), { type: "button", className: "plain-button", textContent: searchBox.dataset.forget });
  forget.addEventListener("click", () => {
    remember(storedRecent, null);
    searchInput.focus();
    showRecent();
  });
  searchNone.replaceChildren(forget);
  searchNone.hidden = false;
}

function keep(option) {
  const hit = { title: option.querySelector(".hit-title").textContent, text: option.querySelector(".hit-text").textContent, path: option.getAttribute("href") };
  const others = (remembered(storedRecent) ?? []).filter((other) => other.path !== hit.path);
  remember(storedRecent, [hit, ...others].slice(0, mostRecent));
}

searchHits.addEventListener("click", (event) => {
  const option = event.target.closest('[role="option"]');
  if (!option) return;
  keep(option);
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) searchBox.close();
});
searchHits.addEventListener("pointermove", (event) => {
  const option = event.target.closest('[role="option"]');
  if (option && option.getAttribute("aria-selected") !== "true") activate(option);
});

const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

searchInput.addEventListener("keydown", async (event) => {
  const all = options();
  const at = all.indexOf(chosen());
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, ...(searchMoved && { Home: 0, End: -1 }) }[event.key];
  if (to !== undefined && all.length) {
    event.preventDefault();
    searchMoved = true;
    activate(all.at(to % all.length));
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    searchMoved = false;
  } else if (event.key === "Enter") { // what is meant is the answer to what was typed, which may be on its way
    event.preventDefault();
    await searchAnswered;
    if (chosen()) chosen().click();
    else if (searchInput.value.trim()) searchInput.form.submit();
  }
});

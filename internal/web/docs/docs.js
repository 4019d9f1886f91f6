// What the documentation does beyond plain HTML: samples change their language without a new page, and code is copied.
"use strict";

// The links to the languages become tabs. What is chosen is in the address and kept for the other sections.
for (const box of document.querySelectorAll("[data-samples]")) {
  const list = box.querySelector(".tabs");
  const tabs = [...list.querySelectorAll("a")];
  const panel = (tab) => document.getElementById(`sample-${tab.dataset.lang}`);
  const show = (chosen) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
      panel(tab).hidden = tab !== chosen;
    }
  };
  const choose = (tab) => {
    show(tab);
    document.cookie = `__Host-sample=${tab.dataset.lang}; Path=/; Max-Age=31536000; Secure; SameSite=Lax`;
    const address = new URL(location);
    address.searchParams.set("lang", tab.dataset.lang);
    history.replaceState(null, "", address);
  };
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
  show(tabs.find((tab) => tab.hasAttribute("aria-current")));
  for (const tab of tabs) tab.removeAttribute("aria-current");
}

// Copying is a button of the code, and says that it is done.
const words = document.documentElement.lang === "de" ? { copy: "Kopieren", copied: "Kopiert" } : { copy: "Copy", copied: "Copied" };
for (const box of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const code = [...box.querySelectorAll("pre")].find((pre) => !pre.closest("[hidden]"));
    await navigator.clipboard.writeText(code.textContent.trimEnd());
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), 2000);
  });
  (box.querySelector(".code-top") ?? box).append(button);
}

// A heading leads to itself, so that its address can be copied.
for (const heading of document.querySelectorAll(".prose h2[id]")) {
  const link = document.createElement("a");
  link.className = "anchor";
  link.href = `#${heading.id}`;
  link.append(...heading.childNodes);
  heading.append(link);
}

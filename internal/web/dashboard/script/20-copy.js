// What has data-copy gets a button that copies it.
"use strict";

for (const element of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${element.id === "secret" ? "the key" : element.getAttribute("aria-label") ?? element.textContent}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(element.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  element.after(" ", button);
}

// JSON is copied as it is written, with what is folded.
"use strict";

for (const box of document.querySelectorAll("[data-copy-json]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button copy-json";
  button.textContent = "Copy";
  const name = box.getAttribute("aria-label") ?? document.getElementById(box.getAttribute("aria-labelledby")).textContent;
  button.setAttribute("aria-label", `Copy ${name}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(lines(box, 0).join("\n"));
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  box.before(button);
}

// lines are those of JSON as it is shown, with two spaces for each level.
function lines(node, depth) {
  const indent = "  ".repeat(depth);
  return [...node.children].flatMap((child) => child.tagName !== "DETAILS" ? [indent + child.textContent] : [
    indent + child.querySelector("summary").textContent,
    ...lines(child.querySelector(".j-in"), depth + 1),
    indent + child.lastElementChild.textContent,
  ]);
}

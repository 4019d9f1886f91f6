// Copy buttons beside ids, programs and JSON.
"use strict";

for (const box of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const text = box.tagName === "DIV" ? () => jsonText(box) : () => box.textContent;
  const plain = box.tagName === "CODE" ? box.textContent : null;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(plain ?? text());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  if (box.tagName === "CODE") {
    button.setAttribute("aria-label", "Copy " + plain);
    box.after(button);
  } else {
    button.setAttribute("aria-label", "Copy " + (box.getAttribute("aria-label") ?? "this"));
    box.before(button);
  }
}

// The lines of JSON as they are shown, with two spaces for each level.
function jsonText(box) {
  const lines = [];
  const walk = (node, depth) => {
    for (const child of node.children) {
      if (child.tagName === "DETAILS") {
        lines.push("  ".repeat(depth) + child.querySelector("summary").textContent);
        walk(child.querySelector(".j-in"), depth + 1);
        lines.push("  ".repeat(depth) + child.lastElementChild.textContent);
      } else {
        lines.push("  ".repeat(depth) + child.textContent);
      }
    }
  };
  walk(box, 0);
  return lines.join("\n");
}

// The matrix of a key's rights can be filtered, and counts what is chosen.
"use strict";

for (const matrix of document.querySelectorAll(".matrix")) {
  const filter = matrix.querySelector("[data-filter]");
  const count = matrix.querySelector("[data-count]");
  if (filter) {
    filter.parentElement.hidden = false;
    filter.addEventListener("input", () => {
      const wanted = filter.value.trim().toLowerCase();
      for (const table of matrix.querySelectorAll("table")) {
        let shown = 0;
        for (const row of table.tBodies[0].rows) {
          row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
          if (!row.hidden) shown++;
        }
        table.hidden = shown === 0;
      }
    });
    filter.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }
  matrix.addEventListener("change", () => {
    if (count) count.textContent = matrix.querySelectorAll('input[type="radio"]:checked:not([value="none"])').length;
  });
}

// Makes typing a card easier, and keeps the form from being sent twice. The page does without it: the server reads numbers
// however they are written, and takes the money once.
const form = document.querySelector("form[data-paying]");

if (form) {
  const digits = (text, most) => text.replace(/\D/g, "").slice(0, most);

  // reshape writes a field anew and leaves the caret behind the same digit.
  const reshape = (field, write) => {
    field.addEventListener("input", () => {
      const before = field.value.slice(0, field.selectionStart ?? field.value.length).replace(/\D/g, "").length;
      field.value = write(field.value);
      let caret = 0;
      for (let seen = 0; caret < field.value.length && seen < before; caret++) {
        if (/\d/.test(field.value[caret])) seen++;
      }
      field.setSelectionRange(caret, caret);
    });
  };

  const { number, expiry, cvc } = form.elements;
  if (number) {
    reshape(number, (text) => {
      const bare = digits(text, 19);
      const amex = /^3[47]/.test(bare);
      return bare.replace(amex ? /^(\d{4})(\d{1,6})?(\d{1,5})?.*$/ : /(\d{4})(?=\d)/g, (...parts) =>
        amex ? parts.slice(1, 4).filter(Boolean).join(" ") : `${parts[1]} `);
    });
    reshape(expiry, (text) => {
      const year = /^\s*([2-9])$/.test(text) ? `0${text.trim()}` : digits(text, 6);
      return year.length > 2 ? `${year.slice(0, 2)} / ${year.slice(2)}` : year;
    });
    reshape(cvc, (text) => digits(text, 4));
  }

  const button = form.querySelector(".button-primary");
  const label = button.textContent;
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter?.name) return; // what changes the order does not pay
    button.disabled = true;
    button.textContent = form.dataset.paying;
  });
  // Whoever comes back with the browser's own button finds the form as it was.
  addEventListener("pageshow", () => {
    button.disabled = false;
    button.textContent = label;
  });
}

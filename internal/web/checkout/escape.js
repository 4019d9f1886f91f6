// Lets Escape cancel where the page stands in a frame: the dialog of the shop around it does not hear the key.
if (window.parent !== window) {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelector('button[value="canceled"]').click();
    }
  });
}

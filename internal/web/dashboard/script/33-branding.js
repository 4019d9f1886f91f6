// Shows in the previews what is typed, without saving it.
const form = document.querySelector("form[data-branding]");
const frames = document.querySelectorAll("iframe[data-preview]");
let waiting;

function show() {
  const asked = new URLSearchParams(new FormData(form));
  for (const frame of frames) {
    const at = new URL(frame.src);
    at.search = asked;
    if (frame.src !== at.href) frame.src = at.href;
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 400);
});

// The slider chooses a day, shows what will have happened by then, and puts it into the field.
"use strict";

const slider = document.querySelector("[data-clock-slider]");

if (slider) {
  const field = document.querySelector("#to");
  const out = document.querySelector("[data-clock-day]");
  const now = new Date(slider.dataset.now);
  const words = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
  const dayOf = (text) => Date.parse(text + "T00:00:00Z");
  const show = (to) => {
    out.textContent = words.format(to);
    slider.setAttribute("aria-valuetext", out.textContent);
    for (const day of document.querySelectorAll("[data-testid=future] [data-day]")) {
      day.classList.toggle("reached", dayOf(day.dataset.day) <= to.getTime());
    }
  };
  const fromField = () => {
    const to = new Date(field.value + "Z");
    if (Number.isNaN(to.getTime())) return;
    slider.value = String(Math.round((to - now) / 86400000));
    show(to);
  };
  slider.parentElement.hidden = false;
  slider.addEventListener("input", () => {
    const to = new Date(now.getTime() + Number(slider.value) * 86400000);
    field.value = to.toISOString().slice(0, 19);
    show(to);
  });
  field.addEventListener("input", fromField);
  fromField();
}

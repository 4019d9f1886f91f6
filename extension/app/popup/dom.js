// Elements, without a framework: h("p", {class: "quiet"}, "text").
import { t } from "../lib/words.js";

const svgs = "http://www.w3.org/2000/svg";

function build(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const h = (tag, props, ...children) => build(document.createElement(tag), props, children);
export const svg = (tag, props, ...children) => build(document.createElementNS(svgs, tag), props, children);

/** busy runs work while a button waits, and keeps it from being pressed twice. */
export async function busy(button, work) {
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true"); // it keeps the focus, which disabled would lose
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** field is a label above an input, with room for what is wrong between the two. */
export function field({ id, label, hint, ...input }) {
  const fault = h("p", { class: "fault", id: `${id}-fault`, role: "alert" });
  const described = [hint && `${id}-hint`, `${id}-fault`].filter(Boolean).join(" ");
  const control = h("input", { id, "aria-describedby": described, ...input });
  const element = h("div", { class: "field" }, h("label", { for: id }, label), hint && h("p", { class: "hint", id: `${id}-hint` }, hint), fault, control);
  const wrong = (text) => {
    fault.textContent = text ?? "";
    element.classList.toggle("field-wrong", Boolean(text));
    if (!text) return control.removeAttribute("aria-invalid");
    control.setAttribute("aria-invalid", "true");
    control.focus();
  };
  return { element, control, wrong };
}

let hiding;

/** toast says something for a while, with a way back if there is one. It stays as long as somebody points at it. */
export function toast(text, undo) {
  const place = document.querySelector("#toast");
  const hide = () => place.replaceChildren();
  const end = () => (place.matches(":hover, :focus-within") ? wait(2_000) : hide());
  const wait = (time) => (hiding = setTimeout(end, time));
  const back = undo && h("button", { class: "button button-plain", type: "button", onclick: () => (hide(), undo.act()) }, undo.label);
  clearTimeout(hiding);
  place.replaceChildren(h("p", {}, text), back ?? "");
  wait(undo ? 15_000 : 4_000);
}

/** backButton leads to the view that this one was opened from. */
export const backButton = (back) => h("button", { class: "button-link back", type: "button", onclick: () => back() }, `← ${t("back")}`);

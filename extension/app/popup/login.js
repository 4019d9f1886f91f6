// Logging in with six digits from a mail, in two steps. The popup closes whenever somebody looks elsewhere, as at that mail, so the
// first step is remembered.
import { sharesmart } from "../lib/client.js";
import { left, login } from "../lib/remember.js";
import { explain, t } from "../lib/words.js";
import { busy, field, h } from "./dom.js";

const pause = 30; // seconds until a code can be sent again

export function address(context) {
  const input = field({ id: "email", label: t("email"), type: "email", name: "email", autocomplete: "email", required: true, hint: t("log_in_says") });
  const button = h("button", { class: "button" }, t("send_code"));
  const submit = (event) => {
    event.preventDefault();
    input.wrong();
    const email = input.control.value.trim();
    if (!email) return input.wrong(t("email_missing"));
    busy(button, () => send(email).then(() => context.go("account"), (error) => input.wrong(explain(error))));
  };
  return h("form", { onsubmit: submit, novalidate: true }, input.element, button);
}

async function send(email) {
  await sharesmart.login(email);
  await login.set({ email, at: Date.now() });
}

export function digits(context, { email, at }) {
  const input = field({ id: "code", label: t("code"), hint: t("code_sent", email), name: "code", inputmode: "numeric", autocomplete: "one-time-code", autofocus: true, spellcheck: "false" });
  const button = h("button", { class: "button button-primary" }, t("log_in"));
  const typed = () => input.control.value.replace(/\D/g, "");
  const redeem = () => busy(button, () => logIn(context, typed()).catch((error) => (input.control.select(), input.wrong(explain(error)))));
  input.control.addEventListener("input", () => {
    input.wrong();
    if (typed().length === 6) redeem(); // whoever pastes a code need not press a button
  });
  const submit = (event) => {
    event.preventDefault();
    if (typed().length === 6) redeem();
    else input.wrong(t("code_length"));
  };
  const another = h("button", { class: "button-link", type: "button", onclick: async () => (await login.set(undefined), context.go("account")) }, t("another_address"));
  return [h("h1", {}, t("log_in")), h("form", { onsubmit: submit, novalidate: true }, input.element, button), h("div", { class: "acts" }, resend(context, email, at, input.wrong), another)];
}

async function logIn(context, code) {
  await sharesmart.redeem(code);
  await Promise.all([login.set(undefined), left.set(undefined)]);
  await context.go("share");
  await context.refresh();
}

function resend(context, email, at, wrong) {
  const button = h("button", { class: "button-link", type: "button" });
  const tick = () => {
    const rest = Math.ceil((at - Date.now()) / 1000) + pause;
    button.disabled = rest > 0;
    button.textContent = rest > 0 ? t("send_again_in", rest) : t("send_again");
    if (rest > 0) setTimeout(tick, 1000);
  };
  tick();
  button.addEventListener("click", () => busy(button, () => send(email).then(() => context.go("account"), (error) => wrong(explain(error)))));
  return button;
}

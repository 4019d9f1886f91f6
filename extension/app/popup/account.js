// Who is logged in, on which plan and on which devices; or how to become somebody.
import { sharesmart } from "../lib/client.js";
import { left, login } from "../lib/remember.js";
import { ago, day, explain, t } from "../lib/words.js";
import { busy, h, toast } from "./dom.js";
import { address, digits } from "./login.js";
import { cost, opener } from "./pro.js";

const codeLife = 10 * 60_000;

export async function account(context) {
  if (context.user.email) return member(context);
  const sent = await login.get();
  return sent && Date.now() - sent.at < codeLife ? digits(context, sent) : visitor(context);
}

const visitor = (context) => [
  h("h1", {}, t("sign_up")),
  h("p", {}, t("sign_up_says")),
  opener(t("sign_up"), () => sharesmart.openSignUpPage()),
  h("section", {}, h("h2", {}, t("log_in")), address(context)),
];

function member(context) {
  const { user } = context;
  const devices = h("section", {}, h("h2", {}, t("devices")), h("p", { class: "quiet" }, t("loading")));
  if (user.offline) devices.lastChild.textContent = t("devices_offline");
  else fillDevices(devices);
  const out = h("button", { class: "button wide", type: "button" }, t("sign_out"));
  out.addEventListener("click", () => busy(out, signOut));
  async function signOut() {
    await left.set(true);
    await sharesmart.signOut();
    await context.refresh();
    toast(t("signed_out"));
  }
  return [
    h("h1", {}, t("place_account")),
    h("dl", { class: "facts" }, h("dt", {}, t("email")), h("dd", {}, user.email), ...facts(user)),
    user.paid ? opener(t("manage"), () => sharesmart.openAccountPage(), "") : opener(t("upgrade"), () => sharesmart.openPaymentPage()),
    devices,
    out,
  ];
}

function facts({ plan, subscriptionStatus, subscriptionCancelAt, trialEndsAt }) {
  if (!plan) return [];
  const rows = [
    [t("plan"), plan.name],
    plan.unitAmountCents && [t("price"), cost(plan)],
    subscriptionStatus === "trialing" && trialEndsAt && [t("trial_until"), day(trialEndsAt)],
    subscriptionCancelAt && [t("ends"), day(subscriptionCancelAt)],
  ];
  return rows.filter(Boolean).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]);
}

async function fillDevices(section) {
  try {
    const devices = await sharesmart.getDevices();
    section.lastChild.replaceWith(h("ul", { class: "devices" }, devices.map((device) => row(device, () => fillDevices(section)))));
  } catch (error) {
    section.lastChild.replaceWith(h("p", { class: "quiet" }, explain(error)));
  }
}

function row(device, again) {
  const name = h("p", {}, device.name, h("br"), h("span", { class: "quiet small" }, device.current ? t("this_device") : ago(device.lastSeenAt)));
  if (device.current) return h("li", {}, name);
  const button = h("button", { class: "button small-button", type: "button", "aria-label": `${t("sign_out")}: ${device.name}` }, t("sign_out"));
  button.addEventListener("click", () =>
    busy(button, async () => {
      try {
        await sharesmart.signOut(device.id);
        await again();
        toast(t("device_signed_out", device.name));
      } catch (error) {
        toast(explain(error));
      }
    }),
  );
  return h("li", {}, name, button);
}

// What Pro adds, and what it costs: what somebody sees who reaches for something that their plan does not have.
import { sharesmart } from "../lib/client.js";
import { explain, price, t } from "../lib/words.js";
import { backButton, busy, h, toast } from "./dom.js";

const features = ["short_links", "collections", "history"];

export async function pro(context, wanted) {
  const plans = (await sharesmart.getPlans()).filter(({ unitAmountCents }) => unitAmountCents > 0);
  return [
    backButton(() => context.go("share")),
    h("h1", {}, t(`pro_${wanted}`)),
    h("p", {}, t(`pro_${wanted}_says`)),
    h("p", { class: "quiet" }, t("pro_also")),
    h("ul", { class: "plain-list" }, features.filter((feature) => feature !== wanted).map((feature) => h("li", {}, t(`pro_${feature}`)))),
    plans.length ? h("ul", { class: "plans" }, plans.map((plan) => h("li", {}, offer(plan)))) : opener(t("see_plans"), () => sharesmart.openPaymentPage()),
    !context.user.email && h("p", { class: "quiet" }, t("member_already"), " ", h("button", { class: "button-link", type: "button", onclick: () => context.go("account") }, t("log_in"))),
  ].filter(Boolean);
}

const offer = (plan) => opener(t("get_pro", cost(plan)), () => sharesmart.openPaymentPage(plan.id));

/** cost is what a plan costs, and for how long. */
export const cost = (plan) => t(plan.intervalCount === 1 || plan.interval === "once" ? `per_${plan.interval}` : "per_period", price(plan));

/** opener is a button that opens a page of the server. */
export function opener(label, open, kind = "button-primary") {
  const button = h("button", { class: `button ${kind} wide`, type: "button" }, label);
  button.addEventListener("click", () => busy(button, () => open().catch((error) => toast(explain(error)))));
  return button;
}

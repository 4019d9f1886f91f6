// A shop in TypeScript, against the types of @stripe/stripe-js. That it compiles says that it was written for Stripe.js;
// that it runs, that the script of this server does what those types say. It reads its secrets from the page's address.
import { loadStripe, type Stripe, type StripeCardElementChangeEvent, type StripeError, type StripePaymentElementChangeEvent } from "@stripe/stripe-js";

const asked = new URLSearchParams(location.search);
const given = (name: string): string => asked.get(name) ?? "";

const seen: { [step: string]: unknown } = {};

function failed(step: string, error: StripeError): void {
  seen[step] = [error.type, error.code, error.decline_code];
}

async function byCard(stripe: Stripe): Promise<void> {
  const elements = stripe.elements({ locale: "en" });
  const card = elements.create("card", { hidePostalCode: true, style: { base: { fontSize: "16px" } } });
  const same = elements.getElement("card");
  seen.same = same === card;
  card.on("change", (event: StripeCardElementChangeEvent) => {
    seen.brand = event.brand;
    seen.complete = event.complete;
  });
  card.mount("#card");
  await pressed("by-card");
  const { paymentMethod, error } = await stripe.createPaymentMethod({ type: "card", card, billing_details: { name: "Jenny" } });
  if (error) return failed("method", error);
  seen.last4 = paymentMethod.card?.last4;
  const declined = await stripe.confirmCardPayment(given("declined"), { payment_method: "pm_card_chargeDeclined" });
  if (declined.error) failed("declined", declined.error);
  const paid = await stripe.confirmCardPayment(given("card"), { payment_method: paymentMethod.id });
  seen.card = paid.paymentIntent?.status;
}

async function byElement(stripe: Stripe): Promise<void> {
  const elements = stripe.elements({ mode: "payment", amount: 2000, currency: "eur", appearance: { theme: "stripe", variables: { colorPrimary: "#0a6b45" } } });
  const payment = elements.create("payment", { layout: { type: "accordion", defaultCollapsed: false }, fields: { billingDetails: { address: "never" } } });
  payment.on("change", (event: StripePaymentElementChangeEvent) => (seen.type = event.value.type));
  payment.mount("#payment");
  await elements.update({ amount: 2500 });
  await pressed("by-element");
  const { error: wrong, selectedPaymentMethod } = await elements.submit();
  if (wrong) return failed("submit", wrong);
  seen.selected = selectedPaymentMethod;
  const { error, paymentIntent } = await stripe.confirmPayment({
    elements, clientSecret: given("element"), redirect: "if_required",
    confirmParams: { return_url: location.href, payment_method_data: { billing_details: { address: { country: "DE", city: "Berlin", line1: "Platz 1", line2: "", postal_code: "10115", state: "" } } } },
  });
  if (error) return failed("element", error);
  seen.element = paymentIntent.status;
  const again = await stripe.retrievePaymentIntent(given("element"));
  seen.again = again.paymentIntent?.amount;
}

const pressed = (id: string): Promise<unknown> => new Promise((resolve) => document.getElementById(id)?.addEventListener("click", resolve, { once: true }));

const stripe = await loadStripe(given("key"));
if (stripe) {
  await byCard(stripe);
  await byElement(stripe);
}
document.getElementById("said")!.textContent = JSON.stringify(seen);

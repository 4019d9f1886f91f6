// Pages of a shop that were written for Stripe.js, and load the script of this server instead.
import { api, call, customer, open, publishable } from "../shop.mjs";

export const script = `<script src="${api}/v3/"></script>`;

// shopPage is a page with a form for what is paid, which runs the shop's own script once the form is there.
export const shopPage = (own, fields = `<div id="field"></div>`) => `<html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>body { margin: 16px; font-family: system-ui, sans-serif; } h1 { font-size: 24px; } form { display: grid; gap: 16px; max-width: 420px; } #field { min-width: 0; } #said { margin: 0; }</style>
${script}<h1>Pay</h1><form id="form">${fields}<button>Pay</button><p id="said" role="status"></p></form>
<script>
  const stripe = Stripe("${publishable}");
  const said = (what) => { document.getElementById("said").textContent = typeof what === "string" ? what : JSON.stringify(what); };
  const submitted = (work) => document.getElementById("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    said(await work().catch((error) => error.name + ": " + error.message));
  });
  ${own}
</script>`;

// visit opens a page of the shop in a window of its own.
export async function visit(t, pages, path = "/pay", options = {}) {
  const { url } = await open(t, pages);
  const page = await customer(t, options);
  await page.goto(url + path);
  return { page, url };
}

export async function typeCard(page, number = "4242424242424242", { expiry = "12/34", cvc = "123" } = {}) {
  await page.getByTestId("card-number").pressSequentially(number);
  await page.getByTestId("card-expiry").pressSequentially(expiry);
  await page.getByTestId("card-cvc").pressSequentially(cvc);
}

export const pay = (page) => page.getByRole("button", { name: "Pay", exact: true }).click();

// answer is what the shop's page has said, once it has.
export async function answer(page) {
  await page.waitForFunction(() => document.getElementById("said").textContent !== "");
  const text = await page.locator("#said").textContent();
  return text.startsWith("{") ? JSON.parse(text) : text;
}

export const newPayment = (params = {}) => call("POST", "/v1/payment_intents", { amount: "2000", currency: "eur", "payment_method_types[]": "card", ...params });

export const cardPage = (secret, more = "") => shopPage(`
  const card = stripe.elements().create("card");
  card.mount("#field");
  submitted(() => stripe.confirmCardPayment("${secret}", { payment_method: { card, billing_details: { name: "Jenny Rosen" } }${more} }));
`, `<label for="field">Card</label><div id="field"></div>`);

export const paymentPage = (group, confirm, element = "") => shopPage(`
  const elements = stripe.elements(${JSON.stringify(group)});
  const payment = elements.create("payment"${element && `, ${element}`});
  payment.on("ready", () => { document.body.dataset.ready = "yes"; });
  payment.mount("#field");
  submitted(async () => { ${confirm} });
`);

// saving lets the Payment Element show, save and remove what a customer has.
export const saving = {
  "components[payment_element][enabled]": "true", "components[payment_element][features][payment_method_redisplay]": "enabled",
  "components[payment_element][features][payment_method_save]": "enabled",
  "components[payment_element][features][payment_method_save_usage]": "off_session", "components[payment_element][features][payment_method_remove]": "enabled"
};

// A shop whose pages were written for Stripe.js, and load the script of this server instead.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { check } from "./look.mjs";
import { api, call, customer, open, publishable } from "./shop.mjs";

const script = `<script src="${api}/v3/"></script>`;

// shopPage is a page with a form for what is paid, which runs the shop's own script once the form is there.
const shopPage = (own, fields = `<div id="field"></div>`) => `<html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">
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
async function visit(t, pages, path = "/pay", options = {}) {
  const { url } = await open(t, pages);
  const page = await customer(t, options);
  await page.goto(url + path);
  return { page, url };
}

async function typeCard(page, number = "4242424242424242", { expiry = "12/34", cvc = "123" } = {}) {
  await page.getByTestId("card-number").pressSequentially(number);
  await page.getByTestId("card-expiry").pressSequentially(expiry);
  await page.getByTestId("card-cvc").pressSequentially(cvc);
}

const pay = (page) => page.getByRole("button", { name: "Pay", exact: true }).click();

// answer is what the shop's page has said, once it has.
async function answer(page) {
  await page.waitForFunction(() => document.getElementById("said").textContent !== "");
  const text = await page.locator("#said").textContent();
  return text.startsWith("{") ? JSON.parse(text) : text;
}

const newPayment = (params = {}) => call("POST", "/v1/payment_intents", { amount: "2000", currency: "eur", "payment_method_types[]": "card", ...params });

const cardPage = (secret, more = "") => shopPage(`
  const card = stripe.elements().create("card");
  card.mount("#field");
  submitted(() => stripe.confirmCardPayment("${secret}", { payment_method: { card, billing_details: { name: "Jenny Rosen" } }${more} }));
`, `<label for="field">Card</label><div id="field"></div>`);

const paymentPage = (group, confirm, element = "") => shopPage(`
  const elements = stripe.elements(${JSON.stringify(group)});
  const payment = elements.create("payment"${element && `, ${element}`});
  payment.on("ready", () => { document.body.dataset.ready = "yes"; });
  payment.mount("#field");
  submitted(async () => { ${confirm} });
`);

test("a card element pays", async (t) => {
  const intent = await newPayment();
  const { page } = await visit(t, { "/pay": cardPage(intent.client_secret) });
  await page.getByText("Card", { exact: true }).click(); // the label of the container
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), "card-number");
  await typeCard(page);
  await page.getByTestId("card-postal").fill("10115");
  await pay(page);
  const { paymentIntent, error } = await answer(page);
  assert.equal(error, undefined);
  assert.equal(paymentIntent.status, "succeeded");
  const paid = await call("GET", `/v1/payment_intents/${intent.id}`, {});
  assert.equal(paid.status, "succeeded");
  const method = await call("GET", `/v1/payment_methods/${paid.payment_method}`);
  assert.deepEqual([method.card.last4, method.card.exp_month, method.card.exp_year, method.billing_details.name, method.billing_details.address.postal_code], ["4242", 12, 2034, "Jenny Rosen", "10115"]);
  assert.deepEqual(page.faults, []);
});

const declines = [
  ["4000000000000002", "card_error", "card_declined", "generic_decline"],
  ["4000000000009995", "card_error", "card_declined", "insufficient_funds"],
  ["4000000000000127", "card_error", "incorrect_cvc", undefined],
];

for (const [number, type, code, decline] of declines) {
  test(`a decline is given back: ${decline ?? code}`, async (t) => {
    const intent = await newPayment();
    const { page } = await visit(t, { "/pay": cardPage(intent.client_secret) });
    await typeCard(page, number);
    await page.getByTestId("card-postal").fill("10115");
    await pay(page);
    const { error } = await answer(page);
    assert.deepEqual([error.type, error.code, error.decline_code], [type, code, decline]);
    assert.equal(error.payment_intent.id, intent.id);
    assert.equal(error.payment_intent.status, "requires_payment_method");
    assert.match(error.message, /card/);
  });
}

// A shop whose pages were written for Stripe.js, and load the script of this server instead.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
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

test("the payment element pays an intent", async (t) => {
  const intent = await newPayment();
  const { page, url } = await visit(t, {
    "/pay": paymentPage({ clientSecret: intent.client_secret }, `said(await stripe.confirmPayment({ elements, confirmParams: { return_url: location.origin + "/done?order=7" } }));`),
  });
  await typeCard(page);
  await page.getByTestId("billing-country").selectOption("DE");
  assert.equal(await page.getByTestId("billing-postal").isVisible(), false);
  await pay(page);
  await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
  const back = new URL(page.url());
  assert.equal(back.origin + back.pathname, `${url}/done`);
  assert.deepEqual(Object.fromEntries(back.searchParams), { order: "7", payment_intent: intent.id, payment_intent_client_secret: intent.client_secret, redirect_status: "succeeded" });
  const paid = await call("GET", `/v1/payment_intents/${intent.id}`);
  assert.equal(paid.status, "succeeded");
  assert.equal((await call("GET", `/v1/payment_methods/${paid.payment_method}`)).billing_details.address.country, "DE");
});

test("the payment element pays an intent that is made when the form is sent", async (t) => {
  const { page } = await visit(t, {
    "/pay": paymentPage({ mode: "payment", amount: 2000, currency: "eur", paymentMethodTypes: ["card"] }, `
      const { error, selectedPaymentMethod } = await elements.submit();
      if (error) return { error };
      const clientSecret = await window.newIntent();
      const result = await stripe.confirmPayment({ elements, clientSecret, confirmParams: { return_url: location.href }, redirect: "if_required" });
      return { selectedPaymentMethod, ...result };
    `),
  });
  const intent = await newPayment();
  await page.exposeFunction("newIntent", () => intent.client_secret);
  await pay(page);
  const refused = await answer(page);
  assert.deepEqual([refused.error.type, refused.error.code], ["validation_error", "incomplete_number"]);
  assert.equal(await page.getByTestId("card-number-error").textContent(), "Your card number is incomplete.");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), "card-number");
  await typeCard(page);
  await page.getByTestId("billing-country").selectOption("US");
  await page.getByTestId("billing-postal").fill("94110");
  await page.locator("#said").evaluate((said) => (said.textContent = ""));
  await pay(page);
  const result = await answer(page);
  assert.equal(result.selectedPaymentMethod, "card");
  assert.equal(result.paymentIntent.status, "succeeded");
});

test("confirmPayment before submit is a mistake of the page", async (t) => {
  const intent = await newPayment();
  const { page } = await visit(t, {
    "/pay": paymentPage({ mode: "payment", amount: 2000, currency: "eur", paymentMethodTypes: ["card"] }, `return stripe.confirmPayment({ elements, clientSecret: "${intent.client_secret}", redirect: "if_required" });`),
  });
  await typeCard(page);
  await pay(page);
  assert.match(await answer(page), /^IntegrationError: You must call elements\.submit\(\)/);
});

// What a customer can do when their bank asks, and what the shop hears.
const challenges = [
  { deed: "completes", status: "succeeded", act: (page, frame) => frame.getByTestId("challenge-complete").click() },
  { deed: "fails", code: "payment_intent_authentication_failure", act: (page, frame) => frame.getByTestId("challenge-fail").click() },
  { deed: "presses Escape in the frame", code: "payment_intent_authentication_failure", act: (page, frame) => frame.getByTestId("challenge-fail").press("Escape") },
  { deed: "presses Escape above it", code: "payment_intent_authentication_failure", act: (page) => page.getByTestId("challenge-close").press("Escape") },
  { deed: "closes the dialog", code: "payment_intent_authentication_failure", act: (page) => page.getByTestId("challenge-close").click() },
];

for (const { deed, status, code, act } of challenges) {
  test(`a customer ${deed}`, async (t) => {
    const intent = await newPayment();
    const { page } = await visit(t, { "/pay": cardPage(intent.client_secret, `, return_url: location.origin + "/done"`) });
    await typeCard(page, "4000000000003220");
    await page.getByTestId("card-postal").fill("10115");
    await page.getByRole("button", { name: "Pay" }).press("Enter");
    const frame = page.frameLocator("[data-testid=challenge-frame]");
    await frame.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
    assert.equal(await page.getByRole("dialog", { name: "Authentication" }).count(), 1);
    await act(page, frame);
    const { paymentIntent, error } = await answer(page);
    assert.deepEqual([paymentIntent?.status, error?.code], [status, code]);
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Pay", "the focus is not where it was");
    assert.equal((await call("GET", `/v1/payment_intents/${intent.id}`)).status, status ?? "requires_payment_method");
  });
}

test("a challenge in the payment element ends at return_url", async (t) => {
  const intent = await newPayment();
  const { page } = await visit(t, { "/pay": paymentPage({ clientSecret: intent.client_secret }, `return stripe.confirmPayment({ elements, confirmParams: { return_url: location.origin + "/done" } });`) });
  await typeCard(page, "4000000000003220");
  await page.getByTestId("billing-country").selectOption("DE");
  await pay(page);
  await page.frameLocator("[data-testid=challenge-frame]").getByTestId("challenge-complete").click();
  await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("redirect_status"), "succeeded");
  assert.equal((await call("GET", `/v1/payment_intents/${intent.id}`)).status, "succeeded");
});

for (const [outcome, button, came] of [["authorises", "Authorise test payment", "succeeded"], ["fails", "Fail test payment", "failed"]]) {
  test(`iDEAL, there and back: the customer ${outcome}`, async (t) => {
    const intent = await newPayment({ "payment_method_types[]": "ideal" });
    const { page, url } = await visit(t, {
      "/pay": paymentPage({ clientSecret: intent.client_secret }, `return stripe.confirmPayment({ elements, confirmParams: { return_url: location.origin + "/done" } });`),
      "/done": shopPage(`stripe.retrievePaymentIntent(new URLSearchParams(location.search).get("payment_intent_client_secret")).then(said);`),
    });
    await page.getByText("You will be taken to iDEAL to finish.").waitFor();
    await pay(page);
    await page.getByRole("heading", { name: "Authorise this payment" }).waitFor();
    await page.getByRole("button", { name: button }).click();
    await page.waitForURL(`${url}/done?**`);
    assert.equal(new URL(page.url()).searchParams.get("redirect_status"), came);
    const { paymentIntent, error } = await answer(page);
    assert.equal((paymentIntent ?? error.payment_intent).id, intent.id);
  });
}

test("the ways to pay are a choice, by keyboard alone", async (t) => {
  const intent = await call("POST", "/v1/payment_intents", { amount: "2000", currency: "eur", "payment_method_types[0]": "card", "payment_method_types[1]": "sepa_debit", "payment_method_types[2]": "klarna" });
  const { page } = await visit(t, {
    "/pay": paymentPage({ clientSecret: intent.client_secret }, `return stripe.confirmPayment({ elements, confirmParams: { return_url: location.href }, redirect: "if_required" });`),
  });
  await page.getByTestId("payment-method-card").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.value), "card");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.getByTestId("card-number").isVisible(), false);
  for (const text of ["Jenny Rosen", "jenny@example.com", "DE89370400440532013000"]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(text);
  }
  assert.equal(await page.getByTestId("iban").inputValue(), "DE89 3704 0044 0532 0130 00");
  await page.keyboard.press("Enter"); // sends the form
  const { paymentIntent, error } = await answer(page);
  assert.equal(error, undefined);
  assert.equal(paymentIntent.status, "processing");
  const { payment_method } = await call("GET", `/v1/payment_intents/${intent.id}`);
  const method = await call("GET", `/v1/payment_methods/${payment_method}`);
  assert.deepEqual([method.type, method.sepa_debit.last4, method.billing_details.email], ["sepa_debit", "3000", "jenny@example.com"]);
});

test("confirmSetup keeps a card", async (t) => {
  const buyer = await call("POST", "/v1/customers");
  const intent = await call("POST", "/v1/setup_intents", { customer: buyer.id, "payment_method_types[]": "card" });
  const { page } = await visit(t, {
    "/pay": paymentPage({ clientSecret: intent.client_secret }, `return stripe.confirmSetup({ elements, confirmParams: { return_url: location.href }, redirect: "if_required" });`),
  });
  await typeCard(page);
  await page.getByTestId("billing-country").selectOption("DE");
  await page.getByText("By going on you allow ShareSmart to charge your card").waitFor();
  await pay(page);
  const { setupIntent } = await answer(page);
  assert.equal(setupIntent.status, "succeeded");
  assert.equal((await call("GET", `/v1/customers/${buyer.id}/payment_methods`)).data.length, 1);
});

// What a page does with fields that it sends to its own server as a token.
const makes = [
  ["createToken(number, { name: 'Jenny' })", "token", /^tok_/, (token) => [token.card.last4, token.card.name], ["4242", "Jenny"]],
  ["createPaymentMethod({ type: 'card', card: number, billing_details: { name: 'Jenny' } })", "paymentMethod", /^pm_/, (method) => [method.card.last4, method.billing_details.name], ["4242", "Jenny"]],
  ["createPaymentMethod('card', number, { billing_details: { name: 'Jenny' } })", "paymentMethod", /^pm_/, (method) => [method.card.brand, method.billing_details.name], ["visa", "Jenny"]],
  ["createSource(number, { owner: { name: 'Jenny' } })", "source", /^src_/, (source) => [source.card.last4, source.owner.name], ["4242", "Jenny"]],
];

for (const [made, name, id, read, want] of makes) {
  test(made, async (t) => {
    const { page } = await visit(t, {
      "/pay": shopPage(`
        const elements = stripe.elements();
        const number = elements.create("cardNumber");
        for (const [element, place] of [[number, "#n"], [elements.create("cardExpiry"), "#e"], [elements.create("cardCvc"), "#c"]]) element.mount(place);
        submitted(() => stripe.${made});
      `, `<div id="n"></div><div id="e"></div><div id="c"></div>`),
    });
    await pay(page);
    assert.equal((await answer(page)).error.code, "incomplete_number");
    await typeCard(page);
    await page.locator("#said").evaluate((said) => (said.textContent = ""));
    await pay(page);
    const result = await answer(page);
    assert.match(result[name]?.id ?? JSON.stringify(result), id);
    assert.deepEqual(read(result[name]), want);
  });
}

test("redirectToCheckout leads to the page of the session", async (t) => {
  const session = await call("POST", "/v1/checkout/sessions", {
    mode: "payment", success_url: "https://shop.example/done", "line_items[0][quantity]": "1", "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": "500", "line_items[0][price_data][product_data][name]": "Tea",
  });
  const { page } = await visit(t, { "/pay": shopPage(`submitted(() => stripe.redirectToCheckout({ sessionId: "${session.id}" }));`) });
  const asked = page.waitForRequest((request) => request.isNavigationRequest() && request.url().startsWith(session.url.split("#")[0]));
  await pay(page);
  await asked;
});

test("a confirmation token is made in the browser and used on the server", async (t) => {
  const { page } = await visit(t, {
    "/pay": paymentPage({ mode: "payment", amount: 2000, currency: "eur", paymentMethodTypes: ["card"] }, `
      const { error } = await elements.submit();
      return error ? { error } : stripe.createConfirmationToken({ elements, params: { return_url: location.href } });
    `),
  });
  await typeCard(page);
  await page.getByTestId("billing-country").selectOption("DE");
  await pay(page);
  const { confirmationToken } = await answer(page);
  assert.equal(confirmationToken.payment_method_preview.card.last4, "4242");
  const paid = await call("POST", "/v1/payment_intents", { amount: "2000", currency: "eur", "payment_method_types[]": "card", confirm: "true", confirmation_token: confirmationToken.id });
  assert.equal(paid.status, "succeeded");
});

const saving = { "components[payment_element][enabled]": "true", "components[payment_element][features][payment_method_redisplay]": "enabled", "components[payment_element][features][payment_method_save]": "enabled",
  "components[payment_element][features][payment_method_save_usage]": "off_session", "components[payment_element][features][payment_method_remove]": "enabled" };

test("a customer saves a card, sees it again, pays with it, and removes it", async (t) => {
  const buyer = await call("POST", "/v1/customers");
  const group = async () => {
    const session = await call("POST", "/v1/customer_sessions", { customer: buyer.id, ...saving });
    const intent = await newPayment({ customer: buyer.id });
    return { clientSecret: intent.client_secret, customerSessionClientSecret: session.client_secret };
  };
  const confirm = `return stripe.confirmPayment({ elements, confirmParams: { return_url: location.href }, redirect: "if_required" });`;
  const { page, url } = await visit(t, { "/first": paymentPage(await group(), confirm), "/again": paymentPage(await group(), confirm) }, "/first");
  await typeCard(page);
  await page.getByTestId("billing-country").selectOption("DE");
  await page.getByLabel("Save for future purchases").check();
  await pay(page);
  assert.equal((await answer(page)).paymentIntent.status, "succeeded");
  const [saved] = (await call("GET", `/v1/customers/${buyer.id}/payment_methods`)).data;
  assert.equal(saved.allow_redisplay, "always");

  await page.goto(`${url}/again`);
  const kept = page.getByRole("radio", { name: "Visa •••• 4242" });
  assert.ok(await kept.isChecked());
  await pay(page);
  const paid = (await answer(page)).paymentIntent;
  assert.deepEqual([paid.status, paid.payment_method], ["succeeded", saved.id]);
  await page.getByTestId(`remove-${saved.id}`).click();
  await page.getByTestId(`remove-${saved.id}`).click();
  await page.getByText("Visa •••• 4242 was removed.").waitFor({ state: "attached" });
  assert.equal(await kept.count(), 0);
  assert.equal((await call("GET", `/v1/customers/${buyer.id}/payment_methods`)).data.length, 0);
});

test("events tell what the customer does", async (t) => {
  const { page } = await visit(t, {
    "/pay": shopPage(`
      window.heard = [];
      const card = stripe.elements({ locale: "de" }).create("card", { hidePostalCode: true });
      for (const name of ["ready", "focus", "blur", "escape", "change"]) card.on(name, (event) => heard.push(name === "change" ? [name, event.complete, event.empty, event.brand, event.error?.code ?? "fine"] : [name]));
      card.once("change", () => heard.push(["once"]));
      card.mount("#field");
    `),
  });
  const heard = () => page.evaluate(() => window.heard.splice(0));
  await page.waitForFunction(() => window.heard.length > 0);
  assert.deepEqual(await heard(), [["ready"]]);
  await page.getByLabel("Kartennummer").pressSequentially("4");
  assert.deepEqual(await heard(), [["focus"], ["change", false, false, "visa", "fine"], ["once"]]);
  await page.getByTestId("card-number").pressSequentially("242424242424241");
  assert.deepEqual((await heard()).at(-1), ["change", false, false, "visa", "invalid_number"]);
  assert.match(await page.locator("#field").getAttribute("class"), /StripeElement--invalid/);
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Escape");
  assert.deepEqual((await heard()).at(-1), ["escape"]);
  await page.keyboard.type("2");
  await page.getByTestId("card-expiry").pressSequentially("1");
  await page.getByTestId("card-cvc").pressSequentially("123");
  assert.deepEqual((await heard()).at(-1), ["change", false, false, "visa", "incomplete_expiry"]);
  await page.getByTestId("card-expiry").fill("12/2034");
  assert.equal(await page.getByTestId("card-expiry").inputValue(), "12 / 34");
  await page.getByRole("button", { name: "Pay" }).focus();
  assert.deepEqual((await heard()).slice(-2), [["change", true, false, "visa", "fine"], ["blur"]]);
  assert.match(await page.locator("#field").getAttribute("class"), /StripeElement--complete/);
});

// What is thrown for a page that can never work.
const mistakes = [
  ["Stripe('')", /publishable key/],
  ["Stripe('sk_test_1')", /should not use your secret key/],
  ["stripe.elements().create('nothing')", /A valid Element name must be provided/],
  ["stripe.elements().create('payment')", /clientSecret or mode/],
  ["stripe.elements().create('card').mount('#nowhere')", /applies to no DOM elements/],
  ["{ const e = stripe.elements(); e.create('card'); e.create('card'); }", /only create one Element of type card/],
  ["stripe.retrievePaymentIntent('pi_1')", /clientSecret should be a client secret/],
  ["stripe.confirmPayment({ confirmParams: {} })", /expected either `elements` or `clientSecret`/],
  ["stripe.createPaymentMethod({ type: 'card', card: { number: '4242424242424242' } })", /cannot be passed as text/],
];

test("mistakes of the page are thrown", async (t) => {
  const { page } = await visit(t, { "/pay": shopPage("") });
  for (const [code, want] of mistakes) {
    const thrown = await page.evaluate(`(async () => { ${code.startsWith("{") ? code : `await ${code}`} })().then(() => "nothing", (error) => error.name + ": " + error.message)`);
    assert.match(thrown, /^IntegrationError: /, code);
    assert.match(thrown, want);
  }
});

test("what the API refuses is given back, and so is silence", async (t) => {
  const { page } = await visit(t, { "/pay": shopPage("") });
  const wrong = await page.evaluate(() => stripe.retrievePaymentIntent("pi_1_secret_2"));
  assert.deepEqual([wrong.error.type, wrong.error.code, wrong.error.param], ["invalid_request_error", "resource_missing", "client_secret"]);
  await page.route(`${api}/v1/**`, (route) => route.abort());
  const silent = await page.evaluate(() => stripe.retrievePaymentIntent("pi_1_secret_2"));
  assert.equal(silent.error.type, "api_connection_error");
  const element = await page.evaluate(() => new Promise((resolve) => {
    const payment = stripe.elements({ mode: "payment", amount: 100, currency: "eur" }).create("payment");
    payment.on("loaderror", resolve);
    payment.mount("#field");
  }));
  assert.deepEqual([element.elementType, element.error.type], ["payment", "api_connection_error"]);
});

test("an address element and an e-mail say who pays and where it goes", async (t) => {
  const intent = await newPayment();
  const { page } = await visit(t, {
    "/pay": shopPage(`
      const elements = stripe.elements({ clientSecret: "${intent.client_secret}" });
      elements.create("linkAuthentication", { defaultValues: { email: "jenny@example.com" } }).mount("#email");
      elements.create("address", { mode: "shipping", allowedCountries: ["US", "DE"] }).mount("#address");
      elements.create("payment").mount("#field");
      elements.create("expressCheckout").on("ready", (event) => { document.body.dataset.express = String(event.availablePaymentMethods); }).mount("#express");
      submitted(() => stripe.confirmPayment({ elements, confirmParams: { return_url: location.href }, redirect: "if_required" }));
    `, `<div id="express"></div><div id="email"></div><div id="address"></div><div id="field"></div>`),
  });
  await page.locator("body[data-express=undefined]").waitFor();
  await page.getByLabel("Full name").fill("Jenny Rosen");
  await page.getByTestId("address-element").getByLabel("Country").selectOption("US");
  for (const [label, text] of [["Address line 1", "510 Townsend St"], ["City", "San Francisco"], ["State", "CA"], ["Postal code", "94103"]]) {
    await page.getByTestId("address-element").getByLabel(label).fill(text);
  }
  await typeCard(page);
  await page.getByTestId("payment-element").getByTestId("billing-country").selectOption("DE");
  await pay(page);
  const { paymentIntent, error } = await answer(page);
  assert.equal(error, undefined);
  assert.deepEqual([paymentIntent.shipping.name, paymentIntent.shipping.address.postal_code], ["Jenny Rosen", "94103"]);
  const { payment_method } = await call("GET", `/v1/payment_intents/${intent.id}`);
  assert.equal((await call("GET", `/v1/payment_methods/${payment_method}`)).billing_details.email, "jenny@example.com");
});

// lib serves packages to the shop's page as they are in the registry.
async function lib(page, url, files) {
  await page.route(`${url}/lib/**`, async (route) => {
    const path = files[new URL(route.request().url()).pathname.slice("/lib/".length)];
    await route.fulfill({ contentType: "text/javascript", body: await readFile(new URL(`node_modules/${path}`, import.meta.url), "utf8") });
  });
}

const loads = `import { loadStripe } from "/lib/stripe-js.mjs"; const stripe = await loadStripe("${publishable}");`;
const stripeJs = { "stripe-js.mjs": "@stripe/stripe-js/dist/index.mjs" };

for (const [name, tag, version] of [["a script tag of ours", `<script src="${api}/endive/stripe.js"></script>`, "endive"], ["Stripe's own address answered by this server", "", 3]]) {
  test(`loadStripe, unmodified, with ${name}`, async (t) => {
    const intent = await newPayment();
    const { url } = await open(t, {
      "/pay": `${tag}<h1>Pay</h1><form id="form"><div id="field"></div><button>Pay</button><p id="said"></p></form><script type="module">${loads}
        const card = stripe.elements().create("card", { hidePostalCode: true });
        card.mount("#field");
        document.getElementById("form").onsubmit = async (event) => {
          event.preventDefault();
          document.getElementById("said").textContent = JSON.stringify(await stripe.confirmCardPayment("${intent.client_secret}", { payment_method: { card } }));
        };
      </script>`,
    });
    const page = await customer(t);
    await lib(page, url, stripeJs);
    await page.route("https://js.stripe.com/**", async (route) => {
      const script = await fetch(`${api}/v3/`);
      await route.fulfill({ contentType: "text/javascript", body: await script.text() });
    });
    const warned = [];
    page.on("console", (message) => message.type() === "warning" && warned.push(message.text()));
    await page.goto(`${url}/pay`);
    await typeCard(page);
    await pay(page);
    const { paymentIntent, error } = await answer(page);
    assert.equal(error, undefined);
    assert.equal(paymentIntent.status, "succeeded");
    assert.equal(await page.evaluate(() => Stripe.version), version === 3 ? "endive" : version);
    assert.deepEqual(warned, []);
  });
}

test("react-stripe-js, unmodified", async (t) => {
  const intent = await newPayment();
  const { url } = await open(t, {
    "/pay": `${script}<h1>Pay</h1><div id="root"></div><p id="said"></p>
      <script src="/lib/react.js"></script><script src="/lib/react-dom.js"></script><script src="/lib/react-stripe.js"></script>
      <script type="module">${loads}
        const { Elements, PaymentElement, useStripe, useElements } = ReactStripe;
        const h = React.createElement;
        function Form() {
          const stripe = useStripe(), elements = useElements();
          const submit = async (event) => {
            event.preventDefault();
            const result = await stripe.confirmPayment({ elements, confirmParams: { return_url: location.href }, redirect: "if_required" });
            document.getElementById("said").textContent = JSON.stringify(result);
          };
          return h("form", { onSubmit: submit }, h(PaymentElement, { onReady: (element) => { document.body.dataset.ready = typeof element.collapse; } }), h("button", null, "Pay"));
        }
        const app = h(React.StrictMode, null, h(Elements, { stripe, options: { clientSecret: "${intent.client_secret}", appearance: { theme: "night" } } }, h(Form)));
        ReactDOM.createRoot(document.getElementById("root")).render(app);
      </script>`,
  });
  const page = await customer(t);
  await lib(page, url, { ...stripeJs, "react.js": "react/umd/react.development.js", "react-dom.js": "react-dom/umd/react-dom.development.js", "react-stripe.js": "@stripe/react-stripe-js/dist/react-stripe.umd.js" });
  await page.goto(`${url}/pay`);
  await page.locator("body[data-ready=function]").waitFor();
  await typeCard(page);
  await page.getByTestId("billing-country").selectOption("DE");
  await pay(page);
  assert.equal((await answer(page)).paymentIntent.status, "succeeded");
});

// The page of a shop that is light or dark itself, with everything that the elements have.
const gallery = (appearance, secrets) => shopPage(`
  const options = ${JSON.stringify(appearance ? { appearance } : {})};
  const cards = stripe.elements(options);
  cards.create("card").mount("#card");
  const elements = stripe.elements({ ...options, clientSecret: "${secrets.many}" });
  elements.create("payment").mount("#field");
  const kept = stripe.elements({ ...options, clientSecret: "${secrets.one}", customerSessionClientSecret: "${secrets.session}" });
  const saved = kept.create("payment");
  saved.on("ready", () => { document.body.dataset.ready = "yes"; });
  saved.mount("#saved");
  stripe.elements(options).create("address", { mode: "billing", defaultValues: { address: { country: "US" } } }).mount("#address");
  document.getElementById("check").onclick = () => elements.submit();

  document.getElementById("bank").onclick = () => stripe.confirmCardPayment("${secrets.bank}", { payment_method: "pm_card_threeDSecure2Required" });
`, `<div id="card" class="box"></div><div id="field"></div><div id="saved"></div><div id="address"></div><button type="button" id="check">Check</button><button type="button" id="bank">Bank</button>`);

const dressed = (dark) => `<style>:root { color-scheme: light dark; } body { background: light-dark(#fff, #14161a); color: light-dark(#111, #eee); ${dark ? "background: #1c1f26; color: #eee; color-scheme: dark;" : ""} }
  .box { padding: 12px; border: 1px solid #888; border-radius: 6px; }</style>`;

async function secretsOf() {
  const buyer = await call("POST", "/v1/customers");
  for (const token of ["tok_visa", "tok_amex"]) {
    const method = await call("POST", "/v1/payment_methods", { type: "card", "card[token]": token, allow_redisplay: "always" });
    await call("POST", `/v1/payment_methods/${method.id}/attach`, { customer: buyer.id });
  }
  const many = await call("POST", "/v1/payment_intents", { amount: "2000", currency: "eur", ...Object.fromEntries(["card", "ideal", "klarna", "sepa_debit", "bancontact"].map((type, i) => [`payment_method_types[${i}]`, type])) });
  const [one, bank, session] = [await newPayment({ customer: buyer.id }), await newPayment(), await call("POST", "/v1/customer_sessions", { customer: buyer.id, ...saving })];
  return { many: many.client_secret, one: one.client_secret, bank: bank.client_secret, session: session.client_secret };
}

for (const [colorScheme, appearance] of [["light", undefined], ["dark", undefined], ["dark", { theme: "night" }]]) {
  for (const width of [320, 390, 1280]) {
    const name = `stripejs-${appearance?.theme ?? colorScheme}-${width}`;
    test(`fits ${width} px, ${appearance?.theme ?? colorScheme}`, async (t) => {
      const { page } = await visit(t, { "/pay": dressed(appearance) + gallery(appearance, await secretsOf()) }, "/pay", { viewport: { width, height: 900 }, colorScheme });
      await page.locator("body[data-ready=yes]").waitFor();
      await page.getByRole("button", { name: "Check" }).click();
      await check(page, name);
      for (const control of await page.locator(".sharesmart-element :is(.Tab, .Panel .Input, .Remove)").filter({ visible: true }).all()) {
        assert.ok((await control.boundingBox()).height >= 24, "a control is too small to touch");
      }
      await page.getByRole("button", { name: "Bank" }).click();
      await page.frameLocator("[data-testid=challenge-frame]").getByRole("heading", { name: "Confirm that it is you" }).waitFor();
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-challenge.png` });
      assert.ok(await page.getByTestId("challenge-dialog").evaluate((dialog) => dialog.scrollWidth <= innerWidth));
    });
  }
}

test("under a strict policy of the shop, and its careless styles", async (t) => {
  const policy = `default-src 'none'; script-src 'unsafe-inline' ${api}; style-src 'unsafe-inline'; connect-src ${api}; frame-src ${api}; require-trusted-types-for 'script'`;
  const intent = await newPayment();
  const careless = `<meta http-equiv="Content-Security-Policy" content="${policy}"><style>input, select { border: none; padding: 0; width: 10px; background: none; } label { color: red; }</style>`;
  const { page } = await visit(t, {
    "/pay": careless + paymentPage({ clientSecret: intent.client_secret, appearance: { variables: { colorPrimary: "#0a6b45", borderRadius: "2px" }, rules: { ".Input": { borderColor: "#123456" }, ".Label": { fontWeight: "700" } } } },
      `return stripe.confirmPayment({ elements, confirmParams: { return_url: location.href }, redirect: "if_required" });`),
  });
  await typeCard(page, "378282246310005", { cvc: "1234" });
  await page.getByText("American Express").waitFor();
  const look = await page.getByTestId("card-number").evaluate((input) => {
    const { borderTopColor, borderTopWidth, borderRadius, width } = getComputedStyle(input);
    return [borderTopColor, borderTopWidth, borderRadius, parseFloat(width) > 100, getComputedStyle(document.querySelector("label")).fontWeight];
  });
  assert.deepEqual(look, ["rgb(18, 52, 86)", "1px", "2px", true, "700"]);
  await page.getByTestId("billing-country").selectOption("DE");
  await pay(page);
  assert.equal((await answer(page)).paymentIntent.status, "succeeded");
  assert.deepEqual(page.faults, []);
});

test("a style of a card element is its own", async (t) => {
  const { page } = await visit(t, { "/pay": shopPage(`stripe.elements().create("card", { hidePostalCode: true, style: { base: { color: "#303238", fontSize: "18px", "::placeholder": { color: "#444466" } }, invalid: { color: "#e5424d" } }, classes: { base: "mine", invalid: "mine-wrong" } }).mount("#field");`) });
  const number = page.getByTestId("card-number");
  const color = () => number.evaluate((input) => [getComputedStyle(input).color, getComputedStyle(input).fontSize, getComputedStyle(input, "::placeholder").color]);
  assert.deepEqual(await color(), ["rgb(48, 50, 56)", "18px", "rgb(68, 68, 102)"]);
  await number.pressSequentially("4242424242424241");
  assert.equal((await color())[0], "rgb(229, 66, 77)");
  assert.equal(await page.locator("#field").getAttribute("class"), "mine StripeElement--focus mine-wrong");
});

test("what is typed is corrected in the middle, and pasted as it comes", async (t) => {
  const { page } = await visit(t, { "/pay": shopPage(`stripe.elements().create("card").mount("#field");`) });
  const number = page.getByTestId("card-number");
  await number.pressSequentially("4242 42424242 4242");
  assert.equal(await number.inputValue(), "4242 4242 4242 4242");
  await number.evaluate((input) => input.setSelectionRange(4, 4));
  await page.keyboard.press("Backspace");
  await page.keyboard.type("7");
  assert.equal(await number.inputValue(), "4247 4242 4242 4242");
  for (const left of ["4247 4242 4242 4242", "4244 2424 2424 242"]) { // the space first, and then what is before it
    await page.keyboard.press("Backspace");
    assert.equal(await number.inputValue(), left);
  }
  const expiry = page.getByTestId("card-expiry");
  for (const [typed, shown] of [["5", "05 / "], ["1", "1"], ["12", "12 / "], ["1234", "12 / 34"], ["1/34", "01 / 34"], ["12/2034", "12 / 34"]]) {
    await expiry.fill("");
    await expiry.pressSequentially(typed);
    assert.equal(await expiry.inputValue(), shown, typed);
  }
  await expiry.fill("");
  await expiry.pressSequentially("123");
  for (const left of ["12", "1", ""]) {
    await page.keyboard.press("Backspace");
    assert.equal(await expiry.inputValue(), left);
  }
});

const here = (path) => new URL(path, import.meta.url).pathname;

const compile = (...args) => promisify(execFile)(here("node_modules/.bin/tsc"), args);

test("the script's sources hold to their types", () => compile("-p", here("../internal/web/stripejs/src")));

test("a shop in TypeScript compiles against Stripe's types, and pays", async (t) => {
  const made = await mkdtemp(join(tmpdir(), "stripejs-"));
  t.after(() => rm(made, { recursive: true }));
  await compile("-p", here("stripejs"), "--outDir", made);
  const shop = await readFile(join(made, "shop.js"), "utf8");
  const { url } = await open(t, {
    "/pay": `${script}<script type="importmap">{ "imports": { "@stripe/stripe-js": "/lib/stripe-js.mjs" } }</script><script type="module">${shop}</script>
      <h1>Pay</h1><div id="card"></div><button id="by-card">By card</button><div id="payment"></div><button id="by-element">By element</button><p id="said"></p>`,
  });
  const page = await customer(t);
  await lib(page, url, stripeJs);
  const [declined, byCard, byElement] = await Promise.all([newPayment(), newPayment(), newPayment({ amount: "2500" })]);
  await page.goto(`${url}/pay?${new URLSearchParams({ key: publishable, declined: declined.client_secret, card: byCard.client_secret, element: byElement.client_secret })}`);
  await typeCard(page);
  await page.getByRole("button", { name: "By card" }).click();
  const panel = page.locator("#payment");
  for (const [field, text] of [["card-number", "5555555555554444"], ["card-expiry", "1234"], ["card-cvc", "123"]]) await panel.getByTestId(field).fill(text);
  assert.equal(await panel.getByTestId("billing-country").count(), 0);
  await page.getByRole("button", { name: "By element" }).click();
  assert.deepEqual(await answer(page), {
    same: true, brand: "visa", complete: true, last4: "4242", declined: ["card_error", "card_declined", "generic_decline"], card: "succeeded",
    type: "card", selected: "card", element: "succeeded", again: 2500,
  });
});

// What Stripe.js has and this script does not: bank logins, identity checks, issued cards, orders of another kind, and checkout within the page.
const missing = [
  "collectBankAccountForPayment", "collectBankAccountForSetup", "collectBankAccountToken", "collectFinancialConnectionsAccounts", "createEmbeddedCheckoutPage", "createEphemeralKeyNonce",
  "createRadarSession", "initCheckoutElementsSdk", "initCheckoutFormSdk", "initializePricing", "processOrder", "retrieveOrder", "verifyIdentity",
];

test("all other calls of Stripe.js are there", async (t) => {
  const types = await readFile(here("node_modules/@stripe/stripe-js/dist/stripe-js/stripe.d.ts"), "utf8");
  const stripe = types.slice(types.indexOf("export interface Stripe {"), types.indexOf("export type PaymentIntentResult"));
  const calls = [...new Set([...stripe.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name))];
  assert.ok(calls.length > 70, `only ${calls.length} calls were read`);
  const { page } = await visit(t, { "/pay": shopPage("") });
  const had = await page.evaluate(() => Object.keys(stripe));
  assert.deepEqual(calls.filter((name) => !had.includes(name)).sort(), missing);
});

test("microdeposits are verified in the browser", async (t) => {
  const intent = await call("POST", "/v1/setup_intents", { "payment_method_types[]": "us_bank_account" });
  const { page } = await visit(t, { "/pay": shopPage("") });
  const account = { us_bank_account: { account_holder_type: "individual", account_number: "000123456789", routing_number: "110000000" }, billing_details: { name: "Jenny" } };
  const waits = await page.evaluate(([secret, method]) => stripe.confirmUsBankAccountSetup(secret, { payment_method: method }), [intent.client_secret, account]);
  assert.equal(waits.setupIntent?.next_action.type, "verify_with_microdeposits", JSON.stringify(waits.error));
  const verified = await page.evaluate((secret) => stripe.verifyMicrodepositsForSetup(secret, { amounts: [32, 45] }), intent.client_secret);
  assert.equal(verified.setupIntent?.status, "succeeded", JSON.stringify(verified.error));
});

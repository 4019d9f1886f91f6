// A shop that was written for Stripe.js pays with the script of this server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call } from "./shop.mjs";
import { answer, cardPage, newPayment, pay, paymentPage, saving, shopPage, typeCard, visit } from "./stripejs/page.mjs";

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

test("an intent of another currency than the elements' is refused", async (t) => {
  const intent = await newPayment({ currency: "usd" });
  const { page } = await visit(t, {
    "/pay": paymentPage({ mode: "payment", amount: 2000, currency: "eur", paymentMethodTypes: ["card"] }, `
      await elements.submit();
      return stripe.confirmPayment({ elements, clientSecret: "${intent.client_secret}", redirect: "if_required" });
    `),
  });
  await typeCard(page);
  await page.getByTestId("billing-country").selectOption("DE");
  await pay(page);
  const { error } = await answer(page);
  assert.equal(error.type, "invalid_request_error");
  assert.match(error.message, /^The provided currency \(usd\) does not match the expected currency \(eur\)\./);
  assert.equal((await call("GET", `/v1/payment_intents/${intent.id}`)).status, "requires_payment_method");
});

// The server has confirmed, and the page lets the customer act.
const acts = [
  ["handleCardAction", { confirmation_method: "manual" }, "requires_confirmation", (secret) => `stripe.handleCardAction("${secret}")`],
  ["handleNextAction", {}, "succeeded", (secret) => `stripe.handleNextAction({ clientSecret: "${secret}" })`],
  ["confirmCardPayment without a method", {}, "succeeded", (secret) => `stripe.confirmCardPayment("${secret}")`],
];

for (const [name, params, status, code] of acts) {
  test(`${name} goes on with what the server began`, async (t) => {
    const intent = await newPayment({ payment_method: "pm_card_threeDSecure2Required", confirm: "true", ...params });
    assert.equal(intent.status, "requires_action");
    const { page } = await visit(t, { "/pay": shopPage(`submitted(() => ${code(intent.client_secret)});`) });
    await pay(page);
    await page.frameLocator("[data-testid=challenge-frame]").getByTestId("challenge-complete").click();
    assert.equal((await answer(page)).paymentIntent.status, status);
  });
}

test("a security code is asked for again", async (t) => {
  const method = await call("POST", "/v1/payment_methods", { type: "card", "card[token]": "tok_visa" });
  const intent = await newPayment();
  const { page } = await visit(t, {
    "/pay": shopPage(`
      const cvc = stripe.elements().create("cardCvc");
      cvc.mount("#field");
      submitted(() => stripe.confirmCardPayment("${intent.client_secret}", { payment_method: "${method.id}", payment_method_options: { card: { cvc } } }));
    `),
  });
  await pay(page);
  assert.equal((await answer(page)).error.code, "incomplete_cvc");
  await page.getByTestId("card-cvc").fill("314");
  await page.locator("#said").evaluate((said) => (said.textContent = ""));
  await pay(page);
  const { paymentIntent, error } = await answer(page);
  assert.equal(error, undefined);
  assert.equal(paymentIntent.status, "succeeded");
});

test("an IBAN element pays by SEPA debit", async (t) => {
  const intent = await newPayment({ "payment_method_types[]": "sepa_debit" });
  const { page } = await visit(t, {
    "/pay": shopPage(`
      const iban = stripe.elements().create("iban", { supportedCountries: ["SEPA"] });
      iban.mount("#field");
      submitted(() => stripe.confirmSepaDebitPayment("${intent.client_secret}", { payment_method: { sepa_debit: iban, billing_details: { name: "Jenny", email: "jenny@example.com" } } }));
    `),
  });
  await page.getByTestId("iban").fill("DE89370400440532013001");
  await pay(page);
  assert.equal((await answer(page)).error.code, "invalid_iban");
  await page.getByTestId("iban").fill("DE89 3704 0044 0532 0130 00");
  await page.locator("#said").evaluate((said) => (said.textContent = ""));
  await pay(page);
  assert.equal((await answer(page)).paymentIntent?.status, "processing");
});

// Tokens of what is no card.
const tokens = [
  [`stripe.createToken("pii", { personal_id_number: "000000000" })`, "pii"],
  [`stripe.createToken("bank_account", { country: "US", currency: "usd", routing_number: "110000000", account_number: "000123456789", account_holder_name: "Jenny", account_holder_type: "individual" })`, "bank_account"],
  [`stripe.createToken("account", { business_type: "individual", individual: { first_name: "Jenny" }, tos_shown_and_accepted: true })`, "account"],
];

for (const [code, type] of tokens) {
  test(`a token of type ${type}`, async (t) => {
    const { page } = await visit(t, { "/pay": shopPage("") });
    const { token, error } = await page.evaluate(code);
    assert.equal(error, undefined);
    assert.equal(token.type, type);
  });
}

// What is shown over the page and paid elsewhere: closing it is no refusal.
const shown = [
  ["oxxo", "mxn", `stripe.confirmOxxoPayment(secret, { payment_method: { billing_details: { name: "Jenny", email: "jenny@example.com" } } })`, "Pay this voucher", "requires_action"], // who pays a voucher does so later
  ["wechat_pay", "usd", `stripe.confirmWechatPayPayment(secret, { payment_method_options: { wechat_pay: { client: "web" } } })`, "Authorise this payment", "succeeded"],
];

for (const [type, currency, code, heading, paid] of shown) {
  for (const [deed, status] of [["closes", "requires_action"], ["pays", paid]]) {
    test(`${type}: the customer ${deed}`, async (t) => {
      const intent = await newPayment({ currency, "payment_method_types[]": type });
      const { page } = await visit(t, { "/pay": shopPage(`const secret = "${intent.client_secret}"; submitted(() => ${code});`) });
      await pay(page);
      const frame = page.frameLocator("[data-testid=challenge-frame]");
      await frame.getByRole("heading", { name: heading }).waitFor();
      if (deed === "closes") await page.getByTestId("challenge-close").click();
      else await frame.getByTestId("challenge-complete").click();
      const { paymentIntent, error } = await answer(page);
      assert.equal(error, undefined);
      assert.equal(paymentIntent.status, status);
    });
  }
}

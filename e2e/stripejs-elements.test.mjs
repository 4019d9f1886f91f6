// The elements: what they tell the shop's page, how they look, what is thrown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "./look.mjs";
import { api, call } from "./shop.mjs";
import { answer, cardPage, newPayment, pay, paymentPage, saving, shopPage, typeCard, visit } from "./stripejs/page.mjs";

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

test("the form around the elements neither sends what is typed, nor hears or checks it", async (t) => {
  const intent = await call("POST", "/v1/payment_intents", { amount: "2000", currency: "eur", "payment_method_types[0]": "card", "payment_method_types[1]": "sepa_debit" });
  const { page } = await visit(t, {
    "/pay": paymentPage({ clientSecret: intent.client_secret }, `return { sent: [...new FormData(document.getElementById("form"))].length, heard };`).replace("submitted(async", `
      let heard = 0;
      for (const name of ["input", "change"]) document.getElementById("form").addEventListener(name, () => heard++);
      submitted(async`),
  });
  await page.getByTestId("payment-method-sepa_debit").check();
  await page.getByLabel("Email").fill("no address");
  await pay(page);
  assert.deepEqual(await answer(page), { sent: 0, heard: 0 });
});

test("in German, read only, and with what the page knows already", async (t) => {
  const intent = await newPayment();
  const { page } = await visit(t, {
    "/pay": paymentPage({ clientSecret: intent.client_secret, locale: "de" }, "", `{ readOnly: true, defaultValues: { billingDetails: { address: { country: "GB", postal_code: "SW1A 1AA" } } } }`),
  });
  assert.ok(await page.getByLabel("Kartennummer").isDisabled());
  assert.equal(await page.getByLabel("Land oder Region").inputValue(), "GB");
  assert.equal(await page.getByLabel("Postleitzahl").inputValue(), "SW1A 1AA");
  assert.ok(await page.getByRole("option", { name: "Vereinigtes Königreich" }).count());
});

test("an element that cannot load says so, and loads when it is mounted again", async (t) => {
  const intent = await newPayment();
  const { page } = await visit(t, { "/pay": paymentPage({ clientSecret: intent.client_secret.replace(/.$/, "!").slice(0, -1) + "x" }, "") });
  await page.getByRole("alert").filter({ hasText: "client_secret" }).waitFor();
  await page.route(`${api}/v1/elements/**`, (route) => route.abort());
  await page.evaluate((secret) => {
    window.late = stripe.elements({ clientSecret: secret }).create("payment");
    late.mount("#field");
  }, intent.client_secret);
  await page.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();
  await page.unroute(`${api}/v1/elements/**`);
  await page.evaluate(() => late.unmount().mount("#field"));
  await page.getByTestId("card-number").waitFor();
});

test("an address has what addresses of its country have", async (t) => {
  const { page } = await visit(t, {
    "/pay": shopPage(`
      const address = stripe.elements().create("address", { mode: "billing", fields: { phone: "always" }, defaultValues: { name: "Jenny" } });
      address.on("change", (event) => { window.last = event; });
      address.mount("#field");
      submitted(() => address.getValue());
    `),
  });
  const seen = async (country) => {
    await page.getByLabel("Country").selectOption(country);
    return [await page.getByLabel("State").isVisible(), await page.getByLabel("Postal code").isVisible()];
  };
  assert.deepEqual([await seen("US"), await seen("DE"), await seen("HK")], [[true, true], [false, true], [false, false]]);
  for (const [label, text] of [["Address line 1", "1 Harbour Road"], ["City", "Wan Chai"], ["Phone", "+852 1234 5678"]]) await page.getByLabel(label).fill(text);
  await pay(page);
  const { complete, value } = await answer(page);
  assert.equal(complete, true);
  assert.deepEqual([value.name, value.address.country, value.address.postal_code, value.phone], ["Jenny", "HK", "", "+852 1234 5678"]);
  assert.equal(await page.evaluate(() => window.last.complete), true);
});

test("a button is not missed when what is wrong with a field pushes it away", async (t) => {
  const intent = await newPayment({ "payment_method_types[]": "sepa_debit" });
  const { page } = await visit(t, { "/pay": paymentPage({ clientSecret: intent.client_secret }, `return elements.submit();`) });
  await page.getByTestId("iban").fill("DE8937");
  const button = page.getByRole("button", { name: "Pay" });
  const before = await button.boundingBox();
  await pay(page);
  assert.equal((await answer(page)).error.code, "incomplete_name");
  assert.ok((await button.boundingBox()).y > before.y + before.height, "nothing has moved");
});

test("what was typed stays when the elements are updated", async (t) => {
  const { page } = await visit(t, { "/pay": paymentPage({ mode: "payment", amount: 2000, currency: "eur" }, "").replace("const elements", "window.elements").replaceAll("elements.create", "window.elements.create") });
  await typeCard(page);
  await page.getByTestId("billing-country").selectOption("DE");
  await page.getByTestId("payment-method-ideal").waitFor();
  await page.evaluate(() => window.elements.update({ currency: "usd", amount: 2500 }));
  assert.equal(await page.getByTestId("payment-method-ideal").count(), 0);
  await page.getByTestId("payment-method-cashapp").waitFor();
  assert.deepEqual([await page.getByTestId("card-number").inputValue(), await page.getByTestId("card-expiry").inputValue()], ["4242 4242 4242 4242", "12 / 34"]);
  assert.deepEqual([await page.getByTestId("billing-country").inputValue(), await page.getByTestId("billing-postal").isVisible()], ["DE", false]);
  const refused = await page.evaluate(async () => {
    await window.elements.update({ currency: "xxx" });
    return window.elements.fetchUpdates();
  });
  assert.ok(refused.error.message);
});

// The hosted checkout: a customer pays, subscribes, leaves a card, by session and by payment link.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "./look.mjs";
import { call, checkout, customer, open, sell } from "./shop.mjs";

const pay = (page) => page.getByTestId("pay");
const back = (page) => page.getByRole("heading", { name: "Back at the shop" });
const session = (s) => call("GET", `/v1/checkout/sessions/${s.id}`);
const monthly = { "recurring[interval]": "month" };
const tries = async (s) => (await call("GET", `/v1/charges?payment_intent=${(await session(s)).payment_intent}`)).data.length;

async function fill(page, number = "4242424242424242") {
  if (await page.getByLabel("E-mail").count()) await page.getByLabel("E-mail").fill("jenny@example.com");
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Expiry").fill("1234");
  await page.getByLabel("Security code").fill("123");
  await page.getByLabel("Name on the card").fill("Jenny Rosen");
}

// arrives waits until the customer is back at the shop with the session.
async function arrives(page, s) {
  await back(page).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("session"), s.id);
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";
  const visit = async (t, s, options = {}) => {
    const page = await customer(t, { javaScriptEnabled, ...options });
    await page.goto(s.url);
    return page;
  };

  test(`pay, ${how}`, async (t) => {
    const { url } = await open(t);
    const s = await checkout(url);
    const page = await visit(t, s);
    await page.getByRole("heading", { name: /^Pay / }).waitFor();
    assert.equal(await page.getByTestId("total").innerText(), "€20.00");
    await fill(page);
    await pay(page).click();
    await arrives(page, s);
    const after = await session(s);
    assert.deepEqual([after.status, after.payment_status, after.customer_details.email, after.customer_details.name], ["complete", "paid", "jenny@example.com", "Jenny Rosen"]);
    assert.deepEqual(page.faults, []);
  });

  test(`subscribe after a trial, ${how}`, async (t) => {
    const { url } = await open(t);
    const s = await checkout(url, { mode: "subscription", price: await sell("ShareSmart Pro", "900", monthly), "subscription_data[trial_period_days]": "14" });
    const page = await visit(t, s);
    assert.equal(await page.getByTestId("terms").innerText(), "14 days free, then €9.00 every month");
    await fill(page);
    await pay(page).click();
    await arrives(page, s);
    const sub = await call("GET", `/v1/subscriptions/${(await session(s)).subscription}`);
    assert.equal(sub.status, "trialing");
    assert.ok(sub.default_payment_method);
  });

  test(`save a card, ${how}`, async (t) => {
    const { url } = await open(t);
    const buyer = await call("POST", "/v1/customers", { email: "jo@example.com" });
    const s = await checkout(url, { mode: "setup", customer: buyer.id });
    const page = await visit(t, s);
    assert.equal(await page.getByTestId("email").innerText(), "jo@example.com");
    await fill(page);
    await pay(page).click();
    await arrives(page, s);
    assert.equal((await call("GET", `/v1/customers/${buyer.id}/payment_methods`)).data.length, 1);
  });

  test(`a decline, then a payment, ${how}`, async (t) => {
    const { url } = await open(t);
    const s = await checkout(url);
    const page = await visit(t, s);
    await fill(page, "4000000000009995");
    await pay(page).click();
    await page.locator("#number-fault").waitFor();
    const number = page.getByLabel("Card number");
    assert.match(await page.title(), /^Error: /);
    assert.equal(await number.inputValue(), "");
    assert.equal(await number.getAttribute("aria-invalid"), "true");
    assert.match(await page.locator(`#${await number.getAttribute("aria-describedby")}`).innerText(), /does not have enough money/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "number");
    assert.equal(await page.getByLabel("E-mail").inputValue(), "jenny@example.com");
    await fill(page);
    await pay(page).click();
    await arrives(page, s);
    assert.equal(await tries(s), 2);
  });

  for (const [deed, paid] of [["Complete authentication", true], ["Fail authentication", false], ["Cancel", false]]) {
    test(`3D Secure: ${deed}, ${how}`, async (t) => {
      const { url } = await open(t);
      const s = await checkout(url);
      const page = await visit(t, s);
      await fill(page, "4000002500003155");
      await pay(page).click();
      await page.getByRole("button", { name: deed }).click();
      if (!paid) {
        await page.locator("#number-fault").waitFor();
        assert.equal((await session(s)).status, "open");
        await fill(page);
        await pay(page).click();
      }
      await arrives(page, s);
      assert.equal((await session(s)).payment_status, "paid");
    });
  }

  test(`a promotion code, ${how}`, async (t) => {
    const { url } = await open(t);
    const coupon = await call("POST", "/v1/coupons", { percent_off: "25" });
    const code = `TEA${Date.now()}`;
    await call("POST", "/v1/promotion_codes", { "promotion[type]": "coupon", "promotion[coupon]": coupon.id, code });
    const s = await checkout(url, { allow_promotion_codes: "true" });
    const page = await visit(t, s);
    const type = async (text) => {
      const details = page.locator("details.promo");
      if ((await details.getAttribute("open")) === null) await page.getByText("Add a promotion code").click();
      await page.getByLabel("Promotion code").fill(text);
    };
    await page.getByLabel("E-mail").fill("jenny@example.com");
    await type("nope");
    await page.getByTestId("promo-apply").click();
    assert.match(await page.locator("#promotion_code-fault").innerText(), /There is no such code/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "promotion_code");
    await type(code);
    await page.getByTestId("promo-apply").click();
    await page.getByTestId("promo-remove").waitFor();
    assert.equal(await page.getByTestId("total").innerText(), "€15.00");
    assert.equal(await page.getByLabel("E-mail").inputValue(), "jenny@example.com");
    await page.getByTestId("promo-remove").click();
    await page.getByText("Add a promotion code").waitFor();
    assert.equal(await page.getByTestId("total").innerText(), "€20.00");
    await type(code);
    await fill(page);
    await page.getByLabel("Name on the card").press("Enter"); // the code changes the total, so nothing is paid yet
    assert.match(await page.getByTestId("notice").innerText(), /Nothing was paid yet/);
    assert.equal(await page.getByTestId("total").innerText(), "€15.00");
    await page.getByText("The card that you entered").waitFor(); // and need not be typed again
    await pay(page).click();
    await arrives(page, s);
    assert.equal((await session(s)).amount_total, 1500);
  });

  test(`a saved card, ${how}`, async (t) => {
    const { url } = await open(t);
    const buyer = await call("POST", "/v1/customers", { email: "jo@example.com" });
    const first = await checkout(url, { customer: buyer.id, "saved_payment_method_options[payment_method_save]": "enabled" });
    const page = await visit(t, first);
    await fill(page);
    await page.getByLabel(/^Keep this card/).check();
    await pay(page).click();
    await arrives(page, first);
    const second = await checkout(url, { customer: buyer.id });
    await page.goto(second.url);
    assert.ok(await page.getByLabel(/Visa •••• 4242/).isChecked());
    assert.equal(await page.getByLabel("Card number").isVisible(), false);
    await pay(page).click();
    await arrives(page, second);
  });

  test(`a payment link, ${how}`, async (t) => {
    const { url } = await open(t);
    const extra = await sell("Cup", "500");
    const link = await call("POST", "/v1/payment_links", {
      "line_items[0][price]": await sell("Tea pot", "2000"), "line_items[0][quantity]": "1", "line_items[0][adjustable_quantity][enabled]": "true",
      "optional_items[0][price]": extra, "optional_items[0][quantity]": "1", "after_completion[type]": "redirect", "after_completion[redirect][url]": `${url}/done?session={CHECKOUT_SESSION_ID}`,
    });
    const page = await customer(t, { javaScriptEnabled });
    await page.goto(`${link.url}?prefilled_email=jo%40example.com`);
    const at = new URL(page.url()).pathname;
    assert.match(at, /^\/c\/pay\/cs_/);
    assert.equal(await page.getByLabel("E-mail").inputValue(), "jo@example.com");
    await page.getByLabel("Quantity of Tea pot").fill("3");
    await page.getByLabel("Cup").check();
    await page.getByTestId("update").click();
    await page.getByTestId("total").getByText("€65.00").waitFor();
    await fill(page);
    await pay(page).click();
    await arrives(page, { id: at.slice("/c/pay/".length) });
  });
}

test("a payment link that ends here", async (t) => {
  const link = await call("POST", "/v1/payment_links", {
    "line_items[0][price]": await sell("Tea pot", "2000"), "line_items[0][quantity]": "1", "after_completion[type]": "hosted_confirmation", "after_completion[hosted_confirmation][custom_message]": "Your tea is on its way.",
  });
  const page = await customer(t);
  await page.goto(link.url);
  const at = page.url();
  await fill(page);
  await pay(page).click();
  await page.getByText("Your tea is on its way.").waitFor();
  assert.equal(page.url(), at);
  assert.match(await page.getByTestId("became").innerText(), /^You paid €20\.00 to /);
});

test("a double click pays once", async (t) => {
  const { url } = await open(t);
  const s = await checkout(url);
  const page = await customer(t, { javaScriptEnabled: false });
  await page.goto(s.url);
  await fill(page);
  await pay(page).dblclick();
  await arrives(page, s);
  assert.equal(await tries(s), 1);
});

test("the back button leads to what is true", async (t) => {
  const { url } = await open(t);
  const s = await checkout(url);
  const page = await customer(t);
  await page.goto(s.url);
  await fill(page);
  await pay(page).click();
  await arrives(page, s);
  await page.goBack();
  if (await pay(page).count()) { // the browser may show what it kept
    await fill(page);
    await pay(page).click();
    await arrives(page, s);
    await page.goto(s.url);
  }
  await page.getByRole("heading", { name: "Thank you" }).waitFor();
  await page.getByTestId("forward").click();
  await arrives(page, s);
  assert.equal(await tries(s), 1);
});

test("another tab changes the order", async (t) => {
  const { url } = await open(t);
  const s = await checkout(url, { "line_items[0][adjustable_quantity][enabled]": "true" });
  const page = await customer(t);
  await page.goto(s.url);
  await fill(page);
  const other = await page.context().newPage();
  await other.goto(s.url);
  await other.getByLabel("Quantity of Tea pot").fill("2");
  await other.getByTestId("update").click();
  await other.getByTestId("total").getByText("€40.00").waitFor();
  await page.getByLabel("Quantity of Tea pot").evaluate((field) => field.disabled = true); // they did not touch it
  await pay(page).click();
  await page.getByTestId("notice").waitFor();
  assert.equal(await page.getByTestId("total").innerText(), "€40.00");
  assert.equal(await session(s).then((now) => now.status), "open");
  await fill(page);
  await pay(page).click();
  await arrives(page, s);
  assert.equal((await session(s)).amount_total, 4000);
});

test("iDEAL, on the page of a bank", async (t) => {
  const { url } = await open(t);
  const s = await checkout(url);
  const page = await customer(t);
  await page.goto(s.url);
  await page.getByLabel("E-mail").fill("jenny@example.com");
  await page.getByLabel("iDEAL").check();
  assert.equal(await page.getByLabel("Card number").isVisible(), false);
  await pay(page).click();
  await page.getByRole("button", { name: "Fail test payment" }).click();
  await page.locator("#method-fault").waitFor();
  await page.getByLabel("iDEAL").check();
  await pay(page).click();
  await page.getByRole("button", { name: "Authorise test payment" }).click();
  await arrives(page, s);
});

test("a saved card is removed", async (t) => {
  const { url } = await open(t);
  const buyer = await call("POST", "/v1/customers", { email: "jo@example.com" });
  const pm = await call("POST", "/v1/payment_methods/pm_card_visa/attach", { customer: buyer.id });
  await call("POST", `/v1/payment_methods/${pm.id}`, { allow_redisplay: "always" });
  const page = await customer(t);
  await page.goto((await checkout(url, { customer: buyer.id, "saved_payment_method_options[payment_method_remove]": "enabled" })).url);
  await page.getByText("Remove Visa •••• 4242").click();
  await page.getByRole("button", { name: "Remove card" }).click();
  await page.getByLabel("Card number").waitFor();
  assert.equal(await page.getByText("Visa •••• 4242").count(), 0);
});

test("by keyboard alone", async (t) => {
  const { url } = await open(t);
  const s = await checkout(url);
  const page = await customer(t);
  await page.goto(s.url);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // skips to the payment
  for (const text of ["jenny@example.com", "", "4242424242424242", "1234", "123", "Jenny Rosen"]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(text); // nothing at the choice of a method: a card is chosen
  }
  await page.keyboard.press("Enter");
  await arrives(page, s);
});

test("turning back, and an expired session", async (t) => {
  const { url } = await open(t);
  const s = await checkout(url, { "after_expiration[recovery][enabled]": "true" });
  const page = await customer(t);
  await page.goto(s.url);
  await page.getByTestId("cancel").click();
  await back(page).waitFor();
  assert.equal(page.url(), `${url}/cart`);
  await call("POST", `/v1/checkout/sessions/${s.id}/expire`);
  await page.goto(s.url);
  await page.getByRole("heading", { name: "This checkout has expired" }).waitFor();
  await page.getByTestId("recover").click();
  await page.getByTestId("total").waitFor();
  const again = await session({ id: new URL(page.url()).pathname.slice("/c/pay/".length) });
  assert.equal(again.recovered_from, s.id);
});

// everything is a session that asks for all that one can ask for.
async function everything(url, params = {}) {
  const cup = await sell("A cup for the tea, from a potter who lives where the tea comes from", "500");
  const post = await call("POST", "/v1/shipping_rates", { display_name: "Post", type: "fixed_amount", "fixed_amount[amount]": "490", "fixed_amount[currency]": "eur", "delivery_estimate[minimum][unit]": "business_day", "delivery_estimate[minimum][value]": "2", "delivery_estimate[maximum][unit]": "business_day", "delivery_estimate[maximum][value]": "4" });
  const express = await call("POST", "/v1/shipping_rates", { display_name: "Express", type: "fixed_amount", "fixed_amount[amount]": "1290", "fixed_amount[currency]": "eur" });
  const vat = await call("POST", "/v1/tax_rates", { display_name: "VAT 19%", percentage: "19", inclusive: "false" });
  const buyer = await call("POST", "/v1/customers", { email: "jenny.rosen@example.com" });
  const pm = await call("POST", "/v1/payment_methods/pm_card_mastercard/attach", { customer: buyer.id });
  await call("POST", `/v1/payment_methods/${pm.id}`, { allow_redisplay: "always" });
  return checkout(url, {
    customer: buyer.id, "customer_update[name]": "auto", "customer_update[shipping]": "auto", "line_items[0][adjustable_quantity][enabled]": "true", "line_items[0][tax_rates][]": vat.id,
    "line_items[1][price]": cup, "line_items[1][quantity]": "2", "optional_items[0][price]": await sell("Honey", "700"), "optional_items[0][quantity]": "1", allow_promotion_codes: "true",
    "shipping_options[0][shipping_rate]": post.id, "shipping_options[1][shipping_rate]": express.id, "shipping_address_collection[allowed_countries][0]": "DE", "shipping_address_collection[allowed_countries][1]": "AT",
    billing_address_collection: "required", "phone_number_collection[enabled]": "true", "tax_id_collection[enabled]": "true", "saved_payment_method_options[payment_method_save]": "enabled", "saved_payment_method_options[payment_method_remove]": "enabled",
    "consent_collection[terms_of_service]": "required", "custom_text[submit][message]": "We send on Mondays. [How we pack](https://example.com/pack)",
    "custom_fields[0][key]": "size", "custom_fields[0][type]": "dropdown", "custom_fields[0][label][type]": "custom", "custom_fields[0][label][custom]": "Size of the parcel", "custom_fields[0][dropdown][options][0][label]": "Small", "custom_fields[0][dropdown][options][0][value]": "s",
    "custom_fields[1][key]": "note", "custom_fields[1][type]": "text", "custom_fields[1][label][type]": "custom", "custom_fields[1][label][custom]": "A note", "custom_fields[1][optional]": "true", ...params,
  });
}

const pictures = {
  plain: (url) => checkout(url),
  everything: (url) => everything(url),
  german: (url) => everything(url, { locale: "de" }),
  trial: async (url) => checkout(url, { mode: "subscription", price: await sell("ShareSmart Pro", "900", monthly), "subscription_data[trial_period_days]": "14", allow_promotion_codes: "true" }),
  methods: (url) => checkout(url, { "payment_method_types[0]": "card" }),
  setup: (url) => checkout(url, { mode: "setup" }),
  free: (url) => call("POST", "/v1/coupons", { percent_off: "100" }).then((c) => checkout(url, { "discounts[0][coupon]": c.id })),
  donation: async (url) => checkout(url, { submit_type: "donate", price: (await call("POST", "/v1/prices", { currency: "eur", "custom_unit_amount[enabled]": "true", "custom_unit_amount[minimum]": "100", "custom_unit_amount[preset]": "1000", "product_data[name]": "A tree" })).id }),
  expired: (url) => checkout(url, { "after_expiration[recovery][enabled]": "true" }).then(async (s) => (await call("POST", `/v1/checkout/sessions/${s.id}/expire`), s)),
};

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 390, 1280]) {
    test(`checkout fits ${width} px, ${colorScheme}`, async (t) => {
      const { url } = await open(t);
      const page = await customer(t, { viewport: { width, height: width > 600 ? 800 : 740 }, colorScheme });
      for (const [name, begin] of Object.entries(pictures)) {
        const s = await begin(url);
        const answer = await page.goto(s.url);
        assert.ok((await answer.body()).length < 100_000, `${name} is too large`);
        await check(page, `checkout-${name}-${width}-${colorScheme}`);
        for (const target of await page.locator(".button:visible, a.button:visible, .field input:not([type=checkbox]):visible, select:visible").all()) {
          assert.ok((await target.boundingBox()).height >= 44, `${name}: something is too small to touch`);
        }
      }
      assert.deepEqual(page.faults, []);

      const wrong = await everything(url);
      await page.goto(wrong.url);
      await page.getByLabel("Another card").check();
      await pay(page).click();
      await page.locator("#terms-fault").waitFor();
      await page.getByText("Test cards", { exact: true }).click();
      await check(page, `checkout-wrong-${width}-${colorScheme}`);
      const paid = await checkout(url);
      await page.goto(paid.url);
      await fill(page);
      await pay(page).click();
      await arrives(page, paid);
      await page.goto(paid.url);
      await check(page, `checkout-paid-${width}-${colorScheme}`);
      await page.goto(`${paid.url}x`);
      await check(page, `checkout-gone-${width}-${colorScheme}`);
    });
  }
}

// The customer portal: a customer looks after their plans, their payment methods and what is known of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, violations } from "./look.mjs";
import { call, customer, open, sell } from "./shop.mjs";

const monthly = { "recurring[interval]": "month" };
const updates = "features[subscription_update]";
const productOf = async (price) => (await call("GET", `/v1/prices/${price}`)).product;

// everything allows all that a portal can allow, with plans to change between.
async function everything(plans, params = {}) {
  const all = {
    "features[subscription_cancel][enabled]": "true", "features[subscription_cancel][cancellation_reason][enabled]": "true", "features[payment_method_update][enabled]": "true", "features[invoice_history][enabled]": "true",
    "features[customer_update][enabled]": "true", [`${updates}[enabled]`]: "true", [`${updates}[proration_behavior]`]: "always_invoice", "business_profile[privacy_policy_url]": "https://example.com/privacy", "business_profile[terms_of_service_url]": "https://example.com/terms",
  };
  ["email", "name", "address", "phone", "shipping", "tax_id"].forEach((what, i) => (all[`features[customer_update][allowed_updates][${i}]`] = what));
  ["too_expensive", "missing_features", "switched_service", "unused", "other"].forEach((reason, i) => (all[`features[subscription_cancel][cancellation_reason][options][${i}]`] = reason));
  ["price", "quantity", "promotion_code"].forEach((what, i) => (all[`${updates}[default_allowed_updates][${i}]`] = what));
  for (const [i, price] of plans.entries()) {
    all[`${updates}[products][${i}][product]`] = await productOf(price);
    all[`${updates}[products][${i}][prices][0]`] = price;
    all[`${updates}[products][${i}][adjustable_quantity][enabled]`] = "true";
  }
  return call("POST", "/v1/billing_portal/configurations", { ...all, ...params });
}

// subscriber is a customer with a plan, and what they can change to.
async function subscriber(params = {}, portal = {}, who = {}) {
  const plans = [await sell("ShareSmart Pro", "900", monthly), await sell("ShareSmart Team, for people who share what they read with each other", "2900", monthly)];
  const buyer = await call("POST", "/v1/customers", { name: "Jenny Rosen", email: "jenny.rosen@example.com", "address[line1]": "Unter den Linden 1", "address[postal_code]": "10117", "address[city]": "Berlin", "address[country]": "DE", ...who });
  const card = await call("POST", "/v1/payment_methods/pm_card_visa/attach", { customer: buyer.id });
  await call("POST", `/v1/customers/${buyer.id}`, { "invoice_settings[default_payment_method]": card.id });
  const sub = await call("POST", "/v1/subscriptions", { customer: buyer.id, "items[0][price]": plans[0], ...params });
  return { buyer, card, sub, plans, configuration: await everything(plans, portal) };
}

const session = (s, url, params = {}) => call("POST", "/v1/billing_portal/sessions", { customer: s.buyer.id, configuration: s.configuration.id, return_url: `${url}/account`, ...params });
const again = (s) => call("GET", `/v1/subscriptions/${s.sub.id}`);
const said = (page) => page.getByTestId("done");

async function fill(page, number) {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Expiry").fill("1234");
  await page.getByLabel("Security code").fill("123");
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";

  test(`cancel, and renew, ${how}`, async (t) => {
    const { url } = await open(t);
    const s = await subscriber();
    const page = await customer(t, { javaScriptEnabled });
    await page.goto((await session(s, url)).url);
    await page.getByTestId("cancel").click();
    await page.getByLabel("I do not use it enough").check();
    await page.getByLabel("What could we do better?").fill("Nothing");
    await page.getByTestId("confirm-cancel").dblclick();
    await said(page).waitFor();
    const ended = await again(s);
    assert.ok(ended.cancel_at);
    assert.deepEqual([ended.cancellation_details.feedback, ended.cancellation_details.comment], ["unused", "Nothing"]);
    await page.getByTestId("renew").click();
    await page.getByTestId("cancel").waitFor();
    assert.equal((await again(s)).cancel_at, null);
    assert.deepEqual(page.faults, []);
    await page.getByTestId("return").click();
    await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
    assert.equal(page.url(), `${url}/account`);
  });

  test(`change the plan, ${how}`, async (t) => {
    const { url } = await open(t);
    const s = await subscriber();
    const page = await customer(t, { javaScriptEnabled });
    await page.goto((await session(s, url)).url);
    await page.getByTestId("update").click();
    await page.getByLabel("ShareSmart Team").check();
    await page.getByLabel("Quantity").fill("2");
    await page.getByTestId("continue").click();
    assert.equal(await page.getByTestId("due").innerText(), "€49.00");
    await page.getByTestId("confirm").dblclick();
    await said(page).waitFor();
    const [item] = (await again(s)).items.data;
    assert.deepEqual([item.price.id, item.quantity], [s.plans[1], 2]);
    assert.equal((await call("GET", `/v1/invoices?customer=${s.buyer.id}`)).data.length, 2);
    assert.deepEqual(page.faults, []);
  });

  test(`add a card, make another one the default, remove it, ${how}`, async (t) => {
    const { url } = await open(t);
    const s = await subscriber();
    const page = await customer(t, { javaScriptEnabled });
    await page.goto((await session(s, url)).url);
    await page.getByTestId("add-method").click();
    await fill(page, "4000000000009995");
    await page.getByTestId("save-card").click();
    await page.locator("#number-fault").waitFor();
    assert.match(await page.title(), /^Error: /);
    await fill(page, "4000002500003155");
    await page.getByTestId("save-card").click();
    await page.getByRole("button", { name: "Complete authentication" }).click();
    await said(page).waitFor();
    assert.equal(await page.getByTestId("method").count(), 2);
    await page.getByRole("button", { name: "Make it the default Visa •••• 4242" }).click();
    await page.getByRole("link", { name: "Remove Visa •••• 3155" }).click();
    await page.getByTestId("confirm-remove").click();
    await said(page).waitFor();
    assert.equal(await page.getByTestId("method").count(), 1);
    assert.equal((await call("GET", `/v1/customers/${s.buyer.id}`)).invoice_settings.default_payment_method, s.card.id);
  });

  test(`change the details, ${how}`, async (t) => {
    const { url } = await open(t);
    const s = await subscriber();
    const page = await customer(t, { javaScriptEnabled });
    await page.goto((await session(s, url)).url);
    await page.getByTestId("edit-customer").click();
    await page.getByLabel("E-mail").fill("jenny");
    await page.getByLabel("Add a tax ID").fill("DE123456789");
    await page.getByTestId("save-customer").click();
    await page.locator("#email-fault").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "email");
    await page.getByLabel("E-mail").fill("jo@example.com");
    await page.getByTestId("save-customer").click();
    await said(page).waitFor();
    await page.getByText("DE123456789").waitFor();
    assert.equal((await call("GET", `/v1/customers/${s.buyer.id}`)).email, "jo@example.com");
  });
}

test("a flow leads back to the shop", async (t) => {
  const { url } = await open(t);
  const s = await subscriber();
  const coupon = await call("POST", "/v1/coupons", { percent_off: "25", duration: "repeating", duration_in_months: "3" });
  const flow = {
    "flow_data[type]": "subscription_cancel", "flow_data[subscription_cancel][subscription]": s.sub.id, "flow_data[subscription_cancel][retention][type]": "coupon_offer", "flow_data[subscription_cancel][retention][coupon_offer][coupon]": coupon.id,
    "flow_data[after_completion][type]": "redirect", "flow_data[after_completion][redirect][return_url]": `${url}/stayed`,
  };
  const page = await customer(t);
  await page.goto((await session(s, url, flow)).url);
  await page.getByRole("heading", { name: "Stay, and pay 25% less" }).waitFor();
  await page.getByTestId("stay").click();
  await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
  assert.equal(page.url(), `${url}/stayed`);
  assert.equal((await again(s)).discounts.length, 1);
});

test("a card that does not pay for a change", async (t) => {
  const { url } = await open(t);
  const s = await subscriber();
  const bad = await call("POST", "/v1/payment_methods/pm_card_chargeCustomerFail/attach", { customer: s.buyer.id });
  await call("POST", `/v1/customers/${s.buyer.id}`, { "invoice_settings[default_payment_method]": bad.id });
  const page = await customer(t);
  const { url: home } = await session(s, url);
  await page.goto(home);
  await page.getByTestId("update").click();
  await page.getByLabel("Quantity").fill("3");
  await page.getByTestId("continue").click();
  await page.getByTestId("confirm").click();
  await fill(page, "4242424242424242");
  await page.getByTestId("invoice-pay").click();
  await page.getByTestId("invoice-standing").waitFor();
  assert.equal((await again(s)).items.data[0].quantity, 3);
  await page.goto(home);
  await page.getByText("€27.00 a month").waitFor();
});

// page is where customers log in, of a configuration that is new.
const loginPage = async (s) => (await call("POST", `/v1/billing_portal/configurations/${s.configuration.id}`, { "login_page[enabled]": "true" })).login_page.url;

for (const by of ["code", "link"]) {
  test(`log in by the ${by} of a mail`, async (t) => {
    const email = `${by}-${Date.now()}@example.com`;
    const s = await subscriber({}, {}, { email });
    const page = await customer(t);
    await page.goto(await loginPage(s));
    await page.locator("input[type=email]:focus").pressSequentially(email);
    await page.keyboard.press("Enter");
    const digits = page.locator("[data-testid=digits]:focus");
    await digits.waitFor();
    const { data: [{ text }] } = await call("GET", `/v1/mails?to=${encodeURIComponent(email)}&kind=sign_in_code`);
    if (by === "code") {
      await digits.pressSequentially("000000");
      await page.keyboard.press("Enter");
      await page.locator("#digits-fault").waitFor();
      await digits.pressSequentially(text.match(/^ {4}(\d{6})$/m)[1]);
      await page.keyboard.press("Enter");
    } else {
      await page.goto(text.match(/https:\S+\/link\?token=\S+/)[0]);
      await page.getByTestId("log-in").click();
    }
    await page.getByRole("heading", { name: "Your plans and payments" }).waitFor();
    await page.getByText(email).waitFor();
  });
}

test("by keyboard alone", async (t) => {
  const { url } = await open(t);
  const s = await subscriber();
  const page = await customer(t);
  await page.goto((await session(s, url)).url);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // skips to the content
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // changes the plan
  await page.getByTestId("continue").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown"); // the other plan
  await page.keyboard.press("Enter");
  await page.getByTestId("confirm").press("Enter");
  await said(page).waitFor();
  assert.equal((await again(s)).items.data[0].price.id, s.plans[1]);
});

// pages are what is looked at, by name.
const pages = {
  home: async (url) => (await session(await subscriber(), url)).url,
  german: async (url) => (await session(await subscriber(), url, { locale: "de" })).url,
  empty: async (url) => {
    const s = await subscriber();
    const nobody = await call("POST", "/v1/customers", {});
    return (await session({ ...s, buyer: nobody }, url)).url;
  },
  busy: async (url) => {
    const s = await subscriber({ trial_period_days: "14" }, {}, { phone: "+49 30 1234567", "shipping[name]": "Jenny Rosen", "shipping[address][line1]": "Unter den Linden 1", "shipping[address][country]": "DE" });
    await call("POST", "/v1/payment_methods/pm_card_mastercard/attach", { customer: s.buyer.id });
    await call("POST", "/v1/subscriptions", { customer: s.buyer.id, "items[0][price]": s.plans[1], "items[0][quantity]": "12", cancel_at_period_end: "true" });
    await call("POST", "/v1/subscriptions", { customer: s.buyer.id, "items[0][price]": s.plans[0], "items[1][price]": s.plans[1], payment_behavior: "default_incomplete" });
    await call("POST", `/v1/customers/${s.buyer.id}/tax_ids`, { type: "eu_vat", value: "DE123456789" });
    for (let i = 0; i < 11; i++) {
      const invoice = await call("POST", "/v1/invoices", { customer: s.buyer.id, currency: "eur" });
      await call("POST", `/v1/invoices/${invoice.id}/finalize`);
    }
    return (await session(s, url)).url;
  },
  cancel: async (url) => {
    const s = await subscriber();
    return `${(await session(s, url)).url}/subscriptions/${s.sub.id}/cancel`;
  },
  stay: async (url) => {
    const s = await subscriber();
    const coupon = await call("POST", "/v1/coupons", { percent_off: "25", duration: "repeating", duration_in_months: "3" });
    const flow = { "flow_data[type]": "subscription_cancel", "flow_data[subscription_cancel][subscription]": s.sub.id, "flow_data[subscription_cancel][retention][type]": "coupon_offer", "flow_data[subscription_cancel][retention][coupon_offer][coupon]": coupon.id };
    return (await session(s, url, flow)).url;
  },
  update: async (url) => {
    const s = await subscriber();
    return `${(await session(s, url)).url}/subscriptions/${s.sub.id}/update`;
  },
  wrong: async (url) => {
    const s = await subscriber();
    return `${(await session(s, url)).url}/subscriptions/${s.sub.id}/confirm?price=${s.plans[1]}&quantity=0&code=x`;
  },
  confirm: async (url) => {
    const s = await subscriber();
    return `${(await session(s, url)).url}/subscriptions/${s.sub.id}/confirm?price=${s.plans[1]}&quantity=2`;
  },
  planned: async (url) => {
    const s = await subscriber({ "items[0][quantity]": "3" }, { [`${updates}[schedule_at_period_end][conditions][0][type]`]: "decreasing_item_amount" });
    return `${(await session(s, url)).url}/subscriptions/${s.sub.id}/confirm?price=${s.plans[0]}&quantity=1`;
  },
  method: async (url) => `${(await session(await subscriber(), url)).url}/payment-methods/new`,
  remove: async (url) => {
    const s = await subscriber();
    const spare = await call("POST", "/v1/payment_methods/pm_card_mastercard/attach", { customer: s.buyer.id });
    return `${(await session(s, url)).url}/payment-methods/${spare.id}/remove`;
  },
  details: async (url) => {
    const s = await subscriber();
    await call("POST", `/v1/customers/${s.buyer.id}/tax_ids`, { type: "eu_vat", value: "DE123456789" });
    return `${(await session(s, url)).url}/customer`;
  },
  login: async () => loginPage(await subscriber()),
  code: async () => `${await loginPage(await subscriber())}/code?email=jenny.rosen@example.com&code=x`,
  link: async () => `${await loginPage(await subscriber())}/link?token=x`,
  gone: async (url) => `${(await session(await subscriber(), url)).url}x`,
};

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 390, 1280]) {
    test(`the portal fits ${width} px, ${colorScheme}`, async (t) => {
      const { url } = await open(t);
      const page = await customer(t, { viewport: { width, height: width > 600 ? 800 : 740 }, colorScheme });
      for (const [name, make] of Object.entries(pages)) {
        await page.goto(await make(url));
        await check(page, `portal-${name}-${width}-${colorScheme}`);
        if (width === 1280 || (width === 390 && colorScheme === "light")) assert.deepEqual(await violations(page), [], name);
        for (const target of await page.locator(".button:visible, .field input:visible, .field select:visible, .choice:visible, .check:visible").all()) {
          assert.ok((await target.boundingBox()).height >= 44, `${name}: something is too small to touch`);
        }
      }
    });
  }
}

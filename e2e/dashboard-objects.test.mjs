// What is read and done in the Dashboard: requests, objects, events, test clocks. With scripts and without.
import assert from "node:assert/strict";
import http from "node:http";
import { after, test } from "node:test";
import { check, violations } from "./look.mjs";
import { serve } from "./server.mjs";
import { customer } from "./shop.mjs";

// world is a server with an owner, and a small business in test mode.
const world = (async () => {
  const server = await serve({ after });
  const { call, url, setUp } = server;
  const owner = await customer({ after });
  await owner.goto(setUp);
  await owner.getByLabel("Name").fill("Ada Owner");
  await owner.getByLabel(/mail/).fill("ada@example.com");
  await owner.getByLabel("Password", { exact: true }).fill("a horse and a battery");
  await owner.locator("main button").first().click();
  await owner.waitForURL("**/dashboard/**/");
  const state = await owner.context().storageState();

  const receiver = http.createServer((request, response) => response.writeHead(request.url === "/broken" ? 500 : 200).end(request.url === "/broken" ? "out of order" : ""));
  await new Promise((listening) => receiver.listen(0, "127.0.0.1", listening));
  after(() => receiver.close());
  const at = `http://127.0.0.1:${receiver.address().port}`;
  const endpoint = await call("POST", "/v1/webhook_endpoints", { url: `${at}/webhooks`, "enabled_events[]": "*" });
  const broken = await call("POST", "/v1/webhook_endpoints", { url: `${at}/broken`, "enabled_events[]": "customer.updated", "chaos[drop]": "10" });
  const jenny = await call("POST", "/v1/customers", { name: "Jenny Rosen", email: "jenny.rosen@example.com", "metadata[plan]": "gold", payment_method: "pm_card_visa", "invoice_settings[default_payment_method]": "pm_card_visa" });
  await call("POST", `/v1/customers/${jenny.id}`, { name: "Jenny Rosen-Lee", "address[city]": "Springfield" });
  const pay = (params) => call("POST", "/v1/payment_intents", { amount: "1250", currency: "usd", confirm: "true", capture_method: "automatic", "payment_method_types[]": "card", payment_method: "pm_card_visa", ...params });
  const payment = await pay({ customer: jenny.id, description: "A poster" });
  const declined = await fetch(`${url}/v1/payment_intents`, { method: "POST", headers: { Authorization: `Bearer ${server.key}` }, body: new URLSearchParams({ amount: "990", currency: "usd", confirm: "true", "payment_method_types[]": "card", payment_method: "pm_card_chargeDeclined" }) });
  const failure = (await declined.json()).error;
  for (let i = 0; i < 30; i++) await pay({ amount: String(500 + i) });
  const { data: [extension] } = await fetch(`${url}/pricing`).then(() => call("GET", "/v1/extensions"));
  const subscription = await call("POST", "/v1/subscriptions", { customer: jenny.id, "items[0][price]": extension.prices[0] });
  await call("POST", "/v1/invoiceitems", { customer: jenny.id, currency: "usd", amount: "4200", description: "Help with the first steps" });
  const draft = await call("POST", "/v1/invoices", { customer: jenny.id, pending_invoice_items_behavior: "include", collection_method: "send_invoice", days_until_due: "30" });
  const invoice = await call("POST", `/v1/invoices/${draft.id}/finalize`);
  const clock = await call("POST", "/v1/test_helpers/test_clocks", { frozen_time: String(Date.UTC(2027, 0, 31, 9) / 1000), name: "A year of Pro" });
  const subscriber = await call("POST", "/v1/customers", { test_clock: clock.id, name: "Future Jenny", payment_method: "pm_card_visa", "invoice_settings[default_payment_method]": "pm_card_visa" });
  await call("POST", "/v1/subscriptions", { customer: subscriber.id, "items[0][price]": extension.prices[0] });
  await owner.goto(`${url}/dashboard/test/keys`);
  const secret = (await owner.getByRole("link", { name: "Secret" }).getAttribute("href")).split("/").pop();
  return { ...server, endpoint, broken, state, secret, clock, extension, jenny, payment, failure, subscription, invoice, test: `${url}/dashboard/test` };
})();

const window = async (t, options = {}) => customer(t, { storageState: (await world).state, locale: "en-US", ...options });

// pages are those of this part of the Dashboard, by name.
const pages = {
  home: () => "/", logs: () => "/logs", "logs-filtered": () => "/logs?status=4xx&method=POST", "logs-none": () => "/logs?status=5xx",
  log: (w) => new URL(w.failure.request_log_url).pathname.replace("/dashboard/test", ""),
  kinds: () => "/objects", payments: () => "/objects/payment_intent", "customers-none": () => "/objects/customer?email=nobody@example.com", payment: (w) => `/objects/payment_intent/${w.payment.id}`,
  customer: (w) => `/objects/customer/${w.jenny.id}`, subscription: (w) => `/objects/subscription/${w.subscription.id}`, invoice: (w) => `/objects/invoice/${w.invoice.id}`,
  refund: (w) => `/objects/payment_intent/${w.payment.id}/actions/PostRefunds`, "create-product": () => "/create/product",
  business: () => "/business", "business-days": () => "/business?span=30d",
  clock: (w) => `/clocks/${w.clock.id}`,
  events: () => "/events", event: async (w) => `/events/${(await w.call("GET", "/v1/events?type=customer.updated&limit=1")).data[0].id}`,
  extensions: () => "/extensions", extension: (w) => `/extensions/${w.extension.id}`,
  branding: () => "/branding", "mail-texts": () => "/mail-texts", "mail-text": () => "/mail-texts/receipt",
  webhooks: () => "/webhooks", webhook: (w) => `/webhooks/${w.endpoint.id}`,
  delivery: async (w) => `/webhooks/${w.broken.id}/deliveries/${(await w.call("GET", `/v1/webhook_deliveries?webhook_endpoint=${w.broken.id}`)).data[0].id}`,
  keys: () => "/keys", key: (w) => `/keys/${w.secret}`,
};

// shown are those of which docs/screens has pictures.
const shown = ["logs", "log", "payments", "customer", "event", "refund", "clock", "business"];

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1280]) {
    test(`pages at ${width} px, ${colorScheme}`, async (t) => {
      const w = await world;
      const page = await window(t, { colorScheme, viewport: { width, height: width > 600 ? 800 : 740 } });
      for (const [name, at] of Object.entries(pages)) {
        await t.test(name, async () => {
          await page.goto(w.test + await at(w));
          if (process.env.SCREENS && shown.includes(name) && width < 600 === (colorScheme === "dark")) await page.screenshot({ path: `${process.env.SCREENS}/dashboard-${name}-${width}-${colorScheme}.png` });
          await check(page, `dashboard-${name}-${width}-${colorScheme}`);
          if (width < 600 === (colorScheme === "dark")) assert.deepEqual(await violations(page), []);
        });
      }
      assert.deepEqual(page.faults, []);
    });
  }
}

test("a brand is seen before it is kept, and then by customers", async (t) => {
  const w = await world;
  const page = await window(t, { viewport: { width: 1280, height: 900 } });
  await page.goto(`${w.test}/branding`);
  const checkout = page.frameLocator('iframe[title="Checkout, wide"]');
  await checkout.getByRole("heading", { level: 1 }).waitFor();
  await page.getByLabel("Accent colour").fill("#c2410c");
  await page.getByLabel("pill").check();
  await checkout.locator('link[href*="c2410c"][href*="pill"]').waitFor({ state: "attached" });
  assert.equal(await checkout.locator(".button-primary").first().evaluate((e) => getComputedStyle(e).backgroundColor), "rgb(194, 65, 12)");
  await page.frameLocator('iframe[title="Mail, narrow"]').getByText("Thank you for your payment").waitFor();
  await page.frameLocator('iframe[title="Pricing, narrow"]').getByRole("heading", { level: 1 }).waitFor();
  await page.getByTestId("save").click();
  await page.getByRole("status").getByText("Saved").waitFor();
  await page.goto(`${w.url}/pricing`);
  assert.equal(await page.locator(".button-primary").first().evaluate((e) => getComputedStyle(e).backgroundColor), "rgb(194, 65, 12)");
  await page.goto(w.invoice.hosted_invoice_url);
  assert.equal(await page.locator(".button-primary").first().evaluate((e) => getComputedStyle(e).borderRadius), "999px");
  assert.deepEqual(page.faults, []);
});

test("a message is said in other words", async (t) => {
  const w = await world;
  const page = await window(t);
  await page.goto(`${w.test}/mail-texts`);
  await page.getByRole("link", { name: "Receipt" }).click();
  await page.getByLabel("Subject").fill("Paid {sum}");
  await page.getByTestId("save").click();
  await page.getByText("There is no {sum} in this message").waitFor();
  await page.getByLabel("Subject").fill("Paid {amount}");
  await page.getByRole("textbox", { name: "Text" }).fill("Thanks, {customer}!");
  await page.frameLocator('iframe[title="The message, narrow"]').getByText("Thanks, Ada Lovelace!").last().waitFor();
  await page.getByTestId("save").click();
  await page.getByText("Your text").waitFor();
  await page.getByTestId("standard").click();
  await page.getByRole("status").getByText("Back to the standard text").waitFor();
});

test("an endpoint is understood and its deliveries sent again", async (t) => {
  const w = await world;
  const page = await window(t);
  await page.goto(`${w.test}/webhooks`);
  await page.getByRole("link", { name: /broken$/ }).click();
  const { data } = await w.call("GET", `/v1/webhook_deliveries?webhook_endpoint=${w.broken.id}`);
  const tried = data.find((delivery) => delivery.attempts.length > 0); // others wait for the one before
  await page.getByTestId("delivery").locator(`a[href$="${tried.id}"]`).first().click();
  await page.getByTestId("attempt").getByText("500").first().waitFor();
  await page.getByTestId("again").click();
  await page.getByRole("status").getByText("on its way again").waitFor();
  await page.goto(`${w.test}/webhooks/${w.endpoint.id}`);
  await page.getByTestId("reveal").click();
  await page.getByTestId("secret").getByText("whsec_").waitFor();
});

test("an extension is made, and is sold at once", async (t) => {
  const w = await world;
  const page = await window(t);
  await page.goto(`${w.test}/extensions`);
  await page.getByLabel("Name").fill("Clipper");
  await page.getByTestId("create").click();
  for (const [plan, amount, unlocks] of [["Free", "0", ""], ["Pro", "4.50", "Export, Short links"]]) {
    if (!await page.locator("#plan_name").isVisible()) await page.getByText("Add a plan").click();
    await page.locator("#plan_name").fill(plan);
    await page.getByLabel("Amount").fill(amount);
    await page.getByLabel(/Unlocks/).fill(unlocks);
    await page.getByTestId("add-plan").click();
    await page.getByRole("status").getByText("on the pages now").waitFor();
  }
  await page.getByText("Grant a plan").click();
  await page.getByLabel("E-mail").fill("friend@example.com");
  await page.getByTestId("give").click();
  await page.getByTestId("grant").getByText("for good").waitFor();
  await page.getByRole("link", { name: "Open its pages" }).click();
  await page.getByText("$4.50").first().waitFor();
});

test("a request is found, understood and sent again", async (t) => {
  const w = await world;
  const page = await window(t);
  await page.goto(`${w.test}/logs`);
  await page.getByLabel("Status").selectOption("402");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  assert.equal(await page.getByTestId("logs").locator("tbody tr").count(), 1);
  await page.getByRole("link", { name: /take this filter away/ }).click();
  assert.ok(await page.getByTestId("logs").locator("tbody tr").count() > 10);
  await page.goto(w.failure.request_log_url);
  await page.getByTestId("log-error").getByText("card_declined").waitFor();
  await page.getByText("Ruby", { exact: true }).click();
  await page.getByText("Stripe::PaymentIntent.create").or(page.getByText("payment_intents.create")).first().waitFor();
  await page.getByRole("button", { name: "Send again" }).click();
  await page.waitForURL("**/dashboard/sbx_*/logs/req_*");
  await page.getByText("in the Dashboard").waitFor();
});

test("requests are seen as they come", async (t) => {
  const w = await world;
  const page = await window(t);
  await page.goto(`${w.test}/logs?path=/v1/coupons`);
  await page.getByRole("button", { name: "Watch live" }).click();
  const id = `live${Date.now()}`;
  const stop = setInterval(() => w.call("POST", "/v1/coupons", { duration: "once", percent_off: "5", name: id }), 300);
  t.after(() => clearInterval(stop));
  await page.getByTestId("logs").locator("tr.fresh").first().waitFor();
  clearInterval(stop);
  await page.getByRole("button", { name: "Stop watching" }).click();
  await page.getByTestId("logs").locator("tbody a").first().click();
  await page.getByTestId("log-answer").getByText(id).waitFor();
});

for (const javaScriptEnabled of [true, false]) {
  test(`a payment is refunded ${javaScriptEnabled ? "with" : "without"} scripts`, async (t) => {
    const w = await world;
    const intent = await w.call("POST", "/v1/payment_intents", { amount: "7700", currency: "usd", confirm: "true", "payment_method_types[]": "card", payment_method: "pm_card_visa" });
    const page = await window(t, { javaScriptEnabled });
    await page.goto(`${w.test}/objects/payment_intent`);
    await page.getByRole("link", { name: intent.id }).click();
    await page.getByTestId("actions").getByRole("link", { name: "Refund" }).click();
    await page.getByLabel("Amount", { exact: false }).first().fill("99.00");
    await page.getByTestId("do").click();
    await page.getByTestId("fault").getByText("greater than").waitFor();
    await page.getByLabel("Amount", { exact: false }).first().fill("7.00");
    await page.getByTestId("do").click();
    await page.waitForURL("**/objects/refund/re_*");
    await page.getByRole("heading", { name: "$7.00 USD" }).waitFor();
    await page.getByRole("link", { name: "The request" }).click();
    await page.getByText("Ada Owner, in the Dashboard").waitFor();
    assert.deepEqual(page.faults.filter((f) => !f.includes("status of 400")), []);
  });
}

test("a view is kept, and forgotten", async (t) => {
  const w = await world;
  const page = await window(t);
  await page.goto(`${w.test}/objects/subscription?status=active`);
  await page.getByText("Save view").click();
  await page.getByLabel("Name of the view").fill("Active ones");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.goto(`${w.test}/objects/subscription`);
  await page.getByRole("link", { name: "Active ones" }).click();
  await page.waitForURL("**status=active");
  await page.getByRole("button", { name: "Delete the view Active ones" }).click();
  assert.equal(await page.getByRole("link", { name: "Active ones" }).count(), 0);
});

test("a clock is advanced to the day that the slider shows", async (t) => {
  const w = await world;
  const page = await window(t);
  await page.goto(`${w.test}/clocks/${w.clock.id}`);
  const slider = page.getByRole("slider", { name: "Days from now" });
  await slider.fill("45");
  assert.match(await page.getByLabel("Until (UTC)").inputValue(), /^2027-03-17T09:00/);
  assert.ok(await page.getByTestId("future").locator(".reached").count() > 0);
  await page.getByRole("button", { name: "Advance" }).click();
  await page.getByTestId("now").getByText("17 March 2027").waitFor();
  await page.getByTestId("past").getByText("invoice.paid").first().waitFor();
  assert.deepEqual(page.faults, []);
});

test("an event shows what changed", async (t) => {
  const w = await world;
  const page = await window(t, { javaScriptEnabled: false });
  await page.goto(`${w.test}/objects/customer/${w.jenny.id}`);
  await page.getByText(/^\d+ changes$/).first().click();
  await page.getByRole("listitem").filter({ hasText: "Jenny Rosen-Lee" }).getByRole("link", { name: "customer.updated", exact: true }).click();
  const row = page.getByTestId("changes").getByRole("row", { name: /^name/ });
  assert.match(await row.innerText(), /Jenny Rosen"[\s\S]*Jenny Rosen-Lee/);
});

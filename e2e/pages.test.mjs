// Every page, narrow and wide, light and dark: how it looks, what axe finds, how much it weighs and how soon it is there.
// SCREENS names a directory that pictures are put into; `make screens` does.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { check, violations } from "./look.mjs";
import { serve } from "./server.mjs";
import { customer } from "./shop.mjs";

const budget = 100 * 1024; // bytes, of all that a page loads
const email = "jenny.rosen@example.com";

// world is a server with a member, what they have, and something to pay.
const world = (async () => {
  const server = await serve({ after });
  const { call } = server;
  await fetch(`${server.url}/pricing`);
  const { data: [extension] } = await call("GET", "/v1/extensions");
  const vat = await call("POST", "/v1/tax_rates", { display_name: "VAT", percentage: "19", inclusive: "false" });
  const buyer = await call("POST", "/v1/customers", { name: "Jenny Rosen", email: "buyer@example.com", "address[line1]": "1 Main Street", "address[city]": "Springfield", "address[country]": "US" });
  await call("POST", "/v1/invoiceitems", { customer: buyer.id, currency: "usd", amount: "12000", description: "ShareSmart Pro for a team" });
  const draft = await call("POST", "/v1/invoices", { customer: buyer.id, pending_invoice_items_behavior: "include", collection_method: "send_invoice", days_until_due: "30", "default_tax_rates[]": vat.id });
  const invoice = await call("POST", `/v1/invoices/${draft.id}/finalize`);
  const session = (params) => call("POST", "/v1/checkout/sessions", { success_url: `${server.url}/`, cancel_url: `${server.url}/`, ...params }).then((s) => s.url);
  const poster = { "line_items[0][price_data][currency]": "usd", "line_items[0][price_data][unit_amount]": "2400", "line_items[0][price_data][product_data][name]": "A poster", "line_items[0][price_data][product_data][description]": "In A2, on matt paper", "line_items[0][quantity]": "2" };
  const wait = await call("POST", "/v1/payment_intents", { amount: "2000", currency: "eur", confirm: "true", payment_method: "pm_card_threeDSecure2Required", "payment_method_types[]": "card", return_url: `${server.url}/` });
  return {
    ...server, extension, invoice: invoice.hosted_invoice_url, challenge: wait.next_action.redirect_to_url.url,
    pay: await session({ mode: "payment", allow_promotion_codes: "true", ...poster }),
    subscribe: await session({ mode: "subscription", "line_items[0][price]": extension.prices[0], "line_items[0][quantity]": "1", "subscription_data[trial_period_days]": "14" }),
    save: await session({ mode: "setup", currency: "usd" }),
  };
})();

// subscriber is a customer with a subscription, whom a portal shows all that they may do.
const subscriber = (async () => {
  const { call, extension } = await world;
  const { id } = await call("POST", "/v1/customers", { name: "Jenny Rosen", email: "subscriber@example.com", payment_method: "pm_card_visa", "invoice_settings[default_payment_method]": "pm_card_visa" });
  await call("POST", "/v1/subscriptions", { customer: id, "items[0][price]": extension.prices[0] });
  const portal = await call("POST", "/v1/billing_portal/configurations", {
    "features[invoice_history][enabled]": "true", "features[payment_method_update][enabled]": "true", "features[subscription_cancel][enabled]": "true",
    "features[customer_update][enabled]": "true", "features[customer_update][allowed_updates][]": "email",
  });
  return { id, portal: portal.id };
})();

// member is a window in which a member is signed in, on the free plan or on Pro.
async function member(t, options, plan) {
  const { url } = await world;
  const page = await customer(t, options);
  await page.goto(`${url}/signup?plan=${plan}`);
  await page.getByTestId("email").fill(email);
  await page.getByTestId("signup").click();
  if (plan === "free") return page;
  await page.getByLabel("Card number").fill("4242424242424242");
  await page.getByLabel("Expiry").fill("1234");
  await page.getByLabel("Security code").fill("123");
  await page.getByLabel("Name on the card").fill("Jenny Rosen");
  await page.getByTestId("pay").click();
  await page.getByRole("heading", { name: /Congratulations/ }).waitFor();
  return page;
}

// pages are all that somebody can see, by name: where it is, who sees it, and what they do there first.
const pages = {
  start: { at: "/" }, pricing: { at: "/pricing" }, "pricing-yearly": { at: "/pricing?interval=year" }, "from-extension": { at: "/from-extension" },
  signup: { at: "/signup?plan=sharesmart_pro_monthly" },
  "signup-wrong": { at: "/signup?plan=free", deed: (page) => page.getByTestId("signup").click() },
  "after-payment": { at: "/after-payment", who: "free" }, download: { at: "/download" }, login: { at: "/login" },
  "login-code": { at: "/login", deed: async (page) => { await page.getByTestId("email").fill(`${crypto.randomUUID()}@example.com`); await page.getByTestId("send-code").click(); await page.getByTestId("digits").waitFor(); } },
  "login-link": { at: "/login/link?token=x" }, "account-free": { at: "/account", who: "free" }, "account-pro": { at: "/account", who: "pro" },
  upgrade: { at: "/upgrade", who: "free" }, "upgrade-free": { at: "/upgrade?plan=sharesmart_pro_monthly", who: "free" },
  "upgrade-yearly": { at: "/upgrade?plan=sharesmart_pro_yearly", who: "pro" }, "downgrade": { at: "/upgrade?plan=free", who: "pro" },
  shares: { at: "/account/shares", who: "pro" }, "delete-account": { at: "/account/delete", who: "pro" },
  collection: { at: async ({ call }) => {
    const { data: [owner] } = await call("GET", "/v1/customers?limit=1");
    return (await call("POST", "/v1/shares", { customer: owner.id, title: "Reading for the train", "items[0][url]": "https://example.com/bread?from=a+very+long+address+that+goes+on+and+on", "items[0][title]": "A recipe for good bread", "items[1][url]": "https://example.org/garden" })).url;
  } },
  "not-found": { at: "/s/nothing" },
  "checkout-payment": { at: (w) => w.pay }, "checkout-subscription": { at: (w) => w.subscribe }, "checkout-setup": { at: (w) => w.save },
  portal: { at: async ({ call }) => (await call("POST", "/v1/billing_portal/sessions", { customer: (await subscriber).id, configuration: (await subscriber).portal })).url },
  invoice: { at: (w) => w.invoice },
  receipt: { at: async ({ call }) => {
    const paid = await call("POST", "/v1/payment_intents", { amount: "2000", currency: "eur", confirm: "true", payment_method: "pm_card_visa", "payment_method_types[]": "card", description: "A poster" });
    return (await call("GET", `/v1/charges/${paid.latest_charge}`)).receipt_url;
  } }, challenge: { at: (w) => w.challenge }, outbox: { at: "/outbox" },
};

for (const colorScheme of ["light", "dark"]) {
  for (const width of colorScheme === "light" ? [320, 390, 1280] : [390, 1280]) {
    test(`all pages at ${width} px, ${colorScheme}`, async (t) => {
      const w = await world;
      const options = { colorScheme, locale: "en-US", viewport: { width, height: width > 600 ? 800 : 740 } };
      const people = { nobody: await customer(t, options), free: await member(t, options, "free"), pro: await member(t, options, "sharesmart_pro_monthly") };
      const { data: [owner] } = await w.call("GET", "/v1/customers?limit=1");
      await w.call("POST", "/v1/shares", { customer: owner.id, title: "A recipe for good bread", "items[0][url]": "https://example.com/bread" });
      for (const [name, { at, who, deed }] of Object.entries(pages)) {
        await t.test(name, async () => {
          const page = people[who ?? "nobody"];
          const address = typeof at === "string" ? at : await at(w);
          await page.goto(new URL(address, w.url).href);
          await deed?.(page);
          if (process.env.SCREENS && width > 320) await page.screenshot({ path: `${process.env.SCREENS}/${name}-${width}-${colorScheme}.png`, fullPage: true });
          await check(page, `${name}-${width}-${colorScheme}`);
          if (width === 1280 || (width === 390 && colorScheme === "light")) assert.deepEqual(await violations(page), []);
        });
      }
    });
  }
}

test("pages are light, and there at once", async (t) => {
  const w = await world;
  const people = { nobody: await customer(t), free: await member(t, {}, "free"), pro: await member(t, {}, "sharesmart_pro_monthly") };
  for (const [name, { at, who }] of Object.entries(pages)) {
    const page = people[who ?? "nobody"];
    const address = new URL(typeof at === "string" ? at : await at(w), w.url).href;
    await page.goto("about:blank");
    await page.goto(address);
    const { bytes, paint } = await page.evaluate(async () => ({
      paint: await new Promise((painted) => new PerformanceObserver((list) => painted(list.getEntries()[0].startTime)).observe({ type: "paint", buffered: true })),
      bytes: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((sum, e) => sum + e.decodedBodySize, 0),
    }));
    t.diagnostic(`${name}: ${(bytes / 1024).toFixed(1)} KB, first paint after ${paint.toFixed(0)} ms`);
    assert.ok(bytes <= budget, `${name} weighs ${bytes} bytes`);
  }
});

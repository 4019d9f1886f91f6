// The reference of the API as readers use it: with and without scripts, by keyboard, narrow and wide, light and dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, screen, violations } from "./look.mjs";
import { api, customer } from "./shop.mjs";

const pages = ["/docs/api", "/docs/api/coupons", "/docs/api/confirmation_tokens", "/docs/api/payment_intents/parts/create/payment_method_options/card"];
const budget = 150 * 1024; // bytes as they are sent, of all that a page loads

for (const [width, colorScheme] of [[320, "light"], [390, "dark"], [1280, "light"], [1280, "dark"]]) {
  test(`the reference at ${width} px, ${colorScheme}`, async (t) => {
    const page = await customer(t, { colorScheme, locale: "en-US", viewport: { width, height: 800 } });
    for (const path of pages) {
      await page.goto(api + path);
      const name = `reference${path.slice(9).replaceAll("/", "-")}-${width}-${colorScheme}`;
      if (!path.includes("/parts/")) await screen(page, name);
      await check(page, name);
      if (width > 320) assert.deepEqual(await violations(page), [], path);
    }
    assert.deepEqual(page.faults, []);
  });
}

test("its pages are light as they are sent", async (t) => {
  for (const path of [...pages, "/docs/api/payment_intents", "/docs/api/invoices"]) {
    const page = await customer(t);
    await page.goto(api + path);
    const bytes = await page.evaluate(() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((sum, e) => sum + e.transferSize, 0));
    assert.ok(bytes > 0 && bytes <= budget, `${path} weighs ${bytes} bytes`);
  }
});

test("without scripts: from the overview to an operation, its languages, and what is within a field", async (t) => {
  const page = await customer(t, { javaScriptEnabled: false, locale: "en-US", viewport: { width: 390, height: 800 } });
  await page.goto(`${api}/docs/api`);
  await page.getByRole("link", { name: "Payment intents", exact: true }).click();
  await page.getByRole("heading", { name: "Payment intents", level: 1 }).waitFor();
  const create = page.locator("#create");
  await create.getByRole("link", { name: "Python" }).click();
  assert.ok(page.url().endsWith("?lang=python#create"));
  assert.match(await create.getByRole("region", { name: "Create a payment intent in Python" }).innerText(), /stripe\.PaymentIntent\.create/);
  const shipping = page.locator("[id='create.shipping'] > details");
  assert.equal(await page.locator("[id='create.shipping.name']").isVisible(), false);
  await shipping.locator("summary").click();
  assert.equal(await page.locator("[id='create.shipping.name']").isVisible(), true);
  await page.locator("[id='create.payment_method_options'] a[data-more]").click();
  await page.getByRole("heading", { name: "payment_method_options", level: 1 }).waitFor();
  await page.locator("[id='create.payment_method_options.card'] a[data-more]").click();
  await page.locator("[id='create.payment_method_options.card.capture_method']").waitFor();
  await page.getByRole("link", { name: "back to where it is" }).click();
  await page.getByRole("link", { name: "back to where it is" }).click();
  assert.ok(page.url().endsWith("/docs/api/payment_intents#create.payment_method_options"));
});

test("with scripts: what is within a field opens in its place, by keyboard, and its address leads back to it", async (t) => {
  const page = await customer(t, { locale: "en-US", viewport: { width: 1280, height: 800 } });
  await page.goto(`${api}/docs/api/payment_intents`);
  const more = page.locator("[id='create.payment_method_options'] a[data-more]");
  await more.focus();
  await page.keyboard.press("Enter");
  const card = page.locator("[id='create.payment_method_options.card']");
  await card.waitFor();
  const summary = page.locator("[id='create.payment_method_options'] > details > summary");
  assert.equal(await summary.evaluate((e) => e === document.activeElement), true);
  await page.keyboard.press("Enter");
  assert.equal(await card.isVisible(), false);
  assert.ok(page.url().endsWith("/docs/api/payment_intents"));

  await page.goto(`${api}/docs/api/customers#create.address.city`);
  assert.equal(await page.locator("[id='create.address.city']").isVisible(), true);
  assert.deepEqual(page.faults, []);
});

test("languages are tabs of all samples at once, by keyboard too, and are remembered", async (t) => {
  const page = await customer(t, { locale: "en-US", viewport: { width: 1280, height: 800 } });
  await page.goto(`${api}/docs/api/customers`);
  const of = (id) => page.locator(`#${id}`);
  const shown = (id) => of(id).getByRole("tabpanel").locator("pre").innerText();
  await of("create").getByRole("tab", { name: "Node" }).click();
  assert.match(await shown("create"), /stripe\.customers\.create\(/);
  assert.match(await shown("delete"), /stripe\.customers\.del\(/);
  await page.keyboard.press("ArrowRight");
  assert.match(await shown("create"), /sc\.V1Customers\.Create\(/);
  assert.equal(await of("create").getByRole("tab", { name: "Go" }).evaluate((e) => e === document.activeElement), true);
  await page.keyboard.press("End");
  assert.match(await shown("update"), /Stripe::Customer\.update\(/);
  await page.goto(`${api}/docs/api/invoices`);
  assert.match(await shown("pay"), /Stripe::Invoice\.pay\(/);
});

test("on a wide screen the code stays in the window while one reads the operation, and on a narrow one is below", async (t) => {
  const page = await customer(t, { locale: "en-US", viewport: { width: 1280, height: 800 } });
  await page.goto(`${api}/docs/api/customers`);
  await page.evaluate(() => document.getElementById("create.shipping").scrollIntoView());
  const code = page.locator("#create .aside .code").first();
  const box = await code.boundingBox();
  assert.ok(box.y >= 0 && box.y < 100, `the code is at ${box.y}`);
  await page.setViewportSize({ width: 390, height: 800 });
  const below = await page.evaluate(() => document.querySelector("#create .aside").getBoundingClientRect().top - document.querySelector("#create .about").getBoundingClientRect().bottom);
  assert.ok(below >= 0, `the code is ${below} px below the text`);
});

test("whether a page helped is asked, and kept", async (t) => {
  const page = await customer(t, { locale: "en-US" });
  await page.goto(`${api}/docs/api/coupons`);
  await page.getByTestId("helpful-yes").click();
  await page.getByText("Thanks. It was helpful to you.").waitFor();
  assert.ok(page.url().includes("/docs/api/coupons"));
});

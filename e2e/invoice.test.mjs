// The page of an invoice: a customer reads it, pays it, and takes the files along.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { check } from "./look.mjs";
import { call, customer } from "./shop.mjs";

// bill makes an open invoice over 2,380.00.
async function bill(params = {}, who = {}, item = {}) {
  const buyer = await call("POST", "/v1/customers", {
    name: "Jenny Rosen GmbH", email: "jenny@example.com", "address[line1]": "Unter den Linden 1", "address[postal_code]": "10117", "address[city]": "Berlin", "address[country]": "DE", ...who,
  });
  const vat = await call("POST", "/v1/tax_rates", { display_name: "VAT", percentage: "19", inclusive: "false" });
  for (const [description, amount] of [["ShareSmart Pro", "120000"], ["A day of consulting about how a team of people who work in many places at the same time can share what they read", "80000"]]) {
    await call("POST", "/v1/invoiceitems", { customer: buyer.id, currency: "eur", amount, description, ...item });
  }
  const draft = await call("POST", "/v1/invoices", {
    customer: buyer.id, currency: "eur", pending_invoice_items_behavior: "include", collection_method: "send_invoice", days_until_due: "30", "default_tax_rates[]": vat.id,
    description: "Thank you for your order.", "custom_fields[0][name]": "Purchase order", "custom_fields[0][value]": "PO-0815", ...params,
  });
  return call("POST", `/v1/invoices/${draft.id}/finalize`);
}

async function fill(page, number) {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Expiry").fill("1234");
  await page.getByLabel("Security code").fill("123");
}

const button = (page) => page.getByTestId("invoice-pay");
const headline = (page) => page.getByRole("heading", { level: 1 });
const status = async (invoice) => (await call("GET", `/v1/invoices/${invoice.id}`)).status;
const tries = async (invoice) => (await call("GET", `/v1/charges?customer=${invoice.customer}`)).data.length;

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";

  test(`pay, ${how}`, async (t) => {
    const invoice = await bill();
    const page = await customer(t, { javaScriptEnabled });
    await page.goto(invoice.hosted_invoice_url);
    assert.match(await headline(page).innerText(), /^€2,380\.00 due /);
    await fill(page, "4242424242424242");
    await button(page).click();
    await page.getByTestId("invoice-standing").waitFor();
    assert.match(await headline(page).innerText(), /^€2,380\.00 paid on /);
    assert.equal(page.url(), invoice.hosted_invoice_url);
    assert.equal(await status(invoice), "paid");
    assert.deepEqual(page.faults, []);

    await page.reload();
    assert.equal(await button(page).count(), 0);
    assert.equal(await tries(invoice), 1);
  });

  test(`declined, then paid, ${how}`, async (t) => {
    const invoice = await bill();
    const page = await customer(t, { javaScriptEnabled });
    await page.goto(invoice.hosted_invoice_url);
    await fill(page, "4000000000009995");
    await button(page).click();
    const number = page.getByLabel("Card number");
    await page.locator("#number-fault").waitFor();
    assert.match(await page.title(), /^Error: /);
    assert.equal(await number.inputValue(), "");
    assert.equal(await number.getAttribute("aria-invalid"), "true");
    assert.match(await page.locator(`#${await number.getAttribute("aria-describedby")}`).innerText(), /does not have enough money/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "number");
    assert.equal(await status(invoice), "open");
    await fill(page, "4242424242424242");
    await button(page).click();
    await page.getByTestId("invoice-standing").waitFor();
    assert.equal(await status(invoice), "paid");
    assert.equal(await tries(invoice), 2);
  });

  for (const [deed, paid] of [["Complete authentication", true], ["Fail authentication", false], ["Cancel", false]]) {
    test(`3D Secure: ${deed}, ${how}`, async (t) => {
      const invoice = await bill();
      const page = await customer(t, { javaScriptEnabled });
      await page.goto(invoice.hosted_invoice_url);
      await fill(page, "4000002500003155");
      await button(page).click();
      await page.getByRole("button", { name: deed }).click();
      if (paid) {
        await page.getByTestId("invoice-standing").waitFor();
        assert.equal(page.url(), invoice.hosted_invoice_url);
        assert.equal(await status(invoice), "paid");
        return;
      }
      await page.locator("#number-fault").waitFor();
      assert.equal(await status(invoice), "open");
      await fill(page, "4242424242424242");
      await button(page).click();
      await page.getByTestId("invoice-standing").waitFor();
      assert.equal(await status(invoice), "paid");
    });
  }
}

test("a double click pays once", async (t) => {
  const invoice = await bill();
  const page = await customer(t, { javaScriptEnabled: false });
  await page.goto(invoice.hosted_invoice_url);
  await fill(page, "4242424242424242");
  await button(page).dblclick();
  await page.getByTestId("invoice-standing").waitFor();
  assert.equal(await tries(invoice), 1);
});

test("the back button leads to what is true", async (t) => {
  const invoice = await bill();
  const page = await customer(t);
  await page.goto(invoice.hosted_invoice_url);
  await fill(page, "4242424242424242");
  await button(page).click();
  await page.getByTestId("invoice-standing").waitFor();
  await page.goBack();
  if (await button(page).count()) { // the browser may show what it kept
    await fill(page, "4242424242424242");
    await button(page).click();
  }
  await page.getByTestId("invoice-standing").waitFor();
  assert.equal(await tries(invoice), 1);
});

test("typing a card", async (t) => {
  const invoice = await bill();
  const page = await customer(t);
  await page.goto(invoice.hosted_invoice_url);
  const typed = async (label, text) => {
    const field = page.getByLabel(label);
    await field.fill("");
    await field.pressSequentially(text);
    return field.inputValue();
  };
  assert.equal(await typed("Card number", "4242424242424242"), "4242 4242 4242 4242");
  assert.equal(await typed("Card number", "378282246310005"), "3782 822463 10005");
  assert.equal(await typed("Expiry", "9"), "09");
  assert.equal(await typed("Expiry", "1234"), "12 / 34");
  assert.equal(await typed("Security code", "1a2b3c4d5"), "1234");
  const number = page.getByLabel("Card number");
  await number.fill("4242 4242 4242");
  await number.press("Home");
  await number.pressSequentially("55");
  assert.equal(await number.inputValue(), "5542 4242 4242 42");
  assert.equal(await number.evaluate((field) => field.selectionStart), 2);
  assert.deepEqual(page.faults, []);
});

test("by keyboard alone", async (t) => {
  const invoice = await bill();
  const page = await customer(t);
  await page.goto(invoice.hosted_invoice_url);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // skips to the payment
  await page.keyboard.press("Tab");
  await page.keyboard.type("4242424242424242");
  await page.keyboard.press("Tab");
  await page.keyboard.type("1234");
  await page.keyboard.press("Tab");
  await page.keyboard.type("123");
  await page.keyboard.press("Enter");
  await page.getByTestId("invoice-standing").waitFor();
  assert.equal(await status(invoice), "paid");
});

test("the files", async (t) => {
  const invoice = await bill();
  await call("POST", `/v1/invoices/${invoice.id}/pay`, { paid_out_of_band: "true" });
  const page = await customer(t);
  await page.goto(invoice.hosted_invoice_url);
  for (const [id, name] of [["invoice-pdf", "Invoice"], ["invoice-receipt", "Receipt"]]) {
    const coming = page.waitForEvent("download");
    await page.getByTestId(id).click();
    const file = await coming;
    assert.equal(file.suggestedFilename(), `${name}-${invoice.number}.pdf`);
    assert.equal((await readFile(await file.path())).subarray(0, 5).toString(), "%PDF-");
  }
});

const states = {
  open: () => bill(),
  german: () => bill({}, { "preferred_locales[]": "de" }),
  paid: async () => call("POST", `/v1/invoices/${(await bill()).id}/pay`, { paid_out_of_band: "true" }),
  void: async () => call("POST", `/v1/invoices/${(await bill()).id}/void`),
  uncollectible: async () => call("POST", `/v1/invoices/${(await bill()).id}/mark_uncollectible`),
  credited: async () => {
    const coupon = await call("POST", "/v1/coupons", { name: "Autumn", percent_off: "25", duration: "forever" });
    const invoice = await bill({}, {}, { "discounts[0][coupon]": coupon.id });
    await call("POST", "/v1/credit_notes", { invoice: invoice.id, amount: "38000" });
    return invoice;
  },
};

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 390, 1280]) {
    test(`an invoice fits ${width} px, ${colorScheme}`, async (t) => {
      const page = await customer(t, { viewport: { width, height: width > 600 ? 800 : 740 }, colorScheme });
      for (const [state, make] of Object.entries(states)) {
        await page.goto((await make()).hosted_invoice_url);
        await check(page, `invoice-${state}-${width}-${colorScheme}`);
        for (const target of await page.locator("button, a.button, form input:not([type=hidden])").all()) {
          assert.ok((await target.boundingBox()).height >= 44, `${state}: something is too small to touch`);
        }
      }
      assert.deepEqual(page.faults, []);

      const wrong = await bill();
      await page.goto(wrong.hosted_invoice_url);
      await button(page).click();
      await page.locator("#cvc-fault").waitFor();
      await page.getByText("Test cards", { exact: true }).click();
      await check(page, `invoice-wrong-${width}-${colorScheme}`);
      await page.goto(wrong.hosted_invoice_url);
      await fill(page, "4000002500003155");
      await button(page).click();
      await page.getByRole("button", { name: "Complete authentication" }).waitFor();
      await page.goto(wrong.hosted_invoice_url);
      await page.getByRole("link", { name: "Go on at your bank" }).waitFor();
      await check(page, `invoice-waiting-${width}-${colorScheme}`);
      await page.goto(`${wrong.hosted_invoice_url}x`);
      await check(page, `invoice-gone-${width}-${colorScheme}`);
    });
  }
}

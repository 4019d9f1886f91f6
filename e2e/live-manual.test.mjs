// Real money without a card here: paid by hand, with nobody who takes cards; and new cards on the page of an invoice and in the
// portal, which only Stripe sees.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, violations } from "./look.mjs";
import { liveClient, seller, serve } from "./server.mjs";
import { customer } from "./shop.mjs";

const looks = [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]];
const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");

// looked looks at a page in both widths and themes. What takes its theme when it is loaded, such as the field of a processor, is
// loaded again.
async function looked(page, name, load = () => {}) {
  const before = page.viewportSize();
  for (const [width, colorScheme] of looks) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await load();
    await check(page, `${name}-${width}-${colorScheme}`);
    assert.deepEqual(await violations(page), [], `${name}-${width}-${colorScheme}`);
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: "light" });
}

// office is a window in which the owner of a server is signed in.
async function office(t, server) {
  const page = await customer(t, { locale: "en-US" });
  await page.goto(server.setUp);
  await page.getByLabel("Your name").fill("Ada Owner");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill("a horse and a battery");
  await page.getByTestId("set-up").click();
  await page.waitForURL("**/dashboard/test/");
  return page;
}

for (const javaScriptEnabled of [true, false]) {
  test(`buy Pro by bank transfer ${javaScriptEnabled ? "with" : "without"} JavaScript`, async (t) => {
    const server = await serve(t, "--live");
    const call = await liveClient(server);
    const desk = await office(t, server);
    await desk.goto(`${server.url}/dashboard/ways-to-pay`);
    await desk.getByLabel("Name").fill("Bank transfer");
    await desk.getByLabel("Instructions").fill("ShareSmart Ltd\nIBAN DE89 3704 0044 0532 0130 00\nBIC COBADEFF370");
    await desk.getByTestId("add-way").click();
    await desk.getByText("Saved.").waitFor();

    const page = await customer(t, { javaScriptEnabled });
    await page.goto(`${server.url}/signup?plan=sharesmart_pro_monthly`);
    await page.getByTestId("email").fill("jenny@example.com");
    await page.getByTestId("signup").click();
    await page.getByText("Bank transfer").waitFor();
    assert.equal(await page.getByLabel("Card number").count(), 0);
    if (javaScriptEnabled) await looked(page, "manual-checkout");
    await page.getByTestId("pay").click();
    await page.getByTestId("instructions").waitFor();
    assert.match(await page.getByTestId("instructions").innerText(), /IBAN DE89/);
    const reference = await page.getByTestId("hand-reference").innerText();
    if (javaScriptEnabled) await looked(page, "manual-invoice");
    await page.getByLabel("Your reference").fill("Jenny R, Monday");
    await page.getByTestId("proof").setInputFiles({ name: "transfer.png", mimeType: "image/png", buffer: picture });
    await page.getByTestId("tell").click();
    await page.getByTestId("told").waitFor();
    if (javaScriptEnabled) await looked(page, "manual-told");
    await page.getByTestId("go-on").click();
    await page.getByTestId("awaited").waitFor();
    if (javaScriptEnabled) await looked(page, "manual-after-payment");
    assert.equal((await call("GET", "/v1/subscriptions?status=active")).data.length, 0);

    await desk.goto(`${server.url}/dashboard/manual-payments`);
    const row = desk.getByTestId("waiting");
    assert.match(await row.innerText(), /Jenny R, Monday/);
    if (javaScriptEnabled) await looked(desk, "manual-waiting");
    await row.getByRole("link", { name: reference }).click();
    if (javaScriptEnabled) await looked(desk, "manual-mark");
    await desk.getByLabel("Note").fill("Statement of Monday");
    await desk.getByLabel("Proof").setInputFiles({ name: "statement.png", mimeType: "image/png", buffer: picture });
    await desk.getByTestId("mark-paid").click();
    await desk.getByText("The invoice is paid.").waitFor();
    if (javaScriptEnabled) {
      await looked(desk, "manual-paid");
      await desk.goto(`${server.url}/dashboard/ways-to-pay`);
      await looked(desk, "ways-to-pay");
    }
    const [sub] = (await call("GET", "/v1/subscriptions?status=active")).data;
    assert.equal(sub.livemode, true);
    assert.equal(sub.collection_method, "send_invoice");
    await page.goto(`${server.url}/account`);
    assert.match(await page.getByTestId("plan").innerText(), /Pro/);
    assert.equal(await page.getByTestId("awaited").count(), 0);
    assert.deepEqual([...page.faults, ...desk.faults], []);
  });
}

// A checkout of one payment: bought by bank transfer, marked as paid, and given back.
test("buy once by bank transfer", async (t) => {
  const server = await serve(t, "--live");
  const call = await liveClient(server);
  const desk = await office(t, server);
  await desk.goto(`${server.url}/dashboard/ways-to-pay`);
  await desk.getByLabel("Name").fill("Bank transfer");
  await desk.getByLabel("Instructions").fill("IBAN DE89 3704 0044 0532 0130 00");
  await desk.getByTestId("add-way").click();
  await desk.getByText("Saved.").waitFor();
  const session = await call("POST", "/v1/checkout/sessions", {
    mode: "payment", success_url: `${server.url}/`, "line_items[0][price_data][currency]": "usd", "line_items[0][price_data][unit_amount]": "4900",
    "line_items[0][price_data][product_data][name]": "Lifetime licence", "line_items[0][quantity]": "1",
  });

  const page = await customer(t);
  await page.goto(session.url);
  await page.getByLabel("E-mail").fill("jenny@example.com");
  await page.getByText("Bank transfer").waitFor();
  await looked(page, "manual-once-checkout");
  await page.getByTestId("pay").click();
  await page.getByTestId("instructions").waitFor();
  assert.match(await page.getByTestId("instructions").innerText(), /IBAN DE89/);
  assert.match(await page.locator("body").innerText(), /\$49\.00/);
  const reference = await page.getByTestId("hand-reference").innerText();
  const ordered = await call("GET", `/v1/checkout/sessions/${session.id}`);
  assert.deepEqual([ordered.status, ordered.payment_status], ["complete", "unpaid"]);
  const invoice = await call("GET", `/v1/invoices/${ordered.invoice}`);
  assert.deepEqual([invoice.status, invoice.number, invoice.amount_due, invoice.customer_email], ["open", reference, 4900, "jenny@example.com"]);

  await desk.goto(`${server.url}/dashboard/manual-payments`);
  await desk.getByTestId("waiting").getByRole("link", { name: reference }).click();
  await desk.getByTestId("mark-paid").click();
  await desk.getByText("The invoice is paid.").waitFor();
  assert.equal((await call("GET", `/v1/checkout/sessions/${session.id}`)).payment_status, "paid");
  const told = async () => (await call("GET", "/v1/events?limit=100")).data.map((event) => event.type);
  assert.ok((await told()).includes("checkout.session.async_payment_succeeded"));
  await page.goto(invoice.hosted_invoice_url);
  await page.getByText("Nothing is left to pay").waitFor();

  await desk.getByTestId("give-back").click();
  await desk.getByText("Written down, with a credit note").waitFor();
  const [note] = (await call("GET", `/v1/credit_notes?invoice=${invoice.id}`)).data;
  assert.deepEqual([note.total, note.refunds[0].type], [4900, "payment_record_refund"]);
  assert.ok((await told()).includes("credit_note.created"));
  assert.deepEqual([...page.faults, ...desk.faults], []);
});

// typed types a card into the processor's field on a page.
async function typed(page, number) {
  const field = page.getByTestId("remote");
  await field.getByLabel("Card number").fill(number);
  await field.getByLabel("Expir").fill("1234");
  await field.getByLabel("Security code").fill("123");
  await field.getByLabel("Country").selectOption("US");
  await field.getByLabel("Postal code").fill("10117");
}

async function reload(page) {
  await page.reload();
  await page.getByTestId("remote").getByLabel("Card number").waitFor();
}

test("pay an invoice with a card that only Stripe sees", async (t) => {
  const { bank, server, call } = await seller(t);
  const who = (await call("POST", "/v1/customers", { email: "jenny@example.com", name: "Jenny" })).id;
  await call("POST", "/v1/invoiceitems", { customer: who, amount: "2000", currency: "usd", description: "A year of Pro" });
  const draft = await call("POST", "/v1/invoices", { customer: who, collection_method: "send_invoice", days_until_due: "14", pending_invoice_items_behavior: "include" });
  const invoice = await call("POST", `/v1/invoices/${draft.id}/finalize`);
  const page = await customer(t);
  const sent = [];
  page.on("request", (request) => request.url().startsWith(server.url) && sent.push(request.postData() ?? ""));
  await page.goto(invoice.hosted_invoice_url);
  await page.getByTestId("remote").getByLabel("Card number").waitFor();
  await looked(page, "live-invoice", () => reload(page));
  await typed(page, "4000000000009995");
  await page.getByTestId("invoice-pay").click();
  await page.getByText("not have enough money").first().waitFor();
  await page.getByTestId("remote").getByLabel("Card number").waitFor();
  await typed(page, "4000000000003220");
  await page.getByTestId("invoice-pay").click();
  await page.waitForURL(`${bank.url}/authenticate/**`);
  await page.getByRole("button", { name: "Complete" }).click();
  await page.getByText("Nothing is left to pay").waitFor();
  const after = await call("GET", `/v1/invoices/${invoice.id}`);
  assert.equal(after.status, "paid");
  assert.ok(!sent.join().includes("4000000000"), "the number of a card came to the seller");
  assert.deepEqual(page.faults.filter((fault) => !fault.includes("402")), []);
});

test("save a card in the portal that only Stripe sees", async (t) => {
  const { bank, server, call } = await seller(t);
  const who = (await call("POST", "/v1/customers", { email: "jenny@example.com", name: "Jenny" })).id;
  const allowed = await call("POST", "/v1/billing_portal/configurations", { "features[payment_method_update][enabled]": "true", "features[invoice_history][enabled]": "true" });
  const { url } = await call("POST", "/v1/billing_portal/sessions", { customer: who, configuration: allowed.id, return_url: "https://shop.example/" });
  const page = await customer(t);
  await page.goto(`${url}/payment-methods/new`);
  await page.getByTestId("remote").getByLabel("Card number").waitFor();
  await looked(page, "live-portal", () => reload(page));
  await typed(page, "4000000000000002");
  await page.getByTestId("save-card").click();
  await page.getByText("The card was declined").first().waitFor();
  for (const [number, challenged] of [["4242424242424242", false], ["4000002760003184", true]]) {
    await page.goto(`${url}/payment-methods/new`);
    await page.getByTestId("remote").getByLabel("Card number").waitFor();
    await typed(page, number);
    await page.getByTestId("save-card").click();
    if (challenged) {
      await page.waitForURL(`${bank.url}/authenticate/**`);
      await page.getByRole("button", { name: "Complete" }).click();
    }
    await page.getByTestId("done").waitFor();
    const saved = await call("GET", `/v1/customers/${who}`);
    const method = await call("GET", `/v1/payment_methods/${saved.invoice_settings.default_payment_method}`);
    assert.equal(method.card.last4, number.slice(-4));
  }
  assert.deepEqual(page.faults.filter((fault) => !fault.includes("402")), []);
});

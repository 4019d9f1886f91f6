// The member's way, with the real extension in a real browser, on a server of the test's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SMTPServer } from "smtp-server";
import { again, load, popup, unpackedFrom, visit } from "./extension.mjs";
import { violations } from "./look.mjs";
import { serve } from "./server.mjs";
import { customer } from "./shop.mjs";

const email = "jenny@example.com";
const wide = { width: 1280, height: 900 };
const badge = (page, name) => page.locator("header .badge").getByText(name).waitFor();

// pay fills in the checkout page.
async function pay(site, number = "4242424242424242") {
  const another = site.getByLabel("Another card");
  if (await another.count()) await another.check();
  await site.getByLabel("Card number").fill(number);
  await site.getByLabel("Expiry").fill("1234");
  await site.getByLabel("Security code").fill("123");
  await site.getByLabel("Name on the card").fill("Jenny Rosen");
  await site.getByTestId("pay").click();
}

// house is the extension of the server itself, whose members are on a test clock from now on.
async function house(server) {
  await fetch(`${server.url}/pricing`); // which makes it
  const { data: [extension] } = await server.call("GET", "/v1/extensions");
  const now = Math.floor(Date.now() / 1000);
  const clock = await server.call("POST", "/v1/test_helpers/test_clocks", { frozen_time: now });
  await server.call("POST", `/v1/extensions/${extension.id}`, { test_clock: clock.id });
  const advance = (days) => server.call("POST", `/v1/test_helpers/test_clocks/${clock.id}/advance?wait=true`, { frozen_time: now + days * 86400 });
  return { clock: clock.id, advance };
}

// signUp goes from the popup's button to the page of a plan.
async function signUp(browser, page, plan) {
  await page.getByTestId("go-account").click();
  const [site] = await Promise.all([browser.context.waitForEvent("page"), page.getByRole("button", { name: "Sign up" }).click()]);
  await site.setViewportSize(wide);
  await site.getByRole("heading", { name: "From Extension" }).waitFor();
  await site.getByTestId(`plan-${plan}`).click();
  await site.getByTestId("email").fill(email);
  await site.getByTestId("signup").click();
  return site;
}

test("Pro from the extension, without a network, through a failed renewal to Free, and back", async (t) => {
  const server = await serve(t);
  const { advance, clock } = await house(server);
  const browser = await load(t, await unpackedFrom(t, server.url));
  const article = await visit(browser, `${server.url}/pricing?utm_source=mail`);
  const page = await popup(browser, article);
  const site = await signUp(browser, page, "pro");
  await pay(site);
  await site.getByRole("heading", { name: "You're all set" }).waitFor(); // paired without typing
  await again(page, article);
  await badge(page, "Pro");
  await page.getByTestId("short").click();
  await page.getByText("This is your short link.").waitFor();
  for (const part of ["go-history", "go-account"]) {
    await page.getByTestId(part).click();
    assert.deepEqual(await violations(page), []);
  }
  await again(page, article);
  assert.deepEqual(await violations(page), []);
  await page.getByTestId("short").click();
  await page.getByText("This is your short link.").waitFor();
  const short = await page.getByLabel("Link").inputValue();
  assert.ok(short.startsWith(`${server.url}/s/`));

  await server.stop();
  await again(page, article);
  await page.getByText("Offline. Your plan goes on.").waitFor();
  await badge(page, "Pro"); // the signed token says so
  await badge(page, "Pro"); // the signed token says so
  await server.start();

  const { data: [sub] } = await server.call("GET", `/v1/subscriptions?test_clock=${clock}`);
  const bad = await server.call("POST", "/v1/payment_methods/pm_card_chargeCustomerFail/attach", { customer: sub.customer });
  await server.call("POST", `/v1/subscriptions/${sub.id}`, { default_payment_method: bad.id });
  await advance(32);
  assert.equal((await server.call("GET", `/v1/subscriptions/${sub.id}`)).status, "past_due");
  await again(page, article);
  await badge(page, "Pro"); // the grace of the tries
  await page.getByTestId("go-account").click();
  await page.getByText(/payment failed/i).waitFor();
  await site.goto(`${server.url}/account`);
  await site.getByText("Your last payment failed.").waitFor();
  await advance(64);
  assert.equal((await server.call("GET", `/v1/subscriptions/${sub.id}`)).status, "canceled");
  await again(page, article);
  await badge(page, "Free");

  await site.goto(`${server.url}/upgrade`);
  await site.getByTestId("choice-month").check();
  await site.getByTestId("show-price").click();
  await site.getByTestId("confirm").click();
  await pay(site);
  await site.getByRole("heading", { name: "You're all set" }).waitFor();
  await again(page, article);
  await badge(page, "Pro");
  assert.deepEqual(page.faults, []);
});

test("Free first, then Pro, then a year of it with what is left of the month", async (t) => {
  const server = await serve(t);
  const { advance } = await house(server);
  const browser = await load(t, await unpackedFrom(t, server.url));
  const article = await visit(browser, `${server.url}/pricing`);
  const page = await popup(browser, article);
  const site = await signUp(browser, page, "free");
  await site.getByRole("heading", { name: "You're all set" }).waitFor();
  await again(page, article);
  await badge(page, "Free");

  await advance(5);
  await site.goto(`${server.url}/upgrade`);
  await site.getByTestId("choice-month").check();
  await site.getByTestId("show-price").click();
  assert.equal(await site.getByTestId("due").innerText(), "$5.00");
  await site.getByTestId("confirm").click();
  await pay(site);
  await site.getByRole("heading", { name: "You're all set" }).waitFor();
  await again(page, article);
  await badge(page, "Pro");

  await advance(20);
  await site.goto(`${server.url}/upgrade`);
  await site.getByTestId("choice-year").check();
  await site.getByTestId("show-price").click();
  const due = await site.getByTestId("due").innerText();
  await site.getByTestId("confirm").click();
  await site.getByText("Your plan was changed.").waitFor();
  const { data: invoices } = await server.call("GET", "/v1/invoices");
  assert.equal(`$${(invoices[0].amount_paid / 100).toFixed(2)}`, due, "what was shown is what was paid");
  assert.deepEqual(invoices[0].lines.data.map((line) => Math.sign(line.amount)), [-1, 1], "the rest of the month is credited");

  await site.getByTestId("cancel").click();
  await site.getByTestId("resume").click();
  await site.getByText("Your plan goes on.").waitFor();
});

test("a second browser logs in with the code of a real mail", async (t) => {
  let got;
  const arrived = new Promise((resolve) => (got = resolve));
  const post = new SMTPServer({
    authOptional: true, disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (part) => (text += part)).on("end", () => {
        if (/^Subject: Sign in to/m.test(text)) got({ to: session.envelope.rcptTo.map((to) => to.address), text });
        done();
      });
    },
  });
  await new Promise((listening) => post.listen(0, "127.0.0.1", listening));
  t.after(() => new Promise((closed) => post.close(closed)));
  const server = await serve(t, "--smtp", `smtp://127.0.0.1:${post.server.address().port}?starttls=off`, "--mail-from", "ShareSmart <no-reply@shop.example>");
  const dir = await unpackedFrom(t, server.url);
  const first = await load(t, dir);
  const site = await signUp(first, await popup(first, await visit(first, `${server.url}/pricing`)), "free");
  await site.getByRole("heading", { name: "You're all set" }).waitFor();

  const second = await load(t, dir);
  const page = await popup(second, await visit(second, `${server.url}/pricing`));
  await page.getByTestId("go-account").click();
  await page.getByLabel("E-mail").fill(email);
  await page.keyboard.press("Enter");
  const mail = await arrived;
  assert.deepEqual(mail.to, [email]);
  await page.getByLabel("Code", { exact: true }).fill(mail.text.match(/\b\d{6}\b/)[0]);
  await badge(page, "Free");
  assert.deepEqual(page.faults, []);
});

test("no page gives Pro to who has not paid", async (t) => {
  const server = await serve(t);
  const page = await customer(t, { viewport: wide });
  await page.goto(`${server.url}/signup?plan=sharesmart_pro_monthly`);
  await page.getByTestId("email").fill(email);
  await page.getByTestId("signup").click();
  await page.getByTestId("pay").waitFor();
  const session = page.url().split("/").at(-1);
  await page.goto(`${server.url}/after-payment?session_id=${session}`);
  await page.getByText("Your payment has not arrived yet.").waitFor();
  await page.goto(`${server.url}/account`);
  assert.equal(await page.getByTestId("plan").innerText(), "ShareSmart Free");

  const who = await server.call("POST", "/v1/customers", { email: "other@example.com", payment_method: "pm_card_visa", "invoice_settings[default_payment_method]": "pm_card_visa" });
  const { data: [extension] } = await server.call("GET", "/v1/extensions");
  await server.call("POST", "/v1/subscriptions", { customer: who.id, "items[0][price]": extension.prices[0] });
  const { data: [invoice] } = await server.call("GET", `/v1/invoices?customer=${who.id}`);
  for (const path of [`/invoices/${invoice.id}`, `/invoices/${invoice.id}/pdf`, `/account/invoices/${invoice.id}`]) {
    assert.ok([401, 404].includes((await page.goto(server.url + path)).status()), `${path} is shown to somebody else`);
  }
  await page.goto(`${server.url}/account`);
  assert.ok(!(await page.content()).includes(invoice.number));
});

for (const javaScriptEnabled of [true, false]) {
  test(`the whole way on the pages, ${javaScriptEnabled ? "with" : "without"} scripts`, async (t) => {
    const server = await serve(t);
    const page = await customer(t, { viewport: wide, javaScriptEnabled });
    await page.goto(server.url);
    await page.getByRole("link", { name: "See the plans" }).click();
    await page.getByRole("button", { name: /^Yearly/ }).click();
    await page.getByText("$48.00", { exact: true }).waitFor();
    await page.getByTestId("plan-pro").click();
    await page.getByTestId("email").fill("nobody");
    await page.getByTestId("signup").click();
    assert.equal(await page.getByTestId("email").getAttribute("aria-invalid"), "true");
    await page.getByTestId("email").fill(email);
    await page.getByTestId("signup").dblclick();
    await pay(page);
    await page.getByRole("heading", { name: "Congratulations, you are 1 step away!" }).waitFor();
    assert.equal((await server.call("GET", `/v1/customers?email=${email}`)).data.length, 1);
    const coming = page.waitForEvent("download");
    await page.getByTestId("download-chromium").click();
    assert.equal((await coming).suggestedFilename(), "sharesmart-chromium.zip");
    await page.getByRole("link", { name: "Account" }).click();
    await page.getByTestId("change-card").click();
    await pay(page, "5555555555554444");
    await page.getByText("Your card was saved.").waitFor();
    await page.getByText("Mastercard •••• 4444").waitFor();
    await page.getByTestId("log-out").click();
    await page.getByRole("heading", { name: "Share the page you are on" }).waitFor();
    await page.goto(`${server.url}/account`);
    await page.getByRole("heading", { name: "Log in" }).waitFor();
  });
}

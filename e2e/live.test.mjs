// Real money: the page of the checkout with the field of Stripe's script, where another server stands for Stripe.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "./look.mjs";
import { seller } from "./server.mjs";
import { customer } from "./shop.mjs";

async function toCheckout(t, server) {
  const page = await customer(t);
  await page.goto(`${server.url}/signup?plan=sharesmart_pro_monthly`);
  await page.getByTestId("email").fill("jenny@example.com");
  await page.getByTestId("signup").click();
  await page.getByTestId("remote").getByLabel("Card number").waitFor();
  return page;
}

async function type(page, number) {
  const field = page.getByTestId("remote");
  await field.getByLabel("Card number").fill(number);
  await field.getByLabel("Expir").fill("1234");
  await field.getByLabel("Security code").fill("123");
  await page.getByLabel("Name on the card").fill("Jenny Rosen");
  await page.locator("select[name=billing-country]").selectOption("DE");
  await page.getByTestId("pay").click();
}

test("buy Pro with a card that only Stripe sees", async (t) => {
  const { bank, server, call } = await seller(t);
  const page = await toCheckout(t, server);
  const sent = [];
  page.on("request", (request) => request.url().startsWith(server.url) && sent.push(request.postData() ?? ""));
  for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.reload();
    await page.getByTestId("remote").getByLabel("Card number").waitFor();
    await check(page, `live-checkout-${width}-${colorScheme}`);
  }
  await type(page, "4000000000009995");
  await page.getByText("not have enough money").first().waitFor({ timeout: 10000 }).catch(async (error) => {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/live-stuck.png`, fullPage: true });
    throw error;
  });
  await type(page, "4000000000003220");
  await page.waitForURL(`${bank.url}/authenticate/**`);
  await page.getByRole("button", { name: "Complete" }).click();
  await page.getByRole("heading", { name: "Congratulations" }).waitFor();
  const [sub] = (await call("GET", "/v1/subscriptions?status=active")).data;
  assert.equal(sub.livemode, true);
  assert.ok(!sent.join().includes("4000000000"), "the number of a card came to the seller");
  assert.deepEqual(page.faults.filter((fault) => !fault.includes("402")), []);
});

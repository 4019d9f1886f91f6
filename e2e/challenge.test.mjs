// The page that next_action leads to: a customer completes, fails or cancels, and comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "./look.mjs";
import { api, call, card, customer, open, publishable, waiting } from "./shop.mjs";

const outcomes = [
  { button: "Complete authentication", came: "succeeded", status: "succeeded", code: undefined },
  { button: "Fail authentication", came: "failed", status: "requires_payment_method", code: "payment_intent_authentication_failure" },
  { button: "Cancel", came: "failed", status: "requires_payment_method", code: "payment_intent_authentication_failure" },
];

for (const javaScriptEnabled of [true, false]) {
  for (const { button, came, status, code } of outcomes) {
    test(`${button}, ${javaScriptEnabled ? "with" : "without"} scripts`, async (t) => {
      const { url } = await open(t);
      const intent = await waiting("payment_intents", { ...card, return_url: `${url}/done?order=7` });
      const page = await customer(t, { javaScriptEnabled });
      await page.goto(intent.page);
      assert.match(await page.locator("body").innerText(), /€20\.00/);
      assert.equal((await call("GET", `/v1/payment_intents/${intent.id}`)).status, "requires_action");
      await page.getByRole("button", { name: button }).click();
      await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
      const back = new URL(page.url());
      assert.equal(back.origin + back.pathname, `${url}/done`);
      assert.deepEqual(Object.fromEntries(back.searchParams), {
        order: "7", payment_intent: intent.id, payment_intent_client_secret: intent.client_secret, redirect_status: came,
      });
      const after = await call("GET", `/v1/payment_intents/${intent.id}`);
      assert.equal(after.status, status);
      assert.equal(after.last_payment_error?.code, code);

      const again = await page.goto(intent.page);
      assert.equal(again.status(), 404);
      await page.getByRole("heading", { name: "There is nothing left to do here" }).waitFor();
    });
  }
}

for (const [type, heading] of [["bancontact", "Authorise this payment"], ["ideal", "Authorise this payment"]]) {
  for (const [button, came, status] of [["Authorise test payment", "succeeded", "succeeded"], ["Fail test payment", "failed", "requires_payment_method"]]) {
    test(`${type}: ${button}`, async (t) => {
      const { url } = await open(t);
      const intent = await waiting("payment_intents", {
        "payment_method_types[]": type, "payment_method_data[type]": type, "payment_method_data[billing_details][name]": "Jenny", return_url: `${url}/done`,
      });
      const page = await customer(t);
      await page.goto(intent.page);
      await page.getByRole("heading", { name: heading }).waitFor();
      await page.getByRole("button", { name: button }).click();
      await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get("redirect_status"), came);
      assert.equal((await call("GET", `/v1/payment_intents/${intent.id}`)).status, status);
    });
  }
}

test("a setup", async (t) => {
  const { url } = await open(t);
  const intent = await waiting("setup_intents", { ...card, return_url: `${url}/done` });
  const page = await customer(t);
  await page.goto(intent.page);
  await page.getByRole("button", { name: "Complete authentication" }).click();
  await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("setup_intent"), intent.id);
  assert.equal((await call("GET", `/v1/setup_intents/${intent.id}`)).status, "succeeded");
});

// The shop shows the page in a frame or a window of its own and hears how it ended.
const listens = `<p id="heard"></p><script>
  addEventListener("message", (event) => { document.getElementById("heard").textContent = JSON.stringify([event.origin, event.data]); });
</script>`;

for (const place of ["frame", "window"]) {
  test(`in a ${place} of the shop`, async (t) => {
    const intent = await waiting("payment_intents", { ...card });
    const within = place === "frame" ? `<iframe src="${intent.page}"></iframe>` : `<button onclick="window.open('${intent.page}')">Pay</button>`;
    const { url } = await open(t, { "/pay": listens + within });
    const page = await customer(t);
    await page.goto(`${url}/pay`);
    let challenge = page.frameLocator("iframe");
    if (place === "window") {
      const opened = page.waitForEvent("popup");
      await page.getByRole("button", { name: "Pay" }).click();
      challenge = await opened;
    }
    await challenge.getByRole("button", { name: "Complete authentication" }).click();
    await challenge.getByRole("heading", { name: "Thank you" }).waitFor();
    const heard = page.locator("#heard");
    await page.waitForFunction(() => document.getElementById("heard").textContent !== "");
    assert.deepEqual(JSON.parse(await heard.textContent()), [api, {
      type: "sharesmart.authentication", object: "payment_intent", id: intent.id, redirect_status: "succeeded",
    }]);
    assert.equal((await call("GET", `/v1/payment_intents/${intent.id}`)).status, "succeeded");
  });
}

test("a shop's page pays with a publishable key", async (t) => {
  const { url } = await open(t);
  const intent = await call("POST", "/v1/payment_intents", { amount: "2000", currency: "eur", "payment_method_types[]": "card", "metadata[cost]": "12" });
  const page = await customer(t);
  await page.goto(`${url}/pay`);
  const confirmed = await page.evaluate(async ({ target, form }) => {
    const answer = await fetch(target, { method: "POST", body: new URLSearchParams(form) });
    return { status: answer.status, request: answer.headers.get("Request-Id"), body: await answer.json() };
  }, {
    target: `${api}/v1/payment_intents/${intent.id}/confirm`,
    form: { key: publishable, client_secret: intent.client_secret, payment_method: "pm_card_threeDSecure2Required", return_url: `${url}/done`, guid: "a" },
  });
  assert.equal(confirmed.status, 200);
  assert.match(confirmed.request, /^req_/);
  assert.equal(confirmed.body.status, "requires_action");
  assert.equal("metadata" in confirmed.body, false);
  await page.goto(confirmed.body.next_action.redirect_to_url.url);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // the first control completes
  await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
  assert.equal((await call("GET", `/v1/payment_intents/${intent.id}`)).status, "succeeded");
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 390, 1280]) {
    test(`fits ${width} px, ${colorScheme}`, async (t) => {
      const { url } = await open(t);
      const size = { viewport: { width, height: width > 600 ? 800 : 740 }, colorScheme };
      const intent = await waiting("payment_intents", { ...card, return_url: `${url}/done`, description: "Order 7: two pounds of tea and a pot" });
      const page = await customer(t, size);
      await page.goto(intent.page);
      await check(page, `challenge-${width}-${colorScheme}`);
      for (const button of await page.getByRole("button").all()) {
        assert.ok((await button.boundingBox()).height >= 44, "a button is too small to touch");
      }
      const alone = await waiting("payment_intents", { ...card });
      await page.goto(alone.page);
      await page.getByRole("button", { name: "Complete authentication" }).click();
      await page.getByRole("heading", { name: "Thank you" }).waitFor();
      await check(page, `done-${width}-${colorScheme}`);
      assert.deepEqual(page.faults, []);
      await page.goto(alone.page);
      await check(page, `gone-${width}-${colorScheme}`);
    });
  }
}

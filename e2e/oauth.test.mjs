// The page on which a seller connects an account to a platform.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, violations } from "./look.mjs";
import { api, call, customer, open } from "./shop.mjs";

// linkTo is where a platform sends its sellers to, and they come back to.
async function linkTo(back) {
  const account = await call("POST", "/v1/accounts", { type: "standard", "business_profile[name]": "Roses" });
  const answer = await fetch(`${api}/v1/payment_intents`, {
    method: "POST", body: new URLSearchParams({ amount: "500", currency: "usd" }), headers: { Authorization: `Bearer ${process.env.E2E_KEY}`, "Stripe-Account": account.id },
  });
  const { application } = await answer.json();
  const asked = new URLSearchParams({ response_type: "code", client_id: application, scope: "read_write", state: "s1", redirect_uri: back, "stripe_user[email]": "jenny@example.com" });
  return { account: account.id, address: `${api}/oauth/authorize?${asked}` };
}

test("a seller connects a new account, or one that is there, or none", async (t) => {
  const shop = await open(t);
  const { account, address } = await linkTo(`${shop.url}/connected`);
  const page = await customer(t, { javaScriptEnabled: false });
  const back = async (button) => {
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
    return Object.fromEntries(new URL(page.url()).searchParams);
  };
  await page.goto(address);
  assert.equal(await page.getByLabel("E-mail address").inputValue(), "jenny@example.com");
  const told = await back("Connect");
  assert.match(told.code, /^ac_/);
  assert.equal(told.state, "s1");
  const made = await call("POST", "/oauth/token", { grant_type: "authorization_code", code: told.code });
  assert.notEqual(made.stripe_user_id, account);
  assert.equal((await call("GET", `/v1/accounts/${made.stripe_user_id}`)).email, "jenny@example.com");

  await page.goto(address);
  await page.getByLabel(account).check();
  const other = await back("Connect");
  assert.equal((await call("POST", "/oauth/token", { grant_type: "authorization_code", code: other.code })).stripe_user_id, account);

  await page.goto(address);
  assert.equal((await back("Do not connect")).error, "access_denied");
  assert.deepEqual(page.faults, []);
});

for (const [width, scheme] of [[320, "light"], [390, "dark"], [1280, "light"], [1280, "dark"]]) {
  test(`the page at ${width} px, ${scheme}`, async (t) => {
    const shop = await open(t);
    const { address } = await linkTo(`${shop.url}/connected`);
    const page = await customer(t, { viewport: { width, height: 800 }, colorScheme: scheme, bypassCSP: true });
    for (const [name, url] of [["oauth", address], ["oauth-refused", `${api}/oauth/authorize?client_id=ca_none`]]) {
      await page.goto(url);
      await check(page, `${name}-${width}-${scheme}`);
      assert.deepEqual(await violations(page), []);
    }
  });
}

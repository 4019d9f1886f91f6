// Stripe's own packages and types, as they are in the registry, with the script of this server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { api, call, customer, open, publishable } from "./shop.mjs";
import { answer, newPayment, pay, script, shopPage, typeCard, visit } from "./stripejs/page.mjs";

// lib serves packages to the shop's page as they are in the registry.
async function lib(page, url, files) {
  await page.route(`${url}/lib/**`, async (route) => {
    const path = files[new URL(route.request().url()).pathname.slice("/lib/".length)];
    await route.fulfill({ contentType: "text/javascript", body: await readFile(new URL(`node_modules/${path}`, import.meta.url), "utf8") });
  });
}

const loads = `import { loadStripe } from "/lib/stripe-js.mjs"; const stripe = await loadStripe("${publishable}");`;
const stripeJs = { "stripe-js.mjs": "@stripe/stripe-js/dist/index.mjs" };

for (const [name, tag, version] of [["a script tag of ours", `<script src="${api}/endive/stripe.js"></script>`, "endive"], ["Stripe's own address answered by this server", "", 3]]) {
  test(`loadStripe, unmodified, with ${name}`, async (t) => {
    const intent = await newPayment();
    const { url } = await open(t, {
      "/pay": `${tag}<h1>Pay</h1><form id="form"><div id="field"></div><button>Pay</button><p id="said"></p></form><script type="module">${loads}
        const card = stripe.elements().create("card", { hidePostalCode: true });
        card.mount("#field");
        document.getElementById("form").onsubmit = async (event) => {
          event.preventDefault();
          document.getElementById("said").textContent = JSON.stringify(await stripe.confirmCardPayment("${intent.client_secret}", { payment_method: { card } }));
        };
      </script>`,
    });
    const page = await customer(t);
    await lib(page, url, stripeJs);
    await page.route("https://js.stripe.com/**", async (route) => {
      const script = await fetch(`${api}/v3/`);
      await route.fulfill({ contentType: "text/javascript", body: await script.text() });
    });
    const warned = [];
    page.on("console", (message) => message.type() === "warning" && warned.push(message.text()));
    await page.goto(`${url}/pay`);
    await typeCard(page);
    await pay(page);
    const { paymentIntent, error } = await answer(page);
    assert.equal(error, undefined);
    assert.equal(paymentIntent.status, "succeeded");
    assert.equal(await page.evaluate(() => Stripe.version), version === 3 ? "endive" : version);
    assert.deepEqual(warned, []);
  });
}

test("react-stripe-js, unmodified", async (t) => {
  const intent = await newPayment();
  const { url } = await open(t, {
    "/pay": `${script}<h1>Pay</h1><div id="root"></div><p id="said"></p>
      <script src="/lib/react.js"></script><script src="/lib/react-dom.js"></script><script src="/lib/react-stripe.js"></script>
      <script type="module">${loads}
        const { Elements, PaymentElement, useStripe, useElements } = ReactStripe;
        const h = React.createElement;
        function Form() {
          const stripe = useStripe(), elements = useElements();
          const submit = async (event) => {
            event.preventDefault();
            const result = await stripe.confirmPayment({ elements, confirmParams: { return_url: location.href }, redirect: "if_required" });
            document.getElementById("said").textContent = JSON.stringify(result);
          };
          return h("form", { onSubmit: submit }, h(PaymentElement, { onReady: (element) => { document.body.dataset.ready = typeof element.collapse; } }), h("button", null, "Pay"));
        }
        const app = h(React.StrictMode, null, h(Elements, { stripe, options: { clientSecret: "${intent.client_secret}", appearance: { theme: "night" } } }, h(Form)));
        ReactDOM.createRoot(document.getElementById("root")).render(app);
      </script>`,
  });
  const page = await customer(t);
  await lib(page, url, { ...stripeJs, "react.js": "react/umd/react.development.js", "react-dom.js": "react-dom/umd/react-dom.development.js", "react-stripe.js": "@stripe/react-stripe-js/dist/react-stripe.umd.js" });
  await page.goto(`${url}/pay`);
  await page.locator("body[data-ready=function]").waitFor();
  await typeCard(page);
  await page.getByTestId("billing-country").selectOption("DE");
  await pay(page);
  assert.equal((await answer(page)).paymentIntent.status, "succeeded");
});

const here = (path) => new URL(path, import.meta.url).pathname;

const compile = (...args) => promisify(execFile)(here("node_modules/.bin/tsc"), args);

test("the script's sources hold to their types", () => compile("-p", here("../internal/web/stripejs/src")));

test("a shop in TypeScript compiles against Stripe's types, and pays", async (t) => {
  const made = await mkdtemp(join(tmpdir(), "stripejs-"));
  t.after(() => rm(made, { recursive: true }));
  await compile("-p", here("stripejs"), "--outDir", made);
  const shop = await readFile(join(made, "shop.js"), "utf8");
  const { url } = await open(t, {
    "/pay": `${script}<script type="importmap">{ "imports": { "@stripe/stripe-js": "/lib/stripe-js.mjs" } }</script><script type="module">${shop}</script>
      <h1>Pay</h1><div id="card"></div><button id="by-card">By card</button><div id="payment"></div><button id="by-element">By element</button><p id="said"></p>`,
  });
  const page = await customer(t);
  await lib(page, url, stripeJs);
  const [declined, byCard, byElement] = await Promise.all([newPayment(), newPayment(), newPayment({ amount: "2500" })]);
  await page.goto(`${url}/pay?${new URLSearchParams({ key: publishable, declined: declined.client_secret, card: byCard.client_secret, element: byElement.client_secret })}`);
  await typeCard(page);
  await page.getByRole("button", { name: "By card" }).click();
  const panel = page.locator("#payment");
  for (const [field, text] of [["card-number", "5555555555554444"], ["card-expiry", "1234"], ["card-cvc", "123"]]) await panel.getByTestId(field).fill(text);
  assert.equal(await panel.getByTestId("billing-country").count(), 0);
  await page.getByRole("button", { name: "By element" }).click();
  assert.deepEqual(await answer(page), {
    same: true, brand: "visa", complete: true, last4: "4242", declined: ["card_error", "card_declined", "generic_decline"], card: "succeeded",
    type: "card", selected: "card", element: "succeeded", again: 2500,
  });
});

// What Stripe.js has and this script does not: bank logins, identity checks, issued cards, orders of another kind, and checkout within the page.
const missing = [
  "collectBankAccountForPayment", "collectBankAccountForSetup", "collectBankAccountToken", "collectFinancialConnectionsAccounts", "createEmbeddedCheckoutPage", "createEphemeralKeyNonce",
  "createRadarSession", "initCheckoutElementsSdk", "initCheckoutFormSdk", "initializePricing", "processOrder", "retrieveOrder", "verifyIdentity",
];

test("all other calls of Stripe.js are there", async (t) => {
  const types = await readFile(here("node_modules/@stripe/stripe-js/dist/stripe-js/stripe.d.ts"), "utf8");
  const stripe = types.slice(types.indexOf("export interface Stripe {"), types.indexOf("export type PaymentIntentResult"));
  const calls = [...new Set([...stripe.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name))];
  assert.ok(calls.length > 70, `only ${calls.length} calls were read`);
  const { page } = await visit(t, { "/pay": shopPage("") });
  const had = await page.evaluate(() => Object.keys(stripe));
  assert.deepEqual(calls.filter((name) => !had.includes(name)).sort(), missing);
});

test("microdeposits are verified in the browser", async (t) => {
  const intent = await call("POST", "/v1/setup_intents", { "payment_method_types[]": "us_bank_account" });
  const { page } = await visit(t, { "/pay": shopPage("") });
  const account = { us_bank_account: { account_holder_type: "individual", account_number: "000123456789", routing_number: "110000000" }, billing_details: { name: "Jenny" } };
  const waits = await page.evaluate(([secret, method]) => stripe.confirmUsBankAccountSetup(secret, { payment_method: method }), [intent.client_secret, account]);
  assert.equal(waits.setupIntent?.next_action.type, "verify_with_microdeposits", JSON.stringify(waits.error));
  const verified = await page.evaluate((secret) => stripe.verifyMicrodepositsForSetup(secret, { amounts: [32, 45] }), intent.client_secret);
  assert.equal(verified.setupIntent?.status, "succeeded", JSON.stringify(verified.error));
});

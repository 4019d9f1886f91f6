// What every test needs: the API with a secret key, a browser, and a shop that customers come from and go back to.
import http from "node:http";
import { after } from "node:test";
import { chromium } from "playwright-core";

export const api = process.env.E2E_URL;
export const publishable = process.env.E2E_PUBLISHABLE;

// call calls the API as a shop's server does. An error of the API is thrown.
export async function call(method, path, params = {}) {
  const form = new URLSearchParams(params);
  const sent = { method, headers: { Authorization: `Bearer ${process.env.E2E_KEY}` } };
  if (method === "POST") sent.body = form;
  const answer = await fetch(api + path, sent);
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(body.error)}`);
  return body;
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
after(() => browser.close());

// open starts a shop whose pages are given by path. It ends with the test.
export async function open(t, pages = {}) {
  const shop = http.createServer((request, response) => {
    const page = pages[request.url.split("?")[0]] ?? "<h1>Back at the shop</h1>";
    response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><title>Shop</title>${page}`);
  });
  await new Promise((listening) => shop.listen(0, "127.0.0.1", listening));
  t.after(() => {
    shop.closeAllConnections();
    shop.close();
  });
  return { url: `http://127.0.0.1:${shop.address().port}` };
}

// customer is a browser window of its own. The server's certificate is of its own making, which Chromium is not told to
// trust.
export async function customer(t, options = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  return page;
}

// waiting makes an intent that waits for its customer, and says where they have to go.
export async function waiting(kind, params) {
  const amount = kind === "payment_intents" ? { amount: "2000", currency: "eur" } : {};
  const intent = await call("POST", `/v1/${kind}`, { ...amount, confirm: "true", ...params });
  const action = intent.next_action;
  if (!action) throw new Error(`${intent.id} is ${intent.status} and waits for nobody`);
  return { ...intent, page: action.redirect_to_url?.url ?? action.use_stripe_sdk.stripe_js };
}

export const card = { payment_method: "pm_card_threeDSecure2Required", "payment_method_types[]": "card" };

// sell makes a product with a price, and says what the price's id is.
export async function sell(name, unit_amount, params = {}) {
  const price = await call("POST", "/v1/prices", { currency: "eur", unit_amount, "product_data[name]": name, ...params });
  return price.id;
}

// checkout begins a session at which a customer pays for one thing, unless it says otherwise.
export async function checkout(url, params = {}) {
  const item = params.mode === "setup" ? { currency: "eur" } : { "line_items[0][price]": params.price ?? (await sell("Tea pot", "2000")), "line_items[0][quantity]": "1" };
  const { price, ...more } = params;
  return call("POST", "/v1/checkout/sessions", { mode: "payment", success_url: `${url}/done?session={CHECKOUT_SESSION_ID}`, cancel_url: `${url}/cart`, ...item, ...more });
}

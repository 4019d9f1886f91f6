// Mail: what customers are written to, as it is in the outbox and as a mail server gets it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { SMTPServer } from "smtp-server";
import { check } from "./look.mjs";
import { api, call, customer } from "./shop.mjs";

// request calls an API with a key, and trusts the server's own authority.
function request({ url, key, ca }, method, path, params = {}) {
  return new Promise((resolve, reject) => {
    const sent = https.request(url + path, { method, ca, headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/x-www-form-urlencoded" } }, (answer) => {
      let body = "";
      answer.on("data", (part) => (body += part)).on("end", () => {
        const object = JSON.parse(body);
        if (answer.statusCode >= 400) reject(new Error(`${method} ${path}: ${JSON.stringify(object.error)}`));
        else resolve(object);
      });
    });
    sent.on("error", reject).end(method === "POST" ? new URLSearchParams(params).toString() : undefined);
  });
}

// until asks again and again, as mail is written after what it tells of was answered.
async function until(ask) {
  for (const end = Date.now() + 20000; Date.now() < end; await new Promise((again) => setTimeout(again, 50))) {
    const found = await ask();
    if (found) return found;
  }
  throw new Error("it did not come about");
}

// sandbox is an environment of the test's own, whose outbox is empty.
async function sandbox(name) {
  const made = await call("POST", "/v1/sandboxes", { name });
  const server = { url: api, key: made.secret_key };
  const post = (path, params) => request(server, "POST", path, params);
  const mails = async (count) => until(async () => {
    const { data } = await request(server, "GET", "/v1/mails?limit=100");
    return data.length >= count && data;
  });
  const end = (path) => request(server, "DELETE", path);
  return { ...made, post, end, mails, outbox: `${api}/outbox?in=${made.id}` };
}

async function buyer(post, params = {}) {
  const { id } = await post("/v1/customers", { name: "Jenny Rosen", email: "jenny@example.com", payment_method: "pm_card_visa", "invoice_settings[default_payment_method]": "pm_card_visa", ...params });
  return id;
}

async function invoice(post, who, params = {}) {
  await post("/v1/invoiceitems", { customer: who, currency: "eur", amount: "120000", description: "ShareSmart Pro, one year" });
  return post("/v1/invoices", { customer: who, currency: "eur", pending_invoice_items_behavior: "include", ...params });
}

// paid is an invoice that was paid by card.
async function paid(post, who) {
  const { id } = await invoice(post, who);
  return post(`/v1/invoices/${id}/pay`);
}

test("a receipt is in the outbox", async (t) => {
  const { post, mails, outbox } = await sandbox("Receipts");
  const page = await customer(t, { javaScriptEnabled: false });
  await page.goto(outbox);
  await page.getByTestId("outbox-empty").waitFor();

  const bill = await paid(post, await buyer(post));
  const [mail] = await mails(1);
  assert.equal(mail.status, "held");
  await page.reload();
  await page.getByRole("link", { name: "Your receipt from" }).click();
  assert.match(await page.getByTestId("outbox-subject").innerText(), /^Your receipt from /);
  assert.equal(await page.getByTestId("outbox-status").innerText(), "held");
  const frame = page.frameLocator("[data-testid=outbox-html]");
  assert.match(await frame.locator("body").innerText(), /We have received €1,200\.00\./);
  assert.equal(await frame.getByRole("link", { name: "View the invoice" }).getAttribute("href"), bill.hosted_invoice_url);
  assert.match(await page.getByTestId("outbox-text").innerText(), new RegExp(`Receipt.*attached|${bill.number}`));
  assert.ok(await page.getByText(`Receipt-${bill.number}.pdf`).isVisible());
  assert.deepEqual(page.faults, []);
});

test("search by address", async (t) => {
  const { post, mails, outbox } = await sandbox("Search");
  await paid(post, await buyer(post));
  await paid(post, await buyer(post, { email: "kim@example.org" }));
  await mails(2);
  const page = await customer(t);
  await page.goto(outbox);
  const shown = page.getByTestId("outbox-mails").getByRole("listitem");
  assert.equal(await shown.count(), 2);
  await page.getByLabel("Address").fill("KIM@");
  await page.keyboard.press("Enter");
  await page.waitForURL(/to=KIM/);
  assert.equal(await shown.count(), 1);
  assert.match(await shown.innerText(), /kim@example\.org/);
  await page.getByLabel("Address").fill("nobody");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByTestId("outbox-empty").waitFor();
  await page.getByRole("link", { name: "All messages" }).click();
  assert.equal(await shown.count(), 2);
});

test("what a customer is called cannot get out of the message", async (t) => {
  const { post, mails, outbox } = await sandbox("Escapes");
  const who = await buyer(post);
  await post("/v1/invoiceitems", { customer: who, currency: "eur", amount: "500", description: "<img src=x onerror=alert(1)><b>Tea</b>" });
  await paid(post, who);
  await mails(1);
  const page = await customer(t);
  page.on("dialog", () => assert.fail("a script ran"));
  await page.goto(outbox);
  await page.getByRole("link", { name: "Your receipt from" }).click();
  const frame = page.frameLocator("[data-testid=outbox-html]");
  await frame.getByText("<img src=x onerror=alert(1)><b>Tea</b>").waitFor();
  assert.equal(await frame.locator("img, b").count(), 0);
});

test("addresses that are not there", async (t) => {
  const page = await customer(t);
  for (const path of ["/outbox/1/mail_none", "/outbox/zzz/mail_none/html", "/outbox?in=sbx_none", "/outbox/1/mail_none/other"]) {
    const answer = await page.goto(api + path);
    assert.equal(answer.status(), 404, path);
    await page.getByRole("heading", { level: 1 }).waitFor();
  }
});

// Everything that customers are written to about by events.
async function everything({ post, end }) {
  const plans = {};
  for (const [name, unit_amount] of [["Pro", "900"], ["Team", "2900"]]) {
    const product = await post("/v1/products", { name: `ShareSmart ${name}` });
    plans[name] = await post("/v1/prices", { product: product.id, currency: "eur", unit_amount, "recurring[interval]": "month" });
  }
  const who = await buyer(post);
  await paid(post, who);
  const sent = await invoice(post, who, { collection_method: "send_invoice", days_until_due: "14" });
  await post(`/v1/invoices/${sent.id}/send`);
  const payment = await post("/v1/payment_intents", { amount: "2000", currency: "eur", customer: who, payment_method: "pm_card_visa", confirm: "true", receipt_email: "jenny@example.com", description: "A poster", "payment_method_types[]": "card" });
  await post("/v1/refunds", { payment_intent: payment.id });
  const sub = await post("/v1/subscriptions", { customer: who, "items[0][price]": plans.Pro.id, trial_period_days: "2" });
  await post(`/v1/subscriptions/${sub.id}`, { "items[0][id]": sub.items.data[0].id, "items[0][price]": plans.Team.id });
  await post(`/v1/subscriptions/${sub.id}`, { cancel_at_period_end: "true" });
  const over = await post("/v1/subscriptions", { customer: who, "items[0][price]": plans.Pro.id });
  await end(`/v1/subscriptions/${over.id}`);
  await post("/v1/payment_methods/pm_card_chargeCustomerFail/attach", { customer: who }).then((pm) => post(`/v1/customers/${who}`, { "invoice_settings[default_payment_method]": pm.id }));
  const unpaid = await invoice(post, who, { auto_advance: "true" });
  await post(`/v1/invoices/${unpaid.id}/pay`).catch(() => {});
}

const german = { "preferred_locales[]": "de", email: "eva@example.de", name: "Eva Müller" };

// full is a sandbox in which customers were written to about everything. It is made once.
let filled;
const full = () => filled ??= (async () => {
  const box = await sandbox("Everything");
  await everything(box);
  await paid(box.post, await buyer(box.post, german));
  return { ...box, all: await box.mails(11) };
})();

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 390, 1280]) {
    test(`the outbox fits ${width} px, ${colorScheme}`, async (t) => {
      const page = await customer(t, { viewport: { width, height: width > 600 ? 800 : 740 }, colorScheme });
      await page.goto((await sandbox(`Empty ${width} ${colorScheme}`)).outbox);
      await check(page, `outbox-empty-${width}-${colorScheme}`);
      const { all, outbox } = await full();
      await page.goto(outbox);
      await check(page, `outbox-list-${width}-${colorScheme}`);
      for (const target of await page.locator("button, input, select, li a").all()) {
        assert.ok((await target.boundingBox()).height >= 44, "something is too small to touch");
      }
      const address = Object.fromEntries(await page.locator("li a").evaluateAll((links) => links.map((link) => [link.href.split("/").at(-1), link.href])));
      await page.goto(address[all[0].id]);
      await check(page, `outbox-mail-${width}-${colorScheme}`);
      for (const mail of all) {
        await page.goto(`${address[mail.id]}/html`);
        await check(page, `mail-${mail.kind}${mail.to.endsWith(".de") ? "-de" : ""}-${width}-${colorScheme}`);
      }
      assert.deepEqual(page.faults, []);
    });
  }
}

// serve runs a server of the test's own.
async function serve(t, data, ...flags) {
  const child = spawn(process.env.BIN, ["serve", "--data", data, "--https", "127.0.0.1:0", "--log-level", "warn", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const said = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const row = line.match(/^ {2}(API|CA file|Secret key|Mail) +(.*)$/);
    if (row) said[row[1]] = row[2];
    if (line.startsWith("  Go ")) break;
  }
  return { url: said.API, key: said["Secret key"], ca: await readFile(said["CA file"]), mail: said.Mail, child };
}

// mailServer keeps what it is sent.
async function mailServer(t, port) {
  const got = [];
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (part) => (text += part)).on("end", () => {
        got.push({ to: session.envelope.rcptTo.map((to) => to.address), text });
        done();
      });
    },
  });
  await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  t.after(() => new Promise((closed) => server.close(closed)));
  return got;
}

test("what was committed is sent, though the server was killed while it was at it", async (t) => {
  const data = await mkdtemp(join(tmpdir(), "mail-"));
  t.after(() => rm(data, { recursive: true, force: true }));
  const silent = net.createServer();
  const reached = new Promise((connected) => silent.once("connection", (socket) => {
    socket.on("error", () => {}); // it is cut off
    connected();
  }));
  await new Promise((listening) => silent.listen(0, "127.0.0.1", listening));
  const { port } = silent.address();
  const flags = ["--smtp", `smtp://127.0.0.1:${port}?starttls=off`, "--mail-from", "ShareSmart <no-reply@shop.example>", "--mail-test"];
  const first = await serve(t, data, ...flags);
  assert.equal(first.mail, `sent by 127.0.0.1:${port}, test mode's as well`);
  const post = (path, params) => request(first, "POST", path, params);
  const bill = await paid(post, await buyer(post));
  await reached;
  first.child.kill("SIGKILL");
  await new Promise((ended) => first.child.once("exit", ended));
  await new Promise((closed) => silent.close(closed));

  const sink = await mailServer(t, port);
  const second = { ...await serve(t, data, ...flags), key: first.key };
  const [mail] = await until(async () => {
    const { data: sent } = await request(second, "GET", "/v1/mails?status=sent");
    return sent.length > 0 && sent;
  });
  assert.equal(sink.length, 1);
  assert.deepEqual(sink[0].to, ["jenny@example.com"]);
  assert.match(sink[0].text, new RegExp(`^Message-ID: <${mail.id}@shop\\.example>`, "im"));
  assert.match(sink[0].text, new RegExp(`filename="?Receipt-${bill.number}\\.pdf`));
});

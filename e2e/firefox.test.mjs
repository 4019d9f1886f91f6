// The extension in Firefox: it is packed for it, loads, and logs itself in on the pages of its server.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import puppeteer from "puppeteer-core";
import { call } from "./shop.mjs";

const server = process.env.E2E_URL;

test("in Firefox, the extension logs itself in", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "firefox-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, "sharesmart.xpi");
  await writeFile(file, Buffer.from(await (await fetch(`${server}/download/sharesmart-firefox.zip`)).arrayBuffer()));
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: process.env.FIREFOX, acceptInsecureCerts: true, headless: true });
  t.after(() => browser.close());
  const id = await browser.installExtension(file);
  assert.ok(id);

  const email = `jenny+${crypto.randomUUID().slice(0, 8)}@example.com`;
  const page = await browser.newPage();
  await page.goto(`${server}/signup?plan=free`);
  await page.locator("[data-testid=email]").fill(email);
  await page.locator("[data-testid=signup]").click();
  await page.waitForSelector("::-p-text(You're all set)");
  const { data: [who] } = await call("GET", `/v1/customers?email=${encodeURIComponent(email)}`);
  const { data: installs } = await call("GET", `/v1/installs?customer=${who.id}`);
  assert.deepEqual(installs.map((one) => [one.status, one.browser]), [["paired", "Firefox"]]);
});

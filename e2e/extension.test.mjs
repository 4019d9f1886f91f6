// The extension in a browser: what anybody, a member on Free, and a member on Pro does with it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { someone } from "../extension/test/server.mjs";
import { again, config, load, members, popup, sample, signedIn, unpacked, visit } from "./extension.mjs";
import { check } from "./look.mjs";
import { call, customer, open } from "./shop.mjs";

const api = process.env.E2E_URL;
const heading = (page, name) => page.getByRole("heading", { level: 1, name });
const link = (page) => page.getByLabel("Link").inputValue();
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());
const account = (page) => page.getByTestId("go-account").click();
const unique = () => `jenny+${crypto.randomUUID().slice(0, 8)}@example.com`;

// home is a browser with the extension and a server of the test's own, over an article.
async function home(t, { email, kind, change, ...options } = {}) {
  const server = await members(t);
  if (kind) server.members[email] = kind;
  const browser = await load(t, await unpacked(t, { other: server.config, change }), options);
  if (kind) {
    server.pages["/account"] = signedIn(email);
    const page = await visit(browser, `${server.url}/account`);
    await page.locator("html[data-sharesmart=paired]").waitFor();
    await page.close();
  }
  const article = await visit(browser, `${server.url}/article?id=7&utm_source=mail&fbclid=x`);
  return { server, browser, article, page: await popup(browser, article) };
}

test("anybody shares a clean link, without an account and without asking the server", async (t) => {
  const { server, browser, page } = await home(t);
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  assert.equal(await link(page), `${server.url}/article?id=7`);
  assert.match(await page.locator("main").innerText(), /Removed: utm_source, fbclid\./);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), "copy", "Enter copies");
  await check(page, "extension-share");
  await page.bringToFront();
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Copied").waitFor();
  assert.equal(await copied(page), `${server.url}/article?id=7`);
  await page.getByRole("button", { name: "Use the original" }).click();
  await page.getByText("This is the link as it was.").waitFor();
  assert.equal(await link(page), `${server.url}/article?id=7&utm_source=mail&fbclid=x`);
  await page.getByRole("button", { name: "Use the clean link" }).click();
  await page.getByText("Removed: utm_source, fbclid.").waitFor();
  const to = await page.getByRole("link", { name: "Bluesky" }).getAttribute("href");
  assert.equal(new URL(to).searchParams.get("text"), `An article about links\n${server.url}/article?id=7`);
  await page.getByTestId("qr").click();
  await page.getByRole("img", { name: `QR code of ${server.url}/article?id=7` }).waitFor();
  await check(page, "extension-qr");
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByTestId("go-history").click();
  await page.getByText("An article about links").waitFor();
  await check(page, "extension-history-visitor");
  await page.getByRole("button", { name: /^Delete/ }).click();
  await page.getByText("The last 20 pages that you share appear here.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("An article about links").waitFor();
  assert.deepEqual(server.calls, []);
  assert.deepEqual(page.faults, []);
});

test("a page of the browser's own: paste a link", async (t) => {
  const { page } = await home(t);
  await page.bringToFront();
  await page.reload();
  await page.getByText("The page here is one of the browser’s own.").waitFor();
  await check(page, "extension-no-page");
  const input = page.getByLabel("Link");
  await input.fill("nonsense");
  await input.blur();
  await page.getByText("Enter the address of a web page").waitFor();
  assert.equal(await input.getAttribute("aria-invalid"), "true");
  await input.fill("https://www.google.com/url?q=https://example.com/a%3Futm_source%3Dx");
  await input.blur();
  await page.getByTestId("copy").waitFor();
  assert.equal(await link(page), "https://example.com/a");
});

test("Mastodon asks for the server once", async (t) => {
  const { page, browser, server } = await home(t);
  await page.getByRole("button", { name: "Mastodon" }).click();
  await page.getByLabel("Your server").fill("nothing");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Enter the address of a server").waitFor();
  await page.getByLabel("Your server").fill("@jenny@fosstodon.org");
  await page.keyboard.press("Enter");
  const to = new URL(await page.getByRole("link", { name: "Mastodon" }).getAttribute("href"));
  assert.equal(to.origin, "https://fosstodon.org");
  assert.equal(to.searchParams.get("text"), `An article about links\n${server.url}/article?id=7`);
  assert.equal(browser.context.pages().length, 3);
});

test("log in with the mailed code, though the popup closes in between", async (t) => {
  const email = "jenny@example.com";
  const { server, page, article } = await home(t);
  server.members[email] = someone.free;
  await page.getByRole("button", { name: "Sign up or log in" }).click();
  await heading(page, "Sign up").waitFor();
  await check(page, "extension-visitor");
  await page.getByRole("button", { name: "Mail me a code" }).click();
  await page.getByText("Enter your e-mail address.").waitFor();
  await page.getByLabel("E-mail").fill("jenny");
  await page.keyboard.press("Enter");
  await page.getByText("Enter an e-mail address such as name@example.com.").waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.keyboard.press("Enter");
  await page.getByLabel("Code", { exact: true }).waitFor();
  await again(page, article); // somebody looks at their mail
  await account(page);
  const code = page.getByLabel("Code", { exact: true });
  assert.equal(await code.evaluate((element) => element === document.activeElement && element.autocomplete), "one-time-code");
  assert.match(await page.locator("main").innerText(), /Send another code in \d+ s/);
  await page.keyboard.insertText("111 111");
  await page.getByText("This code is not right").waitFor();
  await check(page, "extension-code-wrong");
  await page.keyboard.insertText("123 456"); // what is wrong is marked, so that it is replaced
  await page.locator("header .badge").getByText("Free").waitFor();
  assert.equal(server.mailed, email);
  await account(page);
  await page.getByText(email).waitFor();
  await check(page, "extension-free");
  assert.deepEqual(page.faults, []);
});

test("too many codes", async (t) => {
  const { server, page } = await home(t);
  server.busy = true;
  await account(page);
  await page.getByLabel("E-mail").fill("jenny@example.com");
  await page.keyboard.press("Enter");
  await page.getByText("Several codes were sent to this address.").waitFor();
});

test("Free sees what Pro adds, and what it costs", async (t) => {
  const { browser, page } = await home(t, { email: "jenny@example.com", kind: someone.free });
  await page.getByTestId("short").click();
  await heading(page, "Short links with click counts").waitFor();
  await check(page, "extension-pro");
  assert.equal(await page.getByRole("button", { name: /^Get Pro/ }).count(), 1);
  const [opened] = await Promise.all([browser.context.waitForEvent("page"), page.getByRole("button", { name: "Get Pro: €5.00 per month" }).click()]);
  await opened.waitForURL(/\/upgrade\?.*plan=price_pro/);
});

for (const [name, more, expected] of [
  ["trial", { status: "trialing", trial_start: now() - 86400, trial_end: now() + 5 * 86400 - 60 }, /Trial: 5 days/],
  ["past-due", { status: "past_due", past_due: true }, /Your payment failed\. Pro goes on while it is tried again\./],
  ["past-due-ends", { status: "past_due", past_due: true, cancel_at: 4_102_444_800 }, /Your payment failed\. Pro goes on until Jan 1, 2100\./],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name}, ${colorScheme}`, async (t) => {
      const { browser, page } = await home(t, { email: "jenny@example.com", kind: { ...someone.pro, ...more }, colorScheme });
      await page.getByText(expected).waitFor();
      await check(page, `extension-${name}-${colorScheme}`);
      await page.setViewportSize({ width: 320, height: 600 });
      await check(page, `extension-${name}-${colorScheme}-320`);
      if (!more.past_due) return;
      assert.equal(await browser.worker.evaluate(() => chrome.action.getBadgeText({})), "!");
      const [opened] = await Promise.all([browser.context.waitForEvent("page"), page.getByRole("button", { name: "Update the card" }).click()]);
      await opened.waitForURL(/\/account\?/);
    });
  }
}

function now() {
  return Math.floor(Date.now() / 1000);
}

test("offline, it says so and works", async (t) => {
  const { server, page, article } = await home(t, { email: "jenny@example.com", kind: someone.pro });
  server.down = true;
  await again(page, article);
  await page.getByText("Offline. Your plan goes on.").waitFor();
  await page.locator("header .badge").getByText("Pro").waitFor();
  await check(page, "extension-offline");
  await page.getByTestId("short").click();
  await page.getByText("The server cannot be reached.").waitFor();
  await page.getByTestId("go-history").click();
  await page.getByText("The server cannot be reached.").first().waitFor();
  server.down = false;
  await again(page, article);
  await page.locator("header .badge").getByText("Pro").waitFor();
  assert.equal(await page.getByText("Offline").count(), 0);
});

test("Pro: a short link, its clicks, and deleting it with a way back", async (t) => {
  const { server, browser, page, article } = await home(t, { email: "jenny@example.com", kind: someone.pro });
  await page.getByTestId("short").click();
  await page.getByText("This is your short link.").waitFor();
  const [share] = server.shares;
  assert.equal(await link(page), share.url);
  assert.deepEqual(share.items, [{ url: `${server.url}/article?id=7`, title: "An article about links" }]);
  await again(page, article);
  await page.getByTestId("short").click();
  await page.getByText("This is your short link.").waitFor();
  assert.equal(server.shares.length, 1, "a page has one short link");
  Object.assign(share, { clicks: 6, clicks_by_day: [{ day: new Date().toISOString().slice(0, 10), clicks: 6 }] });
  for (let i = 0; i < 25; i++) server.shares.push({ ...share, id: `older_${i}`, title: `An older one ${i}`, clicks: 0, clicks_by_day: [] });
  await page.getByTestId("go-history").click();
  await page.getByText("6 clicks ·").waitFor();
  await page.getByText("Clicks by day").first().click();
  await page.getByRole("img", { name: "Clicks of the last 30 days: 6, at most 6 on a day" }).waitFor();
  assert.equal(await page.locator("rect").count(), 30);
  assert.equal(await page.getByRole("row").count(), 2);
  await check(page, "extension-history");
  assert.equal(await page.locator("[data-share]").count(), 20);
  await page.getByRole("button", { name: "Show more" }).click();
  await page.locator("[data-share=older_24]").waitFor();
  assert.equal(await page.locator("[data-share]").count(), 26);
  assert.ok(await page.getByRole("button", { name: "Show more" }).isHidden());

  const entry = page.locator(`[data-share=${share.id}]`);
  await entry.getByRole("button", { name: /^Delete/ }).click();
  await entry.waitFor({ state: "hidden" });
  await again(page, article);
  await page.getByTestId("go-history").click();
  await page.locator("[data-share=older_0]").waitFor();
  assert.equal(await entry.count(), 0, "it stays away when the popup is opened again");
  assert.equal(server.shares.length, 26);
  await page.locator("[data-share=older_0]").getByRole("button", { name: /^Delete/ }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.locator("[data-share=older_0]").waitFor();
  await browser.worker.evaluate(() => chrome.alarms.onAlarm.dispatch({ name: "shares.delete" })); // half a minute later
  await until(() => !server.shares.some(({ id }) => id === share.id));
  assert.equal(server.shares.length, 25);
  assert.ok(server.shares.some(({ id }) => id === "older_0"));
  assert.deepEqual(page.faults, []);
});

// until waits for something that the background does.
async function until(done) {
  for (const end = Date.now() + 10_000; !(await done()); await new Promise((soon) => setTimeout(soon, 20))) assert.ok(Date.now() < end, "it did not happen");
}

test("Pro: several tabs as one link", async (t) => {
  // A test cannot press the button of the browser that asks for the permission.
  const change = (manifest) => ({ ...manifest, permissions: [...manifest.permissions, "tabs"] });
  const { server, browser, page, article } = await home(t, { email: "jenny@example.com", kind: someone.pro, change });
  server.pages["/other"] = "<title>Another page</title><h1>Other</h1>";
  await visit(browser, `${server.url}/other?gclid=1`);
  await article.bringToFront();
  await page.getByTestId("collect").click();
  await page.getByLabel("Another page").waitFor();
  await check(page, "extension-collection");
  const make = page.getByRole("button", { name: /^Make a collection/ });
  assert.equal(await make.innerText(), "Make a collection of 2 tabs");
  await page.getByLabel("Another page").uncheck();
  await make.click();
  await page.getByText("A collection has at least two web pages.").waitFor();
  await page.getByLabel("Another page").check();
  await page.getByLabel("Title").fill("To read");
  await make.click();
  await page.getByText("Your collection is ready.").waitFor();
  assert.deepEqual(server.shares[0].items.map(({ url }) => url), [`${server.url}/article?id=7`, `${server.url}/other`]);
  assert.equal(server.shares[0].title, "To read");
});

test("tabs are not looked at without a permission", async (t) => {
  const { page } = await home(t, { email: "jenny@example.com", kind: someone.pro });
  await page.getByTestId("collect").click();
  await page.getByRole("button", { name: "Show my tabs" }).waitFor();
  await check(page, "extension-collection-asks");
});

test("devices: one signs the other out", async (t) => {
  const { server, page, article } = await home(t, { email: "jenny@example.com", kind: someone.pro });
  const [own] = Object.values(server.installs);
  server.installs.other = { ...own, id: "other", name: "Firefox on Android", last_seen_at: now() - 3 * 86400 };
  await account(page);
  await page.getByText("Firefox on Android").waitFor();
  await check(page, "extension-devices");
  await page.getByRole("button", { name: "Sign out: Firefox on Android" }).click();
  await page.getByText("Firefox on Android is signed out.").waitFor();
  assert.equal(server.installs.other.status, "revoked");
  own.status = "revoked"; // and is signed out by another one
  await again(page, article);
  await page.getByText("This browser was signed out from another device.").waitFor();
  await check(page, "extension-revoked");
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByLabel("E-mail").waitFor();
});

test("whoever signs out stays so until they mean to log in", async (t) => {
  const { server, browser, page } = await home(t, { email: "jenny@example.com", kind: someone.pro });
  await account(page);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("You are signed out.").waitFor();
  const look = await visit(browser, `${server.url}/account`);
  await page.bringToFront();
  assert.equal(await look.locator("html").getAttribute("data-sharesmart"), null);
  server.pages["/after-payment"] = signedIn("jenny@example.com");
  const buy = await visit(browser, `${server.url}/after-payment`);
  await buy.locator("html[data-sharesmart=paired]").waitFor();
});

test("sign up on the server: the extension logs itself in, and Pro arrives", async (t) => {
  const email = unique();
  const browser = await load(t, await unpacked(t));
  const article = await visit(browser, `${api}/pricing?utm_source=mail`);
  const page = await popup(browser, article);
  assert.equal(await link(page), `${api}/pricing`);
  await account(page);
  const [site] = await Promise.all([browser.context.waitForEvent("page"), page.getByRole("button", { name: "Sign up" }).click()]);
  await site.setViewportSize({ width: 1280, height: 900 });
  await site.getByRole("heading", { name: "From Extension" }).waitFor();
  await site.getByTestId("plan-free").click();
  await site.getByTestId("email").fill(email);
  await site.getByTestId("signup").click();
  await site.getByRole("heading", { name: "You're all set" }).waitFor();
  await again(page, article);
  await page.locator("header .badge").getByText("Free", { exact: true }).waitFor();

  const { extension } = await config();
  await call("POST", "/v1/grants", { extension, email });
  await again(page, article);
  await page.locator("header .badge").getByText("Pro", { exact: true }).waitFor();
  await page.getByTestId("short").click();
  await page.getByText("This is your short link.").waitFor();
  const short = await link(page);
  const followed = await visit(browser, short);
  assert.equal(followed.url(), `${api}/pricing`);
  await page.getByTestId("go-history").click();
  await page.locator("[data-share]").waitFor();
  await account(page);
  await page.getByText("This device").waitFor();
  await check(page, "extension-account");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("You are signed out.").waitFor();
  assert.deepEqual(page.faults, []);
});

test("a member's second browser: the code of the mail, and one browser signs the other out", async (t) => {
  const email = unique();
  const { extension } = await config();
  await call("POST", "/v1/grants", { extension, email });
  const dir = await unpacked(t);
  const pages = [];
  for (let i = 0; i < 2; i++) {
    const browser = await load(t, dir);
    const article = await visit(browser, `${api}/pricing`);
    const page = await popup(browser, article);
    await account(page);
    await page.getByLabel("E-mail").fill(email);
    await page.keyboard.press("Enter");
    await page.getByLabel("Code", { exact: true }).fill(await digits(email, i + 1));
    await page.locator("header .badge").getByText("Pro", { exact: true }).waitFor();
    await account(page);
    pages.push([page, article]);
  }
  const [[first, article], [second]] = pages;
  await second.getByRole("button", { name: /^Sign out: / }).click();
  await second.getByText(/ is signed out\.$/).waitFor();
  await again(first, article);
  await first.getByText("This browser was signed out from another device.").waitFor();
  assert.deepEqual([...first.faults, ...second.faults], []);
});

// digits are those of the last of so many mails with a code to an address.
async function digits(email, count) {
  let mails = [];
  await until(async () => (mails = (await call("GET", `/v1/mails?kind=sign_in_code&to=${encodeURIComponent(email)}`)).data).length >= count);
  return JSON.stringify(mails[0]).match(/\b\d{6}\b/)[0];
}

test("a browser finds nothing to complain about", async (t) => {
  const browser = await load(t, await unpacked(t));
  const page = await visit(browser, "chrome://extensions");
  const info = await page.evaluate(async (id) => (await chrome.developerPrivate.getExtensionsInfo()).find((one) => one.id === id), browser.id);
  assert.deepEqual([info.name, info.manifestErrors, info.runtimeErrors], ["ShareSmart", [], []]);
});

test("a seller's web site: the same script, without an extension", async (t) => {
  const email = unique();
  const to = await config();
  await call("POST", "/v1/grants", { extension: to.extension, email });
  const script = await readFile(new URL("../extension/sharesmart.js/dist/sharesmart.classic.js", import.meta.url), "utf8");
  const site = await open(t, { "/": `<h1>A seller</h1><script>${script}</script><script>const sharesmart = ShareSmart(${JSON.stringify(to)});</script>` });
  const page = await customer(t);
  await page.goto(site.url);
  const user = () => page.evaluate(() => sharesmart.getUser().then(({ email, paid, features, offline }) => ({ email, paid, features, offline })));
  const nobody = { email: null, paid: false, features: [], offline: false };
  const member = { email, paid: true, features: ["collections", "history", "short_links"], offline: false };
  assert.deepEqual(await user(), nobody);
  assert.deepEqual((await page.evaluate(() => sharesmart.getPlans())).map((plan) => [plan.name, plan.interval, plan.unitAmountCents]), [
    ["ShareSmart Free", "month", 0], ["ShareSmart Pro", "month", 500], ["ShareSmart Pro", "year", 4800],
  ]);
  await page.evaluate((email) => sharesmart.login(email), email);
  await page.evaluate((code) => sharesmart.redeem(code), await digits(email, 1));
  await page.reload();
  assert.deepEqual(await user(), member);
  await page.context().setOffline(true);
  assert.deepEqual(await user(), { ...member, offline: true });
  await page.context().setOffline(false);
  await page.evaluate(() => sharesmart.signOut());
  assert.deepEqual(await user(), nobody);
});

test("a seller's extension: pay on the server, and say that the numbers are the same", async (t) => {
  const email = unique();
  const browser = await load(t, await sample(t, await config()));
  const page = await browser.context.newPage();
  await page.goto(`chrome-extension://${browser.id}/popup.html`);
  const who = page.locator("#who");
  await who.getByText("Not logged in").waitFor();
  const [site] = await Promise.all([browser.context.waitForEvent("page"), page.getByRole("button", { name: "Upgrade to export" }).click()]);
  await page.reload();
  await who.getByText("If the page asks").waitFor();
  const number = (await who.innerText()).slice(-2);
  await site.getByTestId("plan-free").click();
  await site.getByTestId("email").fill(email);
  await site.getByTestId("signup").click();
  assert.equal(await site.getByTestId("pairing-number").innerText(), number);
  await site.getByTestId("connect").click();
  await who.getByText(email).waitFor(); // the background noticed
  assert.ok(await page.getByRole("button", { name: "Export", exact: true }).isHidden());
  assert.ok(await page.getByRole("button", { name: "Upgrade to export" }).isVisible());
});

// The search of the documentation as readers use it: by keyboard and by hand, with and without scripts, narrow and wide.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, screen, violations } from "./look.mjs";
import { api, customer } from "./shop.mjs";

const input = (page) => page.getByRole("combobox", { name: "What do you look for?" });
const chosen = (page) => page.getByRole("option", { selected: true });

// reader opens a page of the documentation.
async function reader(t, path = "/docs/request-ids", options = {}) {
  const page = await customer(t, { locale: "en-US", viewport: { width: 1280, height: 800 }, ...options });
  await page.goto(api + path);
  return page;
}

// found waits until the first hit is what it should be.
const found = (page, title) => chosen(page).filter({ hasText: title }).waitFor();

test("a key opens the search, arrows choose, Enter goes, Esc gives the focus back", async (t) => {
  const page = await reader(t);
  await page.getByRole("link", { name: "Pagination" }).first().focus();
  await page.keyboard.press("/");
  assert.equal(await input(page).evaluate((e) => e === document.activeElement), true);
  assert.equal(await input(page).getAttribute("aria-expanded"), "false");
  await page.keyboard.type("customer");
  await found(page, "Customers");
  assert.equal(await input(page).getAttribute("aria-expanded"), "true");
  assert.equal(await input(page).getAttribute("aria-activedescendant"), await chosen(page).getAttribute("id"));
  await page.getByRole("status").filter({ hasText: /^\d+ results$/ }).waitFor({ state: "attached" });

  const names = await page.getByRole("option").locator(".hit-title").allInnerTexts();
  const now = () => chosen(page).locator(".hit-title").innerText();
  await page.keyboard.press("ArrowDown");
  assert.equal(await now(), names[1]);
  await page.keyboard.press("End");
  assert.equal(await now(), names.at(-1));
  await page.keyboard.press("ArrowDown");
  assert.equal(await now(), names[0]);
  await page.keyboard.press("ArrowUp");
  assert.equal(await now(), names.at(-1));
  await page.keyboard.press("Home");
  assert.equal(await now(), names[0]);
  assert.equal(await input(page).evaluate((e) => e === document.activeElement), true);

  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Pagination");

  await page.keyboard.press("Control+k");
  await input(page).fill("card_declined");
  await page.keyboard.press("Enter"); // before the answer is there
  await page.waitForURL("**/docs/errors/card_declined");

  // What was opened is there again, until it is forgotten.
  await page.keyboard.press("/");
  await found(page, "card_declined");
  await page.getByRole("button", { name: "Forget these" }).click();
  assert.equal(await page.getByRole("option").count(), 0);
  assert.deepEqual(page.faults, []);
});

test("a search that finds nothing says so and helps, and one without an answer still goes on", async (t) => {
  const page = await reader(t);
  await page.getByRole("link", { name: "Search" }).click();
  await input(page).fill("zzzqqqxxx");
  await page.getByRole("dialog").getByText("Nothing was found.").waitFor();
  assert.ok(await page.getByRole("dialog").getByRole("link", { name: "Error codes" }).isVisible());
  await page.route("**/docs/search/hits**", (route) => route.abort());
  await input(page).fill("invoice");
  await page.getByRole("dialog").locator("#search-none").getByText("The search does not answer.").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/docs/search?q=invoice");
  await page.getByRole("heading", { name: "Search for “invoice”" }).waitFor();
});

test("keys that work alone can be turned off", async (t) => {
  const page = await reader(t);
  await page.keyboard.press("?");
  const box = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await box.waitFor();
  assert.deepEqual(await violations(page), []);
  await box.getByLabel("Keys work alone").uncheck();
  await page.keyboard.press("Escape");
  await page.reload();
  await page.keyboard.press("/");
  await page.keyboard.press("?");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.keyboard.press("Control+k");
  await input(page).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await box.getByLabel("Keys work alone").check();
  await box.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("/");
  await input(page).waitFor();
  await page.keyboard.type("a/b?"); // what is typed is typed
  assert.equal(await input(page).inputValue(), "a/b?");
});

test("without scripts the search is a page", async (t) => {
  const page = await reader(t, "/docs", { javaScriptEnabled: false });
  await page.getByRole("link", { name: "Search" }).click();
  await page.getByLabel("What do you look for?").first().fill("POST /v1/customers");
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: "POST /v1/customers Create a customer" }).click();
  assert.ok(page.url().endsWith("/docs/api/customers#create"));
});

for (const [width, colorScheme] of [[320, "light"], [390, "dark"], [1280, "dark"]]) {
  test(`the search at ${width} px, ${colorScheme}`, async (t) => {
    const page = await reader(t, "/docs/search?q=subscription", { colorScheme, viewport: { width, height: 800 } });
    await check(page, `docs-search-page-${width}-${colorScheme}`);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Control+k");
    await check(page, `docs-search-empty-${width}-${colorScheme}`);
    assert.deepEqual(await violations(page), []);
    await input(page).fill("customer");
    await found(page, "Customers");
    await screen(page, `docs-search-${width}-${colorScheme}`);
    await check(page, `docs-search-${width}-${colorScheme}`);
    assert.deepEqual(await violations(page), []);
    await page.getByRole("status").filter({ hasText: /results/ }).waitFor({ state: "attached" });
    const small = await page.getByRole("dialog").getByRole("option").evaluateAll((all) => all.filter((e) => e.getBoundingClientRect().height < 24).length);
    assert.equal(small, 0);
  });
}

test("the contents mark what is read, and headings show that they can be led to", async (t) => {
  const page = await reader(t, "/docs/authentication", { viewport: { width: 1280, height: 600 } });
  const last = page.locator(".wide-only .here a").last();
  const name = await last.innerText();
  await last.click();
  await page.locator('.wide-only .here a[aria-current="location"]', { hasText: name }).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction((text) => document.querySelector('.wide-only .here a[aria-current="location"]')?.innerText !== text, name);
  const anchor = page.locator(".prose h2 .anchor").first();
  const sign = () => anchor.evaluate((e) => getComputedStyle(e, "::after").opacity);
  assert.equal(await sign(), "0");
  await anchor.focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  assert.equal(await sign(), "1");
});

test("a page is copied as Markdown", async (t) => {
  const page = await reader(t, "/docs/pagination", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByRole("button", { name: "Copy page as Markdown" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^# Pagination\n[^]*```ruby\n/);
});

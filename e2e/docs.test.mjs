// The documentation as readers use it: with and without scripts, by keyboard, narrow and wide, light and dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, screen, violations } from "./look.mjs";
import { api, call, customer } from "./shop.mjs";

const budget = 150 * 1024; // bytes, of all that a page loads

// sections are all pages that llms.txt lists; of the pages of error codes, which have one form, a few.
const sections = (await (await fetch(`${api}/llms.txt`)).text()).match(/\/docs\/[^)]*(?=\.md\))/g)
  .filter((path) => !path.startsWith("/docs/api")) // which has tests of its own
  .filter((path) => !path.includes("/errors/") || /card_declined|microdeposit_verification_desc|rate_limit/.test(path))
  .map((path) => path.replace(/\/index$/, ""));

const pictured = ["/docs", "/docs/quick-start", "/docs/attributes", "/docs/errors/card_declined"]; // in docs/screens

for (const [width, colorScheme] of [[320, "light"], [390, "dark"], [1280, "light"], [1600, "dark"]]) {
  test(`every section at ${width} px, ${colorScheme}`, async (t) => {
    const page = await customer(t, { colorScheme, locale: "en-US", viewport: { width, height: 800 } });
    assert.ok(sections.length > 14);
    for (const path of [...sections, "/docs/nothing"]) {
      await page.goto(api + path);
      const name = `docs${path.slice(5).replaceAll("/", "-")}-${width}-${colorScheme}`;
      if (pictured.includes(path)) await screen(page, name);
      await check(page, name);
      const wide = await page.evaluate(() => [...document.querySelectorAll("main .prose table")].filter((table) => table.getBoundingClientRect().right > table.closest(".prose").getBoundingClientRect().right + 1).length);
      assert.equal(wide, 0, `${path} has a table that is wider than its column`);
      if (width === 1280 || (width === 390 && sections.indexOf(path) % 5 === 0)) assert.deepEqual(await violations(page), [], path); // a phone shows the same in another frame
    }
  });
}

test("sections are light", async (t) => {
  const page = await customer(t);
  for (const path of sections) {
    await page.goto(api + path);
    const bytes = await page.evaluate(() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((sum, e) => sum + e.decodedBodySize, 0));
    assert.ok(bytes <= budget, `${path} weighs ${bytes} bytes`);
  }
});

test("without scripts: contents, languages, the vote, its words, and taking it back", async (t) => {
  const page = await customer(t, { javaScriptEnabled: false, locale: "en-US", viewport: { width: 390, height: 800 } });
  await page.goto(`${api}/docs`);
  await page.getByText("Contents").click();
  await page.getByRole("link", { name: "Pagination" }).click();
  await page.getByRole("heading", { name: "Pagination", level: 1 }).waitFor();

  await page.getByRole("link", { name: "Python" }).click();
  assert.ok(page.url().endsWith("?lang=python"));
  assert.match(await page.getByRole("region", { name: "Sample in Python" }).innerText(), /auto_paging_iter/);
  assert.equal(await page.getByRole("region", { name: "Sample in curl" }).isVisible(), false);
  await page.getByRole("link", { name: "Next" }).click();
  assert.match(await page.getByRole("region", { name: "Sample in Python" }).innerText(), /CreditNote.retrieve/);

  await page.getByTestId("helpful-no").click();
  await page.getByText("Thanks. It was not helpful to you.").waitFor();
  const words = `What is expand? ${crypto.randomUUID()}`;
  await page.getByLabel("What did you look for?").fill(words);
  await page.getByTestId("helpful-send").click();
  await page.getByText(words).waitFor();
  const votes = async () => (await call("GET", "/v1/docs_votes?section=get-responses&limit=100")).data.filter((vote) => vote.comment === words);
  assert.deepEqual((await votes()).map((vote) => vote.helpful), [false]);
  await page.getByTestId("helpful-undo").click();
  await page.getByText("Was this section helpful?").waitFor();
  assert.deepEqual(await votes(), []);
});

test("with scripts: languages are tabs, by keyboard too, and are remembered", async (t) => {
  const page = await customer(t, { viewport: { width: 1280, height: 800 } });
  await page.goto(`${api}/docs/post-responses`);
  const tab = (name) => page.getByRole("tab", { name });
  const shown = () => page.getByRole("tabpanel").locator("pre").innerText();
  assert.equal(await tab("curl").getAttribute("aria-selected"), "true");
  await tab("Node").click();
  assert.match(await shown(), /creditNotes\.update/);
  await page.keyboard.press("ArrowRight");
  assert.match(await shown(), /^package main/);
  assert.equal(await tab("Go").evaluate((e) => e === document.activeElement), true);
  await page.keyboard.press("End");
  assert.match(await shown(), /^require "stripe"/);
  await page.keyboard.press("ArrowRight");
  assert.match(await shown(), /^curl /);
  await page.keyboard.press("ArrowLeft");
  assert.ok(page.url().endsWith("?lang=ruby"));
  await page.goto(`${api}/docs/upgrade`);
  assert.equal(await tab("Ruby").getAttribute("aria-selected"), "true");
  assert.deepEqual(page.faults, []);
});

test("code is copied as it is shown", async (t) => {
  const page = await customer(t, { locale: "en-US", permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${api}/docs/request-ids?lang=curl`);
  await page.getByRole("button", { name: "Copy", exact: true }).first().click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `curl -i ${api}/v1/balance \\\n  -u sk_test_4eC39HqLyjWDarjtT1zdp7dc:`);
});

test("headings lead to themselves, and the frame keeps the theme and the language", async (t) => {
  const page = await customer(t, { locale: "en-US" });
  await page.goto(`${api}/docs/authentication`);
  await page.getByRole("link", { name: "Bearer", exact: true }).click();
  assert.ok(page.url().endsWith("#bearer"));
  await page.getByRole("button", { name: "Dark" }).click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.getByRole("button", { name: "Deutsch" }).click();
  await page.getByText("War dieser Abschnitt hilfreich?").waitFor();
  assert.ok(page.url().includes("/docs/authentication"));
});

test("on paper it is light, without what can only be pressed, and what can be opened is open", async (t) => {
  const page = await customer(t, { colorScheme: "dark", locale: "en-US", viewport: { width: 794, height: 1123 } });
  await page.goto(`${api}/docs/authentication`);
  await page.getByRole("button", { name: "Dark" }).click();
  for (const path of ["/docs/authentication", "/docs/api/customers"]) {
    await page.goto(api + path);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(246, 247, 249)", path);
    for (const button of await page.locator("a.try, button, .contents, .search-open, form").all()) assert.equal(await button.isVisible(), false, `${path}: ${await button.textContent()}`);
    await check(page, `print${path.replaceAll("/", "-")}`);
    await page.emulateMedia({ media: "screen" });
  }
  await page.emulateMedia({ media: "print" });
  await page.locator("#create\\.address\\.city").waitFor({ state: "visible" });
});

// Trying calls on the pages of the documentation: on a server that shows the demo, where everybody may, and on one where
// nobody is signed in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, violations } from "./look.mjs";
import { serve } from "./server.mjs";
import { api, customer } from "./shop.mjs";

let demo;
test("a server that shows the demo", async (t) => {
  demo = await serve(t, "--demo");
  const widths = [[320, "light"], [1280, "dark"]];

  await t.test("a call is made, answered, and seen in its events, its log and its programs", async (t) => {
    const page = await reader(t, "/docs/api/customers", { permissions: ["clipboard-read", "clipboard-write"] });
    const link = page.getByRole("link", { name: "Try it: Create a customer" });
    await link.click();
    const box = page.getByRole("dialog", { name: "Create a customer" });
    await box.getByText("The first call makes a sandbox for this browser").waitFor();
    await box.getByLabel("email").fill("casey@example.com");
    await box.getByLabel("Another parameter").fill("metadata[team]");
    await page.keyboard.press("Enter");
    assert.equal(await box.getByLabel("metadata[team]").evaluate((e) => e === document.activeElement), true);
    await page.keyboard.type("blue");
    await page.keyboard.press("Enter");
    await box.getByTestId("try-status").filter({ hasText: "200 OK" }).waitFor();
    await page.getByRole("status").filter({ hasText: "Response: 200 OK" }).waitFor({ state: "attached" });
    const answer = JSON.parse(await box.getByRole("region", { name: "Response", exact: true }).innerText());
    assert.equal(answer.email, "casey@example.com");
    assert.deepEqual(answer.metadata, { team: "blue" });
    assert.ok(await box.getByRole("link", { name: "customer.created" }).isVisible());

    // The program is the call, with the reader's own key, which really calls this server.
    await box.locator(".try-code summary", { hasText: "curl" }).scrollIntoViewIfNeeded();
    await box.locator(".try-code details[open]").getByRole("button", { name: "Copy" }).click();
    const program = await page.evaluate(() => navigator.clipboard.readText());
    const key = program.match(/-u (sk_test_\w+):/)[1];
    assert.notEqual(key, "sk_test_4eC39HqLyjWDarjtT1zdp7dc");
    const same = await fetch(`${demo.url}/v1/customers/${answer.id}`, { headers: { Authorization: `Bearer ${key}` } });
    assert.equal((await same.json()).email, "casey@example.com");

    // Its id leads on to it.
    await box.getByRole("link", { name: answer.id }).click();
    await page.getByRole("dialog", { name: "Retrieve a customer" }).waitFor();
    assert.equal(await page.getByRole("dialog").getByLabel("customer").inputValue(), answer.id);
    await page.getByTestId("try-send").click();
    await page.getByRole("dialog").getByText("This call caused no events.").waitFor();

    // Esc gives the focus back, and what was sent is there the next time.
    await page.keyboard.press("Escape");
    assert.equal(await link.evaluate((e) => e === document.activeElement), true);
    await page.reload();
    await link.click();
    assert.equal(await box.getByLabel("email").inputValue(), "casey@example.com");
    assert.equal(await box.getByLabel("metadata[team]").inputValue(), "blue");
    assert.deepEqual(page.faults, []);
  });

  await t.test("keys in samples are masked until one is at them, and copied in full", async (t) => {
    const page = await reader(t, "/docs/try/GetBalance", { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByTestId("try-send").click();
    await page.getByTestId("try-status").filter({ hasText: "200 OK" }).waitFor();
    await page.goto(`${demo.url}/docs/request-ids?lang=curl`);
    const code = page.getByRole("tabpanel").locator("pre");
    await page.mouse.move(0, 0);
    assert.match(await code.innerText(), /-u sk_test_••••\w{4}:/);
    await code.focus();
    assert.match(await code.innerText(), /-u sk_test_\w{90,}:/);
    await page.getByRole("main").focus();
    const toggle = page.getByRole("button", { name: "Show key" }).first();
    assert.equal(await toggle.getAttribute("aria-live"), "polite");
    await toggle.click();
    await page.mouse.move(0, 0);
    await page.getByRole("button", { name: "Hide key" }).waitFor();
    assert.match(await code.innerText(), /-u sk_test_\w{90,}:/);
    await page.getByRole("button", { name: "Hide key" }).click();
    await page.getByRole("button", { name: "Copy", exact: true }).first().click();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /-u sk_test_\w{90,}:$/);
  });

  await t.test("without scripts a call is a form and a page", async (t) => {
    const page = await reader(t, "/docs/post-responses", { javaScriptEnabled: false });
    await page.getByRole("link", { name: "Try it" }).click();
    assert.equal(await page.getByLabel("metadata[order_id]").inputValue(), "6735");
    await page.getByLabel("Another parameter").fill("memo");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByLabel("memo").fill("Thanks.");
    await page.getByTestId("try-send").click();
    await page.getByTestId("try-status").filter({ hasText: "200 OK" }).waitFor();
    assert.ok(await page.getByRole("cell", { name: '"Thanks."' }).isVisible());
    await page.getByTestId("try-start-over").click();
    await page.getByTestId("try-send").waitFor();
  });

  for (const [width, colorScheme] of widths) {
    await t.test(`the form and its answer at ${width} px, ${colorScheme}`, async (t) => {
      const page = await reader(t, "/docs/post-responses", { colorScheme, viewport: { width, height: 800 } });
      await page.locator("[data-try]").first().click();
      await page.getByTestId("try-send").waitFor();
      await check(page, `docs-try-${width}-${colorScheme}`);
      assert.deepEqual(await violations(page), []);
      await page.getByTestId("try-send").click();
      await page.getByTestId("try-status").waitFor();
      await check(page, `docs-try-answer-${width}-${colorScheme}`);
      assert.deepEqual(await violations(page), []);
      await page.goto(`${demo.url}/docs/try/PostCreditNotesId?path:id=nothing`);
      await page.getByTestId("try-send").click();
      await page.getByTestId("try-status").filter({ hasText: "404 Not Found" }).waitFor();
      await check(page, `docs-try-page-${width}-${colorScheme}`);
      assert.deepEqual(await violations(page), []);
    });
  }
});

test("who may not have a sandbox sees the programs instead", async (t) => {
  const page = await customer(t, { locale: "en-US" });
  await page.goto(`${api}/docs/try/PostCustomers`);
  await page.getByText("Calls can be made here by those who are signed in to the Dashboard.").waitFor();
  assert.equal(await page.getByTestId("try-send").count(), 0);
  assert.match(await page.locator(".try-code details[open] pre").innerText(), /^curl .*\/v1\/customers/);
});

// reader opens a page of the demo.
async function reader(t, path, options = {}) {
  const page = await customer(t, { locale: "en-US", viewport: { width: 1280, height: 800 }, ...options });
  await page.goto(demo.url + path);
  return page;
}

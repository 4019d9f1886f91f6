// What people need who use the documentation by keyboard, by ear, enlarged or with little motion: the list that makers of
// documentation are asked for, as tests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { api, customer } from "./shop.mjs";

const pages = ["/docs", "/docs/pagination", "/docs/errors/card_declined", "/docs/search?q=customer", "/docs/try/PostCustomers", "/docs/api/balance"];

async function reader(t, options = {}) {
  return customer(t, { locale: "en-US", viewport: { width: 1280, height: 720 }, ...options });
}

test("every control shows its focus, is large enough to be hit, and is not hidden when it has the focus", async (t) => {
  const page = await reader(t);
  for (const path of pages) {
    await page.goto(api + path);
    await page.keyboard.press("Tab"); // from here on the focus is shown
    const wrong = await page.evaluate(() => {
      const said = [];
      const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
      for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
        if (!shown(e) || e.tabIndex < 0 || e.type === "hidden") continue;
        e.focus({ focusVisible: true });
        const name = e.outerHTML.slice(0, 120);
        if (document.activeElement !== e) {
          said.push(`cannot have the focus: ${name}`);
          continue;
        }
        const style = getComputedStyle(e);
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) said.push(`shows no focus: ${name}`);
        const box = e.getBoundingClientRect();
        const inText = e.closest("p, dd, td, th, h1, h2, h3, article li, pre") && e.tagName === "A";
        if (!inText && e.type !== "checkbox" && (box.height < 24 || box.width < 24)) said.push(`is ${box.width} by ${box.height}: ${name}`);
        const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
        const y = Math.min(Math.max(box.top + Math.min(box.height, 20) / 2, 1), innerHeight - 1);
        const top = document.elementFromPoint(x, y);
        if (top && !e.contains(top) && !top.contains(e)) said.push(`is hidden by ${top.outerHTML.slice(0, 60)}: ${name}`);
      }
      return said;
    });
    assert.deepEqual(wrong, [], path);
  }
});

test("navigations have names, tables have header cells, code can be reached and scrolled by keyboard", async (t) => {
  const page = await reader(t, { viewport: { width: 390, height: 720 } });
  for (const path of [...pages, "/docs/after-payment"]) {
    await page.goto(api + path);
    const names = await page.locator("nav:visible").evaluateAll((all) => all.map((e) => e.getAttribute("aria-label")));
    assert.ok(names.every(Boolean), `${path}: ${names}`);
    assert.equal(new Set(names).size, names.length, `${path}: ${names}`);
    assert.deepEqual(await page.locator("table").evaluateAll((all) => all.filter((e) => !e.querySelector("th")).map((e) => e.outerHTML)), [], path);
    assert.deepEqual(await page.locator("pre").evaluateAll((all) => all.filter((e) => e.tabIndex !== 0 || !e.getAttribute("aria-label")).map((e) => e.outerHTML.slice(0, 80))), [], path);
  }
  await page.goto(`${api}/docs/post-responses?lang=go`);
  const code = page.getByRole("tabpanel").locator("pre");
  await code.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.activeElement.scrollLeft > 0);
});

test("the page can be read at 400 % and nothing moves for who does not want it", async (t) => {
  const page = await reader(t, { viewport: { width: 320, height: 256 }, reducedMotion: "reduce" });
  for (const path of pages) {
    await page.goto(api + path);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), path);
    const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((e) => {
      const style = getComputedStyle(e);
      return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0;
    }).length);
    assert.equal(moving, 0, path);
  }
  await page.keyboard.press("Control+k");
  const box = await page.getByRole("dialog").boundingBox();
  assert.ok(box.x >= 0 && box.width <= 320 && box.y >= 0 && box.y + box.height <= 256);
});

test("the first thing is the way to the content, and the theme is there before anything is drawn", async (t) => {
  const page = await reader(t);
  await page.goto(`${api}/docs/pagination`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.getByRole("button", { name: "Dark" }).click();
  const sent = await (await page.request.get(`${api}/docs/pagination`)).text();
  assert.match(sent, /<html lang="en" data-theme="dark">/);
});

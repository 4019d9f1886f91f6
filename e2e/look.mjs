// How a page looks: what every page must hold to, in each width and theme.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// contrasts are the lowest contrasts on a page between text and what it stands on, by what the text is.
function contrasts() {
  const rgb = (color) => color.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = rgb(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(ground(element))];
    found[element.textContent.trim()] = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }
  return found;
}

// screen takes a picture of what the window shows if SCREENS says where to; `make screens` does.
export async function screen(page, name) {
  const { width } = page.viewportSize();
  if (process.env.SCREENS && (width === 390 || width === 1280)) await page.screenshot({ path: `${process.env.SCREENS}/${name}.png` });
}

const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

// check takes a picture if SHOTS says where to, and measures the page: one heading, a title, nothing wider than the window, text
// that can be read on what it stands on.
export async function check(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
  assert.equal(await page.locator("h1").count(), 1);
  assert.ok(await page.title());
  assert.ok(await fits(page), `${name} is wider than the window`);
  const size = page.viewportSize();
  if (size.width === 1280) { // a window between the two widths that pages are looked at in
    await page.setViewportSize({ ...size, width: 900 });
    assert.ok(await fits(page), `${name} is wider than a window of 900 pixels`);
    await page.setViewportSize(size);
  }
  for (const [text, contrast] of Object.entries(await page.evaluate(contrasts))) {
    assert.ok(contrast >= 4.5, `${name}: "${text}" has a contrast of ${contrast.toFixed(2)}`);
  }
}

// violations are what axe finds against WCAG 2.2, A and AA, and its own best practices. What it runs in is the page itself, whatever
// the page's policy. Contrasts take it most of its time, so it looks at them at a desk's width alone; check
// measures them at all. Nor is it asked at 320 px, where pages are made of the same as at 390.
export async function violations(page) {
  const contrasts = (page.viewportSize()?.width ?? 1280) >= 1280;
  await page.evaluate(axe);
  const found = await page.evaluate((enabled) => axe.run({
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], rules: { "color-contrast": { enabled } },
  }), contrasts);
  return found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(" ")}`);
}

import { chromium } from "playwright-core";
const base = process.argv[2];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--ignore-certificate-errors"] });
const ctx = await browser.newContext({ ignoreHTTPSErrors: true });
const page = await ctx.newPage();
page.on("console", (m) => { if (["error","warning"].includes(m.type())) console.log("CONSOLE", page.url(), m.text()); });
page.on("pageerror", (e) => console.log("PAGEERROR", page.url(), e.message));
page.on("response", (r) => { if (r.status() >= 400) console.log("STATUS", r.status(), r.url()); });
const xml = await (await ctx.request.get(base + "/sitemap.xml")).text();
const all = [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)].map((m) => new URL(m[1]).pathname);
const guides = all.filter((p) => p.startsWith("/docs") && !p.startsWith("/docs/api/") && !p.startsWith("/docs/errors/"));
const errors = all.filter((p) => p.startsWith("/docs/errors/"));
const ref = ["/docs/api","/docs/api/customers","/docs/api/payment_intents","/docs/api/checkout/sessions","/docs/api/shares","/docs/api/payment_method_configurations"];
const paths = [...guides, ...errors, ...ref, "/docs/changelog", "/docs/search", "/docs/search?q=customer", "/docs/try/PostCustomers", "/docs/nothing", "/", "/pricing"];
console.log(paths.length);
for (const width of [320, 390, 768, 1200, 1280]) {
  await page.setViewportSize({ width, height: 900 });
  for (const p of (width === 390 || width === 1280) ? paths : [...guides, ...ref]) {
    await page.goto(base + p);
    const over = await page.evaluate(() => {
      const w = document.documentElement.clientWidth, bad = [];
      if (document.documentElement.scrollWidth > w) bad.push("page");
      for (const el of document.querySelectorAll("main *")) {
        const r = el.getBoundingClientRect();
        if (r.width && r.right > w + 1 && !el.closest("pre") && getComputedStyle(el).position !== "absolute") { bad.push(el.tagName + "." + el.className + " " + el.textContent.slice(0, 30)); if (bad.length > 2) break; }
      }
      return bad;
    });
    if (over.length) console.log(width, p, over.join(" | "));
  }
}
await browser.close();

import { chromium } from "playwright-core";
const [,, base, dir, ...paths] = process.argv;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--ignore-certificate-errors"] });
for (const scheme of (process.env.SCHEMES||"light").split(",")) for (const width of (process.env.WIDTHS||"1280,390").split(",")) {
  const ctx = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: +width, height: 900 }, colorScheme: scheme });
  const page = await ctx.newPage();
  for (const p of paths) {
    await page.goto(base + p);
    await page.screenshot({ path: `${dir}/${p.replace(/[^a-z0-9]+/gi, "_")}-${width}-${scheme}.png`, ...(process.env.CLIP ? { fullPage: true, clip: { x: 0, y: +process.env.CLIP.split(':')[0], width: +width, height: +process.env.CLIP.split(':')[1] } } : { fullPage: !process.env.TOP }) });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) console.log(p, width, "overflows by", over);
  }
  await ctx.close();
}
await browser.close();

// What a customer does on the page that next_action leads to, for tests that drive no browser themselves:
//
//   node visit.mjs URL complete|fail|cancel
//
// opens the page, presses the button, waits until the browser is back at the shop, and prints the address it has there.
// The shop is http://shop.example, which this script serves itself: return_url must lead there.
import http from "node:http";
import { chromium } from "playwright-core";

const deeds = ["complete", "fail", "cancel"];

const [url, deed] = process.argv.slice(2);
if (!url || !deeds.includes(deed)) throw new Error("usage: visit.mjs URL complete|fail|cancel");
if (!process.env.CHROMIUM) throw new Error("CHROMIUM is not set: it names the browser");

const shop = http.createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<h1>Back at the shop</h1>"));
await new Promise((listening) => shop.listen(0, "127.0.0.1", listening));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", `--host-resolver-rules=MAP shop.example:80 127.0.0.1:${shop.address().port}`],
});
try {
  // Chromium is not told to trust the server's certificate, which is of its own making; that is tested with the SDKs.
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  const answer = await page.goto(url);
  if (!answer.ok()) throw new Error(`${url} answered ${answer.status()}: ${await page.innerText("body")}`);
  await page.getByTestId(`challenge-${deed}`).click();
  await page.waitForURL("http://shop.example/**");
  await page.getByRole("heading", { name: "Back at the shop" }).waitFor();
  console.log(page.url());
} finally {
  await browser.close();
  shop.closeAllConnections();
  shop.close();
}

// A browser with the extension in it, for tests. It is packed for a server as the download page does.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { MembersServer } from "../extension/test/server.mjs";

const run = promisify(execFile);

// The packer is built once for all tests.
const packer = (async () => {
  const dir = await mkdtemp(join(tmpdir(), "extension-"));
  process.on("exit", () => rm(dir, { recursive: true, force: true }));
  await run("go", ["build", "-o", join(dir, "pack"), "./extension/pack"], { cwd: new URL("..", import.meta.url) });
  return { dir, path: join(dir, "pack") };
})();

let packed = 0;

// pack writes the extension of a config into a directory of its own.
export async function pack(config) {
  const { dir, path } = await packer;
  const to = join(dir, `${process.pid}-${++packed}`);
  const packing = run(path, [to]);
  packing.child.stdin.end(JSON.stringify({ name: "ShareSmart", ...config }));
  await packing;
  return to;
}

// load starts a browser that has the extension from a directory.
export async function load(t, dir, { locale = "en-US", ...options } = {}) {
  const context = await chromium.launchPersistentContext("", {
    executablePath: process.env.CHROMIUM, headless: false, ignoreHTTPSErrors: true, viewport: { width: 384, height: 600 },
    args: ["--headless=new", "--no-sandbox", "--ignore-certificate-errors", `--lang=${locale}`, `--disable-extensions-except=${dir}`, `--load-extension=${dir}`],
    env: { ...process.env, LANGUAGE: locale.replace("-", "_") },
    ...options,
  });
  t.after(() => context.close());
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  const id = new URL(worker.url()).host;
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: `chrome-extension://${id}` }).catch(() => {});
  return { context, worker, id };
}

// popup opens the popup over a page, as the button of the extension does. It is a tab, which stays open.
export async function popup({ context, id }, over) {
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  await over.bringToFront();
  await page.goto(`chrome-extension://${id}/popup.html`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

// members starts a server with members and pages, at an address of its own.
export async function members(t) {
  const pages = { "/article": "<title>An article about links</title><h1>An article</h1>" };
  const gone = { is: false };
  const server = http.createServer(async (request, response) => {
    if (gone.is) return request.socket.destroy();
    const url = new URL(request.url, "http://x");
    if (!url.pathname.startsWith("/v1/")) return response.setHeader("Content-Type", "text/html; charset=utf-8").end(pages[url.pathname] ?? "<title>A page</title><h1>A page</h1>");
    let body = "";
    for await (const part of request) body += part;
    const answer = await state.answer(request.method, url.pathname, new URLSearchParams(request.method === "GET" ? url.search : body));
    response.writeHead(answer.status, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" }).end(JSON.stringify(answer.body));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const state = await MembersServer.start(`http://127.0.0.1:${server.address().port}`, () => Math.floor(Date.now() / 1000));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(state, { pages, gone });
}

// A browser with the extension in it: with what the server's download page gives out, unpacked as people do it.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { chromium } from "playwright-core";
import { MembersServer } from "../extension/test/server.mjs";

const server = process.env.E2E_URL;

/** unzip reads an archive, by name. */
export function unzip(archive) {
  const files = {};
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06"));
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [size, nameSize, extra, comment, local] = [archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32), archive.readUInt32LE(at + 42)];
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    files[archive.toString("utf8", at + 46, at + 46 + nameSize)] = inflateRawSync(archive.subarray(start, start + size));
    at += 46 + nameSize + extra + comment;
  }
  return files;
}

async function download(from) {
  const answer = await fetch(`${from}/download/sharesmart-chromium.zip`);
  if (!answer.ok) throw new Error(`the download answered ${answer.status}`);
  return unzip(Buffer.from(await answer.arrayBuffer()));
}

const downloaded = download(server);

/** config is what the downloaded extension knows of its server. */
export async function config() {
  const text = String((await downloaded)["config.js"]);
  return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
}

/**
 * unpacked is a directory with the extension in it, which ends with the test. Another config takes it to another server; change edits
 * the manifest.
 */
export async function unpacked(t, { other, change } = {}) {
  const files = { ...(await downloaded) };
  if (other) {
    files["config.js"] = `export const config = ${JSON.stringify({ name: "ShareSmart", ...other })};`;
    files["manifest.json"] = String(files["manifest.json"]).replaceAll(server, other.server);
  }
  if (change) files["manifest.json"] = JSON.stringify(change(JSON.parse(files["manifest.json"])));
  return directory(t, files);
}

/** sample is the sellers' sample in a directory, for a server. */
export async function sample(t, config) {
  const from = new URL("../extension/", import.meta.url);
  const read = (path) => readFile(new URL(path, from));
  const files = { "config.js": `export const config = ${JSON.stringify(config)};`, "sharesmart.js": await read("sharesmart.js/dist/sharesmart.js") };
  for (const name of ["manifest.json", "background.js", "popup.html", "popup.js"]) files[name] = await read(`sample/${name}`);
  return directory(t, files);
}

/** unpackedFrom is a directory with what another server gives out. */
export const unpackedFrom = async (t, url) => directory(t, await download(url));

async function directory(t, files) {
  const dir = await mkdtemp(join(tmpdir(), "extension-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
  return dir;
}

/** load starts a browser that has the extension from a directory. */
export async function load(t, dir, options = {}) {
  const context = await chromium.launchPersistentContext("", {
    executablePath: process.env.CHROMIUM, headless: false, ignoreHTTPSErrors: true, viewport: { width: 384, height: 600 },
    args: ["--headless=new", "--no-sandbox", "--ignore-certificate-errors", `--disable-extensions-except=${dir}`, `--load-extension=${dir}`],
    ...options,
  });
  t.after(() => context.close());
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  return { context, worker, id: new URL(worker.url()).host };
}

/** visit opens a page in a tab, in front. */
export async function visit({ context }, url) {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** popup opens the popup over a page, as the extension's button does, but as a tab, which stays open. */
export async function popup({ context, id }, over) {
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  await over.bringToFront();
  await page.goto(`chrome-extension://${id}/popup.html`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

/** again opens the popup once more. */
export async function again(page, over) {
  await over.bringToFront();
  await page.reload();
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** members starts a server of the test's own that knows members, and can go away. */
export async function members(t) {
  const pages = { "/article": "<title>An article about links</title><h1>An article</h1>" };
  const listening = http.createServer(async (request, response) => {
    if (state.down) return request.socket.destroy();
    const url = new URL(request.url, "http://x");
    if (!url.pathname.startsWith("/v1/")) return response.setHeader("Content-Type", "text/html; charset=utf-8").end(pages[url.pathname] ?? "<title>A page</title><h1>A page</h1>");
    let body = "";
    for await (const part of request) body += part;
    const answer = await state.answer(request.method, url.pathname, new URLSearchParams(request.method === "GET" ? url.search : body));
    response.writeHead(answer.status, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" }).end(JSON.stringify(answer.body));
  });
  await new Promise((ready) => listening.listen(0, "127.0.0.1", ready));
  const state = await MembersServer.start(`http://127.0.0.1:${listening.address().port}`, () => Math.floor(Date.now() / 1000));
  t.after(() => {
    listening.closeAllConnections();
    listening.close();
  });
  return Object.assign(state, { pages, down: false });
}

/** signedIn makes a page of that server one on which somebody is signed in. */
export const signedIn = (email) => `<meta name="sharesmart-pairing" content="page.${email}"><title>Account</title><h1>Account</h1>`;

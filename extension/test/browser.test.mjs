// Where sharesmart.js runs: what it remembers there, what it calls the browser, and how it opens a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, show } from "../sharesmart.js/src/browser.js";
import { keep } from "../sharesmart.js/src/storage.js";

// site is a page of a web site, without an extension around it.
function site() {
  const kept = new Map();
  const target = new EventTarget();
  return {
    localStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) },
    addEventListener: (...more) => target.addEventListener(...more),
    elsewhere: (oldValue, newValue, key = "sharesmart") => target.dispatchEvent(Object.assign(new Event("storage"), { key, oldValue, newValue })),
  };
}

test("a web site remembers in localStorage", async () => {
  const scope = site();
  const storage = keep(scope);
  const seen = [];
  storage.onChange((before, after) => seen.push([before, after]));
  assert.deepEqual(await storage.read(), {});
  await storage.write({ a: 1 });
  assert.deepEqual(await keep(scope).read(), { a: 1 });
  scope.elsewhere('{"a":1}', '{"a":2}'); // another tab wrote
  scope.elsewhere(null, "1", "another key");
  scope.elsewhere("rubbish", null);
  assert.deepEqual(seen, [[{}, { a: 1 }], [{ a: 1 }, { a: 2 }], [{}, {}]]);
});

test("an extension remembers in its own storage", async () => {
  const kept = { other: 1 };
  let changed;
  const local = { get: async (key) => ({ [key]: kept[key] }), set: async (values) => void Object.assign(kept, values), onChanged: { addListener: (listener) => (changed = listener) } };
  const storage = keep({ chrome: { storage: { local } }, localStorage: null });
  const seen = [];
  storage.onChange((before, after) => seen.push([before, after]));
  await storage.write({ a: 1 });
  assert.deepEqual(await storage.read(), { a: 1 });
  changed({ sharesmart: { newValue: { a: 1 } } });
  changed({ other: { newValue: 2 } });
  assert.deepEqual(seen, [[{}, { a: 1 }]]);
});

const agent = (userAgent, brands, platform) => ({ userAgent, ...(brands && { userAgentData: { platform, brands: brands.map((brand) => ({ brand })) } }) });
const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
for (const [name, navigator] of [
  ["Chrome on Windows", agent(chrome, ["Not A;Brand", "Chromium", "Google Chrome"], "Windows")],
  ["Chromium on Linux", agent(chrome, ["Chromium", "Not A;Brand"], "Linux")],
  ["Edge on Windows", agent(`${chrome} Edg/150.0`, ["Chromium", "Microsoft Edge"], "Windows")],
  ["Brave on macOS", agent(chrome, ["Brave", "Chromium"], "macOS")],
  ["Chrome on Linux", agent(chrome)],
  ["Opera on Linux", agent(`${chrome} OPR/120.0`)],
  ["Firefox on Android", agent("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0")],
  ["Safari on macOS", agent("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15")],
  ["Safari on iOS", agent("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1")],
  ["Browser", agent("something new")],
]) {
  test(`a device is called ${name}`, () => assert.equal(describe({ navigator }).name, name));
}

test("a page opens in a tab, and in place where a site may open none", async () => {
  const opened = [];
  await show("https://a/", { chrome: { tabs: { create: async ({ url }) => opened.push(["tab", url]) } } });
  await show("https://b/", { open: (url) => opened.push(["window", url]), location: { assign: () => assert.fail() } });
  await show("https://c/", { open: () => null, location: { assign: (url) => opened.push(["place", url]) } });
  assert.deepEqual(opened, [["tab", "https://a/"], ["window", "https://b/"], ["place", "https://c/"]]);
});

// The Dashboard: becoming its owner, signing in, keys, people, and the pages that show them.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";
import { check, violations } from "./look.mjs";
import { serve } from "./server.mjs";
import { customer } from "./shop.mjs";

const password = "a horse and a battery";

// world is a server whose Dashboard has an owner, reached under a name, as passkeys want it.
const world = (async () => {
  const server = await serve({ after });
  const page = await customer({ after }, { locale: "en-US" });
  const url = server.url.replace("127.0.0.1", "localhost");
  await page.goto(server.setUp.replace("127.0.0.1", "localhost"));
  const look = async (name) => ({ name, violations: await violations(page) });
  const setUp = await look("set-up");
  await page.getByLabel("Your name").fill("Ada Owner");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByTestId("set-up").click();
  await page.waitForURL("**/dashboard/test/");
  await server.call("POST", "/v1/sandboxes", { name: "For the team" });
  await page.goto(`${url}/docs/pagination`);
  await page.getByTestId("helpful-no").click();
  await page.getByLabel("What did you look for?").fill("How do I go back to the page before?");
  await page.getByTestId("helpful-send").click();
  await page.getByTestId("helpful-undo").waitFor();
  return { ...server, url, setUp, state: await page.context().storageState() };
})();

// owner is a window in which the owner is signed in.
async function owner(t, options = {}) {
  const { state } = await world;
  return customer(t, { locale: "en-US", storageState: state, ...options });
}

async function signIn(page, url) {
  await page.goto(`${url}/dashboard/sign-in`);
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByTestId("sign-in").click();
}

// totp is what an app shows for a secret at a time.
function totp(secret, time = Date.now()) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / 30000)));
  const sum = createHmac("sha1", key).update(counter).digest();
  const at = sum[19] & 15;
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, "0");
}

for (const javaScriptEnabled of [true, false]) {
  test(`keys are made, used, rolled and deleted ${javaScriptEnabled ? "with" : "without"} JavaScript`, async (t) => {
    const { url } = await world;
    const page = await owner(t, { javaScriptEnabled });
    await page.goto(`${url}/dashboard/test/keys`);
    await page.getByRole("link", { name: "Create a key" }).click();
    await page.getByRole("link", { name: /^Restricted/ }).click();
    await page.getByLabel("Name", { exact: true }).fill("Reports");
    if (javaScriptEnabled) {
      await page.getByPlaceholder("Show only…").fill("custom");
      assert.equal(await page.getByRole("radio", { name: "Charge: read" }).isVisible(), false);
    }
    await page.getByRole("radio", { name: "Customer: read" }).check();
    if (javaScriptEnabled) await page.getByText("(1 chosen)").waitFor();
    await page.getByTestId("create").click();
    const secret = await page.getByTestId("secret").innerText();
    const ask = (key, path) => fetch(url + path, { headers: { Authorization: `Bearer ${key}` } }).then((r) => r.status);
    assert.deepEqual([await ask(secret, "/v1/customers"), await ask(secret, "/v1/charges")], [200, 403]);
    await page.getByRole("link", { name: "I have copied it" }).click();
    await page.getByRole("link", { name: "Reports" }).click();
    await page.getByLabel("The old key ends").selectOption("Now");
    await page.getByTestId("roll").click();
    const rolled = await page.getByTestId("secret").innerText();
    assert.deepEqual([await ask(secret, "/v1/customers"), await ask(rolled, "/v1/customers")], [401, 200]);
    await page.getByRole("link", { name: "I have copied it" }).click();
    await page.getByRole("link", { name: "Reports" }).first().click();
    await page.getByText("Delete the key").click();
    await page.getByTestId("delete").click();
    await page.getByText("The key is deleted").waitFor();
    assert.equal(await ask(rolled, "/v1/customers"), 401);
    assert.deepEqual(page.faults, []);
  });
}

test("a passkey signs in, and proves again who it is", async (t) => {
  const { url } = await world;
  const page = await owner(t);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  await page.goto(`${url}/dashboard/profile`);
  await page.getByLabel("Its name").fill("My laptop");
  await page.getByTestId("add-passkey").click();
  await page.getByText("The passkey is added.").waitFor();
  await page.getByText("My laptop").waitFor();
  await page.getByTestId("add-passkey").click();
  await page.getByText("This device has a passkey for you already.").waitFor();
  await page.context().clearCookies();
  await page.goto(`${url}/dashboard/keys`);
  await page.getByTestId("passkey").click();
  await page.waitForURL("**/dashboard/keys");
  await page.goto(`${url}/dashboard/prove?next=/dashboard/audit`);
  await page.getByTestId("passkey").click();
  await page.waitForURL((to) => to.pathname === "/dashboard/audit");
  await page.getByRole("cell", { name: /Person proved/ }).waitFor();
  await page.goto(`${url}/dashboard/profile`);
  await page.getByRole("button", { name: "Remove My laptop" }).click();
  await page.getByText("The passkey is removed.").waitFor();
  await page.context().clearCookies();
  await page.goto(`${url}/dashboard/sign-in`);
  await page.getByTestId("passkey").click();
  await page.getByText("This passkey is not known here.").waitFor();
});

test("people are invited, and see what their role includes", async (t) => {
  const { url } = await world;
  const page = await customer(t, { locale: "en-US" });
  await signIn(page, url);
  await page.goto(`${url}/dashboard/people`);
  await page.getByLabel("E-mail").fill("ben@example.com");
  await page.getByRole("radio", { name: /^support/ }).check();
  await page.getByTestId("invite").click();
  const link = (await page.getByTestId("join-link").innerText()).replace("127.0.0.1", "localhost");
  const ben = await customer(t, { locale: "en-US" });
  await ben.goto(link);
  await ben.getByLabel("Your name").fill("Ben");
  await ben.getByLabel("Password").fill(password);
  await ben.getByTestId("join").click();
  await ben.waitForURL("**/dashboard/test/");
  assert.equal(await ben.getByRole("link", { name: "API keys" }).count(), 0);
  assert.equal((await ben.goto(`${url}/dashboard/keys`)).status(), 403);
  await page.goto(`${url}/dashboard/people`);
  await page.getByRole("combobox", { name: "Role of Ben" }).selectOption("developer");
  await page.getByRole("button", { name: "Save the role of Ben" }).click();
  await page.getByText("The role is changed.").waitFor();
  assert.equal((await ben.goto(`${url}/dashboard/keys`)).status(), 200);
});

test("the palette leads anywhere by keyboard", async (t) => {
  const { url, call } = await world;
  const { id } = await call("POST", "/v1/customers", { name: "Jenny Rosen" });
  const page = await owner(t);
  await page.goto(`${url}/dashboard/test/`);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("audit");
  await page.getByRole("option", { name: /^Audit log/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/dashboard/test/audit");
  await page.keyboard.press("/");
  await page.keyboard.type(id);
  await page.getByRole("option", { name: `${id} customer`, selected: true }).waitFor(); // before what can be done to it
  await page.getByRole("option", { name: `Edit ${id}` }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("listbox").isVisible(), false);
  await page.getByRole("combobox").press("Enter");
  await page.waitForURL(`**/dashboard/test/objects/customer/${id}`);
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keyboard" }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.waitForURL("**/dashboard/test/logs");
});

test("the mode is said in words and colour, and the menu opens without JavaScript", async (t) => {
  const { url } = await world;
  const page = await owner(t, { javaScriptEnabled: false, viewport: { width: 390, height: 740 } });
  await page.goto(`${url}/dashboard/test/keys`);
  await page.getByText("You are in test mode. No real money moves.").waitFor();
  assert.match(await page.title(), /TEST/);
  await page.getByRole("navigation", { name: "Mode" }).getByRole("link", { name: "Live" }).click();
  await page.waitForURL("**/dashboard/keys");
  assert.equal(await page.getByText("TEST", { exact: true }).count(), 0);
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.waitForURL("**/dashboard/audit");
});

test("a sandbox is made, gone back in and deleted", async (t) => {
  const { url } = await world;
  const page = await owner(t, { javaScriptEnabled: false });
  await page.goto(`${url}/dashboard/test/sandboxes/new`);
  await page.getByLabel("Name").fill("Playground");
  await page.getByTestId("create-sandbox").click();
  const key = await page.getByTestId("secret").innerText();
  const call = (method, body) => fetch(`${url}/v1/customers`, { method, body, headers: { Authorization: `Bearer ${key}` } }).then((r) => r.json());
  await call("POST", new URLSearchParams({ name: "Jenny" }));
  await page.getByTestId("open-sandbox").click();
  await page.getByText("You are in the sandbox Playground.").waitFor();
  await page.goto(`${url}/dashboard/test/sandboxes`);
  await page.getByRole("link", { name: "Playground", exact: true }).click();
  await page.getByLabel("Name").fill("One customer");
  await page.getByTestId("snapshot").click();
  await call("POST", new URLSearchParams({ name: "Kim" }));
  await page.getByText("Go back", { exact: true }).click();
  await page.getByRole("button", { name: "Go back to One customer" }).click();
  await page.getByText("The sandbox is as it was.").waitFor();
  assert.deepEqual((await call("GET")).data.map((c) => c.name), ["Jenny"]);
  await page.getByText("Delete it").click();
  await page.getByTestId("delete-sandbox").click();
  await page.getByText("The sandbox is gone.").waitFor();
});

// pages are all that the owner can see, by name.
const pages = {
  home: "/test/", keys: "/test/keys", "key-new": "/test/keys/new?kind=rk", profile: "/profile", totp: "/profile/totp", people: "/people", audit: "/audit", search: "/test/search?q=key",
  sandboxes: "/test/sandboxes", "sandbox-new": "/test/sandboxes/new", feedback: "/test/feedback",
  sandbox: async ({ url }, page) => {
    await page.goto(`${url}/dashboard/test/sandboxes`);
    return new URL(await page.getByRole("link", { name: "For the team", exact: true }).getAttribute("href"), url).pathname.replace("/dashboard", "");
  },
  key: async ({ url }, page) => {
    await page.goto(`${url}/dashboard/test/keys`);
    return new URL(await page.getByRole("link", { name: "Secret key" }).getAttribute("href"), url).pathname.replace("/dashboard", "");
  },
  prove: "/prove?next=/dashboard/keys",
};
const open = { "sign-in": "/sign-in", "password-reset": "/reset", "link-of-no-use": "/join?token=x" };

for (const colorScheme of ["light", "dark"]) {
  for (const width of colorScheme === "light" ? [320, 390, 1280] : [390, 1280]) {
    test(`all pages at ${width} px, ${colorScheme}`, async (t) => {
      const w = await world;
      const thorough = width === (colorScheme === "light" ? 1280 : 390); // axe is slow, and finds the same at each width of a theme
      assert.deepEqual(w.setUp.violations, []);
      const options = { colorScheme, viewport: { width, height: width > 600 ? 800 : 740 } };
      const signedIn = await customer(t, { locale: "en-US", ...options });
      await signIn(signedIn, w.url);
      await signedIn.waitForURL("**/dashboard/");
      const nobody = await customer(t, { locale: "en-US", ...options });
      for (const [page, shown] of [[signedIn, pages], [nobody, open]]) {
        for (const [name, at] of Object.entries(shown)) {
          await page.goto(`${w.url}/dashboard${typeof at === "string" ? at : await at(w, page)}`);
          if (process.env.SCREENS && width > 320) await page.screenshot({ path: `${process.env.SCREENS}/dashboard-${name}-${width}-${colorScheme}.png`, fullPage: true });
          await check(page, `dashboard-${name}-${width}-${colorScheme}`);
          if (thorough && (name !== "key-new" || colorScheme === "light")) assert.deepEqual(await violations(page), [], name);
        }
      }
    });
  }
}

// Last, as it signs the owner out everywhere else.
test("an authenticator app is needed to sign in once it is added", async (t) => {
  const { url } = await world;
  const page = await customer(t, { locale: "en-US", javaScriptEnabled: false });
  await signIn(page, url);
  await page.goto(`${url}/dashboard/profile`);
  await page.getByRole("link", { name: "Add an authenticator app" }).click();
  const secret = await page.getByTestId("totp-secret").innerText();
  await page.getByLabel("The code that the app shows now").fill(totp(secret, Date.now() - 30000));
  await page.getByTestId("start-totp").click();
  const recovery = (await page.getByTestId("recovery").innerText()).split("\n");
  assert.equal(recovery.length, 10);
  const other = await customer(t, { locale: "en-US" });
  await signIn(other, url);
  await other.getByLabel("Code").fill(totp(secret, Date.now() + 30000));
  await other.getByTestId("code").click();
  await other.waitForURL("**/dashboard/");
  await page.goto(`${url}/dashboard/profile`);
  await page.getByTestId("end-others").click();
  await page.getByText("You are signed out everywhere else.").waitFor();
  await other.reload();
  await other.waitForURL("**/dashboard/sign-in?next=*");
  await signIn(other, url);
  await other.getByLabel("Code").fill(recovery[3]);
  await other.getByTestId("code").click();
  await other.waitForURL("**/dashboard/");
  await page.getByTestId("stop-totp").click();
  await page.getByText("Your password alone signs you in").waitFor();
});

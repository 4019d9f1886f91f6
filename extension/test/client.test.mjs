// sharesmart.js as sellers use it, in each of its three builds.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../sharesmart.js/dist/sharesmart.classic.js";
import * as bundle from "../sharesmart.js/dist/sharesmart.js";
import * as source from "../sharesmart.js/src/index.js";
import { someone } from "./server.mjs";
import { world } from "./world.mjs";

const builds = { source: source.ShareSmart, module: bundle.ShareSmart, classic: globalThis.ShareSmart };

for (const [build, ShareSmart] of Object.entries(builds)) {
  // member is a world in which somebody has logged in.
  const member = async (kind = someone.pro) => {
    const w = await world();
    w.server.members["jenny@example.com"] = kind;
    const client = ShareSmart(w.server.config, w.surroundings);
    await client.redeem("page.jenny@example.com");
    return { ...w, client };
  };

  test(`${build}: nobody is asked about nobody`, async () => {
    const { server, surroundings } = await world();
    const user = await ShareSmart(server.config, surroundings).getUser();
    assert.deepEqual([user.email, user.paid, user.offline, user.can("short_links")], [null, false, false, false]);
    assert.deepEqual(server.calls, []);
  });

  test(`${build}: log in with the mailed code`, async () => {
    const { server, surroundings } = await world();
    server.members["jenny@example.com"] = someone.pro;
    const client = ShareSmart(server.config, surroundings);
    await client.login("jenny@example.com");
    await assert.rejects(client.redeem("111111"), { code: "login_code_incorrect", status: 400, param: "code" });
    await assert.rejects(client.login("jenny"), { code: "email_invalid", param: "email" });
    const user = await client.redeem("123456");
    assert.equal(user.email, "jenny@example.com");
    assert.equal(user.paid, true);
    assert.deepEqual(user.plan, { name: "Pro", nickname: "pro", unitAmountCents: 500, currency: "eur", interval: "month", intervalCount: 1 });
    assert.equal(user.can("short_links"), true);
    assert.equal(user.can("teams"), false);
    assert.equal(user.paidAt.getTime(), 1_700_000_000_000);
  });

  for (const [what, away] of [
    ["no network", { down: true }],
    ["a server that is broken", { strange: new Response("<h1>502</h1>", { status: 502 }) }],
    ["the page of a hotel", { strange: new Response("<h1>Welcome</h1>", { status: 401 }) }],
  ]) {
    test(`${build}: ${what}: the last token counts until it ends`, async () => {
      const { client, clock, network, server, storage } = await member();
      network.strange = away.strange?.clone() ?? null;
      network.down = away.down ?? false;
      clock.now += server.lifetime - 10;
      let user = await client.getUser();
      assert.deepEqual([user.paid, user.offline, user.can("history")], [true, true, true]);
      clock.now += 20;
      user = await client.getUser();
      assert.deepEqual([user.paid, user.offline, user.can("history"), user.email], [false, true, false, "jenny@example.com"]);
      clock.now -= 86400; // the clock is set back
      assert.equal((await client.getUser()).paid, false);
      assert.ok((await storage.read()).install, "nobody is signed out for that");
      network.down = false;
      network.strange = null;
      user = await client.getUser();
      assert.deepEqual([user.paid, user.offline], [true, false]);
    });
  }

  test(`${build}: a clock that is wrong by years does not matter with a server`, async () => {
    const { client, clock } = await member();
    clock.server = clock.now;
    clock.now += 5e7;
    assert.equal((await client.getUser()).paid, true);
  });

  test(`${build}: what is remembered cannot be edited into Pro`, async () => {
    const { client, network, storage } = await member(someone.free);
    network.down = true;
    const record = await storage.read();
    await storage.write({ ...record, member: { ...record.member, ...someone.pro } });
    const user = await client.getUser();
    assert.deepEqual([user.paid, user.features], [false, []]);
  });

  test(`${build}: a token that was not signed by the server changes nothing`, async () => {
    const { client, server } = await member(someone.free);
    server.members["jenny@example.com"] = someone.pro;
    const real = server.signer;
    server.signer = { both: async (claims) => Object.fromEntries(Object.entries(await real.both(claims)).map(([alg, token]) => [alg, `${token.slice(0, -8)}AAAAAAAA`])) };
    const user = await client.getUser();
    assert.deepEqual([user.paid, user.offline], [false, true]);
  });

  for (const [what, happens] of [
    ["signed out from elsewhere", (server, id) => (server.installs[id].status = "revoked")],
    ["the server was reset", (server, id) => delete server.installs[id]],
  ]) {
    test(`${build}: ${what}`, async () => {
      const { client, server, storage } = await member();
      const { id } = (await storage.read()).install;
      happens(server, id);
      const user = await client.getUser();
      assert.deepEqual([user.email, user.paid, user.revoked, user.offline], [null, false, true, false]);
      assert.ok(!JSON.stringify(await storage.read()).includes("jenny"), "nothing is kept of the member");
      const after = await client.redeem("page.jenny@example.com");
      assert.deepEqual([after.email, after.revoked], ["jenny@example.com", false]);
    });
  }

  test(`${build}: a publishable key that is not taken any more signs nobody out`, async () => {
    const { client, server } = await member();
    server.publishableKey = "pk_test_new";
    const user = await client.getUser();
    assert.deepEqual([user.email, user.paid, user.offline], ["jenny@example.com", true, true]);
  });

  test(`${build}: many who ask at once cost one request, and one install`, async () => {
    const { client, server } = await member();
    server.calls.length = 0;
    await Promise.all([client.getUser(), client.getUser(), client.getUser()]);
    assert.deepEqual(server.calls, ["member"]);
  });

  test(`${build}: sign out, also without a network`, async () => {
    const { client, network, storage, server } = await member();
    network.down = true;
    await client.signOut();
    assert.equal((await client.getUser()).email, null);
    assert.equal((await storage.read()).install, undefined);
    network.down = false;
    await client.redeem("page.jenny@example.com");
    await client.signOut();
    assert.equal(server.installs.ins_2.status, "revoked");
  });

  test(`${build}: devices`, async () => {
    const { client, server } = await member();
    server.installs.ins_9 = { ...server.installs.ins_1, id: "ins_9", name: "Firefox on Android" };
    const devices = await client.getDevices();
    assert.deepEqual(devices.map(({ id, current }) => [id, current]), [["ins_1", true], ["ins_9", false]]);
    await client.signOut("ins_9");
    assert.equal(server.installs.ins_9.status, "revoked");
    assert.equal((await client.getUser()).paid, true);
    await assert.rejects(client.signOut("ins_77"), { code: "resource_missing" });
    assert.equal((await client.getUser()).email, "jenny@example.com", "a device that is missing is not this one");
  });

  test(`${build}: plans, and the last ones without a network`, async () => {
    const { server, surroundings, network } = await world();
    const client = ShareSmart(server.config, surroundings);
    const plans = await client.getPlans();
    assert.deepEqual(plans.map(({ id }) => id), ["price_free", "price_pro"]);
    assert.deepEqual(plans[1], { id: "price_pro", name: "Pro", nickname: "pro", unitAmountCents: 500, currency: "eur", interval: "month", intervalCount: 1 });
    network.down = true;
    assert.deepEqual(await client.getPlans(), plans);
    const stranger = await world();
    stranger.network.down = true;
    assert.deepEqual(await ShareSmart(server.config, stranger.surroundings).getPlans(), []);
  });

  for (const [what, kind, act, path] of [
    ["pay, nobody logged in", null, "openPaymentPage", "/pricing"],
    ["pay, on Free", someone.free, "openPaymentPage", "/upgrade"],
    ["pay, on Pro", someone.pro, "openPaymentPage", "/account"],
    ["try", null, "openTrialPage", "/trial"],
    ["log in", null, "openLoginPage", "/login"],
  ]) {
    test(`${build}: ${what}`, async () => {
      const { client, opened } = kind ? await member(kind) : await world().then((w) => ({ ...w, client: ShareSmart(w.server.config, w.surroundings) }));
      await client[act]();
      assert.equal(new URL(opened.at(-1)).pathname, path);
      assert.equal((await client.getPairing())?.number, kind ? undefined : "47");
    });
  }

  test(`${build}: whoever has no network learns it from what they opened`, async () => {
    const { server, surroundings, network } = await world();
    network.down = true;
    const client = ShareSmart(server.config, surroundings);
    for (const act of ["openPaymentPage", "openLoginPage"]) await assert.rejects(client[act](), { code: "offline" });
    await assert.rejects(client.login("jenny@example.com"), { code: "offline", status: 0 });
  });

  test(`${build}: paid, while the page is open`, async () => {
    const { client, server, waits, storage } = await member(someone.free);
    const told = [];
    const listener = (user) => told.push(user.plan.nickname);
    const other = () => assert.fail("was removed");
    client.onPaid.addListener(listener);
    client.onPaid.addListener(other);
    client.onPaid.removeListener(other);
    const paid = new Promise((resolve) => client.onPaid.addListener(resolve));
    server.onWait = (times) => void (times === 3 && (server.members["jenny@example.com"] = someone.pro));
    await client.startBackground();
    await client.openPaymentPage("pro");
    await paid;
    assert.deepEqual(told, ["pro"]);
    assert.ok(waits.length >= 3 && waits.every((wait) => wait <= 25));
    assert.ok((await storage.read()).installedAt);
    await client.getUser();
    assert.deepEqual(told, ["pro"]);
  });

  test(`${build}: whoever logs in with a plan has not paid now; whoever pays in a first visit has`, async () => {
    for (const [paid_at, expected] of [[1_700_000_000, 0], [1_800_000_100, 1]]) {
      const { server, surroundings } = await world();
      server.members["jenny@example.com"] = { ...someone.pro, paid_at };
      const client = ShareSmart(server.config, surroundings);
      let told = 0;
      client.onPaid.addListener(() => told++);
      const known = new Promise((resolve) => client.onChanged.addListener(resolve));
      await client.redeem("page.jenny@example.com");
      await known;
      assert.equal(told, expected);
    }
  });

  test(`${build}: a trial is no payment`, async () => {
    const { client, server } = await member(someone.free);
    const told = [];
    client.onPaid.addListener(() => told.push("paid"));
    client.onTrialStarted.addListener((user) => told.push(user.trialEndsAt.getTime()));
    const known = new Promise((resolve) => client.onChanged.addListener(resolve));
    server.members["jenny@example.com"] = { ...someone.pro, status: "trialing", paid_at: null, trial_start: 1_800_000_000, trial_end: 1_800_604_800 };
    await client.getUser();
    await known;
    assert.deepEqual(told, [1_800_604_800_000]);
  });
}

test("what is missing is said at once", () => {
  assert.throws(() => source.ShareSmart({ server: "https://share.example", extension: "ext_1", keys: [] }), /publishableKey is missing/);
});

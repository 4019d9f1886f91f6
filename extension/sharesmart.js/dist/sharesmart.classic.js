(() => {
  // sharesmart.js/src/browser.js
  var brands = [
    ["Edge", /\bEdg/],
    ["Opera", /\b(?:OPR|Opera)\b/],
    ["Vivaldi", /\bVivaldi\b/],
    ["Brave", /\bBrave\b/],
    ["Firefox", /\bFirefox\b/],
    ["Chrome", /\bGoogle Chrome\b|\bChrome\//],
    ["Chromium", /\bChromium\b/],
    ["Safari", /\bSafari\b/]
  ];
  var platforms = [
    ["Android", /Android/],
    ["iOS", /iPhone|iPad/],
    ["ChromeOS", /CrOS|Chrome OS|Chromium OS/],
    ["Windows", /Win/],
    ["macOS", /[Mm]ac/],
    ["Linux", /Linux/]
  ];
  var first = (table, text) => table.find(([, pattern]) => pattern.test(text))?.[0];
  function describe(scope = globalThis) {
    const { userAgent = "", userAgentData } = scope.navigator ?? {};
    const browser = first(brands, userAgentData?.brands?.map(({ brand }) => brand).join() || userAgent);
    const platform = first(platforms, userAgentData?.platform || userAgent);
    return {
      browser,
      platform,
      name: [browser ?? "Browser", platform].filter(Boolean).join(" on "),
      version: (scope.browser ?? scope.chrome)?.runtime?.getManifest?.().version
    };
  }
  async function show(url, scope = globalThis) {
    const tabs = (scope.browser ?? scope.chrome)?.tabs;
    if (tabs) await tabs.create({ url });
    else if (!scope.open(url, "_blank")) scope.location.assign(url);
  }

  // sharesmart.js/src/api.js
  var ShareSmartError = class extends Error {
    constructor(status, { message, type = "api_error", code = null, param = null }) {
      super(message);
      this.name = "ShareSmartError";
      Object.assign(this, { status, type, code, param });
    }
  };
  var patience = 1e4;
  function form(params, prefix = "", body = new URLSearchParams()) {
    for (const [name, value] of Object.entries(params)) {
      const key2 = prefix ? `${prefix}[${name}]` : name;
      if (value === void 0 || value === null) continue;
      if (typeof value === "object") form(value, key2, body);
      else body.append(key2, String(value));
    }
    return body;
  }
  async function send(fetch, method, url, params) {
    const request = { method, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(patience) };
    const written = form(params);
    if (method === "GET") url += `?${written}`;
    else request.body = written;
    let answer, body;
    try {
      answer = await fetch(url, request);
      body = await answer.json();
    } catch {
      throw unreachable();
    }
    if (answer.ok) return body;
    if (typeof body?.error?.message !== "string") throw unreachable();
    throw new ShareSmartError(answer.status, body.error);
  }
  var unreachable = () => new ShareSmartError(0, { code: "offline", type: "api_connection_error", message: "The server cannot be reached." });

  // sharesmart.js/src/storage.js
  var key = "sharesmart";
  function keep(scope = globalThis) {
    const local = (scope.browser ?? scope.chrome)?.storage?.local;
    return local ? extensionStorage(local) : pageStorage(scope);
  }
  function extensionStorage(local) {
    return {
      read: async () => (await local.get(key))[key] ?? {},
      write: (record) => local.set({ [key]: record }),
      onChange: (listener) => local.onChanged.addListener((changes) => {
        if (changes[key]) listener(changes[key].oldValue ?? {}, changes[key].newValue ?? {});
      })
    };
  }
  function pageStorage(scope) {
    const parse2 = (text) => {
      try {
        return JSON.parse(text) ?? {};
      } catch {
        return {};
      }
    };
    const listeners = [];
    scope.addEventListener?.("storage", (event2) => {
      if (event2.key === key) for (const listener of listeners) listener(parse2(event2.oldValue), parse2(event2.newValue));
    });
    return {
      read: async () => parse2(scope.localStorage.getItem(key)),
      write: async (record) => {
        const before = parse2(scope.localStorage.getItem(key));
        scope.localStorage.setItem(key, JSON.stringify(record));
        for (const listener of listeners) listener(before, record);
      },
      onChange: (listener) => listeners.push(listener)
    };
  }
  function locked(name, work) {
    const locks = globalThis.navigator?.locks;
    return locks ? locks.request(`${key}.${name}`, work) : work();
  }

  // sharesmart.js/src/token.js
  var algorithms = {
    EdDSA: { import: { name: "Ed25519" }, verify: { name: "Ed25519" } },
    ES256: { import: { name: "ECDSA", namedCurve: "P-256" }, verify: { name: "ECDSA", hash: "SHA-256" } }
  };
  var TokenError = class extends Error {
    name = "TokenError";
  };
  async function verify(tokens, expected, subtle) {
    for (const [alg, algorithm] of Object.entries(algorithms)) {
      if (!tokens?.[alg]) continue;
      const token = parse(tokens[alg], alg);
      const key2 = await imported(token.header.kid, alg, algorithm, expected.keys, subtle);
      if (!key2) continue;
      if (!await subtle.verify(algorithm.verify, key2, token.signature, token.signed)) throw new TokenError("The signature is wrong.");
      check(token.claims, expected);
      return token.claims;
    }
    throw new TokenError("There is no token that this browser can check.");
  }
  async function imported(kid, alg, algorithm, keys, subtle) {
    const jwk = keys.find((key2) => key2.kid === kid && key2.alg === alg);
    if (!jwk) throw new TokenError(`There is no ${alg} key ${kid}.`);
    const { kty, crv, x, y } = jwk;
    try {
      return await subtle.importKey("jwk", { kty, crv, x, ...y && { y } }, algorithm.import, false, ["verify"]);
    } catch {
      return null;
    }
  }
  function parse(token, alg) {
    const parts = token.split(".");
    if (parts.length !== 3) throw new TokenError("That is no token.");
    let header, claims, signature;
    try {
      header = JSON.parse(new TextDecoder().decode(bytes(parts[0])));
      claims = JSON.parse(new TextDecoder().decode(bytes(parts[1])));
      signature = bytes(parts[2]);
    } catch {
      throw new TokenError("That is no token.");
    }
    if (header.alg !== alg) throw new TokenError(`The token is signed with ${header.alg}.`);
    return { header, claims, signature, signed: new TextEncoder().encode(`${parts[0]}.${parts[1]}`) };
  }
  function check(claims, { issuer, audience, install, now }) {
    if (claims.iss !== issuer) throw new TokenError(`The token is from ${claims.iss}.`);
    if (claims.aud !== audience) throw new TokenError("The token is for another extension.");
    if (claims.ins !== install) throw new TokenError("The token is for another install.");
    if (!(claims.exp > (now ?? claims.iat))) throw new TokenError("The token has expired.");
  }
  var bytes = (base64url) => Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

  // sharesmart.js/src/client.js
  var world = () => ({
    fetch: (...request) => globalThis.fetch(...request),
    now: () => Math.floor(Date.now() / 1e3),
    wait: (seconds) => new Promise((done) => setTimeout(done, seconds * 1e3)),
    subtle: globalThis.crypto?.subtle,
    storage: keep()
  });
  var isGone = (error) => error instanceof ShareSmartError && (error.status === 401 || error.status === 404 && error.code === "resource_missing");
  var Client = class {
    constructor(config, surroundings = {}) {
      for (const name of ["server", "extension", "publishableKey", "keys"]) {
        if (!config?.[name]) throw new TypeError(`ShareSmart: ${name} is missing`);
      }
      this.config = { ...config, server: new URL(config.server).origin };
      this.world = { ...world(), ...surroundings };
    }
    record() {
      return this.world.storage.read();
    }
    /** change replaces the record by what the function makes of it, or leaves it if that is nothing. */
    change(work) {
      return locked("record", async () => {
        const next = work(await this.record());
        if (next) await this.world.storage.write(next);
      });
    }
    /** get asks for what an extension's own code may know without an install. */
    get(path) {
      const { extension, publishableKey: key2, server } = this.config;
      return send(this.world.fetch, "GET", `${server}/v1/extensions/${extension}/${path}`, { key: key2 });
    }
    #post(path, params) {
      const { publishableKey: key2, server } = this.config;
      return send(this.world.fetch, "POST", `${server}/v1/installs${path}`, { key: key2, ...params });
    }
    /**
     * call has the server do something for this install, which is registered if it is not yet. If the server does not know it any
     * more, nothing is kept of its member, and a new one asks again.
     */
    async call(action, params = {}) {
      const install = await this.#install();
      try {
        return await this.#act(install, action, params);
      } catch (error) {
        if (!isGone(error)) throw error;
        return this.#act(await this.#install(install.id), action, params);
      }
    }
    #act(install, action, params) {
      return this.#post(`/${install.id}/${action}`, { client_secret: install.secret, ...params });
    }
    // install is this install, registered if there is none but the one that is gone. A server that registers no other one does
    // not take the publishable key: that is no reason to sign anybody out.
    #install(gone) {
      return locked("install", async () => {
        const { install } = await this.record();
        if (install && install.id !== gone) return install;
        const { browser, name, platform, version } = describe();
        const made = await this.#post("", { extension: this.config.extension, browser, name, platform, version });
        const next = { id: made.id, secret: made.client_secret, created: made.created };
        await this.change((record) => ({ ...forget(record), install: next, revoked: Boolean(record.member?.email) }));
        return next;
      });
    }
    /** refresh asks the server what the member may use, and remembers it. It throws if the server cannot be asked. */
    async refresh() {
      if (!(await this.record()).install) return;
      const { tokens, ...member } = await this.call("member");
      const claims = member.email === null ? null : await this.#verify(tokens, member.install);
      const { now } = this.world;
      await this.change((record) => {
        if (record.install?.id !== member.install) return null;
        const revoked = !member.email && Boolean(record.revoked || record.member?.email);
        return { ...record, member, tokens, refreshedAt: now(), latest: claims?.iat ?? now(), revoked, pairing: revoked ? void 0 : record.pairing };
      });
    }
    #verify(tokens, install, now) {
      const { keys, extension, server } = this.config;
      return verify(tokens, { keys, issuer: server, audience: extension, install, now }, this.world.subtle);
    }
    /**
     * claims are those of the token that was got last, if it still counts. A clock that was set back does not make it count for
     * longer: the latest time that was ever seen goes on counting until the server says another one.
     */
    async claims({ fresh = false } = {}) {
      const { tokens, install, latest = 0 } = await this.record();
      if (!tokens || !install) return null;
      const now = fresh ? void 0 : Math.max(latest, this.world.now());
      if (now > latest) await this.change((record) => ({ ...record, latest: Math.max(record.latest ?? 0, now) }));
      return this.#verify(tokens, install.id, now).catch(() => null);
    }
    /** leave signs this install out. What is remembered goes even if the server hears nothing of it. */
    async leave() {
      const { install } = await this.record();
      if (!install) return;
      await this.change((record) => forget(record));
      await this.#act(install, "revoke", {}).catch(() => {
      });
    }
  };
  var forget = ({ installedAt, plans }) => ({ installedAt, plans });

  // sharesmart.js/src/events.js
  function event() {
    const listeners = /* @__PURE__ */ new Set();
    return {
      addListener: (listener) => void listeners.add(listener),
      removeListener: (listener) => void listeners.delete(listener),
      hasListener: (listener) => listeners.has(listener),
      get size() {
        return listeners.size;
      },
      emit: (...values) => listeners.forEach((listener) => listener(...values))
    };
  }
  var bought = (member) => Boolean(member?.paid && member.status !== "trialing");
  var trying = (member) => Boolean(member?.email && member.status === "trialing");
  function news(before, after) {
    const known = Boolean(before.member?.email && before.member.email === after.member?.email);
    const since = (seconds) => known || seconds >= after.install?.created;
    const happened = [];
    if (bought(after.member) && !(known && bought(before.member)) && since(after.member.paid_at)) happened.push("paid");
    if (trying(after.member) && !(known && trying(before.member)) && since(after.member.trial_start)) happened.push("trial");
    return happened;
  }
  var changed = (before, after) => JSON.stringify(before.member ?? null) !== JSON.stringify(after.member ?? null);

  // sharesmart.js/src/user.js
  var date = (seconds) => seconds ? new Date(seconds * 1e3) : null;
  function userOf({ member, installedAt, revoked = false }, claims, offline) {
    const features = claims?.features ?? [];
    return {
      email: member?.email ?? null,
      paid: claims?.paid ?? false,
      paidAt: claims ? date(member?.paid_at) : null,
      pastDue: claims?.past_due ?? false,
      plan: planOf(claims?.plan),
      features,
      can: (feature) => features.includes(feature),
      installedAt: date(installedAt),
      trialStartedAt: date(member?.trial_start),
      trialEndsAt: date(claims?.trial_end),
      subscriptionStatus: claims?.status ?? null,
      subscriptionCancelAt: date(claims?.cancel_at),
      offline,
      revoked
    };
  }
  function planOf(plan) {
    if (!plan) return null;
    return {
      name: plan.name,
      nickname: plan.nickname,
      unitAmountCents: plan.amount,
      currency: plan.currency,
      interval: plan.interval ?? (plan.amount ? "once" : null),
      intervalCount: plan.interval_count
    };
  }
  function offerOf(price) {
    return {
      ...planOf({
        name: price.product?.name ?? null,
        nickname: price.nickname,
        amount: price.unit_amount,
        currency: price.currency,
        interval: price.recurring?.interval ?? null,
        interval_count: price.recurring?.interval_count ?? null
      }),
      id: price.id
    };
  }
  var deviceOf = (install, own) => ({
    id: install.id,
    name: install.name,
    browser: install.browser,
    platform: install.platform,
    lastSeenAt: date(install.last_seen_at),
    current: install.id === own
  });

  // sharesmart.js/src/watch.js
  var period = 6 * 3600;
  var alarm = "sharesmart.refresh";
  var longest = 25;
  function watch(client, refreshed, scope = globalThis) {
    let waiting = false;
    async function follow() {
      if (waiting) return;
      waiting = true;
      for (let pause = 2; await pending(client); pause = Math.min(pause * 1.3, longest)) {
        await client.world.wait(pause);
        await refreshed();
      }
      waiting = false;
    }
    async function wake() {
      await client.change((record) => record.installedAt ? null : { ...record, installedAt: client.world.now() });
      const { refreshedAt = 0 } = await client.record();
      if (Math.abs(client.world.now() - refreshedAt) >= period) await refreshed();
      await follow();
    }
    client.world.storage.onChange((before, after) => {
      if (after.pairing && after.pairing.expiresAt !== before.pairing?.expiresAt) follow();
    });
    const alarms = (scope.browser ?? scope.chrome)?.alarms;
    if (alarms) {
      alarms.onAlarm.addListener(({ name }) => void (name === alarm && refreshed()));
      alarms.create(alarm, { periodInMinutes: period / 60 });
    }
    return wake();
  }
  var standing = (member) => [member?.email, member?.plan?.price, member?.status].join();
  async function pending(client) {
    const { pairing, member } = await client.record();
    if (!pairing || pairing.page === "account" || pairing.expiresAt <= client.world.now()) return false;
    if (pairing.page === "login") return !member?.email;
    return !member?.paid || standing(member) === pairing.from;
  }

  // sharesmart.js/src/index.js
  function ShareSmart(config, surroundings) {
    const client = new Client(config, surroundings);
    const onPaid = event();
    const onTrialStarted = event();
    const onChanged = event();
    client.world.storage.onChange(async (before, after) => {
      if (!changed(before, after)) return;
      const user = await getUser({ cached: true });
      const happened = news(before, after);
      if (happened.includes("paid")) onPaid.emit(user);
      if (happened.includes("trial")) onTrialStarted.emit(user);
      onChanged.emit(user);
    });
    let asking = null;
    const refreshed = () => {
      asking ??= client.refresh().finally(() => asking = null);
      return asking.then(() => true, () => false);
    };
    async function getUser({ cached = false } = {}) {
      const online = cached || await refreshed();
      const claims = await client.claims({ fresh: online && !cached });
      return userOf(await client.record(), claims, !online);
    }
    async function getPlans() {
      const answer = await client.get("prices").catch(() => null);
      if (!answer) return (await client.record()).plans ?? [];
      const plans = answer.data.map(offerOf);
      await client.change((record) => ({ ...record, plans }));
      return plans;
    }
    async function open(page, plan) {
      const { pairing } = await client.call("pairing", { page, plan });
      const { number, expires_at: expiresAt } = pairing;
      await client.change((record) => ({ ...record, pairing: { page, number, expiresAt, from: standing(record.member) }, revoked: false }));
      await show(pairing.url);
    }
    async function openPaymentPage(nickname) {
      const user = await getUser({ cached: true });
      if (user.paid) return open("account");
      if (user.email) return open("upgrade", nickname);
      return nickname ? open("signup", nickname) : open("pricing");
    }
    async function redeem(code) {
      await client.call("pair", { code });
      await client.change((record) => ({ ...record, revoked: false }));
      return getUser();
    }
    async function getDevices() {
      const { data } = await client.call("devices");
      const { install } = await client.record();
      return data.map((device) => deviceOf(device, install.id));
    }
    async function getPairing() {
      const { pairing, member } = await client.record();
      const pending2 = pairing && !member?.email && pairing.expiresAt > client.world.now();
      return pending2 ? { number: pairing.number, expiresAt: new Date(pairing.expiresAt * 1e3) } : null;
    }
    async function signOut(device) {
      const { install } = await client.record();
      if (!device || device === install?.id) await client.leave();
      else await client.call("revoke", { device });
    }
    return {
      getUser,
      getPlans,
      getDevices,
      getPairing,
      openPaymentPage,
      openTrialPage: (nickname) => open("trial", nickname),
      openSignUpPage: (nickname) => open("signup", nickname),
      openLoginPage: () => open("login"),
      openAccountPage: () => open("account"),
      login: async (email) => void await client.call("login_codes", { email }),
      redeem,
      signOut,
      call: (action, params) => client.call(action, params),
      startBackground: () => watch(client, refreshed),
      onPaid,
      onTrialStarted,
      onChanged
    };
  }

  // sharesmart.js/src/classic.js
  globalThis.ShareSmart = ShareSmart;
})();

// The members' API as far as an install uses it, in memory, with real signatures: what the client is tested against where no server
// runs, and where the tests need what a server does not do on request, such as going away.
import { webcrypto } from "node:crypto";

const { subtle } = webcrypto;
const base64url = (data) => Buffer.from(data).toString("base64url");
const algorithms = {
  EdDSA: { generate: { name: "Ed25519" }, sign: { name: "Ed25519" } },
  ES256: { generate: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
};

/** signer makes keys, and tokens that are signed with them. */
export async function signer() {
  const pairs = {};
  const keys = [];
  for (const [alg, { generate }] of Object.entries(algorithms)) {
    pairs[alg] = await subtle.generateKey(generate, true, ["sign", "verify"]);
    const { kty, crv, x, y } = await subtle.exportKey("jwk", pairs[alg].publicKey);
    keys.push({ kid: `key_${alg}`, alg, kty, crv, x, ...(y && { y }), use: "sig" });
  }
  async function sign(alg, claims, header = {}) {
    const signed = [{ alg, kid: `key_${alg}`, typ: "JWT", ...header }, claims].map((part) => base64url(JSON.stringify(part))).join(".");
    return `${signed}.${base64url(await subtle.sign(algorithms[alg].sign, pairs[alg].privateKey, Buffer.from(signed)))}`;
  }
  const both = async (claims) => ({ EdDSA: await sign("EdDSA", claims), ES256: await sign("ES256", claims) });
  return { keys, sign, both };
}

const free = { name: "Free", nickname: "free", price: "price_free", product: "prod_free", amount: 0, currency: "eur", interval: "month", interval_count: 1 };
const pro = { ...free, name: "Pro", nickname: "pro", price: "price_pro", product: "prod_pro", amount: 500 };

/** What members can be like; a test puts one in a server's members under an address. */
export const someone = {
  free: { plan: free, paid: false, past_due: false, status: null, features: [], cancel_at: null, trial_start: null, trial_end: null, paid_at: null },
};
someone.pro = { ...someone.free, plan: pro, paid: true, status: "active", features: ["short_links", "collections", "history"], paid_at: 1_700_000_000 };

class Refusal extends Error {
  constructor(status, code, message, param) {
    super(message);
    Object.assign(this, { status, error: { type: "invalid_request_error", code, message, param } });
  }
}

export class MembersServer {
  extension = "ext_test";
  publishableKey = "pk_test_123";
  lifetime = 14 * 86400;
  members = {}; // by address
  installs = {}; // by id
  shares = [];
  calls = []; // what was asked for, as "member", "pair" ...
  code = "123456"; // the one that is mailed; a page's is "page." and an address
  made = 0;

  static async start(url = "https://share.example", now = () => 1_800_000_000) {
    return Object.assign(new MembersServer(), { url, now, signer: await signer() });
  }

  get config() {
    return { server: this.url, extension: this.extension, publishableKey: this.publishableKey, keys: this.signer.keys };
  }

  /** answer is what the API answers: {status, body}. */
  async answer(method, path, params) {
    try {
      if (params.get("key") !== this.publishableKey) throw new Refusal(401, undefined, "Invalid API Key provided.");
      return { status: 200, body: await this.#act(method, path, params) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: { error: error.error } };
    }
  }

  async #act(method, path, params) {
    if (method === "GET" && path === `/v1/extensions/${this.extension}/prices`) return this.#prices();
    if (path === "/v1/installs") return this.#register(params);
    const [, , , id, ...action] = path.split("/");
    const install = this.installs[id];
    if (install?.client_secret !== params.get("client_secret")) throw new Refusal(404, "resource_missing", `No such install: '${id}'`, "install");
    const name = action.join("/");
    this.calls.push(name);
    return this.#actions[name](install, params);
  }

  #actions = {
    pairing: (...asked) => this.#pairing(...asked),
    login_codes: (...asked) => this.#loginCodes(...asked),
    pair: (...asked) => this.#pair(...asked),
    member: (...asked) => this.#member(...asked),
    devices: (install) => ({ object: "list", data: this.#of(install), has_more: false }),
    revoke: (...asked) => this.#revoke(...asked),
    shares: (...asked) => this.#share(...asked),
    "shares/list": (...asked) => this.#list(...asked),
    "shares/delete": (...asked) => this.#delete(...asked),
  };

  #prices() {
    const recurring = { interval: "month", interval_count: 1 };
    const price = ({ price, nickname, amount, currency, product, name }) => ({ id: price, nickname, unit_amount: amount, currency, recurring, product: { id: product, name } });
    return { object: "list", data: [price(free), price(pro)], has_more: false };
  }

  #register(params) {
    const id = `ins_${++this.made}`;
    this.calls.push("register");
    return (this.installs[id] = { id, object: "install", client_secret: `${id}_secret`, created: this.now(), email: null, status: "unpaired", name: params.get("name"), browser: params.get("browser"), platform: params.get("platform"), last_seen_at: this.now() });
  }

  #pairing(install, params) {
    const query = new URLSearchParams({ install: install.id, ...(params.get("plan") && { plan: params.get("plan") }) });
    return { ...install, pairing: { url: `${this.url}/${params.get("page")}?${query}`, number: "47", expires_at: this.now() + 1800 } };
  }

  #loginCodes(install, params) {
    const email = params.get("email");
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) throw new Refusal(400, "email_invalid", `Invalid email address: ${email}`, "email");
    if (this.busy) throw new Refusal(429, "login_code_rate_limit", "Several codes were sent to this address within an hour.", "email");
    this.mailed = email;
    return { object: "login_code", email };
  }

  #pair(install, params) {
    const code = params.get("code");
    const email = code === this.code ? this.mailed : code.startsWith("page.") ? code.slice(5) : null;
    if (!this.members[email]) throw new Refusal(400, "login_code_incorrect", "This code is not right, or it was used or is too old. Ask for a new one.", "code");
    return Object.assign(install, { email, status: "paired" });
  }

  async #member(install) {
    const member = install.status === "paired" && this.members[install.email];
    const urls = { account: `${this.url}/account`, pricing: `${this.url}/pricing`, upgrade: `${this.url}/upgrade` };
    if (!member) return { ...someone.free, object: "member", email: null, plan: null, install: install.id, tokens: null, urls, devices: 0 };
    const { plan, paid, past_due, status, features, cancel_at, trial_end } = member;
    const claims = { iss: this.url, aud: this.extension, sub: "cus_1", ins: install.id, iat: this.now(), exp: this.now() + this.lifetime, email: install.email, plan, paid, past_due, status, features, cancel_at, trial_end };
    return { ...member, object: "member", email: install.email, install: install.id, urls, devices: this.#of(install).length, tokens: await this.signer.both(claims) };
  }

  #of = (install) => Object.values(this.installs).filter(({ email, status }) => email === install.email && status === "paired");

  #revoke(install, params) {
    const device = params.get("device") ? this.installs[params.get("device")] : install;
    if (device?.email !== install.email) throw new Refusal(400, "resource_missing", "No such device.", "device");
    return Object.assign(device, { status: "revoked" });
  }

  #entitled(install, feature) {
    if (!this.members[install.email]) throw new Refusal(403, "install_not_paired", "Nobody is logged in to this install. Log in first.");
    if (!this.members[install.email].features.includes(feature)) throw new Refusal(403, "feature_not_entitled", "Your plan does not have this.");
  }

  #share(install, params) {
    const items = [];
    for (let i = 0; params.has(`items[${i}][url]`); i++) items.push({ url: params.get(`items[${i}][url]`), title: params.get(`items[${i}][title]`) });
    const type = items.length > 1 ? "collection" : "link";
    this.#entitled(install, type === "link" ? "short_links" : "collections");
    const share = { id: `shr_${++this.made}`, object: "share", clicks: 0, clicks_by_day: [], created: this.now(), items, title: params.get("title"), type, url: `${this.url}/s/${this.made}xYz` };
    this.shares.unshift(share);
    return share;
  }

  #list(install, params) {
    this.#entitled(install, "history");
    const from = params.get("starting_after") ? this.shares.findIndex(({ id }) => id === params.get("starting_after")) + 1 : 0;
    const until = from + Number(params.get("limit") ?? 10);
    return { object: "list", data: this.shares.slice(from, until), has_more: until < this.shares.length };
  }

  #delete(install, params) {
    const at = this.shares.findIndex(({ id }) => id === params.get("share"));
    if (at < 0) throw new Refusal(400, "resource_missing", "No such share.", "share");
    const [{ id }] = this.shares.splice(at, 1);
    return { id, object: "share", deleted: true };
  }
}

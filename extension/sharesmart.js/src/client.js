// One install and its member: what is remembered here, and how it is kept level with the server.
import { send, ShareSmartError } from "./api.js";
import { describe } from "./browser.js";
import { keep, locked } from "./storage.js";
import { verify } from "./token.js";

/** The world that a client lives in; tests give it another one. */
const world = () => ({
  fetch: (...request) => globalThis.fetch(...request),
  now: () => Math.floor(Date.now() / 1000),
  wait: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
  subtle: globalThis.crypto?.subtle,
  storage: keep(),
});

/** The server does not know the install, as after a reset, or its key. */
const isGone = (error) => error instanceof ShareSmartError && (error.status === 401 || (error.status === 404 && error.code === "resource_missing"));

export class Client {
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
    const { extension, publishableKey: key, server } = this.config;
    return send(this.world.fetch, "GET", `${server}/v1/extensions/${extension}/${path}`, { key });
  }

  #post(path, params) {
    const { publishableKey: key, server } = this.config;
    return send(this.world.fetch, "POST", `${server}/v1/installs${path}`, { key, ...params });
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
    if (!(await this.record()).install) return; // nobody ever logged in here: there is nothing to ask
    const { tokens, ...member } = await this.call("member");
    const claims = member.email === null ? null : await this.#verify(tokens, member.install);
    const { now } = this.world;
    await this.change((record) => {
      if (record.install?.id !== member.install) return null; // signed out in the meantime
      const revoked = !member.email && Boolean(record.revoked || record.member?.email);
      return { ...record, member, tokens, refreshedAt: now(), latest: claims?.iat ?? now(), revoked, pairing: revoked ? undefined : record.pairing };
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
    const now = fresh ? undefined : Math.max(latest, this.world.now());
    if (now > latest) await this.change((record) => ({ ...record, latest: Math.max(record.latest ?? 0, now) }));
    return this.#verify(tokens, install.id, now).catch(() => null);
  }

  /** leave signs this install out. What is remembered goes even if the server hears nothing of it. */
  async leave() {
    const { install } = await this.record();
    if (!install) return;
    await this.change((record) => forget(record));
    await this.#act(install, "revoke", {}).catch(() => {});
  }
}

// forget keeps what is not about the member.
const forget = ({ installedAt, plans }) => ({ installedAt, plans });

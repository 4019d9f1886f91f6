// ShareSmart sells extensions: who is the member here, what may they use, and where do they sign up, pay and log in.
import { show } from "./browser.js";
import { Client } from "./client.js";
import { changed, event, news } from "./events.js";
import { deviceOf, offerOf, userOf } from "./user.js";
import { standing, watch } from "./watch.js";

export { ShareSmartError } from "./api.js";

/**
 * ShareSmart answers for one extension. It may be called in as many pages and workers as there are: they share what is remembered.
 * @param {import("..").Config} config
 * @returns {import("..").ShareSmart}
 */
export function ShareSmart(config, surroundings) {
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

  let asking = null; // many who ask at once cost one request
  const refreshed = () => {
    asking ??= client.refresh().finally(() => (asking = null));
    return asking.then(() => true, () => false);
  };

  async function getUser({ cached = false } = {}) {
    const online = cached || (await refreshed());
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

  // open shows a page of the server, which knows for which install it is. Its number stays until somebody has logged in.
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
    const pending = pairing && !member?.email && pairing.expiresAt > client.world.now();
    return pending ? { number: pairing.number, expiresAt: new Date(pairing.expiresAt * 1000) } : null;
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
    login: async (email) => void (await client.call("login_codes", { email })),
    redeem,
    signOut,
    call: (action, params) => client.call(action, params),
    startBackground: () => watch(client, refreshed),
    onPaid,
    onTrialStarted,
    onChanged,
  };
}

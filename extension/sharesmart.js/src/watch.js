// What runs in the background: the member is asked for again now and then, and often while somebody is on a page that was opened
// from here. A worker may be stopped at any time; whatever wakes it starts this anew, and it goes on from what is remembered.

const period = 6 * 3600; // between two questions, when nothing happens
const alarm = "sharesmart.refresh";

// The time between two questions grows while a page is open, and stays below the 30 s after which an idle worker is stopped.
const longest = 25;

/** watch keeps the member up to date. refreshed asks the server, and says whether that worked. */
export function watch(client, refreshed, scope = globalThis) {
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
    await client.change((record) => (record.installedAt ? null : { ...record, installedAt: client.world.now() }));
    const { refreshedAt = 0 } = await client.record();
    if (Math.abs(client.world.now() - refreshedAt) >= period) await refreshed();
    await follow();
  }

  client.world.storage.onChange((before, after) => {
    if (after.pairing && after.pairing.expiresAt !== before.pairing?.expiresAt) follow();
  });
  const alarms = (scope.browser ?? scope.chrome)?.alarms; // without that permission it is asked for when the worker wakes
  if (alarms) {
    alarms.onAlarm.addListener(({ name }) => void (name === alarm && refreshed()));
    alarms.create(alarm, { periodInMinutes: period / 60 });
  }
  return wake();
}

/** standing is what changes when a member signs up, pays, or takes another plan. */
export const standing = (member) => [member?.email, member?.plan?.price, member?.status].join();

// pending tells whether a page is open on which something may happen that is not known here yet.
async function pending(client) {
  const { pairing, member } = await client.record();
  if (!pairing || pairing.page === "account" || pairing.expiresAt <= client.world.now()) return false;
  if (pairing.page === "login") return !member?.email;
  return !member?.paid || standing(member) === pairing.from;
}

// Short links and collections on the server, of members whose plan has them.
import { browser } from "./browser.js";
import { sharesmart } from "./client.js";
import { deleting } from "./remember.js";

/** deletion is the alarm that ends the time in which a deletion can be undone. */
export const deletion = "shares.delete";
const grace = 0.5; // minutes, the least that an alarm takes

export const shorten = (items, title) => sharesmart.call("shares", { items, title });

/** list gets a page of the member's short links, without those that are about to be deleted. */
export async function list(after) {
  const answer = await sharesmart.call("shares/list", { limit: 20, starting_after: after });
  const gone = await deleting.get();
  return { shares: answer.data.filter(({ id }) => !gone.includes(id)), last: answer.data.at(-1)?.id, more: answer.has_more };
}

/** remove deletes a short link in half a minute, unless restore comes first. The popup need not stay open for that. */
export async function remove(id) {
  await deleting.set([...(await deleting.get()), id]);
  await browser.alarms.create(deletion, { delayInMinutes: grace });
}

export async function restore(id) {
  await deleting.set((await deleting.get()).filter((other) => other !== id));
}

/** deleteShares deletes what was not restored. What cannot be deleted for want of a network is tried again. */
export async function deleteShares() {
  for (const id of await deleting.get()) {
    try {
      await sharesmart.call("shares/delete", { share: id });
    } catch (error) {
      if (error.code === "offline") return browser.alarms.create(deletion, { delayInMinutes: 5 });
    }
    await restore(id);
  }
}

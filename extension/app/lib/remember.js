// What this browser remembers that has nothing to do with an account.
import { browser } from "./browser.js";

const { local } = browser.storage;

/** remember reads and writes one value of the browser's own storage. */
const remember = (key, otherwise) => ({
  get: async () => (await local.get(key))[key] ?? otherwise,
  set: (value) => (value === undefined ? local.remove(key) : local.set({ [key]: value })),
});

/** The last pages that were shared: [{url, title, at, short}]. */
export const recents = remember("recents", []);

/** The Mastodon server that somebody named. */
export const mastodon = remember("mastodon", null);

/** The address that a code is on its way to: {email, at}. The popup closes when somebody looks at their mail. */
export const login = remember("login", null);

/** That somebody signed out here on purpose, so that the next look at their account page does not log them in again. */
export const left = remember("left", false);

/** Short links that were deleted, as long as that can be undone. */
export const deleting = remember("deleting", []);

const most = 20;

/**
 * noted is what was shared with a page in front; one that is there already moves there. Whoever notes a page as the popup closes, as
 * it does when a tab opens, has to know the others before: there is no time to ask.
 */
export const noted = (known, page) =>
  [{ ...known.find(({ url }) => url === page.url), ...page, at: Date.now() }, ...known.filter(({ url }) => url !== page.url)].slice(0, most);

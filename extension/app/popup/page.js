// The page that is shared, as long as the popup is open: {address, title, original, short}, and what was shared before it.
import { browser } from "../lib/browser.js";
import { clean } from "../lib/clean.js";
import { noted, recents } from "../lib/remember.js";

let page;
let known;

/** load finds the tab that the popup was opened over. Whatever somebody did to its link since stays. */
export async function load() {
  known = await recents.get();
  if (page) return;
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  enter(tab?.url ?? "", tab?.title ?? "");
}

export const enter = (address, title = "") => (page = { address, title, original: false, short: null });
export const change = (more) => (page = { ...page, ...more });

/** link is what is shared: the short link, the clean one, or the one that it had if somebody wants that; null if it is none. */
export function link() {
  const cleaned = clean(page.address);
  if (!cleaned) return null;
  return { ...cleaned, ...page, clean: cleaned.url, url: page.short ?? (page.original ? page.address : cleaned.url) };
}

/** note remembers that the page was shared. */
export function note() {
  const { clean: url, title, short } = link();
  known = noted(known, { url, title, ...(short && { short }) });
  return recents.set(known);
}

/** shortKnown is the short link that the page got before. A second one would split its clicks. */
export const shortKnown = () => known.find(({ url }) => url === link().clean)?.short;

// A link as somebody would write it by hand: without what counts who came from where, without a detour over a page that counts,
// without a name and password. What is left of the address stays as it was, letter by letter.
import { detours, everywhere, onSites, referrers } from "./trackers.js";

/**
 * clean returns the link to share and what was cut off.
 * @param {string} address
 * @returns {{url: string, removed: string[], unwrapped: boolean} | null}  null if it is no address of a web page
 */
export function clean(address) {
  const start = page(address);
  if (!start) return null;
  const url = straight(start);
  const removed = new Set();
  if (url.username || url.password) {
    url.username = url.password = "";
    removed.add("password");
  }
  const tracks = trackers(url.hostname);
  const cut = (text) => without(text, tracks, removed);
  if (url.search.length > 1) url.search = cut(url.search.slice(1));
  // Some sites write their parameters behind the #; an anchor is none, and a path of an app neither.
  if (/^#[\w-]+=/.test(url.hash)) url.hash = cut(url.hash.slice(1));
  shorten(url, removed);
  return { url: tidy(url), removed: [...removed], unwrapped: url.host !== start.host || start.pathname !== url.pathname && isDetour(start) };
}

// page is an address of the web, or null.
function page(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

const on = (host, site) => (site.endsWith(".*") ? new RegExp(`(^|\\.)${site.slice(0, -2)}\\.(com?\\.)?[a-z]{2,3}$`).test(host) : host === site || host.endsWith(`.${site}`));

const isDetour = (url) => detours.some(([site, path]) => on(url.hostname, site) && (path === null || path === url.pathname));

// straight follows detours by what they say themselves; nothing is asked for over the network. They are nested at times.
function straight(url) {
  for (let depth = 0; depth < 5; depth++) {
    const next = target(url);
    if (!next) break;
    url = next;
  }
  return url;
}

function target(url) {
  const amp = accelerated(url);
  if (amp) return page(amp);
  const detour = detours.find(([site, path]) => on(url.hostname, site) && (path === null || path === url.pathname));
  if (!detour) return null;
  for (const name of detour[2]) {
    const to = name === "*" ? decoded(url.search.slice(1)) : url.searchParams.get(name);
    const found = to && page(to.startsWith("a1") ? fromBase64(to.slice(2)) : to);
    if (found) return found;
  }
  return null;
}

// accelerated is the address of the page that a copy on Google's servers was made of.
function accelerated({ hostname, pathname }) {
  const copy = on(hostname, "google.*") ? /^\/amp\/(s\/)?(.+)$/ : on(hostname, "cdn.ampproject.org") ? /^\/[cv]\/(s\/)?(.+)$/ : null;
  const parts = copy?.exec(pathname);
  return parts && `http${parts[1] ? "s" : ""}://${parts[2]}`;
}

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const fromBase64 = (text) => {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
};

// trackers tells of each parameter whether it only tracks on a host.
function trackers(host) {
  const names = [...everywhere];
  for (const [sites, more] of onSites) if (sites.some((site) => on(host, site))) names.push(...more);
  const exact = new Set(names.filter((name) => !name.endsWith("*")));
  const starts = names.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  return (name, value) => exact.has(name) || starts.some((start) => name.startsWith(start)) || (name === "ref" && isReferrer(host, value));
}

// isReferrer tells whether a ref names who sent a reader. On sites that keep code it names a branch.
function isReferrer(host, value) {
  if (/(^|\.)(github|gitlab|codeberg|bitbucket)\./.test(host)) return false;
  return referrers.includes(value.toLowerCase()) || /^([a-z0-9-]+\.)+(com|org|net|io|co|dev|news|blog|de|ghost\.io)$/i.test(value);
}

function without(query, tracks, removed) {
  const kept = query.split("&").filter((pair) => {
    const [name, value = ""] = pair.split("=").map((part) => decoded(part.replaceAll("+", " ")));
    if (!tracks(name, value)) return true;
    removed.add(name);
    return false;
  });
  return kept.join("&");
}

// shorten cuts off what a shop writes into the path: the words before the number, and the way somebody took to it.
function shorten(url, removed) {
  if (!on(url.hostname, "amazon.*")) return;
  const product = /\/(?:dp|gp\/product)\/([A-Z0-9]{10})(?=\/|$)/.exec(url.pathname);
  const path = product ? `/dp/${product[1]}` : url.pathname.replace(/\/ref=[^/]*$/, "");
  if (path !== url.pathname) removed.add("ref");
  url.pathname = path;
}

// tidy writes the address without a ? or # behind which nothing is.
const tidy = (url) => url.href.replace(/[?&]*(#|$)/, "$1").replace(/#$/, "");

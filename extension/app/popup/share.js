// The page that somebody is on: its clean link, and where it can go.
import { browser } from "../lib/browser.js";
import { clean } from "../lib/clean.js";
import { mail, networks } from "../lib/networks.js";
import { mastodon, note, recents } from "../lib/remember.js";
import { shorten } from "../lib/shares.js";
import { explain, t } from "../lib/words.js";
import { collection } from "./collection.js";
import { busy, field, h, toast } from "./dom.js";
import { askServer } from "./mastodon.js";
import { code } from "./code.js";
import { pro } from "./pro.js";

/** The tab that the popup was opened over. */
async function current() {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  return { address: tab?.url ?? "", title: tab?.title ?? "" };
}

let page; // {address, title, original}; kept while somebody looks at other views

export async function share(context) {
  page ??= await current();
  const { user, show } = context;
  const server = await mastodon.get();
  const again = () => show(() => share(context));
  const link = () => what(page);
  const use = async () => {
    const { url } = link() ?? {};
    if (url) await note({ url: clean(page.address).url, title: page.title });
  };
  const found = link();
  const input = field({
    id: "link", label: t("link"), type: "url", inputmode: "url", spellcheck: "false", autocomplete: "off", value: found?.url ?? "",
    hint: found ? null : t("no_page"),
    onchange: (event) => {
      page = { address: event.target.value.trim(), title: "" };
      if (page.address && !link()) return input.wrong(t("error_url_invalid"));
      again();
    },
  });
  return [
    h("h1", {}, t("share_this_page")),
    found && page.title && h("p", { class: "quiet line", title: page.title }, page.title),
    h("div", { class: "link" }, input.element, found && copyButton(() => link().url, use)),
    found && said(found, again),
    found && h("div", { class: "acts" }, shortButton(context, again), act("qr", () => (use(), show(() => code(context, link().url, again)))), mailLink(link(), use), nativeButton(link, use)),
    found && h("ul", { class: "networks" }, networks.map((network) => h("li", {}, to(network, { ...link(), server }, use, () => show(() => askServer(again)))))),
    found && server && h("p", { class: "quiet small" }, t("mastodon_server", server), " ", h("button", { class: "button-link", type: "button", onclick: () => show(() => askServer(again)) }, t("change"))),
    h("button", { class: "button wide", type: "button", "data-testid": "collect", onclick: () => show(() => (user.can("collections") ? collection(context) : pro(context, "collections"))) }, t("collect"), !user.can("collections") && lock()),
  ].filter(Boolean);
}

// what is shared of a page: its short link, its clean one, or the one that it had if somebody wants that.
function what({ address, title, original, short }) {
  const cleaned = clean(address);
  if (!cleaned) return null;
  return { ...cleaned, title, original, short, url: short ?? (original ? address : cleaned.url) };
}

const lock = () => h("span", { class: "badge badge-neutral" }, t("pro"));

const act = (key, onclick) => h("button", { class: "button", type: "button", "data-testid": key, onclick }, t(key));

function copyButton(url, use) {
  const button = h("button", { class: "button button-primary", type: "button", "data-testid": "copy" }, t("copy"));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(url());
    toast(t("copied"));
    await use();
  });
  return button;
}

// said tells what was cut off, and gives it back.
function said({ removed, unwrapped, original, short }, again) {
  if (short) return h("p", { class: "hint" }, t("is_short"), " ", back("use_clean", { short: undefined }, again));
  if (original) return h("p", { class: "hint" }, t("is_original"), " ", back("use_clean", { original: false }, again));
  if (!removed.length && !unwrapped) return h("p", { class: "hint" }, t("was_clean"));
  const parts = [unwrapped && t("unwrapped"), removed.length && t("removed", removed.join(", "))].filter(Boolean);
  return h("p", { class: "hint" }, parts.join(" "), " ", back("use_original", { original: true }, again));
}

const back = (key, change, again) =>
  h("button", { class: "button-link", type: "button", onclick: () => ((page = { ...page, ...change }), again()) }, t(key));

// shortButton makes a short link, once for each page: a second one would split its clicks.
function shortButton(context, again) {
  if (page.short) return null;
  const able = context.user.can("short_links");
  const button = h("button", { class: "button", type: "button", "data-testid": "short" }, t("short"), !able && lock());
  button.addEventListener("click", () => (able ? busy(button, make) : context.show(() => pro(context, "short_links"))));
  async function make() {
    const { url } = clean(page.address);
    const known = (await recents.get()).find((recent) => recent.url === url)?.short;
    try {
      page.short = known ?? (await shorten([{ url, title: page.title || undefined }])).url;
      await note({ url, title: page.title, short: page.short });
      again();
    } catch (error) {
      toast(explain(error));
    }
  }
  return button;
}

const mailLink = (link, use) => h("a", { class: "button", href: mail(link), target: "_blank", rel: "noreferrer", onclick: use }, t("mail"));

function nativeButton(link, use) {
  if (!navigator.share) return null;
  return act("share_sheet", async () => {
    const { title, url } = link();
    try {
      await navigator.share({ title, url });
      await use();
    } catch {
      // it was closed again
    }
  });
}

function to(network, link, use, ask) {
  if (network.asks && !link[network.asks]) return h("button", { class: "button", type: "button", onclick: ask }, network.name);
  return h("a", { class: "button", href: network.to(link), target: "_blank", rel: "noreferrer", onclick: use }, network.name);
}

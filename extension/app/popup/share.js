// The page that somebody is on: its clean link, and where it can go.
import { mail, networks } from "../lib/networks.js";
import { mastodon } from "../lib/remember.js";
import { shorten } from "../lib/shares.js";
import { explain, t } from "../lib/words.js";
import { code } from "./code.js";
import { collection } from "./collection.js";
import { busy, field, h, toast } from "./dom.js";
import { askServer } from "./mastodon.js";
import { change, enter, link, load, note, shortKnown } from "./page.js";
import { pro } from "./pro.js";

export async function share(context) {
  await load();
  const server = await mastodon.get();
  const again = () => context.show(() => share(context));
  const found = link();
  return [
    h("h1", {}, t("share_this_page")),
    found?.title && h("p", { class: "quiet line", title: found.title }, found.title),
    h("div", { class: "link" }, address(found, again), found && copyButton()),
    ...(found ? [said(found, again), acts(context, again), places(context, server, again)] : []),
    found && server && known(context, server, again),
    collect(context),
    !context.user.email && h("p", { class: "quiet small" }, t("visitor"), " ", textButton(t("visitor_enter"), () => context.go("account"))),
  ].filter(Boolean);
}

function address(found, again) {
  const hint = found ? null : t("no_page");
  const input = field({ id: "link", label: t("link"), type: "url", inputmode: "url", spellcheck: "false", autocomplete: "off", value: found?.url ?? "", hint });
  input.control.addEventListener("change", () => {
    const typed = input.control.value.trim();
    enter(typed);
    if (typed && !link()) input.wrong(t("error_url_invalid"));
    else again();
  });
  return input.element;
}

function copyButton() {
  const button = h("button", { class: "button button-primary", type: "button", "data-testid": "copy" }, t("copy"));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link().url);
    toast(t("copied"));
    await note();
  });
  return button;
}

// said tells what was cut off, and gives it back.
function said({ removed, unwrapped, original, short }, again) {
  const hint = (text, key, more) => h("p", { class: "hint" }, text, " ", textButton(t(key), () => (change(more), again())));
  if (short) return hint(t("is_short"), "use_clean", { short: null });
  if (original) return hint(t("is_original"), "use_clean", { original: false });
  const parts = [unwrapped && t("unwrapped"), removed.length && t("removed", removed.join(", "))].filter(Boolean);
  return parts.length ? hint(parts.join(" "), "use_original", { original: true }) : h("p", { class: "hint" }, t("was_clean"));
}

const textButton = (label, onclick) => h("button", { class: "button-link", type: "button", onclick }, label);

const lock = () => h("span", { class: "badge badge-neutral" }, t("pro"));

function acts(context, again) {
  const qr = async () => {
    await note();
    await context.show(() => code(context, link().url, again));
  };
  return h("div", { class: "acts" }, shortButton(context, again), act("qr", qr), tab(t("mail"), mail(link())), navigator.share && act("share_sheet", sheet));
}

const act = (key, onclick) => h("button", { class: "button", type: "button", "data-testid": key, onclick }, t(key));

// tab is a link that takes the page somewhere else, in a tab of its own.
const tab = (label, href) => h("a", { class: "button", href, target: "_blank", rel: "noreferrer", onclick: () => void note() }, label);

async function sheet() {
  const { title, url } = link();
  try {
    await navigator.share({ title, url });
  } catch {
    return; // it was closed again
  }
  await note();
}

function shortButton(context, again) {
  if (link().short) return null;
  const able = context.user.can("short_links");
  const button = h("button", { class: "button", type: "button", "data-testid": "short" }, t("short"), !able && lock());
  button.addEventListener("click", () => (able ? busy(button, () => makeShort(again)) : context.show(() => pro(context, "short_links"))));
  return button;
}

async function makeShort(again) {
  const { clean: url, title } = link();
  try {
    change({ short: shortKnown() ?? (await shorten([{ url, title: title.slice(0, 300) || undefined }])).url });
    await note();
    again();
  } catch (error) {
    toast(explain(error));
  }
}

// places are the networks. The one that has no address of its own asks for it first.
function places(context, server, again) {
  const place = (network) => {
    if (network.asks && !server) return h("button", { class: "button", type: "button", onclick: () => context.show(() => askServer(again)) }, network.name);
    return tab(network.name, network.to({ ...link(), server }));
  };
  return h("ul", { class: "networks" }, networks.map((network) => h("li", {}, place(network))));
}

const known = (context, server, again) =>
  h("p", { class: "quiet small" }, t("mastodon_server", server), " ", textButton(t("change"), () => context.show(() => askServer(again))));

function collect(context) {
  const able = context.user.can("collections");
  const next = () => (able ? collection(context) : pro(context, "collections"));
  return h("button", { class: "button wide", type: "button", "data-testid": "collect", onclick: () => context.show(next) }, t("collect"), !able && lock());
}

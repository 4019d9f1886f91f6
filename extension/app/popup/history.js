// What was shared: on all devices if the plan has that, and in this browser.
import { recents } from "../lib/remember.js";
import { list, remove, restore } from "../lib/shares.js";
import { ago, explain, n, t } from "../lib/words.js";
import { chart } from "./chart.js";
import { h, toast } from "./dom.js";
import { pro } from "./pro.js";

export async function history(context) {
  const able = context.user.can("history");
  const pages = await recents.get();
  return [h("h1", {}, t("place_history")), able ? await everywhere(context) : offer(context), here(context, pages, able)];
}

const offer = (context) =>
  h("p", { class: "quiet" }, t("history_pro"), " ", h("button", { class: "button-link", type: "button", onclick: () => context.show(() => pro(context, "history")) }, t("more")));

async function everywhere(context) {
  const section = (...content) => h("section", {}, h("h2", {}, t("history_everywhere")), ...content);
  const items = h("ul", { class: "shares" });
  const more = h("button", { class: "button wide", type: "button" }, t("show_more"));
  let from;
  const load = async () => {
    const { shares, last, more: left } = await list(from);
    from = last;
    items.append(...shares.map((share) => row(context, share)));
    more.hidden = !left;
  };
  more.addEventListener("click", () => load().catch((error) => toast(explain(error))));
  try {
    await load();
  } catch (error) {
    return section(h("p", { class: "quiet" }, explain(error)));
  }
  if (!items.children.length) return section(h("p", { class: "quiet" }, t("history_none")));
  return section(items, more);
}

function row(context, share) {
  const title = share.title || share.items[0]?.title || share.items[0]?.url;
  const kind = share.type === "collection" ? `${n("pages", share.items.length)} · ` : "";
  const element = h("li", { "data-share": share.id },
    h("p", { class: "line strong", title }, title),
    h("p", { class: "line quiet small" }, h("a", { href: share.url, target: "_blank", rel: "noreferrer" }, share.url.replace(/^https:\/\//, ""))),
    foot(`${kind}${n("clicks", share.clicks)} · ${ago(share.created * 1000)}`, title, share.url, gone),
    share.clicks > 0 && h("details", {}, h("summary", { class: "small" }, t("clicks_by_day")), chart(share.clicks_by_day)),
  );
  async function gone() {
    const next = element.nextSibling?.querySelector("button") ?? document.querySelector("h1");
    element.hidden = true;
    next?.focus();
    await remove(share.id);
    toast(t("deleted"), { label: t("undo"), act: async () => (await restore(share.id), (element.hidden = false), element.querySelector("button").focus()) });
  }
  return element;
}

// foot is what every entry has below its link.
const foot = (says, title, url, gone) =>
  h("div", { class: "foot" },
    h("p", { class: "quiet small" }, says),
    h("div", { class: "acts" }, copy(url, title), small("delete", title, gone)),
  );

const small = (key, title, onclick) => h("button", { class: "button small-button", type: "button", "aria-label": `${t(key)}: ${title}`, onclick }, t(key));

const copy = (url, title) =>
  small("copy", title, async () => {
    await navigator.clipboard.writeText(url);
    toast(t("copied"));
  });

// here lists what was shared in this browser, without what is listed above already.
function here(context, pages, able) {
  const heading = h("h2", {}, t("history_here"));
  const listed = pages.filter((page) => !able || !page.short);
  if (!listed.length) return h("section", {}, heading, h("p", { class: "quiet" }, t("history_here_none")));
  const forget = async (page) => {
    await recents.set(pages.filter((other) => other !== page));
    await context.go("history");
    toast(t("deleted"), { label: t("undo"), act: async () => (await recents.set(pages), context.go("history")) });
  };
  const item = (page) => {
    const title = page.title || page.url;
    return h("li", {},
      h("p", { class: "line strong", title }, title),
      h("p", { class: "line quiet small" }, h("a", { href: page.url, target: "_blank", rel: "noreferrer" }, (page.short ?? page.url).replace(/^https?:\/\//, ""))),
      foot(ago(page.at), title, page.short ?? page.url, () => forget(page)),
    );
  };
  return h("section", {}, heading, h("ul", { class: "shares" }, listed.map(item)));
}

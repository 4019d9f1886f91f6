// Several tabs as one page with one link.
import { browser } from "../lib/browser.js";
import { clean } from "../lib/clean.js";
import { noted, recents } from "../lib/remember.js";
import { shorten } from "../lib/shares.js";
import { explain, n, t } from "../lib/words.js";
import { backButton, busy, field, h, toast } from "./dom.js";

const permission = { permissions: ["tabs"] };
const most = 100;

export async function collection(context) {
  const back = () => context.go("share");
  const head = [backButton(back), h("h1", {}, t("collect"))];
  if (!(await browser.permissions.contains(permission))) return [...head, ...ask(context)];
  const tabs = (await browser.tabs.query({ currentWindow: true })).map((tab) => ({ ...tab, link: clean(tab.url ?? "")?.url })).filter(({ link }) => link);
  if (tabs.length < 2) return [...head, h("p", {}, t("collect_few"))];
  return [...head, choice(context, tabs.slice(0, most))];
}

// Which tabs are open is nobody's business until somebody wants to collect them.
function ask(context) {
  const button = h("button", { class: "button button-primary", type: "button" }, t("collect_allow"));
  button.addEventListener("click", async () => {
    if (await browser.permissions.request(permission)) context.show(() => collection(context));
  });
  return [h("p", {}, t("collect_why")), button];
}

function choice(context, tabs) {
  const chosen = tabs.filter(({ highlighted }) => highlighted).length > 1 ? tabs.filter(({ highlighted }) => highlighted) : tabs;
  const title = field({ id: "title", label: t("collect_title"), maxlength: 300 });
  const boxes = tabs.map((tab, i) => {
    const box = h("input", { type: "checkbox", id: `tab-${i}`, checked: chosen.includes(tab), onchange: () => count() });
    return { tab, box, element: h("li", {}, box, h("label", { for: `tab-${i}`, class: "line", title: tab.link }, tab.title || tab.link)) };
  });
  const button = h("button", { class: "button button-primary" });
  const marked = () => boxes.filter(({ box }) => box.checked).map(({ tab }) => tab);
  const count = () => (button.textContent = n("collect_make", marked().length));
  count();
  const submit = (event) => {
    event.preventDefault();
    if (marked().length < 2) return toast(t("collect_few"));
    busy(button, () => make(context, marked(), title.control.value.trim()));
  };
  return h("form", { onsubmit: submit }, title.element, h("fieldset", { class: "tabs" }, h("legend", {}, t("collect_tabs")), h("ul", {}, boxes.map(({ element }) => element))), button);
}

async function make(context, tabs, title) {
  try {
    const share = await shorten(tabs.map((tab) => ({ url: tab.link, title: tab.title?.slice(0, 300) || undefined })), title || undefined);
    await navigator.clipboard.writeText(share.url).catch(() => {}); // the window may have lost its focus meanwhile
    await recents.set(noted(await recents.get(), { url: share.url, title: title || n("tabs", tabs.length), short: share.url }));
    await context.go("history");
    toast(t("collect_done"));
  } catch (error) {
    toast(explain(error));
  }
}

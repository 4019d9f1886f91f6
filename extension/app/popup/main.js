// The popup: a head with three places, what has to be read first, and one view below it.
import { config, sharesmart } from "../lib/client.js";
import { day, daysLeft, language, n, t } from "../lib/words.js";
import { account } from "./account.js";
import { h } from "./dom.js";
import { history } from "./history.js";
import { share } from "./share.js";

const places = { share, history, account };
const at = (id) => document.getElementById(id);

let user;
let place = "share";
let showing = 0; // views are made with the server's help, and the last one that was asked for counts

document.documentElement.lang = language;
document.title = config.name;

/** show makes a view and puts it into the window. moved says that somebody went there, whom the focus follows. */
async function show(make, moved = true) {
  const mine = ++showing;
  const view = await make({ user, show, go, refresh });
  if (mine !== showing) return;
  const focused = at("main").contains(document.activeElement) && (document.activeElement.id || document.activeElement.dataset.testid);
  at("main").replaceChildren(...[view].flat());
  if (!moved) return at("main").querySelector(`#${focused}, [data-testid="${focused}"]`)?.focus();
  const heading = at("main").querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  (at("main").querySelector("[autofocus]") ?? heading)?.focus();
}

function go(next) {
  place = next;
  drawTop();
  return show(places[place]);
}

/** refresh asks the server who this is, and draws what that changes. */
async function refresh() {
  user = await sharesmart.getUser();
  await drawAll(true);
}

async function drawAll(moved) {
  drawTop();
  await drawNotices();
  await show(places[place], moved);
}

function drawTop() {
  const item = (name) =>
    h("button", { type: "button", "aria-current": name === place ? "page" : null, onclick: () => go(name), "data-testid": `go-${name}` }, t(`place_${name}`));
  at("top").replaceChildren(
    h("img", { src: "icons/mark.svg", alt: "", width: 24, height: 24 }),
    h("nav", { "aria-label": config.name }, Object.keys(places).map(item)),
    plan(),
  );
}

function plan() {
  if (!user.email) return "";
  if (user.subscriptionStatus === "trialing" && user.trialEndsAt) return h("p", { class: "badge badge-neutral" }, n("trial_left", daysLeft(user.trialEndsAt)));
  if (user.pastDue) return h("p", { class: "badge badge-warn" }, user.plan?.name ?? "");
  return user.plan ? h("p", { class: "badge badge-neutral" }, user.plan.name.replace(`${config.name} `, "")) : "";
}

async function drawNotices() {
  const pairing = await sharesmart.getPairing();
  const notice = (kind, text, act) => h("div", { class: `notice notice-${kind}`, role: "note" }, h("p", {}, text), act);
  const button = (label, act) => h("button", { class: "button", type: "button", onclick: act }, label);
  const until = user.subscriptionCancelAt;
  at("notices").replaceChildren(
    ...[
      user.offline && h("p", { class: "quiet" }, t(!user.email ? "offline_visitor" : user.plan ? "offline" : "offline_ended")),
      user.pastDue && notice("warn", until ? t("past_due_until", day(until)) : t("past_due"), button(t("update_card"), () => sharesmart.openAccountPage())),
      user.revoked && notice("info", t("revoked"), button(t("log_in"), () => go("account"))),
      pairing && notice("info", [t("pairing"), " ", h("strong", { class: "pairing" }, pairing.number)]),
    ].filter(Boolean),
  );
}

// What is remembered is there at once; what the server says comes after, and moves nothing if it says the same.
const shown = () => JSON.stringify(user);
user = await sharesmart.getUser({ cached: true });
await drawAll(false);
document.querySelector("[data-testid=copy]")?.focus(); // open the popup, press Enter: copied
const before = shown();
user = await sharesmart.getUser();
if (shown() !== before) await drawAll(false);
sharesmart.onChanged.addListener(async (next) => {
  user = { ...next, offline: user.offline };
  await drawAll(false);
});

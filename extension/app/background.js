// The background keeps the member up to date, logs in on the server's pages, and finishes what the popup began. It may be stopped
// at any time, so nothing is kept in it.
import { browser } from "./lib/browser.js";
import { config, sharesmart } from "./lib/client.js";
import { deleteShares, deletion } from "./lib/shares.js";
import { left } from "./lib/remember.js";
import { t } from "./lib/words.js";

sharesmart.startBackground();
sharesmart.onChanged.addListener(mark);
browser.runtime.onStartup.addListener(() => sharesmart.getUser({ cached: true }).then(mark));

browser.alarms.onAlarm.addListener(({ name }) => {
  if (name === deletion) deleteShares();
});

browser.runtime.onMessage.addListener((message, sender, answer) => {
  if (message.type !== "pair" || new URL(sender.url).origin !== new URL(config.server).origin) return false;
  pair(message).then(answer, () => answer(false));
  return true; // it is answered later
});

// pair logs in with the code of a page, and tells whether the extension is logged in now. Somebody who signed out on purpose stays
// so on pages that they only look at.
async function pair({ code, path }) {
  const means = /\/(after-payment|from-extension)$/.test(path) || (await sharesmart.getPairing());
  if ((await left.get()) && !means) return false;
  try {
    await sharesmart.redeem(code);
    await left.set(undefined);
    return true;
  } catch {
    return Boolean((await sharesmart.getUser()).email); // the page lay there for longer than its code is good for
  }
}

// mark puts a sign on the button only if there is something to do.
async function mark(user) {
  const todo = user.pastDue ? t("badge_past_due") : user.revoked ? t("badge_revoked") : "";
  await browser.action.setBadgeText({ text: todo && "!" });
  await browser.action.setTitle({ title: [config.name, todo].filter(Boolean).join(": ") });
}

// Whoever comes from the download page has it open still: it is loaded again, now with the extension, and logs it in. Pages that
// are still on their way have the extension in them already.
browser.runtime.onInstalled.addListener(async ({ reason }) => {
  if (reason !== "install") return;
  const { matches } = browser.runtime.getManifest().content_scripts[0];
  for (const tab of await browser.tabs.query({ url: matches, status: "complete" })) await browser.tabs.reload(tab.id);
});

// Mastodon has no one address: everybody is on a server of their own choice.
import { serverOf } from "../lib/networks.js";
import { mastodon } from "../lib/remember.js";
import { t } from "../lib/words.js";
import { backButton, field, h } from "./dom.js";

export async function askServer(back) {
  const input = field({ id: "server", label: t("mastodon_label"), hint: t("mastodon_hint"), value: (await mastodon.get()) ?? "", autocapitalize: "none", spellcheck: "false", autofocus: true });
  const submit = async (event) => {
    event.preventDefault();
    const server = serverOf(input.control.value);
    if (!server) return input.wrong(t("mastodon_wrong"));
    await mastodon.set(server);
    back();
  };
  return [backButton(back), h("h1", {}, "Mastodon"), h("form", { onsubmit: submit, novalidate: true }, input.element, h("button", { class: "button button-primary" }, t("save")))];
}

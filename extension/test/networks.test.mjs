// Where the networks' links lead, whatever is in a title.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mail, networks, serverOf } from "../app/lib/networks.js";

const title = `Q&A: "50% off" + more? #1 – für alle`;
const url = "https://example.com/a?b=1&c=2#d";
const carried = { x: ["url", "text"], linkedin: ["url"], reddit: ["url", "title"], facebook: ["u"], telegram: ["url", "text"], bluesky: ["text"], mastodon: ["text"], whatsapp: ["text"] };

for (const network of networks) {
  test(network.name, () => {
    const to = new URL(network.to({ title, url, server: "mastodon.example" }));
    const names = carried[network.id];
    assert.deepEqual([...to.searchParams.keys()], names);
    const [first, second] = names.map((name) => to.searchParams.get(name));
    if (["text"].includes(names[0])) assert.equal(first, `${title}\n${url}`);
    else assert.equal(first, url);
    if (second !== undefined) assert.equal(second, title);
    assert.equal(to.hash, "");
  });
}

test("mail", () => {
  const to = new URL(mail({ title, url }));
  assert.equal(to.searchParams.get("subject"), title);
  assert.equal(to.searchParams.get("body"), url);
});

for (const [text, server] of [
  ["mastodon.social", "mastodon.social"],
  [" https://Mastodon.Social/@jenny ", "mastodon.social"],
  ["@jenny@fosstodon.org", "fosstodon.org"],
  ["jenny", null],
  ["", null],
  ["a b.example", null],
  ["example.com?x", null],
]) {
  test(`Mastodon server: ${text}`, () => assert.equal(serverOf(text), server));
}

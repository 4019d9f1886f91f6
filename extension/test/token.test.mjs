// Which tokens count.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { verify } from "../sharesmart.js/src/token.js";
import { signer } from "./server.mjs";

const now = 1_800_000_000;
const claims = { iss: "https://share.example", aud: "ext_1", ins: "ins_1", iat: now - 100, exp: now + 100, paid: true };
const { keys, sign, both } = await signer();
const expected = { keys, issuer: claims.iss, audience: "ext_1", install: "ins_1", now };
const { subtle } = webcrypto;

// old is WebCrypto without Ed25519.
const old = {
  importKey: (format, key, algorithm, ...rest) => (algorithm.name === "Ed25519" ? Promise.reject(new Error("unknown")) : subtle.importKey(format, key, algorithm, ...rest)),
  verify: (...asked) => subtle.verify(...asked),
};

const flip = (token) => {
  const [header, body, signature] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  bytes[10] ^= 1;
  return [header, body, bytes.toString("base64url")].join(".");
};
const reworded = (token) => {
  const [header, , signature] = token.split(".");
  return [header, Buffer.from(JSON.stringify({ ...claims, exp: now + 1e6 })).toString("base64url"), signature].join(".");
};

for (const [browser, crypto, alg] of [["Ed25519", subtle, "EdDSA"], ["P-256 alone", old, "ES256"]]) {
  test(`${browser}: a token counts`, async () => {
    assert.deepEqual(await verify(await both(claims), expected, crypto), claims);
  });

  const stranger = await signer();
  const cases = [
    ["tampered signature", async () => flip(await sign(alg, claims)), {}, /signature/],
    ["other words under the signature", async () => reworded(await sign(alg, claims)), {}, /signature/],
    ["signed by somebody else", () => stranger.sign(alg, claims), {}, /signature/],
    ["a key that is not known", () => sign(alg, claims, { kid: "key_2" }), {}, /no .* key key_2/],
    ["another algorithm in the header", () => sign(alg, claims, { alg: "none" }), {}, /signed with none/],
    ["expired", () => sign(alg, { ...claims, exp: now }), {}, /expired/],
    ["without an end", () => sign(alg, { ...claims, exp: undefined }), {}, /expired/],
    ["of another server", () => sign(alg, { ...claims, iss: "https://other.example" }), {}, /from/],
    ["of another extension", () => sign(alg, { ...claims, aud: "ext_2" }), {}, /extension/],
    ["of another install", () => sign(alg, { ...claims, ins: "ins_2" }), {}, /install/],
    ["cut", async () => (await sign(alg, claims)).slice(0, 40), {}, /no token/],
    ["rubbish", () => "a.b.c", {}, /no token/],
  ];
  for (const [name, token, more, reason] of cases) {
    test(`${browser}: ${name}`, async () => {
      await assert.rejects(verify({ [alg]: await token() }, { ...expected, ...more }, crypto), reason);
    });
  }
}

test("an answer of this moment counts whatever the clock here says", async () => {
  const late = await both({ ...claims, iat: now - 1000, exp: now - 500 });
  assert.equal((await verify(late, { ...expected, now: undefined }, subtle)).paid, true);
  await assert.rejects(verify(late, expected, subtle), /expired/);
});

test("no tokens", async () => {
  await assert.rejects(verify(null, expected, subtle), /no token/);
  await assert.rejects(verify({ EdDSA: await sign("EdDSA", claims) }, expected, old), /no token/);
});

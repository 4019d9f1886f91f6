// Codes as another encoder (the npm package qrcode, bytes, correction M) draws them; of the large ones the digest.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { encode } from "../app/lib/qr.js";

const known = JSON.parse(await readFile(new URL("qr.json", import.meta.url)));
const drawn = (text) => encode(text).map((row) => row.map((black) => (black ? "#" : ".")).join(""));

for (const { text, rows, size, sha256 } of known) {
  test(`${text.length} bytes: ${text.slice(0, 40)}`, () => {
    const code = drawn(text);
    if (rows) return assert.deepEqual(code, rows);
    assert.equal(code.length, size);
    assert.equal(createHash("sha256").update(code.join("\n")).digest("hex"), sha256);
  });
}

test("a code is as small as its text allows, and there is an end", () => {
  const sizes = [[14, 21], [15, 25], [26, 25], [27, 29], [180, 53], [181, 57], [2331, 177]];
  for (const [length, size] of sizes) assert.equal(encode("x".repeat(length)).length, size, `${length} bytes`);
  assert.equal(encode("ü".repeat(1166)), null, "2,332 bytes");
});

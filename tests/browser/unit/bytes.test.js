import assert from "node:assert/strict";
import { test } from "node:test";

import * as bytes from "../../../src/console/assets/bytes.js";
import { blake3, derive, keyed } from "../../../src/console/assets/blake3.js";
import { json } from "./vectors.js";

test("base32, base64 and hex agree with other implementations and read back", () => {
  for (let len = 0; len < 70; len++) {
    const some = bytes.random(len);
    assert.equal(bytes.hex(some), Buffer.from(some).toString("hex"));
    assert.equal(bytes.base64(some), Buffer.from(some).toString("base64"));
    assert.equal(bytes.base64url(some), Buffer.from(some).toString("base64url"));
    for (const form of ["hex", "base64", "base64url", "base32"]) {
      assert.deepEqual(bytes[`un${form}`](bytes[form](some)), some, form);
    }
  }
  // RFC 4648, section 10, without padding and in lower case.
  assert.equal(bytes.base32(bytes.utf8("foobar")), "mzxw6ytboi");
});

test("other spellings of the same bytes are refused", () => {
  for (const bad of ["AA=", "AB==", "AAA", "A===", "AA==AA==", "A A=", "AA==\n", "_-==", "===="]) {
    assert.equal(bytes.unbase64(bad), null, bad);
  }
  for (const bad of ["ab", "a", "AA", "a1", "aaa"]) assert.equal(bytes.unbase32(bad), null, bad);
  for (const bad of ["0", "0G", "AB"]) assert.equal(bytes.unhex(bad), null, bad);
});

test("BLAKE3 gives the official answers in all three modes", () => {
  const { key, context_string: context, cases } = json("tests/browser/vectors/blake3.json");
  assert.ok(cases.length > 30);
  for (const { input_len: len, hash, keyed_hash: keyedHash, derive_key: derived } of cases) {
    const input = Uint8Array.from({ length: len }, (_, at) => at % 251);
    assert.equal(bytes.hex(blake3(input)), hash, `${len}`);
    assert.equal(bytes.hex(keyed(bytes.utf8(key), input)), keyedHash, `${len}`);
    assert.equal(bytes.hex(derive(context, input)), derived, `${len}`);
  }
});

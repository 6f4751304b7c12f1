import assert from "node:assert/strict";
import { test } from "node:test";

import * as cbor from "../../../src/console/assets/cbor.js";
import * as cose from "../../../src/console/assets/cose.js";
import * as seal from "../../../src/console/assets/seal.js";
import { base32, base64, concat, hex, unbase64, unhex } from "../../../src/console/assets/bytes.js";
import { blake3 } from "../../../src/console/assets/blake3.js";
import { parse as parseEntry } from "../../../src/console/assets/entry.js";
import { publicKey, verify } from "../../../src/console/assets/ed25519.js";
import { fill, json } from "./vectors.js";

const PKCS8 = unhex("302e020100300506032b657004220420");

async function keyOf(seed) {
  return crypto.subtle.importKey("pkcs8", concat(PKCS8, unhex(seed)), "Ed25519", false, ["sign"]);
}

test("numbers have one spelling, at every edge", () => {
  for (const number of [0, 1, 23, 24, 25, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    const reader = new cbor.Reader(cbor.uint(number));
    assert.equal(reader.uint("a number"), number);
    reader.end();
  }
  const longer = ["1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1c", "1f", "18", "1901", "", "20"];
  for (const bad of [...longer, "1bffffffffffffffff"]) {
    assert.throws(() => new cbor.Reader(unhex(bad)).uint("a number"), cbor.Unexpected, bad);
  }
  for (const bad of ["580100", "5f4100ff", "41", "60", "5bffffffffffffffff00"]) {
    assert.throws(() => new cbor.Reader(unhex(bad)).bytes("bytes"), cbor.Unexpected, bad);
  }
  assert.throws(() => new cbor.Reader(unhex("61ff")).text("text"), cbor.Unexpected);
});

test("statements are laid out byte for byte as the ledger does", async () => {
  const { seed, statements } = json("tests/vectors/crypto/statements.json");
  const key = await keyOf(seed);
  const kid = statements[0] && cose.parse(unhex(statements[0].statement)).claims.kid;
  assert.ok(statements.length > 20);
  for (const { name, payload, fill: filled, statement, len, id, blake3: hash, ...claims } of statements) {
    const text = payload ?? String.fromCharCode(filled.byte).repeat(filled.len);
    const laid = cose.lay({ ...claims, kid }, text);
    const signature = await crypto.subtle.sign("Ed25519", key, laid.signed);
    const made = laid.join(new Uint8Array(signature));
    assert.equal(made.length, len, name);
    assert.equal(laid.id, id, name);
    if (statement) assert.equal(hex(made), statement, name);
    else assert.equal(base32(blake3(made)), hash, name);
    const read = cose.parse(made);
    assert.deepEqual(read.claims, { ...claims, kid }, name);
    assert.equal(read.id, id, name);
    assert.deepEqual(read.signed, laid.signed, name);
  }
});

test("a statement is too long by one byte, a claim is out of its limits", () => {
  const { statements } = json("tests/vectors/crypto/statements.json");
  const { iss, sub, aud, iat, cti, fill: filled } = statements.find(({ name }) => name === "the longest statement");
  const claims = { iss, sub, aud, iat, cti, kid: base32(new Uint8Array(32)) };
  cose.lay(claims, "a".repeat(filled.len));
  assert.throws(() => cose.lay(claims, "a".repeat(filled.len + 1)), RangeError);
  for (const bad of [{ iss: "" }, { iss: "x".repeat(129) }, { aud: "a\n" }, { iat: 253_402_300_800 }, { cti: "aa" }]) {
    assert.throws(() => cose.lay({ ...claims, ...bad }, "{}"), RangeError, JSON.stringify(bad));
  }
});

test("every other wrapping is refused", async () => {
  const { refused } = json("tests/vectors/crypto/statements.json");
  assert.ok(refused.length > 40);
  for (const { name, statement } of refused) assert.throws(() => cose.parse(unhex(statement)), Error, name);
});

test("every changed byte of a statement is noticed", async () => {
  const { statements } = json("tests/vectors/crypto/statements.json");
  const { keys } = json("tests/vectors/crypto/keys.json");
  const good = unhex(statements[0].statement);
  const key = unbase64(keys[1].public);
  assert.equal(await cose.signedBy(cose.parse(good), key), true);
  for (let at = 0; at < good.length; at++) {
    const bad = good.slice();
    bad[at] ^= 1;
    let holds = false;
    try {
      holds = await cose.signedBy(cose.parse(bad), key);
    } catch {
      // Not of the form: as well noticed.
    }
    assert.equal(holds, false, `byte ${at}`);
  }
});

test("keys and signatures are judged as strictly as by the ledger", async () => {
  const { keys, refused } = json("tests/vectors/crypto/keys.json");
  for (const { public: text, kid } of keys) {
    await publicKey(unbase64(text));
    assert.equal(base32(blake3(unbase64(text))), kid);
  }
  for (const { name, bytes } of refused) await assert.rejects(publicKey(unhex(bytes)), name);
  const { signatures } = json("tests/vectors/crypto/signatures.json");
  for (const { name, public: text, message, signature, strict } of signatures) {
    assert.equal(await verify(unbase64(text), unhex(signature), unhex(message)), strict, name);
  }
});

test("sealed objects open as the ledger sealed them, and nowhere else", () => {
  const { sealed: rows } = json("tests/vectors/crypto/sealed.json");
  // Of the longest the vectors give only a hash of the whole object.
  const whole = rows.filter(({ sealed }) => sealed);
  assert.equal(whole.length, rows.length - 1);
  for (const row of whole) {
    const place = { origin: row.origin, subject: row.subject, type: row.type };
    const key = unhex(row.event_key);
    assert.deepEqual(seal.open(key, place, row.sealed), fill(row.fill), `${row.fill.len}`);
    const ct = unbase64(row.sealed.ct);
    ct[0] ^= 1;
    const nonce = unbase64(row.sealed.nonce);
    nonce[23] ^= 1;
    for (const [other, sealed] of [
      [{ ...place, subject: "ledger" }, row.sealed],
      [{ ...place, type: "case.other" }, row.sealed],
      [place, { ...row.sealed, ct: base64(ct) }],
      [place, { ...row.sealed, nonce: base64(nonce) }],
      [place, { ...row.sealed, commit: base64(new Uint8Array(32)) }],
      [place, { ...row.sealed, alg: "none" }],
    ]) {
      assert.throws(() => seal.open(key, other, sealed), seal.NotOpened);
    }
  }
});

test("entries read as the ledger wrote them", () => {
  const { entries } = json("tests/vectors/frame/v1.json");
  for (const row of entries) {
    const statement = Uint8Array.from({ length: row.statement_len }, (_, k) => (7 * k + 3) % 256);
    const head = unhex(row.entry_head);
    // The vectors give the head with the beginning of the statement; the statement ends the entry.
    const entry = concat(head.subarray(0, row.entry_len - row.statement_len), statement);
    const read = parseEntry(entry);
    assert.equal(read.index, row.index);
    assert.equal(read.recordedAtMs, row.recorded_at_ms);
    assert.equal(hex(read.prev), row.prev);
    assert.equal(read.subjectPrev, row.subject_prev);
    assert.equal(hex(read.hash), row.entry_hash);
    assert.deepEqual(read.statement, statement);
    assert.throws(() => parseEntry(concat(entry, Uint8Array.of(0))));
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";

import * as keys from "../../../src/console/assets/keys.js";
import { base64, concat, hex, text, unbase64, unbase64url, unhex, utf8 } from "../../../src/console/assets/bytes.js";
import { verify } from "../../../src/console/assets/ed25519.js";
import { json } from "./vectors.js";

const ORIGIN = "example.org/ledger";

test("a made key cannot be exported, and its signatures hold", async () => {
  const key = await keys.generate();
  assert.equal(key.key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("pkcs8", key.key));
  const message = utf8("a message");
  assert.equal(await verify(key.publicKey, await keys.signBytes(key, message), message), true);
  assert.equal(unbase64(keys.enrolment(key)).length, 32);
});

test("an imported key is the ledger's own, and cannot be exported again", async () => {
  for (const { seed, public: text, kid } of json("tests/vectors/crypto/keys.json").keys) {
    const pkcs8 = base64(concat(unhex("302e020100300506032b657004220420"), unhex(seed)));
    const key = await keys.importKey({ pkcs8 });
    assert.equal(key.kid, kid);
    assert.equal(keys.enrolment(key), text);
    assert.equal(key.key.extractable, false);
  }
  await assert.rejects(keys.importKey({ pkcs8: base64(new Uint8Array(48)) }), TypeError);
});

test("a token says what the server asks for, by the server's clock", async () => {
  const key = await keys.generate();
  // The browser's clock is a day behind.
  const serverMs = Date.now() + 86_400_000;
  const made = await keys.token(key, ORIGIN, keys.Clock.following(serverMs));
  const [header, claims, signature] = made.split(".");
  assert.deepEqual(JSON.parse(text(unbase64url(header))), { alg: "EdDSA", typ: "JWT", kid: key.kid });
  const said = JSON.parse(text(unbase64url(claims)));
  assert.deepEqual(Object.keys(said), ["aud", "iat", "exp", "jti"]);
  assert.equal(said.aud, ORIGIN);
  assert.ok(Math.abs(said.iat - serverMs / 1000) < 5);
  assert.equal(said.exp, said.iat + 60);
  assert.match(said.jti, /^[a-z2-7]{26}$/);
  assert.equal(await verify(key.publicKey, unbase64url(signature), utf8(`${header}.${claims}`)), true);
  assert.notEqual(made, await keys.token(key, ORIGIN, keys.Clock.following(serverMs)));
});

test("the clock follows the Date header, and stands still without one", () => {
  const answer = (date) => ({ headers: { get: () => date } });
  const local = Date.parse("2026-11-30T00:00:00Z");
  assert.equal(keys.Clock.ofAnswer(answer("Tue, 01 Dec 2026 00:00:00 GMT"), local).offsetMs, 86_400_000);
  assert.equal(keys.Clock.ofAnswer(answer(null), local).offsetMs, 0);
  assert.equal(hex(new Uint8Array()), "");
});

// Opens a sealed object with its own key, so that who signs it sees what it holds
// (events/FORMATS.md, Tags and sealed data): XChaCha20-Poly1305, and a commitment under BLAKE3.
//
// It opens what this page has just asked to be sealed; no secret outlives the page, and nothing here
// answers to a stranger, so running time is no channel.

import * as cbor from "./cbor.js";
import { concat, same, unbase32, unbase64 } from "./bytes.js";
import { derive, keyed } from "./blake3.js";

/** Why an object does not open. */
export class NotOpened extends Error {}

/** The bytes that an object holds. `place`: origin, subject and type of its event. */
export function open(eventKey, place, sealed) {
  const nonce = unbase64(sealed.nonce);
  const ct = unbase64(sealed.ct);
  const commit = unbase64(sealed.commit);
  const keyId = unbase32(sealed.key);
  const isWhole =
    sealed.alg === "XChaCha20-Poly1305" && eventKey?.length === 32 && nonce?.length === 24 && ct?.length >= 16;
  if (!isWhole || commit?.length !== 32 || keyId?.length !== 16) throw new NotOpened("not of the known form");
  const aad = concat(
    Uint8Array.of(0x85, 0x01),
    cbor.text(place.origin),
    cbor.text(place.subject),
    cbor.text(place.type),
    cbor.bytes(keyId),
  );
  const plain = decrypt(derive("mingzheng v1 sealed encryption key", eventKey), nonce, aad, ct);
  if (plain === null) throw new NotOpened("the key does not open the sealed data here");
  const made = keyed(derive("mingzheng v1 sealed commitment key", eventKey), concat(nonce, aad, plain));
  if (!same(made, commit)) throw new NotOpened("the sealed data is not what it is committed to");
  return plain;
}

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03); null when the tag is another. */
export function decrypt(key, nonce, aad, ct) {
  const subkey = octets(rounds(state(key, nonce.subarray(0, 16))).filter((_, at) => at < 4 || at > 11));
  const inner = concat(new Uint8Array(4), nonce.subarray(16));
  const body = ct.subarray(0, ct.length - 16);
  const oneTime = block(subkey, 0, inner).subarray(0, 32);
  const pad = (len) => new Uint8Array((16 - (len % 16)) % 16);
  const lengths = new Uint8Array(16);
  new DataView(lengths.buffer).setUint32(0, aad.length, true);
  new DataView(lengths.buffer).setUint32(8, body.length, true);
  const tag = poly1305(oneTime, concat(aad, pad(aad.length), body, pad(body.length), lengths));
  if (!same(tag, ct.subarray(ct.length - 16))) return null;
  const out = new Uint8Array(body.length);
  for (let at = 0; at < body.length; at += 64) {
    const stream = block(subkey, at / 64 + 1, inner);
    body.subarray(at, at + 64).forEach((byte, n) => (out[at + n] = byte ^ stream[n]));
  }
  return out;
}

/** A ChaCha state (RFC 8439, 2.3): constants, key, and 16 bytes of counter and nonce. */
function state(key, tail) {
  const bytes = concat(key, tail);
  const view = new DataView(bytes.buffer);
  const rest = Array.from({ length: 12 }, (_, at) => view.getUint32(at * 4, true));
  return Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...rest);
}

function rounds(start) {
  const s = start.slice();
  const turn = (word, by) => (word << by) | (word >>> (32 - by));
  const quarter = (a, b, c, d) => {
    s[a] += s[b];
    s[d] = turn(s[d] ^ s[a], 16);
    s[c] += s[d];
    s[b] = turn(s[b] ^ s[c], 12);
    s[a] += s[b];
    s[d] = turn(s[d] ^ s[a], 8);
    s[c] += s[d];
    s[b] = turn(s[b] ^ s[c], 7);
  };
  for (let round = 0; round < 10; round++) {
    for (let n = 0; n < 4; n++) quarter(n, n + 4, n + 8, n + 12);
    for (let n = 0; n < 4; n++) quarter(n, ((n + 1) % 4) + 4, ((n + 2) % 4) + 8, ((n + 3) % 4) + 12);
  }
  return s;
}

function block(key, counter, nonce) {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, counter, true);
  const start = state(key, concat(count, nonce));
  return octets(rounds(start).map((word, at) => word + start[at]));
}

function octets(words) {
  const out = new Uint8Array(words.length * 4);
  const view = new DataView(out.buffer);
  words.forEach((word, at) => view.setUint32(at * 4, word, true));
  return out;
}

function poly1305(key, message) {
  const number = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const r = number(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  const p = 2n ** 130n - 5n;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const part = message.subarray(at, at + 16);
    sum = ((sum + number(part) + (1n << BigInt(8 * part.length))) * r) % p;
  }
  let rest = sum + number(key.subarray(16, 32));
  return Uint8Array.from({ length: 16 }, () => {
    const byte = Number(rest & 255n);
    rest >>= 8n;
    return byte;
  });
}

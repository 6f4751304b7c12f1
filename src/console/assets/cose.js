// Statements: COSE_Sign1 (RFC 9052) in the one form of events/FORMATS.md. The page lays these bytes
// out by itself; a server never says what is signed.

import * as cbor from "./cbor.js";
import { base32, concat, unbase32, utf8 } from "./bytes.js";
import { blake3 } from "./blake3.js";
import { verify } from "./ed25519.js";

/** Longest statement, in bytes. */
export const STATEMENT_LEN_MAX = 65_400;

const START = Uint8Array.of(0xd2, 0x84);
/** Map of 4; alg: -19 (Ed25519); content type; kid: byte string of 32. */
const HEADER = concat(
  Uint8Array.of(0xa4, 0x01, 0x32, 0x03),
  cbor.text("application/vnd.mingzheng.event+json"),
  Uint8Array.of(0x04, 0x58, 0x20),
);
/** CWT claims: map of 5; iss. Then sub, aud, iat and cti. */
const ISS = Uint8Array.of(0x0f, 0xa5, 0x01);
const [SUB, AUD, IAT] = [2, 3, 6].map((label) => Uint8Array.of(label));
const CTI = Uint8Array.of(0x07, 0x50);
const UNPROTECTED = Uint8Array.of(0xa0);
const SIGNATURE = Uint8Array.of(0x58, 0x40);
const SIG_STRUCTURE = concat(Uint8Array.of(0x84), cbor.text("Signature1"));
const EXTERNAL_AAD = Uint8Array.of(0x40);
const IAT_MAX = 253_402_300_799;
/** What a statement can be about. */
const ID = "[a-z2-7]{25}[aeimquy4]";
const SUBJECT = new RegExp(
  `^(ledger|(person|case|certificate|household|vehicle|payroll|roll):${ID}|(institution|actor):[a-z0-9][a-z0-9-]{0,47}` +
    "|account:t[1-9][a-z2-7]{32}|programme:[a-z0-9_]{1,48})$",
);
/** Control characters, as Unicode has them. */
const CONTROL = /\p{Cc}/u;

/**
 * Lays out a statement. Claims: iss, sub, aud, kid and cti (base32), iat (seconds). Gives the bytes
 * to sign, the statement's id, and `join`, which puts a signature to it.
 */
export function lay(claims, payload) {
  const { iss, sub, aud, iat } = claims;
  const kid = unbase32(claims.kid);
  const cti = unbase32(claims.cti);
  if (kid?.length !== 32 || cti?.length !== 16) throw new RangeError("kid or cti is not of its length");
  if (iat > IAT_MAX) throw new RangeError("iat is out of its limits");
  fits("iss", iss, 128);
  fits("aud", aud, 255);
  if (!SUBJECT.test(sub)) throw new RangeError("sub is no subject");
  const header = concat(
    HEADER, kid, ISS, cbor.text(iss), SUB, cbor.text(sub), AUD, cbor.text(aud), IAT, cbor.uint(iat), CTI, cti,
  );
  const shared = [cbor.bytes(header), cbor.bytes(utf8(payload))];
  const signed = concat(SIG_STRUCTURE, shared[0], EXTERNAL_AAD, shared[1]);
  if (signed.length - SIG_STRUCTURE.length + START.length + SIGNATURE.length + 64 > STATEMENT_LEN_MAX) {
    throw new RangeError("the statement would be too long");
  }
  return {
    signed,
    id: base32(blake3(signed)),
    join: (signature) => concat(START, shared[0], UNPROTECTED, shared[1], SIGNATURE, signature),
  };
}

function fits(name, value, max) {
  const { length } = utf8(value);
  if (length < 1 || length > max || CONTROL.test(value)) throw new RangeError(`${name} is out of its limits`);
}

/** Reads a statement; throws Unexpected at any byte off the form. The signature is not checked. */
export function parse(bytes) {
  if (bytes.length > STATEMENT_LEN_MAX) throw new RangeError("longer than a statement may be");
  const outer = new cbor.Reader(bytes);
  outer.literal(START, "tag 18 and an array of 4");
  const protectedFrom = outer.at;
  const header = outer.bytes("the protected header");
  const protectedTo = outer.at;
  outer.literal(UNPROTECTED, "an empty unprotected header");
  const payloadFrom = outer.at;
  const payload = outer.bytes("the payload");
  const payloadTo = outer.at;
  outer.literal(SIGNATURE, "a signature of 64 bytes");
  const signature = outer.raw(64, "a signature of 64 bytes");
  outer.end();

  const inner = new cbor.Reader(header, protectedTo - header.length);
  inner.literal(HEADER, "alg -19, our content type and a kid of 32 bytes");
  const kid = inner.raw(32, "a kid of 32 bytes");
  inner.literal(ISS, "CWT claims beginning with iss");
  const iss = inner.text("the text of iss");
  inner.literal(SUB, "the claim sub");
  const sub = inner.text("the text of sub");
  inner.literal(AUD, "the claim aud");
  const aud = inner.text("the text of aud");
  inner.literal(IAT, "the claim iat");
  const iat = inner.uint("the seconds of iat");
  inner.literal(CTI, "the claim cti of 16 bytes");
  const cti = inner.raw(16, "the claim cti of 16 bytes");
  inner.end();
  fits("iss", iss, 128);
  fits("aud", aud, 255);
  if (!SUBJECT.test(sub)) throw new RangeError("sub is no subject");
  if (iat > IAT_MAX) throw new RangeError("iat is out of its limits");

  const signed = concat(
    SIG_STRUCTURE,
    bytes.subarray(protectedFrom, protectedTo),
    EXTERNAL_AAD,
    bytes.subarray(payloadFrom, payloadTo),
  );
  return {
    claims: { iss, sub, aud, iat, kid: base32(kid), cti: base32(cti) },
    payload,
    signature,
    signed,
    id: base32(blake3(signed)),
  };
}

/** Whether the key (32 bytes) is the one a statement names and signed it. */
export async function signedBy(statement, key) {
  if (base32(blake3(key)) !== statement.claims.kid) return false;
  return verify(key, statement.signature, statement.signed);
}

// The officer's own key: an Ed25519 key of WebCrypto that never leaves the browser and cannot be
// exported, kept in IndexedDB; and the tokens that it signs (RFC 7519, the one accepted form).
//
// The browser's clock may be off by days. Times come from `Clock`, which follows the server's.

import { base32, base64, base64url, concat, random, unbase64, unhex, utf8 } from "./bytes.js";
import { blake3 } from "./blake3.js";

const DATABASE = "mingzheng";
const STORE = "keys";
/** Seconds a token lives, as `mingzheng token` has it. */
const LIFE_S = 60;
/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410). */
const PKCS8 = unhex("302e020100300506032b657004220420");

/** The id of a public key. */
export const kidOf = (publicKey) => base32(blake3(publicKey));

/** The time by the server's clock. */
export class Clock {
  constructor(offsetMs = 0) {
    this.offsetMs = offsetMs;
  }

  /** `serverMs` was the server's time while the browser's was `localMs`. */
  static following(serverMs, localMs = Date.now()) {
    return new Clock(serverMs - localMs);
  }

  /** By the `Date` header of an answer, which says whole seconds. */
  static ofAnswer(response, localMs = Date.now()) {
    const served = Date.parse(response.headers.get("date") ?? "");
    return Number.isNaN(served) ? new Clock() : Clock.following(served, localMs);
  }

  nowMs() {
    return Date.now() + this.offsetMs;
  }

  nowS() {
    return Math.floor(this.nowMs() / 1000);
  }
}

/** A key with its id: `{kid, publicKey, key}`; `key` signs and cannot be exported. */
export async function generate() {
  const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { kid: kidOf(publicKey), publicKey, key: pair.privateKey };
}

/** A key given as PKCS #8 in base64 or as a JWK: only the demo gives one. */
export async function importKey({ pkcs8, jwk }) {
  if (jwk) {
    const publicKey = unbase64url(jwk.x);
    const key = await crypto.subtle.importKey("jwk", { ...jwk, key_ops: ["sign"] }, "Ed25519", false, ["sign"]);
    return { kid: kidOf(publicKey), publicKey, key };
  }
  const bytes = unbase64(pkcs8);
  const seed = bytes?.length >= 48 ? bytes.subarray(16, 48) : null;
  if (seed === null || !PKCS8.every((byte, at) => bytes[at] === byte)) throw new TypeError("not a key in PKCS #8");
  const plain = concat(PKCS8, seed);
  // The public half is asked of a key that may be exported, which is then forgotten.
  const open = await crypto.subtle.importKey("pkcs8", plain, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", open);
  const key = await crypto.subtle.importKey("pkcs8", plain, "Ed25519", false, ["sign"]);
  const publicKey = unbase64url(x);
  return { kid: kidOf(publicKey), publicKey, key };
}

function unbase64url(text) {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  return unbase64(plain + "=".repeat((4 - (plain.length % 4)) % 4));
}

/** The public key as it is enrolled: base64. */
export const enrolment = ({ publicKey }) => base64(publicKey);

/** A key's signature of 64 bytes. */
export async function signBytes({ key }, bytes) {
  return new Uint8Array(await crypto.subtle.sign("Ed25519", key, bytes));
}

/** A token for one request, good for a minute; `life` in seconds, at most 300. */
export async function token(key, origin, clock, life = LIFE_S) {
  const iat = clock.nowS();
  const part = (json) => base64url(utf8(JSON.stringify(json)));
  const header = part({ alg: "EdDSA", typ: "JWT", kid: key.kid });
  const claims = part({ aud: origin, iat, exp: iat + life, jti: base32(random(16)) });
  const signed = `${header}.${claims}`;
  return `${signed}.${base64url(await signBytes(key, utf8(signed)))}`;
}

/** The keys of this browser, each with the ledger it is for. */
export class KeyStore {
  static async open() {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["origin", "kid"] });
    return new KeyStore(await settled(request));
  }

  constructor(database) {
    this.database = database;
  }

  store(mode) {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }

  /** Keeps a key for a ledger. */
  async put(origin, key, note = {}) {
    await settled(this.store("readwrite").put({ origin, ...key, ...note }));
  }

  /** The key of an id, or undefined. */
  get(origin, kid) {
    return settled(this.store("readonly").get([origin, kid]));
  }

  /** All keys for a ledger. */
  async all(origin) {
    const rows = await settled(this.store("readonly").getAll());
    return rows.filter((row) => row.origin === origin);
  }

  /** Forgets a key: nothing signs with it again. */
  async remove(origin, kid) {
    await settled(this.store("readwrite").delete([origin, kid]));
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Ed25519 as strictly as the ledger has it. WebCrypto checks the equation; what it leaves open is
// checked here: a public key is canonical, torsion-free and not of small order, and neither is the
// first half of a signature of small order. Only public numbers are computed with.

import { hex } from "./bytes.js";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));
const ROOT = power(2n, (P - 1n) / 4n);

/** Why a key is none. */
export class BadKey extends Error {}

const good = new Map();

/** The WebCrypto key of 32 bytes; throws BadKey. Keys found good are remembered. */
export async function publicKey(bytes) {
  const name = hex(bytes);
  const known = good.get(name);
  if (known) return known;
  if (bytes.length !== 32) throw new BadKey("an Ed25519 key has 32 bytes");
  const point = decompress(bytes);
  if (point === null) throw new BadKey("the public key is not an Ed25519 key in canonical form");
  if (isNeutral(times(8n, point)) || !isNeutral(times(ORDER, point))) {
    throw new BadKey("the public key is not in the prime-order group");
  }
  const key = await crypto.subtle.importKey("raw", bytes, "Ed25519", true, ["verify"]);
  if (good.size < 10_000) good.set(name, key);
  return key;
}

/** Whether a signature of 64 bytes is that key's over the message. */
export async function verify(bytes, signature, message) {
  if (signature.length !== 64) return false;
  const key = await publicKey(bytes);
  const commitment = decompress(signature.subarray(0, 32));
  if (commitment === null || isNeutral(times(8n, commitment))) return false;
  return crypto.subtle.verify("Ed25519", key, signature, message);
}

function mod(value) {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let [out, square] = [1n, mod(base)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) out = mod(out * square);
    square = mod(square * square);
  }
  return out;
}

/** The point of 32 bytes in its one form (RFC 8032, 5.1.3), or null. */
function decompress(bytes) {
  let number = 0n;
  for (let at = 31; at >= 0; at--) number = (number << 8n) | BigInt(bytes[at]);
  const sign = number >> 255n;
  const y = number & (2n ** 255n - 1n);
  if (y >= P) return null;
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x - square) !== 0n) x = mod(x * ROOT);
  if (mod(x * x - square) !== 0n) return null;
  if (x === 0n && sign === 1n) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * t2 * D);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(scalar, point) {
  let [out, base] = [[0n, 1n, 1n, 0n], point];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) out = add(out, base);
    base = add(base, base);
  }
  return out;
}

const isNeutral = ([x, y, z]) => x === 0n && mod(y - z) === 0n;

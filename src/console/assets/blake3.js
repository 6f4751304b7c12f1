// BLAKE3 in its three modes, 32 bytes out. The ledger's key ids, statement ids, entry hashes and
// commitments are BLAKE3, which WebCrypto does not have.
//
// The paper: github.com/BLAKE3-team/BLAKE3-specs. A message is cut into chunks of 1,024 bytes and
// those into blocks of 64; chunks are the leaves of a binary tree, the larger power of two left.

import { concat, utf8 } from "./bytes.js";

const IV = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
const ORDER = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
const [CHUNK_START, CHUNK_END, PARENT, ROOT, KEYED, CONTEXT, MATERIAL] = [1, 2, 4, 8, 16, 32, 64];
const CHUNK = 1024;
const BLOCK = 64;

/** BLAKE3-256 of bytes. */
export const blake3 = (bytes) => hash(IV, 0, bytes);

/** Keyed BLAKE3 under a key of 32 bytes. */
export const keyed = (key, bytes) => hash(words(key), KEYED, bytes);

/** A key of 32 bytes derived from material for a purpose. */
export const derive = (context, material) =>
  hash(words(hash(IV, CONTEXT, utf8(context))), MATERIAL, material);

function hash(key, mode, bytes) {
  return octets(compress(...subtree(key, mode, bytes, 0), ROOT));
}

/** The last step of a part of the tree, not yet taken: as the root it takes one more flag. */
function subtree(key, mode, bytes, number) {
  if (bytes.length <= CHUNK) return chunk(key, mode, bytes, number);
  const left = leftLen(bytes.length);
  const halves = [
    subtree(key, mode, bytes.subarray(0, left), number),
    subtree(key, mode, bytes.subarray(left), number + left / CHUNK),
  ].map((part) => octets(compress(...part, 0)));
  return [key, words(concat(...halves)), 0, BLOCK, mode | PARENT];
}

/** Bytes left of the top: the largest power of two of whole chunks that leaves one to the right. */
function leftLen(len) {
  let left = CHUNK;
  while (left * 2 < len) left *= 2;
  return left;
}

function chunk(key, mode, bytes, number) {
  const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK));
  let chain = key;
  for (let block = 0; ; block++) {
    const part = bytes.subarray(block * BLOCK, (block + 1) * BLOCK);
    const padded = new Uint8Array(BLOCK);
    padded.set(part);
    const flags = mode | (block === 0 ? CHUNK_START : 0);
    if (block === blocks - 1) return [chain, words(padded), number, part.length, flags | CHUNK_END];
    chain = compress(chain, words(padded), number, BLOCK, flags, 0);
  }
}

function compress(chain, block, number, len, flags, more) {
  const low = number >>> 0;
  const high = Math.floor(number / 2 ** 32);
  const state = Uint32Array.of(...chain, ...IV.slice(0, 4), low, high, len, flags | more);
  const mix = (a, b, c, d, x, y) => {
    state[a] += state[b] + x;
    state[d] = turn(state[d] ^ state[a], 16);
    state[c] += state[d];
    state[b] = turn(state[b] ^ state[c], 12);
    state[a] += state[b] + y;
    state[d] = turn(state[d] ^ state[a], 8);
    state[c] += state[d];
    state[b] = turn(state[b] ^ state[c], 7);
  };
  let m = block;
  for (let round = 0; round < 7; round++) {
    for (let n = 0; n < 4; n++) mix(n, n + 4, n + 8, n + 12, m[2 * n], m[2 * n + 1]);
    for (let n = 0; n < 4; n++) {
      mix(n, ((n + 1) % 4) + 4, ((n + 2) % 4) + 8, ((n + 3) % 4) + 12, m[8 + 2 * n], m[9 + 2 * n]);
    }
    m = ORDER.map((at) => m[at]);
  }
  return state.slice(0, 8).map((word, at) => word ^ state[at + 8]);
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

function words(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(at * 4, true));
}

function octets(words) {
  const out = new Uint8Array(32);
  const view = new DataView(out.buffer);
  for (let at = 0; at < 8; at++) view.setUint32(at * 4, words[at], true);
  return out;
}

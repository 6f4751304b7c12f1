// Bytes and their texts. Every reader here is strict: one text for one sequence of bytes.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of a text. */
export const utf8 = (text) => encoder.encode(text);

/** The text of UTF-8 bytes; throws when they are none. */
export const text = (bytes) => decoder.decode(bytes);

/** Some sequences, one after the other. */
export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((len, part) => len + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Whether two sequences are the same. What is compared here is public. */
export function same(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Bytes drawn at random. */
export const random = (len) => crypto.getRandomValues(new Uint8Array(len));

/** SHA-256. */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64URL = `${BASE64.slice(0, 62)}-_`;
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const HEX = "0123456789abcdef";

/** Bytes as digits of `width` bits, the last one filled up with zero bits. */
function digits(bytes, alphabet, width) {
  const out = [];
  let [held, bits] = [0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= width) {
      bits -= width;
      out.push(alphabet[(held >> bits) & ((1 << width) - 1)]);
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) out.push(alphabet[held << (width - bits)]);
  return out.join("");
}

/** The bytes of digits, or null: an unknown digit, a digit too many, or bits left that are not zero. */
function undigits(digits, alphabet, width) {
  const out = new Uint8Array(Math.floor((digits.length * width) / 8));
  let [held, bits, at] = [0, 0, 0];
  for (const digit of digits) {
    const value = alphabet.indexOf(digit);
    if (value < 0) return null;
    held = (held << width) | value;
    bits += width;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return bits < width && held === 0 ? out : null;
}

export const hex = (bytes) => digits(bytes, HEX, 4);
export const unhex = (text) => undigits(text, HEX, 4);
export const base32 = (bytes) => digits(bytes, BASE32, 5);
export const unbase32 = (text) => undigits(text, BASE32, 5);
export const base64url = (bytes) => digits(bytes, BASE64URL, 6);
export const unbase64url = (text) => undigits(text, BASE64URL, 6);

/** Base64 with padding. */
export function base64(bytes) {
  const text = digits(bytes, BASE64, 6);
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}

/** The bytes of base64 with padding, or null. */
export function unbase64(text) {
  if (text.length % 4 !== 0) return null;
  const bare = text.replace(/={1,2}$/, "");
  return undigits(bare, BASE64, 6);
}

// The deterministic CBOR (RFC 8949, 4.2.1) that statements and entries use: unsigned integers, byte
// strings, text strings and literal bytes, each in its shortest form. Any other spelling is refused.

import { concat, text as decode, utf8 } from "./bytes.js";

const [UINT, BYTES, TEXT] = [0, 2, 3];

/** The bytes are not what the form has at this place. */
export class Unexpected extends Error {
  constructor(at, expected) {
    super(`at byte ${at}: expected ${expected}`);
    this.at = at;
    this.expected = expected;
  }
}

/** An unsigned integer. */
export const uint = (value) => head(UINT, value);

/** A byte string. */
export const bytes = (value) => concat(head(BYTES, value.length), value);

/** A text string. */
export function text(value) {
  const encoded = utf8(value);
  return concat(head(TEXT, encoded.length), encoded);
}

function head(major, value) {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("not an unsigned integer");
  if (value < 24) return Uint8Array.of((major << 5) | value);
  const [info, len] = value < 2 ** 8 ? [24, 1] : value < 2 ** 16 ? [25, 2] : value < 2 ** 32 ? [26, 4] : [27, 8];
  const out = new Uint8Array(1 + len);
  out[0] = (major << 5) | info;
  let rest = value;
  for (let at = len; at > 0; at--) {
    out[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return out;
}

/** Reads items from the front of bytes. `start`: where they lie in something larger, for messages. */
export class Reader {
  constructor(bytes, start = 0) {
    this.all = bytes;
    this.at = 0;
    this.start = start;
  }

  wrong(at, expected) {
    return new Unexpected(this.start + at, expected);
  }

  /** Takes bytes that are always the same. */
  literal(literal, expected) {
    const found = this.all.subarray(this.at, this.at + literal.length);
    if (found.length !== literal.length || literal.some((byte, at) => byte !== found[at])) {
      throw this.wrong(this.at, expected);
    }
    this.at += literal.length;
  }

  /** Takes raw bytes. */
  raw(len, expected) {
    const found = this.all.subarray(this.at, this.at + len);
    if (found.length !== len) throw this.wrong(this.at, expected);
    this.at += len;
    return found;
  }

  uint(expected) {
    return this.head(UINT, expected);
  }

  bytes(expected) {
    return this.string(BYTES, expected);
  }

  text(expected) {
    const at = this.at;
    try {
      return decode(this.string(TEXT, expected));
    } catch {
      throw this.wrong(at, expected);
    }
  }

  /** Whether the next byte is this one; takes it if so. */
  is(byte) {
    if (this.all[this.at] !== byte) return false;
    this.at += 1;
    return true;
  }

  /** Checks that nothing follows. */
  end() {
    if (this.at !== this.all.length) throw this.wrong(this.at, "nothing more");
  }

  string(major, expected) {
    const at = this.at;
    const len = this.head(major, expected);
    const found = this.all.subarray(this.at, this.at + len);
    if (found.length !== len) throw this.wrong(at, expected);
    this.at += len;
    return found;
  }

  head(major, expected) {
    const at = this.at;
    const first = this.all[at];
    const info = first & 0x1f;
    if (first === undefined || first >> 5 !== major || info > 27) throw this.wrong(at, expected);
    this.at += 1;
    if (info < 24) return info;
    const len = 1 << (info - 24);
    const value = this.raw(len, expected).reduce((sum, byte) => sum * 256 + byte, 0);
    // Each longer form must hold a number that the next shorter one cannot.
    const least = info === 24 ? 24 : 2 ** (4 * len);
    if (value < least || !Number.isSafeInteger(value)) throw this.wrong(at, expected);
    return value;
  }
}

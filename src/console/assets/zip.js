// Reads a zip of stored and deflated files, by its central directory. Nothing is written anywhere.

import { text as decode } from "./bytes.js";
import { Refused } from "./tlog.js";

const ZIP_LEN_MAX = 64 << 20;
const FILES_MAX = 25_000;
const FILE_LEN_MAX = 8 << 20;
const ALL_LEN_MAX = 256 << 20;
const [END, CENTRAL, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const NAME = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;

/** The files of a zip, by name. */
export async function unzip(bytes) {
  if (bytes.length > ZIP_LEN_MAX) throw new Refused("zip_too_long");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > FILES_MAX || count === 0xffff) throw new Refused("zip_form", "files");
  const files = new Map();
  let all = 0;
  for (let number = 0; number < count; number++) {
    const file = central(view, bytes, at);
    if (files.has(file.name)) throw new Refused("zip_form", `${file.name} twice`);
    all += file.len;
    if (file.len > FILE_LEN_MAX || all > ALL_LEN_MAX) throw new Refused("zip_too_long", file.name);
    files.set(file.name, await content(view, bytes, file));
    at = file.next;
  }
  return files;
}

function endOf(view) {
  const least = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= least; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new Refused("zip_form", "end");
}

function central(view, bytes, at) {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== CENTRAL) throw new Refused("zip_form", "directory");
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [packed, len] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
  const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
  const name = nameOf(bytes.subarray(at + 46, at + 46 + lengths[0]));
  if (flags & 1 || (method !== 0 && method !== 8)) throw new Refused("zip_form", name);
  const next = at + 46 + lengths[0] + lengths[1] + lengths[2];
  return { name, method, crc: view.getUint32(at + 16, true), packed, len, local: view.getUint32(at + 42, true), next };
}

function nameOf(bytes) {
  let name = "";
  try {
    name = decode(bytes);
  } catch {
    // Not a name of ours, as an empty one is none.
  }
  if (!NAME.test(name) || name.split("/").some((part) => part === "." || part === "..")) {
    throw new Refused("zip_form", "name");
  }
  return name;
}

async function content(view, bytes, { name, method, crc, packed, len, local }) {
  if (local + 30 > view.byteLength || view.getUint32(local, true) !== LOCAL) throw new Refused("zip_form", name);
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const raw = bytes.subarray(from, from + packed);
  if (raw.length !== packed) throw new Refused("zip_form", name);
  const found = method === 0 ? raw : await inflate(raw, len, name);
  if (found.length !== len || crc32(found) !== crc) throw new Refused("zip_damaged", name);
  return found;
}

async function inflate(raw, len, name) {
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const out = new Uint8Array(len);
  let at = 0;
  try {
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      // A file that says less than it holds is stopped where it lied.
      if (at + value.length > len) {
        await reader.cancel();
        throw new RangeError("longer than it says");
      }
      out.set(value, at);
      at += value.length;
    }
  } catch {
    throw new Refused("zip_damaged", name);
  }
  return out.subarray(0, at);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

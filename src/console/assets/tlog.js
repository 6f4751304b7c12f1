// What the ledger proves, checked here: signed notes, checkpoints, paths and receipts (C2SP
// signed-note, tlog-checkpoint, tlog-proof; RFC 6962 and RFC 9162). Sizes and indexes are numbers
// below 2^53.
//
// Whatever does not hold is thrown as `Refused`, with the place and the reason; words for people are
// made from `code` by the page.

import { concat, hex, same, sha256, text as decode, unbase64, utf8 } from "./bytes.js";
import { publicKey, verify } from "./ed25519.js";

const NOTE_LEN_MAX = 1 << 20;
const SIGNATURES_MAX = 100;
const EXTENSIONS_MAX = 16;
export const ENTRY_LEN_MAX = 65_535;
const PATH_LEN_MAX = 64;
const RECEIPT_LEN_MAX = 64 + Math.ceil(ENTRY_LEN_MAX / 3) * 4 + PATH_LEN_MAX * 45 + NOTE_LEN_MAX;
const PROOF_HEADER = "c2sp.org/tlog-proof@v1";
const ORIGIN = /^[a-z0-9./-]{1,255}$/;

/** What does not hold: `code` for programs and translations, `place` what it was found at. */
export class Refused extends Error {
  constructor(code, place = "") {
    super(place === "" ? code : `${code}: ${place}`);
    this.code = code;
    this.place = String(place);
  }
}

/** A decimal without sign or leading zeros, or null. */
function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** 32 bytes of base64, or null. */
function hash(text) {
  const bytes = unbase64(text);
  return bytes?.length === 32 ? bytes : null;
}

/** Reads a verifier key `name+id+base64`; throws Refused("vkey"). */
export async function readVkey(text) {
  const [name, id, ...rest] = text.trim().split("+");
  const encoded = unbase64(rest.join("+"));
  if (text.length > 1024 || !isName(name) || encoded?.length !== 33 || encoded[0] !== 1) throw new Refused("vkey");
  const key = encoded.subarray(1);
  const expected = (await sha256(concat(utf8(`${name}\n`), encoded))).subarray(0, 4);
  if (hex(expected) !== id) throw new Refused("vkey", "id");
  try {
    await publicKey(key);
  } catch {
    throw new Refused("vkey", "key");
  }
  return { name, id: expected, key, text: text.trim() };
}

const isName = (name) => name !== undefined && name !== "" && !/[\s+\p{Cc}]/u.test(name);

/** Cuts a note into its text and its signatures; nothing is checked. */
export function readNote(note) {
  if (note.length > NOTE_LEN_MAX) throw new Refused("note_too_long");
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new Refused("note_form", "control character");
  // The text may have blank lines of its own: the last one parts it from the signatures.
  const blank = note.lastIndexOf("\n\n");
  const lines = note.slice(blank + 2);
  if (blank < 0 || lines === "") throw new Refused("note_unsigned");
  if (!lines.endsWith("\n")) throw new Refused("note_form", "end");
  const signatures = lines.slice(0, -1).split("\n").map((line, at) => {
    const found = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line);
    const bytes = found && unbase64(found[2]);
    if (!bytes || bytes.length < 5 || !isName(found[1])) throw new Refused("note_form", `signature ${at + 1}`);
    return { name: found[1], id: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
  });
  if (signatures.length > SIGNATURES_MAX) throw new Refused("note_form", "signatures");
  return { text: note.slice(0, blank + 1), signatures };
}

/** The text that the key signed; every signature in its name must be its own. */
export async function openNote(note, vkey) {
  const { text, signatures } = readNote(note);
  const own = signatures.filter(({ name, id }) => name === vkey.name && same(id, vkey.id));
  if (own.length === 0) throw new Refused("note_unsigned", vkey.name);
  for (const { bytes } of own) {
    if (!(await verify(vkey.key, bytes, utf8(text)))) throw new Refused("note_signature", vkey.name);
  }
  return text;
}

/** The checkpoint that the ledger signed: origin, size and root. */
export async function openCheckpoint(note, vkey) {
  // Nothing of the text is looked at before the signature holds.
  const text = await openNote(note, vkey);
  const lines = text.slice(0, -1).split("\n");
  const [origin, sizeText, rootText] = lines;
  if (lines.length < 3 || lines.includes("") || lines.length > 3 + EXTENSIONS_MAX || !ORIGIN.test(origin)) {
    throw new Refused("checkpoint_form");
  }
  if (origin !== vkey.name) throw new Refused("checkpoint_origin", origin);
  const size = decimal(sizeText);
  const root = hash(rootText);
  if (size === null || root === null) throw new Refused("checkpoint_form");
  if (size === 0 && !same(root, await sha256(new Uint8Array()))) throw new Refused("checkpoint_form");
  return { origin, size, root, rootText, note };
}

/** RFC 6962, 2.1: the hash of an entry as a leaf. */
export const leafHash = (entry) => sha256(concat(Uint8Array.of(0), entry));

const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

function expectHashes(...all) {
  if (all.some((one) => one?.length !== 32)) throw new Refused("not_a_hash");
}

/** One step up; exact below 2^53, where bit operations are not. */
const up = (number) => Math.floor(number / 2);
const isOdd = (number) => number % 2 === 1;

/** Checks that `leaf` is entry `index` of the tree of `size` leaves with this root (RFC 9162, 2.1.3.2). */
export async function checkInclusion(leaf, index, size, path, root) {
  if (index >= size) throw new Refused("index_beyond_tree", `${index} / ${size}`);
  expectHashes(leaf, root, ...path);
  let [node, last, found] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) throw new Refused("path_too_long");
    if (isOdd(node) || node === last) {
      found = await nodeHash(sibling, found);
      while (!isOdd(node) && node !== 0) [node, last] = [up(node), up(last)];
    } else {
      found = await nodeHash(found, sibling);
    }
    [node, last] = [up(node), up(last)];
  }
  if (last !== 0) throw new Refused("path_too_short");
  if (!same(found, root)) throw new Refused("root_differs");
}

/** Checks that one tree is the beginning of another (RFC 9162, 2.1.4.2). */
export async function checkConsistency(oldSize, oldRoot, newSize, newRoot, path) {
  if (oldSize > newSize) throw new Refused("sizes_reversed", `${oldSize} > ${newSize}`);
  expectHashes(oldRoot, newRoot, ...path);
  if (oldSize === 0 || oldSize === newSize) {
    const isEmpty = same(oldRoot, await sha256(new Uint8Array()));
    if (path.length > 0) throw new Refused("path_too_long");
    if (oldSize === 0 && !isEmpty) throw new Refused("old_root_differs");
    if (oldSize === newSize && !same(oldRoot, newRoot)) throw new Refused("new_root_differs");
    return;
  }
  let [node, last] = [oldSize - 1, newSize - 1];
  while (isOdd(node)) [node, last] = [up(node), up(last)];
  // The old root stands in for the first hash when the old tree is a whole one.
  const hashes = node === 0 ? [oldRoot, ...path] : [...path];
  const first = hashes.shift();
  if (first === undefined) throw new Refused("path_too_short");
  let [older, newer] = [first, first];
  for (const sibling of hashes) {
    if (last === 0) throw new Refused("path_too_long");
    if (isOdd(node) || node === last) {
      older = await nodeHash(sibling, older);
      newer = await nodeHash(sibling, newer);
      while (!isOdd(node) && node !== 0) [node, last] = [up(node), up(last)];
    } else {
      newer = await nodeHash(newer, sibling);
    }
    [node, last] = [up(node), up(last)];
  }
  if (last !== 0) throw new Refused("path_too_short");
  if (!same(older, oldRoot)) throw new Refused("old_root_differs");
  if (!same(newer, newRoot)) throw new Refused("new_root_differs");
}

/** What a text file is, by its form alone: a receipt, or a checkpoint. */
export function kindOf(bytes) {
  let text = "";
  try {
    text = decode(bytes);
  } catch {
    // No text at all.
  }
  if (text.startsWith("c2sp.org/tlog-proof")) return "receipt";
  if (/\n\n\u2014 /u.test(text)) return "checkpoint";
  throw new Refused("not_a_receipt");
}

/** Reads a receipt; nothing in it is checked. */
export function readReceipt(bytes) {
  if (bytes.length > RECEIPT_LEN_MAX) throw new Refused("receipt_too_long");
  let text;
  try {
    text = decode(bytes);
  } catch {
    throw new Refused("receipt_form", "UTF-8");
  }
  const blank = text.indexOf("\n\n");
  if (blank < 0) throw new Refused("receipt_form", "checkpoint");
  const [header, extra, index, ...path] = text.slice(0, blank).split("\n");
  if (header !== PROOF_HEADER) throw new Refused("receipt_form", "line 1");
  const entry = extra?.startsWith("extra ") ? unbase64(extra.slice(6)) : null;
  if (!entry || entry.length < 1 || entry.length > ENTRY_LEN_MAX) throw new Refused("receipt_form", "line 2: entry");
  const number = index?.startsWith("index ") ? decimal(index.slice(6)) : null;
  if (number === null) throw new Refused("receipt_form", "line 3: index");
  const hashes = path.map((line, at) => {
    const found = hash(line);
    if (found === null) throw new Refused("receipt_form", `line ${at + 4}: path`);
    return found;
  });
  if (hashes.length > PATH_LEN_MAX) throw new Refused("receipt_form", "path");
  const note = text.slice(blank + 2);
  readNote(note);
  return { entry, index: number, path: hashes, note };
}

/** Checks a receipt against the ledger's note key, in three steps; gives entry, index and checkpoint. */
export async function checkReceipt(bytes, vkey) {
  const receipt = readReceipt(bytes);
  // 1. The checkpoint is signed by the ledger and states the ledger's origin.
  const checkpoint = await openCheckpoint(receipt.note, vkey);
  // 2. The leaf is computed from the entry carried, never taken from elsewhere.
  const leaf = await leafHash(receipt.entry);
  // 3. The path leads from the leaf to the signed root.
  await checkInclusion(leaf, receipt.index, checkpoint.size, receipt.path, checkpoint.root);
  return { index: receipt.index, entry: receipt.entry, leaf, checkpoint };
}

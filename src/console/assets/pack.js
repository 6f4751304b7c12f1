// Checks an evidence pack in the page: the same steps as its own `check.py`, and no server.
//
//  1. every file is the one that SHA256SUMS names, and none is missing or added;
//  2. the checkpoint is signed by the note key;
//  3. each receipt leads from its entry to that very checkpoint;
//  4. each statement is signed by a key that entry 0 or another entry of the pack names.
//
// It does not say that a signer was allowed to sign: that is the whole trail's matter.

import * as cose from "./cose.js";
import { base32, base64, hex, sha256, text as decode, unbase64 } from "./bytes.js";
import { blake3 } from "./blake3.js";
import { openReceipt } from "./entry.js";
import { Refused, openCheckpoint, readVkey } from "./tlog.js";
import { unzip } from "./zip.js";

const RECEIPT = /^receipts\/([0-9]{12,})\.txt$/;

/**
 * Checks a pack. `trusted`: vkey text and genesis text (base64) known from elsewhere; without them
 * the pack's own are used, which shows only that it agrees with itself. `progress(done, all)` is
 * called now and then.
 */
export async function checkPack(bytes, trusted = {}, progress = () => {}) {
  const files = await unzip(bytes);
  await checkSums(files);
  const vkey = await readVkey(trusted.vkey ?? textOf(files, "ledger.vkey"));
  const genesis = (trusted.genesis ?? textOf(files, "genesis.txt")).trim();
  const checkpoint = await openCheckpoint(textOf(files, "checkpoint.txt"), vkey);
  const receipts = await readReceipts(files, vkey, checkpoint, progress);
  const first = receipts.find(({ index }) => index === 0);
  if (!first || genesis !== base64(first.leaf)) throw new Refused("pack_genesis", "genesis.txt");
  const keys = new Map();
  for (const { payload } of receipts) keysNamed(payload, keys);
  for (const { statement, name } of receipts) {
    const key = keys.get(statement.claims.kid);
    if (!key) throw new Refused("pack_signer", name);
    if (!(await cose.signedBy(statement, key))) throw new Refused("statement_signature", name);
  }
  const { origin, size, rootText } = checkpoint;
  return { entries: receipts.length, origin, size, root: rootText, about: aboutOf(files), isTrusted: Boolean(trusted.vkey) };
}

async function checkSums(files) {
  const named = new Map();
  for (const line of textOf(files, "SHA256SUMS").trimEnd().split("\n")) {
    const found = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line);
    if (!found) throw new Refused("pack_sums", "SHA256SUMS");
    named.set(found[2], found[1]);
  }
  for (const [name, content] of files) {
    if (name === "SHA256SUMS") continue;
    if (named.get(name) !== hex(await sha256(content))) throw new Refused("pack_file", name);
    named.delete(name);
  }
  for (const name of named.keys()) throw new Refused("pack_missing", name);
}

function textOf(files, name) {
  const content = files.get(name);
  if (!content) throw new Refused("pack_missing", name);
  try {
    return decode(content);
  } catch {
    throw new Refused("pack_file", name);
  }
}

async function readReceipts(files, vkey, checkpoint, progress) {
  const named = [...files].filter(([name]) => RECEIPT.test(name));
  const receipts = [];
  for (const [name, content] of named) {
    try {
      const opened = await openReceipt(content, vkey);
      if (Number(RECEIPT.exec(name)[1]) !== opened.index) throw new Refused("entry_index", opened.index);
      if (opened.checkpoint.size !== checkpoint.size || opened.checkpoint.rootText !== checkpoint.rootText) {
        throw new Refused("pack_checkpoint");
      }
      receipts.push({ ...opened, name });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new Refused(error.code, error.place === "" ? name : `${name}: ${error.place}`);
    }
    if (receipts.length % 50 === 0) progress(receipts.length, named.length);
  }
  if (receipts.length === 0) throw new Refused("pack_missing", "receipts/");
  return receipts;
}

/** Public keys that an entry brings onto the log: only those of the types that do. */
function keysNamed({ type, data }, keys) {
  const texts =
    type === "ledger.created"
      ? [data.system.public_key, ...data.roots.map((root) => root.public_key)]
      : type === "actor.enrolled" || type === "actor.key_rotated"
        ? [data.public_key]
        : [];
  for (const text of texts) {
    const key = unbase64(text);
    if (key?.length === 32) keys.set(base32(blake3(key)), key);
  }
}

function aboutOf(files) {
  try {
    const { about } = JSON.parse(textOf(files, "timeline.json"));
    return typeof about === "string" ? about : "";
  } catch {
    return "";
  }
}

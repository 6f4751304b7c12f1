// Checks an evidence pack in the page: the same steps as its own `check.py`, and no server.
//
//  1. every file is the one that SHA256SUMS names, and none is missing or added;
//  2. the checkpoint is signed by the note key;
//  3. each receipt leads from its entry to that very checkpoint;
//  4. each statement is signed by a key that entry 0 or another entry of the pack names;
//  5. each step of the timeline, each policy and each calendar is what an entry says (timeline.js).
//
// The sums show what was damaged; whoever forges writes them anew, and is found out by the rest.
// It does not say that a signer was allowed to sign: that is the whole trail's matter.

import * as cose from "./cose.js";
import { base32, base64, hex, sha256, text as decode, unbase64 } from "./bytes.js";
import { blake3 } from "./blake3.js";
import { openReceipt } from "./entry.js";
import { checkTexts, checkTimeline } from "./timeline.js";
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
  const [keys, roles] = [new Map(), new Map()];
  for (const receipt of receipts) keysNamed(receipt, keys, roles);
  for (const receipt of receipts) {
    const { statement, name } = receipt;
    const found = keys.get(statement.claims.kid);
    if (!found) throw new Refused("pack_signer", name);
    if (!(await cose.signedBy(statement, found.key))) throw new Refused("statement_signature", name);
    receipt.actor = found.actor;
    receipt.role = roles.get(found.actor);
  }
  checkTimeline(textOf(files, "timeline.json"), receipts);
  checkTexts(files, receipts);
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

/** Public keys that an entry brings onto the log, with their actors: only those of the types that do. */
function keysNamed({ payload: { type, data }, statement }, keys, roles) {
  const actor = statement.claims.sub.slice("actor:".length);
  const named =
    type === "ledger.created"
      ? [data.system, ...data.roots]
      : type === "actor.enrolled" || type === "actor.key_rotated"
        ? [{ actor, role: data.role, public_key: data.public_key }]
        : [];
  for (const { actor, role, public_key } of named) {
    const key = unbase64(public_key);
    if (key?.length === 32) keys.set(base32(blake3(key)), { key, actor });
    if (role) roles.set(actor, role);
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

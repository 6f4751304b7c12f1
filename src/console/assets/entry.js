// Entries of the ledger: `[1, index, recorded_at_ms, prev, subject_prev or null, statement]`
// (events/FORMATS.md, Entry), and what a checked receipt shows of one.

import * as cbor from "./cbor.js";
import * as cose from "./cose.js";
import { blake3 } from "./blake3.js";
import { text as decode } from "./bytes.js";
import { Refused, checkReceipt } from "./tlog.js";

/** Reads an entry; throws Unexpected at any byte off the form. */
export function parse(bytes) {
  const reader = new cbor.Reader(bytes);
  reader.literal(Uint8Array.of(0x86, 0x01), "an entry of version 1");
  const index = reader.uint("the index");
  const recordedAtMs = reader.uint("the recorded time");
  const prev = reader.bytes("the hash of the entry before");
  if (prev.length !== 32) throw reader.wrong(reader.at, "a hash of 32 bytes");
  const subjectPrev = reader.is(0xf6) ? null : reader.uint("the entry before of the same subject");
  const statement = reader.bytes("the statement");
  reader.end();
  return { index, recordedAtMs, prev, subjectPrev, statement, hash: blake3(bytes) };
}

/** Checks a receipt and reads what it carries: entry, statement, payload. */
export async function openReceipt(bytes, vkey) {
  const proven = await checkReceipt(bytes, vkey);
  let entry;
  let statement;
  let payload;
  try {
    entry = parse(proven.entry);
    statement = cose.parse(entry.statement);
    payload = JSON.parse(decode(statement.payload));
  } catch (error) {
    throw new Refused("entry_form", error.message);
  }
  if (entry.index !== proven.index) throw new Refused("entry_index", `${entry.index} / ${proven.index}`);
  if (statement.claims.aud !== proven.checkpoint.origin) throw new Refused("entry_audience", statement.claims.aud);
  if (typeof payload?.type !== "string" || payload.v !== 1) throw new Refused("entry_form", "payload");
  return { ...proven, record: entry, statement, payload };
}

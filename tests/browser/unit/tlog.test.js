import assert from "node:assert/strict";
import { test } from "node:test";

import * as tlog from "../../../src/console/assets/tlog.js";
import { hex, unbase64, unhex, utf8 } from "../../../src/console/assets/bytes.js";
import { json, refusedWith } from "./vectors.js";

const hashes = (texts) => (texts ?? []).map((text) => unbase64(text));

test("inclusion: the published cases", async () => {
  const { cases } = json("tests/vectors/tlog/transparency-dev-inclusion.json");
  assert.ok(cases.length > 50);
  for (const { leafIdx, treeSize, root, leafHash, proof, wantErr, name } of cases) {
    const checked = tlog.checkInclusion(unbase64(leafHash), leafIdx, treeSize, hashes(proof), unbase64(root ?? ""));
    if (wantErr) await assert.rejects(checked, tlog.Refused, name);
    else await checked;
  }
});

test("consistency: the published cases", async () => {
  const { cases } = json("tests/vectors/tlog/transparency-dev-consistency.json");
  assert.ok(cases.length > 50);
  for (const { size1, size2, root1, root2, proof, wantErr, name } of cases) {
    const checked = tlog.checkConsistency(size1, unbase64(root1), size2, unbase64(root2), hashes(proof));
    // One case has roots that are no hashes; they are refused here before they are compared.
    const areHashes = [root1, root2].every((root) => unbase64(root).length === 32);
    if (wantErr || !areHashes) await assert.rejects(checked, tlog.Refused, name);
    else await checked;
  }
});

test("leaves are hashed as RFC 6962 says", async () => {
  const { leaves, roots } = json("tests/vectors/tlog/certificate-transparency.json");
  assert.equal(hex(await tlog.leafHash(unhex(leaves[0]))), roots[1]);
});

test("published notes hold, and malformed keys are none", async () => {
  const { notes, bad_vkeys: bad } = json("tests/vectors/tlog/notes.json");
  for (const { vkey, text, note } of notes) {
    const key = await tlog.readVkey(vkey);
    assert.equal(await tlog.openNote(note, key), text);
    await assert.rejects(tlog.openNote(note.replace("e", "f"), key), refusedWith("note_signature"));
  }
  for (const text of bad) await assert.rejects(tlog.readVkey(text), refusedWith("vkey"), text);
});

test("receipts hold; any changed character is refused", async () => {
  const { vkey, receipts } = json("tests/vectors/tlog/receipts.json");
  const key = await tlog.readVkey(vkey);
  for (const { text, index, size } of receipts) {
    const proven = await tlog.checkReceipt(utf8(text), key);
    assert.equal(proven.index, index);
    assert.equal(proven.checkpoint.size, size);
  }
  // Lines of foreign signatures are kept and not judged: every character before them is.
  const { text } = receipts.find(({ index }) => index === 2);
  for (let at = 0; at < text.length; at++) {
    const bad = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
    await assert.rejects(tlog.checkReceipt(utf8(bad), key), tlog.Refused, `character ${at}`);
  }
});

test("a receipt of another ledger is refused by name", async () => {
  const { receipts, witness_vkey: other } = json("tests/vectors/tlog/receipts.json");
  await assert.rejects(tlog.readVkey(other), refusedWith("vkey"));
  const { notes } = json("tests/vectors/tlog/notes.json");
  const key = await tlog.readVkey(notes[0].vkey);
  await assert.rejects(tlog.checkReceipt(utf8(receipts[0].text), key), refusedWith("note_unsigned"));
});

test("a text is a receipt or a checkpoint by its form, and what is neither says so", () => {
  assert.equal(tlog.kindOf(utf8("c2sp.org/tlog-proof@v1\nextra x\n")), "receipt");
  assert.equal(tlog.kindOf(utf8("origin\n1\nroot\n\n\u2014 origin AAAA\n")), "checkpoint");
  for (const bytes of [utf8(""), utf8("a list\n\nof things\n"), utf8("残疾人".repeat(40)), Uint8Array.of(0xff, 0xfe, 0)]) {
    assert.throws(() => tlog.kindOf(bytes), refusedWith("not_a_receipt"));
  }
});

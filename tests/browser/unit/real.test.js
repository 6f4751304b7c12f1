// Bytes that the ledger itself made: `mingzheng demo`, then `draft` of ../fixtures/body.json and
// `pack` of one person.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as cose from "../../../src/console/assets/cose.js";
import { checkDraft } from "../../../src/console/assets/draft.js";
import { checkPack } from "../../../src/console/assets/pack.js";
import { openReceipt } from "../../../src/console/assets/entry.js";
import { readVkey } from "../../../src/console/assets/tlog.js";
import { text, unbase32, utf8 } from "../../../src/console/assets/bytes.js";
import { unzip } from "../../../src/console/assets/zip.js";
import { repack } from "./repack.js";
import { file, json, refusedWith } from "./vectors.js";

const PACK = "tests/browser/fixtures/pack.zip";
const vkeyText = text(file("tests/browser/fixtures/ledger.vkey")).trim();

function drafted() {
  const draft = json("tests/browser/fixtures/draft.json");
  const meant = json("tests/browser/fixtures/body.json");
  const { kid, aud: origin, iss: organisation } = draft.claims;
  return { draft, meant, me: { kid, origin, organisation } };
}

test("a draft that says what was meant is laid out, and shows what is sealed in it", () => {
  const { draft, meant, me } = drafted();
  const checked = checkDraft(draft, meant, me);
  assert.deepEqual(Object.keys(checked.personal[0]).sort(), ["id_number", "name", "phone", "village"]);
  assert.equal(checked.personal[0].name, "李生林");
  assert.ok(checked.filled.includes("id") && checked.filled.includes("person"), checked.filled);
  const laid = cose.lay({ ...checked.claims, iat: 1_790_000_000 }, checked.payload);
  const read = cose.parse(laid.join(new Uint8Array(64)));
  assert.equal(text(read.payload), draft.payload);
});

test("a draft that says anything else is not signed", () => {
  const rows = [
    ["draft_changed", ({ meant }) => (meant.data.hukou_division = "411703")],
    ["draft_changed", ({ meant }) => meant.data.claimed.push("visual")],
    ["draft_changed", ({ meant }) => (meant.refs = ["a".repeat(52)])],
    ["draft_changed", ({ meant }) => (meant.policy = "a".repeat(52))],
    ["draft_changed", ({ meant }) => (meant.subject = `case:${"a".repeat(26)}`)],
    ["draft_changed", ({ meant }) => (meant.at = "2026-01-01")],
    ["draft_changed", ({ meant }) => (meant.type = "application.accepted")],
    ["draft_added", ({ meant }) => delete meant.data.channel],
    ["draft_other_key", ({ me }) => (me.kid = "a".repeat(52))],
    ["draft_other_ledger", ({ me }) => (me.origin = "another.example")],
    ["draft_changed", ({ me }) => (me.organisation = "another office")],
    ["sealed_differs", ({ meant }) => (meant.personal.name = "李生森")],
    ["sealed_differs", ({ meant }) => delete meant.personal.phone],
    ["draft_added", ({ meant }) => delete meant.personal],
    ["sealed_count", ({ meant }) => (meant.personal = [meant.personal, meant.personal])],
    ["sealed_not_opened", ({ draft }) => (draft.opens[0] = "A".repeat(43) + "=")],
    ["sealed_not_opened", ({ draft }) => (draft.payload = draft.payload.replace('"ct":"W', '"ct":"X'))],
    ["draft_added", ({ draft }) => (draft.payload = draft.payload.replace('"v":1', '"v":1,"more":1'))],
    ["draft_form", ({ draft }) => (draft.payload = draft.payload.replace('"v":1', '"v":1,"v":1'))],
    ["draft_added", ({ draft, meant }) => {
      // Without personal fields nothing stands for any.
      draft.payload = '{"type":"certificate.frozen","v":1,"at":"2026-01-01","data":{"name":"t1' + "a".repeat(32) + '"}}';
      Object.assign(meant, { type: "certificate.frozen", data: {} });
      delete meant.personal;
    }],
    ["draft_form", ({ draft }) => (draft.format = "mingzheng draft v2")],
  ];
  for (const [code, change] of rows) {
    const all = drafted();
    change(all);
    assert.throws(() => checkDraft(all.draft, all.meant, all.me), refusedWith(code), `${code} ${change}`);
  }
});

test("an evidence pack of the ledger holds, with its own key and with one from elsewhere", async () => {
  const seen = [];
  const receipts = [...(await unzip(file(PACK))).keys()].filter((name) => name.startsWith("receipts/"));
  const found = await checkPack(file(PACK), { vkey: vkeyText }, (done) => seen.push(done));
  assert.equal(found.entries, receipts.length);
  assert.ok(found.entries > 50 && found.size > found.entries);
  assert.equal(found.isTrusted, true);
  assert.deepEqual(seen, [50]);
  assert.equal((await checkPack(file(PACK))).isTrusted, false);
});

test("a receipt of the ledger opens to its statement, and its payload is what was signed", async () => {
  const files = await unzip(file(PACK));
  const vkey = await readVkey(vkeyText);
  const [, receipt] = [...files].find(([name]) => name.startsWith("receipts/") && !name.endsWith("000.txt"));
  const opened = await openReceipt(receipt, vkey);
  assert.equal(opened.record.index, opened.index);
  assert.equal(opened.statement.claims.aud, opened.checkpoint.origin);
  assert.ok(unbase32(opened.statement.id).length === 32 && opened.payload.type);
  // Every byte of the entry matters, and so does the index.
  const said = text(receipt);
  for (const [from, to] of [["index ", "index 1"], ["extra ", "extra AAAA"], ["tlog-proof@v1", "tlog-proof@v2"]]) {
    await assert.rejects(openReceipt(utf8(said.replace(from, to)), vkey));
  }
});

test("a tampered pack is refused with the place named", async () => {
  const good = file(PACK);
  const at = Buffer.from(good).indexOf("receipts/");
  for (const step of [60, 200, 1000, 20_000]) {
    const bad = good.slice();
    bad[at + step] ^= 1;
    await assert.rejects(checkPack(bad), (error) => /^(zip|pack|receipt)_/.test(error.code), `${step}`);
  }
  await assert.rejects(checkPack(good.subarray(0, good.length - 1)), refusedWith("zip_form"));
  await assert.rejects(checkPack(utf8("not a zip, not at all, nothing of that kind")), refusedWith("zip_form"));
  const other = json("tests/vectors/tlog/receipts.json").vkey;
  await assert.rejects(checkPack(good, { vkey: other }), refusedWith("note_unsigned"));
  await assert.rejects(checkPack(good, { genesis: "A".repeat(43) + "=" }), refusedWith("pack_genesis"));
});

test("whoever tampers and mends the sums is found out by the proofs", async () => {
  const name = (index) => `receipts/${String(index).padStart(12, "0")}.txt`;
  const files = await unzip(file(PACK));
  const indexes = [...files.keys()].map((path) => /^receipts\/(\d+)/.exec(path)).filter(Boolean);
  const some = Number(indexes[20][1]);
  const vkey = await readVkey(vkeyText);
  const enrolments = [];
  for (const [path] of indexes) {
    const { payload } = await openReceipt(files.get(`${path}.txt`), vkey);
    if (payload.type === "actor.enrolled") enrolments.push(`${path}.txt`);
  }
  const changed = (path, change) => [path, utf8(change(text(files.get(path))))];
  const rows = [
    // A digit of the month in one entry.
    ["root_differs", name(some), [changed(name(some), (said) => said.replace(/^(extra .{400})./m, "$1A"))]],
    ["entry_index", name(some), [[name(some), files.get(name(Number(indexes[21][1])))]]],
    ["note_signature", "", [changed("checkpoint.txt", (said) => said.replace(/\n[0-9]+\n/, "\n9\n"))]],
    ["pack_genesis", "genesis.txt", [[name(0), null]]],
    ["pack_signer", "receipts/", enrolments.map((path) => [path, null])],
    ["pack_missing", "receipts/", indexes.map(([path]) => [`${path}.txt`, null])],
  ];
  for (const [code, place, changes] of rows) {
    const all = new Map(files);
    for (const [path, content] of changes) content === null ? all.delete(path) : all.set(path, content);
    await assert.rejects(
      checkPack(await repack(all)),
      (error) => error.code === code && error.place.includes(place),
      code,
    );
  }
  assert.ok((await checkPack(await repack(files))).entries > 50);
});

test("an edited policy or timeline with mended sums is found out by the entries", async () => {
  const files = await unzip(file(PACK));
  const timeline = () => JSON.parse(text(files.get("timeline.json")));
  const { steps } = timeline();
  const policy = [...files.keys()].find((name) => name.startsWith("policies/"));
  const endorsed = steps.find(({ type }) => type === "endorsed").index;
  const told = (change) => {
    const changed = timeline();
    change(changed.steps, changed.steps.find(({ facts }) => facts.some(({ field }) => field === "amount")));
    return utf8(JSON.stringify(changed));
  };
  const rows = [
    ["pack_text", policy, utf8(`${text(files.get(policy))}# more\n`)],
    ["pack_missing", policy, null],
    ["pack_step", "timeline.json", told((_, paid) => (paid.facts.find(({ field }) => field === "amount").value = "90.00"))],
    ["pack_step", "timeline.json", told((_, paid) => paid.facts.push({ field: "ground", zh: "理由", en: "ground", value: "fraud" }))],
    ["pack_step", "timeline.json", told((all) => (all[0].actor = all.at(-1).actor + "0"))],
    ["pack_step", "timeline.json", told((all) => (all[0].recorded = "2020-01-01 00:00:00"))],
    ["pack_step", "timeline.json", told((all) => all.push(all[0]))],
    ["pack_step", `receipts/${String(endorsed).padStart(12, "0")}.txt`, null],
  ];
  for (const [code, name, content] of rows) {
    const all = new Map(files);
    content === null ? all.delete(name) : all.set(name, content);
    await assert.rejects(checkPack(await repack(all)), refusedWith(code), `${code} ${name}`);
  }
});

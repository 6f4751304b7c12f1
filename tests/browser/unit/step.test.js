// What a page shows of a step, held against what its receipt proves: entries that the ledger made.

import assert from "node:assert/strict";
import { test } from "node:test";

import { openReceipt } from "../../../src/console/assets/entry.js";
import { holdAgainst, saidBy, signedBy } from "../../../src/console/assets/step.js";
import { readVkey } from "../../../src/console/assets/tlog.js";
import { text } from "../../../src/console/assets/bytes.js";
import { unzip } from "../../../src/console/assets/zip.js";
import { file, refusedWith } from "./vectors.js";

const files = await unzip(file("tests/browser/fixtures/pack.zip"));
const vkey = await readVkey(text(file("tests/browser/fixtures/ledger.vkey")).trim());
const entries = new Map();
for (const [name, content] of files) {
  if (!/^receipts\/\d+/.test(name)) continue;
  const opened = await openReceipt(content, vkey);
  entries.set(opened.index, opened);
}
const opened = [...entries.values()];
const isEnrolment = ({ payload }) => payload.type === "actor.enrolled";
/** The enrolment of whoever signed an entry. */
const enrolments = opened.filter(isEnrolment);
const actorOf = ({ statement }) => statement.claims.sub.replace("actor:", "");
const all = {
  naming: async (actor) => enrolments.filter((one) => actorOf(one) === actor).map(({ index }) => index),
  receipt: async (index) => entries.get(index),
};

/** An entry by somebody enrolled, with who that is. */
async function step() {
  for (const one of opened.filter((entry) => !entry.statement.claims.sub.startsWith("actor:"))) {
    for (const actor of enrolments.map(actorOf)) {
      const found = await signedBy(one, actor, all).catch(() => undefined);
      if (found) return { one, actor, found };
    }
  }
  throw new Error("the pack holds no entry of an enrolled actor");
}

test("a page that shows what was signed holds; one that shows anything else does not", () => {
  for (const entry of opened) holdAgainst(saidBy(entry), entry);
  const [, entry] = opened;
  for (const part of ["type", "subject", "at", "organisation"]) {
    const shown = { ...saidBy(entry), [part]: `${saidBy(entry)[part]}x` };
    assert.throws(() => holdAgainst(shown, entry), refusedWith("step_differs"), part);
    assert.throws(() => holdAgainst({ ...shown, [part]: undefined }, entry), refusedWith("step_differs"), part);
  }
});

test("a step is its actor's whose key an entry enrolled, and nobody else's", async () => {
  const { one, actor, found } = await step();
  assert.equal(actorOf(entries.get(found.enrolledIn)), actor);
  const other = enrolments.map(actorOf).find((name) => name !== actor);
  await assert.rejects(signedBy(one, other, all), refusedWith("step_signer"));
  await assert.rejects(signedBy(one, "nobody", all), refusedWith("step_signer"));
  // An enrolment of another actor is none of this one, whatever the server lists.
  const naming = async () => [found.enrolledIn];
  await assert.rejects(signedBy(one, other, { ...all, naming }), refusedWith("step_signer"));
  // A history that leaves the enrolment out does not make the step good.
  await assert.rejects(signedBy(one, actor, { ...all, naming: async () => [] }), refusedWith("step_signer"));
});

test("a founder's key came with entry 0", async () => {
  const root = entries.get(0).payload.data.roots[0];
  const [by] = enrolments;
  const found = await signedBy(by, root.actor, all);
  assert.deepEqual(found, { enrolledIn: 0 });
});

test("a signature of another statement is refused", async () => {
  const { one, actor } = await step();
  const changed = { ...one, statement: { ...one.statement, signed: enrolments[0].statement.signed } };
  await assert.rejects(signedBy(changed, actor, all), refusedWith("statement_signature"));
});

test("what the reader may not see is said, and is not a check", async () => {
  const { one, actor } = await step();
  assert.equal(await signedBy(one, actor, { ...all, naming: async () => null }), null);
  assert.equal(await signedBy(one, actor, { ...all, receipt: async () => null }), null);
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import * as form from "../../../src/console/assets/form.js";
import { CODES, say, sayError } from "../../../src/console/assets/words.js";
import { base64url } from "../../../src/console/assets/bytes.js";
import { labelOf, leaves, yuan } from "../../../src/console/assets/plain.js";
import { readCode } from "../../../src/console/assets/code.js";
import { refusedWith } from "./vectors.js";

const assets = new URL("../../../src/console/assets/", import.meta.url);

test("whatever is thrown or said has words", () => {
  const used = new Set();
  for (const name of readdirSync(assets).filter((name) => name.endsWith(".js"))) {
    const text = readFileSync(new URL(name, assets), "utf8");
    for (const [, code] of text.matchAll(/(?:Refused|NotAsMeant|say)\("([a-z_]+)"/g)) used.add(code);
  }
  assert.ok(used.size > 60, `${used.size}`);
  assert.deepEqual([...used].filter((code) => !CODES.includes(code)), []);
});

test("no module takes HTML from a text, and none reaches another server", () => {
  for (const name of readdirSync(assets).filter((name) => name.endsWith(".js"))) {
    const text = readFileSync(new URL(name, assets), "utf8");
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?:\/\//, name);
  }
});

test("an error says what, where, by which rule, and what to do", () => {
  const error = Object.assign(new Error("officers not apart"), { rule: "I11", hint: "another officer has to take this step" });
  assert.equal(sayError(error), "officers not apart. rule I11. another officer has to take this step");
  assert.equal(sayError(Object.assign(new Error("x"), { code: "pack_missing", place: "a.txt" })), `${say("pack_missing")}. place: a.txt`);
  const problem = { status: 422, code: "refused", hint: "correct it" };
  assert.equal(sayError(Object.assign(new Error("data.month is wrong"), problem)), "data.month is wrong. correct it");
});

test("of several that have to be chosen it is said how many are missing", () => {
  const field = (least, ...checked) => ({
    dataset: { kind: "some", least },
    querySelectorAll: () => checked.map((one) => ({ checked: one })),
  });
  assert.deepEqual(form.tooFew(field("2", true, false)), { least: 2, chosen: 1, lacking: 1 });
  for (const whole of [field("2", false, false), field("2", true, true), field(undefined, true)]) {
    assert.equal(form.tooFew(whole), null);
  }
  const said = say("too_few", { field: "“assessors”", ...form.tooFew(field("2", true, false)) });
  assert.equal(said, "“assessors”: at least 2 are needed; 1 chosen, 1 missing");
});

test("money is typed in yuan and kept in fen", () => {
  for (const [typed, fen] of [["0", 0], ["60", 6000], ["60.5", 6050], ["1,234.56", 123_456], [" 7.05 ", 705]]) {
    assert.equal(form.fen(typed), fen, typed);
  }
  for (const bad of ["", "-1", "1.234", "1e3", "abc", "٣"]) assert.throws(() => form.fen(bad), RangeError, bad);
  assert.equal(yuan(6005), "60.05");
  assert.equal(yuan(99), "0.99");
});

test("fields go to their places, and every leaf is shown", () => {
  const data = {};
  form.put(data, "grade.level", 3);
  form.put(data, "grade.category", "physical");
  form.put(data, "meets", true);
  assert.deepEqual(data, { grade: { level: 3, category: "physical" }, meets: true });
  const shown = leaves({ ...data, months: ["2026-01"], evidence: [{ kind: "a", hash: "b" }] });
  assert.deepEqual(shown, [
    ["grade.level", 3],
    ["grade.category", "physical"],
    ["meets", true],
    ["months", ["2026-01"]],
    ["evidence.1.kind", "a"],
    ["evidence.1.hash", "b"],
  ]);
});

test("one level is a category, and several are a multiple disability of the most severe", () => {
  const select = (category, value) => ({ value, dataset: { category } });
  assert.equal(form.grade([select("visual", ""), select("hearing", "")]), undefined);
  assert.deepEqual(form.grade([select("visual", ""), select("hearing", "2")]), { category: "hearing", level: 2 });
  assert.deepEqual(form.grade([select("physical", "3"), select("hearing", "1")]), {
    category: "multiple",
    level: 1,
    components: [{ category: "physical", level: 3 }, { category: "hearing", level: 1 }],
  });
});

test("what is listed is called by its number, and a paper's parts by the paper", () => {
  const labels = new Map([["grade.components.level", "level"], ["evidence", "papers"], ["told", "told"]]);
  assert.equal(labelOf("grade.components.2.level", labels), "level 2");
  assert.equal(labelOf("evidence.1.hash", labels), "papers: hash 1");
  assert.equal(labelOf("told.proof.kind", labels), "told: proof of delivery: what it is");
  assert.equal(labelOf("a.unknown_name", labels), "a unknown name");
});

test("a counter receipt's code is read strictly", () => {
  const leaf = base64url(new Uint8Array(32).fill(7));
  const read = readCode(`mzr1:example.org/a:12:${leaf}`);
  assert.deepEqual([read.origin, read.index, read.leaf[0]], ["example.org/a", 12, 7]);
  for (const bad of ["", `mzr2:a:1:${leaf}`, `mzr1:a:01:${leaf}`, `mzr1:a:1:${leaf}A`, `mzr1:A:1:${leaf}`, `mzr1:a:1:${leaf.slice(0, -1)}_`]) {
    assert.throws(() => readCode(bad), refusedWith("code_form"), bad);
  }
});

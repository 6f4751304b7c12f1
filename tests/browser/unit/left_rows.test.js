import assert from "node:assert/strict";
import { test } from "node:test";

import { byReason, numbers } from "../../../src/console/assets/left_rows.js";

test("one wrong row stands before the many that say nothing yet", () => {
  const blank = [2, 3, 4, 5, 7, 9].map((row) => ({ row, why: "发放结果空白" }));
  const wrong = { row: 6, why: "处理日期无法识别" };
  const [first, second, ...others] = byReason([...blank, wrong]);
  assert.deepEqual(first, { sheet: "", why: wrong.why, rows: [6] });
  assert.deepEqual([second.rows.length, numbers(second.rows)], [6, "2–5, 7, 9"]);
  assert.deepEqual(others, []);
});

test("the same reason on two sheets is said of each", () => {
  const left = [{ sheet: "甲", row: 2, why: "x" }, { sheet: "乙", row: 2, why: "x" }];
  assert.deepEqual(byReason(left).map((one) => one.sheet), ["甲", "乙"]);
});

test("a long list of rows ends", () => {
  const odd = Array.from({ length: 50 }, (_, at) => 2 * at + 1);
  assert.equal(numbers(odd).split(", ").length, 21);
  assert.ok(numbers(odd).endsWith("…"));
});

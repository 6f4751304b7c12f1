// Rows of a roll that are left out, by the reason. A result file comes back with many rows that say
// nothing yet: a reason that few rows share stands first, so that one wrong row is not lost among them.

/** Ranges of rows shown of one reason; the annotated copy, or the file itself, has them all. */
const RANGES_MAX = 20;

/** Reasons with the rows of each, the rarest first, then in the order of the file. */
export function byReason(left) {
  const reasons = new Map();
  for (const { sheet = "", row, why } of left) {
    const key = JSON.stringify([sheet, why]);
    if (!reasons.has(key)) reasons.set(key, { sheet, why, rows: [] });
    reasons.get(key).rows.push(row);
  }
  const found = [...reasons.values()];
  for (const one of found) one.rows.sort((a, b) => a - b);
  return found.sort((a, b) => a.rows.length - b.rows.length || a.rows[0] - b.rows[0]);
}

/** Row numbers as a person writes them: 2–5, 9. */
export function numbers(rows) {
  const ranges = [];
  for (const row of rows) {
    const last = ranges.at(-1);
    if (last && row === last[1] + 1) last[1] = row;
    else ranges.push([row, row]);
  }
  const shown = ranges.slice(0, RANGES_MAX).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return shown.join(", ") + (ranges.length > RANGES_MAX ? ", …" : "");
}

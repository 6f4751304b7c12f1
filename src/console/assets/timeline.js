// Whether the timeline, policies and calendars of an evidence pack are what its entries say.
//
// A step's facts are held against the words of the wire. What those are called in Chinese, and the
// look of timeline.html, belong to the version that wrote the pack: its `check.py` has those words
// and makes both anew; here they have their sum alone.

import { base32, text as decode } from "./bytes.js";
import { blake3 } from "./blake3.js";
import { Refused } from "./tlog.js";

/** Fields of money, in fen. */
const MONEY = ["amount", "total", "cost"];
const CHINA_MS = 8 * 60 * 60 * 1000;

/** Checks timeline.json. `entries`: opened receipts with the actor and role of who signed. */
export function checkTimeline(text, entries) {
  const byIndex = new Map(entries.map((entry) => [entry.index, entry]));
  let steps;
  try {
    ({ steps } = JSON.parse(text));
  } catch {
    throw new Refused("pack_step", "timeline.json");
  }
  let before = -1;
  for (const step of Array.isArray(steps) ? steps : [null]) {
    const entry = byIndex.get(step?.index);
    if (!entry || step.index <= before || !isOf(step, entry)) {
      throw new Refused("pack_step", `timeline.json: ${step?.index}`);
    }
    before = step.index;
  }
}

function isOf(step, { payload, statement, record, actor, role }) {
  const { data } = payload;
  const recorded = new Date(record.recordedAtMs + CHINA_MS).toISOString();
  const expected = {
    at: payload.at,
    recorded: `${recorded.slice(0, 10)} ${recorded.slice(11, 19)}`,
    type: payload.type,
    actor,
    organisation: statement.claims.iss,
    statement: statement.id,
    refs: payload.refs ?? [],
  };
  const plain = Object.entries(expected).every(([name, value]) => JSON.stringify(step[name]) === JSON.stringify(value));
  const facts = Array.isArray(step.facts) ? step.facts : [null];
  return (
    plain &&
    endsWith(step.role, role) &&
    facts.every((fact) => says(fact?.value, fact?.field, data[fact?.field] ?? data.grade?.[fact?.field]))
  );
}

/** Whether a text is this word, or ends with it behind what it is called. */
const endsWith = (said, word) => typeof said === "string" && (said === word || said.endsWith(` ${word}`));

function says(said, field, value) {
  if (!Array.isArray(value)) return endsWith(said, word(field, value));
  let rest = said;
  for (const item of value.map((item) => word(field, item)).filter((item) => item !== null).reverse()) {
    if (typeof rest !== "string" || !endsWith(rest, item) && !rest.endsWith(`, ${item}`)) return false;
    const [left, comma] = [rest.slice(0, rest.length - item.length), ", "];
    const at = left.lastIndexOf(comma);
    rest = at < 0 ? "" : left.slice(0, at);
  }
  return rest === "";
}

/** A value in the words of the wire. */
function word(field, value) {
  switch (typeof value) {
    case "boolean":
      return value ? "yes" : "no";
    case "number": {
      if (!MONEY.includes(field)) return String(value);
      const fen = Math.abs(value);
      return `${value < 0 ? "-" : ""}${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
    }
    case "string":
      return value;
    default:
      return field === "components" && value ? `${value.category} ${value.level}` : null;
  }
}

const PLACES = { "policy.published": "policies", "calendar.published": "calendars" };

/** Checks every policy and calendar: the text of an endorsed publication, and none is missing. */
export function checkTexts(files, entries) {
  const endorsed = new Set(
    entries.filter(({ payload }) => payload.type === "endorsed").flatMap(({ payload }) => payload.refs ?? []),
  );
  const published = new Map();
  for (const { payload, statement } of entries) {
    const place = PLACES[payload.type];
    if (place && endorsed.has(statement.id)) published.set(`${place}/${payload.data.hash}.toml`, payload.data.text);
  }
  for (const [name, content] of files) {
    const hash = /^(?:policies|calendars)\/([a-z2-7]{52})\.toml$/.exec(name)?.[1];
    if (!hash) continue;
    if (base32(blake3(content)) !== hash || published.get(name) !== decode(content)) throw new Refused("pack_text", name);
  }
  for (const { payload } of entries) {
    const places = Object.values(PLACES).map((place) => `${place}/${payload.policy}.toml`);
    if (payload.policy && !places.some((name) => files.has(name))) throw new Refused("pack_missing", places[0]);
  }
}

// What a statement says, in plain words, read from the very payload that is signed.

import { element, facts } from "./element.js";
import { isChinese, say } from "./words.js";

/** Fields that hold money, in fen. */
const MONEY = /(^|\.)(amount|total|cost|income|money_at_risk)$/;

/**
 * The parts of a checked draft as a list of facts. `labels`: names of fields by place, `values`:
 * names of answers by field and word, as the form had them.
 */
export function plain({ claims, parsed, personal, filled }, title, labels, values) {
  const own = new Set(filled);
  const rows = leaves(parsed.data);
  const typed = rows.filter(([place]) => !own.has(place.split(".")[0]) && !own.has(place));
  const shownRows = typed.filter(([, value]) => !Array.isArray(value) || value.length > 0);
  const row = ([place, value]) => [labelOf(place, labels), place === "items" ? table(value, labels, values) : shown(place, value, values)];
  const sealed = personal.flatMap((person) => Object.entries(person));
  return [
    facts([
      [say("event"), element("strong", {}, title)],
      [say("subject"), spoken(claims.sub, values)],
      [say("day"), parsed.at],
      ...shownRows.map(row),
      ...sealed.map(([name, value]) => [`${say("sealed")}${isChinese() ? "：" : ": "}${labels.get(`sealed.${name}`) ?? labels.get(name) ?? named(name)}`, value]),
      [say("rests_on"), (parsed.refs ?? []).map((id) => element("div", {}, spoken(id, values)))],
      [say("policy"), parsed.policy && spoken(parsed.policy, values)],
    ]),
    // What ties the statement to its place on the ledger, for whoever checks.
    element("details", {}, element("summary", {}, say("technical")), facts([
      [say("expects"), parsed.expect && (parsed.expect.head ? mono(parsed.expect.head) : say("nothing_yet"))],
    ])),
    ...(filled.length > 0 ? [element("details", {}, element("summary", {}, say("filled")), facts(rows.filter(([place]) => own.has(place.split(".")[0]) || own.has(place)).map(row)))] : []),
  ];
}

/** Items as a table: a column for each field that any of them has. */
function table(items, labels, values) {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))];
  const heads = names.map((name) => element("th", { scope: "col" }, labelOf(`items.${name}`, labels)));
  const cell = (item, name) => (item[name] === undefined ? [] : [shown(`items.${name}`, item[name], values)].flat());
  const rows = items.map((item) => element("tr", {}, ...names.map((name) => element("td", {}, ...cell(item, name)))));
  const whole = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": labelOf("items", labels) }, whole);
}

/** Every leaf of data with its place; a list of plain words is one leaf. */
export function leaves(data, place = "") {
  return Object.entries(data).flatMap(([name, value]) => {
    const at = place === "" ? name : `${place}.${name}`;
    // What is listed is shown as a table.
    if (at === "items" && Array.isArray(value)) return [[at, value]];
    const isPlain = !Array.isArray(value) || value.every((item) => typeof item !== "object");
    if (typeof value === "object" && !Array.isArray(value)) return leaves(value, at);
    if (isPlain) return [[at, value]];
    return value.flatMap((item, number) => leaves(item, `${at}.${number + 1}`));
  });
}

/** A place without the numbers of what is listed in it, and the last of these numbers. */
function unnumbered(place) {
  const parts = place.split(".");
  const number = parts.findLast((part) => /^[0-9]+$/.test(part));
  return { place: parts.filter((part) => !/^[0-9]+$/.test(part)).join("."), number };
}

/** What a place is called; of several alike each with its number. */
export function labelOf(at, labels) {
  const { place, number } = unnumbered(at);
  const word = labels.get(at) ?? labels.get(place) ?? labelOfPart(place, labels);
  if (word === undefined) return named(at);
  return number ? `${word} ${number}` : word;
}

/** A part that is called the same wherever it stands, such as the hash of a paper. */
function labelOfPart(place, labels) {
  const dot = place.lastIndexOf(".");
  const part = say(`part_${place.slice(dot + 1)}`);
  if (dot < 0 || part.startsWith("part_")) return undefined;
  const whole = labels.get(place.slice(0, dot)) ?? labelOfPart(place.slice(0, dot), labels);
  return whole && `${whole}${isChinese() ? "：" : ": "}${part}`;
}

const named = (place) => place.replaceAll(/[._]/g, " ");
const mono = (text) => element("code", {}, text);

/** An id: what it is in words where the form knows it, and the id itself, which is what is signed. */
function spoken(id, values) {
  const words = values.get(`id=${id}`);
  return words ? element("span", {}, words, " ", mono(id)) : mono(id);
}

const ID = /^([a-z2-7]{26}|[a-z2-7]{52}|t[1-9][a-z2-7]{32}|[A-Za-z0-9+/]{43}=)$/;

function shown(place, value, values) {
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  if (typeof value === "number") return MONEY.test(place) ? `${yuan(value)} ${isChinese() ? "元" : "yuan"}` : String(value);
  if (Array.isArray(value)) return value.map((item) => element("div", {}, shown(place, item, values)));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).map(([name, part]) => element("div", {}, `${named(name)} `, shown(`${place}.${name}`, part, values)));
  }
  const word = values.get(`${place}=${value}`) ?? values.get(`${unnumbered(place).place}=${value}`);
  if (word) return word;
  return ID.test(value) ? spoken(value, values) : value;
}

/** Fen as yuan. */
export const yuan = (fen) => `${Math.trunc(fen / 100)}.${String(Math.abs(fen % 100)).padStart(2, "0")}`;

// Holds a draft against what its signer meant, before anything is signed.
//
// The page knows what the person typed: type, subject, day, references, policy, data and personal
// fields. The server answers with a draft, in which it has sealed the personal fields and filled in
// tags and ids. Here every part that was meant must be in the draft unchanged, every part that was
// not meant must be one that a draft fills in, and what is sealed is opened again and must hold what
// was typed. Only then is the statement laid out, here, from the draft's parts.

import { open } from "./seal.js";
import { text as decode, unbase64 } from "./bytes.js";

/** Why a draft is not signed: `code` for translation, `place` the field. */
export class NotAsMeant extends Error {
  constructor(code, place = "") {
    super(`${code}: ${place}`);
    this.code = code;
    this.place = place;
  }
}

/** Fields of `data` that a draft fills in by itself; tags in any field are told by their form. */
const FILLED = new Set(["person", "id_form", "birth_date", "sex", "meant_ids", "view"]);
const TAG = /^t[1-9][a-z2-7]{32}$/;
const ID = /^[a-z2-7]{25}[aeimquy4]$/;
const HASH = /^[a-z2-7]{51}[aq]$/;
const ENVELOPE = new Set(["type", "v", "at", "refs", "expect", "policy", "about", "data", "sealed"]);

/**
 * Checks a draft. `meant`: `{type, subject, at?, refs?, policy?, about?, data, personal?}`; `me`:
 * `{kid, origin, organisation}`. Gives `{claims, payload, parsed, personal, filled}`: the claims to
 * sign, the payload's text and meaning, what was sealed for each person, and the names of the fields
 * that the draft filled in.
 *
 * Of a row of a roll nothing was typed: `meant` is null, and it must only be for this key and ledger,
 * and open.
 */
export function checkDraft(draft, meant, me) {
  if (draft?.format !== "mingzheng draft v1") throw new NotAsMeant("draft_form", "format");
  const { claims, payload, opens } = draft;
  if (claims.kid !== me.kid) throw new NotAsMeant("draft_other_key", "kid");
  if (claims.aud !== me.origin) throw new NotAsMeant("draft_other_ledger", "aud");
  if (claims.iss !== me.organisation) throw new NotAsMeant("draft_changed", "iss");
  const parsed = parse(payload);
  const extra = Object.keys(parsed).find((name) => !ENVELOPE.has(name));
  if (extra) throw new NotAsMeant("draft_added", extra);
  if (meant === null) return { claims, payload, parsed, personal: openAll(parsed, claims, opens), filled: [] };
  expectSubject(claims.sub, meant.subject);
  if (parsed.type !== meant.type || parsed.v !== 1) throw new NotAsMeant("draft_changed", "type");
  if (meant.at && parsed.at !== meant.at) throw new NotAsMeant("draft_changed", "at");
  if (!isDeepEqual(parsed.refs ?? [], meant.refs ?? [])) throw new NotAsMeant("draft_changed", "refs");
  if (!isDeepEqual(parsed.about ?? [], meant.about ?? [])) throw new NotAsMeant("draft_changed", "about");
  if (parsed.policy !== meant.policy) throw new NotAsMeant("draft_changed", "policy");
  const filled = compare(parsed.data, meant.data, "", meant.personal !== undefined);
  const personal = openAll(parsed, claims, opens, meant.personal);
  return { claims, payload, parsed, personal, filled };
}

/** A payload's JSON; a repeated name would let two readers see two things. */
function parse(payload) {
  let parsed;
  try {
    parsed = JSON.parse(payload);
  } catch {
    throw new NotAsMeant("draft_form", "payload");
  }
  if (JSON.stringify(parsed) !== payload) throw new NotAsMeant("draft_form", "payload");
  return parsed;
}

function expectSubject(found, meant) {
  const [kind, id] = meant.split(":");
  const isNew = id === "new" && found.startsWith(`${kind}:`) && ID.test(found.slice(kind.length + 1));
  if (found !== meant && !isNew) throw new NotAsMeant("draft_changed", "subject");
}

/** Compares data with what was meant; gives the places that were filled in. Tags stand for personal
 * fields: where none was typed, none may be added. */
function compare(found, meant, place, hasPersonal) {
  const filled = [];
  const at = (name) => (place === "" ? name : `${place}.${name}`);
  for (const name of Object.keys(meant)) {
    const [was, is] = [meant[name], found?.[name]];
    if (isObject(was)) filled.push(...compare(is, was, at(name), hasPersonal));
    // What is at its default may be left out of the written form.
    else if (is === undefined && isDefault(was)) continue;
    else if (!isDeepEqual(is, was)) throw new NotAsMeant("draft_changed", at(name));
  }
  for (const name of Object.keys(found ?? {})) {
    if (name in meant) continue;
    const value = found[name];
    const mayBe = (place === "" && FILLED.has(name)) || (hasPersonal && isTagged(value));
    if (!mayBe) throw new NotAsMeant("draft_added", at(name));
    filled.push(at(name));
  }
  return filled;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isDefault = (value) => value === false || value === 0 || (Array.isArray(value) && value.length === 0);

/** A tag, or an object of nothing but tags. */
function isTagged(value) {
  if (typeof value === "string") return TAG.test(value);
  return isObject(value) && Object.values(value).every(isTagged);
}

function isDeepEqual(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => isDeepEqual(item, b[at]));
  }
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => name in b && isDeepEqual(a[name], b[name]));
  }
  return a === b;
}

/** Opens every sealed object and holds it against the personal fields that were typed; a row of a
 * roll was not typed. */
function openAll(parsed, claims, opens, ...given) {
  const sealed = parsed.sealed ?? [];
  const [typed] = given;
  const persons = given.length === 0 ? sealed.map(() => null) : [typed ?? []].flat();
  if (sealed.length !== persons.length || opens.length !== persons.length) {
    throw new NotAsMeant("sealed_count", String(sealed.length));
  }
  const place = { origin: claims.aud, subject: claims.sub, type: parsed.type };
  return sealed.map((one, number) => {
    let held;
    try {
      held = JSON.parse(decode(open(unbase64(opens[number]), place, one)));
    } catch {
      throw new NotAsMeant("sealed_not_opened", String(number + 1));
    }
    if (persons[number] === null) return held;
    const names = new Set([...Object.keys(held), ...Object.keys(persons[number])]);
    for (const name of names) {
      if (tidy(held[name]) !== tidy(persons[number][name])) throw new NotAsMeant("sealed_differs", name);
    }
    return held;
  });
}

/** A typed text as the ledger tidies it: full width made half, no spaces, one kind of middle dot. */
function tidy(text) {
  if (text === undefined) return undefined;
  const folded = text.normalize("NFKC").replace(/[\s\p{Cf}]/gu, "");
  return folded.replace(/[.·•‧∙⋅・᛫]/gu, "·").toUpperCase();
}

/** Whether a text is the id of a statement. */
export const isHash = (text) => HASH.test(text);

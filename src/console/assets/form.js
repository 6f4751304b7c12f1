// A form of the desk as the event that its signer means. The form says in `data-` attributes where
// each field goes; this reads them, and hashes the papers. No element is made here.

import { ask } from "./client.js";

/** What a form means: `{type, subject, refs, policy, data, personal}`; hashes papers on the way. */
export async function meant(form, whenHashing = () => {}) {
  const { type, subject, refs, policy, data, person } = form.dataset;
  const body = { type, subject, data: JSON.parse(data) };
  const rests = JSON.parse(refs);
  if (rests.length > 0) body.refs = rests;
  if (policy) body.policy = policy;
  for (const field of form.querySelectorAll("[data-path]")) {
    const { path, kind, onlyIf } = field.dataset;
    if (onlyIf && !isOn(form, onlyIf)) continue;
    const hash = (file) => {
      whenHashing();
      return evidence(file, person);
    };
    const value = await valueOf(field, kind, hash);
    if (value === undefined) continue;
    // The id of what it is about is typed or chosen.
    if (kind === "subject") body.subject = body.subject.replace(/:.*$/, `:${value}`);
    else if (kind === "personal") (body.personal ??= {})[personalName(path)] = value;
    else put(body.data, path, value);
  }
  return body;
}

/** Whether yes was said in a field. */
export const isOn = (form, path) => form.querySelector(`[data-path="${path}"]`)?.value === "true";

/** The fields that have to be filled in and are not, and those of a wrong form: `[lacking, wrong]`. */
export function unfinished(form) {
  const asked = [...form.querySelectorAll("[data-path]")].filter((field) => !field.disabled);
  const needed = asked.filter((field) => field.required || field.dataset.needed);
  const lacking = needed.filter(isEmpty);
  const isWrong = (field) => (field.willValidate && !field.checkValidity()) || isMistyped(field);
  const wrong = asked.filter((field) => !lacking.includes(field) && isWrong(field));
  return [lacking, wrong];
}

/** Of a field of which several have to be chosen, how many, and how many are; null where none is, or enough. */
export function tooFew(field) {
  if (field.dataset.kind !== "some") return null;
  const [least, chosen] = [Number(field.dataset.least ?? 1), chosenOf(field)];
  return chosen > 0 && chosen < least ? { least, chosen, lacking: least - chosen } : null;
}

const chosenOf = (field) => [...field.querySelectorAll("input")].filter((box) => box.checked).length;

/** An ID number with a wrong length, or whose last character does not fit the others (GB 11643); one of the
 * old form has no such character. */
function isMistyped(field) {
  if (field.dataset.kind !== "personal" || personalName(field.dataset.path) !== "id_number") return false;
  const text = field.value.trim().toUpperCase();
  if (text === "" || /^[0-9]{15}$/.test(text)) return false;
  if (!/^[0-9]{17}[0-9X]$/.test(text)) return true;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, at) => all + weight * Number(text[at]), 0);
  return "10X98765432"[sum % 11] !== text[17];
}

function isEmpty(field) {
  const { kind, least } = field.dataset;
  const [inputs, selects] = [[...field.querySelectorAll("input")], [...field.querySelectorAll("select")]];
  switch (kind) {
    case "some":
      return chosenOf(field) < Number(least ?? 1);
    case "grade":
      return selects.every((select) => select.value === "");
    case "paper":
    case "papers":
    case "digest":
      return field.files.length === 0;
    case "papers_of":
      return inputs[0].files.length === 0;
    case "told":
      return inputs.some((input) => input.files.length === 0);
    case "old_card":
      return oldCard(field) === undefined;
    default:
      return field.value.trim() === "";
  }
}

/** What became of an old card; undefined while that is not said. */
function oldCard(field) {
  const [what, why] = [field.querySelector("select").value, field.querySelector("input").value.trim()];
  if (what === "returned") return what;
  return what === "" || why === "" ? undefined : { not_returned: why };
}

/** Under which name a field is sealed. */
export const personalName = (path) => (path === "holder_name" ? "holder" : path);

/** A field's value; undefined when it is left out. `hash` makes a document's hash. */
export async function valueOf(field, kind, hash) {
  switch (kind) {
    case "flag":
      return field.value === "" ? undefined : field.value === "true";
    case "count":
      return field.value === "" ? undefined : Number(field.value);
    case "yuan":
      return field.value.trim() === "" ? undefined : fen(field.value);
    case "texts": {
      const lines = field.value.split("\n").map((line) => line.trim());
      return lines.filter(Boolean);
    }
    case "some":
      return [...field.querySelectorAll("input:checked")].map((box) => box.value);
    case "grade":
      return grade([...field.querySelectorAll("select")]);
    case "paper":
      return field.files.length === 0 ? undefined : paper(field, field.files[0], hash);
    case "papers": {
      const papers = [];
      for (const file of field.files) papers.push(await paper(field, file, hash));
      return papers;
    }
    case "papers_of": {
      const papers = [];
      for (const input of field.querySelectorAll("input")) {
        for (const file of input.files) papers.push(await paper(input, file, hash));
      }
      return papers;
    }
    case "old_card":
      return oldCard(field);
    case "digest":
      return field.files.length === 0 ? undefined : hash(field.files[0]);
    case "told": {
      const [notice, proof] = field.querySelectorAll("input");
      if (notice.files.length === 0 || proof.files.length === 0) return undefined;
      return {
        notice: await paper(notice, notice.files[0], hash),
        proof: await paper(proof, proof.files[0], hash),
      };
    }
    default: {
      const text = field.value.trim();
      return text === "" ? undefined : text;
    }
  }
}

/** One category with its level, or a multiple disability: its parts, and the most severe level. */
export function grade(selects) {
  const chosen = selects.filter((select) => select.value !== "");
  const parts = chosen.map((select) => ({ category: select.dataset.category, level: Number(select.value) }));
  if (parts.length < 2) return parts[0];
  return { category: "multiple", level: Math.min(...parts.map(({ level }) => level)), components: parts };
}

const paper = async (field, file, hash) => ({ kind: field.dataset.paper, hash: await hash(file) });

/** Yuan as typed, in fen; throws at what is no amount. */
export function fen(typed) {
  const found = /^([0-9]{1,10})(?:\.([0-9]{1,2}))?$/.exec(typed.trim().replaceAll(",", ""));
  if (!found) throw new RangeError(typed);
  return Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
}

/** Puts a value at a place such as `a.b`. */
export function put(whole, path, value) {
  const parts = path.split(".");
  const last = parts.pop();
  let at = whole;
  for (const part of parts) at = at[part] ??= {};
  at[last] = value;
}

/** The salted hash of a document; the document itself goes no further than the ledger's vault key. */
async function evidence(file, person) {
  const query = person ? `?person=${encodeURIComponent(person)}` : "";
  const media = "application/octet-stream";
  const answer = await ask("POST", `/v1/evidence${query}`, { body: file, media });
  return (await answer.json()).data.hash;
}

// The forms of the desk: what a person means is drafted by the ledger, held against what was meant,
// shown in plain words, and only then signed with the person's own key and sent.

import { NoKey, ask, ledger, myKey, page } from "./client.js";
import { checkDraft } from "./draft.js";
import { element, facts, note, save, tell } from "./element.js";
import { lay } from "./cose.js";
import { isOn, meant, personalName, tooFew, unfinished } from "./form.js";
import { openReceipt } from "./entry.js";
import { plain } from "./plain.js";
import { readVkey } from "./tlog.js";
import { isChinese, say, sayError } from "./words.js";
import { signBytes } from "./keys.js";
import { utf8 } from "./bytes.js";

/** Signs a checked draft. */
export async function signDraft({ claims, payload }) {
  const { clock } = page();
  const laid = lay({ ...claims, iat: clock.nowS() }, payload);
  return { id: laid.id, bytes: laid.join(await signBytes(await myKey(), laid.signed)) };
}

/** Drafts what is meant and holds the draft against it. */
export async function draftAndCheck(body) {
  const { kid, origin, organisation } = page();
  const sent = { body: JSON.stringify(body), media: "application/json" };
  const draft = await (await ask("POST", "/v1/drafts", sent)).json();
  return checkDraft(draft, body, { kid, origin, organisation });
}

/** Sends one statement; its receipt is checked before it is called recorded. */
export async function submit({ id, bytes }) {
  const answer = await ask("POST", "/v1/statements", { body: bytes, media: "application/cose" });
  const [outcome] = (await answer.json()).outcomes;
  const vkey = await readVkey((await ledger()).vkey);
  const opened = await openReceipt(utf8(outcome.receipt), vkey);
  if (opened.statement.id !== id) throw new Error(say("code_differs"));
  return { ...outcome, checkpoint: opened.checkpoint };
}

for (const form of document.querySelectorAll("form[data-sign]")) {
  const says = form.parentElement.querySelector("[data-says]");
  const shown = form.parentElement.querySelector("[data-shown]");
  showOnly(form);
  // What is missing is said in the page's words, all of it at once.
  form.noValidate = true;
  form.addEventListener("input", () => {
    showOnly(form);
    shown.hidden = true;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (tellUnfinished(form, says)) return;
    await guarded(form, says, () => show(form, says, shown));
  });
}

/** Fields that are asked only while another is checked. */
function showOnly(form) {
  for (const field of form.querySelectorAll("[data-only-if]")) {
    const on = isOn(form, field.dataset.onlyIf);
    field.closest("[data-field]").hidden = !on;
    for (const input of [field, ...field.querySelectorAll("input, select")]) input.disabled = !on;
  }
}

/** Says which fields are not filled in, or not as they have to be; whether there are any. */
function tellUnfinished(form, says) {
  const [lacking, wrong] = unfinished(form);
  const name = (field) => `“${field.dataset.label}”`;
  const line = (code, fields) => fields.length > 0 && `${say(code)}${fields.map(name).join(say("and"))}`;
  const few = lacking.filter(tooFew);
  const tooFewOf = (field) => say("too_few", { field: name(field), ...tooFew(field) });
  const empty = lacking.filter((field) => !few.includes(field));
  const lines = [line("lacking", empty), ...few.map(tooFewOf), line("malformed", wrong)].filter(Boolean);
  if (lines.length === 0) return false;
  tell(says, ...lines.map((text) => note("bad", text)));
  const [first] = [...lacking, ...wrong];
  (first.matches("fieldset") ? first.querySelector("input, select") : first).focus();
  return true;
}

/** Runs one act; its buttons rest meanwhile, and what goes wrong is told. */
async function guarded(form, says, act) {
  const buttons = form.parentElement.querySelectorAll("button");
  let refused = null;
  for (const button of buttons) button.disabled = true;
  try {
    await act();
  } catch (error) {
    // A refusal that is about one field names it, and leads back to it.
    refused = error.code ? form.querySelector(`[data-refused-by="${CSS.escape(error.code)}"]`) : null;
    const text = error instanceof NoKey ? say("no_key") : named(form, sayError(error));
    tell(says, note("bad", refused ? `“${refused.dataset.label}”${isChinese() ? "：" : ": "}${text}` : text));
  } finally {
    for (const button of buttons) button.disabled = false;
    refused?.focus();
  }
}

/** What went wrong, with the form's own name of the field that it is about. */
function named(form, text) {
  return text.replace(/\b(?:data|personal)\.([a-z_]+(?:\.[a-z_]+)*)/g, (place, path) => {
    const field = form.querySelector(`[data-path="${CSS.escape(path)}"]`);
    return field ? `“${field.dataset.label}”` : place;
  });
}

async function show(form, says, shown) {
  tell(says, say("working"));
  const body = await meant(form, () => tell(says, say("hashing")));
  const checked = await draftAndCheck(body);
  const { labels, values } = namesOf(form);
  const sign = element("button", { type: "button" }, form.dataset.signWord);
  sign.addEventListener("click", () => guarded(form, says, () => finish(form, says, shown, checked)));
  const heading = element("h3", { tabindex: "-1" }, say("you_sign"));
  tell(shown, heading, ...plain(checked, form.dataset.title, labels, values), element("p", { class: "actions" }, sign));
  says.replaceChildren();
  heading.focus();
}

/** What the form calls its fields and answers. */
function namesOf(form) {
  const [labels, values] = [new Map(), new Map()];
  for (const field of form.querySelectorAll("[data-path]")) {
    const { path, kind, label } = field.dataset;
    labels.set(path, label);
    // A sealed field may have the name of another one in the open.
    if (kind === "personal") labels.set(`sealed.${personalName(path)}`, label);
    for (const option of field.querySelectorAll("option, input[type=checkbox]")) {
      values.set(`${path}=${option.value}`, option.dataset.word ?? option.textContent);
    }
  }
  for (const [place, word] of Object.entries(JSON.parse(form.dataset.words))) {
    if (!labels.has(place)) labels.set(place, word);
  }
  for (const [answer, word] of Object.entries(JSON.parse(form.dataset.values))) values.set(answer, word);
  for (const [id, words] of Object.entries(JSON.parse(form.dataset.ids))) values.set(`id=${id}`, words);
  return { labels, values };
}

async function finish(form, says, shown, checked) {
  tell(says, say("signing"));
  const outcome = await submit(await signDraft(checked));
  form.hidden = true;
  shown.hidden = true;
  const button = element("button", { type: "button", class: "quiet" }, say("save_receipt"));
  button.addEventListener("click", () => save(`receipt-${outcome.index}.txt`, outcome.receipt));
  // A new case is gone on with by itself.
  const born = form.dataset.nextCase && /^case:(.+)$/.exec(outcome.subject ?? "")?.[1];
  const next = born ? form.dataset.nextCase + born : form.dataset.next;
  const heading = element("p", { class: "note good", tabindex: "-1" }, say("signed"), ": ", form.dataset.title);
  tell(
    says,
    heading,
    facts([
      [say("entry"), element("a", { href: `/console/entries/${outcome.index}` }, String(outcome.index))],
      [say("of_size"), String(outcome.checkpoint.size)],
      [say("waits"), outcome.waits_for && form.dataset.second],
    ]),
    element(
      "p",
      { class: "actions" },
      button,
      element("a", { class: "button quiet", href: `/console/receipts/${outcome.index}` }, say("print_receipt")),
      next ? element("a", { class: "button", href: next }, say("go_on")) : null,
    ),
  );
  heading.focus();
}

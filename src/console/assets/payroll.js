// The payroll desk: check a roll, save its annotated copy, and sign what it records, row by row.

import { NoKey, ask, ledger, page } from "./client.js";
import { checkDraft } from "./draft.js";
import { concat, utf8 } from "./bytes.js";
import { element, facts, note, save, tell } from "./element.js";
import { readVkey } from "./tlog.js";
import { openReceipt } from "./entry.js";
import { isChinese, say, sayError } from "./words.js";
import { signDraft } from "./sign.js";
import { yuan } from "./plain.js";

const ROLL = "application/octet-stream";
/** Statements of one request, well below what the server takes. */
const AT_ONCE = 200;
/** Findings shown at once; the annotated copy has them all. */
const SHOWN_MAX = 500;

const form = document.querySelector("form[data-payroll]");
const says = form.parentElement.querySelector("[data-says]");
const found = document.querySelector("[data-found]");
const signed = document.querySelector("[data-signed]");

/** The roll as it is asked about. */
function roll() {
  const [file] = form.querySelector("#roll").files;
  const query = new URLSearchParams({ name: file.name });
  const month = form.querySelector("#month").value.trim();
  if (month) query.set("month", month);
  return { file, query };
}

async function guarded(place, act) {
  const buttons = document.querySelectorAll("main button");
  for (const button of buttons) button.disabled = true;
  try {
    await act();
  } catch (error) {
    tell(place, note("bad", error instanceof NoKey ? say("no_key") : sayError(error)));
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  found.hidden = true;
  guarded(says, check);
});

async function check() {
  tell(says, say("working"), " ", element("progress", { "aria-label": say("working") }));
  const { file, query } = roll();
  const answer = await (await ask("POST", `/v1/rolls/check?${query}`, { body: file, media: ROLL })).json();
  const words = form.dataset;
  const summary = `${answer.rows} ${words.allWord} · ${answer.kind} · ${answer.on}`;
  const sound = answer.findings.length === 0 && answer.not_checked.length === 0;
  tell(says, note(answer.conclusive > 0 ? "bad" : sound ? "good" : "", summary, sound ? ` · ${say("no_findings")}` : ""));
  const parts = [table(answer.findings)];
  if (answer.not_checked.length > 0) {
    const left = answer.not_checked.slice(0, SHOWN_MAX);
    parts.push(element("h3", {}, words.leftWord), element("ul", {}, ...left.map((one) => element("li", {}, `${words.rowWord} ${one.row}: ${one.why}`))));
  }
  document.querySelector("[data-table]").replaceChildren(...parts);
  signed.replaceChildren();
  found.hidden = false;
  document.querySelector("#findings").focus();
}

function table(findings) {
  const words = form.dataset;
  if (findings.length === 0) return element("p", { class: "empty" }, say("no_findings"));
  const heads = [words.rowWord, words.ruleWord, words.severityWord, words.whyWord, words.moneyWord];
  const row = (one) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", class: "n" }, String(one.row)),
      element("td", {}, `${one.rule} ${isChinese() ? one.title_zh : one.title_en}`),
      element("td", {}, `${one.severity} `, element("span", { class: one.kind === "conclusive" ? "badge bad" : "badge" }, one.kind === "conclusive" ? words.conclusiveWord : words.leadWord)),
      element("td", {}, isChinese() ? one.why_zh : one.why),
      element("td", { class: "n" }, yuan(one.money_at_risk)),
    );
  const caption = `${words.findingsWord} ${Math.min(findings.length, SHOWN_MAX)} / ${findings.length}`;
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...findings.slice(0, SHOWN_MAX).map(row)),
    ),
  );
}

document.querySelector("[data-annotated]").addEventListener("click", () =>
  guarded(signed, async () => {
    const { file, query } = roll();
    const answer = await ask("POST", `/v1/rolls/annotated?${query}`, { body: file, media: ROLL });
    const name = file.name.replace(/\.xls$/i, ".xlsx");
    save(`checked-${name}`, await answer.arrayBuffer(), ROLL);
  }),
);

document.querySelector("[data-sign-roll]")?.addEventListener("click", () => guarded(signed, signRoll));

/** Lays the roll out as drafts, checks that each is this signer's and opens, signs all, sends them. */
async function signRoll() {
  const bar = element("progress", { max: "1", value: "0", "aria-label": say("signing") });
  tell(signed, say("signing"), " ", bar);
  const { file, query } = roll();
  const laid = await (await ask("POST", `/v1/rolls/drafts?${query}`, { body: file, media: ROLL })).json();
  const { drafts } = laid;
  bar.max = Math.max(1, drafts.length);
  const me = page();
  const vkey = await readVkey((await ledger()).vkey);
  let [recorded, refused, last] = [0, [], null];
  for (let from = 0; from < drafts.length; from += AT_ONCE) {
    const statements = [];
    for (const draft of drafts.slice(from, from + AT_ONCE)) statements.push(await signDraft(checkRow(draft, me)));
    const body = concat(...statements.map(({ bytes }) => bytes));
    const answer = await (await ask("POST", "/v1/statements?receipts=true", { body, media: "application/cbor-seq" })).json();
    for (const [number, outcome] of answer.outcomes.entries()) {
      if (outcome.index === undefined) {
        refused.push(outcome);
        continue;
      }
      last = await openReceipt(utf8(outcome.receipt), vkey);
      if (last.statement.id !== statements[number].id) throw new Error(say("code_differs"));
      recorded += 1;
    }
    bar.value = from + statements.length;
  }
  const rejected = [...laid.rejected, ...laid.refused].map((one) => `${form.dataset.rowWord} ${one.row}: ${one.why}`);
  tell(
    signed,
    note(refused.length + rejected.length > 0 ? "bad" : "good", `${say("signed")}: ${recorded} / ${drafts.length}`),
    facts([
      [say("rows"), String(laid.rows)],
      [say("of_size"), last && String(last.checkpoint.size)],
    ]),
    element("ul", {}, ...rejected.concat(refused.map((one) => `${one.rule}: ${one.message}`)).slice(0, SHOWN_MAX).map((text) => element("li", {}, text))),
  );
}

/** A row's draft: what it says came from the roll, so it is held against this signer and ledger, and
 * what it seals must open. */
function checkRow(draft, me) {
  return checkDraft(draft, null, me);
}

// The payroll desk: check a roll, save its annotated copy, and sign what it records, row by row.

import { NoKey, ask, ledger, page } from "./client.js";
import { checkDraft } from "./draft.js";
import { concat, utf8 } from "./bytes.js";
import { element, facts, note, save, tell } from "./element.js";
import { readVkey } from "./tlog.js";
import { openReceipt } from "./entry.js";
import { byReason, numbers } from "./left_rows.js";
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
const kind = form.querySelector("#kind");

/** What is chosen; shows the columns of the kind and what can be done with it. */
function choose() {
  for (const one of form.querySelectorAll("[data-kind]")) one.hidden = one.dataset.kind !== kind.value;
  const { checks, signs } = kind.selectedOptions[0].dataset;
  for (const button of document.querySelectorAll("[data-annotated]")) button.hidden = checks === "no";
  for (const button of document.querySelectorAll("[data-sign-roll]")) button.hidden = signs === "no" || checks === "no";
  form.querySelector("[type=submit]").textContent = checks === "no" ? form.dataset.layWord : form.dataset.checkWord;
  found.hidden = true;
}

kind.addEventListener("change", choose);
choose();

/** The roll as it is asked about. */
function roll() {
  const [file] = form.querySelector("#roll").files;
  const query = new URLSearchParams({ name: file.name, kind: kind.value });
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
  guarded(says, kind.selectedOptions[0].dataset.checks === "no" ? lay : check);
});

/** A roll on which no rule can be asked, such as a bank's results, is laid out at once. */
async function lay() {
  tell(says);
  document.querySelector("#findings").textContent = form.dataset.layWord;
  document.querySelector("[data-table]").replaceChildren();
  found.hidden = false;
  await layOut();
}

/** Headers that nobody reads: what stands below them would be missed in silence. */
const unread = ({ unread_columns: columns = [] }) =>
  columns.length === 0 ? null : element("p", { class: "note" }, form.dataset.unreadWord, columns.join(isChinese() ? "、" : ", "));

async function check() {
  tell(says, say("working"), " ", element("progress", { "aria-label": say("working") }));
  const { file, query } = roll();
  const answer = await (await ask("POST", `/v1/rolls/check?${query}`, { body: file, media: ROLL })).json();
  const words = form.dataset;
  const summary = `${answer.rows} ${words.allWord} · ${kindOf(answer)} · ${answer.on}`;
  const sound = answer.findings.length === 0 && answer.not_checked.length === 0;
  tell(says, note(answer.conclusive > 0 ? "bad" : sound ? "good" : "", summary, sound ? ` · ${say("no_findings")}` : ""));
  const parts = [unread(answer), table(answer.findings)].filter(Boolean);
  if (answer.not_checked.length > 0) {
    parts.push(element("h3", {}, words.leftWord), element("ul", {}, ...leftRows(answer.not_checked)));
  }
  document.querySelector("#findings").textContent = form.dataset.findingsWord;
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
  return scrolled(caption, heads, findings.slice(0, SHOWN_MAX).map(row));
}

function scrolled(caption, heads, rows) {
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...rows),
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

document.querySelector("[data-sign-roll]")?.addEventListener("click", () => guarded(signed, layOut));

/** Lays the roll out as drafts, checks that each is this signer's and opens, and shows them. */
async function layOut() {
  tell(signed, say("working"), " ", element("progress", { "aria-label": say("working") }));
  const { file, query } = roll();
  const laid = await (await ask("POST", `/v1/rolls/drafts?${query}`, { body: file, media: ROLL })).json();
  const me = page();
  const checked = laid.drafts.map((draft) => checkRow(draft, me));
  const sign = element("button", { type: "button" }, form.dataset.signWord);
  sign.addEventListener("click", () => guarded(signed, () => signAll(laid, checked)));
  const heading = element("h3", { tabindex: "-1" }, say("you_sign"));
  const total = checked.reduce((sum, { parsed }) => sum + (parsed.data.amount ?? 0), 0);
  const left = [...laid.rejected, ...laid.refused].filter(({ row }) => row > 0).length;
  const shown = element(
    "div",
    { class: "to-sign" },
    heading,
    facts([
      [say("statements"), String(checked.length)],
      [say("rows"), String(laid.rows)],
      [say("right_rows"), left > 0 ? String(laid.rows - left) : ""],
      [say("left_rows"), left > 0 ? String(left) : ""],
      [say("unchanged"), laid.unchanged > 0 ? String(laid.unchanged) : ""],
      [say("sum"), yuan(total)],
    ]),
    unread(laid),
    leftOut(laid, []),
    checked.length > 0 ? rowsShown(laid, checked) : null,
    checked.length > 0 ? element("p", { class: "actions" }, sign) : null,
  );
  tell(signed, shown);
  heading.focus();
}

/** What offices call a roll of the answer's kind. */
const kindOf = (answer) => (isChinese() ? answer.kind_zh : answer.kind_en);

/** The statements as rows: what each says, with what is sealed in it. */
function rowsShown(laid, checked) {
  const titles = JSON.parse(form.dataset.titles);
  const row = ({ parsed, personal }) => {
    const { name, id_number: id, account } = Object.assign({}, ...personal);
    const { month, amount, paid_on: paid, returned_on: returned } = parsed.data;
    const cells = [name ?? (parsed.type === "roll.received" ? kindOf(laid) : parsed.data.kind), id, account, month, paid ?? returned, amount === undefined ? "" : yuan(amount)];
    return element("tr", {}, element("th", { scope: "row" }, titles[parsed.type] ?? parsed.type), ...cells.map((cell) => element("td", {}, cell ?? "")));
  };
  const caption = `${say("you_sign")} ${Math.min(checked.length, SHOWN_MAX)} / ${checked.length}`;
  const heads = ["event", "name", "id_number", "account", "month", "day", "amount"].map(say);
  return scrolled(caption, heads, checked.slice(0, SHOWN_MAX).map(row));
}

/** Why a row is left out, in the page's language. */
const whyOf = (left) => (isChinese() ? left.why_zh : left.why);

/** Rows that are left out as items of a list: each reason with its rows, and with how many where more
 * than one. */
function leftRows(left) {
  const reasons = byReason(left.map((one) => ({ sheet: one.sheet, row: one.row, why: whyOf(one) })));
  const of = ({ sheet, why, rows }) => {
    const count = rows.length === 1 ? "" : isChinese() ? `（共 ${rows.length} 行）` : ` (${rows.length} rows)`;
    // What is wrong with the roll as a whole has no row.
    const place = rows[0] === 0 ? sheet : `${sheet} ${form.dataset.rowWord} ${numbers(rows)}${count}`.trim();
    return element("li", {}, place && `${place}${isChinese() ? "：" : ": "}`, why);
  };
  return reasons.slice(0, SHOWN_MAX).map(of);
}

/** Rows that are not signed, and statements that were refused. */
function leftOut(laid, refused) {
  const told = refused.map((one) => `${one.rule}: ${isChinese() ? one.problem.detail_zh : one.message}`);
  const all = [...leftRows([...laid.rejected, ...laid.refused]), ...told.slice(0, SHOWN_MAX).map((text) => element("li", {}, text))];
  return all.length === 0 ? null : element("ul", {}, ...all);
}

/** Signs every statement, sends them in their order, and checks each receipt. */
async function signAll(laid, checked) {
  const bar = element("progress", { max: String(Math.max(1, checked.length)), value: "0", "aria-label": say("signing") });
  tell(signed, say("signing"), " ", bar);
  const vkey = await readVkey((await ledger()).vkey);
  let [recorded, refused, last] = [0, [], null];
  for (let from = 0; from < checked.length; from += AT_ONCE) {
    const statements = [];
    for (const one of checked.slice(from, from + AT_ONCE)) statements.push(await signDraft(one));
    const body = concat(...statements.map(({ bytes }) => bytes));
    const answer = await (await ask("POST", "/v1/statements?receipts=true", { body, media: "application/cbor-seq" })).json();
    for (const [number, outcome] of outcomesOf(answer, statements.length).entries()) {
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
  const isWhole = refused.length + laid.rejected.length + laid.refused.length === 0;
  tell(
    signed,
    note(isWhole ? "good" : "bad", `${say("signed")}: ${recorded} / ${checked.length}`),
    facts([
      [say("rows"), String(laid.rows)],
      [say("of_size"), last && String(last.checkpoint.size)],
    ]),
    leftOut(laid, refused),
  );
}

/** One outcome for each statement sent: fewer or more would leave one unaccounted for. */
function outcomesOf({ outcomes }, sent) {
  if (outcomes.length !== sent) throw new Error(say("failed"));
  return outcomes;
}

/** A row's draft: what it says came from the roll, so it is held against this signer and ledger, and
 * what it seals must open. */
const checkRow = (draft, me) => checkDraft(draft, null, me);

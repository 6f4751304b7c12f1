// The audit page and the public check page: a receipt or an evidence pack is dropped and checked
// here, a code from a counter receipt is looked up, and two checkpoints are compared. Files that are
// dropped go nowhere.

import { askJson, ledger } from "./client.js";
import { checkPack } from "./pack.js";
import { element, facts, note, tell } from "./element.js";
import { checkConsistency, checkInclusion, kindOf, openCheckpoint, readVkey, Refused } from "./tlog.js";
import { openReceipt } from "./entry.js";
import { readCode } from "./code.js";
import { same, text as decode, unbase64 } from "./bytes.js";
import { isChinese, say, sayError } from "./words.js";

const FILE_LEN_MAX = 64 << 20;

const drop = document.querySelector("[data-drop]");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  const result = document.querySelector("[data-result]");
  input.addEventListener("change", () => checkFile(input.files[0], result));
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    checkFile(event.dataTransfer.files[0], result);
  });
}

/** The key that was typed, else the ledger's own; and whether it came from elsewhere. */
async function trusted() {
  const typed = document.querySelector("[data-vkey]")?.value.trim() ?? "";
  return typed === "" ? { vkey: (await ledger()).vkey, isOwn: false } : { vkey: typed, isOwn: true };
}

async function checkFile(file, result) {
  if (!file) return;
  tell(result, say("working"));
  try {
    if (file.size > FILE_LEN_MAX) throw new Refused("zip_too_long", file.name);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { vkey, isOwn } = await trusted();
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    const parts = isZip ? await ofPack(bytes, vkey, result) : await ofText(bytes, vkey);
    tell(result, ...parts, isOwn ? null : element("p", { class: "soft" }, say("self_trusted")));
  } catch (error) {
    tell(result, note("bad", say("refused"), `: ${file.name}. `, sayError(error)));
  }
}

async function ofPack(bytes, vkey, result) {
  const bar = element("progress", { "aria-label": say("working") });
  tell(result, say("working"), " ", bar);
  const found = await checkPack(bytes, { vkey }, (done, all) => {
    bar.max = all;
    bar.value = done;
  });
  return [
    note("good", say("holds")),
    facts([
      [say("subject"), element("code", {}, found.about)],
      [say("entries"), String(found.entries)],
      [say("of_size"), String(found.size)],
    ]),
  ];
}

/** A receipt, or a checkpoint, which is then held against the ledger's present one. */
async function ofText(bytes, vkeyText) {
  const vkey = await readVkey(vkeyText);
  if (kindOf(bytes) === "checkpoint") {
    return consistent(await openCheckpoint(decode(bytes), vkey), vkey);
  }
  const { index, checkpoint, statement, payload, record } = await openReceipt(bytes, vkey);
  const recorded = new Date(record.recordedAtMs).toLocaleString(isChinese() ? "zh-CN" : "en-GB", {
    timeZone: "Asia/Shanghai",
  });
  return [
    note("good", say("holds"), `: ${say("entry")} ${index} ${say("in_ledger")}`),
    facts([
      [say("said"), `${titles()[payload.type] ?? payload.type} · ${payload.at}`],
      [say("subject"), element("code", {}, statement.claims.sub)],
      [say("signed_by"), statement.claims.iss],
      [say("recorded"), recorded],
      [say("of_size"), String(checkpoint.size)],
    ]),
  ];
}

/** What each event is called, in the page's language. */
const titles = () => JSON.parse(drop?.dataset.titles ?? "{}");

/** That an older checkpoint is the beginning of the newest one. */
async function consistent(older, vkey) {
  const answer = await fetch("/checkpoint", { cache: "no-store" });
  const newer = await openCheckpoint(await answer.text(), vkey);
  return compare(older, newer);
}

async function compare(one, other) {
  const [older, newer] = one.size <= other.size ? [one, other] : [other, one];
  let path = [];
  if (older.size > 0 && older.size < newer.size) {
    const query = `?from=${older.size}&to=${newer.size}`;
    const { data } = await askJson("GET", `/v1/proofs/consistency${query}`, { isPublic: true });
    path = data.path.map((hash) => unbase64(hash));
  }
  await checkConsistency(older.size, older.root, newer.size, newer.root, path);
  return [
    note("good", say("holds"), ": ", say(older.size === newer.size ? "same_size" : "consistent")),
    facts([[say("of_size"), `${older.size} → ${newer.size}`]]),
  ];
}

const pair = document.querySelector("form[data-compare]");
pair?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const result = pair.querySelector("[data-compared]");
  tell(result, say("working"));
  try {
    const vkey = await readVkey((await trusted()).vkey);
    const [one, other] = [...pair.querySelectorAll("textarea")].map((area) => area.value);
    const open = (typed) => openCheckpoint(typed.endsWith("\n") ? typed : `${typed}\n`, vkey);
    tell(result, ...(await compare(await open(one), await open(other))));
  } catch (error) {
    tell(result, note("bad", say("refused"), ". ", sayError(error)));
  }
});

async function checkCode(typed, result) {
  tell(result, say("working"));
  try {
    const { origin, index, leaf } = readCode(typed);
    const vkey = await readVkey((await trusted()).vkey);
    if (vkey.name !== origin) throw new Refused("checkpoint_origin", origin);
    const answer = await fetch("/checkpoint", { cache: "no-store" });
    const checkpoint = await openCheckpoint(await answer.text(), vkey);
    if (index >= checkpoint.size) throw new Refused("index_beyond_tree", `${index} / ${checkpoint.size}`);
    const query = `?index=${index}&size=${checkpoint.size}`;
    const { data } = await askJson("GET", `/v1/proofs/inclusion${query}`, { isPublic: true });
    if (!same(unbase64(data.leaf), leaf)) throw new Refused("code_differs", index);
    await checkInclusion(leaf, index, checkpoint.size, data.path.map((hash) => unbase64(hash)), checkpoint.root);
    tell(
      result,
      note("good", say("holds"), `: ${say("entry")} ${index} ${say("in_ledger")}`),
      facts([[say("of_size"), String(checkpoint.size)]]),
    );
  } catch (error) {
    tell(result, note("bad", say("refused"), ". ", sayError(error)));
  }
}

const coded = document.querySelector("form[data-code]");
if (coded) {
  const result = coded.querySelector("[data-coded]");
  const input = coded.querySelector("input");
  coded.addEventListener("submit", (event) => {
    event.preventDefault();
    checkCode(input.value, result);
  });
  // A scanned code stands behind the hash sign, which no server ever sees.
  if (location.hash.length > 1) {
    input.value = decodeURIComponent(location.hash.slice(1));
    checkCode(input.value, result);
  }
}

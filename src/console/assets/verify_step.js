// "Verify this step in your browser": the entry is in the ledger that its note key signs, and the
// statement in it is signed by a key that another entry of the ledger enrolled.

import * as cose from "./cose.js";
import { Problem, ask, askJson, ledger } from "./client.js";
import { base32, unbase64 } from "./bytes.js";
import { blake3 } from "./blake3.js";
import { element } from "./element.js";
import { openReceipt } from "./entry.js";
import { Refused, readVkey } from "./tlog.js";
import { isChinese, say, sayError } from "./words.js";

for (const button of document.querySelectorAll("button[data-verify-entry]")) {
  button.hidden = false;
  const place = button.parentElement.querySelector("[data-verify-result]");
  button.addEventListener("click", async () => {
    button.disabled = true;
    place.replaceChildren(say("working"));
    try {
      place.replaceChildren(...shown(await verifyEntry(Number(button.dataset.verifyEntry))));
    } catch (error) {
      place.replaceChildren(said("bad", say("refused"), ": ", sayError(error)));
    } finally {
      button.disabled = false;
    }
  });
}

/** An entry, checked from its receipt; with the entry that enrolled its signer where it can be seen. */
export async function verifyEntry(index) {
  const { data } = await askJson("GET", `/v1/entries/${index}`);
  const vkey = await readVkey((await ledger()).vkey);
  const receipt = async (of) => {
    const answer = await ask("GET", `/v1/entries/${of}/receipt`);
    return openReceipt(new Uint8Array(await answer.arrayBuffer()), vkey);
  };
  const opened = await receipt(index);
  if (opened.index !== index) throw new Refused("entry_index", opened.index);
  const { kid } = opened.statement.claims;
  const found = await enrolling(data.actor, kid, receipt);
  if (found && !(await cose.signedBy(opened.statement, found.key))) throw new Refused("statement_signature", index);
  return { opened, enrolledIn: found?.index };
}

/** The entry that brought the key onto the log. */
async function enrolling(actor, kid, receipt) {
  const keyOf = async (index) => {
    const { payload } = await receipt(index);
    const texts =
      payload.type === "ledger.created"
        ? [payload.data.system, ...payload.data.roots].map((root) => root.public_key)
        : [payload.data.public_key];
    const keys = texts.filter((text) => typeof text === "string").map(unbase64);
    const key = keys.find((one) => one?.length === 32 && base32(blake3(one)) === kid);
    return key && { key, index };
  };
  try {
    const { items } = await askJson("GET", `/v1/subjects/actor:${actor}/history?limit=100`);
    const naming = items.filter(({ type }) => type === "actor.enrolled" || type === "actor.key_rotated");
    for (const { index } of naming) {
      const found = await keyOf(index);
      if (found) return found;
    }
    return (await keyOf(0)) ?? null;
  } catch (error) {
    // Not everybody may read about officers; then only the place in the ledger was checked.
    if (error instanceof Problem && (error.status === 403 || error.status === 404)) return null;
    throw error;
  }
}

/** In a place within a line: the result is one. */
const said = (kind, ...children) => element("span", { class: `note ${kind}` }, ...children);

function shown({ opened, enrolledIn }) {
  const { index, checkpoint } = opened;
  const where = `${say("entry")} ${index} ${say("in_ledger")} (${say("of_size")} ${checkpoint.size})`;
  const key = enrolledIn === undefined ? say("key_unknown") : `${say("key_enrolled")} ${enrolledIn}`;
  return [said("good", say("holds"), ": ", where, isChinese() ? "；" : "; ", key)];
}

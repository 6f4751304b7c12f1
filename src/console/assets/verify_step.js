// "Verify this step in your browser": the entry is in the ledger that its note key signs, what the page
// shows of it is what its statement says, and the statement is signed by a key that another entry of the
// ledger enrolled for the actor shown.

import { Problem, ask, askJson, ledger } from "./client.js";
import { element } from "./element.js";
import { openReceipt } from "./entry.js";
import { holdAgainst, saidBy, signedBy } from "./step.js";
import { Refused, readVkey } from "./tlog.js";
import { isChinese, say, sayError } from "./words.js";

for (const button of document.querySelectorAll("button[data-verify-entry]")) {
  button.hidden = false;
  const place = button.parentElement.querySelector("[data-verify-result]");
  button.addEventListener("click", async () => {
    button.disabled = true;
    place.replaceChildren(say("working"));
    try {
      const index = Number(button.dataset.verifyEntry);
      place.replaceChildren(result(await verifyEntry(index, shownBy(button.closest("[data-step]")))));
    } catch (error) {
      place.replaceChildren(said("bad", say("refused"), ": ", sayError(error)));
    } finally {
      button.disabled = false;
    }
  });
}

/** What stands on the card of a step, as its reader sees it; the type is named there in words. */
function shownBy(card) {
  const text = (part) => card.querySelector(`[data-part="${part}"]`)?.textContent;
  return {
    type: card.dataset.step,
    subject: card.querySelector("[data-part=subject] [title]")?.title ?? text("subject"),
    at: text("at"),
    // The ledger's own key signs for an organisation that is called by a word.
    organisation: text("organisation") === say("the_ledger") ? "ledger" : text("organisation"),
    actor: text("actor"),
  };
}

/** Checks an entry from its receipt, and the entry that enrolled its signer where it can be seen. */
async function verifyEntry(index, shown) {
  const vkey = await readVkey((await ledger()).vkey);
  const receipt = async (of) => {
    const answer = await ask("GET", `/v1/entries/${of}/receipt`);
    return openReceipt(new Uint8Array(await answer.arrayBuffer()), vkey);
  };
  const opened = await receipt(index);
  if (opened.index !== index) throw new Refused("entry_index", opened.index);
  holdAgainst(shown, opened);
  const naming = async (actor) => {
    const types = ["actor.enrolled", "actor.key_rotated"];
    const answer = await allowed(() => askJson("GET", `/v1/subjects/actor:${actor}/history?limit=1000`), { items: [] });
    return answer && answer.items.filter(({ type }) => types.includes(type)).map((item) => item.index);
  };
  const signer = await signedBy(opened, shown.actor, { naming, receipt: (of) => allowed(() => receipt(of)) });
  return { opened, signer };
}

/** What is asked for; null where this reader may not have it, `otherwise` where there is none. */
async function allowed(asked, otherwise) {
  try {
    return await asked();
  } catch (error) {
    if (error instanceof Problem && error.status === 403) return null;
    if (error instanceof Problem && error.status === 404 && otherwise) return otherwise;
    throw error;
  }
}

/** In a place within a line: the result is one. */
const said = (kind, ...children) => element("span", { class: `note ${kind}` }, ...children);

function result({ opened, signer }) {
  const { index, checkpoint } = opened;
  const where = `${say("entry")} ${index} ${say("in_ledger")} (${say("of_size")} ${checkpoint.size})`;
  const what = Object.values(saidBy(opened)).join(" · ");
  const next = isChinese() ? "；" : "; ";
  // Half a check is no good result: the note says what was left out.
  if (!signer) return said("", where, next, what, next, say("signature_unchecked"));
  return said("good", say("holds"), ": ", where, next, what, next, `${say("key_enrolled")} ${signer.enrolledIn}`);
}

// What a page shows of an entry, held against the statement that its receipt proves; and whose key
// signed that statement, by the entry that brought the key onto the log.

import * as cose from "./cose.js";
import { base32, unbase64 } from "./bytes.js";
import { blake3 } from "./blake3.js";
import { Refused } from "./tlog.js";

/** What a proven statement says of itself, by the names that pages show it under. */
export const saidBy = ({ statement, payload }) => ({
  type: payload.type,
  subject: statement.claims.sub,
  at: payload.at,
  organisation: statement.claims.iss,
});

/** Refuses an entry of which the page shows anything else than its statement says. */
export function holdAgainst(shown, opened) {
  for (const [part, value] of Object.entries(saidBy(opened))) {
    if (shown[part] !== value) throw new Refused("step_differs", `${part}: ${shown[part]} / ${value}`);
  }
}

/** The key of that id, if the entry brought it onto the log for the actor. */
function keyIn({ statement, payload }, actor, kid) {
  const { data } = payload;
  let texts = [];
  if (payload.type === "ledger.created") {
    texts = [data.system, ...data.roots].filter((root) => root.actor === actor).map((root) => root.public_key);
  } else if (["actor.enrolled", "actor.key_rotated"].includes(payload.type) && statement.claims.sub === `actor:${actor}`) {
    texts = [data.public_key];
  }
  const keys = texts.filter((text) => typeof text === "string").map(unbase64);
  return keys.find((key) => key?.length === 32 && base32(blake3(key)) === kid);
}

/**
 * Checks who signed: the entry that enrolled the key for the actor whom the page shows. Null where the
 * reader may not see it, and then nothing of the signature was checked.
 *
 * `naming(actor)` answers with the indexes of the entries that may have brought a key of the actor,
 * `receipt(index)` with an opened receipt; both with null where the reader may not read that.
 */
export async function signedBy(opened, actor, { naming, receipt }) {
  const { kid } = opened.statement.claims;
  const indexes = await naming(actor);
  if (indexes === null) return null;
  // The founders' keys came with entry 0.
  for (const index of [...indexes, 0]) {
    const enrolment = await receipt(index);
    if (enrolment === null) return null;
    const key = keyIn(enrolment, actor, kid);
    if (key && (await cose.signedBy(opened.statement, key))) return { enrolledIn: index };
    if (key) throw new Refused("statement_signature", opened.index);
  }
  throw new Refused("step_signer", actor);
}

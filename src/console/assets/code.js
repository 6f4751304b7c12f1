// The code of a counter receipt: what a person takes home on paper. It names the ledger, the entry
// and the hash of the entry as a leaf of the ledger's tree; with the published checkpoint that is
// enough to find out whether the entry is still there, unchanged. It says nothing about anybody.

import { Refused } from "./tlog.js";
import { unbase64url } from "./bytes.js";

const CODE = /^mzr1:([a-z0-9./-]{1,255}):(0|[1-9][0-9]{0,14}):([A-Za-z0-9_-]{43})$/;

/** Origin, index and leaf of a code; throws Refused("code_form"). */
export function readCode(typed) {
  const found = CODE.exec(typed.trim());
  const leaf = found && unbase64url(found[3]);
  if (leaf?.length !== 32) throw new Refused("code_form");
  return { origin: found[1], index: Number(found[2]), leaf };
}

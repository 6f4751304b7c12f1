// Where the vectors lie, and short forms for tests.

import { readFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);

/** The bytes of a file of the repository. */
export const file = (path) => new Uint8Array(readFileSync(new URL(path, root)));

/** A JSON file of the repository. */
export const json = (path) => JSON.parse(readFileSync(new URL(path, root), "utf8"));

/** Bytes of one value. */
export const fill = ({ byte, len }) => new Uint8Array(len).fill(byte);

/** Whether a promise is refused with a code. */
export const refusedWith = (code) => (error) => error.code === code;

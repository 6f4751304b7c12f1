// This page's reader towards the server: who is signed in, with which key, by which clock.

import { Clock, KeyStore, importKey, token } from "./keys.js";
import { isChinese } from "./words.js";

/** A server's answer that is none: a problem (RFC 9457). */
export class Problem extends Error {
  constructor(status, said) {
    super((isChinese() ? said.detail_zh : said.detail) ?? said.detail ?? String(status));
    this.status = status;
    this.code = said.code ?? "";
    this.rule = said.rule ?? "";
    this.hint = (isChinese() ? said.hint_zh : said.hint) ?? said.hint ?? "";
  }
}

/** The browser holds no key for the reader of this page. */
export class NoKey extends Error {}

/** What the page says of itself: the frame writes it into `body`. */
export function page() {
  const { audience, kid, actor, organisation, demo, nowMs, endsMs, lifeS } = document.body.dataset;
  return {
    origin: audience,
    kid,
    actor,
    organisation,
    isDemo: demo === "yes",
    clock: Clock.following(Number(nowMs), loadedMs()),
    endsMs: Number(endsMs ?? 0),
    lifeS: Number(lifeS),
  };
}

/** When the page was answered, by the browser's clock as it is set now: what the server's time is
 * held against. */
function loadedMs() {
  const [navigation] = performance.getEntriesByType("navigation");
  return Date.now() - performance.now() + (navigation?.responseStart ?? 0);
}

let known;

/** The key of who is signed in. In a demo the server hands it over, once. */
export function myKey() {
  known ??= findKey();
  return known;
}

async function findKey() {
  const { origin, kid, actor, isDemo } = page();
  if (!kid) throw new NoKey();
  const store = await KeyStore.open();
  const kept = await store.get(origin, kid);
  if (kept) return kept;
  if (!isDemo) throw new NoKey();
  const answer = await fetch(`/console/demo/keys/${encodeURIComponent(actor)}`);
  if (!answer.ok) throw new NoKey();
  const { jwk } = await answer.json();
  const key = await importKey({ jwk });
  if (key.kid !== kid) throw new NoKey();
  await store.put(origin, key, { actor, demo: true });
  return key;
}

/** Asks a route for programs, with a token of its own. */
export async function ask(method, path, { body, media, isPublic = false } = {}) {
  const headers = {};
  if (media) headers["content-type"] = media;
  if (!isPublic) {
    const { origin, clock } = page();
    headers.authorization = `Bearer ${await token(await myKey(), origin, clock)}`;
  }
  const answer = await fetch(path, { method, body, headers, credentials: "omit", cache: "no-store" });
  if (answer.ok) return answer;
  let said = {};
  try {
    said = await answer.json();
  } catch {
    // No problem of ours: the status says what there is to say.
  }
  throw new Problem(answer.status, said);
}

/** The JSON of a route for programs. */
export const askJson = async (method, path, more) => (await ask(method, path, more)).json();

/** The ledger as the server names it: origin, note key, leaf hash of entry 0. */
export const ledger = async () => (await askJson("GET", "/v1/ledger", { isPublic: true })).data;

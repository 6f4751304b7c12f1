// Signing in: the page signs a token with a key of this browser, and posts it once. And while a
// page is open, its session is renewed with the same key before it ends.

import { Clock, KeyStore, enrolment, generate, token } from "./keys.js";
import { element, note, tell } from "./element.js";
import { myKey, page } from "./client.js";
import { say, sayError } from "./words.js";

const form = document.querySelector("form#sign-in");
if (form) await offerKeys();

async function offerKeys() {
  const { audience, nowMs, lifeS } = form.dataset;
  const clock = Clock.following(Number(nowMs));
  const says = document.querySelector("#sign-in-says");
  const select = form.querySelector("select");
  const button = form.querySelector("button[type=submit]");
  const store = await KeyStore.open();
  const list = async () => {
    const keys = await store.all(audience);
    if (keys.length > 0) {
      select.replaceChildren(
        ...keys.map(({ kid, actor }) => element("option", { value: kid }, actor ? `${actor} · ${kid.slice(0, 10)}` : kid)),
      );
    }
    select.disabled = button.disabled = keys.length === 0;
  };
  await list();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      tell(says, say("opening"));
      const key = await store.get(audience, select.value);
      form.elements.token.value = await token(key, audience, clock, Number(lifeS));
      form.submit();
    } catch (error) {
      tell(says, note("bad", sayError(error)));
    }
  });
  const make = document.querySelector("[data-make-key]");
  if (!make) return;
  make.hidden = false;
  make.addEventListener("click", async () => {
    const key = await generate();
    await store.put(audience, key);
    await list();
    tell(says, say("key_made"), element("code", {}, enrolment(key)));
  });
}

renew();

/** Renews the session a while before it ends, for as long as the page is seen. */
async function renew() {
  const { origin, endsMs, lifeS, clock } = page();
  if (endsMs === 0) return;
  const left = () => endsOf() - clock.nowMs();
  let ends = endsMs;
  const endsOf = () => ends;
  const again = async () => {
    try {
      const body = new URLSearchParams({ token: await token(await myKey(), origin, clock, lifeS) });
      const answer = await fetch("/console/session", { method: "POST", body, headers: { accept: "application/json" } });
      if (answer.ok) ends = (await answer.json()).ends_ms;
    } catch {
      // Without a key here the session ends by itself, and the next page asks to sign in.
      return;
    }
    wait();
  };
  const wait = () => setTimeout(again, Math.max(5_000, left() - 90_000));
  wait();
}

// The demo server that the checks talk to: made anew, on a port of its own, ended by its pid.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts `demo --serve` of the program and answers where it is. */
export async function startDemo(program) {
  const folder = mkdtempSync(join(tmpdir(), "mingzheng-browser-"));
  const child = spawn(
    program,
    ["--ledger", join(folder, "ledger"), "demo", "--serve", "--listen", "127.0.0.1:0", "--people", "600"],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let talk = "";
  child.stderr.on("data", (text) => { talk += text; });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    const late = setTimeout(() => reject(new Error(`no address after two minutes\n${talk}`)), 120_000);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}\n${talk}`)));
    child.stdout.on("data", (text) => {
      said += text;
      if (said.includes("\n")) {
        clearTimeout(late);
        resolve(said.trim());
      }
    });
  });
  if (!/^http:\/\/127\.0\.0\.1:\d+\/console$/.test(address)) {
    throw new Error(`not one address: ${address}`);
  }
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners("exit");
      child.on("exit", () => {
        rmSync(folder, { recursive: true, force: true });
        resolve();
      });
      child.kill("SIGTERM");
    });
  return { origin: new URL(address).origin, stop };
}

/** Signs a browser context in as a demo actor, by the page that anybody uses. */
export async function signIn(context, origin, actor) {
  const page = await context.newPage();
  await page.goto(`${origin}/console/demo`);
  // All but the first of a role are folded away.
  const folded = page.locator(`details:not([open]):has(input[value="${actor}"]) > summary`);
  if ((await folded.count()) > 0) await folded.click();
  await page.locator(`form:has(input[value="${actor}"]) button`).click();
  await page.waitForURL(`${origin}/console`);
  await page.close();
}

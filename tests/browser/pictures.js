// Makes the pictures of the README: the console in both languages, the report and the timeline of a
// pack, which are bilingual pages. `node pictures.js PROGRAM FOLDER`; look at them before they go in.

import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { signIn, startDemo } from "./server.js";

const [program, pictures] = process.argv.slice(2);
if (!program || !pictures) {
  console.error("usage: node pictures.js PROGRAM FOLDER");
  process.exit(2);
}
mkdirSync(pictures, { recursive: true });
const inspector = "411700-inspector-1";

/** The overview, and the flag whose evidence stands side by side. */
async function consolePages(browser, origin) {
  for (const lang of ["en", "zh"]) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: lang === "zh" ? "zh-CN" : "en-GB" });
    await signIn(context, origin, inspector);
    const page = await context.newPage();
    const shoot = async (path, name) => {
      await page.goto(`${origin}${path}`);
      await page.locator("html[data-ready]").waitFor({ state: "attached" });
      await page.screenshot({ path: join(pictures, `${name}.${lang}.png`), fullPage: true });
    };
    await shoot("/console", "console-overview");
    await page.goto(`${origin}/console/flags?rule=R39`);
    await shoot(await page.locator("tbody th a").first().getAttribute("href"), "console-flag");
    await context.close();
  }
}

/** The pages that the command line writes. */
async function writtenPages(browser) {
  const folder = mkdtempSync(join(tmpdir(), "mingzheng-pictures-"));
  try {
    const run = (...args) => execFileSync(program, ["--ledger", join(folder, "ledger"), ...args], { cwd: folder, encoding: "utf8" });
    run("demo", "--people", "60");
    run("report", "strict-review", "--from", "2020-01-01", "-o", "report.html");
    const [first] = run("--json", "list", "certificates").trim().split("\n");
    run("pack", `person:${JSON.parse(first).person}`, "-o", "pack.zip");
    execFileSync("python3", ["-m", "zipfile", "-e", "pack.zip", "pack"], { cwd: folder });
    const page = await browser.newPage({ viewport: { width: 1000, height: 1420 }, colorScheme: "light" });
    for (const [file, name] of [["report.html", "strict-review"], ["pack/timeline.html", "pack"]]) {
      await page.goto(pathToFileURL(join(folder, file)).href);
      await page.screenshot({ path: join(pictures, `${name}.png`) });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const demo = await startDemo(program);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  await consolePages(browser, demo.origin);
  await writtenPages(browser);
} finally {
  await browser.close();
  await demo.stop();
}

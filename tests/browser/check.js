// Opens every page of `pages.json` in Chromium, in both languages and both themes, and asks of each:
// the right status and language, no violation that axe finds, nothing that the browser complains
// about (a blocked style or script above all), no overflow of the page. Then what only a browser
// shows: reading without scripts, reading and signing by the keyboard alone, long work, paper.

import { readFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { citizenId } from "./number.js";
import { signIn, startDemo } from "./server.js";

const here = dirname(fileURLToPath(import.meta.url));
const program = process.argv[2];
const shots = process.argv[3];
const only = process.argv[4];
const pages = JSON.parse(readFileSync(join(here, "pages.json"), "utf8"));
const axe = readFileSync(join(here, "node_modules/axe-core/axe.min.js"), "utf8");
const wanted = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const failures = [];
let looked = 0;

if (!program) {
  console.error("usage: node check.js PROGRAM [FOLDER OF PICTURES] [PART OF A PAGE'S NAME]");
  process.exit(2);
}
if (shots) mkdirSync(shots, { recursive: true });

const nameOf = (page) => page.name ?? (page.path.replace(/^\/console\/?/, "").replace(/\W+/g, "-") || "overview");
const fail = (where, what) => failures.push(`${where}: ${what}`);

/** What axe finds. */
async function violations(page) {
  await page.evaluate(axe);
  const run = (tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return (await page.evaluate(run, wanted)).violations;
}

/** From page to page by a link of each kind: not every person's page leads on, and their order is by chance. */
async function led(page, origin, [link, ...further]) {
  const hrefs = await page.locator(link).evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  for (const href of hrefs) {
    const response = await page.goto(origin + href);
    const end = further.length > 0 ? await led(page, origin, further) : response;
    if (end) return end;
  }
  return null;
}

async function look(context, origin, one, lang, theme, { more = async () => {}, withAxe = true } = {}) {
  const where = `${nameOf(one)} ${one.actor ?? "nobody"} ${lang} ${theme}`;
  const page = await context.newPage();
  const expected = one.status ?? 200;
  page.on("console", (message) => {
    const ownStatus = expected >= 400 && /Failed to load resource.*status of/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !ownStatus) fail(where, message.text());
  });
  page.on("pageerror", (error) => fail(where, error.message));
  page.on("requestfailed", (request) => {
    // A page that is closed lets go of what it still fetches.
    if (!/ERR_ABORTED/.test(request.failure()?.errorText ?? "")) fail(where, `not fetched: ${request.url()}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== origin) fail(where, `asks elsewhere: ${url.origin}`);
  });
  let response = await page.goto(origin + one.path);
  if (one.follow) response = await led(page, origin, [one.follow].flat());
  if (one.form) {
    const form = page.locator(`form[action$="${one.form.action}"]`);
    for (const [field, value] of Object.entries(one.form.fields)) await form.locator(field).fill(value);
    [response] = await Promise.all([page.waitForNavigation(), form.locator("button:not([formaction])").click()]);
  }
  if (!response) throw new Error(`no way by ${one.follow}`);
  if (response.status() !== expected) fail(where, `status ${response.status()}`);
  const html = await page.locator("html").getAttribute("lang");
  if (html !== (lang === "zh" ? "zh-CN" : "en")) fail(where, `language ${html}`);
  const found = withAxe ? await violations(page) : [];
  for (const violation of found) {
    for (const node of violation.nodes) {
      fail(where, `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`);
    }
  }
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wider > 0) fail(where, `${wider} pixels wider than the window`);
  await more(page, where);
  if (shots) {
    await page.screenshot({ path: join(shots, `${where.replace(/ /g, "_")}.png`), fullPage: true });
  }
  looked += 1;
  await page.close();
}

/** Every reader in both languages and both themes, a few at once. */
async function everyPage(browser, origin) {
  const chosen = pages.filter((page) => !only || nameOf(page).includes(only));
  const jobs = [...new Set(chosen.map((page) => page.actor))].flatMap((actor) =>
    ["zh", "en"].flatMap((lang) => ["light", "dark"].map((theme) => ({ actor, lang, theme }))),
  );
  const worker = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const { actor, lang, theme } = job;
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
      const first = await context.newPage();
      await first.goto(`${origin}/console/sign-in?lang=${lang}&theme=${theme}`);
      await first.close();
      if (actor) await signIn(context, origin, actor);
      for (const one of chosen.filter((page) => page.actor === actor)) {
        // One page that cannot be looked at does not hide the others.
        await look(context, origin, one, lang, theme).catch((error) => fail(nameOf(one), error.stack));
      }
      await context.close();
    }
  };
  await Promise.all([worker(), worker(), worker()]);
}

/**
 * A telephone: no page is wider than the window, in the language whose words do not break, and what
 * stands around it leaves the page two thirds of the first screen. Axe finds nothing that the narrow
 * layout brings.
 */
async function narrow(browser, origin) {
  const size = { width: 390, height: 844 };
  const begins = async (page, where) => {
    const top = await page.evaluate(() => document.querySelector("main").getBoundingClientRect().top);
    if (top > size.height / 3) fail(where, `the page begins ${Math.round(top)} pixels below the edge`);
  };
  for (const actor of new Set(pages.map((page) => page.actor))) {
    const context = await browser.newContext({ viewport: size, locale: "en-GB" });
    if (actor) await signIn(context, origin, actor);
    for (const one of pages.filter((page) => page.actor === actor)) {
      await look(context, origin, { ...one, name: `narrow-${nameOf(one)}` }, "en", "light", { more: begins, withAxe: false });
    }
    await context.close();
  }
  const context = await browser.newContext({ viewport: size, locale: "zh-CN" });
  await signIn(context, origin, "411700-inspector-1");
  for (const one of pages.filter((page) => page.actor === "411700-inspector-1")) {
    await look(context, origin, { ...one, name: `narrow-${nameOf(one)}` }, "zh", "light", { more: begins });
  }
  await context.close();
}

/** Signed in and read with no script at all; a number is found and a purpose stated. */
async function withoutScripts(browser, origin) {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
  await signIn(context, origin, "411702-clerk-1");
  const page = await context.newPage();
  await page.goto(`${origin}/console/people`);
  await page.locator("tbody th a").first().click();
  await page.locator("#purpose").fill("checking the application");
  await page.locator("form[action$='/reveal'] button:not([formaction])").click();
  const number = page.locator("dl.personal dt", { hasText: /^Citizen ID$/ }).first();
  const id = await number.locator("xpath=following-sibling::dd[1]").textContent();
  if (!/^99\d{15}[\dX]$/.test(id ?? "")) fail("without scripts", `no citizen ID after the purpose: ${id}`);
  await page.goto(`${origin}/console/people`);
  await page.locator("#who").fill(id ?? "");
  await page.locator("form[role=search] button").click();
  if (!/\/console\/people\/[a-z2-7]{26}$/.test(page.url())) fail("without scripts", `found ${page.url()}`);
  await page.locator("form[action='/console/sign-out'] button").click();
  await page.goto(`${origin}/console/people`);
  if (!page.url().includes("/console/sign-in")) fail("without scripts", "signed out, and still reading");
  await context.close();
}

/** The keyboard alone: the skip link comes first and goes to the content; a flag is opened. */
async function keyboard(browser, origin) {
  const context = await browser.newContext({ locale: "en-GB" });
  await signIn(context, origin, "411700-inspector-1");
  const page = await context.newPage();
  await page.goto(`${origin}/console/flags`);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  if (first !== "skip") fail("keyboard", `the first stop is ${first}`);
  await page.keyboard.press("Enter");
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const active = document.activeElement;
      const style = getComputedStyle(active);
      return { href: active.getAttribute("href") ?? "", what: active.outerHTML.slice(0, 80), outline: style.outlineStyle, width: style.outlineWidth };
    });
    if (stop.outline === "none" || stop.width === "0px") fail("keyboard", `a stop shows no focus: ${stop.what}`);
    if (/^\/console\/flags\/[a-z2-7]{52}$/.test(stop.href)) {
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/console\/flags\/[a-z2-7]{52}$/);
      await context.close();
      return;
    }
  }
  fail("keyboard", "no flag was reached in sixty stops");
  await context.close();
}

/** Signing by the keyboard alone: an application is filled in, read as it will be signed, and signed. */
async function signing(browser, origin) {
  const where = "signing by keyboard";
  const context = await browser.newContext({ locale: "en-GB" });
  await signIn(context, origin, "411702-clerk-1");
  const page = await context.newPage();
  await page.goto(`${origin}/console/desk/new`);
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  const type = "application.submitted";
  const stop = () => page.evaluate((of) => {
    const active = document.activeElement;
    const form = active.closest("form")?.dataset.type === of;
    const shown = active.closest("[data-shown]")?.parentElement.querySelector("form")?.dataset.type === of;
    const { outlineStyle, outlineWidth } = getComputedStyle(active);
    const path = active.closest("[data-path]")?.dataset.path;
    const holds = active.tagName === "SUMMARY" && active.parentElement.querySelector(`form[data-type="${of}"]`) !== null;
    return {
      tag: active.tagName, kind: active.type, value: active.value, path, form, shown, required: active.required === true,
      folded: holds && !active.parentElement.open, seen: outlineStyle !== "none" && outlineWidth !== "0px",
    };
  }, type);
  const tab = async () => {
    await page.keyboard.press("Tab");
    const at = await stop();
    if (!at.seen) fail(where, `a stop shows no focus: ${at.tag} ${at.path ?? ""}`);
    return at;
  };
  const typed = { name: "Zhou Keys", id_number: citizenId("2015-04-05", 77) };
  let sent = false;
  for (let stops = 0; stops < 150 && !sent; stops += 1) {
    const at = await tab();
    if (at.folded) await page.keyboard.press("Enter");
    if (!at.form) continue;
    if (typed[at.path]) await page.keyboard.type(typed[at.path]);
    else if (at.path === "claimed" && at.value === "visual") await page.keyboard.press("Space");
    else if (at.tag === "SELECT" && at.path === "channel") await page.keyboard.press("ArrowDown");
    else if (at.tag === "BUTTON") {
      await page.keyboard.press("Enter");
      sent = true;
    }
  }
  if (!sent) fail(where, "the form's button was not reached");
  const card = page.locator(`section.step:has(form[data-type="${type}"])`);
  await card.locator("[data-shown] button").waitFor({ timeout: 20_000 });
  const shown = await card.locator("[data-shown]").textContent();
  if (!shown.includes(typed.name) || !shown.includes(typed.id_number)) fail(where, `shown before it is signed: ${shown}`);
  // The focus stands at the head of what is shown; the button that signs is a stop behind it.
  let reached = false;
  for (let stops = 0; stops < 20 && !reached; stops += 1) {
    const at = await tab();
    reached = at.shown && at.tag === "BUTTON";
  }
  if (!reached) fail(where, "the button that signs was not reached");
  await page.keyboard.press("Enter");
  await card.locator("[data-says] .note").waitFor();
  if ((await card.locator("[data-says] .note.good").count()) !== 1) {
    fail(where, `not signed: ${await card.locator("[data-says]").textContent()}`);
  }
  await context.close();
}

/** Signing what is not filled in: every field that is missing is named in the page's words, and nothing is asked. */
async function unfinished(browser, origin) {
  const context = await browser.newContext({ locale: "zh-CN" });
  await signIn(context, origin, "411702-clerk-1");
  const page = await context.newPage();
  await page.goto(`${origin}/console/desk/new`);
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  let asked = 0;
  await page.route(/\/v1\/drafts/, (route) => {
    asked += 1;
    return route.continue();
  });
  const card = page.locator('section.step:has(form[data-type="application.submitted"])').first();
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  await card.locator("form button[type=submit]").click();
  const said = (await card.locator("[data-says] .note.bad").allTextContents()).join(" ");
  for (const part of ["还没有填写", "姓名", "公民身份号码", "提交方式", "申请的残疾类别"]) {
    if (!said.includes(part)) fail("unfinished", `${part} is not named: ${said}`);
  }
  if (asked > 0) fail("unfinished", "a draft was asked for");
  const focus = await page.evaluate(() => document.activeElement.dataset.path);
  if (focus !== "name") fail("unfinished", `the focus is on ${focus}`);
  await context.close();
}

/** What takes long says so while its reader waits, and sends no second request. */
async function working(browser, origin) {
  const context = await browser.newContext({ locale: "en-GB" });
  await signIn(context, origin, "411700-supervisor-1");
  const page = await context.newPage();
  await page.goto(`${origin}/console/report`);
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  let asked = 0;
  await page.route(/\/console\/report\?/, async (route) => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await route.continue();
  });
  const button = page.locator("form[data-long] button[type=submit]");
  // The page itself notes what it says: the browser answers nobody else while it waits.
  await page.evaluate(() => {
    const place = document.querySelector("[data-working]");
    sessionStorage.before = place.textContent;
    const note = () => {
      sessionStorage.said = place.textContent;
      sessionStorage.rests = String(place.closest("form").querySelector("button[type=submit]").disabled);
    };
    new MutationObserver(note).observe(place, { childList: true, subtree: true, characterData: true });
  });
  await button.click({ noWaitAfter: true });
  await page.locator("article.report").waitFor({ timeout: 60_000 });
  const { before, said, rests } = await page.evaluate(() => ({ ...sessionStorage }));
  if (before !== "" || !/Verifying the ledger.*0:0[1-9]/.test(said ?? "")) fail("working", `it says ${before} ${said}`);
  if (rests !== "true") fail("working", "the button sends again");
  if (asked !== 1) fail("working", `asked ${asked} times`);
  await page.goBack();
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  if (await button.isDisabled()) fail("working", "whoever comes back cannot ask again");
  await context.close();
}

/** On paper: no menu and no buttons. */
async function paper(browser, origin) {
  const context = await browser.newContext({ locale: "zh-CN" });
  await signIn(context, origin, "411700-supervisor-1");
  const page = await context.newPage();
  await page.goto(`${origin}/console/entries`);
  await page.emulateMedia({ media: "print" });
  for (const hidden of ["nav.menu", ".filters", ".tools"]) {
    if (await page.locator(hidden).first().isVisible()) fail("paper", `${hidden} is printed`);
  }
  // A name that was opened is printed with its purpose, in one box, and nowhere else.
  await page.emulateMedia({ media: "screen" });
  await page.goto(`${origin}/console/people`);
  const person = await page.locator('a[href^="/console/people/"]').first().getAttribute("href");
  await page.goto(origin + person);
  await page.emulateMedia({ media: "print" });
  if (await page.locator("section.look").isVisible()) fail("paper", "the form that asks for a purpose is printed");
  await page.emulateMedia({ media: "screen" });
  await page.locator("#purpose").fill("核对领证人");
  await Promise.all([page.waitForNavigation(), page.locator("section.look button:not(.quiet)").click()]);
  await page.emulateMedia({ media: "print" });
  const box = page.locator("section.card:has(> .looked)");
  if (!(await box.textContent()).includes("核对领证人")) fail("paper", "the purpose is not printed beside the name");
  if (!(await box.locator(".personal").isVisible())) fail("paper", "what was opened is not printed");
  const inSteps = page.locator(".timeline .personal");
  if ((await inSteps.count()) > 0 && (await inSteps.first().isVisible())) fail("paper", "steps print what is sealed");
  if (shots) await page.pdf({ path: join(shots, "paper-revealed.pdf"), format: "A4" });
  if (shots) await page.pdf({ path: join(shots, "paper.pdf"), format: "A4" });
  await context.close();
}

const demo = await startDemo(program);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  await everyPage(browser, demo.origin);
  if (!only) {
    for (const part of [narrow, withoutScripts, keyboard, signing, unfinished, working, paper]) await part(browser, demo.origin);
  }
} catch (error) {
  fail("the check itself", error.stack);
} finally {
  await browser.close();
  await demo.stop();
}
for (const failure of failures) console.error(failure);
console.log(`${looked} pages looked at, ${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);

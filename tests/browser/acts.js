// What people do in the console, done in Chromium as they do it: signing a certificate's whole review
// chain by their different hands, a verdict, a payroll; verifying a receipt, a pack, checkpoints; a
// tampered one refused; and all of it by a browser whose clock is a day off.
//
//   node acts.js PROGRAM [FOLDER OF PICTURES] [NAME OF ONE ACT]

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { citizenId } from "./number.js";
import { signIn, startDemo } from "./server.js";

const [, , program, shots, only] = process.argv;
const here = dirname(fileURLToPath(import.meta.url));
const axe = readFileSync(join(here, "node_modules/axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PAPER = { name: "paper.txt", mimeType: "text/plain", buffer: Buffer.from("a paper of the test") };
const A_DAY_MS = 86_400_000;

/** What a signer who reads Chinese is shown in Latin letters, but for codes and what was typed. */
function foreignWords(box, typed) {
  if (document.documentElement.lang !== "zh-CN") return [];
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (node.parentElement.closest("code") || typed.includes(node.data)) continue;
    // Ids of actors and institutions, rules and national standards are codes wherever they stand.
    const own = typed.filter((text) => text.length > 7).reduce((text, one) => text.replaceAll(one, ""), node.data);
    const rest = own.replaceAll(/[0-9]{6}(-[a-z0-9]+)+|\b[RIS][0-9]+[a-z]?\b|\bGB\b/g, "");
    if (/[A-Za-z]{2}/.test(rest)) found.push(node.data);
  }
  return found;
}

/** What signers typed: others are shown it as it was typed, in whatever language. */
const written = new Set();

/** One officer at one browser. */
class Officer {
  static async at(browser, origin, actor, { lang = "zh", clockOffMs = 0, theme = "light" } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    const page = await context.newPage();
    const officer = new Officer(origin, context, page, actor);
    page.on("pageerror", (error) => officer.wrong.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) officer.wrong.push(message.text());
    });
    await page.goto(`${origin}/console/sign-in?lang=${lang}&theme=${theme}`);
    if (actor) await signIn(context, origin, actor);
    if (clockOffMs !== 0) await page.clock.install({ time: Date.now() + clockOffMs });
    return officer;
  }

  constructor(origin, context, page, actor) {
    Object.assign(this, { origin, context, page, actor, wrong: [] });
  }

  async open(path) {
    await this.page.goto(this.origin + path);
    await this.page.locator("html[data-ready]").waitFor({ state: "attached" });
  }

  /** Fills in a form of the desk, reads what is shown, and signs it. Answers with the entry. */
  async sign(type, fields = {}, picture, titled) {
    const { page } = this;
    const which = titled ? `[data-title*="${titled}"]` : "";
    const card = page.locator(`section.step:has(form[data-type="${type}"]${which})`).first();
    await card.waitFor({ state: "attached", timeout: 10_000 });
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    await this.fill(card, fields);
    await card.locator("form button[type=submit]").click();
    const button = card.locator("[data-shown] button");
    await Promise.race([button.waitFor(), card.locator("[data-says] .note.bad").waitFor()]);
    assert.equal(await card.locator("[data-says] .note.bad").count(), 0, await card.locator("[data-says]").textContent());
    const shown = await card.locator("[data-shown]").textContent();
    for (const value of Object.values(fields)) written.add(String(value));
    const foreign = await card.locator("[data-shown]").evaluate(foreignWords, [...written]);
    if (foreign.length > 0) this.wrong.push(`${type}: shown in another language: ${foreign.join("; ")}`);
    if (picture) await this.look(picture);
    await button.click();
    await card.locator("[data-says] .note").waitFor();
    const said = await card.locator("[data-says]").textContent();
    assert.equal(await card.locator("[data-says] .note.good").count(), 1, `${type}: ${said}`);
    const index = await card.locator('[data-says] a[href^="/console/entries/"]').textContent();
    return { index: Number(index), shown };
  }

  async fill(card, fields) {
    for (const input of await card.locator("input[type=file][required]").all()) await input.setInputFiles(PAPER);
    // Nothing is preset: what the test does not say is answered with the first answer.
    for (const select of await card.locator("select[required]:enabled").all()) await select.selectOption({ index: 1 });
    for (const [path, value] of Object.entries(fields)) {
      const field = card.locator(`[data-path="${path}"]`);
      const kind = await field.getAttribute("data-kind");
      if (kind === "flag") await field.selectOption(String(value));
      else if (kind === "one" || (kind === "subject" && (await field.evaluate((it) => it.tagName)) === "SELECT")) await field.selectOption(value);
      else if (kind === "some") for (const one of value) await field.locator(`input[value="${one}"]`).check();
      else if (kind === "grade") {
        for (const [category, level] of Object.entries(value)) {
          await field.locator(`select[data-category="${category}"]`).selectOption(String(level));
        }
      } else if (kind === "papers_of") for (const one of value) await field.locator(`input[data-paper="${one}"]`).setInputFiles(PAPER);
      else if (["paper", "papers", "digest"].includes(kind)) await field.setInputFiles(value);
      else await field.fill(value);
    }
  }

  /** axe finds nothing, and a picture where one is wanted. */
  async look(name) {
    await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate(
      (tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }),
      TAGS,
    );
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
    this.wrong.push(...found.map((what) => `${name}: ${what}`));
    if (shots) await this.page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }

  async close() {
    assert.deepEqual(this.wrong, [], this.actor);
    await this.context.close();
  }
}

/** A page that shows of a step what was not signed is found out by the reader who verifies the step. */
async function alteredStep(reader, path) {
  const { page } = reader;
  const rows = [
    [/data-part="at">[0-9-]+</, 'data-part="at">2020-02-02<', "2020-02-02"],
    [/data-part="actor">[^<]+</, 'data-part="actor">411702-issuer-1<', "411702-issuer-1"],
    [/data-part="organisation">[^<]+</, 'data-part="organisation">别处<', "别处"],
    [/(data-part="subject">[^]*?title=")[^"]+/, `$1case:${"a".repeat(26)}`, "case:aaaaaa"],
    [/data-step="[^"]+"/, 'data-step="certificate.revoked"', "certificate.revoked"],
  ];
  for (const [shown, altered, told] of rows) {
    const alter = async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(shown, altered) });
    };
    await page.route(reader.origin + path, alter);
    await reader.open(path);
    await page.unroute(reader.origin + path, alter);
    await page.locator("[data-verify-entry]").first().click();
    const result = page.locator("[data-verify-result]").first();
    await result.locator(".note").waitFor();
    assert.equal(await result.locator(".note.bad").count(), 1, `${told}: ${await result.textContent()}`);
    assert.ok((await result.textContent()).includes(told), await result.textContent());
  }
}

/** The case on somebody's desk whose next step is of a type. */
async function caseWaiting(officer, caseId) {
  await officer.open("/console/desk");
  const waits = officer.page.locator(`a[href="/console/desk/cases/${caseId}"]`);
  const further = officer.page.locator('a[rel="next"]');
  while ((await waits.count()) === 0 && (await further.count()) > 0) {
    await officer.open(await further.getAttribute("href"));
  }
  assert.ok((await waits.count()) > 0, `${officer.actor}: ${caseId} does not wait`);
  await officer.open(`/console/desk/cases/${caseId}`);
}

/** A person's name and number, looked up for a purpose. */
async function revealed(officer, path, purpose) {
  await officer.open(path);
  await officer.page.locator("#purpose").fill(purpose);
  await officer.page.locator("form[action$='/reveal'] button:not([formaction])").click();
  const personal = async (word) =>
    officer.page.locator("dl.personal dt", { hasText: word }).first().locator("xpath=following-sibling::dd[1]").textContent();
  return { name: await personal(/^姓名$/), id: await personal(/^公民身份号码$/) };
}

/** Somebody new: makes a key in the page, is enrolled by two, and signs in with it. */
async function newcomer(at, id, role, organisation, division, { clockOffMs = 0, picture } = {}) {
  const officer = await at(null, { lang: "zh", clockOffMs });
  await officer.open("/console/sign-in");
  await officer.page.locator("[data-make-key]").click();
  const publicKey = await officer.page.locator("#sign-in-says code").textContent();
  if (picture) await officer.look(picture);
  const custodian = await at("411700-keys-1");
  const enrolled = {
    type: "actor.enrolled",
    subject: `actor:${id}`,
    data: { role, organisation, division, public_key: publicKey, valid_from: "2026-01-01" },
  };
  const proposed = await custodian.submit(enrolled);
  const supervisor = await at("411700-supervisor-1");
  await supervisor.submit({ type: "endorsed", subject: enrolled.subject, data: {}, refs: [proposed.statement] });
  for (const one of [custodian, supervisor]) await one.close();
  await officer.open("/console/sign-in");
  await officer.page.locator("form#sign-in button[type=submit]").click();
  await officer.page.waitForURL(`${officer.origin}/console`);
  officer.actor = id;
  return officer;
}

const acts = {
  /** A child's certificate from the counter to the holder: nine people, each step in a browser. */
  async chain(at) {
    const birth = `${new Date().getUTCFullYear() - 9}-03-04`;
    const [id, guardian] = [citizenId(birth, 5), citizenId("1985-06-07", 8)];
    const clerk = await at("411702-clerk-1");
    await clerk.open("/console/desk/new");
    await clerk.look("new-application");
    const personal = { name: "周小禾", id_number: id, guardian_name: "周大田", guardian_id: guardian };
    const applied = await clerk.sign("application.submitted", { ...personal, claimed: ["physical", "intellectual"] }, "what-i-sign");
    for (const text of Object.values(personal)) assert.ok(applied.shown.includes(text), `${text} is not shown`);
    const entry = await clerk.api(`/v1/entries/${applied.index}`);
    const caseId = entry.data.subject.split(":")[1];
    assert.ok(!JSON.stringify(entry).includes("周小禾"), "a name stands in clear");

    await caseWaiting(clerk, caseId);
    await clerk.look("desk-case");
    await clerk.sign("identity.verified", { method: "居民身份证读卡器" });
    await clerk.open(`/console/desk/cases/${caseId}`);
    await clerk.sign("application.accepted", { institution: "411702-hospital-1" });

    const reviewer = await at("411702-reviewer-1");
    await caseWaiting(reviewer, caseId);
    await reviewer.sign("assessment.assigned", { assessors: ["411702-assessor-1", "411702-assessor-2"] });
    for (const name of ["411702-assessor-1", "411702-assessor-2"]) {
      const assessor = await at(name);
      await caseWaiting(assessor, caseId);
      await assessor.sign("assessment.recorded", { grade: { physical: 3, intellectual: 4 }, criterion: "5.8" }, "assess-several");
      await assessor.open(`/console/desk/cases/${caseId}`);
      assert.equal(await assessor.page.locator('form[data-type="assessment.recorded"]').count(), 0, "assesses twice");
      await assessor.close();
    }
    const seal = await at("411702-seal-1");
    await caseWaiting(seal, caseId);
    await seal.sign("assessment.concluded");
    await seal.close();

    await caseWaiting(reviewer, caseId);
    await reviewer.sign("notice.waived");
    const supervisor = await at("411700-supervisor-1");
    await supervisor.open("/console/desk");
    await supervisor.look("desk-endorse");
    // The demo has proposals of its own on the desk: this one is on the case.
    await supervisor.open(`/console/desk/cases/${caseId}`);
    await supervisor.sign("endorsed");
    await caseWaiting(reviewer, caseId);
    await reviewer.sign("review.completed", { opinion: "agree" });
    await reviewer.open(`/console/desk/cases/${caseId}`);
    assert.equal(await reviewer.page.locator('form[data-type="certificate.approved"]').count(), 0, "a reviewer approves");

    const approver = await at("411702-approver-1", { lang: "en", theme: "dark" });
    await caseWaiting(approver, caseId);
    await approver.look("desk-case-en-dark");
    await approver.sign("certificate.approved");
    const issuer = await at("411702-issuer-1");
    await caseWaiting(issuer, caseId);
    await issuer.sign("certificate.printed", { blank: "TEST00000001" });
    await caseWaiting(issuer, caseId);
    const numbers = { name: "周小禾", id_number: id, certificate_number: `${id}73` };
    await issuer.sign("certificate.issued", numbers);
    await approver.open("/console/desk");
    await approver.look("desk-issue-endorse");
    await approver.open(`/console/desk/cases/${caseId}`);
    await approver.sign("endorsed");
    await clerk.open(`/console/desk/cases/${caseId}`);
    const delivered = await clerk.sign("certificate.delivered");
    await clerk.look("signed");
    const person = (await clerk.api(`/v1/entries/${delivered.index}`)).data.data.person;
    const record = await clerk.api(`/v1/people/${person}`);
    assert.equal(record.data.certificates.length, 1);
    assert.equal(record.data.certificates[0].status, "valid");
    // Every step, with who signed it; the reader verifies one of them in the page.
    await clerk.open(`/console/people/${person}`);
    const signers = new Set(await clerk.page.locator(".timeline article p code").allTextContents());
    assert.ok(signers.size >= 8, [...signers].join(" "));
    await clerk.page.locator("[data-verify-entry]").first().click();
    await clerk.page.locator("[data-verify-result] .good, .verified .good").first().waitFor();
    await clerk.look("timeline-verified");
    await alteredStep(clerk, `/console/people/${person}`);
    for (const officer of [clerk, reviewer, supervisor, approver, issuer]) await officer.close();
  },

  /** Somebody's card is exchanged: what is known is settled, what is typed is held against it. */
  async holder(at) {
    const clerk = await at("411702-clerk-1");
    await clerk.open("/console/certificates");
    const card = await clerk.page.locator("tbody tr:has(.badge.good)").first().locator('a[href^="/console/people/"]').getAttribute("href");
    const { name, id } = await revealed(clerk, card, "持证人到窗口换新");
    await clerk.open(card.replace("/people/", "/desk/people/"));
    await clerk.page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    await clerk.look("desk-person");
    const applied = await clerk.sign("application.submitted", { name, id_number: id }, "what-i-sign-exchange", "残损换新");
    assert.ok(applied.shown.includes("残损换新") && applied.shown.includes("驿城区 411702"), applied.shown);
    const caseId = (await clerk.api(`/v1/entries/${applied.index}`)).data.subject.split(":")[1];
    await caseWaiting(clerk, caseId);
    await clerk.sign("identity.verified", { method: "居民身份证读卡器" });
    await clerk.open(`/console/desk/cases/${caseId}`);
    await clerk.sign("application.accepted");
    const issuer = await at("411702-issuer-1", { lang: "en", theme: "dark" });
    await caseWaiting(issuer, caseId);
    await issuer.look("replace-en-dark");
    for (const officer of [clerk, issuer]) await officer.close();
  },

  /** A certificate follows its holder to another county: its window finds it by number alone, the old
   * county hands over, the new one takes over. The new window's key is made in the browser. */
  async transfer(at) {
    const home = await at("411702-clerk-1");
    const clerk = await newcomer(at, "411721-clerk-1", "clerk", "西平县残联窗口", "411721");
    const approver = await at("411721-approver-1");
    await home.open("/console/certificates");
    const cards = home.page.locator("tbody tr:has(.badge.good)").locator('a[href^="/console/people/"]');
    const people = await cards.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    // Whoever has an open case may not begin another.
    let holder;
    for (const person of people.slice(1, 8)) {
      holder = { person: person.split("/").at(-1), ...(await revealed(home, person, "持证人户籍迁出")) };
      await clerk.open("/console/desk/new");
      await clerk.page.locator("#who").fill(holder.id);
      await clerk.page.locator('form[action="/console/desk/transfer"] button').click();
      await clerk.page.locator("html[data-ready]").waitFor({ state: "attached" });
      if ((await clerk.page.locator('form[data-type="application.submitted"]').count()) > 0) break;
    }
    await clerk.look("transfer-found");
    const applied = await clerk.sign("application.submitted", { name: holder.name, id_number: holder.id }, "transfer-to-sign");
    assert.ok(applied.shown.includes("西平县 411721"), applied.shown);
    // Neither county may read the other's people yet; whoever watches the whole prefecture may.
    const inspector = await at("411700-inspector-1");
    const caseId = (await inspector.api(`/v1/entries/${applied.index}`)).data.subject.split(":")[1];
    await caseWaiting(clerk, caseId);
    await clerk.sign("identity.verified", { method: "居民身份证读卡器" });
    await clerk.open(`/console/desk/cases/${caseId}`);
    await clerk.sign("application.accepted");
    await approver.open(`/console/desk/cases/${caseId}`);
    assert.equal(await approver.page.locator('form[data-type="certificate.transferred_in"]').count(), 0, "taken over before it is handed over");
    const old = await at("411702-approver-1", { lang: "en", theme: "dark" });
    await caseWaiting(old, caseId);
    await old.look("transfer-out-en-dark");
    const out = await old.sign("certificate.transferred_out", {}, "transfer-out-to-sign");
    assert.ok(out.shown.includes("Yicheng District 411702") && out.shown.includes("Xiping County 411721"), out.shown);
    await caseWaiting(approver, caseId);
    await approver.sign("certificate.transferred_in", { reassess: false }, "transfer-in-to-sign");
    const { data } = await approver.api(`/v1/people/${holder.person}`);
    assert.ok(data.certificates.some((card) => card.division === "411721" && card.status === "valid"), JSON.stringify(data.certificates));
    for (const officer of [home, clerk, approver, old, inspector]) await officer.close();
  },

  /** An appeal: the prefecture has others assess and answers; the panel has the last word. */
  async appeal(at) {
    const clerk = await at("411702-clerk-1");
    await clerk.open("/console/desk/new");
    const personal = { name: "吴小满", id_number: citizenId("1979-05-06", 41) };
    const applied = await clerk.sign("application.submitted", { ...personal, claimed: ["hearing"] });
    const { subject, data } = (await clerk.api(`/v1/entries/${applied.index}`)).data;
    const [caseId, person] = [subject.split(":")[1], data.person];
    await clerk.open(`/console/desk/cases/${caseId}`);
    await clerk.sign("identity.verified", { method: "居民身份证读卡器" });
    await clerk.open(`/console/desk/cases/${caseId}`);
    await clerk.sign("application.accepted", { institution: "411702-hospital-1" });
    const reviewer = await at("411702-reviewer-1");
    await caseWaiting(reviewer, caseId);
    await reviewer.sign("assessment.assigned", { assessors: ["411702-assessor-1", "411702-assessor-2"] });
    await reviewer.close();
    const assess = async (names, finding) => {
      for (const name of names) {
        const assessor = await at(name);
        await caseWaiting(assessor, caseId);
        await assessor.sign("assessment.recorded", { criterion: "5.3", ...finding });
        await assessor.close();
      }
      const seal = await at("411702-seal-1");
      await caseWaiting(seal, caseId);
      await seal.sign("assessment.concluded");
      await seal.close();
    };
    await assess(["411702-assessor-1", "411702-assessor-2"], { meets: false });
    const file = async (picture) => {
      await clerk.open(`/console/desk/people/${person}`);
      return clerk.sign("appeal.filed", {}, picture);
    };
    await file("appeal-to-sign");
    const judge = await at("411700-dpf-1");
    await caseWaiting(judge, caseId);
    await judge.look("appeal-assign");
    const free = await judge.page.locator('form[data-type="assessment.assigned"] input[type=checkbox]').evaluateAll((boxes) => boxes.map((box) => box.value));
    const assessors = free.slice(0, 2);
    await judge.sign("assessment.assigned", { assessors });
    await assess(assessors, { grade: { hearing: 4 } });
    await caseWaiting(judge, caseId);
    const answered = await judge.sign("appeal.reassessed", {}, "appeal-answer");
    assert.ok(answered.shown.includes("听力"), answered.shown);
    await file();
    await judge.open(`/console/desk/cases/${caseId}`);
    assert.equal(await judge.page.locator('form[data-type="appeal.declined"]').count(), 0, "the prefecture judges twice");
    const panel = await at("411700-panel-1", { lang: "en", theme: "dark" });
    await caseWaiting(panel, caseId);
    await panel.look("appeal-panel-en-dark");
    const last = await panel.sign("appeal.concluded", { grade: { hearing: 3 } });
    const entry = await clerk.api(`/v1/entries/${last.index}`);
    assert.deepEqual(entry.data.data.grade, { category: "hearing", level: 3 });
    await clerk.open(`/console/desk/people/${person}`);
    assert.equal(await clerk.page.locator('form[data-type="appeal.filed"]').count(), 0, "the panel's word is final");
    for (const officer of [clerk, judge, panel]) await officer.close();
  },

  /** A benefit is stopped from the month that its ground allows, and the certificate frozen. */
  async stop(at) {
    const welfare = await at("411702-welfare-1");
    await welfare.open("/console/people");
    const people = await welfare.page.locator("tbody th a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    const runs = welfare.page.locator("tbody tr", { hasText: "发放中" }).locator('a[href^="/console/desk/cases/"]').first();
    // Somebody with a benefit that runs, and a certificate that can be frozen.
    const approver = await at("411702-approver-1", { lang: "en", theme: "dark" });
    let person;
    for (const href of people) {
      person = href.split("/").at(-1);
      await welfare.open(`/console/desk/people/${person}`);
      if ((await runs.count()) === 0) continue;
      await approver.open(`/console/desk/people/${person}`);
      if ((await approver.page.locator('form[data-type="certificate.frozen"]').count()) > 0) break;
    }
    await welfare.look("person-cases");
    await welfare.open(await runs.getAttribute("href"));
    await welfare.look("benefit-granted");
    await welfare.page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    await welfare.look("benefit-granted-open");
    const stopped = await welfare.sign("benefit.stopped", {}, "stop-to-sign", "自愿");
    assert.match(stopped.shown, /自何月起停发\s*20\d\d-\d\d/);
    assert.ok(stopped.shown.includes("自愿"), stopped.shown);
    await welfare.open(`/console/desk/people/${person}`);
    assert.ok((await welfare.page.locator("tbody tr", { hasText: "已停发" }).count()) > 0, "it still runs");
    await welfare.close();
    await approver.open(`/console/desk/people/${person}`);
    await approver.look("freeze-en-dark");
    const status = async () => (await approver.api(`/v1/people/${person}`)).data.certificates.map((card) => card.status);
    const before = await status();
    await approver.open(`/console/desk/people/${person}`);
    const frozen = await approver.sign("certificate.frozen", {}, "freeze-to-sign", "investigation");
    assert.ok(frozen.shown.includes("under investigation"), frozen.shown);
    assert.doesNotMatch(frozen.shown, /\p{Script=Han}/u, "what is signed is told in another language");
    assert.notDeepEqual(await status(), before);
    await approver.open(`/console/desk/people/${person}`);
    assert.equal(await approver.page.locator('form[data-type="certificate.frozen"]').count(), 0, "it is frozen twice");
    await approver.sign("certificate.unfrozen", { reason: "nothing was found" });
    assert.deepEqual(await status(), before);
    await approver.close();
  },

  /** The window records a guardian and takes an application with the papers its policy wants; the bank
   * takes one account off and binds another. Names and numbers are sealed, and stand nowhere in clear. */
  async window(at) {
    const clerk = await at("411702-clerk-1");
    await clerk.open("/console/certificates");
    const cards = clerk.page.locator("tbody tr:has(.badge.good)").locator('a[href^="/console/people/"]');
    const people = await cards.evaluateAll((links) => links.map((link) => link.getAttribute("href").split("/").at(-1)));
    // Whoever is cared for already applies for no second place.
    let page;
    for (const person of people.reverse()) {
      page = `/console/desk/people/${person}`;
      await clerk.open(page);
      if ((await clerk.page.locator('form[data-type="benefit.applied"][data-title*="托养服务"]').count()) > 0) break;
    }
    const guardian = { guardian_name: "周大田", guardian_id: citizenId("1985-06-07", 8) };
    const recorded = await clerk.sign("guardian.recorded", { ...guardian, kind: "appointed" }, "guardian-to-sign");
    for (const text of [...Object.values(guardian), "指定监护"]) assert.ok(recorded.shown.includes(text), `${text} is not shown`);
    const entry = await clerk.api(`/v1/entries/${recorded.index}`);
    for (const text of Object.values(guardian)) assert.ok(!JSON.stringify(entry).includes(text), `${text} stands in clear`);
    await clerk.open(page);
    const applied = await clerk.sign("benefit.applied", { evidence: ["entry_assessment"] }, "apply-to-sign", "托养服务");
    assert.ok(applied.shown.includes("入住评估"), applied.shown);
    const papers = (await clerk.api(`/v1/entries/${applied.index}`)).data.data.evidence.map(({ kind }) => kind);
    assert.deepEqual(papers, ["申请表", "entry_assessment"]);
    // The bank reads payments, and not who they are; a case is opened by its address.
    const welfare = await at("411702-welfare-1");
    const bank = await at("411702-bank-1");
    await welfare.open("/console/payments");
    const paid = await welfare.page.locator('tbody a[href^="/console/people/"]').evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    const runs = welfare.page.locator("tbody tr", { hasText: "发放中" }).locator('a[href^="/console/desk/cases/"]');
    let caseId;
    for (const one of new Set(paid)) {
      await welfare.open(one.replace("/people/", "/desk/people/"));
      if ((await runs.count()) === 0) continue;
      caseId = (await runs.first().getAttribute("href")).split("/").at(-1);
      await bank.open(`/console/desk/cases/${caseId}`);
      if ((await bank.page.locator('form[data-type="account.unbound"]').count()) > 0) break;
    }
    await welfare.close();
    const off = await bank.sign("account.unbound", { reason: "原账户已销户" });
    assert.ok(off.shown.includes("原账户已销户"), off.shown);
    const endorse = async () => {
      await clerk.open(`/console/desk/cases/${caseId}`);
      await clerk.sign("endorsed");
    };
    await endorse();
    await caseWaiting(bank, caseId);
    await bank.look("account-bind");
    const account = { account: "6217000000000004242", holder_name: "周大田", holder: "guardian" };
    const bound = await bank.sign("account.bound", account, "account-to-sign");
    for (const text of [account.account, "监护人", "户名周大田"]) assert.ok(bound.shown.includes(text), bound.shown);
    await endorse();
    await bank.open(`/console/desk/cases/${caseId}`);
    assert.equal(await bank.page.locator('form[data-type="account.bound"]').count(), 0, "two accounts");
    for (const officer of [clerk, bank]) await officer.close();
  },

  /** A payroll is proposed, looked at and signed as a batch; finance authorises it. */
  async prepare(at) {
    const welfare = await at("411700-civil-1");
    const page = "/console/payroll/prepare?programme=nursing_care_subsidy&month=";
    await welfare.open("/console/payroll/prepare");
    const month = await welfare.page.locator("#month").inputValue();
    await welfare.open(page + month);
    await welfare.look("prepare");
    const rows = await welfare.page.locator("section[aria-labelledby=batches] tbody tr").count();
    assert.ok(rows > 0, "nobody is to be paid");
    const prepared = await welfare.sign("payroll.prepared", {}, "prepare-to-sign");
    assert.ok(prepared.shown.includes("重度残疾人护理补贴") && prepared.shown.includes("驻马店市 411700"), prepared.shown);
    await welfare.open(page + month);
    assert.equal(await welfare.page.locator('form[data-type="payroll.prepared"]').count(), 0, "somebody is proposed twice");
    await welfare.look("prepare-none");
    const entry = await welfare.api(`/v1/entries/${prepared.index}`);
    assert.equal(entry.data.data.count, rows);
    const finance = await at("411700-finance-1", { lang: "en" });
    await finance.open("/console/payroll");
    await finance.look("payroll-authorise");
    await finance.sign("payroll.authorised", { fund_source: "the county's budget" }, undefined, "411700");
    // The bank has it on the desk, pays by the roll that it downloads, and sends the results back with it.
    const bank = await at("411700-bank-1");
    const batch = `/console/payroll/batches/${entry.data.subject.split(":")[1]}`;
    await bank.open("/console");
    await bank.look("overview-waiting");
    await bank.open("/console/desk");
    assert.equal(await bank.page.locator(`a[href="${batch}"]`).count(), 1, "the payroll is not on the bank's desk");
    await bank.open("/console/payroll");
    await bank.look("payable");
    await bank.open(batch);
    await bank.page.locator("#form").selectOption("csv");
    await bank.look("payable-batch");
    const [download] = await Promise.all([bank.page.waitForEvent("download"), bank.page.locator('form[action$="/roll"] button').click()]);
    assert.ok(download.suggestedFilename().startsWith(`bank_result-nursing_care_subsidy-${month}-`), download.suggestedFilename());
    const lines = readFileSync(await download.path(), "utf8").trimEnd().split("\n").map((line) => line.split(","));
    assert.equal(lines.length, rows + 1);
    const place = (header) => lines[0].findIndex((it) => it.includes(header));
    for (const line of lines.slice(1)) {
      assert.ok(line[place("姓名")] && line[place("银行账号")], "a row without its payee");
      [line[place("发放结果")], line[place("处理日期")]] = ["成功", `${month}-01`];
    }
    const buffer = Buffer.from(lines.map((line) => line.join(",")).join("\n") + "\n");
    await bank.page.locator("#roll").setInputFiles({ name: download.suggestedFilename(), mimeType: "text/csv", buffer });
    await bank.page.locator("form[data-payroll] button[type=submit]").click();
    await bank.page.locator(".to-sign button, .note.bad").first().waitFor({ timeout: 60_000 });
    await bank.look("payable-to-sign");
    await bank.page.locator(".to-sign button").click();
    await bank.page.locator("[data-signed] .note").waitFor({ timeout: 120_000 });
    assert.match(await bank.page.locator("[data-signed] .note").textContent(), new RegExp(`${rows + 1} / ${rows + 1}`));
    await bank.look("payable-signed");
    await bank.open("/console/desk");
    assert.equal(await bank.page.locator(`a[href="${batch}"]`).count(), 0, "what was reported still waits");
    for (const officer of [welfare, finance, bank]) await officer.close();
  },

  /** A notice names the hash of what anybody then reads. */
  async notice(at) {
    const officer = await at("411702-notice-1");
    await officer.open("/console/desk");
    const row = officer.page.locator("tbody tr", { hasText: "张贴公示" }).first();
    await officer.open(await row.locator('a[href^="/console/desk/cases/"]').getAttribute("href"));
    await officer.look("notice-preview");
    const posted = await officer.sign("notice.posted", {}, "notice-to-sign");
    assert.ok(posted.shown.includes("脱敏公示内容的校验值"), posted.shown);
    const anybody = await at(null);
    await anybody.open("/console/notices");
    const shown = anybody.page.locator("tbody tr", { has: anybody.page.locator("td.n", { hasText: new RegExp(`^${posted.index}$`) }) });
    assert.match(await shown.locator("th").textContent(), /\*/);
    await anybody.look("notices-posted");
    for (const one of [officer, anybody]) await one.close();
  },

  /** A person asks for an erasure with their own key, and it waits for the privacy officer. */
  async request(at) {
    const person = await at("411702-person-1");
    await person.open("/console/mine/requests");
    await person.look("requests");
    await person.page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    await person.look("requests-open");
    const asked = await person.sign("right.requested", { reason: "不同意继续使用本人信息" }, "request-to-sign", "限制处理");
    assert.ok(asked.shown.includes("限制处理"), asked.shown);
    await person.close();
    const privacy = await at("411700-privacy-1", { lang: "en", theme: "dark" });
    await privacy.open("/console/desk");
    await privacy.look("privacy-desk");
    await privacy.open(await privacy.page.locator('a[href^="/console/desk/people/"]').first().getAttribute("href"));
    await privacy.look("privacy-person");
    await privacy.sign("processing.restricted", { basis: "personal-information law, art. 44" });
    await privacy.close();
  },

  /** What a rule forbids is refused with the rule; what is not what was typed is not signed. */
  async refusals(at) {
    const clerk = await at("411702-clerk-1", { lang: "en" });
    await clerk.open("/console/desk/new");
    const card = clerk.page.locator("section.step").first();
    const id = citizenId("2015-05-06", 7);
    await clerk.fill(card, { name: "甲", id_number: id, claimed: ["visual"] });
    // A server that swaps the person behind the clerk's back.
    await clerk.page.route("**/v1/drafts", async (route) => {
      const body = route.request().postDataJSON();
      body.personal.name = "乙";
      await route.continue({ postData: JSON.stringify(body) });
    });
    await card.locator("form button[type=submit]").click();
    await card.locator("[data-says] .note.bad").waitFor();
    assert.match(await card.locator("[data-says]").textContent(), /not what you entered; nothing was signed.*name/);
    await clerk.look("not-as-meant");
    await clerk.page.unroute("**/v1/drafts");
    // The ledger's own no, with its rule and what to do.
    await clerk.page.route("**/v1/drafts", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer });
    });
    await clerk.fill(card, { name: "甲", id_number: "99000020150506000" });
    await card.locator("form button[type=submit]").click();
    await Promise.race([card.locator("[data-shown] button").waitFor(), card.locator("[data-says] .note.bad").waitFor()]);
    if ((await card.locator("[data-shown] button").count()) > 0) {
      await card.locator("[data-shown] button").click();
      await card.locator("[data-says] .note.bad").waitFor();
    }
    assert.ok((await card.locator("[data-says] .note.bad").textContent()).length > 20);
    await clerk.close();
  },

  /** A flag from the queue to its verdict. */
  async verdict(at) {
    const inspector = await at("411700-inspector-1", { lang: "en" });
    await inspector.open("/console/flags");
    const flag = await inspector.page.locator("tbody th a").first().getAttribute("href");
    await inspector.open(flag);
    await inspector.look("flag-verdict");
    const signed = await inspector.sign("anomaly.reviewed", { verdict: "confirmed", reason: "registers compared, it is so" });
    assert.ok(signed.shown.includes("registers compared"));
    await inspector.open(flag);
    const line = await inspector.api(`/v1/entries/${signed.index}`);
    assert.equal(line.data.data.verdict, "confirmed");
    await inspector.look("flag-after");
    await inspector.close();
    // What follows: money is ordered back by two offices, and comes.
    const welfare = await at("411700-civil-1", { lang: "zh" });
    await welfare.open(flag);
    await welfare.look("flag-recover");
    const ordered = await welfare.sign("recovery.ordered", { amount: "100.00" });
    assert.ok(ordered.shown.includes("100.00 元"), ordered.shown);
    await welfare.close();
    const supervisor = await at("411700-supervisor-1");
    await supervisor.open(flag);
    await supervisor.sign("endorsed");
    await supervisor.close();
    const finance = await at("411700-finance-1");
    await finance.open(flag);
    await finance.sign("recovery.received", { amount: "100" });
    await finance.open(flag);
    assert.equal(await finance.page.locator('form[data-type="recovery.received"]').count(), 0, "more comes than was ordered");
    await finance.look("flag-recovered");
    await finance.close();
  },

  /** A person reads the own record, has a receipt to take home, and asks for a correction. */
  async person(at) {
    const anybody = await at(null, { lang: "zh" });
    await anybody.open("/console/demo");
    const card = anybody.page.locator("li.card", { hasText: "申请人" }).first();
    const actor = await card.locator("input[name=actor]").getAttribute("value");
    await anybody.close();
    const person = await at(actor, { lang: "zh" });
    await person.open("/console/mine");
    await person.look("mine");
    const correct = await person.page.locator('a[href^="/console/desk/entries/"]').first().getAttribute("href");
    await person.open(correct);
    const { index } = await person.sign("correction.recorded", { field: "等级", reason: "与医院证明不一致" }, "correction");
    await person.open(correct.replace("desk/entries", "receipts"));
    await person.look("own-receipt");
    assert.ok((await person.page.locator("[data-receipt-code]").textContent()).startsWith("mzr1:"));
    await person.close();
    const reviewer = await at("411702-reviewer-1");
    await reviewer.open("/console/desk");
    await reviewer.look("desk-with-work");
    const proposed = reviewer.page.locator(`a[href="/console/entries/${index}"]`);
    assert.ok((await proposed.count()) > 0, "the correction waits for nobody");
    await reviewer.close();
  },

  /** A payroll is checked, its annotated copy is harmless, and it is signed. */
  async payroll(at) {
    const bank = await at("411700-bank-1");
    await bank.open("/console/payroll");
    await bank.look("payroll");
    const rows = [1, 2, 3].map((n) => `${n},${n === 2 ? "=cmd()" : "赵大"},${citizenId("1960-01-02", 10 + n)},肢体二级,2026-10,60.00,62170000000000000${n}0`);
    const text = `序号,姓名,身份证号,残疾类别等级,月份,金额,账号\n${rows.join("\n")}\n`;
    const buffer = Buffer.from(text);
    await bank.page.locator("#kind").selectOption("living_allowance");
    await bank.page.locator("#roll").setInputFiles({ name: "困难残疾人生活补贴发放名册_2026-10.csv", mimeType: "text/csv", buffer });
    await bank.page.locator("#month").fill("2026-10");
    await bank.page.locator("form[data-payroll] button[type=submit]").click();
    await bank.page.locator("[data-found]:not([hidden]), [data-says] .note.bad").first().waitFor({ timeout: 60_000 });
    await bank.look("payroll-checked");
    const [download] = await Promise.all([bank.page.waitForEvent("download"), bank.page.locator("[data-annotated]").click()]);
    const copy = readFileSync(await download.path(), "utf8");
    assert.ok(copy.includes("疑点") && !/(^|,)=cmd/m.test(copy), copy);
    await bank.page.locator("[data-sign-roll]").click();
    const sign = bank.page.locator(".to-sign button");
    await sign.waitFor({ timeout: 60_000 });
    const shown = await bank.page.locator(".to-sign").textContent();
    for (const text of ["赵大", citizenId("1960-01-02", 11), "180.00", "62170000000000000"]) {
      assert.ok(shown.includes(text), `${text} is not shown before it is signed`);
    }
    await bank.look("payroll-to-sign");
    await sign.click();
    await bank.page.locator("[data-signed] .note").waitFor({ timeout: 60_000 });
    await bank.look("payroll-signed");
    assert.match(await bank.page.locator("[data-signed] .note").textContent(), /[1-9]\d* \/ \d+/);
    await bank.close();
  },

  /** Receipts, codes and checkpoints: what is true holds, what was touched is refused by its place. */
  async audit(at) {
    const inspector = await at("411700-inspector-1", { lang: "en" });
    const receipt = await inspector.text("/v1/entries/40/receipt");
    const older = await (await fetch(`${inspector.origin}/checkpoint`)).text();
    await inspector.open("/console/audit");
    await inspector.look("audit");
    const result = inspector.page.locator("[data-result]");
    const drop = async (name, text) => {
      await inspector.page.locator("[data-drop] input").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
      await result.locator(".note").waitFor();
      const said = await result.textContent();
      const good = (await result.locator(".note.good").count()) === 1;
      await inspector.page.locator("[data-result]").evaluate((one) => one.replaceChildren());
      return { good, said };
    };
    assert.deepEqual((await drop("receipt.txt", receipt)).good, true);
    const neither = await drop("notes.txt", "残疾人证办理须知\n\n带身份证\n".repeat(9));
    assert.ok(!neither.good && neither.said.includes("This is no receipt"), neither.said);
    const at40 = receipt.indexOf("extra ") + 200;
    const touched = receipt.slice(0, at40) + (receipt[at40] === "A" ? "B" : "A") + receipt.slice(at40 + 1);
    const refused = await drop("touched.txt", touched);
    assert.equal(refused.good, false);
    assert.match(refused.said, /refused: touched\.txt.*(altered|malformed)/);
    const forged = await drop("forged.txt", receipt.replace(/\n[0-9]+\n(?=[A-Za-z0-9+/=]+\n\n\u2014)/, "\n9999\n"));
    assert.match(forged.said, /signature does not hold/);
    assert.equal((await drop("checkpoint.txt", older)).good, true);
    // A pack that the ledger made, and one with a byte changed.
    const pack = readFileSync(join(here, "fixtures/pack.zip"));
    const vkey = readFileSync(join(here, "fixtures/ledger.vkey"), "utf8").trim();
    await inspector.page.locator("[data-vkey]").fill(vkey);
    const packed = async (name, buffer) => {
      await inspector.page.locator("[data-drop] input").setInputFiles({ name, mimeType: "application/zip", buffer });
      await result.locator(".note").waitFor();
      return result.textContent();
    };
    assert.match(await packed("pack.zip", pack), /^this holds/);
    await inspector.look("audit-holds");
    const bad = Buffer.from(pack);
    bad[bad.indexOf("receipts/") + 200] ^= 1;
    await result.evaluate((one) => one.replaceChildren());
    assert.match(await packed("bad.zip", bad), /refused: bad\.zip.*place: receipts\//);
    await inspector.look("audit-refused");
    // Two checkpoints: the older one is the beginning of the newer one; a changed one is not.
    await inspector.page.locator("[data-vkey]").fill("");
    await inspector.page.locator("#older").fill(older);
    await inspector.page.locator("form[data-compare] button").click();
    await inspector.page.locator("[data-compared] .note.good").waitFor();
    await inspector.page.locator("#older").fill(older.replace(/^[0-9]+$/m, "7"));
    await inspector.page.locator("form[data-compare] button").click();
    await inspector.page.locator("[data-compared] .note.bad").waitFor();
    // The counter receipt: its code, checked by somebody who is not signed in.
    await inspector.open("/console/receipts/40");
    await inspector.look("counter-receipt");
    const code = await inspector.page.locator("[data-receipt-code]").textContent();
    const anybody = await at(null, { lang: "zh" });
    await anybody.open(`/console/check#${code}`);
    await anybody.page.locator("[data-coded] .note.good").waitFor();
    await anybody.look("check");
    await anybody.page.locator("#code").fill(code.replace(/:40:/, ":41:"));
    await anybody.page.locator("form[data-code] button").click();
    await anybody.page.locator("[data-coded] .note.bad").waitFor();
    await anybody.close();
    await inspector.close();
  },

  /** A browser whose clock is a day ahead, and one a day behind, sign in and sign. */
  async clock(at) {
    for (const clockOffMs of [A_DAY_MS, -A_DAY_MS]) {
      const clerk = await at("411702-clerk-2", { clockOffMs });
      await clerk.open("/console/desk/new");
      const id = citizenId("2016-07-08", clockOffMs > 0 ? 21 : 22);
      const { index } = await clerk.sign("application.submitted", { name: "丙", id_number: id, claimed: ["hearing"] });
      assert.ok(index > 0);
      await clerk.close();
    }
  },

  /** A key of one's own: made here, never exported, enrolled by two, and then signed in with. */
  async ownKey(at) {
    const clerk = await newcomer(at, "411702-clerk-9", "clerk", "区残联窗口", "411702", { clockOffMs: A_DAY_MS, picture: "sign-in-key" });
    await clerk.open("/console/desk/new");
    await clerk.sign("application.submitted", { name: "丁", id_number: citizenId("2014-09-10", 31), claimed: ["visual"] });
    await clerk.close();
    // A lost key: the supervisor suspends its owner in the page, and it signs nothing more.
    const supervisor = await at("411700-supervisor-1");
    await supervisor.open("/console/desk/new");
    await supervisor.look("suspend");
    const suspended = await supervisor.sign("actor.suspended", { subject: "411702-clerk-9", reason: "密钥遗失" }, "suspend-to-sign");
    assert.ok(suspended.shown.includes("actor:411702-clerk-9"), suspended.shown);
    await supervisor.close();
  },
};

/** Asks a route for programs from within the page, as its scripts do. */
Officer.prototype.api = async function api(path) {
  return JSON.parse(await this.text(path));
};
Officer.prototype.text = async function text(path) {
  await this.open("/console");
  return this.page.evaluate(async ([of]) => {
    const assets = document.querySelector("script[type=module]").src;
    const { ask } = await import(assets.replace("console.js", "client.js"));
    return (await ask("GET", of)).text();
  }, [path]);
};
Officer.prototype.submit = async function submit(body) {
  await this.open("/console");
  return this.page.evaluate(async (meant) => {
    const assets = document.querySelector("script[type=module]").src;
    const { draftAndCheck, signDraft, submit } = await import(assets.replace("console.js", "sign.js"));
    return submit(await signDraft(await draftAndCheck(meant)));
  }, body);
};

if (shots) mkdirSync(shots, { recursive: true });
const demo = await startDemo(program);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
let failed = 0;
try {
  for (const [name, act] of Object.entries(acts)) {
    if (only && name !== only) continue;
    const started = Date.now();
    try {
      await act((actor, more) => Officer.at(browser, demo.origin, actor, more));
      console.log(`ok ${name} ${((Date.now() - started) / 1000).toFixed(1)} s`);
    } catch (error) {
      failed += 1;
      console.error(`FAILED ${name}: ${error.stack}`);
      if (shots) {
        const pages = browser.contexts().flatMap((context) => context.pages());
        for (const [number, page] of pages.entries()) {
          await page.screenshot({ path: join(shots, `failed-${name}-${number}.png`), fullPage: true });
        }
      }
      for (const context of browser.contexts()) await context.close();
    }
  }
} finally {
  await browser.close();
  await demo.stop();
}
process.exit(failed === 0 ? 0 : 1);

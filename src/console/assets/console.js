// What every page runs. Each part does its work only where its element stands, and every page can
// be read without any of it.

// Buttons that print the page; shown only here, since they do nothing without a script.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const PARTS = [
  ["form#sign-in, body[data-kid]", () => import("./sign_in.js")],
  ["form[data-sign]", () => import("./sign.js")],
  ["button[data-verify-entry]", () => import("./verify_step.js")],
  ["[data-drop], form[data-code], form[data-compare]", () => import("./audit.js")],
  ["form[data-long]", () => import("./working.js")],
  ["form[data-payroll]", () => import("./payroll.js")],
];

const wanted = PARTS.filter(([element]) => document.querySelector(element));
await Promise.all(wanted.map(([, load]) => load()));
// A person sees when a page is ready by what it shows; a test sees it here.
document.documentElement.dataset.ready = "yes";
